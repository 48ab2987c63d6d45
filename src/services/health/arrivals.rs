//! Who asks for a bed on a day, when, and for how long.
//!
//! Urgent requests are Poisson with the mean of the day: yearly mean x weekday x month x a gamma effect of the day that
//! all tiers of a specialty share. Each of a tier's urgent requests is, by chance, one of an area's residents or of the
//! people from outside, and asks one of the tier's pools (thinning keeps the Poisson law of each). Requests from the list
//! of a pool fill the slots of working days: as many as the mean says, the fraction carried to the next day, between 8 and
//! 12 o'clock. How many come and what each of them is like are drawn from two streams, so that one request more changes none
//! of the others; a patient's stay does not depend on the bed found.

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
const DAY_EFFECT: Purpose = Purpose::named("health.day-effect");
const PHASE: Purpose = Purpose::named("health.list.phase");

/// Slots of lists are used between these hours.
const LIST_FROM: f64 = 8.0;
const LIST_HOURS: f64 = 4.0;

/// The requests of one stream in a year.
#[derive(Clone, Debug)]
struct Flow {
    /// Requests per day, mean over the year.
    per_day: f64,
    /// Requests of a list so far, and the phase with which it started.
    listed: f64,
    /// Requests a day of each target, before the split over the pools of a tier.
    expected: Vec<f64>,
    /// Which target a request is of.
    choice: Choice,
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
    /// Scratch: random words.
    blocks: Vec<[u32; 4]>,
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
    /// Names the day in random streams. 4,096 days are more than any warm-up or year has.
    const fn cell(self, specialty: usize, stream: usize) -> u32 {
        ((specialty << 10 | stream) as u32) << 12 | (self.day + 3700) as u32
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
            listed: 0.0,
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
            flow.listed = context.chance.cell(PHASE, stream_year, cell).uniform();
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
        self.requests.clear();
        let mut effect = context.chance.cell(DAY_EFFECT, today.stream_year, today.cell(component.specialty, 0));
        let urgent = season.urgent(today.day) * day_effect(context.draw.value(model.swings.day_cv), &mut effect);
        let slots = season.slots(today.day);
        let mut by_day = [0; CLASSES];
        for (index, stream) in component.streams.iter().enumerate() {
            let cell = today.cell(component.specialty, index);
            let flow = &mut self.flows[index];
            let count = if stream.listed {
                let before = flow.listed;
                flow.listed += flow.per_day * slots;
                flow.listed as u32 - before as u32
            } else {
                let swing = if stream.class == URGENT { urgent } else { 1.0 };
                poisson(flow.per_day * swing, &mut context.chance.cell(COUNT, today.stream_year, cell))
            };
            self.asked_by_class[usize::from(stream.group)][usize::from(stream.class)] += count;
            if stream.by_day {
                by_day[usize::from(stream.class)] += count;
            } else if count > 0 && self.brisk {
                self.draw_briskly(component, context, today, index, count);
            } else if count > 0 {
                self.draw_exactly(component, context, today, index, count);
            }
        }
        if network.daily.is_some() {
            let mut random = context.chance.cell(DAILY, today.stream_year, today.cell(component.specialty, 0));
            network.play_by_day(today.count, by_day, &mut random);
        }
    }

    /// The patients of a stream's day: three words each, the first for the target and the moment, the others for the stay.
    fn draw_exactly(&mut self, component: &Component, context: &Context<'_>, today: Today, index: usize, count: u32) {
        let stream = &component.streams[index];
        let cell = today.cell(component.specialty, index);
        self.blocks.resize((3 * count).div_ceil(4) as usize, [0; 4]);
        context.chance.cell(PATIENT, today.stream_year, cell).fill(&mut self.blocks);
        let mut more = context.chance.cell(MORE, today.stream_year, cell);
        let mut steps = context.chance.cell(STEP, today.stream_year, cell);
        let (from, hours) = clock(stream.listed, today);
        let asked = &mut self.asked[usize::from(stream.group) * self.labels..][..self.labels];
        let outside = self.labels as u16 - 1;
        for words in self.blocks.as_flattened().chunks_exact(3).take(count as usize) {
            let (target, part) = self.flows[index].choice.draw(words[0]);
            let target = stream.targets[target];
            let pool = usize::from(target.pool);
            let bits = u64::from(words[1]) | u64::from(words[2]) << 32;
            let stay = component.stays[pool].draw_exactly(self.stays[pool], bits, &mut more) as f32;
            asked[usize::from(target.label)] += 1;
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

    /// The same with two words each: the first for the target and the moment, the second for a stay from the table.
    fn draw_briskly(&mut self, component: &Component, context: &Context<'_>, today: Today, index: usize, count: u32) {
        let stream = &component.streams[index];
        let cell = today.cell(component.specialty, index);
        self.blocks.resize(count.div_ceil(2) as usize, [0; 4]);
        context.chance.cell(PATIENT, today.stream_year, cell).fill(&mut self.blocks);
        let mut more = context.chance.cell(MORE, today.stream_year, cell);
        let (from, hours) = clock(stream.listed, today);
        let asked = &mut self.asked[usize::from(stream.group) * self.labels..][..self.labels];
        for words in self.blocks.as_flattened().chunks_exact(2).take(count as usize) {
            let (target, part) = self.flows[index].choice.draw(words[0]);
            let target = &stream.targets[target];
            let pool = usize::from(target.pool);
            let stay = (self.stays[pool] * component.stays[pool].draw_brisk(words[1], &mut more)) as f32;
            asked[usize::from(target.label)] += 1;
            self.requests.push(request(stream, target.pool, target.label, from + hours * part, stay));
        }
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
