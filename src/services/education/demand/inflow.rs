//! How the children of a stage come about: where its entrants come from, and the ratios by which grades go on.

use crate::random::StreamKey;
use crate::services::education::stage::StageId;
use crate::uncertainty::Parameter;

/// Where the entrants of a stage come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// For each resident child of the entry age.
    PerResident(Parameter),
    /// For each birth of the cohort that comes of age.
    PerBirth(Parameter),
    /// Of last year's leavers of the stage before.
    OfLeavers(Parameter),
    /// This many in each area; whether by chance around it.
    Direct(Parameter, bool),
}

impl Entry {
    /// The ratio of entrants to those whom they come from, where there is one.
    pub(crate) const fn ratio(self) -> Option<Parameter> {
        match self {
            Self::PerResident(ratio) | Self::PerBirth(ratio) | Self::OfLeavers(ratio) => Some(ratio),
            Self::Direct(..) => None,
        }
    }
}

/// How the children of one stage come about.
#[derive(Clone, Debug)]
pub(crate) struct DemandModel {
    pub(crate) stage: StageId,
    pub(crate) areas: usize,
    /// Name the random streams of each area.
    pub(crate) keys: Vec<StreamKey>,
    pub(crate) grades: usize,
    pub(crate) entry_age: usize,
    /// Years of age in each grade: 1, or all of them where grades are mixed.
    pub(crate) ages_per_grade: usize,
    pub(crate) entry: Entry,
    /// Pupils a resident child in the first September; as for entrants if `None`.
    pub(crate) enrolled: Option<Parameter>,
    pub(crate) progression: Parameter,
    /// Pupils before the first September where they are not counted from residents, `grade x area`; empty for none.
    pub(crate) opening_pupils: Vec<u32>,
    /// What an area and grade has in its ratio beyond the number of the stage, `grade x area`; empty for 1 everywhere.
    pub(crate) differences: Vec<f64>,
    /// Births before the first simulated year, for entrants for each birth.
    pub(crate) births: KnownBirths,
    /// Whether pupils follow the residents of their age from year to year.
    pub(crate) follows_residents: bool,
}

/// Births of calendar years that the scenario states.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownBirths {
    pub(crate) first_year: i32,
    pub(crate) areas: usize,
    /// `year x area`; not a number where the people model must say.
    pub(crate) births: Vec<f64>,
    /// First year whose births the service sees simulated.
    pub(crate) simulated_from: i32,
    /// Number of those years.
    pub(crate) simulated_years: usize,
}

impl KnownBirths {
    pub(crate) fn known(&self, area: usize, year: i32) -> Option<f64> {
        let row = usize::try_from(year - self.first_year).ok()?;
        self.births.get(row * self.areas + area).copied().filter(|births| !births.is_nan())
    }
}

impl DemandModel {
    /// What the ratio of a cell has beyond the number of the stage.
    pub(crate) fn difference(&self, cell: usize) -> f64 {
        self.differences.get(cell).copied().unwrap_or(1.0)
    }

    pub(crate) fn needs_residents(&self) -> bool {
        self.follows_residents || matches!(self.entry, Entry::PerResident(_))
    }
}
