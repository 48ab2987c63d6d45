//! Reading the table of facilities.

use crate::input::{Row, Section};
use crate::language::Text;
use crate::site::Site;
use crate::supply::{self, Grammar, Listed, Words};
use crate::text;

use super::catchments::{COLUMN, COLUMN_OF_CONVERTED, Zoning};
use super::conversion::{self, ConvertedFacility};
use super::facility_row::{CLOSURES, FacilityRow};
use super::messages;
use super::residence::read_location;
use super::through_schools::{self, ThroughLink};
use crate::services::education::placement::facility::Facility;
use crate::services::education::stage::StageId;

/// More classes than this are no school, and no row for all schools of an area either.
const MOST_CLASSES: u32 = 500;

/// Sizes of a class that a planner may mean.
pub(crate) const USUAL_SIZES: std::ops::RangeInclusive<u32> = 5..=100;

const SECTORS: [&str; 2] = ["public", "private"];

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
    let sheet = section.sheet_with("supply", "additional_supply")?;
    let ids: Vec<&str> = present.iter().map(|stage| stage.id()).collect();
    let grammar = Grammar { level: Words { column: "stage", known: &ids }, kind: None, places: "classes", price: None };
    let keys: Vec<String> = sheet.rows().map(|row| row.text("facility").to_owned()).collect();
    let projects = site.project_names();
    let listed = supply::read(&sheet, site, &grammar);
    let mut facilities = Vec::with_capacity(listed.list.len());
    for listed in &listed.list {
        note_unlikely(listed);
        let Some(facility) = read_row(listed, zoning, present[listed.level]) else { continue };
        let whole = ConvertedFacility {
            stage: facility.stage,
            classes: facility.facility.classes,
            schedule: facility.facility.schedule,
        };
        let pool = facility.pool();
        let catchment = |stage: StageId| zoning.of_row(&listed.row, COLUMN_OF_CONVERTED, stage, pool.0, pool.1);
        match conversion::read(&listed.row, &projects, site, present, &catchment, &whole) {
            Some(Some(conversion)) => facilities.extend(facility.convert(&conversion, listed.facility)),
            Some(None) => facilities.push(facility),
            None => {}
        }
    }
    let onward = through_schools::read(&sheet, site, &facilities, &keys);
    Some(Facilities { rows: facilities, keys, onward })
}

/// Warns of numbers that no planner means: classes of a handful or of hundreds, schools of hundreds of classes, and none at all.
fn note_unlikely(listed: &Listed<'_>) {
    let classes = listed.places;
    if classes == 0 {
        listed.row.warn("classes", messages::no_classes(listed.facility));
    } else if classes > MOST_CLASSES {
        listed.row.warn("classes", messages::many_classes(classes));
    }
    if let Ok(size) = listed.row.text("class_size").parse::<u32>()
        && !USUAL_SIZES.contains(&size)
    {
        listed.row.warn("class_size", messages::unlikely_class_size(size));
    }
}

fn read_row(listed: &Listed<'_>, zoning: &Zoning, stage: StageId) -> Option<FacilityRow> {
    let row = &listed.row;
    let sector = row.name_of("sector", &SECTORS);
    let catchment = sector.and_then(|sector| zoning.of_row(row, COLUMN, stage, listed.area, sector == 1));
    let by_grade = classes_by_grade(listed, stage);
    let class_size = row.if_given("class_size", Row::count);
    let location = read_location(row);
    let staged = row.if_given("opening", |row, column| row.name_of(column, &["staged", "whole"]).map(|way| way == 0));
    let facility = Facility {
        row: listed.at,
        area: listed.area,
        catchment: catchment?,
        private: sector? == 1,
        classes: listed.places,
        by_grade: by_grade?,
        class_size: class_size?,
        schedule: listed.schedule,
        existing_capacity_factor: None,
        staged: false,
        location: location?,
        closures: CLOSURES.and(stage.id()).and(listed.facility),
    };
    let built_as = listed.schedule.is_present().then_some(stage);
    Some(FacilityRow { stage, facility, built_as, staged: staged? })
}

/// The classes of each grade; empty where the cell is. A fault where they cannot be those of a facility with so many.
fn classes_by_grade(listed: &Listed<'_>, stage: StageId) -> Option<Vec<u32>> {
    const COLUMN: &str = "classes_by_grade";
    let (row, classes) = (&listed.row, listed.places);
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
    if !listed.schedule.is_present() {
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
