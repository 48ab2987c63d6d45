//! The stages of schooling: ages, grades, and the names by which scenarios and reports know them.
//!
//! Class sizes, radii and staff ratios are not here but in the defaults of the scenario keys ([`crate::services::education::input::keys`]), where a
//! planner sees and changes them.

use crate::language::Text;

/// Key of the service.
pub(crate) const SERVICE: &str = "education";

/// Name of the service.
pub(crate) const SERVICE_LABEL: Text = Text::new("Education", "教育");

/// A stage of schooling. Its position names its random streams, so the order never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StageId {
    Childcare,
    Preschool,
    Primary,
    Junior,
    SeniorGeneral,
    SeniorVocational,
}

/// What is fixed about a stage.
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
    pub(crate) follows: Option<StageId>,
}

impl StageId {
    /// All stages in the order of age.
    pub(crate) const ALL: [Self; 6] =
        [Self::Childcare, Self::Preschool, Self::Primary, Self::Junior, Self::SeniorGeneral, Self::SeniorVocational];

    /// The stage with this key.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.id() == id)
    }

    /// What is fixed about it.
    pub(crate) const fn def(self) -> &'static StageDef {
        match self {
            Self::Childcare => &CHILDCARE,
            Self::Preschool => &PRESCHOOL,
            Self::Primary => &PRIMARY,
            Self::Junior => &JUNIOR,
            Self::SeniorGeneral => &SENIOR_GENERAL,
            Self::SeniorVocational => &SENIOR_VOCATIONAL,
        }
    }

    /// Key in scenarios and tables.
    pub(crate) const fn id(self) -> &'static str {
        self.def().id
    }

    /// Number of grades as they are planned; childcare mixes its ages.
    pub(crate) const fn grades(self) -> usize {
        if self.def().graded { self.def().years as usize } else { 1 }
    }

    /// Years of age in each grade.
    pub(crate) const fn ages_per_grade(self) -> usize {
        if self.def().graded { 1 } else { self.def().years as usize }
    }
}

/// One of something for each stage.
#[derive(Clone, Debug, Default)]
pub(crate) struct PerStage<T>([T; StageId::ALL.len()]);

impl<T> PerStage<T> {
    /// What `make` makes for each.
    pub(crate) fn from_fn(make: impl Fn(StageId) -> T) -> Self {
        Self(StageId::ALL.map(make))
    }
}

impl<T> std::ops::Index<StageId> for PerStage<T> {
    type Output = T;

    fn index(&self, stage: StageId) -> &T {
        &self.0[stage as usize]
    }
}

impl<T> std::ops::IndexMut<StageId> for PerStage<T> {
    fn index_mut(&mut self, stage: StageId) -> &mut T {
        &mut self.0[stage as usize]
    }
}

static CHILDCARE: StageDef = StageDef {
    id: "childcare",
    label: Text::new("Childcare (ages 0-2)", "托育（0—2岁）"),
    entry_age: 0,
    years: 3,
    graded: false,
    follows: None,
};

static PRESCHOOL: StageDef = StageDef {
    id: "preschool",
    label: Text::new("Kindergarten", "幼儿园"),
    entry_age: 3,
    years: 3,
    graded: true,
    follows: None,
};

static PRIMARY: StageDef = StageDef {
    id: "primary",
    label: Text::new("Primary school", "小学"),
    entry_age: 6,
    years: 6,
    graded: true,
    follows: None,
};

static JUNIOR: StageDef = StageDef {
    id: "junior",
    label: Text::new("Junior secondary", "初中"),
    entry_age: 12,
    years: 3,
    graded: true,
    follows: Some(StageId::Primary),
};

static SENIOR_GENERAL: StageDef = StageDef {
    id: "senior_general",
    label: Text::new("General senior secondary", "普通高中"),
    entry_age: 15,
    years: 3,
    graded: true,
    follows: Some(StageId::Junior),
};

static SENIOR_VOCATIONAL: StageDef = StageDef {
    id: "senior_vocational",
    label: Text::new("Vocational secondary", "中等职业学校"),
    entry_age: 15,
    years: 3,
    graded: true,
    follows: Some(StageId::Junior),
};
