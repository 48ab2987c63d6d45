//! Deaths: the life table of each sex in a year of a path.
//!
//! `m(x, t) = base m(x) x factor(t) x exp(-decline(x) (t - reference year))`, with one factor for both sexes (the common k_t
//! of Lee and Carter 1992 with the age pattern of the stated declines). The factor may differ by area.

use super::life_table::LifeTable;
use crate::population::kernel::simd_rows::{Row, WIDTH, logarithms};
use crate::population::view::{AGES, SEXES, SLOTS};
use crate::uncertainty::{Parameter, ParameterDraw};

/// Mortality of a scenario.
#[derive(Clone, Debug)]
pub struct Mortality {
    /// Deaths per person-year in the reference year, by sex and single age.
    pub rates: [[f64; AGES]; SEXES],
    /// Yearly fall of the logarithm of the rate.
    pub decline: [[f64; AGES]; SEXES],
    /// Year that the rates stand for.
    pub reference_year: f64,
    /// Factor common to both sexes and all ages.
    pub factor: Parameter,
}

impl Mortality {
    /// The factor of a year and area.
    pub fn factor(&self, draw: &ParameterDraw, year: usize, area: usize) -> f64 {
        draw.at(self.factor, year, area)
    }

    /// The life table of a sex in calendar year `year`, its rates times a factor.
    pub fn life_table(&self, sex: usize, year: i32, factor: f64) -> LifeTable {
        let gone = f64::from(year) - self.reference_year;
        let rate = |age: usize| self.rates[sex][age] * factor * libm::exp(-self.decline[sex][age] * gone);
        LifeTable::new(&std::array::from_fn(rate), sex)
    }

    /// Cumulated hazard of dying within the year, by cohort: minus the logarithm of the share alive at its end.
    pub(crate) fn hazards(&self, sex: usize, year: i32, factor: f64, out: &mut Row) {
        /// Beyond this hazard nobody is left; it keeps the shares of competing exits finite.
        const CERTAIN: f64 = 50.0;
        let mut alive = [1.0; WIDTH];
        alive[..SLOTS].copy_from_slice(&self.life_table(sex, year, factor).survival());
        alive.iter_mut().for_each(|alive| *alive = alive.max(1e-300));
        logarithms(&alive, out);
        out.iter_mut().for_each(|log| *log = (-*log).clamp(0.0, CERTAIN));
    }
}
