//! Reading a conversion: rooms of a facility that serve another stage from some September on, such as those of a kindergarten
//! that takes in infants, or of a primary school that becomes a nine-year school.
//!
//! Rooms leave the one stage and come to the other on the same 1 September, on time or late with their project; no room is lost or
//! won. Whoever sits in them looks for another seat, and the other stage opens them in stages or as a whole as the row says.

use crate::input::{Names, Row};
use crate::language::Text;
use crate::site::Site;
use crate::supply::{Planned, Schedule, day_of};
use crate::text;

use super::catchments::COLUMN_OF_CONVERTED;
use crate::services::education::stage::StageId;

/// Columns that mean nothing without `converts_to`.
const MORE: [&str; 5] =
    ["converts_on", "converts_classes", "converts_class_size", "converts_project", COLUMN_OF_CONVERTED];

/// The facility whose rooms are converted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConvertedFacility {
    pub(crate) stage: StageId,
    pub(crate) classes: u32,
    pub(crate) schedule: Schedule,
}

/// What becomes of some of its rooms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conversion {
    /// The new stage.
    pub(crate) stage: StageId,
    /// Position of its catchment among those of the new stage.
    pub(crate) catchment: usize,
    pub(crate) classes: u32,
    pub(crate) class_size: Option<u32>,
    /// When they open in the new stage, and leave the old one.
    pub(crate) on: Planned,
}

/// The conversion of a row; inside, `None` for none. `present` are the stages that the scenario has; `catchment` tells that of the
/// rooms in the new stage.
#[expect(clippy::option_option, reason = "a fault and no conversion are not the same")]
pub(crate) fn read(
    row: &Row<'_>,
    projects: &Names,
    site: &Site,
    present: &[StageId],
    catchment: &dyn Fn(StageId) -> Option<usize>,
    whole: &ConvertedFacility,
) -> Option<Option<Conversion>> {
    if row.text("converts_to").is_empty() {
        let Some(stray) = MORE.into_iter().find(|column| !row.text(column).is_empty()) else { return Some(None) };
        row.fault(
            stray,
            text!("`{stray}` is given without `converts_to`", "写了 `{stray}`，但没有写 `converts_to`"),
            Text::new(
                "name the stage that the rooms are converted to in `converts_to`, or leave this cell empty",
                "请在 `converts_to` 写转换后的学段，或留空此格",
            ),
        );
        return None;
    }
    let ids: Vec<&str> = present.iter().map(|stage| stage.id()).collect();
    let stage = row.name_of("converts_to", &ids).map(|at| present[at]);
    let catchment = stage.and_then(catchment);
    let [classes, class_size] =
        ["converts_classes", "converts_class_size"].map(|column| row.if_given(column, Row::count));
    let on = when(row, projects, site);
    let classes = classes.map(|classes| classes.unwrap_or(whole.classes));
    let possible = is_possible(row, whole, stage, classes, on);
    let (classes, class_size, on) = (classes?, class_size?, on?);
    let conversion = Conversion { stage: stage?, catchment: catchment?, classes, class_size, on };
    possible.then_some(Some(conversion))
}

/// When rooms are converted; a fault where neither a date nor a project says so.
fn when(row: &Row<'_>, projects: &Names, site: &Site) -> Option<Planned> {
    let day = day_of(row, "converts_on", "converts_project", projects, site)?;
    if day.is_none() {
        row.fault(
            "converts_on",
            Text::new("it is not said when the rooms are converted", "没有写明何时转换"),
            Text::new(
                "give a date such as 2026-09-01 in `converts_on`, or a project in `converts_project`",
                "请在 `converts_on` 写日期（如 2026-09-01），或在 `converts_project` 写项目",
            ),
        );
    }
    day
}

/// Notes every fault of a conversion that cannot be, as far as its stage, classes and date are known.
fn is_possible(
    row: &Row<'_>,
    whole: &ConvertedFacility,
    stage: Option<StageId>,
    classes: Option<u32>,
    on: Option<Planned>,
) -> bool {
    let all = whole.classes;
    let mut fine = true;
    let mut refuse = |column: &str, found: Text, remedy: Text| {
        row.fault(column, found, remedy);
        fine = false;
    };
    if stage == Some(whole.stage) {
        refuse(
            "converts_to",
            Text::new("the rooms serve that stage already", "这些教室本来就属于该学段"),
            Text::new("name another stage, or leave the cell empty", "请写另一个学段，或留空"),
        );
    }
    if let Some(classes) = classes.filter(|classes| *classes == 0 || *classes > all) {
        refuse(
            "converts_classes",
            text!("{classes} of {all} classes cannot be converted", "共 {all} 个班，无法转换 {classes} 个"),
            text!("write a number from 1 to {all}; empty: all", "请写 1 到 {all} 之间的数；留空为全部"),
        );
    }
    if whole.schedule.closes.day.is_real() {
        refuse(
            "converts_to",
            Text::new("rooms that are converted cannot also close in the same row", "同一行不能既转换又停用"),
            Text::new("give the rooms that close, or are rebuilt, a row of their own", "请把停用或改建的班另写一行"),
        );
    }
    if on.is_some_and(|on| on.day <= whole.schedule.opens.day) {
        let column = if row.text("converts_on").is_empty() { "converts_project" } else { "converts_on" };
        refuse(
            column,
            Text::new("the rooms are converted before they open", "转换早于启用"),
            Text::new(
                "give a later date, or write them under the new stage from the start",
                "请写更晚的日期，或直接写在新学段",
            ),
        );
    }
    fine
}
