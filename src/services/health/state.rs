//! One replication: the opening census, the days before the first reported one, and the years.

use super::arrivals::{Arrivals, Today};
use super::beds::OpenBeds;
use super::calendar::Stint;
use super::days::days_of;
use super::demand::YearDemand;
use super::draws::truncated_poisson;
use super::model::{Component, Model};
use super::network::Network;
use super::read::DAY;
use super::year::YearCount;
use crate::metric::Record;
use crate::population::view::YearView;
use crate::random::Purpose;
use crate::services::handover::Handover;
use crate::services::service::{Context, ServiceState};

const CENSUS: Purpose = Purpose::named("health.opening-census");
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
    /// Who waited when the year started, by group and label; for the check of conservation.
    waiting_before: Vec<u32>,
}

/// Scratch of one thread.
#[derive(Debug)]
pub(super) struct State<'m> {
    model: &'m Model,
    running: Vec<Running<'m>>,
    demand: YearDemand,
    count: YearCount,
    /// Midnight at which the present year starts, hours.
    now: f64,
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
                    model.demand.is_some(),
                ),
                arrivals: Arrivals::new(component, groups, labels, model.demand.is_some()),
                beds: OpenBeds::new(component, groups),
                split: vec![0.0; component.pools.len()],
                waiting_before: vec![0; groups * labels],
            })
            .collect();
        Self { model, running, demand: YearDemand::new(model), count: YearCount::new(model), now: 0.0 }
    }

    fn fill_demand(&mut self, context: &Context<'_>, year: &YearView<'_>) {
        if let Some(demand) = &self.model.demand {
            self.demand.fill(demand, context, year);
        }
    }

    /// Expected requests, stays and beds of a year.
    fn start_year(&mut self, context: &Context<'_>, year: &YearView<'_>, stream_year: u32) {
        let days = days_of(year.year);
        for running in &mut self.running {
            let component = running.component;
            running.beds.start_year(component, &self.model.groups, context, year.index, (year.year, days));
            running.arrivals.start_year(self.model, component, context, year.index, stream_year);
            if let Some(daily) = &mut running.network.daily {
                daily.set_stay(&component.stays[daily.pool], running.arrivals.stays[daily.pool]);
            }
            for (per_day, stream) in running.arrivals.per_day.iter_mut().zip(&component.streams) {
                let requests = self.demand.expected(component, stream.source, context, year, f64::from(days));
                *per_day = requests / f64::from(days);
            }
        }
    }
}

impl Running<'_> {
    /// Fills the beds as they would be in the long run: a Poisson census cut at the beds, with residual stays.
    fn fill_beds(&mut self, context: &Context<'_>) {
        self.beds.split(self.component, &mut self.split);
        for pool in 0..self.component.pools.len() {
            let (law, mean) = (&self.component.stays[pool], self.arrivals.stays[pool]);
            let mut random = context.chance.cell(CENSUS, BEFORE, (self.component.specialty << 12 | pool) as u32);
            let census = truncated_poisson(self.load(pool), self.beds.pools[pool], &mut random);
            let from = self.network.calendar.hour_start();
            for _ in 0..census {
                let left = law.draw_residual(mean, &mut random);
                match &mut self.network.daily {
                    Some(daily) if daily.pool == pool => {
                        daily.occupy((from / DAY) as u32, left);
                        self.network.census[pool] += 1;
                    }
                    _ => self.network.occupy(Stint::new(pool as u16, from + left)),
                }
            }
        }
    }

    /// Mean number of people whom the requests to a pool would keep in bed, with the beds of the year's last day.
    pub(super) fn load(&self, pool: usize) -> f64 {
        let streams = self.component.streams.iter().zip(&self.arrivals.per_day);
        let per_day: f64 = streams
            .filter(|(stream, _)| usize::from(stream.pool) == pool)
            .map(|(stream, per_day)| per_day * stream.share * if stream.split { self.split[pool] } else { 1.0 })
            .sum();
        per_day * self.arrivals.stays[pool] / DAY
    }

    /// Whether every request of the year has ended in exactly one way.
    pub(super) fn conserves(&self, labels: usize) -> bool {
        self.network.conserves(&self.arrivals.asked, &self.waiting_before, labels)
    }

    /// One day: beds, requests, 24 hours.
    fn day(&mut self, model: &Model, demand: &YearDemand, context: &Context<'_>, today: Today) {
        let day = today.day.max(0) as u32;
        if self.beds.changes_on(day) {
            self.beds.set_day(self.component, day);
            self.beds.split(self.component, &mut self.split);
            for (pool, beds) in self.beds.pools.iter().enumerate() {
                self.network.set_beds(pool as u16, *beds, today.starts);
            }
        }
        self.arrivals.draw_day(model, self.component, demand, context, today, (&self.split, &mut self.network));
        for hour in &mut self.arrivals.hours {
            self.network.hour(hour);
        }
        self.network.end_day(today.starts + DAY);
    }
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &Context<'_>, first: &YearView<'_>) {
        let start = self.model.start;
        self.fill_demand(context, first);
        self.start_year(context, first, BEFORE);
        self.now = f64::from(start.warm_up_days) * DAY;
        let (model, demand) = (self.model, &self.demand);
        for running in &mut self.running {
            running.network.clear(0);
            running.network.limits.clear();
            running.network.limits.extend(model.groups.iter().map(|group| group.limits));
            if start.stationary {
                running.fill_beds(context);
            }
            running.network.start_year(0.0, self.now);
            for before in 0..start.warm_up_days {
                let day = before as i32 - start.warm_up_days as i32;
                let today = Today { year: first.year, stream_year: BEFORE, day, starts: f64::from(before) * DAY };
                running.day(model, demand, context, today);
            }
        }
        self.count.open(self.running.iter());
    }

    fn serve(&mut self, context: &Context<'_>, year: &YearView<'_>, _: &mut Handover, record: &mut Record<'_>) {
        let Some(reported) = year.reported else { return };
        let days = days_of(year.year);
        self.fill_demand(context, year);
        self.start_year(context, year, year.index as u32);
        self.count.start_year();
        let end = self.now + f64::from(days) * DAY;
        for running in &mut self.running {
            running.waiting_before.fill(0);
            running.network.count_waiting(&mut running.waiting_before, self.model.areas + 1);
            running.network.start_year(self.now, end);
            for day in 0..days {
                let starts = self.now + f64::from(day) * DAY;
                let today = Today { year: year.year, stream_year: year.index as u32, day: day as i32, starts };
                running.day(self.model, &self.demand, context, today);
                self.count.note_midnight(day, running);
            }
            let day_cv = context.draw.value(self.model.swings.day_cv);
            self.count.add_census(self.model, running, year.year, day_cv);
            self.count.add(context, year.index as u32, self.model, running, f64::from(days));
        }
        self.now = end;
        self.count.record(self.model, f64::from(days), reported, record);
    }
}
