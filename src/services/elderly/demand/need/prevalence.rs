//! How many need care: the cross-section of the table, graduated to single ages.
//!
//! Tails (shares at a level or worse) are linear on the logit between group midpoints. All tails may be multiplied by one
//! factor on the odds, which shifts the table to another definition of need or to the district's own share.

use super::levels::{AGES, ARRANGEMENTS, FIRST_AGE, LEVELS, SexAge, Shares};
use crate::random::BinomialChance;

/// One row pair of the tables: an age group of one sex.
#[derive(Clone, Debug)]
pub(crate) struct Group {
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

/// Need by sex and age at the start of a path, and living arrangements by need.
#[derive(Clone, Debug)]
pub(crate) struct Prevalence {
    groups: [Vec<Group>; 2],
    /// Shape: sex x (group x level).
    living: [Vec<[BinomialChance; ARRANGEMENTS - 1]>; 2],
    /// Shape: sex x age.
    shares: Vec<Shares>,
}

/// People who count as being in need: those at this level or worse, from this age on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InNeed {
    pub from: usize,
    pub youngest: usize,
}

impl Prevalence {
    /// Graduates the groups of each sex (at least one a sex, in order of age).
    pub(crate) fn new(groups: &[Vec<Group>; 2]) -> Self {
        let mut shares = Vec::new();
        for group in groups {
            let known: Vec<(f64, Shares)> = group.iter().map(|g| (g.midpoint, g.average())).collect();
            shares.extend((0..AGES).map(|age| graduate(&known, (FIRST_AGE + age) as f64 + 0.5)));
        }
        Self {
            groups: groups.clone(),
            living: groups.each_ref().map(|groups| groups.iter().flat_map(Group::living_by_need).collect()),
            shares,
        }
    }

    /// Shares by level at an age when all tails of the table are multiplied by `odds` on the odds.
    pub(crate) fn shares(&self, at: SexAge, odds: f64) -> Shares {
        let tails: Shares = std::array::from_fn(|k| if k == 0 { 1.0 } else { self.tail(at, k, odds) });
        std::array::from_fn(|k| tails[k] - tails.get(k + 1).copied().unwrap_or(0.0))
    }

    /// Share at level `from` or worse at an age when the table's odds are multiplied by `factor`.
    pub(crate) fn tail(&self, at: SexAge, from: usize, factor: f64) -> f64 {
        let share: f64 = self.shares[at.cell()][from..].iter().sum();
        let odds = factor * share / (1.0 - share).max(1e-12);
        odds / (1.0 + odds)
    }

    /// The factor on the odds at which `share` of `people` of the ages that count are in need. People have the shape
    /// sex x age.
    pub(crate) fn odds_factor_for(&self, share: f64, counted: InNeed, people: &[f64]) -> f64 {
        let of_age = |at: &SexAge| at.years() >= counted.youngest;
        let all: f64 = SexAge::all().filter(of_age).map(|at| people[at.cell()]).sum();
        let in_need = |factor: f64| {
            let cells = SexAge::all().filter(of_age);
            cells.map(|at| people[at.cell()] * self.tail(at, counted.from, factor)).sum::<f64>()
        };
        // Bisection on the logarithm: the share rises with the factor. Without people any factor will do.
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
    pub(crate) const fn groups(&self, sex: usize) -> usize {
        self.groups[sex].len()
    }

    /// The age group of the tables that contains an age, the first or last beyond them.
    pub(crate) fn group_of(&self, at: SexAge) -> usize {
        self.groups[at.sex].iter().rposition(|g| g.from <= at.years()).unwrap_or(0)
    }

    /// Who of a group at a level of need lives alone, and who of the others as a couple (Bayes).
    pub(crate) fn living(&self, sex: usize, group: usize, level: usize) -> &[BinomialChance; ARRANGEMENTS - 1] {
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
