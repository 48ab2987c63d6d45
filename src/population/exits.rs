//! Ways out of a cell in a year: death, leaving the district, moving to another of its areas, as competing risks.
//!
//! With cumulated hazards d, o, m over the year, each person goes with probability `1 - exp(-(d + o + m))`, and by each
//! way in proportion to its hazard: one multinomial, so that no order of events matters and nobody leaves twice. A
//! cohort aged x in January is exposed to the rates of ages x and x + 1 for half a year each; newborns to those of age 0
//! for half a year.

use super::lifetable::SLOTS;
use super::migration::Migration;
use super::mortality::Mortality;
use super::rows::{Row, exp_minus, going, logarithms};
use super::view::{AGES, SEXES};
use crate::uncertainty::ParameterDraw;

/// The risks of one cohort.
#[derive(Clone, Copy, Debug, Default)]
pub struct Risk {
    /// Cumulated hazard of going at all.
    pub hazard: f64,
    /// Probability of going: `1 - exp(-hazard)`.
    pub going: f64,
    /// Probability of death, given that one goes.
    pub death: f64,
    /// Probability of leaving the district, given that one goes and does not die.
    pub leaving: f64,
}

/// The risks of all cohorts of one sex, and what draws need of them.
#[derive(Clone, Debug)]
pub(super) struct Risks {
    pub(super) hazard: Row,
    pub(super) going: Row,
    pub(super) stay: Row,
    pub(super) log_odds: Row,
    pub(super) death: Row,
    pub(super) leaving: Row,
    /// Probability of moving within the district, given that one goes.
    pub(super) moving: Row,
}

/// The exits of one area, computed anew only when its parameters differ from those of the area before.
#[derive(Clone, Debug)]
pub struct Exits {
    pub(super) risks: [Risks; SEXES],
    /// Yearly rates that cohorts meet: leaving on this path, moving within.
    leaving: [Row; SEXES],
    within: [Row; SEXES],
    made_for: Option<(i32, [f64; 4])>,
    deaths: [Row; SEXES],
    deaths_for: Option<(i32, f64)>,
}

/// The year (or part of one) that exits are made for.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// Position among the simulated years.
    pub index: usize,
    /// Calendar year.
    pub year: i32,
    /// Length in years: 1, or less between the census and the first January.
    pub length: f64,
}

impl Exits {
    /// No risks yet, under the rates of moving of a scenario.
    pub fn new(migration: &Migration) -> Self {
        let none = [0.0; SLOTS];
        let (hazard, going, stay, log_odds, death, leaving, moving) = (none, none, none, none, none, none, none);
        let risks = Risks { hazard, going, stay, log_odds, death, leaving, moving };
        let met = |rates: &[[f64; AGES]; SEXES]| rates.each_ref().map(|r| std::array::from_fn(|slot| exposed(r, slot)));
        Self {
            risks: [risks.clone(), risks],
            leaving: met(&migration.leaving),
            within: met(&migration.within),
            made_for: None,
            deaths: [none; SEXES],
            deaths_for: None,
        }
    }

    /// Forgets what was computed, at the start of a replication. `doubt` is the path's factor on the rates of leaving.
    pub fn forget(&mut self, migration: &Migration, doubt: &Row) {
        self.made_for = None;
        self.deaths_for = None;
        for (row, rates) in self.leaving.iter_mut().zip(&migration.leaving) {
            for (slot, (rate, doubt)) in row.iter_mut().zip(doubt).enumerate() {
                *rate = exposed(rates, slot) * doubt;
            }
        }
    }

    /// The risks of a cohort.
    pub fn risk(&self, sex: usize, slot: usize) -> Risk {
        let risks = &self.risks[sex];
        let (hazard, going) = (risks.hazard[slot], risks.going[slot]);
        Risk { hazard, going, death: risks.death[slot], leaving: risks.leaving[slot] }
    }

    /// Makes the tables of an area. `can_move` is whether the area has anywhere to move to.
    pub fn prepare(
        &mut self,
        (mortality, migration): (&Mortality, &Migration),
        draw: &ParameterDraw,
        period: Period,
        (area, can_move): (usize, bool),
    ) {
        let level = mortality.level(draw, period.index, area);
        let leaving = draw.at(migration.leaving_factor, period.index, area);
        let moving = if can_move { draw.at(migration.within_factor, period.index, area) } else { 0.0 };
        let key = (period.year, [level, leaving, moving, period.length]);
        if self.made_for == Some(key) {
            return;
        }
        self.made_for = Some(key);
        self.prepare_deaths(mortality, period.year, level);
        for (sex, risks) in self.risks.iter_mut().enumerate() {
            let (deaths, outs, moves) = (&self.deaths[sex], &self.leaving[sex], &self.within[sex]);
            risks.fill((deaths, period.length), (outs, leaving * period.length), (moves, moving * period.length));
        }
    }

    /// The hazards of death, which most areas have in common.
    fn prepare_deaths(&mut self, mortality: &Mortality, year: i32, level: f64) {
        if self.deaths_for != Some((year, level)) {
            self.deaths_for = Some((year, level));
            self.deaths = std::array::from_fn(|sex| mortality.hazards(sex, year, level));
        }
    }
}

impl Risks {
    /// Competing risks from three rows of yearly rates, each with its factor.
    fn fill(&mut self, deaths: (&Row, f64), outs: (&Row, f64), moves: (&Row, f64)) {
        /// A hazard of 0 has no shares: this keeps the division finite.
        const NEVER: f64 = 1e-300;
        for slot in 0..SLOTS {
            let (d, o, m) = (deaths.0[slot] * deaths.1, outs.0[slot] * outs.1, moves.0[slot] * moves.1);
            let hazard = d + o + m;
            self.hazard[slot] = hazard;
            self.death[slot] = d / hazard.max(NEVER);
            self.leaving[slot] = o / (o + m).max(NEVER);
            self.moving[slot] = m / hazard.max(NEVER);
        }
        exp_minus(&self.hazard, &mut self.stay);
        going(&self.hazard, &self.stay, &mut self.going);
        let odds = std::array::from_fn(|slot| (self.going[slot] / self.stay[slot]).max(NEVER));
        logarithms(&odds, &mut self.log_odds);
    }
}

/// The yearly rate that a cohort meets: half a year at each of its two ages; newborns half a year in all.
pub fn exposed(rates: &[f64; AGES], slot: usize) -> f64 {
    let before = if slot == 0 { 0.0 } else { rates[slot - 1] };
    0.5 * (before + rates[slot.min(AGES - 1)])
}
