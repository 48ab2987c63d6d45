//! Mean cohorts from one count to the next, under rates that are known and rates that are to be found.
//!
//! A cohort aged x on the day of a count meets the survival of its age and half a year each of the net migration of ages x and
//! x + 1; births of a year are those of the mean of the women at its two ends.

use crate::population::model::PeopleModel;
use crate::population::process::births::CHILDBEARING;
use crate::population::process::rates::exposed;
use crate::population::view::{AGES, FEMALE, SEXES, SLOTS};
use crate::uncertainty::Parameters;

/// Numbers by sex and single age.
pub(super) type ByAge = [[f64; AGES]; SEXES];

/// What counts alone do not tell: death rates, and the age patterns of births and of leaving.
#[derive(Clone, Debug)]
pub struct Schedules<'m> {
    pub(super) model: &'m PeopleModel,
    /// Factor on death rates in the middle.
    pub(super) mortality: f64,
    /// Share of boys among newborns.
    boys: f64,
}

impl<'m> Schedules<'m> {
    /// The schedules of a scenario's people, at the middle of its parameters.
    pub fn of(model: &'m PeopleModel, parameters: &Parameters) -> Self {
        let mut draw = parameters.blank();
        parameters.at_median(&mut draw);
        Self { model, mortality: model.mortality.factor(&draw, 0, 0), boys: model.fertility.boy_share(&draw, 0, 0) }
    }

    /// Person-years of the life table by sex, for open age groups.
    pub fn lived(&self) -> ByAge {
        let year = libm::round(self.model.mortality.reference_year) as i32;
        std::array::from_fn(|sex| self.model.mortality.life_table(sex, year, self.mortality).lived)
    }

    /// Rates of leaving of the schedule, by sex and age.
    pub(super) fn out_rates(&self) -> &ByAge {
        &self.model.migration.out_rates
    }

    /// Survival of each calendar year from `first`, by sex and slot, with a factor on death rates.
    pub(super) fn survival(&self, first: i32, years: usize) -> Vec<[[f64; SLOTS]; SEXES]> {
        let table = |year: i32, sex: usize| self.model.mortality.life_table(sex, year, self.mortality).survival();
        (0..years as i32).map(|ahead| std::array::from_fn(|sex| table(first + ahead, sex))).collect()
    }

    /// Goes on from `start` through years of `survival`, with yearly net migration and births per woman.
    pub(super) fn project(&self, start: &ByAge, survival: &[[[f64; SLOTS]; SEXES]], rates: &NetRates) -> ByAge {
        let mut people = *start;
        for year in survival {
            let mut next = [[0.0; AGES]; SEXES];
            for sex in 0..SEXES {
                for (age, persons) in people[sex].iter().enumerate() {
                    let slot = age + 1;
                    next[sex][slot.min(AGES - 1)] += persons * year[sex][slot] * rates.growth[sex][slot];
                }
            }
            let women = |age: usize| people[FEMALE][age] + next[FEMALE][age];
            let weighted: f64 = CHILDBEARING.map(|age| self.model.fertility.shares[age] * women(age)).sum();
            let births = 0.5 * weighted * rates.births_per_woman;
            for (sex, share) in [self.boys, 1.0 - self.boys].into_iter().enumerate() {
                next[sex][0] = births * share * year[sex][0] * rates.growth[sex][0];
            }
            people = next;
        }
        people
    }
}

/// What is to be found: net migration and births per woman.
#[derive(Clone, Debug)]
pub(super) struct NetRates {
    /// Births per woman.
    pub(super) births_per_woman: f64,
    /// Yearly factor of net migration on a cohort, by slot.
    growth: [[f64; SLOTS]; SEXES],
}

impl NetRates {
    /// Net migration per person-year by sex and age.
    pub(super) fn new(births_per_woman: f64, net: &ByAge) -> Self {
        let growth = |sex: usize| std::array::from_fn(|slot| libm::exp(exposed(&net[sex], slot)));
        Self { births_per_woman, growth: std::array::from_fn(growth) }
    }
}
