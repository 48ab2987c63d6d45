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

/// Probabilities of the exits of one sex, by cohort slot.
#[derive(Clone, Debug)]
pub struct ExitTable {
    /// Of going at all.
    pub any: [f64; SLOTS],
    /// Of death, given that one goes.
    pub death: [f64; SLOTS],
    /// Of leaving the district, given that one goes and does not die.
    pub leaving: [f64; SLOTS],
}

impl Default for ExitTable {
    fn default() -> Self {
        Self { any: [0.0; SLOTS], death: [0.0; SLOTS], leaving: [0.0; SLOTS] }
    }
}

/// The exits of one area, computed anew only when its parameters differ from those of the area before.
#[derive(Clone, Debug, Default)]
pub struct Exits {
    /// Probabilities by sex.
    pub tables: [ExitTable; SEXES],
    made_for: Option<(i32, [f64; 4])>,
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
        for sex in 0..SEXES {
            let death = mortality.hazards(sex, period.year, level);
            let table = &mut self.tables[sex];
            for (slot, dying) in death.into_iter().enumerate() {
                let d = dying * period.length;
                let o = leaving * period.length * exposed(&migration.leaving[sex], slot);
                let m = moving * period.length * exposed(&migration.within[sex], slot);
                let all = d + o + m;
                table.any[slot] = -libm::expm1(-all);
                table.death[slot] = if all > 0.0 { d / all } else { 0.0 };
                table.leaving[slot] = if o + m > 0.0 { o / (o + m) } else { 0.0 };
            }
        }
    }
}

/// The yearly rate that a cohort meets: half a year at each of its two ages; newborns half a year in all.
pub fn exposed(rates: &[f64; AGES], slot: usize) -> f64 {
    let before = if slot == 0 { 0.0 } else { rates[slot - 1] };
    0.5 * (before + rates[slot.min(AGES - 1)])
}
