//! Beds of facilities, of wards and of units of intensive care: their columns, and their rows as the model knows them.

use std::collections::HashMap;

use crate::input::{Column, Names, Row, Section};
use crate::language::Text;
use crate::services::health::messages;
use crate::services::health::model::BedRow;
use crate::services::health::tier::Tier;
use crate::site::Site;
use crate::supply::{self, Grammar, Listed, Schedule, Words, columns};

/// Most beds that anybody means in one row.
const MANY_BEDS: u32 = 50_000;

const BEDS: Column = Column::required("beds", "beds, when all are open", "床位数（全部开放时）");

/// Beds of the tiers.
pub(crate) const SUPPLY: &[Column] = &[
    columns::FACILITY.key(),
    columns::LABEL_ZH,
    columns::LABEL_EN,
    columns::AREA.key(),
    Column::required("tier", "community, district or tertiary", "层级").key(),
    Column::required("specialty", "specialty group", "专科组").key(),
    BEDS,
    columns::OPENS.key(),
    columns::CLOSES.key(),
    columns::REOPENS.key(),
    columns::PROJECT.key(),
];

/// Beds of a ward or of a unit of intensive care.
pub(crate) const UNIT_SUPPLY: &[Column] = &[
    columns::FACILITY.key(),
    columns::AREA.key(),
    BEDS,
    columns::OPENS.key(),
    columns::CLOSES.key(),
    columns::REOPENS.key(),
    columns::PROJECT.key(),
];

/// One row of the table of beds.
#[derive(Clone, Debug)]
pub(crate) struct BedEntry {
    pub(crate) facility: String,
    pub(crate) label: Text,
    pub(crate) tier: Tier,
    pub(crate) specialty: usize,
    /// The beds; their pool is not yet known.
    pub(crate) beds: BedRow,
}

/// The table of beds.
#[derive(Clone, Debug)]
pub(crate) struct BedTable {
    /// Its rows in the order of facilities by their keys, so that the order of the table moves nothing.
    pub(crate) entries: Vec<BedEntry>,
    /// Whether rows are missing because they could not be read: what seems to lack beds then may not.
    pub(crate) is_partial: bool,
}

/// Reads the table of beds.
pub(crate) fn read(section: &Section<'_>, specialties: &[&str], site: &Site) -> Option<BedTable> {
    let sheet = section.sheet_with("supply", "additional_supply")?;
    let grammar = Grammar {
        level: Words { column: "tier", known: &Tier::KEYS },
        kind: Some(Words { column: "specialty", known: specialties }),
        places: "beds",
        price: None,
    };
    let mut rows = supply::read(&sheet, site, &grammar);
    let labels = labels(&rows.list);
    rows.list.sort_by_key(|listed| (listed.facility, listed.level, listed.kind, listed.rank));
    let entries = rows.list.iter().map(|listed| {
        note_many(&listed.row, listed.places);
        BedEntry {
            facility: listed.facility.to_owned(),
            label: labels[listed.facility].clone(),
            tier: Tier::ALL[listed.level],
            specialty: listed.kind,
            beds: BedRow { pool: 0, area: listed.area, beds: listed.places, schedule: listed.schedule },
        }
    });
    Some(BedTable { entries: entries.collect(), is_partial: rows.is_partial })
}

/// The name of each facility: that of its first row, or else its key.
fn labels<'a>(rows: &[Listed<'a>]) -> HashMap<&'a str, Text> {
    let mut labels = HashMap::new();
    for listed in rows {
        labels.entry(listed.facility).or_insert_with(|| name(&listed.row));
    }
    labels
}

fn name(row: &Row<'_>) -> Text {
    let or = |column: &str, other: &str| {
        [column, other, "facility"].map(|name| row.text(name).to_owned()).into_iter().find(|name| !name.is_empty())
    };
    let name = |column, other| or(column, other).unwrap_or_default();
    Text::owned(name("label_en", "label_zh"), name("label_zh", "label_en"))
}

fn note_many(row: &Row<'_>, beds: u32) {
    if beds > MANY_BEDS {
        row.warn("beds", messages::many_beds(beds));
    }
}

/// The beds of a ward or of a unit of intensive care by facility, with their dates.
pub(crate) fn read_unit(section: &Section<'_>, site: &Site) -> Option<Vec<BedRow>> {
    let sheet = section.sheet("supply")?;
    let (areas, projects) = (site.area_names(), site.project_names());
    let mut rows = Vec::new();
    for row in sheet.rows() {
        let Some(beds) = read_row(&row, &areas, &projects, site) else { continue };
        rows.push((row.text("facility"), beds));
    }
    rows.sort_by_key(|(facility, beds)| (*facility, beds.area, beds.schedule, beds.beds));
    Some(rows.into_iter().map(|(_, beds)| beds).collect())
}

fn read_row(row: &Row<'_>, areas: &Names, projects: &Names, site: &Site) -> Option<BedRow> {
    let (area, beds, schedule) = (row.find("area", areas), row.count("beds"), Schedule::read(row, projects, site));
    let beds = beds?;
    note_many(row, beds);
    Some(BedRow { pool: 0, area: area?, beds, schedule: schedule? })
}
