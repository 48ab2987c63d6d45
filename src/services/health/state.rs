//! One replication: the opening census, the days before the first reported one, and the years.

use super::arrivals::{Arrivals, Today};
use super::beds::OpenBeds;
use super::calendar::Stint;
use super::census::LONGEST;
use super::days::days_of;
use super::demand::YearDemand;
use super::draws::truncated_poisson;
use super::epidemic::waves;
use super::intensive::IntensiveUnits;
use super::model::{BedRow, Component, Model};
use super::network::{Network, URGENT};
use super::read::DAY;
use super::season::Season;
use super::year::YearCount;
use crate::metric::Record;
use crate::population::view::YearView;
use crate::random::{StreamKey, poisson};
use crate::services::service::{ReplicationContext, ServiceState};
use crate::services::service_signals::ServiceSignals;

const CENSUS: StreamKey = StreamKey::named("health.opening-census");
const HOME: StreamKey = StreamKey::named("health.opening.at-home");
const HOMES: StreamKey = StreamKey::named("health.requests.homes");
/// Name in random streams of the days before the first reported one.
const BEFORE: u32 = u32::MAX;

/// A component with everything it needs while it runs.
#[derive(Debug)]
pub(super) struct Running<'m> {
    pub(super) component: &'m Component,
    pub(super) network: Network,
    pub(super) arrivals: Arrivals,
    pub(super) beds: OpenBeds,
    /// Each pool's part of its tier today.
    pub(super) split: Vec<f64>,
    /// The group of each pool, and the open beds of each group today.
    pub(super) groups: Vec<u8>,
    pub(super) open: Vec<u32>,
    /// Who waited when the year started, by group and label; for the check of conservation.
    waiting_before: Vec<u32>,
}

/// Scratch of one thread.
#[derive(Debug)]
pub(super) struct State<'m> {
    model: &'m Model,
    running: Vec<Running<'m>>,
    demand: YearDemand,
    season: Season,
    count: YearCount,
    intensive: IntensiveUnits,
    /// Days from the start of the simulation to the present year.
    now: u32,
}

impl<'m> State<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let (groups, labels) = (model.groups.len(), model.areas + 1);
        let running = model
            .components
            .iter()
            .map(|component| Running {
                component,
                network: Network::new(
                    component.pools.clone(),
                    groups,
                    labels,
                    component.step_downs.iter().any(Option::is_some),
                ),
                arrivals: Arrivals::new(component, groups, labels, model.demand.is_some()),
                beds: OpenBeds::new(component, groups),
                split: vec![0.0; component.pools.len()],
                groups: component.pools.iter().map(|pool| pool.group).collect(),
                open: vec![0; groups],
                waiting_before: vec![0; groups * labels],
            })
            .collect();
        Self {
            model,
            running,
            demand: YearDemand::new(model),
            season: Season::default(),
            count: YearCount::new(model),
            intensive: IntensiveUnits::new(model),
            now: 0,
        }
    }

    fn fill_demand(&mut self, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        if let Some(demand) = &self.model.demand {
            self.demand.fill(demand, context, year);
        }
    }

    /// Expected requests, stays and beds of a year, after which patients waited `wait_days` for a long-stay place last year.
    fn start_year(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        stream_year: u32,
        wait_days: &[f64],
    ) {
        let days = days_of(year.year);
        let swings = &self.model.swings;
        let waves =
            swings.epidemic.map_or_else(Default::default, |epidemic| waves(&epidemic, context, year.index, year.year));
        self.season.set(swings, year.year, self.model.start.warm_up_days.max(LONGEST as u32), &waves);
        for running in &mut self.running {
            let component = running.component;
            running.beds.start_year(component, &self.model.groups, context, year.index, (year.year, days));
            let (parts, times) = ((self.model, component), (year, stream_year));
            running.arrivals.start_year(parts, &self.demand, context, times, (f64::from(days), wait_days));
            running.split();
            if let Some(daily) = &mut running.network.daily {
                daily.set_stay(&component.stays[daily.pool], running.arrivals.stays[daily.pool]);
                let asked = running.arrivals.expected(component).filter(|(stream, _)| stream.by_day);
                let homes = asked.flat_map(|(stream, expected)| {
                    stream.targets.iter().map(|target| usize::from(target.label)).zip(expected.iter().copied())
                });
                daily.set_homes(homes, &running.arrivals.after);
            }
        }
        if self.intensive.is_any() {
            self.intensive.start_year(self.model, context, year.index, (year.year, days));
            for running in &self.running {
                self.intensive.expect((self.model, running), (context, year.index), &self.season);
            }
        }
    }
}

impl Running<'_> {
    /// Fills the beds as they would be in the long run: a Poisson census cut at the beds, with residual stays.
    fn fill_beds(&mut self, context: &ReplicationContext<'_>) {
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
                    _ => self.network.occupy(Stint::new(pool as u16, left)),
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
    fn split(&mut self) {
        self.beds.split(self.component, &mut self.split);
        self.arrivals.split(self.component, &self.split);
    }

    /// Mean number of people whom the requests to a pool would keep in bed, with the beds of the day.
    pub(super) fn load(&self, pool: usize) -> f64 {
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
    fn settle(&mut self, context: &ReplicationContext<'_>, stream_year: u32) {
        self.arrivals.settle(self.component);
        let Some(daily) = &mut self.network.daily else { return };
        let back = daily.readmissions;
        self.arrivals.readmissions[usize::from(self.component.pools[daily.pool].group)] += back;
        self.arrivals.asked_by_class[usize::from(self.component.pools[daily.pool].group)][usize::from(URGENT)] += back;
        let labels = self.waiting_before.len() / self.arrivals.asked_by_class.len();
        let group = usize::from(self.component.pools[daily.pool].group);
        let asked = &mut self.arrivals.asked[group * labels..][..labels];
        let mut random = context.chance.cell(HOMES, stream_year, self.component.specialty as u32);
        daily.settle(asked, &mut self.network.tally, &mut random);
        self.arrivals.asked_of_pool[daily.pool] = asked.iter().sum();
    }

    /// The rows of beds of a pool, each with its open bed-days of the year.
    pub(super) fn rows_of(&self, pool: usize) -> impl Iterator<Item = (&BedRow, f64)> {
        let rows = self.component.rows.iter().zip(self.beds.bed_days.iter().copied());
        rows.filter(move |(row, _)| usize::from(row.pool) == pool)
    }

    /// Whether every request of the year has ended in exactly one way.
    pub(super) fn conserves(&self, labels: usize) -> bool {
        self.network.conserves(&self.arrivals.asked, &self.waiting_before, labels)
    }

    /// One day: beds, requests, departures.
    fn day(&mut self, model: &Model, season: &Season, context: &ReplicationContext<'_>, today: Today) {
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
        self.arrivals.draw_day((model, self.component), season, context, today, &mut self.network);
        self.network.day(&self.arrivals.requests);
        self.network.end_day(today.starts() + DAY);
    }
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        let start = self.model.start;
        self.fill_demand(context, first);
        self.start_year(context, first, BEFORE, &[]);
        self.now = start.warm_up_days;
        let (model, season, intensive) = (self.model, &self.season, &mut self.intensive);
        intensive.clear(model);
        if start.stationary {
            intensive.fill_beds(model, context);
        }
        for running in &mut self.running {
            running.network.clear();
            running.network.first_weekday = season.weekday(-(start.warm_up_days as i32)) as u32;
            running.network.limits.clear();
            running.network.limits.extend(model.groups.iter().map(|group| group.limits));
            if start.stationary {
                running.fill_beds(context);
            }
            running.network.start_year(0.0, f64::from(self.now) * DAY);
            for count in 0..start.warm_up_days {
                let day = count as i32 - start.warm_up_days as i32;
                let today = Today { stream_year: BEFORE, day, count };
                running.day(model, season, context, today);
                if intensive.is_any() {
                    intensive.note_day(model, running, (context, first.index), today);
                }
            }
            running.settle(context, BEFORE);
        }
        intensive.warm_up(model, start.warm_up_days);
        self.count.open(self.running.iter());
    }

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = year.reported else { return };
        let days = days_of(year.year);
        self.fill_demand(context, year);
        self.start_year(context, year, year.index as u32, &signals.step_down_wait_days);
        self.count.start_year();
        if self.model.demand.is_some() {
            self.count.choose_outside(context, &self.demand, year.index as u32);
        }
        let end = self.now + days;
        for (at, running) in self.running.iter_mut().enumerate() {
            running.waiting_before.fill(0);
            running.network.count_waiting(&mut running.waiting_before, self.model.areas + 1);
            running.network.start_year(f64::from(self.now) * DAY, f64::from(end) * DAY);
            self.count.start_component();
            for day in 0..days {
                let stream_year = year.index as u32;
                let today = Today { stream_year, day: day as i32, count: self.now + day };
                running.day(self.model, &self.season, context, today);
                self.count.note_midnight(day, (self.model, at), running);
                if self.intensive.is_any() {
                    self.intensive.note_day(self.model, running, (context, year.index), today);
                }
            }
            running.settle(context, year.index as u32);
            let day_cv = context.draw.value(self.model.swings.day_cv);
            self.count.closed.add(self.model, running, &self.season, day_cv);
            self.count.add(context, year.index as u32, (self.model, at), running, f64::from(days));
        }
        self.intensive.serve(self.model, (self.now, days), reported, record);
        self.now = end;
        if self.model.demand.as_ref().is_some_and(|demand| demand.to_elderly_care.is_some()) {
            signals.step_down_next.extend_from_slice(self.count.need_place(self.model.areas));
        }
        self.count.record(self.model, f64::from(days), reported, record);
    }
}
