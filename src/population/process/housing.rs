//! New dwellings: when they are finished, when they fill, and with whom.
//!
//! A completion of the table is late by whole years (one draw for each row and path, named by area, type, year and rank among equals, and partly shared by all rows), its
//! size is scaled by the year's completions factor, it fills over the following years, and each occupied dwelling
//! brings people: children by the type's yield, the rest by the ages of arriving adults. The part that comes from
//! outside the district are arrivals; the part from inside pulls people who move within the district anyway, so that
//! rehousing adds nobody.

use super::delay::years_late;
use super::migration::Profile;
use crate::population::kernel::simd_rows::Row;
use crate::population::view::{SEXES, SLOTS};
use crate::random::{RngSource, StreamKey, normal_cdf, normal_quantile};
use crate::uncertainty::{Parameter, ParameterDraw};

const LATE: StreamKey = StreamKey::named("people.housing.late");
const LATE_SHARED: StreamKey = StreamKey::named("people.housing.late.shared");

/// A type of dwelling.
#[derive(Clone, Debug)]
pub struct DwellingType {
    /// Key in the scenario.
    pub id: String,
    /// People in an occupied dwelling.
    pub household_size: Parameter,
    /// Share of them from outside the district.
    pub share_from_outside: Parameter,
    /// Share of dwellings that fill in the year of completion, the next, and so on.
    pub occupancy_schedule: Vec<f64>,
    /// Children in an occupied dwelling, by sex and cohort slot (adding up to the yield, not to 1).
    pub children: Profile,
    /// Shares of adults by sex and cohort slot, adding to 1.
    pub adults: Profile,
}

/// A row of the table of completions.
#[derive(Clone, Copy, Debug)]
pub struct Completion {
    /// Area.
    pub area: usize,
    /// Calendar year of completion as planned.
    pub year: i32,
    /// Dwellings.
    pub dwellings: f64,
    /// Position among the types.
    pub kind: usize,
    /// Names its random stream, with the year and the rank: its area and type.
    pub stream: StreamKey,
    /// Rank among the rows of its area, type and year.
    pub rank: u32,
}

/// New dwellings of a scenario.
#[derive(Clone, Debug)]
pub struct Housing {
    /// The types.
    pub types: Vec<DwellingType>,
    /// The planned completions.
    pub completions: Vec<Completion>,
    /// Factor on the dwellings of a year.
    pub completions_factor: Parameter,
    /// Factor on the children of all types.
    pub children_factor: Parameter,
    /// Probability of being 0, 1, 2, ... years late.
    pub delay_distribution: Vec<f64>,
    /// Correlation of lateness between rows.
    pub delay_correlation: f64,
    /// Extra spread (coefficient of variation) of one area's arrivals in a year.
    pub overdispersion_cv: f64,
    /// Share with local registration of those who come from outside, where groups are told apart.
    pub registered_share: Option<Parameter>,
}

impl Housing {
    /// Fills the dwellings that are newly occupied in each simulated year of a path. Shape: `years x areas x types`.
    pub fn occupied(&self, draw: &ParameterDraw, path: &RngSource, first_year: i32, areas: usize, out: &mut [f64]) {
        out.fill(0.0);
        let width = areas * self.types.len();
        let years = (out.len() / width) as i32;
        let common = normal_quantile(path.cell(LATE_SHARED, 0, 0).uniform());
        for completion in &self.completions {
            let mut stream = path.cell(LATE.with(completion.stream), completion.year as u32, completion.rank);
            let own = normal_quantile(stream.uniform());
            let z = libm::sqrt(self.delay_correlation) * common + libm::sqrt(1.0 - self.delay_correlation) * own;
            let finished = completion.year + years_late(&self.delay_distribution, normal_cdf(z)) - first_year;
            let size = completion.dwellings
                * draw.at(self.completions_factor, finished.clamp(0, years - 1) as usize, completion.area);
            for (lag, share) in self.types[completion.kind].occupancy_schedule.iter().enumerate() {
                let year = finished + lag as i32;
                if (0..years).contains(&year) {
                    out[year as usize * width + completion.area * self.types.len() + completion.kind] += size * share;
                }
            }
        }
    }

    /// The same as expected by the law of lateness, at given parameters.
    pub(crate) fn expected(&self, draw: &ParameterDraw, first_year: i32, areas: usize, out: &mut [f64]) {
        let width = areas * self.types.len();
        let years = (out.len() / width.max(1)) as i32;
        for completion in &self.completions {
            for (late, probability) in self.delay_distribution.iter().enumerate() {
                let finished = completion.year + late as i32 - first_year;
                let at = finished.clamp(0, years - 1) as usize;
                let size = completion.dwellings * draw.at(self.completions_factor, at, completion.area) * probability;
                for (lag, share) in self.types[completion.kind].occupancy_schedule.iter().enumerate() {
                    let year = finished + lag as i32;
                    if (0..years).contains(&year) {
                        let cell = year as usize * width + completion.area * self.types.len() + completion.kind;
                        out[cell] += size * share;
                    }
                }
            }
        }
    }

    /// People who fill the dwellings of one area from inside the district. `occupied` are its dwellings by type.
    pub fn from_inside(&self, draw: &ParameterDraw, year: usize, area: usize, occupied: &[f64]) -> f64 {
        let of = |(kind, dwellings): (&DwellingType, &f64)| {
            dwellings * (1.0 - draw.at(kind.share_from_outside, year, area)) * draw.at(kind.household_size, year, area)
        };
        self.types.iter().zip(occupied).filter(|(_, d)| **d > 0.0).map(of).sum()
    }

    /// Adds the expected arrivals from outside of one area to `means` (by sex and cohort slot).
    pub(crate) fn add_arrivals(
        &self,
        draw: &ParameterDraw,
        year: usize,
        area: usize,
        occupied: &[f64],
        means: &mut [Row; SEXES],
    ) {
        for (kind, dwellings) in self.types.iter().zip(occupied).filter(|(_, d)| **d > 0.0) {
            let people = draw.at(kind.household_size, year, area);
            let outside = draw.at(kind.share_from_outside, year, area);
            let yielded: f64 = kind.children.iter().flatten().sum();
            let child_factor = draw.at(self.children_factor, year, area).min(people / yielded.max(1e-9));
            let adults = people - child_factor * yielded;
            for (sex, row) in means.iter_mut().enumerate() {
                for (slot, mean) in row[..SLOTS].iter_mut().enumerate() {
                    let each = child_factor * kind.children[sex][slot] + adults * kind.adults[sex][slot];
                    *mean += dwellings * outside * each;
                }
            }
        }
    }
}
