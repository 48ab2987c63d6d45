//! How need moves in a year: where the rates come from, and the outcomes by age at a level of need.

use super::embedding::living;
use super::hazards::Hazards;
use super::matrix::{Matrix, exponential};
use super::{AGES, FIRST_AGE, LEVELS, Leaving, Need, Onset, Outcomes, Rates, Shares};

/// Factors on the odds of need for which onset is solved: powers of the fourth root of 2 from 1/8 to 8.
const SOLVED: usize = 25;

/// First level with a disability in activities of daily living: moderate.
const DISABLED: usize = 2;

/// Where the yearly rates come from.
#[derive(Clone, Debug)]
pub(in super::super) enum Moves {
    /// Onset is solved from the table of need; recovery to the next milder level and mortality relative to no need are
    /// given.
    Solved {
        /// From mild, moderate and severe to the level before.
        recovery: Onset,
        /// By level.
        mortality: Shares,
    },
    /// Across the line of ADL disability the rates of Fu, Sherris and Xu (2021); onset on either side of it is solved.
    Published {
        /// From mild, moderate and severe to the level before; the middle one is not used.
        recovery: Onset,
    },
    /// Rates by sex and age.
    Given(Vec<Rates>),
}

impl Need {
    /// Solves the onsets that the moves leave open.
    pub(super) fn solve(&mut self) {
        if matches!(self.moves, Moves::Given(_)) {
            return;
        }
        for solved in 0..SOLVED {
            let level = level_of(solved);
            for cell in 0..2 * AGES {
                let (sex, age) = (cell / AGES, cell % AGES);
                let from = self.shares(sex, age, level);
                let to = self.shares(sex, (age + 1).min(AGES - 1), level);
                let onset = self.solve_onset((sex, age), level, &from, &to);
                self.onset.push(onset);
            }
        }
    }

    /// One year's outcomes for odds multiplied by `level`. Shape: sex x age.
    pub(in super::super) fn transitions(
        &self,
        level: f64,
        out: &mut Vec<Outcomes>,
        leaving: &mut Vec<[Leaving; LEVELS]>,
    ) {
        out.clear();
        leaving.clear();
        for cell in 0..2 * AGES {
            let (sex, age) = (cell / AGES, cell % AGES);
            let rates = self.rates((sex, age), level, &self.onset_at(cell, level), &self.shares(sex, age, level));
            leaving.push(std::array::from_fn(|from| {
                let milder = |k: usize| if k <= from { rates[from][k - 1] } else { 0.0 };
                std::array::from_fn(|k| if k == 0 { rates[from][LEVELS] } else { milder(k) })
            }));
            let after = exponential(&living(&rates));
            out.push(std::array::from_fn(|from| {
                let alive: f64 = after[from].iter().sum();
                std::array::from_fn(|to| after[from].get(to).map_or((1.0 - alive).max(0.0), |p| p.max(0.0)))
            }));
        }
    }

    /// The solved onset at a level of need; between two solved factors it is nearly proportional to the factor.
    fn onset_at(&self, cell: usize, level: f64) -> Onset {
        if self.onset.is_empty() {
            return [0.0; LEVELS - 1];
        }
        let at = ((libm::log2(level) + 3.0) * 4.0).clamp(0.0, (SOLVED - 1) as f64);
        let below = (at as usize).min(SOLVED - 2);
        let (lower, upper) = (level_of(below), level_of(below + 1));
        let part = ((level - lower) / (upper - lower)).clamp(0.0, 1.0);
        let (low, high) = (self.onset[below * 2 * AGES + cell], self.onset[(below + 1) * 2 * AGES + cell]);
        std::array::from_fn(|k| low[k] + part * (high[k] - low[k]))
    }

    /// Yearly rates at an age; deaths are scaled for people with these shares.
    pub(super) fn rates(&self, (sex, age): (usize, usize), level: f64, onset: &Onset, shares: &Shares) -> Rates {
        let published = || Hazards::at(FIRST_AGE + age, sex);
        let mut rates = [[0.0; LEVELS + 1]; LEVELS];
        match &self.moves {
            Moves::Solved { recovery, mortality } => {
                // With a life table only the ratios of the levels matter.
                let able = if self.deaths.is_some() { 1.0 } else { published().death_able };
                for (k, row) in rates.iter_mut().enumerate() {
                    if k + 1 < LEVELS {
                        row[k + 1] = onset[k];
                    }
                    if k > 0 {
                        row[k - 1] = recovery[k - 1];
                    }
                    row[LEVELS] = able * mortality[k];
                }
            }
            Moves::Published { recovery } => {
                let published = published();
                // Who is disabled, or not, is a chain of its own: these rates are the same from either level of a side.
                let [none, mild, moderate, severe] = &mut rates;
                (none[1], none[2], none[LEVELS]) = (onset[0], level * published.onset, published.death_able);
                (mild[0], mild[2], mild[LEVELS]) = (recovery[0], level * published.onset, published.death_able);
                (moderate[3], moderate[1], moderate[LEVELS]) = (onset[2], published.recovery, published.death_disabled);
                (severe[2], severe[1], severe[LEVELS]) = (recovery[2], published.recovery, published.death_disabled);
            }
            Moves::Given(given) => {
                rates = given[sex * AGES + age];
                for (from, row) in rates.iter_mut().enumerate() {
                    row[from + 1..LEVELS].iter_mut().for_each(|onset| *onset *= level);
                }
            }
        }
        if let Some(table) = &self.deaths {
            let own: f64 = shares.iter().zip(&rates).map(|(share, row)| share * row[LEVELS]).sum();
            if own > 0.0 {
                rates.iter_mut().for_each(|row| row[LEVELS] *= table[sex * AGES + age] / own);
            }
        }
        rates
    }

    /// Onset under which shares `from` become `to` among survivors: fixed point on the tails, on each side of the line of
    /// disability where the rates across it are given.
    fn solve_onset(&self, at: (usize, usize), level: f64, from: &Shares, to: &Shares) -> Onset {
        let (recovery, sides) = match &self.moves {
            Moves::Solved { recovery, .. } => (recovery, &[(0, LEVELS)][..]),
            Moves::Published { recovery } => (recovery, &[(0, DISABLED), (DISABLED, LEVELS)][..]),
            Moves::Given(_) => return [0.0; LEVELS - 1],
        };
        let mut onset: Onset =
            std::array::from_fn(|k| (recovery[k] * from[k + 1] / from[k].max(1e-9) + 0.01).max(1e-4));
        for _ in 0..100 {
            let rates = self.rates(at, level, &onset, from);
            let p = survivors_mix(from, &exponential(&living(&rates)));
            let mut worst = 0.0_f64;
            for &(first, end) in sides {
                let share = |shares: &Shares, k: usize| {
                    shares[k..end].iter().sum::<f64>() / shares[first..end].iter().sum::<f64>().max(1e-12)
                };
                let here: f64 = from[first..end].iter().sum();
                for k in first..end - 1 {
                    let short = share(to, k + 1) - share(&p, k + 1);
                    worst = worst.max(short.abs());
                    onset[k] = (onset[k] + short * here / from[k].max(1e-6)).max(0.0);
                }
            }
            if worst < 1e-11 {
                break;
            }
        }
        onset
    }
}

/// The factor on the odds at a position of the solved onsets.
fn level_of(solved: usize) -> f64 {
    libm::exp2(solved as f64 / 4.0 - 3.0)
}

/// Shares among the survivors of people who start with shares `from`.
fn survivors_mix(from: &Shares, p: &Matrix) -> Shares {
    let mix: Shares = std::array::from_fn(|j| (0..LEVELS).map(|i| from[i] * p[i][j]).sum());
    let alive: f64 = mix.iter().sum();
    mix.map(|v| v / alive)
}
