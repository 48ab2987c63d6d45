//! How need moves in a year: where the rates come from, and the outcomes by age at a level of need.
//!
//! Each year need moves by `P = expm(Q)` of a generator of yearly rates; no root of a yearly matrix is taken. Where the
//! rates come from is [`RateSource`]:
//!
//! - *solved*: onset between neighbouring levels such that a cohort with the table's shares at age x has, among survivors,
//!   the table's shares at x + 1: the definition of need stays that of the table;
//! - *published*: onset, recovery and death across the line of ADL disability as in Fu, Sherris and Xu (2021, CEPAR working
//!   paper 2021/03, static model); on each side of the line the levels are solved as above;
//! - *given*: a table of rates, or of yearly probabilities and the generator behind them ([`super::embedding`]).
//!
//! Deaths by level are scaled so that all levels together have the death rate of the life table. Where no table is given,
//! people without need die as in Fu, Sherris and Xu.

use super::embedding::living;
use super::levels::{AGES, ExitRates, LEVELS, MODERATE, Outcomes, Rates, SexAge, Shares};
use super::matrix::{Matrix, exponential};
use super::prevalence::Prevalence;
use super::published_rates::PublishedRates;

/// Factors on the odds of need for which onset is solved: powers of the fourth root of 2 from 1/8 to 8.
const SOLVED: usize = 25;

/// Onset rates from each level to the next, a year.
pub(crate) type Onset = [f64; LEVELS - 1];

/// Where the yearly rates come from.
#[derive(Clone, Debug)]
pub(crate) enum RateSource {
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

/// How need moves, by sex and age.
#[derive(Clone, Debug)]
pub(crate) struct Transitions {
    source: RateSource,
    /// Solved onset, where the source leaves any open. Shape: factor x sex x age.
    onset: Vec<Onset>,
    /// Death rate of all levels together, if known. Shape: sex x age.
    deaths: Option<Vec<f64>>,
}

/// One year's transitions at one factor on the odds. Shape of both: sex x age.
#[derive(Clone, Debug, Default)]
pub(crate) struct YearlyTransitions {
    pub outcomes: Vec<Outcomes>,
    /// By level.
    pub exits: Vec<[ExitRates; LEVELS]>,
}

impl Transitions {
    /// Solves the rates that `source` leaves open.
    pub(crate) fn new(prevalence: &Prevalence, source: RateSource, deaths: Option<&[f64]>) -> Self {
        let mut transitions = Self { source, onset: Vec::new(), deaths: deaths.map(<[f64]>::to_vec) };
        if !matches!(transitions.source, RateSource::Given(_)) {
            for solved in 0..SOLVED {
                for at in SexAge::all() {
                    let onset = transitions.solve_onset(prevalence, at, factor_of(solved));
                    transitions.onset.push(onset);
                }
            }
        }
        transitions
    }

    /// One year's outcomes and exits for odds multiplied by `factor`.
    pub(crate) fn of_year(&self, prevalence: &Prevalence, factor: f64, out: &mut YearlyTransitions) {
        out.outcomes.clear();
        out.exits.clear();
        for at in SexAge::all() {
            let rates = self.rates(at, factor, &self.onset_at(at, factor), &prevalence.shares(at, factor));
            out.exits.push(std::array::from_fn(|from| {
                let milder = |k: usize| if k <= from { rates[from][k - 1] } else { 0.0 };
                std::array::from_fn(|k| if k == 0 { rates[from][LEVELS] } else { milder(k) })
            }));
            let after = exponential(&living(&rates));
            out.outcomes.push(std::array::from_fn(|from| {
                let alive: f64 = after[from].iter().sum();
                std::array::from_fn(|to| after[from].get(to).map_or((1.0 - alive).max(0.0), |p| p.max(0.0)))
            }));
        }
    }

    /// The solved onset at a factor on the odds; between two solved factors it is nearly proportional to the factor.
    fn onset_at(&self, at: SexAge, factor: f64) -> Onset {
        if self.onset.is_empty() {
            return [0.0; LEVELS - 1];
        }
        let position = ((libm::log2(factor) + 3.0) * 4.0).clamp(0.0, (SOLVED - 1) as f64);
        let below = (position as usize).min(SOLVED - 2);
        let (lower, upper) = (factor_of(below), factor_of(below + 1));
        let part = ((factor - lower) / (upper - lower)).clamp(0.0, 1.0);
        let solved = |number: usize| self.onset[number * 2 * AGES + at.cell()];
        let (low, high) = (solved(below), solved(below + 1));
        std::array::from_fn(|k| low[k] + part * (high[k] - low[k]))
    }

    /// Yearly rates at an age; deaths are scaled for people with these shares.
    pub(super) fn rates(&self, at: SexAge, factor: f64, onset: &Onset, shares: &Shares) -> Rates {
        let mut rates = self.unscaled_rates(at, factor, onset);
        if let Some(table) = &self.deaths {
            let own: f64 = shares.iter().zip(&rates).map(|(share, row)| share * row[LEVELS]).sum();
            if own > 0.0 {
                rates.iter_mut().for_each(|row| row[LEVELS] *= table[at.cell()] / own);
            }
        }
        rates
    }

    fn unscaled_rates(&self, at: SexAge, factor: f64, onset: &Onset) -> Rates {
        let published = || PublishedRates::at(at.years(), at.sex);
        let mut rates = [[0.0; LEVELS + 1]; LEVELS];
        match &self.source {
            RateSource::Solved { recovery, mortality } => {
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
            RateSource::Published { recovery } => {
                let published = published();
                // Who is disabled, or not, is a chain of its own: these rates are the same from either level of a side.
                let [none, mild, moderate, severe] = &mut rates;
                (none[1], none[2], none[LEVELS]) = (onset[0], factor * published.onset, published.death_able);
                (mild[0], mild[2], mild[LEVELS]) = (recovery[0], factor * published.onset, published.death_able);
                (moderate[3], moderate[1], moderate[LEVELS]) = (onset[2], published.recovery, published.death_disabled);
                (severe[2], severe[1], severe[LEVELS]) = (recovery[2], published.recovery, published.death_disabled);
            }
            RateSource::Given(given) => {
                rates = given[at.cell()];
                for (from, row) in rates.iter_mut().enumerate() {
                    row[from + 1..LEVELS].iter_mut().for_each(|onset| *onset *= factor);
                }
            }
        }
        rates
    }

    /// Onset under which a cohort's shares at an age become those of the next among survivors: fixed point on the tails, on
    /// each side of the line of disability where the rates across it are given.
    fn solve_onset(&self, prevalence: &Prevalence, at: SexAge, factor: f64) -> Onset {
        const WHOLE: std::ops::Range<usize> = 0..LEVELS;
        let (recovery, sides) = match &self.source {
            RateSource::Solved { recovery, .. } => (recovery, std::slice::from_ref(&WHOLE)),
            RateSource::Published { recovery } => (recovery, &[0..MODERATE, MODERATE..LEVELS][..]),
            RateSource::Given(_) => return [0.0; LEVELS - 1],
        };
        let older = SexAge { age: (at.age + 1).min(AGES - 1), ..at };
        let (from, to) = (prevalence.shares(at, factor), prevalence.shares(older, factor));
        let mut onset: Onset =
            std::array::from_fn(|k| (recovery[k] * from[k + 1] / from[k].max(1e-9) + 0.01).max(1e-4));
        for _ in 0..100 {
            let rates = self.rates(at, factor, &onset, &from);
            let p = survivors_mix(&from, &exponential(&living(&rates)));
            let mut worst = 0.0_f64;
            for side in sides {
                let share = |shares: &Shares, k: usize| {
                    shares[k..side.end].iter().sum::<f64>() / shares[side.clone()].iter().sum::<f64>().max(1e-12)
                };
                let here: f64 = from[side.clone()].iter().sum();
                for k in side.start..side.end - 1 {
                    let short = share(&to, k + 1) - share(&p, k + 1);
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
fn factor_of(solved: usize) -> f64 {
    libm::exp2(solved as f64 / 4.0 - 3.0)
}

/// Shares among the survivors of people who start with shares `from`.
fn survivors_mix(from: &Shares, p: &Matrix) -> Shares {
    let mix: Shares = std::array::from_fn(|j| (0..LEVELS).map(|i| from[i] * p[i][j]).sum());
    let alive: f64 = mix.iter().sum();
    mix.map(|v| v / alive)
}
