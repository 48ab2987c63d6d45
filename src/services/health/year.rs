//! The count of one year over all components, and its record.

use super::census::{Memory, Moments, Requests, beds_for, busiest};
use super::metrics::{CENSUS_DAYS, Metric};
use super::model::Model;
use super::network::{CLASSES, PLANNED, URGENT};
use super::read::DAY;
use super::season::Season;
use super::state::Running;
use crate::metric::Record;
use crate::random::{Purpose, binomial};
use crate::services::service::Context;

const FOUND: Purpose = Purpose::named("health.refused.found-outside");
/// Midnights of the longest year.
const DAYS: usize = 366;

/// Counts by group (tier or ward) and label (area, or outside the district as the last).
#[derive(Clone, Debug)]
pub(super) struct YearCount {
    groups: usize,
    labels: usize,
    asked: Vec<u32>,
    refused: Vec<u32>,
    outside: Vec<u32>,
    waiting: Vec<u32>,
    waiting_before: Vec<u32>,
    /// By group and area of the beds.
    bed_days: Vec<f64>,
    occupied_days: Vec<f64>,
    /// By midnight and group.
    census: Vec<u32>,
    beds: Vec<u32>,
    /// By group.
    diverted: Vec<u32>,
    waits: Vec<u32>,
    waited_days: Vec<[f64; CLASSES]>,
    asked_by_class: Vec<[u32; CLASSES]>,
    blocked: Vec<u32>,
    blocked_days: Vec<f64>,
    /// Load of the pools of a group that have endless queues is above their beds.
    unstable: Vec<bool>,
    /// The closed form, by group.
    offered: Vec<f64>,
    needed: Vec<f64>,
    pooled: Vec<Moments>,
    memory: Memory,
}

impl YearCount {
    pub(super) fn new(model: &Model) -> Self {
        let (groups, labels) = (model.groups.len(), model.areas + 1);
        let (cells, places) = (groups * labels, groups * model.areas);
        Self {
            groups,
            labels,
            asked: vec![0; cells],
            refused: vec![0; cells],
            outside: vec![0; cells],
            waiting: vec![0; cells],
            waiting_before: vec![0; cells],
            bed_days: vec![0.0; places],
            occupied_days: vec![0.0; places],
            census: vec![0; groups * DAYS],
            beds: vec![0; groups * DAYS],
            diverted: vec![0; groups],
            waits: vec![0; groups],
            waited_days: vec![[0.0; CLASSES]; groups],
            asked_by_class: vec![[0; CLASSES]; groups],
            blocked: vec![0; groups],
            blocked_days: vec![0.0; groups],
            unstable: vec![false; groups],
            offered: vec![0.0; groups],
            needed: vec![0.0; groups],
            pooled: vec![Moments::default(); groups],
            memory: Memory::new(),
        }
    }

    /// Takes over who waits at the start of the first year.
    pub(super) fn open<'a, 'm: 'a>(&mut self, running: impl Iterator<Item = &'a Running<'m>>) {
        self.waiting.fill(0);
        running.for_each(|running| running.network.count_waiting(&mut self.waiting, self.labels));
    }

    /// Starts the count of a year.
    pub(super) fn start_year(&mut self) {
        std::mem::swap(&mut self.waiting, &mut self.waiting_before);
        for counts in [&mut self.asked, &mut self.refused, &mut self.outside, &mut self.waiting, &mut self.census] {
            counts.fill(0);
        }
        for counts in [&mut self.beds, &mut self.diverted, &mut self.waits, &mut self.blocked] {
            counts.fill(0);
        }
        for sums in
            [&mut self.bed_days, &mut self.occupied_days, &mut self.blocked_days, &mut self.offered, &mut self.needed]
        {
            sums.fill(0.0);
        }
        self.waited_days.fill([0.0; CLASSES]);
        self.asked_by_class.fill([0; CLASSES]);
        self.unstable.fill(false);
        self.pooled.fill(Moments::default());
    }

    /// Adds a component's midnight.
    pub(super) fn note_midnight(&mut self, day: u32, running: &Running<'_>) {
        let at = day as usize * self.groups;
        let (census, beds) = (&mut self.census[at..at + self.groups], &mut self.beds[at..at + self.groups]);
        for (pool, def) in running.component.pools.iter().enumerate() {
            census[usize::from(def.group)] += running.network.census[pool];
            beds[usize::from(def.group)] += running.network.beds[pool];
        }
    }

    /// Adds a component's year.
    pub(super) fn add(&mut self, context: &Context<'_>, year: u32, model: &Model, running: &Running<'_>, days: f64) {
        let tally = &running.network.tally;
        running.network.count_waiting(&mut self.waiting, self.labels);
        for group in 0..self.groups {
            let share = model.groups[group].found_outside.map_or(0.0, |p| context.draw.at(p, year as usize, 0));
            for label in 0..self.labels {
                let at = group * self.labels + label;
                let refused = tally.refused[at] + tally.left[at];
                let cell = (running.component.specialty * self.groups * self.labels + at) as u32;
                let mut random = context.chance.cell(FOUND, year, cell);
                self.asked[at] += running.arrivals.asked[at];
                self.refused[at] += refused;
                self.outside[at] += binomial(refused, share, &mut random);
            }
            self.diverted[group] += tally.diverted[group];
            self.waits[group] += tally.waits[group];
            for class in 0..CLASSES {
                self.waited_days[group][class] += tally.waited[group][class] / DAY;
                self.asked_by_class[group][class] += running.arrivals.asked_by_class[group][class];
            }
        }
        self.add_beds(model, running, days);
        debug_assert!(running.conserves(self.labels), "invariant: requests = admitted + waiting + refused + left");
    }

    /// Adds the closed form of a component.
    pub(super) fn add_census(&mut self, model: &Model, running: &Running<'_>, season: &Season, day_cv: f64) {
        let component = running.component;
        for group in 0..self.groups {
            let Some(pool) = component.pools.iter().position(|pool| usize::from(pool.group) == group) else { continue };
            let mut requests = Requests::default();
            for (stream, per_day) in running.arrivals.per_day(component) {
                match (stream.listed, stream.class == URGENT) {
                    _ if usize::from(stream.group) != group => {}
                    (true, _) => requests.listed += per_day,
                    (false, true) => requests.urgent += per_day,
                    (false, false) => requests.even += per_day,
                }
            }
            let stay = (&component.stays[pool], running.arrivals.stays[pool]);
            let moments = busiest(requests, stay, season, day_cv, &mut self.memory);
            self.needed[group] += beds_for(moments, model.promise.refused);
            self.pooled[group].mean += moments.mean;
            self.pooled[group].variance += moments.variance;
            let pools = component.pools.iter().enumerate().filter(|(_, pool)| usize::from(pool.group) == group);
            self.offered[group] += pools.map(|(pool, _)| running.load(pool)).sum::<f64>();
        }
    }

    /// Beds and their use by the area they are in: a pool in several areas fills evenly.
    fn add_beds(&mut self, model: &Model, running: &Running<'_>, days: f64) {
        let (component, tally) = (running.component, &running.network.tally);
        for (pool, def) in component.pools.iter().enumerate() {
            let group = usize::from(def.group);
            let rows =
                || component.rows.iter().zip(&running.beds.bed_days).filter(|(row, _)| usize::from(row.pool) == pool);
            let total: f64 = rows().map(|(_, bed_days)| bed_days).sum();
            let occupied = tally.occupied[pool] / DAY;
            let count = rows().count() as f64;
            for (row, bed_days) in rows() {
                let at = group * model.areas + row.area;
                self.bed_days[at] += bed_days;
                self.occupied_days[at] += occupied * if total > 0.0 { bed_days / total } else { 1.0 / count };
            }
            self.blocked[group] += tally.blocked[pool];
            self.blocked_days[group] += tally.blocked_hours[pool] / DAY;
            let endless = model.groups[group].limits.contains(&f64::INFINITY) && def.waiting_places == u32::MAX;
            self.unstable[group] |= endless && running.load(pool) >= total / days;
        }
    }

    /// Writes the year.
    pub(super) fn record(&self, model: &Model, days: f64, year: usize, record: &mut Record<'_>) {
        for group in 0..self.groups {
            self.record_areas(model, group, days, year, record);
            self.record_district(model, group, days, year, record);
        }
    }

    fn record_areas(&self, model: &Model, group: usize, days: f64, year: usize, record: &mut Record<'_>) {
        let block = model.groups[group].block;
        for area in 0..model.areas {
            let at = group * self.labels + area;
            let unmet = self.refused[at] - self.outside[at];
            let served = self.asked[at] + self.waiting_before[at] - self.waiting[at] - self.refused[at];
            let mut count = |metric: Metric, value: u32| record.count(block, metric as usize, area, year, value);
            count(Metric::Demand, self.asked[at]);
            count(Metric::Served, served);
            count(Metric::Unmet, unmet);
            count(Metric::Waiting, self.waiting[at]);
            count(Metric::Outside, self.outside[at]);
            count(
                Metric::Short,
                u32::from(f64::from(self.refused[at]) > model.promise.refused * f64::from(self.asked[at])),
            );
            let place = group * model.areas + area;
            record.real(block, Metric::Places as usize, area, year, self.bed_days[place] / days);
            record.real(block, Metric::OccupiedBeds as usize, area, year, self.occupied_days[place] / days);
            for metric in DISTRICT_ONLY {
                record.real(block, metric as usize, area, year, f64::NAN);
            }
        }
    }

    fn record_district(&self, model: &Model, group: usize, days: f64, year: usize, record: &mut Record<'_>) {
        let block = model.groups[group].block;
        let district = record.district(block);
        let labels = group * self.labels..(group + 1) * self.labels;
        let asked: u32 = self.asked[labels.clone()].iter().sum();
        let refused: u32 = self.refused[labels.clone()].iter().sum();
        let share = |part: f64, whole: u32| if whole > 0 { part / f64::from(whole) } else { f64::NAN };
        let days_count = days as usize;
        let midnights = || {
            let counts = self.census.iter().copied().zip(self.beds.iter().copied());
            counts.skip(group).step_by(self.groups).take(days_count)
        };
        let over = |level: f64| {
            midnights().filter(|(census, beds)| f64::from(*census) > level * f64::from(*beds)).count() as f64 / days
        };
        let refused_share = share(f64::from(refused), asked);
        let crowded = over(0.92);
        let mut real = |metric: Metric, value: f64| record.real(block, metric as usize, district, year, value);
        real(Metric::MidnightCensus, midnights().map(|(census, _)| f64::from(census)).sum::<f64>() / days);
        real(Metric::RefusedShare, refused_share);
        real(Metric::WaitShare, share(f64::from(self.waits[group]), asked));
        let (waited, by_class) = (self.waited_days[group], self.asked_by_class[group]);
        real(Metric::WaitDays, share(waited.iter().sum(), asked));
        real(Metric::UrgentWaitDays, share(waited[usize::from(URGENT)], by_class[usize::from(URGENT)]));
        real(Metric::PlannedWaitDays, share(waited[usize::from(PLANNED)], by_class[usize::from(PLANNED)]));
        real(Metric::Over85, over(0.85));
        real(Metric::Over92, crowded);
        real(Metric::DelayedBeds, self.blocked_days[group] / days);
        real(Metric::OfferedBeds, self.offered[group]);
        real(Metric::BedsNeeded, self.needed[group]);
        real(Metric::BedsNeededPooled, beds_for(self.pooled[group], model.promise.refused));
        let mut count = |metric: Metric, value: u32| record.count(block, metric as usize, district, year, value);
        count(Metric::Inflow, self.asked[labels.end - 1]);
        count(Metric::InflowRefused, self.refused[labels.end - 1]);
        count(Metric::Diverted, self.diverted[group]);
        count(Metric::DelayedPatients, self.blocked[group]);
        count(Metric::Unstable, u32::from(self.unstable[group]));
        count(Metric::Short, u32::from(refused_share > model.promise.refused || crowded > model.promise.crowded));
        if model.demand.is_none() {
            for (metric, day) in CENSUS_DAYS {
                record.real(
                    block,
                    metric as usize,
                    district,
                    year,
                    f64::from(self.census[(day as usize - 1) * self.groups + group]),
                );
            }
        }
    }
}

/// Metrics that have no value by area.
const DISTRICT_ONLY: [Metric; 12] = [
    Metric::MidnightCensus,
    Metric::RefusedShare,
    Metric::WaitShare,
    Metric::WaitDays,
    Metric::UrgentWaitDays,
    Metric::PlannedWaitDays,
    Metric::Over85,
    Metric::Over92,
    Metric::DelayedBeds,
    Metric::OfferedBeds,
    Metric::BedsNeeded,
    Metric::BedsNeededPooled,
];
