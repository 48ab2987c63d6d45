//! What was estimated from a pair of counts.

use super::age_groups::GROUPS;
use super::counts::Counts;
use super::pair::Pair;
use super::projection::ByAge;
use super::spreads::Spreads;
use crate::population::view::{AGES, SEXES};

/// What counts say.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The way it was estimated on.
    pub pair: Pair,
    /// Births per woman.
    pub births_per_woman: f64,
    /// Net migration per person-year, by sex and age.
    pub net: ByAge,
    /// Rates of leaving, by sex and age: those of the schedule, and more where the balance needs it.
    pub out_rates: ByAge,
    /// Arrivals a year by sex and age, of all areas at the last count.
    pub arrivals: ByAge,
    /// Arrivals a year of each area at the last count.
    pub arrivals_of_areas: Vec<f64>,
    /// Mean logarithm of counted over survived people of each group of [`GROUPS`], without migration.
    pub balance: [f64; GROUPS.len()],
    /// How areas stray from the mean.
    pub spreads: Spreads,
}

impl Estimate {
    /// Arrivals are the balance and those who leave; where the balance is below the rate of leaving of the schedule, more leave.
    pub(super) fn take_gross_rates(&mut self, counts: &Counts, areas: &[usize]) {
        for sex in 0..SEXES {
            for age in 0..AGES {
                let net = self.net[sex][age];
                self.out_rates[sex][age] = self.out_rates[sex][age].max(-net);
                let rate = self.out_rates[sex][age] + net;
                for (of_area, area) in self.arrivals_of_areas.iter_mut().zip(areas) {
                    let come = rate * counts.ages(self.pair.to, *area, sex)[age];
                    *of_area += come;
                    self.arrivals[sex][age] += come;
                }
            }
        }
    }
}
