//! One replication: the opening census, the days before the first reported one, and the years.

use crate::metric::Record;
use crate::population::view::YearView;
use crate::services::health::analytic::census::LONGEST;
use crate::services::health::demand::arrivals::Today;
use crate::services::health::demand::epidemic::waves;
use crate::services::health::demand::season::Season;
use crate::services::health::demand::yearly_demand::YearDemand;
use crate::services::health::engine::component_state::{BEFORE, ComponentState};
use crate::services::health::intensive_care::units::IntensiveUnits;
use crate::services::health::model::HealthModel;
use crate::services::health::record::year_count::YearCount;
use crate::services::health::time::DAY;
use crate::services::health::time::days_of;
use crate::services::service::{ReplicationContext, ServiceState};
use crate::services::service_signals::ServiceSignals;

/// Scratch of one thread.
#[derive(Debug)]
pub(crate) struct HealthState<'m> {
    model: &'m HealthModel,
    components: Vec<ComponentState<'m>>,
    demand: YearDemand,
    season: Season,
    count: YearCount,
    intensive: IntensiveUnits,
    /// Days from the start of the simulation to the present year.
    now: u32,
}

impl<'m> HealthState<'m> {
    pub(crate) fn new(model: &'m HealthModel) -> Self {
        let (groups, labels) = (model.groups.len(), model.areas + 1);
        let components = model
            .components
            .iter()
            .map(|component| ComponentState::new(component, groups, labels, model.demand.is_some()))
            .collect();
        Self {
            model,
            components,
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
        let variation = &self.model.variation;
        let waves = variation
            .epidemic
            .map_or_else(Default::default, |epidemic| waves(&epidemic, context, year.index, year.year));
        self.season.set(variation, year.year, self.model.start.warm_up_days.max(LONGEST as u32), &waves);
        for state in &mut self.components {
            let component = state.component;
            state.beds.start_year(component, &self.model.groups, context, year.index, (year.year, days));
            let (parts, times) = ((self.model, component), (year, stream_year));
            state.arrivals.start_year(parts, &self.demand, context, times, (f64::from(days), wait_days));
            state.split();
            if let Some(daily) = &mut state.network.daily {
                daily.set_stay(&component.stays[daily.pool], state.arrivals.stays[daily.pool]);
                let asked = state.arrivals.expected(component).filter(|(stream, _)| stream.by_day);
                let homes = asked.flat_map(|(stream, expected)| {
                    stream.targets.iter().map(|target| usize::from(target.label)).zip(expected.iter().copied())
                });
                daily.set_homes(homes, &state.arrivals.after);
            }
        }
        if self.intensive.is_any() {
            self.intensive.start_year(self.model, context, year.index, (year.year, days));
            for state in &self.components {
                self.intensive.expect((self.model, state), (context, year.index), &self.season);
            }
        }
    }
}

impl ServiceState for HealthState<'_> {
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
        for state in &mut self.components {
            state.network.clear();
            state.network.first_weekday = season.weekday(-(start.warm_up_days as i32)) as u32;
            state.network.limits.clear();
            state.network.limits.extend(model.groups.iter().map(|group| group.limits));
            if start.stationary {
                state.fill_beds(context);
            }
            state.network.start_year(0.0, f64::from(self.now) * DAY);
            for count in 0..start.warm_up_days {
                let day = count as i32 - start.warm_up_days as i32;
                let today = Today { stream_year: BEFORE, day, count };
                state.day(model, season, context, today);
                if intensive.is_any() {
                    intensive.note_day(model, state, (context, first.index), today);
                }
            }
            state.settle(context, BEFORE);
        }
        intensive.warm_up(model, start.warm_up_days);
        self.count.open(self.components.iter());
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
        for (at, state) in self.components.iter_mut().enumerate() {
            state.waiting_before.fill(0);
            state.network.count_waiting(&mut state.waiting_before, self.model.areas + 1);
            state.network.start_year(f64::from(self.now) * DAY, f64::from(end) * DAY);
            self.count.start_component();
            for day in 0..days {
                let stream_year = year.index as u32;
                let today = Today { stream_year, day: day as i32, count: self.now + day };
                state.day(self.model, &self.season, context, today);
                self.count.note_midnight(day, (self.model, at), state);
                if self.intensive.is_any() {
                    self.intensive.note_day(self.model, state, (context, year.index), today);
                }
            }
            state.settle(context, year.index as u32);
            let day_cv = context.draw.value(self.model.variation.day_cv);
            self.count.closed.add(self.model, state, &self.season, day_cv);
            self.count.add(context, year.index as u32, (self.model, at), state, f64::from(days));
        }
        self.intensive.serve(self.model, (self.now, days), reported, record);
        self.now = end;
        if self.model.demand.as_ref().is_some_and(|demand| demand.to_elderly_care.is_some()) {
            signals.step_down_next.extend_from_slice(self.count.need_place(self.model.areas));
        }
        self.count.record(self.model, f64::from(days), reported, record);
    }
}
