//! Births: how many children women bear in a year, and how many of them are boys.
//!
//! `births(area) ~ Poisson( TFR(year, area) x sum over ages of share(a) x (women(a, start) + women(a, end)) / 2 )`: the
//! mean of the two ends stands for the exposure at mid-year, so that births follow the deaths and moves of the same
//! year. A sum of Poisson numbers over ages is Poisson: one draw for an area is exact. Boys are binomial.

use super::view::{AGES, FEMALE, People};
use crate::uncertainty::{Parameter, ParameterDraw};

/// First and one past the last age of childbearing.
pub const CHILDBEARING: std::ops::Range<usize> = 15..50;

/// Fertility of a scenario.
#[derive(Clone, Debug)]
pub struct Fertility {
    /// Share of a woman's births at each age; sums to 1.
    pub shares: [f64; AGES],
    /// Total fertility rate: births per woman.
    pub births_per_woman: Parameter,
    /// Boys per girl at birth.
    pub boys_per_girl: Parameter,
}

impl Fertility {
    /// Expected births of an area in `length` years (1 except before the first January).
    pub fn expected(
        &self,
        draw: &ParameterDraw,
        year: usize,
        area: usize,
        length: f64,
        (start, end): (&People, &People),
    ) -> f64 {
        let (start, end) = (start.ages(area, FEMALE), end.ages(area, FEMALE));
        let mut weighted = 0.0;
        for age in CHILDBEARING {
            weighted += self.shares[age] * f64::from(start[age] + end[age]);
        }
        0.5 * length * weighted * draw.at(self.births_per_woman, year, area)
    }

    /// Probability that a newborn is a boy.
    pub fn boy_share(&self, draw: &ParameterDraw, year: usize, area: usize) -> f64 {
        let ratio = draw.at(self.boys_per_girl, year, area);
        ratio / (1.0 + ratio)
    }
}
