//! Writing what the people are measured by, at the end of each simulated year.

use super::metrics::{
    CENSUS, GROUPS, OfRegistered, OfResidents, PYRAMID, PYRAMID_STEP, REGISTERED_GROUPS, RegisteredGroup,
};
use super::process::year::PeopleState;
use super::state::cohorts::Flows;
use super::view::{AGES, FEMALE, People, SEXES};
use crate::metric::{Count, Record};

impl PeopleState<'_> {
    /// Writes the year last simulated, if it is a reported one.
    pub fn record(&self, record: &mut Record<'_>) {
        let Some(year) = self.view().reported else { return };
        for area in 0..self.model.areas {
            self.record_area(area, year, record);
            self.record_registered(area, year, record);
        }
        self.record_pyramid(year, record);
    }

    fn record_area(&self, area: usize, year: usize, record: &mut Record<'_>) {
        let block = self.model.blocks.residents;
        let below = self.residents_below(area);
        let residents = |from: usize, to: usize| below[to] - below[from];
        let flows = self.flows();
        for (metric, count) in [
            (OfResidents::POPULATION, residents(0, AGES)),
            (OfResidents::BIRTHS, self.births[area]),
            (OfResidents::DEATHS, Flows::total(&flows.died, area)),
            (OfResidents::IN_MIGRATION, Flows::total(&flows.arrived, area)),
            (OfResidents::OUT_MIGRATION, Flows::total(&flows.left, area)),
            (OfResidents::INTERNAL_IN_MIGRATION, Flows::total(&flows.moved_in, area)),
            (OfResidents::INTERNAL_OUT_MIGRATION, Flows::total(&flows.moved_out, area)),
        ] {
            record.set(block, metric, area, year, count);
        }
        for group in GROUPS {
            record.set(block, group.metric, area, year, residents(group.from, group.to));
        }
        let of_women = |people: &People| people.ages(area, FEMALE).iter().sum::<u32>();
        let women = of_women(&self.start) + of_women(&self.group_quarters);
        record.set(block, OfResidents::POPULATION_FEMALE, area, year, women);
        for metric in 0..CENSUS.len() {
            let from = metric * PYRAMID_STEP;
            let to = if metric + 1 == CENSUS.len() { AGES } else { from + PYRAMID_STEP };
            record.set(self.model.blocks.census, Count::at(metric), area, year, residents(from, to));
        }
    }

    fn record_registered(&self, area: usize, year: usize, record: &mut Record<'_>) {
        let Some((block, registered)) = self.model.blocks.registered.zip(self.hukou()) else { return };
        let flows = registered.flows();
        let born = registered.born()[area];
        for (metric, count) in [
            (OfRegistered::BIRTHS, born.iter().sum()),
            (OfRegistered::DEATHS, Flows::total(&flows.died, area)),
            (OfRegistered::IN_MIGRATION, Flows::total(&flows.arrived, area)),
            (OfRegistered::OUT_MIGRATION, Flows::total(&flows.left, area)),
            (OfRegistered::INTERNAL_IN_MIGRATION, Flows::total(&flows.moved_in, area)),
            (OfRegistered::INTERNAL_OUT_MIGRATION, Flows::total(&flows.moved_out, area)),
            (OfRegistered::HUKOU_ACQUIRED, Flows::total(registered.acquired(), area)),
        ] {
            record.set(block, metric, area, year, count);
        }
        for RegisteredGroup { registered: metric, all, from, to } in REGISTERED_GROUPS {
            record.set(block, metric, area, year, registered.view().start.of_ages(area, from..to));
            record.set(block, all, area, year, self.start.of_ages(area, from..to));
        }
    }

    /// Residents and stock of an area younger than each age.
    fn residents_below(&self, area: usize) -> [u32; AGES + 1] {
        let of = |people: &People, sex| <[u32; AGES]>::try_from(people.ages(area, sex)).expect("invariant: all ages");
        let [men, women] = [0, 1].map(|sex| (of(&self.start, sex), of(&self.group_quarters, sex)));
        let (mut below, mut sum) = ([0; AGES + 1], 0);
        for age in 0..AGES {
            sum += men.0[age] + men.1[age] + women.0[age] + women.1[age];
            below[age + 1] = sum;
        }
        below
    }

    fn record_pyramid(&self, year: usize, record: &mut Record<'_>) {
        let groups = PYRAMID.len() / SEXES;
        for sex in 0..SEXES {
            for group in 0..groups {
                let from = group * PYRAMID_STEP;
                let to = if group + 1 == groups { AGES } else { from + PYRAMID_STEP };
                let of = |people: &People, area: usize| people.ages(area, sex)[from..to].iter().sum::<u32>();
                let count =
                    (0..self.model.areas).map(|area| of(&self.start, area) + of(&self.group_quarters, area)).sum();
                record.set(self.model.blocks.pyramid, Count::at(sex * groups + group), 0, year, count);
            }
        }
    }
}
