//! The closed form of a year beside the simulation: beds offered, and beds needed for the promise.
//!
//! Requests that step down are counted where each part of their stay is; those who come back are requests at an even rate,
//! for their times at home smooth out the days on which they left; beds that are kept by people who are ready lengthen
//! stays by their mean.

use crate::services::health::analytic::census::{CensusMoments, Memory, RequestRates, Staying, beds_for, busiest};
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::season::Season;
use crate::services::health::engine::component_state::ComponentState;
use crate::services::health::model::Class;
use crate::services::health::model::HealthModel;
use crate::services::health::time::DAY;

/// Scratch and sums of one year.
#[derive(Clone, Debug)]
pub(crate) struct ClosedForm {
    /// By group.
    needed: Vec<f64>,
    /// The same of the component that was added last, and its census on the busiest day.
    own: Vec<f64>,
    busiest: Vec<CensusMoments>,
    pooled: Vec<CensusMoments>,
    /// Of the present component, by pool: mean census, and the bed-days a day of those who step down to it.
    offered: Vec<f64>,
    onward: Vec<f64>,
    /// The census of its own patients if none stepped down or kept a bed beyond discharge.
    full: Vec<f64>,
    memory: Memory,
}

/// Of one component: mean census by pool, and beds for the promise by group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastComponent<'a> {
    pub(crate) offered: &'a [f64],
    pub(crate) needed: &'a [f64],
}

impl ClosedForm {
    pub(crate) fn new(model: &HealthModel) -> Self {
        let groups = model.groups.len();
        let pools = model.components.iter().map(|component| component.pools.len()).max().unwrap_or(0);
        Self {
            needed: vec![0.0; groups],
            own: vec![0.0; groups],
            busiest: vec![CensusMoments::default(); groups],
            pooled: vec![CensusMoments::default(); groups],
            offered: vec![0.0; pools],
            onward: vec![0.0; pools],
            full: vec![0.0; pools],
            memory: Memory::new(),
        }
    }

    /// Starts a year.
    pub(crate) fn start_year(&mut self) {
        self.needed.fill(0.0);
        self.pooled.fill(CensusMoments::default());
    }

    /// Beds for the promise on the busiest day, each specialty apart.
    pub(crate) fn needed(&self, group: usize) -> f64 {
        self.needed[group]
    }

    /// The census of the busiest days of all specialties together.
    pub(crate) fn pooled(&self, group: usize) -> CensusMoments {
        self.pooled[group]
    }

    /// What was worked out of the component that was added last.
    pub(crate) fn last(&self) -> LastComponent<'_> {
        LastComponent { offered: &self.offered, needed: &self.own }
    }

    /// Of the component that was added last: beds for the promise of one pool, which has its part of the census of its group.
    pub(crate) fn needed_by(&self, state: &ComponentState<'_>, pool: usize, risk: f64) -> f64 {
        let pools = &state.component.pools;
        let same = pools.iter().zip(&self.offered).filter(|(other, _)| other.group == pools[pool].group);
        let whole: f64 = same.map(|(_, offered)| offered).sum();
        let part = if whole > 0.0 { self.offered[pool] / whole } else { 0.0 };
        beds_for(self.busiest[usize::from(pools[pool].group)].part(part), risk)
    }

    /// Adds a component.
    pub(crate) fn add(&mut self, state: &ComponentState<'_>, year: &HealthYear<'_>, season: &Season) {
        let (model, day_cv) = (year.model, year.context.draw.value(year.model.variation.day_cv));
        self.offer(model, state, season);
        let (component, arrivals) = (state.component, &state.arrivals);
        let back = arrivals.after.returns / arrivals.after.first_share();
        for group in 0..self.needed.len() {
            let Some(pool) = component.pools.iter().position(|pool| usize::from(pool.group) == group) else { continue };
            let mut requests = RequestRates { epidemic: component.epidemic, ..RequestRates::default() };
            for (stream, per_day) in arrivals.per_day(component).filter(|(s, _)| usize::from(s.group) == group) {
                match (stream.listed, stream.class == Class::Urgent) {
                    (true, _) => requests.listed += per_day,
                    (false, true) => requests.urgent += per_day,
                    (false, false) => requests.even += per_day,
                }
                requests.even += back * per_day;
            }
            let (law, discharge) = (&component.stays[pool], component.pools[pool].discharge);
            let staying = Staying { law, mean: arrivals.stays[pool], discharge };
            let stepping = self.stepping(state, group, &mut requests);
            let mut moments = busiest(requests, staying, season, day_cv, &mut self.memory);
            // Patients who step down, or keep a bed after the stay, change the mean; the spread goes with it.
            moments.mean *= stepping;
            moments.variance *= stepping;
            moments.of_days *= stepping;
            self.busiest[group] = moments;
            self.own[group] = beds_for(moments, model.promise.refused);
            self.needed[group] += self.own[group];
            self.pooled[group].mean += moments.mean;
            self.pooled[group].variance += moments.variance;
        }
    }

    /// Adds those who step down to the group as requests at an even rate; returns the bed-days of the group's own patients
    /// relative to their full stays.
    fn stepping(&self, state: &ComponentState<'_>, group: usize, requests: &mut RequestRates) -> f64 {
        let pools = state.component.pools.iter().enumerate().filter(|(_, pool)| usize::from(pool.group) == group);
        let (mut own, mut full) = (0.0, 0.0);
        for (pool, _) in pools {
            requests.even += self.onward[pool] * DAY / state.arrivals.stays[pool];
            own += self.offered[pool] - self.onward[pool];
            full += self.full[pool];
        }
        if full > 0.0 { own / full } else { 1.0 }
    }

    /// Works out the mean census of each pool: requests of the year times the time for which each keeps a bed there.
    fn offer(&mut self, model: &HealthModel, state: &ComponentState<'_>, season: &Season) {
        let (component, arrivals) = (state.component, &state.arrivals);
        let pools = component.pools.len();
        self.offered[..pools].fill(0.0);
        self.onward[..pools].fill(0.0);
        self.full[..pools].fill(0.0);
        let (urgent, slots) = season.means(component.epidemic);
        let back = 1.0 / arrivals.after.first_share();
        let delay = |pool: usize| component.pools[pool].discharge.map_or(0.0, |discharge| discharge.mean_delay());
        for (stream, expected) in arrivals.expected(component) {
            let swing = match (stream.listed, stream.class == Class::Urgent) {
                (true, _) => slots,
                (false, true) => urgent,
                (false, false) => 1.0,
            };
            for (target, requests) in stream.targets.iter().zip(expected) {
                let (pool, label) = (usize::from(target.pool), usize::from(target.label));
                let split = if target.split { state.split[pool] } else { 1.0 };
                // Those who come back do so at the mean rate of those who came before.
                let per_day = requests * split * (swing + back - 1.0);
                let needs = arrivals.after.needs_place[label];
                let stay = arrivals.stays[pool];
                self.full[pool] += per_day * (stay + delay(pool)) / DAY;
                let steps = component.step_downs[pool].filter(|_| label < model.areas || model.demand.is_none());
                let share = steps.map_or(0.0, |_| arrivals.step_share(pool)) * (1.0 - needs);
                let Some(step) = steps.filter(|_| share > 0.0) else {
                    let hours = stay + delay(pool) + needs * arrivals.after.kept_hours[label];
                    self.offered[pool] += per_day * hours / DAY;
                    continue;
                };
                let to = usize::from(step.to);
                let (before, after) = match step.acute_part {
                    Some(part) => (stay * part, stay * (1.0 - part)),
                    None => (stay, arrivals.stays[to]),
                };
                let at_home = (1.0 - share) * (stay + delay(pool)) + needs * arrivals.after.kept_hours[label];
                self.offered[pool] += per_day * (at_home + share * before) / DAY;
                self.onward[to] += per_day * share * (after + delay(to)) / DAY;
            }
        }
        self.offered.iter_mut().zip(&self.onward).for_each(|(offered, onward)| *offered += onward);
    }
}
