//! Ways out of a cell in a year: death, leaving the district, moving to another of its areas, as competing risks.
//!
//! With cumulated hazards d, o, m over the year, each person goes with probability `1 - exp(-(d + o + m))`, and by each
//! way in proportion to its hazard: one multinomial, so that no order of events matters and nobody leaves twice. A
//! cohort aged x in January is exposed to the rates of ages x and x + 1 for half a year each; newborns to those of age 0
//! for half a year.

use super::draws::Chances;
use super::migration::Migration;
use super::mortality::Mortality;
use super::rows::{LANES, Lanes, Row, WIDTH, exp_minus, logarithms};
use super::view::{AGES, SEXES};
use crate::simd::{Kernel, in_widest};
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

/// The risks of all cohorts of one sex, as they are drawn: who moves, who of the others leaves, who of the rest dies. The
/// order of these conditional chances changes nothing: together they are the multinomial law.
#[derive(Clone, Debug)]
pub(super) struct Risks {
    pub(super) moving: Chances,
    pub(super) leaving: Chances,
    pub(super) dying: Chances,
}

/// The exits of one area, computed anew only when its parameters differ from those of the area before.
#[derive(Clone, Debug)]
pub struct Exits {
    pub(super) risks: [Risks; SEXES],
    /// Yearly rates that cohorts meet: leaving on this path, moving within.
    leaving: [Row; SEXES],
    within: [Row; SEXES],
    /// Factors on the rows of deaths, leaving and moving.
    factors: [f64; 3],
    /// Further hazards of leaving and moving.
    further: Further,
    made_for: Option<(i32, [f64; 4], Further)>,
    deaths: [Row; SEXES],
    deaths_for: Option<(i32, f64)>,
}

/// What comes on top of the rates of a year and area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Further {
    /// Factor on deaths, by known totals.
    pub deaths: f64,
    /// Factor on leaving the district, by known totals.
    pub leaving: f64,
    /// Hazards of leaving and of moving within, the same at every age, by projects that move people.
    pub out: (f64, f64),
}

impl Further {
    /// Nothing.
    pub const NONE: Self = Self { deaths: 1.0, leaving: 1.0, out: (0.0, 0.0) };
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
        let none = Risks { moving: Chances::NONE, leaving: Chances::NONE, dying: Chances::NONE };
        let met = |rates: &[[f64; AGES]; SEXES]| rates.each_ref().map(|r| std::array::from_fn(|slot| exposed(r, slot)));
        Self {
            risks: [none.clone(), none],
            leaving: met(&migration.leaving),
            within: met(&migration.within),
            factors: [0.0; 3],
            further: Further::NONE,
            made_for: None,
            deaths: [[0.0; WIDTH]; SEXES],
            deaths_for: None,
        }
    }

    /// Forgets what was computed, at the start of a replication. `doubt` is the path's factor on the rates of leaving.
    pub(super) fn forget(&mut self, migration: &Migration, doubt: &Row) {
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
        let rates = [self.deaths[sex][slot], self.leaving[sex][slot], self.within[sex][slot]];
        let [d, o, m] = std::array::from_fn(|way| rates[way] * self.factors[way]);
        // The newborn are there for half a year.
        let there = if slot == 0 { 0.5 } else { 1.0 };
        let (o, m) = (o + there * self.further.out.0, m + there * self.further.out.1);
        let hazard = d + o + m;
        Risk { hazard, going: -libm::expm1(-hazard), death: d / hazard.max(NEVER), leaving: o / (o + m).max(NEVER) }
    }

    /// Makes the tables of an area; told are whether it has anywhere to move to, and what comes on top of its rates.
    pub fn prepare(
        &mut self,
        (mortality, migration): (&Mortality, &Migration),
        draw: &ParameterDraw,
        period: Period,
        (area, can_move, further): (usize, bool, Further),
    ) {
        let level = mortality.level(draw, period.index, area);
        let leaving = draw.at(migration.leaving_factor, period.index, area);
        let moving = if can_move { draw.at(migration.within_factor, period.index, area) } else { 0.0 };
        let key = (period.year, [level, leaving, moving, period.length], further);
        if self.made_for == Some(key) {
            return;
        }
        self.made_for = Some(key);
        self.prepare_deaths(mortality, period.year, level);
        self.further = further;
        let leaving = leaving * further.leaving;
        self.factors = [period.length * further.deaths, leaving * period.length, moving * period.length];
        for (sex, risks) in self.risks.iter_mut().enumerate() {
            let rates = [&self.deaths[sex], &self.leaving[sex], &self.within[sex]];
            in_widest(Competition { rates, factors: self.factors, further, risks });
        }
    }

    /// The hazards of death, which most areas have in common.
    fn prepare_deaths(&mut self, mortality: &Mortality, year: i32, level: f64) {
        if self.deaths_for != Some((year, level)) {
            self.deaths_for = Some((year, level));
            for (sex, row) in self.deaths.iter_mut().enumerate() {
                mortality.hazards(sex, year, level, row);
            }
        }
    }
}

/// A hazard of 0 has no shares: this keeps the division finite.
const NEVER: f64 = 1e-300;

/// Competing risks from rows of yearly rates (deaths, leaving, moving), each with its factor.
///
/// With `g = exp(-h)` of all, the share that has not left or moved is `g + (1 - g) d / h`, and the share that has not
/// moved is that and `(1 - g) o / h`.
struct Competition<'a> {
    rates: [&'a Row; 3],
    factors: [f64; 3],
    further: Further,
    risks: &'a mut Risks,
}

impl Kernel for Competition<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let rates = self.rates.map(|row| row.as_chunks().0);
        let Risks { moving, leaving, dying } = self.risks;
        let risks = moving.lanes_mut().zip(leaving.lanes_mut()).zip(dying.lanes_mut());
        for (chunk, ((moving, leaving), dying)) in risks.enumerate() {
            let [mut deaths, mut outs, mut moves]: [Lanes; 3] = std::array::from_fn(|way| rates[way][chunk]);
            let [mut hazards, mut stay, mut settled, mut unmoved] = [[0.0; LANES]; 4];
            for at in 0..LANES {
                deaths[at] *= self.factors[0];
                outs[at] = outs[at] * self.factors[1] + self.further.out.0;
                moves[at] = moves[at] * self.factors[2] + self.further.out.1;
                hazards[at] = deaths[at] + outs[at] + moves[at];
            }
            exp_minus(&hazards, &mut stay);
            for at in 0..LANES {
                let share = (1.0 - stay[at]) / hazards[at].max(NEVER);
                settled[at] = stay[at] + deaths[at] * share;
                unmoved[at] = settled[at] + outs[at] * share;
                dying.1[at] = deaths[at] * share / stay[at];
                leaving.1[at] = outs[at] * share / settled[at];
                moving.1[at] = moves[at] * share / unmoved[at];
            }
            let [mut settled_log, mut unmoved_log] = [[0.0; LANES]; 2];
            logarithms(&settled, &mut settled_log);
            logarithms(&unmoved, &mut unmoved_log);
            for at in 0..LANES {
                dying.0[at] = hazards[at] + settled_log[at];
                leaving.0[at] = unmoved_log[at] - settled_log[at];
                moving.0[at] = -unmoved_log[at];
            }
        }
    }
}

/// The yearly rate that a cohort meets: half a year at each of its two ages; newborns half a year in all. Slots beyond the
/// last have its rate.
pub fn exposed(rates: &[f64; AGES], slot: usize) -> f64 {
    let before = if slot == 0 { 0.0 } else { rates[(slot - 1).min(AGES - 1)] };
    0.5 * (before + rates[slot.min(AGES - 1)])
}
