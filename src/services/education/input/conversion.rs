//! Reading a conversion: rooms of a facility that serve another stage from some September on, such as those of a kindergarten
//! that takes in infants, or of a primary school that becomes a nine-year school.
//!
//! Rooms leave the one stage and come to the other on the same 1 September, on time or late with their project; no room is lost or
//! won. Whoever sits in them looks for another seat, and the other stage opens them in stages or as a whole as the row says.

use crate::input::Row;
use crate::language::Text;
use crate::site::Site;
use crate::text;

use super::catchments::COLUMN_OF_CONVERTED;
use super::dates::month;
use crate::services::education::placement::facility::Opening;
use crate::services::education::stage::StageId;

/// Columns that mean nothing without `becomes`.
const MORE: [&str; 5] = ["becomes_on", "becomes_classes", "becomes_size", "becomes_project", COLUMN_OF_CONVERTED];

/// The facility whose rooms are converted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConvertedFacility {
    pub(crate) stage: StageId,
    pub(crate) classes: u32,
    pub(crate) opens: Opening,
    /// Whether its row says when it closes.
    pub(crate) closes: bool,
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
    pub(crate) opens: Opening,
}

/// The conversion of a row; inside, `None` for none. `present` are the stages that the scenario has; `catchment` tells that of the
/// rooms in the new stage.
#[expect(clippy::option_option, reason = "a fault and no conversion are not the same")]
pub(crate) fn read(
    row: &Row<'_>,
    site: &Site,
    (present, catchment): (&[StageId], &dyn Fn(StageId) -> Option<usize>),
    whole: &ConvertedFacility,
) -> Option<Option<Conversion>> {
    if row.text("becomes").is_empty() {
        let Some(stray) = MORE.into_iter().find(|column| !row.text(column).is_empty()) else { return Some(None) };
        row.fault(
            stray,
            text!("`{stray}` is given without `becomes`", "写了 `{stray}`，但没有写 `becomes`"),
            Text::new(
                "name the stage that the rooms are converted to in `becomes`, or leave this cell empty",
                "请在 `becomes` 写转换后的学段，或留空此格",
            ),
        );
        return None;
    }
    let ids: Vec<&str> = present.iter().map(|stage| stage.id()).collect();
    let stage = row.name_of("becomes", &ids).map(|at| present[at]);
    let catchment = stage.and_then(catchment);
    let [classes, class_size] = ["becomes_classes", "becomes_size"].map(|column| row.if_given(column, Row::count));
    let opens = when(row, site);
    let classes = classes.map(|classes| classes.unwrap_or(whole.classes));
    let possible = is_possible(row, whole, (stage, classes, opens));
    let (classes, class_size, opens) = (classes?, class_size?, opens?);
    let conversion = Conversion { stage: stage?, catchment: catchment?, classes, class_size, opens };
    possible.then_some(Some(conversion))
}

/// When rooms are converted; a fault where neither a date nor a project says so.
fn when(row: &Row<'_>, site: &Site) -> Option<Opening> {
    let project = row.if_given("becomes_project", |row, column| row.name_of(column, &site.project_ids()));
    match (project?, month(row, "becomes_on")?) {
        (Some(project), planned) => {
            Some(Opening::With { project, planned: planned.unwrap_or(site.projects[project].opens) })
        }
        (None, Some(month)) => Some(Opening::At(month)),
        (None, None) => {
            row.fault(
                "becomes_on",
                Text::new("it is not said when the rooms are converted", "没有写明何时转换"),
                Text::new(
                    "give a date such as 2026-09-01 in `becomes_on`, or a project in `becomes_project`",
                    "请在 `becomes_on` 写日期（如 2026-09-01），或在 `becomes_project` 写项目",
                ),
            );
            None
        }
    }
}

/// Notes every fault of a conversion that cannot be, as far as its stage, classes and date are known.
fn is_possible(
    row: &Row<'_>,
    whole: &ConvertedFacility,
    (stage, classes, opens): (Option<StageId>, Option<u32>, Option<Opening>),
) -> bool {
    let all = whole.classes;
    let mut fine = true;
    let mut refuse = |column: &str, found: Text, remedy: Text| {
        row.fault(column, found, remedy);
        fine = false;
    };
    if stage == Some(whole.stage) {
        refuse(
            "becomes",
            Text::new("the rooms serve that stage already", "这些教室本来就属于该学段"),
            Text::new("name another stage, or leave the cell empty", "请写另一个学段，或留空"),
        );
    }
    if let Some(classes) = classes.filter(|classes| *classes == 0 || *classes > all) {
        refuse(
            "becomes_classes",
            text!("{classes} of {all} classes cannot be converted", "共 {all} 个班，无法转换 {classes} 个"),
            text!("write a number from 1 to {all}; empty: all", "请写 1 到 {all} 之间的数；留空为全部"),
        );
    }
    if whole.closes {
        refuse(
            "becomes",
            Text::new("rooms that are converted cannot also close in the same row", "同一行不能既转换又停用"),
            Text::new("give the rooms that close, or are rebuilt, a row of their own", "请把停用或改建的班另写一行"),
        );
    }
    let month = |opens: Opening| match opens {
        Opening::Before => f64::NEG_INFINITY,
        Opening::At(month) => month,
        Opening::With { planned, .. } => planned,
    };
    if opens.is_some_and(|opens| month(opens) <= month(whole.opens)) {
        let column = if row.text("becomes_on").is_empty() { "becomes_project" } else { "becomes_on" };
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
