//! Totals that are known of the years between the census and the first year asked about, and the factors that meet them.
//!
//! A table gives residents at the end of a year (with group quarters), births and deaths, of the district or of areas.
//! `alignment` solves the factors.
//!
//! Shape of the factors: `years x areas`; 1 where nothing is known.

/// Totals of one year, of an area or of the district.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlTotal {
    /// Calendar year.
    pub year: i32,
    /// The area; `None` for the district.
    pub area: Option<usize>,
    /// Residents on 31 December, with group quarters.
    pub residents: Option<f64>,
    /// Births of the year.
    pub births: Option<f64>,
    /// Deaths of the year.
    pub deaths: Option<f64>,
}

/// AlignmentFactors that align the model to what is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    pub(super) factors: Vec<AlignmentFactors>,
    pub(super) areas: usize,
}

/// AlignmentFactors of a year and area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlignmentFactors {
    /// On expected births.
    pub births: f64,
    /// On death rates.
    pub deaths: f64,
    /// On expected arrivals.
    pub arrivals: f64,
    /// On rates of leaving the district.
    pub out_migration: f64,
}

impl AlignmentFactors {
    /// No factors.
    pub const NONE: Self = Self { births: 1.0, deaths: 1.0, arrivals: 1.0, out_migration: 1.0 };
}

impl Alignment {
    /// The factors of a year (0 = first) and area.
    #[inline]
    pub fn at(&self, year: usize, area: usize) -> AlignmentFactors {
        self.factors.get(year * self.areas + area).copied().unwrap_or(AlignmentFactors::NONE)
    }
}
