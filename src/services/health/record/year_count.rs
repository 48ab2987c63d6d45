//! The count of one year over all components, and its record.

use crate::metric::{BlockId, District, Handle, Record, Values};
use crate::random::{StreamKey, binomial, poisson};
use crate::services::health::analytic::census::beds_for;
use crate::services::health::analytic::closed_form::ClosedForm;
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::yearly_demand::YearDemand;
use crate::services::health::engine::component_state::ComponentState;
use crate::services::health::metrics::{CENSUS_DAYS, OfResidents, OfTier};
use crate::services::health::model::HealthModel;
use crate::services::health::model::{CLASSES, Class};
use crate::services::health::record::hospitals::HospitalCounts;
use crate::services::health::record::midnight_census::MidnightCensus;
use crate::services::health::record::units::UnitCounts;
use crate::services::health::time::DAY;

const FOUND: StreamKey = StreamKey::named("health.refused.found-outside");
const CHOSE: StreamKey = StreamKey::named("health.residents.chose-outside");
/// Share of requests that beds turn away above which the closed form must differ from the simulation.
const CAPACITY_TELLS: f64 = 0.005;

/// Counts by group (tier or ward) and label (area, or outside the district as the last).
#[derive(Clone, Debug)]
pub(crate) struct YearCount {
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
    offered_days: Vec<f64>,
    /// Midnights of all components, and of the present one.
    midnights: MidnightCensus,
    of_component: MidnightCensus,
    units: UnitCounts,
    hospitals: HospitalCounts,
    /// By group.
    diverted: Vec<u32>,
    waits: Vec<u32>,
    waited_days: Vec<[f64; CLASSES]>,
    asked_by_class: Vec<[u32; CLASSES]>,
    blocked: Vec<u32>,
    blocked_days: Vec<f64>,
    /// Load of the pools of a group that have endless queues is above their beds.
    unstable: Vec<bool>,
    /// Admitted in a higher tier than asked, and asked again after an earlier stay, by group.
    sent_up: Vec<u32>,
    readmissions: Vec<u32>,
    /// Bed-days kept by patients who were ready, by group.
    late_days: Vec<f64>,
    /// Patients admitted who need a long-stay place, by label.
    need_place: Vec<u32>,
    /// Residents who chose a hospital outside the district, by area.
    chose_outside: Vec<u32>,
    /// The closed form.
    pub(crate) closed: ClosedForm,
}

impl YearCount {
    pub(crate) fn new(model: &HealthModel) -> Self {
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
            offered_days: vec![0.0; places],
            midnights: MidnightCensus::new(groups),
            of_component: MidnightCensus::new(groups),
            units: UnitCounts::new(model),
            hospitals: HospitalCounts::new(model),
            diverted: vec![0; groups],
            waits: vec![0; groups],
            waited_days: vec![[0.0; CLASSES]; groups],
            asked_by_class: vec![[0; CLASSES]; groups],
            blocked: vec![0; groups],
            blocked_days: vec![0.0; groups],
            unstable: vec![false; groups],
            sent_up: vec![0; groups],
            readmissions: vec![0; groups],
            late_days: vec![0.0; groups],
            need_place: vec![0; labels],
            chose_outside: vec![0; model.areas],
            closed: ClosedForm::new(model),
        }
    }

    /// Takes over who waits at the start of the first year.
    pub(crate) fn open<'a, 'm: 'a>(
        &mut self,
        model: &HealthModel,
        state: impl Iterator<Item = &'a ComponentState<'m>> + Clone,
    ) {
        self.waiting.fill(0);
        self.hospitals.open(model, state.clone());
        state.for_each(|state| state.network.count_waiting(&mut self.waiting, self.labels));
    }

    /// Starts the count of a year.
    pub(crate) fn start_year(&mut self) {
        std::mem::swap(&mut self.waiting, &mut self.waiting_before);
        for counts in [&mut self.asked, &mut self.refused, &mut self.outside, &mut self.waiting] {
            counts.fill(0);
        }
        for counts in [&mut self.diverted, &mut self.waits, &mut self.blocked, &mut self.sent_up] {
            counts.fill(0);
        }
        for counts in [&mut self.readmissions, &mut self.need_place] {
            counts.fill(0);
        }
        for sums in [&mut self.bed_days, &mut self.occupied_days, &mut self.offered_days] {
            sums.fill(0.0);
        }
        for sums in [&mut self.blocked_days, &mut self.late_days] {
            sums.fill(0.0);
        }
        self.waited_days.fill([0.0; CLASSES]);
        self.asked_by_class.fill([0; CLASSES]);
        self.unstable.fill(false);
        self.midnights.clear();
        self.hospitals.start_year();
        self.closed.start_year();
    }

    /// Starts the year of a component.
    pub(crate) fn start_component(&mut self) {
        self.of_component.clear();
    }

    /// Adds its midnight.
    #[inline]
    pub(crate) fn note_midnight(&mut self, model: &HealthModel, at: usize, day: u32, state: &ComponentState<'_>) {
        self.hospitals.note_midnight(model, at, day, state);
        self.of_component.note(day, &state.groups, &state.network.census, &state.open);
        for (group, _) in state.closed.iter().enumerate().filter(|(_, closed)| **closed) {
            self.of_component.note_closed(day, group);
        }
    }

    /// Draws how many residents ask outside the district first.
    pub(crate) fn choose_outside(&mut self, year: &HealthYear<'_>, demand: &YearDemand) {
        for (area, count) in self.chose_outside.iter_mut().enumerate() {
            let name = CHOSE.with(year.model.label_names[area]);
            *count = poisson(demand.chosen_outside(area), &mut year.context.chance.cell(name, year.stream, 0));
        }
    }

    /// Adds the year of the component numbered `at`.
    pub(crate) fn add(&mut self, year: &HealthYear<'_>, at: usize, state: &ComponentState<'_>) {
        let model = year.model;
        self.midnights.add(&self.of_component);
        self.units.take(model, at, state, &self.of_component, year.days as usize, &self.closed);
        self.hospitals.add(model, at, state, &self.closed);
        let tally = &state.network.tally;
        state.network.count_waiting(&mut self.waiting, self.labels);
        for (group, def) in model.groups.iter().enumerate() {
            let share = def.found_outside.map_or(0.0, |share| year.at(share));
            for label in 0..self.labels {
                let at = group * self.labels + label;
                let refused = tally.refused[at] + tally.left[at];
                let name = FOUND.with(state.component.name).with(def.name).with(model.label_names[label]);
                self.asked[at] += state.arrivals.asked[at];
                self.refused[at] += refused;
                self.outside[at] += binomial(refused, share, &mut year.context.chance.cell(name, year.stream, 0));
            }
            self.diverted[group] += tally.diverted[group];
            self.sent_up[group] += tally.sent_up[group];
            self.readmissions[group] += state.arrivals.readmissions[group];
            self.waits[group] += tally.waits[group];
            for class in 0..CLASSES {
                self.waited_days[group][class] += tally.waited[group][class] / DAY;
                self.asked_by_class[group][class] += state.arrivals.asked_by_class[group][class];
            }
        }
        self.need_place.iter_mut().zip(&tally.need_place).for_each(|(sum, count)| *sum += count);
        self.add_beds(model, state, f64::from(year.days));
        debug_assert!(state.conserves(self.labels), "invariant: requests = admitted + waiting + refused + left");
    }

    /// Beds and their use by the area they are in: a pool in several areas fills evenly.
    fn add_beds(&mut self, model: &HealthModel, state: &ComponentState<'_>, days: f64) {
        let (component, tally) = (state.component, &state.network.tally);
        for (pool, def) in component.pools.iter().enumerate() {
            let group = usize::from(def.group);
            let rows = || state.rows_of(pool);
            let total: f64 = rows().map(|(_, bed_days)| bed_days).sum();
            let (occupied, offered) = (tally.occupied[pool] / DAY, self.closed.last().offered[pool] * days);
            let count = rows().count() as f64;
            for (row, bed_days) in rows() {
                let at = group * model.areas + row.area;
                self.bed_days[at] += bed_days;
                let part = if total > 0.0 { bed_days / total } else { 1.0 / count };
                self.occupied_days[at] += occupied * part;
                self.offered_days[at] += offered * part;
            }
            self.blocked[group] += tally.blocked[pool];
            self.blocked_days[group] += tally.blocked_hours[pool] / DAY;
            self.late_days[group] += tally.late_hours[pool] / DAY;
            let endless = model.groups[group].limits.contains(&f64::INFINITY) && def.waiting_places == u32::MAX;
            self.unstable[group] |= endless && state.load(pool) >= total / days;
        }
    }

    /// Writes the year.
    pub(crate) fn record(&self, model: &HealthModel, days: f64, year: usize, record: &mut Record<'_>) {
        self.units.record(model, days, year, record);
        self.hospitals.record(model, days, year, record);
        if let Some(residents) = model.residents {
            self.record_residents(model, residents, year, record);
        }
        for group in 0..self.groups {
            self.record_areas(model, group, days, year, record);
            self.record_district(model, group, days, year, record);
        }
    }

    /// What became of residents wherever they asked.
    fn record_residents(&self, model: &HealthModel, block: BlockId, year: usize, record: &mut Record<'_>) {
        for area in 0..model.areas {
            let sum = |of: &dyn Fn(usize) -> u32| -> u32 {
                (0..self.groups).map(|group| of(group * self.labels + area)).sum()
            };
            let inside = sum(&|at| self.asked[at] + self.waiting_before[at] - self.waiting[at] - self.refused[at]);
            let (sent, unmet) = (sum(&|at| self.outside[at]), sum(&|at| self.refused[at] - self.outside[at]));
            let chose = self.chose_outside[area];
            let mut count = |metric: Handle<u32>, value: u32| record.set(block, metric, area, year, value);
            count(OfResidents::DEMAND, sum(&|at| self.asked[at]) + chose);
            count(OfResidents::STAYS, inside + chose + sent);
            count(OfResidents::SERVED, inside);
            count(OfResidents::CHOSE_OUTSIDE, chose);
            count(OfResidents::OUTSIDE, sent);
            count(OfResidents::UNMET, unmet);
            count(OfResidents::WAITING, sum(&|at| self.waiting[at]));
            count(OfResidents::NEED_LONG_STAY_PLACE, self.need_place[area]);
        }
    }

    /// Residents admitted this year who need a long-stay place, by area.
    pub(crate) fn need_place(&self, areas: usize) -> &[u32] {
        &self.need_place[..areas]
    }

    fn record_areas(&self, model: &HealthModel, group: usize, days: f64, year: usize, record: &mut Record<'_>) {
        let block = model.groups[group].block;
        for area in 0..model.areas {
            let at = group * self.labels + area;
            let unmet = self.refused[at] - self.outside[at];
            let ended = self.asked[at] + self.waiting_before[at] - self.waiting[at];
            let (served, refused) = (ended - self.refused[at], f64::from(self.refused[at]));
            let mut count = |metric: Handle<u32>, value: u32| record.set(block, metric, area, year, value);
            count(OfTier::DEMAND, self.asked[at]);
            count(OfTier::SERVED, served);
            count(OfTier::UNMET, unmet);
            count(OfTier::WAITING, self.waiting[at]);
            count(OfTier::OUTSIDE, self.outside[at]);
            count(
                OfTier::TARGET_MISSED,
                u32::from(refused > model.promise.refused * f64::from(ended) || (self.asked[at] > 0 && ended == 0)),
            );
            let place = group * model.areas + area;
            record.set(block, OfTier::PLACES, area, year, self.bed_days[place] / days);
            record.set(block, OfTier::OCCUPIED_BEDS, area, year, self.occupied_days[place] / days);
            record.set(block, OfTier::OFFERED_LOAD, area, year, self.offered_days[place] / days);
            for metric in DISTRICT_ONLY {
                record.set(block, metric, area, year, f64::NAN);
            }
        }
    }

    fn record_district(&self, model: &HealthModel, group: usize, days: f64, year: usize, record: &mut Record<'_>) {
        let block = model.groups[group].block;
        let district = record.district(block);
        let labels = group * self.labels..(group + 1) * self.labels;
        let asked: u32 = self.asked[labels.clone()].iter().sum();
        let refused: u32 = self.refused[labels.clone()].iter().sum();
        let places = group * model.areas..(group + 1) * model.areas;
        let share = |part: f64, whole: u32| if whole > 0 { part / f64::from(whole) } else { f64::NAN };
        // Those who left a list this year may have asked last year: a share is of the requests that ended.
        let ended = asked + self.waiting_before[labels.clone()].iter().sum::<u32>()
            - self.waiting[labels.clone()].iter().sum::<u32>();
        let refused_share = share(f64::from(refused), ended);
        // Where nobody's wait ended, nothing is known of how long it is.
        let wait = |days: f64, whole: u32| if ended > 0 { share(days, whole) } else { f64::NAN };
        let crowding = self.midnights.crowding(group, days as usize);
        let mut real = |metric: Handle<f64>, value: f64| record.set(block, metric, district, year, value);
        real(OfTier::MIDNIGHT_CENSUS, crowding.census);
        real(OfTier::DAYS_OVER_85, crowding.over_85);
        real(OfTier::DAYS_OVER_92, crowding.over_92);
        real(OfTier::WINTER_DAYS_OVER_85, crowding.winter_over_85);
        real(OfTier::WINTER_DAYS_OVER_92, crowding.winter_over_92);
        real(OfTier::REFUSED_SHARE, refused_share);
        real(OfTier::QUEUED_SHARE, share(f64::from(self.waits[group]), asked));
        let (waited, by_class) = (self.waited_days[group], self.asked_by_class[group]);
        real(OfTier::MEAN_WAIT_DAYS, wait(waited.iter().sum(), asked));
        real(OfTier::URGENT_MEAN_WAIT_DAYS, wait(waited[Class::Urgent.index()], by_class[Class::Urgent.index()]));
        real(OfTier::ELECTIVE_MEAN_WAIT_DAYS, wait(waited[Class::Elective.index()], by_class[Class::Elective.index()]));
        real(OfTier::BLOCKED_BEDS, self.blocked_days[group] / days);
        real(OfTier::DELAYED_DISCHARGE_BEDS, self.late_days[group] / days);
        real(OfTier::BEDS_NEEDED, self.closed.needed(group));
        real(OfTier::BEDS_NEEDED_POOLED, beds_for(self.closed.pooled(group), model.promise.refused));
        let (used, open): (f64, f64) =
            (self.occupied_days[places.clone()].iter().sum(), self.bed_days[places].iter().sum());
        real(
            OfTier::OCCUPANCY_GAP,
            model.groups[group].published_use.map_or(f64::NAN, |published| used / open - published),
        );
        real(OfTier::CLOSED_FORM_GAP, self.engine_gap(model, group, asked, refused));
        let mut count = |metric: Handle<u32>, value: u32| record.set(block, metric, district, year, value);
        count(OfTier::NON_RESIDENT_DEMAND, self.asked[labels.end - 1]);
        count(OfTier::NON_RESIDENT_REFUSED, self.refused[labels.end - 1]);
        count(OfTier::DIVERTED, self.diverted[group]);
        // Wards are not above each other.
        count(OfTier::DIVERTED_UP, if model.demand.is_some() { self.sent_up[group] } else { 0 });
        count(OfTier::READMISSIONS, self.readmissions[group]);
        count(OfTier::BLOCKED_PATIENTS, self.blocked[group]);
        count(OfTier::UNSTABLE, u32::from(self.unstable[group]));
        count(
            OfTier::TARGET_MISSED,
            u32::from(
                refused_share > model.promise.refused
                    || crowding.over_92 > model.promise.crowded
                    || (asked > 0 && ended == 0),
            ),
        );
        if model.demand.is_none() {
            for (metric, day) in CENSUS_DAYS {
                let census = f64::from(self.midnights.census(day as usize - 1, group));
                record.set(block, metric, district, year, census);
            }
        }
    }
}

impl YearCount {
    /// How far the simulated use of beds lies from the closed form's, relative to it, where beds turned hardly anybody away;
    /// NaN where they did, or where there is nothing to compare.
    fn engine_gap(&self, model: &HealthModel, group: usize, asked: u32, refused: u32) -> f64 {
        let places = group * model.areas..(group + 1) * model.areas;
        let (occupied, offered): (f64, f64) =
            (self.occupied_days[places.clone()].iter().sum(), self.offered_days[places].iter().sum());
        // Those who come from other tiers are in no closed form of this one.
        let diverted: u32 = self.diverted.iter().sum();
        let mut moved = f64::from(refused) + f64::from(diverted);
        if model.components.iter().any(|component| component.steps_down_to(group)) {
            // Whom other beds turn away cannot step down to these, and beds kept for those who wait here are not in it either.
            moved += f64::from(self.refused.iter().sum::<u32>());
        }
        moved += f64::from(self.blocked.iter().sum::<u32>());
        let waited: f64 = self.waited_days[group].iter().sum();
        let tells = moved > CAPACITY_TELLS * f64::from(asked) || waited > CAPACITY_TELLS * offered;
        if tells || offered <= 0.0 { f64::NAN } else { occupied / offered - 1.0 }
    }
}

/// Whether a metric of a tier has no value by area: a mean or a share that the service records for the district itself.
/// Days of the census are those of a ward, whose people are in no area.
const fn is_of_district(at: usize) -> bool {
    let metric = &OfTier::TABLE[at];
    at < OfTier::CENSUS_DAY_10.position() && matches!((metric.district, metric.values), (District::Own, Values::Real))
}

/// How many they are.
const DISTRICT_METRICS: usize = {
    let (mut count, mut at) = (0, 0);
    while at < OfTier::TABLE.len() {
        count += is_of_district(at) as usize;
        at += 1;
    }
    count
};

/// Metrics that have no value by area.
const DISTRICT_ONLY: [Handle<f64>; DISTRICT_METRICS] = {
    let mut found = [Handle::at(0); DISTRICT_METRICS];
    let (mut count, mut at) = (0, 0);
    while at < OfTier::TABLE.len() {
        if is_of_district(at) {
            found[count] = Handle::at(at);
            count += 1;
        }
        at += 1;
    }
    found
};
