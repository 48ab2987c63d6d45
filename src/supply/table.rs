//! Reading the rows of a table of facilities, with what all services have in common.

use std::collections::BTreeMap;

use super::messages;
use super::schedule::Schedule;
use crate::dates::Day;
use crate::input::{Names, Row, Sheet};
use crate::site::Site;

/// What results call the district as a whole.
const ALL: &str = "all";

/// A column with the words that may stand in it.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The column.
    pub column: &'static str,
    /// The words.
    pub known: &'a [&'a str],
}

/// What one service calls things in its table.
#[derive(Clone, Copy, Debug)]
pub struct Grammar<'a> {
    /// Its levels: stages, tiers.
    pub level: Words<'a>,
    /// What places are for, where a level has places of several kinds: specialties, services.
    pub kind: Option<Words<'a>>,
    /// The column that counts places: classes, beds.
    pub places: &'static str,
    /// Price classes, cheapest first; an empty cell is the cheapest.
    pub price: Option<Words<'a>>,
}

/// A row of a table, as far as all services understand it alike.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The row itself, for the columns that only one service has.
    pub row: Row<'a>,
    /// Its position in the table, from 0.
    pub at: usize,
    /// Key of the facility.
    pub facility: &'a str,
    /// Position of its area.
    pub area: usize,
    /// Position of its level among the words.
    pub level: usize,
    /// Position of its kind among the words; 0 where there are no kinds.
    pub kind: usize,
    /// Places when all are open.
    pub places: u32,
    /// Carers on the books; `None` where the row does not say.
    pub staff: Option<f64>,
    /// Position of its price class; 0 where the row does not say.
    pub price: usize,
    /// When its places exist.
    pub schedule: Schedule,
    /// Its rank among the rows of the same facility, level and kind, by their days and places: names its random streams
    /// whatever the order of the table.
    pub rank: usize,
}

/// The rows that could be read.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    /// The rows in the order of the table.
    pub list: Vec<Listed<'a>>,
    /// Whether rows are missing because they could not be read: what seems to lack places then may not.
    pub is_partial: bool,
}

/// Places that carers can look after, at most those built. Unit: places a carer.
pub fn usable(built: u32, staff: Option<f64>, places_per_carer: Option<f64>) -> u32 {
    staff.zip(places_per_carer).map_or(built, |(staff, places)| built.min((staff * places) as u32))
}

/// Reads the rows of a table. Faults are noted at their cells, and reading goes on.
pub fn read<'a>(sheet: &'a Sheet<'a>, site: &Site, grammar: &Grammar<'_>) -> Rows<'a> {
    let (areas, projects) = (site.area_names(), site.project_names());
    let mut rows = Rows { list: Vec::new(), is_partial: false };
    for (at, row) in sheet.rows().enumerate() {
        match read_row(row, at, grammar, (&areas, &projects), site) {
            Some(listed) => rows.list.push(listed),
            None => rows.is_partial = true,
        }
    }
    set_ranks(&mut rows.list);
    note_apart_from_projects(&rows.list, site);
    note_never_open(&rows.list, site);
    rows
}

fn read_row<'a>(
    row: Row<'a>,
    at: usize,
    grammar: &Grammar<'_>,
    names: (&Names, &Names),
    site: &Site,
) -> Option<Listed<'a>> {
    let facility = row.text("facility");
    if facility.is_empty() {
        row.error("facility", messages::no_facility());
    } else if facility == ALL {
        row.error("facility", messages::reserved_facility());
    }
    let area = row.find("area", names.0);
    let level = row.name_of(grammar.level.column, grammar.level.known);
    let kind = grammar.kind.map_or(Some(0), |kind| row.name_of(kind.column, kind.known));
    let places = row.count(grammar.places);
    let staff = row.if_given("staff", |row, column| row.number(column, 0.0, 1e6));
    let price = match grammar.price {
        Some(price) if !row.text(price.column).is_empty() => row.name_of(price.column, price.known),
        _ => Some(0),
    };
    let schedule = Schedule::read(&row, names.1, site);
    let listed = Listed {
        row,
        at,
        facility,
        area: area?,
        level: level?,
        kind: kind?,
        places: places?,
        staff: staff?,
        price: price?,
        schedule: schedule?,
        rank: 0,
    };
    (!facility.is_empty()).then_some(listed)
}

fn set_ranks(rows: &mut [Listed<'_>]) {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&at| {
        let row = &rows[at];
        (row.facility, row.level, row.kind, row.area, row.schedule, row.price, row.places, at)
    });
    let mut before: Option<(&str, usize, usize)> = None;
    let mut rank = 0;
    for at in order {
        let row = &mut rows[at];
        let name = (row.facility, row.level, row.kind);
        rank = if before == Some(name) { rank + 1 } else { 0 };
        row.rank = rank;
        before = Some(name);
    }
}

/// Warns of projects none of whose rows opens on the project's date, or one before it, and of rows on which their project has no
/// effect. A project whose first row opens with it may have later phases.
fn note_apart_from_projects(rows: &[Listed<'_>], site: &Site) {
    let mut first_rows: BTreeMap<usize, &Listed<'_>> = BTreeMap::new();
    for listed in rows {
        let schedule = &listed.schedule;
        if let Some(project) = schedule.opens.project {
            let first = first_rows.entry(project).or_insert(listed);
            if schedule.opens.day < first.schedule.opens.day {
                *first = listed;
            }
        }
        let moved = [schedule.opens, schedule.closes, schedule.reopens].iter().any(|day| day.project.is_some());
        let project = listed.row.text("project");
        if !project.is_empty() && !moved {
            listed.row.warn("project", messages::project_moves_nothing(project, schedule.opens.day));
        }
    }
    for (project, listed) in first_rows {
        let (own, planned) = (listed.schedule.opens.day, site.projects[project].opens_on());
        if own != planned && planned.is_real() {
            let name = &site.projects[project].id;
            listed.row.warn("opens", messages::opens_apart_from_its_project(name, own, planned));
        }
    }
}

/// Warns once of rows that are open in none of the reported years.
fn note_never_open(rows: &[Listed<'_>], site: &Site) {
    let (first, after) = (Day::first_of(site.start), Day::first_of(site.end + 1));
    let is_outside = |listed: &&Listed<'_>| {
        let Schedule { opens, closes, reopens, .. } = listed.schedule;
        opens.day >= after || (closes.day <= first && reopens.day >= after)
    };
    let mut outside = rows.iter().filter(is_outside);
    if let Some(listed) = outside.next() {
        let column = if listed.schedule.opens.day >= after { "opens" } else { "closes" };
        let finding = messages::open_in_no_year(listed.facility, 1 + outside.count(), site.start, site.end);
        listed.row.warn(column, finding);
    }
}
