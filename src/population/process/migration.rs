//! Moves: out of the district, between its areas, and into it.
//!
//! *Within*: see [`super::destinations`]. *In*: each driver brings an uncertain number of people a year; a path has lasting
//! shares of areas (Dirichlet), and in each year an area's number is negative binomial: Poisson with a gamma factor,
//! which lets every age be drawn by itself and stay exact. People who come and die or leave again before the next
//! January are in neither count.

use super::destinations::Destinations;
use super::rates::exposed;
use crate::population::kernel::simd_rows::{Row, WIDTH};
use crate::population::view::{AGES, People, SEXES, SLOTS};
use crate::random::{RngSource, StreamKey, gamma, normal_quantile};
use crate::uncertainty::Parameter;

const AREA_SHARES: StreamKey = StreamKey::named("people.arrivals.areas");
const AGES_OF_LEAVING: StreamKey = StreamKey::named("people.leaving.ages");
const AGES_OF_ARRIVALS: StreamKey = StreamKey::named("people.arrivals.ages");

/// Shares of people who arrive, by sex and by the age they have at the next 1 January (as cohort slot).
pub type Profile = [[f64; SLOTS]; SEXES];

/// Moves of a scenario.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Leaving the district, per person-year, by sex and age.
    pub out_rates: [[f64; AGES]; SEXES],
    /// Moving to another area of the district, per person-year, by sex and age.
    pub internal_rates: [[f64; AGES]; SEXES],
    /// Uncertainty of the ages of those who leave: standard deviation of the logarithm of the rate at an age.
    pub out_migration_ages_sd: f64,
    /// Share of each cohort slot among those expected to leave in a year, of the people of the table.
    pub leavers: Row,
    /// Factor on leaving.
    pub out_migration_factor: Parameter,
    /// Factor on moving within.
    pub internal_factor: Parameter,
    /// Where movers go.
    pub destinations: Destinations,
    /// Who comes into the district, by reason.
    pub in_migration: Vec<InMigration>,
}

/// People who come for one reason.
#[derive(Clone, Debug)]
pub struct InMigration {
    /// Names its random streams: its key in the scenario.
    pub stream: StreamKey,
    /// People a year.
    pub people_per_year: Parameter,
    /// Coefficient of variation of one area's number in a year, beyond Poisson.
    pub overdispersion_cv: f64,
    /// Concentration of the path's area shares around `areas`; infinite for none.
    pub concentration: f64,
    /// Expected shares of areas; empty when they follow the residents.
    pub areas: Vec<f64>,
    /// Who comes.
    pub profile: Profile,
    /// Share of them with local registration, where groups are told apart.
    pub registered_share: Option<Parameter>,
    /// Uncertainty of who comes: standard deviation of the logarithm of the share of an age.
    pub ages_sd: f64,
}

/// Ages at which the uncertainty of the ages of migrants is drawn; straight lines of the logarithm between them.
const KNOTS: [f64; 7] = [0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 75.0];

/// Logarithms of a path's lasting factors at the knots, each apart from the others.
fn at_knots(sd: f64, purpose: StreamKey, path: &RngSource) -> [f64; KNOTS.len()] {
    std::array::from_fn(|knot| sd * normal_quantile(path.cell(purpose, 0, knot as u32).uniform()))
}

/// A path's lasting factors by cohort slot, of median 1: lognormal at the knots.
fn age_factors(sd: f64, purpose: StreamKey, path: &RngSource) -> Row {
    if sd <= 0.0 {
        return [1.0; WIDTH];
    }
    let logs = at_knots(sd, purpose, path);
    std::array::from_fn(|slot| {
        let age = slot as f64;
        let after = KNOTS.partition_point(|knot| *knot <= age).clamp(1, KNOTS.len() - 1);
        let part = ((age - KNOTS[after - 1]) / (KNOTS[after] - KNOTS[after - 1])).min(1.0);
        libm::exp(logs[after - 1] + part * (logs[after] - logs[after - 1]))
    })
}

impl Migration {
    /// The path's factors on the rates of leaving, by cohort slot. They move ages and not the number: of the people of the
    /// table as many are expected to leave as without them.
    pub(crate) fn out_migration_age_factors(&self, path: &RngSource) -> Row {
        let factors = age_factors(self.out_migration_ages_sd, AGES_OF_LEAVING, path);
        let number: f64 = self.leavers.iter().zip(&factors).map(|(share, factor)| share * factor).sum();
        if number > 0.0 { factors.map(|factor| factor / number) } else { factors }
    }

    /// What a path holds of the ages of migrants, as numbers that a headline may depend on: the logarithms of the factors
    /// at each knot, of those who leave and of each reason for coming, where they are uncertain.
    pub fn age_uncertainties(&self, path: &RngSource) -> Vec<f64> {
        let mut logs = Vec::new();
        if self.out_migration_ages_sd > 0.0 {
            logs.extend(at_knots(self.out_migration_ages_sd, AGES_OF_LEAVING, path));
        }
        for reason in self.in_migration.iter().filter(|reason| reason.ages_sd > 0.0) {
            logs.extend(at_knots(reason.ages_sd, AGES_OF_ARRIVALS.with(reason.stream), path));
        }
        logs
    }
}

/// Share of each cohort slot among those whom these rates let leave in a year.
pub fn leavers(rates: &[[f64; AGES]; SEXES], people: &People) -> Row {
    let mut leavers = [0.0; WIDTH];
    for (area, (sex, age)) in (0..people.areas()).flat_map(|area| cells().map(move |cell| (area, cell))) {
        let persons = f64::from(people.counts[People::cell(area, sex, age)]);
        leavers[age + 1] += persons * exposed(&rates[sex], age + 1);
    }
    let number: f64 = leavers.iter().sum();
    if number > 0.0 { leavers.map(|of| of / number) } else { leavers }
}

fn cells() -> impl Iterator<Item = (usize, usize)> {
    (0..SEXES).flat_map(|sex| (0..AGES).map(move |age| (sex, age)))
}

/// Areas as a path's shares of arrivals are drawn for them.
#[derive(Clone, Copy, Debug)]
pub struct ArrivalAreas<'a> {
    /// Names of the areas' streams.
    pub keys: &'a [StreamKey],
    /// The areas in the order of their names: sums in it depend on no table.
    pub by_name: &'a [usize],
    /// Residents at the beginning.
    pub residents: &'a [f64],
}

impl InMigration {
    /// Fills the path's shares of those who come, by sex and cohort slot; they add to 1.
    pub(crate) fn draw_profile(&self, path: &RngSource, out: &mut Profile) {
        *out = self.profile;
        if self.ages_sd > 0.0 {
            let factors = age_factors(self.ages_sd, AGES_OF_ARRIVALS.with(self.stream), path);
            let shares =
                |row: &[f64; SLOTS]| -> f64 { row.iter().zip(&factors).map(|(share, factor)| share * factor).sum() };
            let total: f64 = self.profile.iter().map(shares).sum();
            for row in out {
                row.iter_mut().zip(&factors).for_each(|(share, factor)| *share *= factor / total);
            }
        }
    }

    /// Fills the expected shares of areas, which add to 1: as the scenario says, else as the residents, else (where nobody
    /// lives yet) alike. So whoever comes arrives somewhere.
    pub fn expected_areas(&self, areas: &ArrivalAreas<'_>, shares: &mut [f64]) {
        let base = if self.areas.is_empty() { areas.residents } else { &self.areas };
        let whole: f64 = areas.by_name.iter().map(|area| base[*area]).sum();
        for (area, share) in shares.iter_mut().enumerate() {
            *share = if whole > 0.0 { base[area] / whole } else { 1.0 / base.len() as f64 };
        }
    }

    /// Fills the path's shares of areas, which add to 1: Dirichlet around the expected ones.
    pub fn draw_areas(&self, path: &RngSource, areas: &ArrivalAreas<'_>, shares: &mut [f64]) {
        self.expected_areas(areas, shares);
        if !self.concentration.is_finite() {
            return;
        }
        let mut drawn = vec![0.0; shares.len()];
        for (area, drawn) in drawn.iter_mut().enumerate().filter(|(area, _)| shares[*area] > 0.0) {
            let mut stream = path.cell(AREA_SHARES.with(self.stream).with(areas.keys[area]), 0, 0);
            *drawn = gamma(self.concentration * shares[area], 1.0, &mut stream);
        }
        let total: f64 = areas.by_name.iter().map(|area| drawn[*area]).sum();
        // All gammas can underflow only when the concentration is absurdly small; the expected shares then stay.
        if total > 0.0 {
            shares.iter_mut().zip(&drawn).for_each(|(share, drawn)| *share = drawn / total);
        }
    }
}

/// Arrivals by age at arrival as arrivals by cohort: half have had their birthday of the year, half have it before January.
pub fn by_cohort(ages: &[[f64; AGES]; SEXES]) -> Profile {
    let mut out = [[0.0; SLOTS]; SEXES];
    for sex in 0..SEXES {
        for age in 0..AGES {
            out[sex][age] += 0.5 * ages[sex][age];
            out[sex][age + 1] += 0.5 * ages[sex][age];
        }
    }
    out
}
