//! A component of beds with everything it needs while it runs.

use crate::random::{Stream, StreamKey, poisson};
use crate::services::health::demand::arrivals::{Arrivals, Today};
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::season::Season;
use crate::services::health::engine::calendar::BedEpisode;
use crate::services::health::engine::day_engine::DayRequests;
use crate::services::health::engine::network::Network;
use crate::services::health::engine::open_beds::OpenBeds;
use crate::services::health::model::{BedRow, Class, Component, CountedPatients, OpeningCensus};
use crate::services::health::stay::draws::truncated_poisson;
use crate::services::health::time::DAY;

const CENSUS: StreamKey = StreamKey::named("health.opening-census");
const DAILY: StreamKey = StreamKey::named("health.requests.by-day");
const AFTER: StreamKey = StreamKey::named("health.after-the-stay.by-day");
const HOME: StreamKey = StreamKey::named("health.opening.at-home");
const HOMES: StreamKey = StreamKey::named("health.requests.homes");
/// Name in random streams of the days before the first reported one.
pub(crate) const BEFORE: u32 = u32::MAX;

/// A component with everything it needs while it runs.
#[derive(Debug)]
pub(crate) struct ComponentState<'m> {
    pub(crate) component: &'m Component,
    pub(crate) network: Network,
    pub(crate) arrivals: Arrivals,
    pub(crate) beds: OpenBeds,
    /// Each pool's part of its tier today.
    pub(crate) split: Vec<f64>,
    /// The group of each pool, and the open beds of each group today.
    pub(crate) groups: Vec<u8>,
    pub(crate) open: Vec<u32>,
    /// Whether a group has requests but no open bed today.
    pub(crate) closed: Vec<bool>,
    /// Who waited when the year started, by group and label; for the check of conservation.
    pub(crate) waiting_before: Vec<u32>,
}

impl<'m> ComponentState<'m> {
    /// A component without anybody in it; `labels` places of residence.
    pub(crate) fn new(component: &'m Component, groups: usize, labels: usize, residents: bool) -> Self {
        let steps_down = component.step_downs.iter().any(Option::is_some);
        Self {
            component,
            network: Network::new(component.pools.clone(), groups, labels, steps_down),
            arrivals: Arrivals::new(component, groups, labels, residents),
            beds: OpenBeds::new(component, groups),
            split: vec![0.0; component.pools.len()],
            groups: component.pools.iter().map(|pool| pool.group).collect(),
            open: vec![0; groups],
            closed: vec![false; groups],
            waiting_before: vec![0; groups * labels],
        }
    }

    /// Puts the patients of the opening into bed, and at home those who were discharged before and will come back.
    pub(crate) fn fill(&mut self, year: &HealthYear<'_>, opening: &OpeningCensus) {
        match opening {
            OpeningCensus::Empty => return,
            OpeningCensus::Stationary => self.fill_beds(year),
            OpeningCensus::Counted(patients) => self.fill_counted(year, patients),
        }
        if self.arrivals.after.returns > 0.0 {
            self.fill_homes(year);
        }
    }

    fn opening_cell(&self, purpose: StreamKey, year: &HealthYear<'_>, pool: usize) -> Stream {
        let name = purpose.with(self.component.name).with(self.component.pools[pool].name);
        year.context.chance.cell(name, BEFORE, 0)
    }

    /// Fills the beds as they would be in the long run: a Poisson census cut at the beds, with residual stays.
    fn fill_beds(&mut self, year: &HealthYear<'_>) {
        for pool in 0..self.component.pools.len() {
            let (law, mean) = (&self.component.stays[pool], self.arrivals.stays[pool]);
            let mut random = self.opening_cell(CENSUS, year, pool);
            let census = truncated_poisson(self.load(pool), self.beds.pools[pool], &mut random);
            for _ in 0..census {
                let left = law.draw_residual(mean, &mut random);
                match &mut self.network.daily {
                    Some(daily) if daily.pool == pool => {
                        daily.occupy(left);
                        self.network.census[pool] += 1;
                    }
                    _ => self.network.occupy(BedEpisode::new(pool as u16, left)),
                }
            }
        }
    }

    /// Puts the patients who were counted into bed. What is left of a stay is drawn from its law, given how long it has lasted
    /// or, where nobody said, as of somebody found in bed.
    fn fill_counted(&mut self, year: &HealthYear<'_>, counted: &[CountedPatients]) {
        for pool in 0..self.component.pools.len() {
            let (law, mean) = (&self.component.stays[pool], self.arrivals.stays[pool]);
            let mut random = self.opening_cell(CENSUS, year, pool);
            for patients in counted.iter().filter(|patients| usize::from(patients.pool) == pool) {
                for _ in 0..patients.patients {
                    let left = match patients.so_far {
                        Some(hours) => law.draw_rest(mean, hours, &mut random),
                        None => law.draw_residual(mean, &mut random),
                    };
                    self.network.occupy(BedEpisode::new(pool as u16, left));
                }
            }
        }
    }

    /// Puts those at home who have left a bed and will come back: as many as come in the time for which they stay there.
    fn fill_homes(&mut self, year: &HealthYear<'_>) {
        let after = &self.arrivals.after;
        let per_request = after.returns / after.first_share() * after.return_days;
        for (stream, expected) in self.arrivals.expected(self.component) {
            for (target, requests) in stream.targets.iter().zip(expected).filter(|_| !stream.by_day) {
                let pool = usize::from(target.pool);
                let split = if target.split { self.split[pool] } else { 1.0 };
                let label = year.model.label_names[usize::from(target.label)];
                let mut random = self.opening_cell(HOME.with(stream.lanes.patient).with(label), year, pool);
                let at_home = poisson(requests * split * per_request, &mut random);
                self.network.returning[pool].extend((0..at_home).map(|_| target.label));
            }
        }
        if let Some(pool) = self.network.daily.as_ref().map(|daily| daily.pool) {
            let by_day = self.arrivals.per_day(self.component).filter(|(stream, _)| stream.by_day);
            let mean = by_day.map(|(_, per_day)| per_day).sum::<f64>() * per_request;
            let mut random = self.opening_cell(HOME, year, pool);
            self.network.daily.iter_mut().for_each(|daily| daily.fill_homes(mean, &mut random));
        }
    }

    /// Splits the requests of each tier over its pools by the beds of the day.
    pub(crate) fn split(&mut self) {
        self.beds.split(self.component, &mut self.split);
        self.arrivals.split(self.component, &self.split);
    }

    /// Mean number of people whom the requests to a pool would keep in bed, with the beds of the day.
    pub(crate) fn load(&self, pool: usize) -> f64 {
        let mut per_day = 0.0;
        for (stream, expected) in self.arrivals.expected(self.component) {
            for (target, requests) in stream.targets.iter().zip(expected) {
                if usize::from(target.pool) == pool {
                    per_day += requests * if target.split { self.split[pool] } else { 1.0 };
                }
            }
        }
        per_day / self.arrivals.after.first_share() * self.arrivals.stays[pool] / DAY
    }

    /// The year is over: settles who asked where, and where those live who were only counted.
    pub(crate) fn finish_year(&mut self, year: &HealthYear<'_>) {
        self.arrivals.settle(self.component);
        let Some(daily) = &mut self.network.daily else { return };
        let back = daily.readmissions;
        self.arrivals.readmissions[usize::from(self.component.pools[daily.pool].group)] += back;
        self.arrivals.asked_by_class[usize::from(self.component.pools[daily.pool].group)][Class::Urgent.index()] +=
            back;
        let labels = self.waiting_before.len() / self.arrivals.asked_by_class.len();
        let group = usize::from(self.component.pools[daily.pool].group);
        let asked = &mut self.arrivals.asked[group * labels..][..labels];
        let mut random = year.context.chance.cell(HOMES.with(self.component.name), year.stream, 0);
        daily.settle(asked, &mut self.network.tally, &mut random);
        self.arrivals.asked_of_pool[daily.pool] = asked.iter().sum();
    }

    /// The rows of beds of a pool, each with its open bed-days of the year.
    pub(crate) fn rows_of(&self, pool: usize) -> impl Iterator<Item = (&BedRow, f64)> {
        let rows = self.component.rows.iter().zip(self.beds.bed_days.iter().copied());
        rows.filter(move |(row, _)| usize::from(row.pool) == pool)
    }

    /// Whether every request of the year has ended in exactly one way.
    pub(crate) fn conserves(&self, labels: usize) -> bool {
        self.network.conserves(&self.arrivals.asked, &self.waiting_before, labels)
    }

    /// One day: beds, requests, departures.
    pub(crate) fn day(&mut self, season: &Season, year: &HealthYear<'_>, today: Today) {
        let day = today.day.max(0) as u32;
        if self.beds.changes_on(day) {
            if day > 0 {
                self.beds.set_day(self.component, day);
                self.split();
            }
            self.open.fill(0);
            for (pool, beds) in self.beds.pools.iter().enumerate() {
                self.open[usize::from(self.groups[pool])] += beds;
                self.network.set_beds(pool as u16, *beds, today.starts());
            }
            self.closed.fill(false);
            for (stream, per_day) in self.arrivals.per_day(self.component) {
                let group = usize::from(stream.group);
                self.closed[group] |= per_day > 0.0 && self.open[group] == 0;
            }
        }
        let draw = self.arrivals.count_day(self.component, season, year, today);
        if self.network.daily.is_some() {
            let asking = DayRequests { day: today.count, by_class: draw.counted };
            self.network.play_by_day(asking, &mut draw.bits.lane(DAILY), &mut draw.bits.lane(AFTER).stream());
        }
        self.arrivals.draw_day(self.component, today, &draw, &mut self.network.returning);
        self.network.day(&self.arrivals.requests);
        self.network.end_day(today.starts() + DAY);
    }
}
