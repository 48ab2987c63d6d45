//! Moves: out of the district, between its areas, and into it.
//!
//! *Within*: from each area a path has its own lasting shares of destinations, Dirichlet around the shares that people
//! and distance suggest (`people(j) / (1 + km)`), so that counts are Dirichlet-multinomial over paths; new dwellings
//! draw their share of the movers. *In*: each driver brings an uncertain number of people a year; a path has lasting
//! shares of areas (Dirichlet), and in each year an area's number is negative binomial: Poisson with a gamma factor,
//! which lets every age be drawn by itself and stay exact. People who come and die or leave again before the next
//! January are in neither count.

use super::lifetable::SLOTS;
use super::rows::Row;
use super::view::{AGES, SEXES};
use super::ways::Bytes;
use super::year::Flows;
use crate::random::{Purpose, Streams, gamma, normal_quantile};
use crate::uncertainty::Parameter;

const DESTINATIONS: Purpose = Purpose::named("people.destinations");
const AREA_SHARES: Purpose = Purpose::named("people.arrivals.areas");
const AGES_OF_LEAVING: Purpose = Purpose::named("people.leaving.ages");
const AGES_OF_ARRIVALS: Purpose = Purpose::named("people.arrivals.ages");

/// Shares of people who arrive, by sex and by the age they have at the next 1 January (as cohort slot).
pub type Profile = [[f64; SLOTS]; SEXES];

/// Moves of a scenario.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Leaving the district, per person-year, by sex and age.
    pub leaving: [[f64; AGES]; SEXES],
    /// Moving to another area of the district, per person-year, by sex and age.
    pub within: [[f64; AGES]; SEXES],
    /// Doubt about the ages of those who leave: standard deviation of the logarithm of the rate at an age.
    pub leaving_ages_sd: f64,
    /// Factor on leaving.
    pub leaving_factor: Parameter,
    /// Factor on moving within.
    pub within_factor: Parameter,
    /// Where movers go.
    pub destinations: Destinations,
    /// Who brings people into the district.
    pub drivers: Vec<Driver>,
}

/// People who come for one reason.
#[derive(Clone, Debug)]
pub struct Driver {
    /// Key in the scenario.
    pub id: String,
    /// People a year.
    pub people_per_year: Parameter,
    /// Coefficient of variation of one area's number in a year, beyond Poisson.
    pub events_cv: f64,
    /// Concentration of the path's area shares around `areas`; infinite for none.
    pub concentration: f64,
    /// Expected shares of areas; empty when they follow the residents.
    pub areas: Vec<f64>,
    /// Who comes.
    pub profile: Profile,
    /// Doubt about who comes: standard deviation of the logarithm of the share of an age.
    pub ages_sd: f64,
}

/// Ages at which a doubt about the ages of migrants is drawn; straight lines of the logarithm between them.
const KNOTS: [f64; 7] = [0.0, 10.0, 20.0, 30.0, 45.0, 60.0, 75.0];

/// Logarithms of a path's lasting factors at the knots, each apart from the others.
fn at_knots(sd: f64, purpose: Purpose, index: u32, path: &Streams) -> [f64; KNOTS.len()] {
    std::array::from_fn(|knot| sd * normal_quantile(path.cell(purpose, index, knot as u32).uniform()))
}

/// A path's lasting factors by cohort slot, of median 1: lognormal at the knots.
fn doubt(sd: f64, purpose: Purpose, index: u32, path: &Streams) -> Row {
    if sd <= 0.0 {
        return [1.0; SLOTS];
    }
    let at = at_knots(sd, purpose, index, path);
    std::array::from_fn(|slot| {
        let age = slot as f64;
        let after = KNOTS.partition_point(|knot| *knot <= age).clamp(1, KNOTS.len() - 1);
        let way = ((age - KNOTS[after - 1]) / (KNOTS[after] - KNOTS[after - 1])).min(1.0);
        libm::exp(at[after - 1] + way * (at[after] - at[after - 1]))
    })
}

impl Migration {
    /// The path's factors on the rates of leaving, by cohort slot.
    pub(super) fn doubt_of_leaving(&self, path: &Streams) -> Row {
        doubt(self.leaving_ages_sd, AGES_OF_LEAVING, 0, path)
    }

    /// What a path holds of the ages of migrants, as numbers that a headline may depend on: the logarithms of the factors
    /// at each knot, of those who leave and of each driver, where they are in doubt.
    pub fn doubts(&self, path: &Streams) -> Vec<f64> {
        let leaving = [(self.leaving_ages_sd, AGES_OF_LEAVING, 0)];
        let drivers = self.drivers.iter().enumerate().map(|(i, driver)| (driver.ages_sd, AGES_OF_ARRIVALS, i as u32));
        let doubted = leaving.into_iter().chain(drivers).filter(|(sd, ..)| *sd > 0.0);
        doubted.flat_map(|(sd, purpose, index)| at_knots(sd, purpose, index, path)).collect()
    }
}

impl Driver {
    /// Fills the path's shares of those who come, by sex and cohort slot; they add to 1.
    pub(super) fn draw_profile(&self, index: usize, path: &Streams, out: &mut Profile) {
        *out = self.profile;
        if self.ages_sd > 0.0 {
            let doubt = doubt(self.ages_sd, AGES_OF_ARRIVALS, index as u32, path);
            let shares = |row: &Row| -> f64 { row.iter().zip(&doubt).map(|(share, factor)| share * factor).sum() };
            let total: f64 = self.profile.iter().map(shares).sum();
            for row in out {
                row.iter_mut().zip(&doubt).for_each(|(share, factor)| *share *= factor / total);
            }
        }
    }

    /// Fills the path's shares of areas, which add to 1.
    pub fn draw_areas(&self, index: usize, path: &Streams, residents: &[f64], shares: &mut [f64]) {
        let mut total = 0.0;
        let base = if self.areas.is_empty() { residents } else { &self.areas };
        let whole: f64 = base.iter().sum();
        for (area, share) in shares.iter_mut().enumerate() {
            let expected = if whole > 0.0 { base[area] / whole } else { 0.0 };
            *share = if self.concentration.is_finite() && expected > 0.0 {
                let mut stream = path.cell(AREA_SHARES, index as u32, area as u32);
                gamma(self.concentration * expected, 1.0, &mut stream)
            } else {
                expected
            };
            total += *share;
        }
        if total > 0.0 {
            for share in shares.iter_mut() {
                *share /= total;
            }
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

/// Where movers within the district go: for every area its likely destinations, likeliest first.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// First entry of each area in the lists, and one past the last.
    pub offsets: Vec<usize>,
    /// Destination areas.
    pub areas: Vec<u32>,
    /// Expected shares, adding to 1 for each origin.
    pub shares: Vec<f64>,
    /// Concentration of the path's shares around them; infinite for none.
    pub concentration: f64,
}

impl Destinations {
    /// Gravity shares from people and kilometres, kept for the `most` likeliest destinations of each area.
    pub fn gravity(people: &[f64], kilometres: impl Fn(usize, usize) -> f64, most: usize, concentration: f64) -> Self {
        let n = people.len();
        if most == 0 {
            return Self { offsets: vec![0; n + 1], areas: Vec::new(), shares: Vec::new(), concentration };
        }
        let known = |from: usize, to: usize| from != to && kilometres(from, to).is_finite();
        let ways = (0..n).any(|from| (0..n).any(|to| known(from, to)));
        let mut all = Self { offsets: vec![0], areas: Vec::new(), shares: Vec::new(), concentration };
        let mut pulls: Vec<(f64, u32)> = Vec::new();
        for from in 0..n {
            pulls.clear();
            for to in (0..n).filter(|&to| to != from && people[to] > 0.0 && (!ways || known(from, to))) {
                let distance = if ways { kilometres(from, to) } else { 0.0 };
                pulls.push((people[to] / (1.0 + distance), to as u32));
            }
            pulls.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            pulls.truncate(most);
            let total: f64 = pulls.iter().map(|p| p.0).sum();
            all.areas.extend(pulls.iter().map(|p| p.1));
            all.shares.extend(pulls.iter().map(|p| p.0 / total));
            all.offsets.push(all.areas.len());
        }
        all
    }

    /// The entries of an area.
    pub fn of(&self, area: usize) -> std::ops::Range<usize> {
        self.offsets[area]..self.offsets[area + 1]
    }

    /// Whether people of this area can move within the district.
    pub fn any(&self, area: usize) -> bool {
        !self.of(area).is_empty()
    }

    /// Fills the lasting shares of a path.
    pub fn draw(&self, path: &Streams, shares: &mut [f64]) {
        shares.copy_from_slice(&self.shares);
        if !self.concentration.is_finite() {
            return;
        }
        for area in 0..self.offsets.len() - 1 {
            let range = self.of(area);
            let mut stream = path.cell(DESTINATIONS, 0, area as u32);
            let mut total = 0.0;
            for entry in range.clone() {
                shares[entry] = gamma(self.concentration * self.shares[entry], 1.0, &mut stream);
                total += shares[entry];
            }
            // All gammas can underflow only when the concentration is absurdly small.
            if total > 0.0 {
                shares[range].iter_mut().for_each(|s| *s /= total);
            } else {
                shares[range.clone()].copy_from_slice(&self.shares[range]);
            }
        }
    }

    /// Fills the year's aims: the path's shares, with a part `pulled` of the movers going where new dwellings are filled
    /// (`filling`, people by area).
    pub fn aim(&self, shares: &[f64], pulled: f64, filling: &[f64], aims: &mut Aims) {
        if self.areas.is_empty() {
            return;
        }
        for area in 0..self.offsets.len() - 1 {
            let range = self.of(area);
            let new: f64 =
                if pulled > 0.0 { range.clone().map(|e| filling[self.areas[e] as usize]).sum() } else { 0.0 };
            let pulled = if new > 0.0 { pulled } else { 0.0 };
            let mut sum = 0.0;
            for entry in range.clone() {
                let by_dwellings = if pulled > 0.0 { filling[self.areas[entry] as usize] / new } else { 0.0 };
                sum += (1.0 - pulled) * shares[entry] + pulled * by_dwellings;
                aims.thresholds[entry] = (sum * TWO_TO_64) as u64;
            }
            if let Some(last) = range.clone().last() {
                aims.thresholds[last] = u64::MAX;
                let guides = &mut aims.guides[area * GUIDE..(area + 1) * GUIDE];
                guide((&aims.thresholds[range.clone()], &self.areas[range]), guides);
            }
        }
    }
}

/// Where the movers of a year go, ready to be drawn: thresholds out of 2^64, and for each first byte of a random number
/// the destination that it already decides, as the first cell of its flows.
///
/// A mover costs one byte; only where a threshold falls inside the byte's interval are the other 56 bits drawn.
#[derive(Clone, Debug)]
pub struct Aims {
    thresholds: Vec<u64>,
    guides: Vec<u32>,
}

impl Aims {
    /// Room for the aims of all areas.
    pub fn new(destinations: &Destinations) -> Self {
        let areas = if destinations.areas.is_empty() { 0 } else { destinations.offsets.len().saturating_sub(1) };
        Self { thresholds: vec![0; destinations.areas.len()], guides: vec![UNDECIDED; areas * GUIDE] }
    }

    /// Draws a destination for each of `movers` people of an area: the first cell of its flows.
    #[inline]
    pub(super) fn send(
        &self,
        destinations: &Destinations,
        area: usize,
        movers: u32,
        bytes: &mut Bytes<'_>,
        mut to: impl FnMut(u32),
    ) {
        if movers == 0 {
            return;
        }
        let guide: &[u32; GUIDE] =
            self.guides[area * GUIDE..(area + 1) * GUIDE].try_into().expect("invariant: a guide has 256 bytes");
        for _ in 0..movers {
            let byte = bytes.byte();
            let decided = guide[usize::from(byte)];
            if decided == UNDECIDED {
                let number = bytes.widen(byte);
                let entries = destinations.of(area);
                let entry = self.thresholds[entries.clone()].partition_point(|t| *t < number);
                to(first_flow(destinations.areas[entries][entry]));
            } else {
                to(decided);
            }
        }
    }
}

/// Number of first bytes.
const GUIDE: usize = 256;

/// A first byte that leaves the destination open.
const UNDECIDED: u32 = u32::MAX;

const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;

const fn first_flow(area: u32) -> u32 {
    Flows::cell(area as usize, 0, 0) as u32
}

fn guide((thresholds, areas): (&[u64], &[u32]), out: &mut [u32]) {
    let mut entry = 0;
    for (byte, decided) in out.iter_mut().enumerate() {
        let (low, high) = ((byte as u64) << 56, (byte as u64) << 56 | (u64::MAX >> 8));
        while thresholds[entry] < low {
            entry += 1;
        }
        *decided = if high <= thresholds[entry] { first_flow(areas[entry]) } else { UNDECIDED };
    }
}
