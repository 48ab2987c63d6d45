//! Ways out of a cell in a year: death, leaving the district, moving to another of its areas, as competing risks.
//!
//! With cumulated hazards d, o, m over the year, each person goes with probability `1 - exp(-(d + o + m))`, and by each
//! way in proportion to its hazard: one multinomial, so that no order of events matters and nobody leaves twice. A
//! cohort aged x in January is exposed to the rates of ages x and x + 1 for half a year each; newborns to those of age 0
//! for half a year.

use super::lifetable::SLOTS;
use super::migration::Migration;
use super::mortality::Mortality;
use super::view::{AGES, SEXES};
use crate::uncertainty::ParameterDraw;

/// The risks of one cohort.
#[derive(Clone, Copy, Debug, Default)]
pub struct Risk {
    /// Cumulated hazard of going at all.
    pub hazard: f64,
    /// Odds of going: `exp(hazard) - 1`.
    pub odds: f64,
    /// Probability of death, given that one goes.
    pub death: f64,
    /// Probability of leaving the district, given that one goes and does not die.
    pub leaving: f64,
}

/// The exits of one area, computed anew only when its parameters differ from those of the area before.
#[derive(Clone, Debug)]
pub struct Exits {
    /// Risks by sex and cohort slot.
    pub risks: [[Risk; SLOTS]; SEXES],
    made_for: Option<(i32, [f64; 4])>,
    deaths: [[f64; SLOTS]; SEXES],
    deaths_for: Option<(i32, f64)>,
}

impl Default for Exits {
    fn default() -> Self {
        Self {
            risks: [[Risk::default(); SLOTS]; SEXES],
            made_for: None,
            deaths: [[0.0; SLOTS]; SEXES],
            deaths_for: None,
        }
    }
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
    /// Forgets what was computed, at the start of a replication.
    pub fn forget(&mut self) {
        self.made_for = None;
        self.deaths_for = None;
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
        for sex in 0..SEXES {
            for (slot, risk) in self.risks[sex].iter_mut().enumerate() {
                let d = self.deaths[sex][slot] * period.length;
                let o = leaving * period.length * exposed(&migration.leaving[sex], slot);
                let m = moving * period.length * exposed(&migration.within[sex], slot);
                let hazard = d + o + m;
                *risk = Risk {
                    hazard,
                    odds: libm::expm1(hazard),
                    death: if hazard > 0.0 { d / hazard } else { 0.0 },
                    leaving: if o + m > 0.0 { o / (o + m) } else { 0.0 },
                };
            }
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

/// The yearly rate that a cohort meets: half a year at each of its two ages; newborns half a year in all.
pub fn exposed(rates: &[f64; AGES], slot: usize) -> f64 {
    let before = if slot == 0 { 0.0 } else { rates[slot - 1] };
    0.5 * (before + rates[slot.min(AGES - 1)])
}
