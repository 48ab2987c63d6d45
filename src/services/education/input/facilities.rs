//! Reading the table of facilities.

use crate::input::{Row, Section};
use crate::language::Text;
use crate::random::StreamKey;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

use super::catchments::{COLUMN, COLUMN_OF_CONVERTED, Zoning};
use super::conversion::{self, Conversion, ConvertedFacility};
use super::dates::month;
use super::residence::read_location;
use super::through_schools::{self, ThroughLink};
use crate::services::education::placement::facility::{Facility, Opening};
use crate::services::education::placement::location::Location;
use crate::services::education::stage::{PerStage, StageId};

const CLOSURES: StreamKey = StreamKey::named("education.private-closures");

const SECTORS: [&str; 2] = ["public", "private"];

/// A row of the table.
#[derive(Clone, Debug)]
pub(crate) struct FacilityRow {
    pub(crate) stage: StageId,
    facility: Facility,
    /// The stage that its rooms belong to at the start; `None` where they are still to be built.
    built_as: Option<StageId>,
    /// Whether the row itself says that it opens in stages or as a whole.
    staged: Option<bool>,
}

impl FacilityRow {
    /// The row of the table that it comes from.
    pub(crate) const fn row(&self) -> usize {
        self.facility.row
    }

    /// Area and sector: places of one pool, so far as they are of one stage.
    pub(crate) const fn pool(&self) -> (usize, bool) {
        (self.facility.area, self.facility.private)
    }

    /// Where it stands.
    pub(crate) const fn location(&self) -> Option<Location> {
        self.facility.location
    }

    /// The facility, with what its stage says where the row is silent.
    /// `factors` are those on the classes that stand there today.
    pub(crate) fn into_facility(self, staged: bool, factors: &PerStage<Option<Parameter>>) -> Facility {
        let existing_factor = self.built_as.and_then(|stage| factors[stage]);
        Facility { staged: self.staged.unwrap_or(staged), existing_factor, ..self.facility }
    }

    /// The rows that it falls into when some of its rooms are converted: those that stay, if any, those that leave their
    /// stage, and those that the other stage gets.
    fn convert(self, conversion: &Conversion, key: &str) -> Vec<Self> {
        let &Conversion { stage, catchment, classes, class_size, opens } = conversion;
        let (closes, closes_with) = match opens {
            Opening::With { project, planned } => (planned, Some(project)),
            Opening::At(month) => (month, None),
            Opening::Before => (f64::INFINITY, None),
        };
        let after = match self.facility.opens {
            Opening::With { project, planned } => Some((project, planned)),
            Opening::Before | Opening::At(_) => None,
        };
        let part = |classes: u32| Self { facility: Facility { classes, ..self.facility.clone() }, ..self.clone() };
        let (stays, mut leaves, mut comes) = (part(self.facility.classes - classes), part(classes), part(classes));
        (leaves.facility.closes, leaves.facility.closes_with) = (closes, closes_with);
        (comes.stage, comes.facility.catchment) = (stage, catchment);
        (comes.facility.class_size, comes.facility.opens, comes.facility.after) = (class_size, opens, after);
        comes.facility.by_grade.clear();
        comes.facility.closures = CLOSURES.and(stage.id()).and(key);
        let mut rows = vec![leaves, comes];
        rows.extend((stays.facility.classes > 0).then_some(stays));
        rows
    }
}

/// The table of facilities.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facilities {
    pub(crate) rows: Vec<FacilityRow>,
    /// Keys of the rows of the table, in its order.
    pub(crate) keys: Vec<String>,
    /// Rows of the table whose leavers go on in which others.
    pub(crate) onward: Vec<ThroughLink>,
}

/// The facilities of the stages that the scenario has; `None` when the table cannot be used.
pub(crate) fn read(section: &Section<'_>, site: &Site, zoning: &Zoning, present: &[StageId]) -> Option<Facilities> {
    let sheet = section.sheet("supply")?;
    let ids: Vec<&str> = present.iter().map(|stage| stage.id()).collect();
    let mut facilities = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (at, row) in sheet.rows().enumerate() {
        let name = row.text("facility");
        if name.is_empty() || seen.iter().any(|other| other == name) {
            row.fault(
                "facility",
                text!("the facility key «{name}» is empty or given twice", "设施代码“{name}”为空或重复"),
                Text::new("give every row its own key", "每行须有唯一代码"),
            );
        }
        seen.push(name.to_owned());
        let stage = row.name_of("stage", &ids);
        let Some(facility) = stage.and_then(|stage| read_row(&row, at, (site, zoning), present[stage])) else {
            continue;
        };
        let (classes, opens) = (facility.facility.classes, facility.facility.opens);
        let whole =
            ConvertedFacility { stage: facility.stage, classes, opens, closes: facility.facility.closes.is_finite() };
        let pool = facility.pool();
        let catchment = |stage: StageId| zoning.of_row(&row, COLUMN_OF_CONVERTED, (stage, pool.0, pool.1));
        match conversion::read(&row, site, (present, &catchment), &whole) {
            Some(Some(conversion)) => facilities.extend(facility.convert(&conversion, name)),
            Some(None) => facilities.push(facility),
            None => {}
        }
    }
    let onward = through_schools::read(&sheet, site, &facilities, &seen);
    Some(Facilities { rows: facilities, keys: seen, onward })
}

fn read_row(row: &Row<'_>, at: usize, (site, zoning): (&Site, &Zoning), stage: StageId) -> Option<FacilityRow> {
    let area = row.name_of("area", &site.area_ids());
    let sector = row.name_of("sector", &SECTORS);
    let place = area.zip(sector).map(|(area, sector)| (stage, area, sector == 1));
    let catchment = place.and_then(|place| zoning.of_row(row, COLUMN, place));
    let classes = row.count("classes");
    let by_grade = classes.and_then(|classes| classes_by_grade(row, stage, classes));
    let class_size = row.if_given("class_size", Row::count);
    let location = read_location(row);
    let (opens, closes, reopens) = (month(row, "opens"), month(row, "closes"), month(row, "reopens"));
    let staged = row.if_given("opening", |row, column| row.name_of(column, &["staged", "whole"]).map(|way| way == 0));
    let project = row.if_given("project", |row, column| row.name_of(column, &site.project_ids()));
    let opens = match (project?, opens?) {
        (Some(project), planned) => Opening::With { project, planned: planned.unwrap_or(site.projects[project].opens) },
        (None, Some(month)) => Opening::At(month),
        (None, None) => Opening::Before,
    };
    let (closes, reopens) = (closes?.unwrap_or(f64::INFINITY), reopens?.unwrap_or(f64::INFINITY));
    if reopens.is_finite() && reopens <= closes {
        row.fault(
            "reopens",
            Text::new("it opens again before it closes", "重新启用早于停用"),
            Text::new(
                "give the date of closing in `closes`, and a later one in `reopens`",
                "请在 `closes` 写停用日期，在 `reopens` 写更晚的日期",
            ),
        );
        return None;
    }
    let facility = Facility {
        row: at,
        area: area?,
        catchment: catchment?,
        private: sector? == 1,
        classes: classes?,
        by_grade: by_grade?,
        class_size: class_size?,
        opens,
        after: None,
        existing_factor: None,
        closes,
        closes_with: None,
        reopens,
        staged: false,
        location: location?,
        closures: CLOSURES.and(stage.id()).and(row.text("facility")),
    };
    let built_as = matches!(opens, Opening::Before).then_some(stage);
    Some(FacilityRow { stage, facility, built_as, staged: staged? })
}

/// The classes of each grade; empty where the cell is. A fault where they cannot be those of a facility with so many.
fn classes_by_grade(row: &Row<'_>, stage: StageId, classes: u32) -> Option<Vec<u32>> {
    const COLUMN: &str = "classes_by_grade";
    let written = row.text(COLUMN);
    if written.is_empty() {
        return Some(Vec::new());
    }
    let grades = stage.grades();
    let example = vec!["4"; grades].join("/");
    let remedy = text!(
        "write whole numbers for {grades} grades, the lowest first, such as {example}; or leave the cell empty",
        "请由低到高写 {grades} 个年级的班数，如 {example}；或留空"
    );
    let parsed: Option<Vec<u32>> = written.split(['/', ' ', '、']).map(|part| part.trim().parse().ok()).collect();
    let Some(by_grade) = parsed.filter(|by_grade| by_grade.len() == grades) else {
        let found = text!("«{written}» is not classes of {grades} grades", "“{written}”不是 {grades} 个年级的班数");
        row.fault(COLUMN, found, remedy);
        return None;
    };
    let sum: u64 = by_grade.iter().map(|classes| u64::from(*classes)).sum();
    if sum != u64::from(classes) {
        row.fault(
            COLUMN,
            text!(
                "the grades have {sum} classes, the facility {classes}",
                "各年级合计 {sum} 个班，设施共 {classes} 个班"
            ),
            Text::new("correct `classes` or `classes_by_grade`", "请更正 `classes` 或 `classes_by_grade`"),
        );
        return None;
    }
    if !row.text("opens").is_empty() || !row.text("project").is_empty() {
        row.fault(
            COLUMN,
            Text::new("a facility that opens later has no classes yet", "以后启用的设施目前没有班级"),
            Text::new(
                "leave the cell empty; `opening` says how it fills",
                "请留空；逐年开班或一次开满由 `opening` 决定",
            ),
        );
        return None;
    }
    Some(by_grade)
}
