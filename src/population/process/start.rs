//! The beginning of a replication: the people at the first 1 January.
//!
//! The people of the table ([`crate::population::state::base_population`]) are those of the first January, or a census of an
//! earlier day that is carried there by the model itself: the same competing exits, arrivals and births for the part of a
//! year, with the first year's parameters, and a binomial number of birthdays.

use super::hukou::Birthdays;
use super::migration::ArrivalAreas;
use super::year::PeopleState;
use crate::population::model::PeopleContext;
use crate::population::state::cohorts::Flows;
use crate::population::view::{AGES, People, Period, SEXES};
use crate::random::{StreamKey, binomial};

const BIRTHDAYS: StreamKey = StreamKey::named("people.birthdays");

impl PeopleState<'_> {
    /// Starts a replication: the people at 1 January of the first simulated year, forgetting the last replication.
    pub fn open(&mut self, context: &PeopleContext<'_>) {
        let model = self.model;
        self.reset_exits(&model.migration.out_migration_age_factors(&context.path));
        self.end.counts.copy_from_slice(&model.base.people.counts);
        self.group_quarters.counts.fill(0);
        if model.base.is_uncertain() {
            model.base.divide_among_areas(&context.path, &model.area_names, &mut self.end);
        }
        if let (Some(rules), Some(hukou)) = (&model.hukou, &mut self.hukou) {
            hukou.open(rules, context.draw, &self.end);
        }
        self.draw_lasting(context);
        if let Some(housing) = &model.housing {
            housing.occupied(context.draw, &context.path, model.first_year, model.areas, &mut self.occupied);
        }
        let years = model.first_year..model.first_year + model.years as i32;
        self.displaced.open(&model.renewals, years, context.draw, &context.path);
        if model.base.years_before_start > 0.0 {
            self.carry(context);
        }
    }

    /// What lasts on a path: shares of destinations, of areas where people arrive, and of their ages.
    fn draw_lasting(&mut self, context: &PeopleContext<'_>) {
        let (areas, migration) = (self.model.areas, &self.model.migration);
        migration.destinations.draw(&context.path, &mut self.destination_shares);
        let residents: Vec<f64> = (0..areas).map(|a| f64::from(self.end.of_ages(a, 0..AGES))).collect();
        let names = &self.model.area_names;
        let of = ArrivalAreas { keys: &names.keys, by_name: &names.by_name, residents: &residents };
        for (index, reason) in migration.in_migration.iter().enumerate() {
            let shares = &mut self.driver_areas[index * areas..(index + 1) * areas];
            reason.draw_areas(&context.path, &of, shares);
            reason.draw_profile(&context.path, &mut self.profiles[index]);
        }
    }

    /// Carries the people of the table to the first January.
    fn carry(&mut self, context: &PeopleContext<'_>) {
        let (areas, length) = (self.model.areas, self.model.base.years_before_start);
        self.roll_forward();
        self.events(context, Period { index: 0, year: self.model.first_year, length });
        self.end.counts.fill(0);
        if let Some(hukou) = &mut self.hukou {
            hukou.end.counts.fill(0);
        }
        for area in 0..areas {
            for sex in 0..SEXES {
                for age in 0..AGES {
                    self.draw_birthdays(context, People::cell(area, sex, age));
                }
            }
        }
        self.draw_births(context);
        for area in 0..areas {
            for sex in 0..SEXES {
                let born = self.born()[area][sex];
                let now = self.flows.after(born, Flows::cell(area, sex, 0));
                self.end.counts[People::cell(area, sex, 0)] += now;
                if let Some(hukou) = &mut self.hukou {
                    hukou.add_newborn(area, sex);
                }
            }
        }
    }

    /// Counts the cohort of a cell of the table at its end: those who had their birthday, a year older.
    fn draw_birthdays(&mut self, context: &PeopleContext<'_>, cell: usize) {
        let (area, sex, age) = (cell / (SEXES * AGES), cell / AGES % SEXES, cell % AGES);
        let cohort = Flows::cell(area, sex, age + 1);
        let now = self.flows.after(self.start.at(area, sex, age), cohort);
        let streams = self.streams_of(&context.chance, area, sex);
        let mut stream = streams.further(BIRTHDAYS, age + 1);
        let older = binomial(now, self.period.length, &mut stream);
        self.end.counts[cell] += now - older;
        self.end.counts[People::cell(area, sex, (age + 1).min(AGES - 1))] += older;
        if let Some(hukou) = &mut self.hukou {
            hukou.draw_birthdays(&Birthdays { streams, area, sex, age, now, older });
        }
    }
}
