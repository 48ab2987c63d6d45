//! The people at the first 1 January of a replication.
//!
//! The table is split into single ages when it is read. A path may doubt how the district divides into areas: each area
//! gets lognormal factors for all its people and for its children (0-14) and old people (60+), and every district total
//! by sex and single age is divided anew in these proportions, so that district totals stay exact. A census of an
//! earlier day is then carried to January by the model itself: the same competing exits, arrivals and births for the
//! part of a year, with the first year's parameters, and a binomial number of birthdays.

use super::exits::Period;
use super::migration::Migration;
use super::model::PeopleContext;
use super::view::{AGES, People, SEXES};
use super::year::{Flows, PeopleState};
use crate::random::{RngSource, StreamKey, binomial, normal_quantile};

const SPLIT: StreamKey = StreamKey::named("people.split");
const BIRTHDAYS: StreamKey = StreamKey::named("people.birthdays");

/// First age of the old, and one past the last of the children, in the doubt about the split.
const CHILDREN_TO: usize = 15;
const OLD_FROM: usize = 60;

/// Who is there at the beginning.
#[derive(Clone, Debug)]
pub struct Opening {
    /// People of the table by area, sex and single age.
    pub people: People,
    /// Years from the day of the table to the first 1 January, 0 to below 1.
    pub early: f64,
    /// Standard deviation of the logarithm of an area's share of the district.
    pub area_sd: f64,
    /// The same for its children and for its old people beyond that.
    pub age_sd: f64,
}

impl PeopleState<'_> {
    /// Starts a replication: the people at 1 January of the first simulated year, forgetting the last replication.
    pub fn open(&mut self, context: &PeopleContext<'_>) {
        let model = self.model;
        self.forget_exits(&model.migration.doubt_of_leaving(&context.path));
        self.end.counts.copy_from_slice(&model.opening.people.counts);
        self.stock.counts.fill(0);
        if model.opening.area_sd > 0.0 || model.opening.age_sd > 0.0 {
            self.divide_anew(&context.path);
        }
        self.open_registered(context);
        self.draw_lasting(context, &model.migration);
        if let Some(housing) = &model.housing {
            housing.occupied(context.draw, &context.path, model.first_year, model.areas, &mut self.occupied);
        }
        self.moved.draw(&model.renewals, model.first_year, context.draw, &context.path);
        if model.opening.early > 0.0 {
            self.carry(context);
        }
    }

    fn draw_lasting(&mut self, context: &PeopleContext<'_>, migration: &Migration) {
        let areas = self.model.areas;
        migration.destinations.draw(&context.path, &mut self.destination_shares);
        let residents: Vec<f64> = (0..areas).map(|a| f64::from(self.end.of_ages(a, 0..AGES))).collect();
        for (index, driver) in migration.drivers.iter().enumerate() {
            let shares = &mut self.driver_areas[index * areas..(index + 1) * areas];
            driver.draw_areas(index, &context.path, &residents, shares);
            driver.draw_profile(index, &context.path, &mut self.profiles[index]);
        }
    }

    /// Divides every district total by sex and age among the areas in doubted proportions.
    fn divide_anew(&mut self, path: &RngSource) {
        let (model, areas) = (self.model, self.model.areas);
        let opening = &model.opening;
        let factor = |area: usize, age: usize| {
            let normal = |part: u32| normal_quantile(path.cell(SPLIT, part, area as u32).uniform());
            let tilt = match age {
                0..CHILDREN_TO => opening.age_sd * normal(1),
                OLD_FROM.. => opening.age_sd * normal(2),
                _ => 0.0,
            };
            libm::exp(opening.area_sd * normal(0) + tilt)
        };
        let bands = [0, CHILDREN_TO, OLD_FROM];
        let factors: Vec<[f64; 3]> = (0..areas).map(|area| bands.map(|age| factor(area, age))).collect();
        for sex in 0..SEXES {
            for age in 0..AGES {
                let band = usize::from(age >= CHILDREN_TO) + usize::from(age >= OLD_FROM);
                let count = |area: usize| f64::from(opening.people.at(area, sex, age));
                let total: f64 = (0..areas).map(count).sum();
                let weight: f64 = (0..areas).map(|a| count(a) * factors[a][band]).sum();
                // Rounding the running total keeps the sum exact, and the table itself where nothing is doubted.
                let (mut sum, mut given) = (0.0, 0);
                for (area, factor) in factors.iter().enumerate() {
                    sum += count(area) * factor[band];
                    let upto = if weight > 0.0 { libm::round(total * sum / weight) as u32 } else { 0 };
                    self.end.counts[People::cell(area, sex, age)] = upto - given;
                    given = upto;
                }
            }
        }
    }

    /// Carries the people of the table to the first January.
    fn carry(&mut self, context: &PeopleContext<'_>) {
        let (areas, length) = (self.model.areas, self.model.opening.early);
        self.turn();
        self.events(context, Period { index: 0, year: self.model.first_year, length });
        self.end.counts.fill(0);
        if let Some(registered) = &mut self.registered {
            registered.end.counts.fill(0);
        }
        for area in 0..areas {
            for sex in 0..SEXES {
                for age in 0..AGES {
                    let cell = Flows::cell(area, sex, age + 1);
                    let now = self.cohort_after(self.start.at(area, sex, age), cell);
                    let older = binomial(now, length, &mut context.chance.cell(BIRTHDAYS, 0, cell as u32));
                    self.end.counts[People::cell(area, sex, age)] += now - older;
                    self.end.counts[People::cell(area, sex, (age + 1).min(AGES - 1))] += older;
                    if let Some(registered) = &mut self.registered {
                        registered.birthdays(&context.chance, (area, sex, age), (now, older));
                    }
                }
            }
        }
        self.bear(context);
        for area in 0..areas {
            for sex in 0..SEXES {
                let born = self.born()[area][sex];
                let now = self.cohort_after(born, Flows::cell(area, sex, 0));
                self.end.counts[People::cell(area, sex, 0)] += now;
                if let Some(registered) = &mut self.registered {
                    registered.add_newborn(area, sex);
                }
            }
        }
    }
}
