//! One replication: the opening census, the days before the first reported one, and the years.

use crate::dates::days_of_year;
use crate::metric::Record;
use crate::population::view::YearView;
use crate::services::health::analytic::census::LONGEST;
use crate::services::health::demand::arrivals::Today;
use crate::services::health::demand::epidemic::waves;
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::season::Season;
use crate::services::health::demand::yearly_demand::YearDemand;
use crate::services::health::engine::component_state::{BEFORE, ComponentState};
use crate::services::health::intensive_care::units::IntensiveUnits;
use crate::services::health::model::{HealthModel, OpeningCensus};
use crate::services::health::record::year_count::YearCount;
use crate::services::health::time::DAY;
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

    /// The year as everything about beds needs it, under its name in random streams.
    fn year<'a>(&self, context: &ReplicationContext<'a>, year: &YearView<'_>, stream: u32) -> HealthYear<'a>
    where
        'm: 'a,
    {
        let (calendar, index) = (year.year, year.index);
        HealthYear { model: self.model, context: *context, index, calendar, days: days_of_year(calendar), stream }
    }

    /// Expected requests, stays and beds of a year, after which patients waited `wait_days` for a long-stay place last year.
    fn start_year(&mut self, people: &YearView<'_>, year: &HealthYear<'_>, wait_days: &[f64]) {
        if let Some(demand) = &self.model.demand {
            self.demand.fill(demand, &year.context, people);
        }
        let variation = &self.model.variation;
        let waves = variation.epidemic.map_or_else(Default::default, |epidemic| waves(&epidemic, year));
        self.season.set(variation, year.calendar, self.model.start.warm_up_days.max(LONGEST as u32), &waves);
        for state in &mut self.components {
            let component = state.component;
            state.beds.start_year(component, &self.model.groups, year);
            state.arrivals.start_year(component, &self.demand, year, wait_days);
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
            self.intensive.start_year(year);
            for state in &self.components {
                self.intensive.expect(state, year, &self.season);
            }
        }
    }
}

impl ServiceState for HealthState<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        let (start, model) = (&self.model.start, self.model);
        let year = self.year(context, first, BEFORE);
        self.start_year(first, &year, &[]);
        self.now = start.warm_up_days;
        let (season, intensive) = (&self.season, &mut self.intensive);
        intensive.clear(model);
        if start.census != OpeningCensus::Empty {
            intensive.fill_beds(&year);
        }
        for state in &mut self.components {
            state.network.clear();
            state.network.first_weekday = season.weekday(-(start.warm_up_days as i32)) as u32;
            state.network.limits.clear();
            state.network.limits.extend(model.groups.iter().map(|group| group.limits));
            state.fill(&year, &start.census);
            state.network.start_year(0.0, f64::from(self.now) * DAY);
            for count in 0..start.warm_up_days {
                let today = Today { day: count as i32 - start.warm_up_days as i32, count };
                state.day(season, &year, today);
                if intensive.is_any() {
                    intensive.note_day(state, &year, today);
                }
            }
            state.finish_year(&year);
        }
        intensive.warm_up(model, start.warm_up_days);
        self.count.open(model, self.components.iter());
    }

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        people: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = people.reported else { return };
        let model = self.model;
        let year = self.year(context, people, people.index as u32);
        self.start_year(people, &year, &signals.step_down_wait_days);
        self.count.start_year();
        if model.demand.is_some() {
            self.count.choose_outside(&year, &self.demand);
        }
        let end = self.now + year.days;
        for (at, state) in self.components.iter_mut().enumerate() {
            state.waiting_before.fill(0);
            state.network.count_waiting(&mut state.waiting_before, model.areas + 1);
            state.network.start_year(f64::from(self.now) * DAY, f64::from(end) * DAY);
            self.count.start_component();
            for day in 0..year.days {
                let today = Today { day: day as i32, count: self.now + day };
                state.day(&self.season, &year, today);
                self.count.note_midnight(model, at, day, state);
                if self.intensive.is_any() {
                    self.intensive.note_day(state, &year, today);
                }
            }
            state.finish_year(&year);
            self.count.closed.add(state, &year, &self.season);
            self.count.add(&year, at, state);
        }
        self.intensive.serve(model, self.now, &year, reported, record);
        self.now = end;
        if model.demand.as_ref().is_some_and(|demand| demand.to_elderly_care.is_some()) {
            signals.step_down_next.extend_from_slice(self.count.need_place(model.areas));
        }
        self.count.record(model, f64::from(year.days), reported, record);
    }
}
