//! The stages of schooling: ages, grades, and the names by which scenarios and reports know them.
//!
//! Class sizes, radii and staff ratios are not here but in the defaults of the scenario keys ([`crate::services::education::input::keys`]), where a
//! planner sees and changes them.

use crate::language::Text;

/// Key of the service.
pub(crate) const SERVICE: &str = "education";

/// Name of the service.
pub(crate) const SERVICE_LABEL: Text = Text::new("Education", "教育");

/// Number of stages.
pub(crate) const STAGES: usize = 6;

/// What is fixed about a stage. Its position in [`ALL`] names its random streams, so the order never changes.
#[derive(Debug)]
pub(crate) struct StageDef {
    /// Key in scenarios and tables.
    pub(crate) id: &'static str,
    /// Name.
    pub(crate) label: Text,
    /// Completed years of age, on 31 August, of the children of its first grade.
    pub(crate) entry_age: u32,
    /// Years that it takes.
    pub(crate) years: u32,
    /// Whether each year of age is a grade; childcare mixes ages 0 to 2 and places them anew every September.
    pub(crate) graded: bool,
    /// The stage whose leavers may enter it.
    pub(crate) follows: Option<usize>,
}

const fn stage(
    id: &'static str,
    (en, zh): (&'static str, &'static str),
    (entry_age, years): (u32, u32),
    graded: bool,
    follows: Option<usize>,
) -> StageDef {
    StageDef { id, label: Text::new(en, zh), entry_age, years, graded, follows }
}

/// Position of the primary stage.
pub(crate) const PRIMARY: usize = 2;

/// Position of the junior stage.
pub(crate) const JUNIOR: usize = 3;

/// All stages in the order of age.
pub(crate) static ALL: [StageDef; STAGES] = [
    stage("childcare", ("Childcare (ages 0-2)", "托育（0—2岁）"), (0, 3), false, None),
    stage("preschool", ("Kindergarten", "幼儿园"), (3, 3), true, None),
    stage("primary", ("Primary school", "小学"), (6, 6), true, None),
    stage("junior", ("Junior secondary", "初中"), (12, 3), true, Some(PRIMARY)),
    stage("senior_general", ("General senior secondary", "普通高中"), (15, 3), true, Some(JUNIOR)),
    stage("senior_vocational", ("Vocational secondary", "中等职业学校"), (15, 3), true, Some(JUNIOR)),
];

/// Number of grades of a stage as they are planned; childcare mixes its ages.
pub(crate) fn grades(at: usize) -> usize {
    if ALL[at].graded { ALL[at].years as usize } else { 1 }
}
