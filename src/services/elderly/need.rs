//! Need for care: none, mild, moderate, severe, by sex and single age from 60.
//!
//! The cross-section of the table is graduated to single ages (tails linear on the logit between group midpoints). Each
//! year need moves by `P = expm(Q)` of a generator of yearly rates; no root of a yearly matrix is taken. Where the rates
//! come from is [`Moves`]:
//!
//! - *solved*: onset between neighbouring levels such that a cohort with the table's shares at age x has, among survivors,
//!   the table's shares at x + 1: the definition of need stays that of the table;
//! - *published*: onset, recovery and death across the line of ADL disability as in Fu, Sherris and Xu (2021, CEPAR working
//!   paper 2021/03, static model); on each side of the line the levels are solved as above;
//! - *given*: a table of rates, or of yearly probabilities and the generator behind them ([`embedding`]).
//!
//! Deaths by level are scaled so that all levels together have the death rate of the life table. Where no table is given,
//! people without need die as in Fu, Sherris and Xu.

pub(super) mod embedding;
mod hazards;
pub(super) mod matrix;
mod moves;

use crate::random::BinomialChance;
pub(super) use moves::Moves;

/// Levels of need: none, mild, moderate, severe.
pub(super) const LEVELS: usize = 4;

/// Living arrangements: alone, couple, with children or others.
pub(super) const ARRANGEMENTS: usize = 3;

/// First age of the service.
pub(super) const FIRST_AGE: usize = 60;

/// Single ages 60 to 99 and 100+.
pub(super) const AGES: usize = 41;

/// Yearly rates from each level to each other, and to death (last); the diagonal means nothing.
pub(super) type Rates = [[f64; LEVELS + 1]; LEVELS];

/// Yearly rates of leaving a level for the better: death (first), then to each milder level, mildest first.
pub(super) type Leaving = [f64; LEVELS];

/// A year's outcomes by level before: level after, or death (last).
pub(super) type Outcomes = [[f64; LEVELS + 1]; LEVELS];

/// Shares by level.
pub(super) type Shares = [f64; LEVELS];

/// One row pair of the tables: an age group of one sex.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// First age.
    pub from: usize,
    /// Age for which the shares stand.
    pub midpoint: f64,
    /// Shares of the living arrangements.
    pub living: [f64; ARRANGEMENTS],
    /// Shares of need in each arrangement.
    pub need: [Shares; ARRANGEMENTS],
}

impl Group {
    fn living_by_need(&self) -> [[BinomialChance; ARRANGEMENTS - 1]; LEVELS] {
        std::array::from_fn(|level| arrangements(std::array::from_fn(|l| self.living[l] * self.need[l][level])))
    }

    /// Need averaged over living arrangements.
    fn average(&self) -> Shares {
        std::array::from_fn(|k| self.living.iter().zip(&self.need).map(|(w, need)| w * need[k]).sum())
    }
}

/// Probabilities of living alone, and of living as a couple when one does not live alone, from relative frequencies.
fn arrangements([alone, couple, children]: [f64; ARRANGEMENTS]) -> [BinomialChance; ARRANGEMENTS - 1] {
    let share = |part: f64, whole: f64| BinomialChance::new(if whole > 0.0 { part / whole } else { 0.0 });
    [share(alone, alone + couple + children), share(couple, couple + children)]
}

/// Onset hazards from each level to the next, a year.
type Onset = [f64; LEVELS - 1];

/// Need by sex and age, and how it moves.
#[derive(Clone, Debug)]
pub(super) struct Need {
    groups: [Vec<Group>; 2],
    /// Shape: sex x (group x level).
    living: [Vec<[BinomialChance; ARRANGEMENTS - 1]>; 2],
    /// Shape: sex x age.
    prevalence: Vec<Shares>,
    moves: Moves,
    /// Solved onset, where the moves leave any open. Shape: factor x sex x age.
    onset: Vec<Onset>,
    /// Death rate of all levels together, if known. Shape: sex x age.
    deaths: Option<Vec<f64>>,
}

impl Need {
    /// Graduates the groups of each sex (at least one a sex, in order of age) and solves the rates that `moves` leaves open.
    pub(super) fn new(groups: &[Vec<Group>; 2], moves: Moves, deaths: Option<&[f64]>) -> Self {
        let mut need = Self {
            groups: groups.clone(),
            living: groups.each_ref().map(|groups| groups.iter().flat_map(Group::living_by_need).collect()),
            prevalence: Vec::new(),
            moves,
            onset: Vec::new(),
            deaths: deaths.map(<[f64]>::to_vec),
        };
        for group in groups {
            let known: Vec<(f64, Shares)> = group.iter().map(|g| (g.midpoint, g.average())).collect();
            need.prevalence.extend((0..AGES).map(|age| graduate(&known, (FIRST_AGE + age) as f64 + 0.5)));
        }
        need.solve();
        need
    }

    /// Shares by level at an age when all tails of the table are multiplied by `level` on the odds.
    pub(super) fn shares(&self, sex: usize, age: usize, level: f64) -> Shares {
        let cell = sex * AGES + age;
        let tails: Shares = std::array::from_fn(|k| if k == 0 { 1.0 } else { self.tail(cell, k, level) });
        std::array::from_fn(|k| tails[k] - tails.get(k + 1).copied().unwrap_or(0.0))
    }

    /// Share at level `from` or worse in a cell (sex x age) when the table's odds are multiplied by `level`.
    pub(super) fn tail(&self, cell: usize, from: usize, level: f64) -> f64 {
        let share: f64 = self.prevalence[cell][from..].iter().sum();
        let odds = level * share / (1.0 - share).max(1e-12);
        odds / (1.0 + odds)
    }

    /// The factor on the odds at which `share` of the people aged `youngest` or more are at level `from` or worse. People
    /// have the shape sex x age.
    pub(super) fn level_for(&self, share: f64, (from, youngest): (usize, usize), people: &[f64]) -> f64 {
        let of_age = |cell: &usize| FIRST_AGE + cell % AGES >= youngest;
        let all: f64 = (0..2 * AGES).filter(of_age).map(|cell| people[cell]).sum();
        let in_need = |level: f64| {
            (0..2 * AGES).filter(of_age).map(|cell| people[cell] * self.tail(cell, from, level)).sum::<f64>()
        };
        // Bisection on the logarithm: the share rises with the level. Without people any level will do.
        let (mut low, mut high) = (-12.0_f64, 12.0_f64);
        for _ in 0..if all > 0.0 { 50 } else { 0 } {
            let middle = 0.5 * (low + high);
            if in_need(libm::exp(middle)) < share * all {
                low = middle;
            } else {
                high = middle;
            }
        }
        libm::exp(0.5 * (low + high))
    }

    /// Number of age groups of the tables of a sex.
    pub(super) const fn groups(&self, sex: usize) -> usize {
        self.groups[sex].len()
    }

    /// The age group of a sex that contains an age (0 = 60), the first or last beyond the table.
    pub(super) fn group_of(&self, sex: usize, age: usize) -> usize {
        self.groups[sex].iter().rposition(|g| g.from <= FIRST_AGE + age).unwrap_or(0)
    }

    /// Who of a group at a level of need lives alone, and who of the others as a couple (Bayes).
    pub(super) fn living(&self, sex: usize, group: usize, level: usize) -> &[BinomialChance; ARRANGEMENTS - 1] {
        &self.living[sex][group * LEVELS + level]
    }
}

/// Shares at an age by straight lines of the tails' log odds between (and beyond) group midpoints.
fn graduate(groups: &[(f64, Shares)], age: f64) -> Shares {
    let logit = |share: f64| libm::log(share.clamp(1e-6, 0.99) / (1.0 - share.clamp(1e-6, 0.99)));
    let tail = |shares: &Shares, k: usize| logit(shares[k..].iter().sum());
    let after = groups.partition_point(|(midpoint, _)| *midpoint <= age).clamp(1, groups.len().max(2) - 1);
    let mut tails = [1.0; LEVELS];
    for (k, out) in tails.iter_mut().enumerate().skip(1) {
        let value = match (groups.get(after - 1), groups.get(after)) {
            (Some((a, low)), Some((b, high))) => tail(low, k) + (tail(high, k) - tail(low, k)) * (age - a) / (b - a),
            (Some((_, only)), None) | (None, Some((_, only))) => tail(only, k),
            (None, None) => f64::NEG_INFINITY,
        };
        // Beyond the last group the line is held at 19 in 20: no table speaks of everybody.
        *out = 1.0 / (1.0 + libm::exp(-value.min(2.944)));
    }
    for k in (1..LEVELS - 1).rev() {
        tails[k] = tails[k].max(tails[k + 1]);
    }
    std::array::from_fn(|k| tails[k] - tails.get(k + 1).copied().unwrap_or(0.0))
}

#[cfg(test)]
mod tests;
