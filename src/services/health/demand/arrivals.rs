//! Who asks for a bed on a day, when, and for how long.
//!
//! Urgent requests are Poisson with the mean of the day: yearly mean x weekday x month x a gamma effect of the day that
//! all tiers of a specialty share. Each of a tier's urgent requests is, by chance, one of an area's residents or of the
//! people from outside, and asks one of the tier's pools (thinning keeps the Poisson law of each). Requests from the list
//! of a pool fill the slots of working days: as many as the mean says, the fraction carried to the next day, between 8 and
//! 12 o'clock. How many come, what each of them is like and what comes after the stay are
//! drawn from lanes of one generator that the specialty's day starts anew, so that one request more changes at most others
//! of that day; a patient's stay does not depend on the bed found.

use crate::random::{Stream, StreamKey, Xoroshiro128PlusPlus, binomial, poisson, unit};
use crate::services::health::demand::elective_lists::ElectiveLists;
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::post_discharge::{NEEDS_PLACE, PostDischarge, RETURNS};
use crate::services::health::demand::request::BedRequest;
use crate::services::health::demand::season::Season;
use crate::services::health::demand::yearly_demand::YearDemand;
use crate::services::health::model::NONE;
use crate::services::health::model::{CLASSES, Class};
use crate::services::health::model::{Component, RequestSource, RequestStream, StepDown};
use crate::services::health::stay::alias_draw::AliasDraw;
use crate::services::health::stay::draws::day_effect;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::time::DAY;

/// The day of a component, and what it draws beside the lanes of its streams.
const REQUESTS: StreamKey = StreamKey::named("health.requests");
const DAY_EFFECT: StreamKey = StreamKey::named("health.requests.day-effect");
const RETURN: StreamKey = StreamKey::named("health.requests.return");
const RETURN_FATE: StreamKey = StreamKey::named("health.requests.return.fate");
const RETURN_KEPT: StreamKey = StreamKey::named("health.requests.return.kept-bed");
const PHASE: StreamKey = StreamKey::named("health.list.phase");

/// Slots of lists are used between these hours.
pub(crate) const LIST_FROM: f64 = 8.0;
pub(crate) const LIST_HOURS: f64 = 4.0;

/// The requests of one stream in a year.
#[derive(Clone, Debug)]
struct ArrivalStream {
    /// Requests per day, mean over the year.
    per_day: f64,
    /// Requests a day of each target, before the split over the pools of a tier.
    expected: Vec<f64>,
    /// Which target a request is of.
    choice: AliasDraw,
    /// Requests this year by target.
    asked: Vec<u32>,
}

/// What a component's requests are made of.
#[derive(Clone, Debug)]
pub(crate) struct Arrivals {
    /// Requests of the day to pools that are not played by the day.
    pub(crate) requests: Vec<BedRequest>,
    flows: Vec<ArrivalStream>,
    /// The lists among them.
    lists: ElectiveLists,
    /// Mean stay of each pool this year, hours.
    pub(crate) stays: Vec<f64>,
    /// Probability of stepping down from each pool this year.
    steps: Vec<f64>,
    /// What comes after the stay this year.
    pub(crate) after: PostDischarge,
    /// Requests this year by group and class.
    pub(crate) asked_by_class: Vec<[u32; CLASSES]>,
    /// Requests this year by group and label, and by pool; settled when the year is over.
    pub(crate) asked: Vec<u32>,
    pub(crate) asked_of_pool: Vec<u32>,
    /// Requests this year of people who come back, by group.
    pub(crate) readmissions: Vec<u32>,
    labels: usize,
    /// Whether nobody steps down and stays come from the table of quantiles.
    from_tables: bool,
    /// Scratch: the streams that ask today and how many of each, without those to the pool played by the day.
    counts: Vec<Asking>,
}

/// A day: where it lies in its year and on the clock of the simulation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Today {
    /// Day of the year from 0; negative before it.
    pub(crate) day: i32,
    /// Days since the simulation started.
    pub(crate) count: u32,
}

/// How many of a stream ask today.
#[derive(Clone, Copy, Debug)]
struct Asking {
    stream: u16,
    count: u32,
}

/// A day that was counted.
#[derive(Clone, Debug)]
pub(crate) struct DayDraw {
    /// The generator that the component's day starts, of which everything else about the day draws a lane.
    pub(crate) bits: Xoroshiro128PlusPlus,
    /// Requests to the pool that is simulated in daily steps, by class.
    pub(crate) counted: [u32; CLASSES],
}

impl Today {
    /// Names the day in random streams; no warm-up is longer than 3,700 days.
    pub(crate) const fn cell(self) -> u32 {
        (self.day + 3700) as u32
    }

    /// Midnight at which it starts, hours.
    pub(crate) fn starts(self) -> f64 {
        f64::from(self.count) * DAY
    }
}

impl Arrivals {
    pub(crate) fn new(component: &Component, groups: usize, labels: usize, from_table: bool) -> Self {
        let flow = |stream: &RequestStream| ArrivalStream {
            per_day: 0.0,
            expected: vec![0.0; stream.targets.len()],
            choice: AliasDraw::default(),
            asked: vec![0; stream.targets.len()],
        };
        Self {
            from_tables: component.step_downs.iter().all(Option::is_none)
                && (from_table || component.stays.iter().all(Stay::has_table)),
            requests: Vec::new(),
            flows: component.streams.iter().map(flow).collect(),
            lists: ElectiveLists::new(&component.streams),
            stays: vec![0.0; component.pools.len()],
            steps: vec![0.0; component.pools.len()],
            after: PostDischarge::new(labels, component.readmission.map_or(1.0, |readmission| readmission.after_days)),
            asked_by_class: vec![[0; CLASSES]; groups],
            asked: vec![0; groups * labels],
            asked_of_pool: vec![0; component.pools.len()],
            readmissions: vec![0; groups],
            labels,
            counts: Vec::with_capacity(component.streams.len()),
        }
    }

    /// Starts a year, or the days before the first one. `wait_days` are the mean waits of last year for a long-stay place, by
    /// area, as far as they are known.
    pub(crate) fn start_year(
        &mut self,
        component: &Component,
        demand: &YearDemand,
        year: &HealthYear<'_>,
        wait_days: &[f64],
    ) {
        self.asked.fill(0);
        self.asked_of_pool.fill(0);
        self.flows.iter_mut().for_each(|flow| flow.asked.fill(0));
        self.readmissions.fill(0);
        self.asked_by_class.fill([0; CLASSES]);
        let days = f64::from(year.days);
        let factor = year.at(year.model.stay_level) * component.stay_level.map_or(1.0, |factor| year.at(factor));
        for (pool, stay) in component.stays.iter().enumerate() {
            self.stays[pool] = stay.mean * factor;
            self.steps[pool] = component.step_downs[pool].map_or(0.0, |step| year.at(step.share));
        }
        self.set_after(component, demand, year, wait_days);
        // The rates count readmissions; those who ask for the first time are the rest.
        let first = self.after.first_share();
        for (index, (flow, stream)) in self.flows.iter_mut().zip(&component.streams).enumerate() {
            for (expected, target) in flow.expected.iter_mut().zip(&stream.targets) {
                let requests = match target.source {
                    RequestSource::Area { tier, area } => demand.of_area(component.specialty, tier, area) / days,
                    RequestSource::Inflow { tier } => demand.of_non_residents(component.specialty, tier) / days,
                    RequestSource::Given { per_day } => year.at(per_day),
                };
                *expected = first * stream.share * requests;
            }
            if stream.listed {
                let phase = PHASE.with(component.name).with(stream.lanes.phase);
                self.lists.start(index, year.context.chance.cell(phase, year.stream, 0).uniform());
            }
        }
    }

    fn set_after(&mut self, component: &Component, demand: &YearDemand, year: &HealthYear<'_>, wait_days: &[f64]) {
        let after = &mut self.after;
        after.returns = component.readmission.map_or(0.0, |readmission| year.at(readmission.share));
        let share = year.model.demand.as_ref().and_then(|demand| demand.to_elderly_care);
        if let Some(share) = share {
            for area in 0..year.model.areas {
                let elders = demand.elders_of(component.specialty, area);
                after.needs_place[area] = elders * year.at_area(share, area);
                after.kept_hours[area] = wait_days.get(area).copied().unwrap_or(0.0) * DAY;
            }
        }
        after.settle();
    }

    /// Splits the requests of a tier over its pools, of which `parts` are the parts.
    pub(crate) fn split(&mut self, component: &Component, parts: &[f64]) {
        for (index, (flow, stream)) in self.flows.iter_mut().zip(&component.streams).enumerate() {
            let weights =
                stream.targets.iter().zip(&flow.expected).map(|(target, expected)| {
                    expected * if target.split { parts[usize::from(target.pool)] } else { 1.0 }
                });
            flow.per_day = weights.clone().sum();
            if !stream.by_day {
                flow.choice.set(weights);
            }
            if stream.listed {
                self.lists.set(index, flow.per_day);
            }
        }
    }

    /// The year is over: adds the requests of its days to those of each group and label, and of each pool.
    pub(crate) fn settle(&mut self, component: &Component) {
        for (flow, stream) in self.flows.iter().zip(&component.streams) {
            let asked = &mut self.asked[usize::from(stream.group) * self.labels..][..self.labels];
            for (target, count) in stream.targets.iter().zip(&flow.asked) {
                asked[usize::from(target.label)] += count;
                self.asked_of_pool[usize::from(target.pool)] += count;
            }
        }
    }

    /// The streams with the requests a day of each of their targets, before the split over pools.
    pub(crate) fn expected<'a>(
        &'a self,
        component: &'a Component,
    ) -> impl Iterator<Item = (&'a RequestStream, &'a [f64])> + 'a {
        component.streams.iter().zip(self.flows.iter().map(|flow| flow.expected.as_slice()))
    }

    /// Probability of stepping down from a pool this year.
    pub(crate) fn step_share(&self, pool: usize) -> f64 {
        self.steps[pool]
    }

    /// The streams with all their requests a day.
    pub(crate) fn per_day<'a>(
        &'a self,
        component: &'a Component,
    ) -> impl Iterator<Item = (&'a RequestStream, f64)> + 'a {
        component.streams.iter().zip(self.flows.iter().map(|flow| flow.per_day))
    }

    /// Finds out how many ask on a day: into [`Arrivals::counts`] by stream, apart from those who ask the pool that is
    /// simulated in daily steps.
    pub(crate) fn count_day(
        &mut self,
        component: &Component,
        season: &Season,
        year: &HealthYear<'_>,
        today: Today,
    ) -> DayDraw {
        self.counts.clear();
        let bits = year.context.chance.cell(REQUESTS.with(component.name), year.stream, today.cell()).swift();
        let mut counted = [0; CLASSES];
        let (asked, counts) = (&mut self.asked_by_class, &mut self.counts);
        let mut note = |index: usize, count: u32| {
            let stream = &component.streams[index];
            asked[usize::from(stream.group)][stream.class.index()] += count;
            if stream.by_day {
                counted[stream.class.index()] += count;
            } else if count > 0 {
                counts.push(Asking { stream: index as u16, count });
            }
        };
        let swing = season.urgent(today.day, component.epidemic);
        let cv = year.context.draw.value(year.model.variation.day_cv);
        let urgent = swing * day_effect(cv, &mut bits.lane(DAY_EFFECT).stream());
        for (index, stream) in component.streams.iter().enumerate().take(self.lists.first()) {
            let mean = self.flows[index].per_day * if stream.class == Class::Urgent { urgent } else { 1.0 };
            note(index, poisson(mean, &mut bits.lane(stream.lanes.count).stream()));
        }
        self.lists.fill(season.slots(today.day), note);
        DayDraw { bits, counted }
    }

    /// Draws the requests of the day that was counted, and those of people who come back: `at_home` are those who will, by
    /// pool.
    pub(crate) fn draw_day(&mut self, component: &Component, today: Today, day: &DayDraw, at_home: &mut [Vec<u16>]) {
        self.requests.clear();
        let matters = self.after.matters();
        for at in 0..self.counts.len() {
            let (asking, first) = (self.counts[at], self.requests.len());
            if self.from_tables {
                self.draw_from_tables(component, today, asking, &day.bits);
            } else {
                self.draw_exactly(component, today, asking, &day.bits);
            }
            if matters {
                let lanes = &component.streams[usize::from(asking.stream)].lanes;
                self.draw_fates(first, day.bits.lane(lanes.fate), day.bits.lane(lanes.kept));
            }
        }
        if self.after.returns > 0.0 {
            self.draw_returns(component, today, at_home, &day.bits);
        }
    }

    /// The patients of a stream's day: two words each, the first for the target and the moment, the other for the stay.
    fn draw_exactly(&mut self, component: &Component, today: Today, asking: Asking, bits: &Xoroshiro128PlusPlus) {
        let index = usize::from(asking.stream);
        let stream = &component.streams[index];
        let (mut patients, mut more) = (bits.lane(stream.lanes.patient), bits.lane(stream.lanes.more).stream());
        let mut steps = bits.lane(stream.lanes.step).stream();
        let (from, hours) = clock(stream.listed, today);
        let ArrivalStream { choice, asked, .. } = &mut self.flows[index];
        let outside = self.labels as u16 - 1;
        for _ in 0..asking.count {
            let (target, part) = choice.draw((patients.bits() >> 32) as u32);
            asked[target] += 1;
            let target = stream.targets[target];
            let pool = usize::from(target.pool);
            let stay = component.stays[pool].draw_exactly(self.stays[pool], patients.bits(), &mut more) as f32;
            let mut request = request(stream, target.pool, target.label, from + hours * part, stay);
            // The consortium steps down its own residents; a ward without people, everyone.
            if self.steps[pool] > 0.0
                && target.label != outside
                && let Some(step) = component.step_downs[pool]
            {
                let to = usize::from(step.to);
                let there = (&component.stays[to], self.stays[to]);
                step_down(&mut request, step, self.steps[pool], there, &mut steps);
            }
            self.requests.push(request);
        }
    }

    /// The same with one word each: half for the target and the moment, half for a stay from the table.
    fn draw_from_tables(&mut self, component: &Component, today: Today, asking: Asking, bits: &Xoroshiro128PlusPlus) {
        let index = usize::from(asking.stream);
        let stream = &component.streams[index];
        let (mut patients, mut more) = (bits.lane(stream.lanes.patient), bits.lane(stream.lanes.more).stream());
        let (from, hours) = clock(stream.listed, today);
        let ArrivalStream { choice, asked, .. } = &mut self.flows[index];
        // All pools that a stream asks are of one tier and have its law of stay.
        let pool = usize::from(stream.targets[0].pool);
        let (law, mean) = (&component.stays[pool], self.stays[pool]);
        for _ in 0..asking.count {
            let word = patients.bits();
            let (target, part) = choice.draw(word as u32);
            asked[target] += 1;
            let target = &stream.targets[target];
            let stay = (mean * law.sample_table((word >> 32) as u32, &mut more)) as f32;
            self.requests.push(request(stream, target.pool, target.label, from + hours * part, stay));
        }
    }

    /// Those who were at home and ask again today, at any hour: each of them with the same chance.
    fn draw_returns(
        &mut self,
        component: &Component,
        today: Today,
        leavers: &mut [Vec<u16>],
        bits: &Xoroshiro128PlusPlus,
    ) {
        let chance = self.after.back_in_a_day();
        for (pool, at_home) in leavers.iter_mut().enumerate().filter(|(_, at_home)| !at_home.is_empty()) {
            let (name, first) = (component.pools[pool].name, self.requests.len());
            let random = &mut bits.lane(RETURN.with(name)).stream();
            for _ in 0..binomial(at_home.len() as u32, chance, random) {
                let chosen = (random.uniform() * at_home.len() as f64) as usize;
                let label = at_home.swap_remove(chosen);
                let group = usize::from(component.pools[pool].group);
                let time = today.starts() + DAY * random.uniform();
                let stay = component.stays[pool].draw(self.stays[pool], random) as f32;
                self.asked[group * self.labels + usize::from(label)] += 1;
                self.asked_of_pool[pool] += 1;
                self.asked_by_class[group][Class::Urgent.index()] += 1;
                self.readmissions[group] += 1;
                self.requests
                    .push(BedRequest { class: Class::Urgent, ..BedRequest::new(pool as u16, label, time, stay) });
            }
            self.draw_fates(first, bits.lane(RETURN_FATE.with(name)), bits.lane(RETURN_KEPT.with(name)));
        }
    }

    /// What comes after the stays of today's patients from number `first` on. Whoever steps down goes home from there.
    ///
    /// Few have anything to come: how many are looked at is binomial with a bound of their chances, who they are is a draw
    /// without replacement, and each is then taken with the chance that the bound leaves.
    fn draw_fates(&mut self, first_request: usize, mut bits: Xoroshiro128PlusPlus, kept: Xoroshiro128PlusPlus) {
        let requests = &mut self.requests[first_request..];
        let (people, bound) = (requests.len() as u32, self.after.bound());
        let first = unit(bits.bits());
        // (1 - p)^n is at least 1 - n p: on most days nobody need be looked at.
        if first < 1.0 - f64::from(people) * bound {
            return;
        }
        let random = &mut kept.stream();
        let mut looked = binomial_above(people, bound, first, random);
        for (at, request) in requests.iter_mut().enumerate() {
            if looked == 0 {
                break;
            }
            if unit(bits.bits()) * f64::from(people - at as u32) >= f64::from(looked) {
                continue;
            }
            looked -= 1;
            let fate = self.after.fate(request.label, bound * unit(bits.bits()));
            if fate == NEEDS_PLACE {
                // Whoever cannot go home does not step down either, and spends the whole stay where it began.
                (request.fate, request.then) = (fate, NONE);
                request.kept = self.after.kept(request.label, random) as f32;
            } else if fate == RETURNS && request.then == NONE {
                request.fate = fate;
            }
        }
    }
}

/// A binomial number of `n` with probability `p`, from a uniform number that did not settle it at once.
fn binomial_above(n: u32, p: f64, uniform: f64, random: &mut Stream) -> u32 {
    /// Means above which counting up from nothing takes long.
    const LARGE: f64 = 10.0;
    if f64::from(n) * p > LARGE || p >= 1.0 {
        return binomial(n, p, random);
    }
    let mut mass = libm::exp(f64::from(n) * libm::log1p(-p));
    let (mut left, mut count) = (uniform, 0);
    while left > mass && count < n {
        left -= mass;
        mass *= f64::from(n - count) / f64::from(count + 1) * p / (1.0 - p);
        count += 1;
    }
    count
}

/// When the requests of a day come: from when on, and within how many hours.
fn clock(listed: bool, today: Today) -> (f64, f64) {
    if listed { (today.starts() + LIST_FROM, LIST_HOURS) } else { (today.starts(), DAY) }
}

#[inline]
fn request(stream: &RequestStream, pool: u16, label: u16, time: f64, stay: f32) -> BedRequest {
    BedRequest { class: stream.class, ..BedRequest::new(pool, label, time, stay) }
}

/// Decides whether a patient goes on to a step-down bed, and splits the stay accordingly.
fn step_down(request: &mut BedRequest, step: StepDown, share: f64, there: (&Stay, f64), random: &mut Stream) {
    let chosen = random.uniform() < share;
    match step.acute_part {
        _ if !chosen => {}
        Some(part) => {
            request.then_stay = request.stay * (1.0 - part) as f32;
            request.stay *= part as f32;
            request.then = step.to;
        }
        None => {
            request.then_stay = there.0.draw(there.1, random) as f32;
            request.then = step.to;
        }
    }
}
