//! Who asks for a bed on a day, when, and for how long.
//!
//! Urgent requests are Poisson with the mean of the day: yearly mean x weekday x month x a gamma effect of the day that
//! all tiers of a specialty share. Each of a tier's urgent requests is, by chance, one of an area's residents or of the
//! people from outside, and asks one of the tier's pools (thinning keeps the Poisson law of each). Requests from the list
//! of a pool fill the slots of working days: as many as the mean says, the fraction carried to the next day, between 8 and
//! 12 o'clock. How many come and what each of them is like are drawn from two streams of the day, so that one request more
//! changes at most others of that day; a patient's stay does not depend on the bed found.

use std::ops::Range;

use super::calendar::NONE;
use super::choice::Choice;
use super::demand::YearDemand;
use super::draws::day_effect;
use super::model::{Component, Model, Source, StepDown, StreamDef};
use super::network::{CLASSES, Network, Request, URGENT};
use super::read::DAY;
use super::season::Season;
use super::stay::Stay;
use crate::population::view::YearView;
use crate::random::{Purpose, Stream, poisson};
use crate::services::service::Context;

const COUNT: Purpose = Purpose::named("health.requests.count");
const PATIENT: Purpose = Purpose::named("health.requests.patient");
const DAILY: Purpose = Purpose::named("health.requests.by-day");
const MORE: Purpose = Purpose::named("health.requests.more");
const STEP: Purpose = Purpose::named("health.requests.step-down");
const PHASE: Purpose = Purpose::named("health.list.phase");

/// Slots of lists are used between these hours.
const LIST_FROM: f64 = 8.0;
const LIST_HOURS: f64 = 4.0;

/// The requests of one stream in a year.
#[derive(Clone, Debug)]
struct Flow {
    /// Requests per day, mean over the year.
    per_day: f64,
    /// What a list has carried over to the next day: a part of a request.
    carried: f64,
    /// Requests a day of each target, before the split over the pools of a tier.
    expected: Vec<f64>,
    /// Which target a request is of.
    choice: Choice,
}

impl Flow {
    /// The whole requests among what has been carried over.
    #[inline]
    fn take_whole(&mut self) -> u32 {
        if self.carried < 1.0 {
            return 0;
        }
        let whole = self.carried as i32;
        self.carried -= f64::from(whole);
        whole.cast_unsigned()
    }
}

/// What a component's requests are made of.
#[derive(Clone, Debug)]
pub(super) struct Arrivals {
    /// Requests of the day to pools that are not played by the day.
    pub(super) requests: Vec<Request>,
    flows: Vec<Flow>,
    /// Mean stay of each pool this year, hours.
    pub(super) stays: Vec<f64>,
    /// Probability of stepping down from each pool this year.
    steps: Vec<f64>,
    /// Requests this year by group and class.
    pub(super) asked_by_class: Vec<[u32; CLASSES]>,
    /// Requests this year by group and label.
    pub(super) asked: Vec<u32>,
    labels: usize,
    /// Whether nobody steps down and stays come from the table of quantiles.
    brisk: bool,
    /// Scratch: requests of the day by stream, without those to the pool played by the day.
    counts: Vec<u32>,
    /// Scratch: random words.
    blocks: Vec<[u64; 4]>,
}

/// A day: where it lies in its year and on the clock of the simulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Today {
    /// Name of the year in random streams.
    pub(super) stream_year: u32,
    /// Day of the year from 0; negative before it.
    pub(super) day: i32,
    /// Days since the simulation started.
    pub(super) count: u32,
}

impl Today {
    /// Names a specialty's day in random streams. 4,096 days are more than any warm-up or year has.
    const fn cell(self, specialty: usize) -> u32 {
        (specialty as u32) << 12 | (self.day + 3700) as u32
    }

    /// Midnight at which it starts, hours.
    pub(super) fn starts(self) -> f64 {
        f64::from(self.count) * DAY
    }
}

impl Arrivals {
    pub(super) fn new(component: &Component, groups: usize, labels: usize, from_table: bool) -> Self {
        let flow = |stream: &StreamDef| Flow {
            per_day: 0.0,
            carried: 0.0,
            expected: vec![0.0; stream.targets.len()],
            choice: Choice::default(),
        };
        Self {
            brisk: from_table && component.step_downs.iter().all(Option::is_none),
            requests: Vec::new(),
            flows: component.streams.iter().map(flow).collect(),
            stays: vec![0.0; component.pools.len()],
            steps: vec![0.0; component.pools.len()],
            asked_by_class: vec![[0; CLASSES]; groups],
            asked: vec![0; groups * labels],
            labels,
            counts: vec![0; component.streams.len()],
            blocks: Vec::new(),
        }
    }

    /// Starts a year (or the days before the first one) of so many days.
    pub(super) fn start_year(
        &mut self,
        (model, component): (&Model, &Component),
        demand: &YearDemand,
        context: &Context<'_>,
        (year, stream_year): (&YearView<'_>, u32),
        days: f64,
    ) {
        self.asked.fill(0);
        self.asked_by_class.fill([0; CLASSES]);
        let level = context.draw.at(model.stay_level, year.index, 0);
        for (pool, stay) in component.stays.iter().enumerate() {
            self.stays[pool] = stay.mean * level;
            self.steps[pool] =
                component.step_downs[pool].map_or(0.0, |step| context.draw.at(step.share, year.index, 0));
        }
        for (index, (flow, stream)) in self.flows.iter_mut().zip(&component.streams).enumerate() {
            let cell = (component.specialty << 12 | index) as u32;
            flow.carried = context.chance.cell(PHASE, stream_year, cell).uniform();
            for (expected, target) in flow.expected.iter_mut().zip(&stream.targets) {
                *expected = stream.share
                    * match target.source {
                        Source::Area { tier, area } => demand.of_area(component.specialty, tier, area) / days,
                        Source::Inflow { tier } => demand.inflow[component.specialty][tier] / days,
                        Source::Given { per_day } => context.draw.at(per_day, year.index, 0),
                    };
            }
        }
    }

    /// Splits the requests of a tier over its pools, of which `parts` are the parts.
    pub(super) fn split(&mut self, component: &Component, parts: &[f64]) {
        for (flow, stream) in self.flows.iter_mut().zip(&component.streams) {
            let weights =
                stream.targets.iter().zip(&flow.expected).map(|(target, expected)| {
                    expected * if target.split { parts[usize::from(target.pool)] } else { 1.0 }
                });
            flow.per_day = weights.clone().sum();
            flow.choice.set(weights);
        }
    }

    /// The streams with the requests a day of each of their targets, before the split over pools.
    pub(super) fn expected<'a>(
        &'a self,
        component: &'a Component,
    ) -> impl Iterator<Item = (&'a StreamDef, &'a [f64])> + 'a {
        component.streams.iter().zip(self.flows.iter().map(|flow| flow.expected.as_slice()))
    }

    /// The streams with all their requests a day.
    pub(super) fn per_day<'a>(&'a self, component: &'a Component) -> impl Iterator<Item = (&'a StreamDef, f64)> + 'a {
        component.streams.iter().zip(self.flows.iter().map(|flow| flow.per_day))
    }

    /// Draws the requests of a day. The pool that is played by the day takes its own at once.
    pub(super) fn draw_day(
        &mut self,
        (model, component): (&Model, &Component),
        season: &Season,
        context: &Context<'_>,
        today: Today,
        network: &mut Network,
    ) {
        let draw = |purpose| context.chance.cell(purpose, today.stream_year, today.cell(component.specialty));
        let by_day = self.count_day((model, component), season, context, (today, &mut draw(COUNT)));
        if network.daily.is_some() {
            network.play_by_day(today.count, by_day, &mut draw(DAILY));
        }
        self.requests.clear();
        let people: u32 = self.counts.iter().sum();
        let blocks = people.div_ceil(if self.brisk { 4 } else { 2 });
        let (mut patients, mut more, mut steps) = (draw(PATIENT), draw(MORE), draw(STEP));
        self.blocks.clear();
        self.blocks.extend((0..blocks).map(|_| patients.wide_block()));
        let mut from = 0;
        for index in 0..component.streams.len() {
            let count = self.counts[index] as usize;
            if count > 0 && self.brisk {
                self.draw_briskly(component, today, index, from..from + count, &mut more);
            } else if count > 0 {
                self.draw_exactly(component, today, index, 2 * from..2 * (from + count), (&mut more, &mut steps));
            }
            from += count;
        }
    }

    /// How many ask on a day, by stream into [`Arrivals::counts`]; those who ask the pool played by the day are returned.
    fn count_day(
        &mut self,
        (model, component): (&Model, &Component),
        season: &Season,
        context: &Context<'_>,
        (today, random): (Today, &mut Stream),
    ) -> [u32; CLASSES] {
        let urgent = season.urgent(today.day) * day_effect(context.draw.value(model.swings.day_cv), random);
        let slots = season.slots(today.day);
        let mut by_day = [0; CLASSES];
        for ((stream, flow), counted) in component.streams.iter().zip(&mut self.flows).zip(&mut self.counts) {
            let count = if stream.listed {
                flow.carried += flow.per_day * slots;
                flow.take_whole()
            } else {
                poisson(flow.per_day * if stream.class == URGENT { urgent } else { 1.0 }, random)
            };
            self.asked_by_class[usize::from(stream.group)][usize::from(stream.class)] += count;
            *counted = if stream.by_day { 0 } else { count };
            by_day[usize::from(stream.class)] += count - *counted;
        }
        by_day
    }

    /// The patients of a stream's day: two words each, the first for the target and the moment, the other for the stay.
    fn draw_exactly(
        &mut self,
        component: &Component,
        today: Today,
        index: usize,
        words: Range<usize>,
        (more, steps): (&mut Stream, &mut Stream),
    ) {
        let stream = &component.streams[index];
        let (from, hours) = clock(stream.listed, today);
        let asked = &mut self.asked[usize::from(stream.group) * self.labels..][..self.labels];
        let outside = self.labels as u16 - 1;
        for words in self.blocks.as_flattened()[words].chunks_exact(2) {
            let (target, part) = self.flows[index].choice.draw(words[0] as u32);
            let target = stream.targets[target];
            let pool = usize::from(target.pool);
            let stay = component.stays[pool].draw_exactly(self.stays[pool], words[1], more) as f32;
            asked[usize::from(target.label)] += 1;
            let mut request = request(stream, target.pool, target.label, from + hours * part, stay);
            // The consortium steps down its own residents; a ward without people, everyone.
            if self.steps[pool] > 0.0
                && target.label != outside
                && let Some(step) = component.step_downs[pool]
            {
                let to = usize::from(step.to);
                let there = (&component.stays[to], self.stays[to]);
                step_down(&mut request, step, self.steps[pool], there, steps);
            }
            self.requests.push(request);
        }
    }

    /// The same with one word each: half for the target and the moment, half for a stay from the table.
    fn draw_briskly(
        &mut self,
        component: &Component,
        today: Today,
        index: usize,
        words: Range<usize>,
        more: &mut Stream,
    ) {
        let stream = &component.streams[index];
        let (from, hours) = clock(stream.listed, today);
        let asked = &mut self.asked[usize::from(stream.group) * self.labels..][..self.labels];
        let (choice, stays) = (&self.flows[index].choice, &self.stays);
        self.requests.extend(self.blocks.as_flattened()[words].iter().map(|word| {
            let (target, part) = choice.draw(*word as u32);
            let target = &stream.targets[target];
            let pool = usize::from(target.pool);
            let stay = (stays[pool] * component.stays[pool].draw_brisk((word >> 32) as u32, more)) as f32;
            asked[usize::from(target.label)] += 1;
            request(stream, target.pool, target.label, from + hours * part, stay)
        }));
    }
}

/// When the requests of a day come: from when on, and within how many hours.
fn clock(listed: bool, today: Today) -> (f64, f64) {
    if listed { (today.starts() + LIST_FROM, LIST_HOURS) } else { (today.starts(), DAY) }
}

fn request(stream: &StreamDef, pool: u16, label: u16, time: f64, stay: f32) -> Request {
    Request { time, stay, then_stay: 0.0, pool, then: NONE, label, class: stream.class }
}

/// Decides whether a patient goes on to a step-down bed, and splits the stay accordingly.
fn step_down(request: &mut Request, step: StepDown, share: f64, there: (&Stay, f64), random: &mut Stream) {
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
