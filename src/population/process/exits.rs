//! Ways out of a cell in a year: death, leaving the district, moving to another of its areas, as competing risks.
//!
//! With cumulated hazards d, o, m over the year, each person goes with probability `1 - exp(-(d + o + m))`, and by each
//! way in proportion to its hazard: one multinomial, so that no order of events matters and nobody leaves twice. A
//! cohort aged x in January is exposed to the rates of ages x and x + 1 for half a year each; newborns to those of age 0
//! for half a year.

use super::control_totals::AlignmentFactors;
use super::deaths::Mortality;
use super::migration::Migration;
use super::rates::exposed;
use crate::population::kernel::binomial_kernels::BinomialTables;
use crate::population::kernel::cohort_kernel::ExitTables;
use crate::population::kernel::simd_rows::{LANES, Lanes, Row, WIDTH, exp_minus, logarithms};
use crate::population::view::{AGES, Period, SEXES};
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

/// The exits of one area, computed anew only when its parameters differ from those of the area before.
#[derive(Clone, Debug)]
pub struct Exits {
    pub(super) tables: [ExitTables; SEXES],
    /// Yearly rates that cohorts meet: leaving the district on this path, moving within it.
    out_migration: [Row; SEXES],
    internal: [Row; SEXES],
    factors: RateFactors,
    made_for: Option<MadeFor>,
    deaths: [Row; SEXES],
    deaths_for: Option<DeathsFor>,
}

/// Factors on the yearly rates of an area: those of the path, the length of the period and control totals in one.
#[derive(Clone, Copy, Debug, Default)]
struct RateFactors {
    deaths: f64,
    out_migration: f64,
    internal: f64,
}

/// What the tables at hand were computed from; equal inputs give equal tables.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MadeFor {
    year: i32,
    length: f64,
    mortality: f64,
    out_migration: f64,
    internal: f64,
    control_of_deaths: f64,
    control_of_out_migration: f64,
}

/// What the hazards of death at hand were computed from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct DeathsFor {
    year: i32,
    factor: f64,
}

/// What the exits of an area in a period are computed from.
#[derive(Clone, Copy, Debug)]
pub struct ExitInputs<'a> {
    /// Deaths of the scenario.
    pub mortality: &'a Mortality,
    /// Moves of the scenario.
    pub migration: &'a Migration,
    /// Parameters of the path.
    pub draw: &'a ParameterDraw,
    /// The year, or part of one.
    pub period: Period,
    /// The area.
    pub area: usize,
    /// Whether there is another area to move to.
    pub can_move: bool,
    /// Factors that align the year to control totals.
    pub control: AlignmentFactors,
}

impl Exits {
    /// No risks yet, under the rates of moving of a scenario.
    pub fn new(migration: &Migration) -> Self {
        let never = BinomialTables::NONE;
        let none = ExitTables { moving: never.clone(), leaving: never.clone(), dying: never };
        let met = |rates: &[[f64; AGES]; SEXES]| rates.each_ref().map(|r| std::array::from_fn(|slot| exposed(r, slot)));
        Self {
            tables: [none.clone(), none],
            out_migration: met(&migration.out_rates),
            internal: met(&migration.internal_rates),
            factors: RateFactors::default(),
            made_for: None,
            deaths: [[0.0; WIDTH]; SEXES],
            deaths_for: None,
        }
    }

    /// Forgets what was computed, at the start of a replication. `age_factors` are the path's factors on the rates of leaving.
    pub(super) fn reset(&mut self, migration: &Migration, age_factors: &Row) {
        self.made_for = None;
        self.deaths_for = None;
        for (row, rates) in self.out_migration.iter_mut().zip(&migration.out_rates) {
            for (slot, (rate, factor)) in row.iter_mut().zip(age_factors).enumerate() {
                *rate = exposed(rates, slot) * factor;
            }
        }
    }

    /// The risks of a cohort.
    pub fn risk(&self, sex: usize, slot: usize) -> Risk {
        let d = self.deaths[sex][slot] * self.factors.deaths;
        let o = self.out_migration[sex][slot] * self.factors.out_migration;
        let m = self.internal[sex][slot] * self.factors.internal;
        let hazard = d + o + m;
        Risk { hazard, going: -libm::expm1(-hazard), death: d / hazard.max(NEVER), leaving: o / (o + m).max(NEVER) }
    }

    /// Makes the tables of an area.
    pub fn prepare(&mut self, inputs: &ExitInputs<'_>) {
        let ExitInputs { mortality, migration, draw, period, area, can_move, control } = *inputs;
        let made_for = MadeFor {
            year: period.year,
            length: period.length,
            mortality: mortality.factor(draw, period.index, area),
            out_migration: draw.at(migration.out_migration_factor, period.index, area),
            internal: if can_move { draw.at(migration.internal_factor, period.index, area) } else { 0.0 },
            control_of_deaths: control.deaths,
            control_of_out_migration: control.out_migration,
        };
        if self.made_for == Some(made_for) {
            return;
        }
        self.made_for = Some(made_for);
        self.prepare_deaths(mortality, DeathsFor { year: period.year, factor: made_for.mortality });
        self.factors = RateFactors {
            deaths: period.length * control.deaths,
            out_migration: made_for.out_migration * control.out_migration * period.length,
            internal: made_for.internal * period.length,
        };
        for (sex, tables) in self.tables.iter_mut().enumerate() {
            in_widest(Competition {
                deaths: &self.deaths[sex],
                out_migration: &self.out_migration[sex],
                internal: &self.internal[sex],
                factors: self.factors,
                tables,
            });
        }
    }

    /// The hazards of death, which most areas have in common.
    fn prepare_deaths(&mut self, mortality: &Mortality, wanted: DeathsFor) {
        if self.deaths_for != Some(wanted) {
            self.deaths_for = Some(wanted);
            for (sex, row) in self.deaths.iter_mut().enumerate() {
                mortality.hazards(sex, wanted.year, wanted.factor, row);
            }
        }
    }
}

/// A hazard of 0 has no shares: this keeps the division finite.
const NEVER: f64 = 1e-300;

/// Competing risks from rows of yearly rates, each with its factor.
///
/// With `g = exp(-h)` of all, the share that has not left or moved is `g + (1 - g) d / h`, and the share that has not
/// moved is that and `(1 - g) o / h`.
struct Competition<'a> {
    deaths: &'a Row,
    out_migration: &'a Row,
    internal: &'a Row,
    factors: RateFactors,
    tables: &'a mut ExitTables,
}

impl Kernel for Competition<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let rates = [self.deaths, self.out_migration, self.internal].map(|row| row.as_chunks().0);
        let factors = self.factors;
        let ExitTables { moving, leaving, dying } = self.tables;
        let tables = moving.lanes_mut().zip(leaving.lanes_mut()).zip(dying.lanes_mut());
        for (chunk, ((moving, leaving), dying)) in tables.enumerate() {
            let [mut deaths, mut outs, mut moves]: [Lanes; 3] = std::array::from_fn(|exit| rates[exit][chunk]);
            let [mut hazards, mut stay, mut settled, mut unmoved] = [[0.0; LANES]; 4];
            for at in 0..LANES {
                deaths[at] *= factors.deaths;
                outs[at] *= factors.out_migration;
                moves[at] *= factors.internal;
                hazards[at] = deaths[at] + outs[at] + moves[at];
            }
            exp_minus(&hazards, &mut stay);
            for at in 0..LANES {
                let share = (1.0 - stay[at]) / hazards[at].max(NEVER);
                settled[at] = stay[at] + deaths[at] * share;
                unmoved[at] = settled[at] + outs[at] * share;
                dying.odds[at] = deaths[at] * share / stay[at];
                leaving.odds[at] = outs[at] * share / settled[at];
                moving.odds[at] = moves[at] * share / unmoved[at];
            }
            let [mut settled_log, mut unmoved_log] = [[0.0; LANES]; 2];
            logarithms(&settled, &mut settled_log);
            logarithms(&unmoved, &mut unmoved_log);
            for at in 0..LANES {
                dying.hazard[at] = hazards[at] + settled_log[at];
                leaving.hazard[at] = unmoved_log[at] - settled_log[at];
                moving.hazard[at] = -unmoved_log[at];
            }
        }
    }
}
