//! Births: how many children women bear in a year, and how many of them are boys.
//!
//! `births(area) ~ Poisson( TFR(year, area) x sum over ages of share(a) x (women(a, start) + women(a, end)) / 2 )`: the
//! mean of the two ends stands for the exposure at mid-year, so that births follow the deaths and moves of the same
//! year. A sum of Poisson numbers over ages is Poisson: one draw for an area is exact. Boys are binomial.

use crate::population::view::{AGES, FEMALE, People, Period};
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
    /// Women of an area at both ends of a year, each weighted with the share of births at her age: twice the births that one
    /// birth per woman would give.
    pub fn weighted_women(&self, start: &People, end: &People, area: usize) -> f64 {
        let (start, end) = (start.ages(area, FEMALE), end.ages(area, FEMALE));
        let mut weighted = 0.0;
        for age in CHILDBEARING {
            weighted += self.shares[age] * f64::from(start[age] + end[age]);
        }
        weighted
    }

    /// Expected births of an area in a period, from its weighted women.
    pub fn expected(&self, draw: &ParameterDraw, period: Period, area: usize, weighted_women: f64) -> f64 {
        0.5 * period.length * weighted_women * draw.at(self.births_per_woman, period.index, area)
    }

    /// Probability that a newborn is a boy.
    pub fn boy_share(&self, draw: &ParameterDraw, year: usize, area: usize) -> f64 {
        let ratio = draw.at(self.boys_per_girl, year, area);
        ratio / (1.0 + ratio)
    }
}
