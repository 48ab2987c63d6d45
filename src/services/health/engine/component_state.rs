//! A component of beds with everything it needs while it runs.

use crate::random::{StreamKey, poisson};
use crate::services::health::demand::arrivals::{Arrivals, Today};
use crate::services::health::demand::season::Season;
use crate::services::health::engine::calendar::BedEpisode;
use crate::services::health::engine::day_engine::DayRequests;
use crate::services::health::engine::network::Network;
use crate::services::health::engine::open_beds::OpenBeds;
use crate::services::health::model::{BedRow, Class, Component, HealthModel};
use crate::services::health::stay::draws::truncated_poisson;
use crate::services::health::time::DAY;
use crate::services::service::ReplicationContext;

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
            waiting_before: vec![0; groups * labels],
        }
    }

    /// Fills the beds as they would be in the long run: a Poisson census cut at the beds, with residual stays.
    pub(crate) fn fill_beds(&mut self, context: &ReplicationContext<'_>) {
        for pool in 0..self.component.pools.len() {
            let (law, mean) = (&self.component.stays[pool], self.arrivals.stays[pool]);
            let mut random = context.chance.cell(CENSUS, BEFORE, (self.component.specialty << 12 | pool) as u32);
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
        if self.arrivals.after.returns > 0.0 {
            self.fill_homes(context);
        }
    }

    /// Puts those at home who have left a bed and will come back: as many as come in the time for which they stay there.
    fn fill_homes(&mut self, context: &ReplicationContext<'_>) {
        let after = &self.arrivals.after;
        let per_request = after.returns / after.first_share() * after.return_days;
        let mut random = context.chance.cell(HOME, BEFORE, self.component.specialty as u32);
        for (stream, expected) in self.arrivals.expected(self.component) {
            for (target, requests) in stream.targets.iter().zip(expected).filter(|_| !stream.by_day) {
                let pool = usize::from(target.pool);
                let split = if target.split { self.split[pool] } else { 1.0 };
                let at_home = poisson(requests * split * per_request, &mut random);
                self.network.returning[pool].extend((0..at_home).map(|_| target.label));
            }
        }
        if let Some(daily) = &mut self.network.daily {
            let by_day = self.arrivals.per_day(self.component).filter(|(stream, _)| stream.by_day);
            daily.fill_homes(by_day.map(|(_, per_day)| per_day).sum::<f64>() * per_request, &mut random);
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
    pub(crate) fn settle(&mut self, context: &ReplicationContext<'_>, stream_year: u32) {
        self.arrivals.settle(self.component);
        let Some(daily) = &mut self.network.daily else { return };
        let back = daily.readmissions;
        self.arrivals.readmissions[usize::from(self.component.pools[daily.pool].group)] += back;
        self.arrivals.asked_by_class[usize::from(self.component.pools[daily.pool].group)][Class::Urgent.index()] +=
            back;
        let labels = self.waiting_before.len() / self.arrivals.asked_by_class.len();
        let group = usize::from(self.component.pools[daily.pool].group);
        let asked = &mut self.arrivals.asked[group * labels..][..labels];
        let mut random = context.chance.cell(HOMES, stream_year, self.component.specialty as u32);
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
    pub(crate) fn day(&mut self, model: &HealthModel, season: &Season, context: &ReplicationContext<'_>, today: Today) {
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
        }
        let draw = self.arrivals.count_day(model, self.component, season, context, today);
        if self.network.daily.is_some() {
            let asking = DayRequests { day: today.count, by_class: draw.counted };
            self.network.play_by_day(asking, &mut draw.bits.lane(DAILY), &mut draw.bits.lane(AFTER).stream());
        }
        self.arrivals.draw_day(self.component, context, today, &draw, &mut self.network.returning);
        self.network.day(&self.arrivals.requests);
        self.network.end_day(today.starts() + DAY);
    }
}
