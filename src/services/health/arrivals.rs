//! Who asks for a bed on a day, when, and for how long.
//!
//! Urgent requests are Poisson with the mean of the day: yearly mean x weekday x month x a gamma effect of the day that
//! all pools of a specialty share. Requests from lists fill the slots of working days: as many as the mean says, the
//! fraction carried to the next day, between 8 and 12 o'clock. How many come and what each of them is like are drawn from
//! two streams, so that one request more changes none of the others; a patient's stay does not depend on the bed found.

use super::calendar::NONE;
use super::daily::Asking;
use super::days::{first_weekday, month_of};
use super::demand::YearDemand;
use super::model::{Component, Model, Source, StepDown};
use super::network::{CLASSES, Network, Request, URGENT};
use super::read::DAY;
use super::stay::Stay;
use crate::random::{Purpose, Stream};
use crate::random::{gamma, poisson};
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

/// What a year's requests are made of.
#[derive(Clone, Debug)]
pub(super) struct Arrivals {
    /// Requests by hour of the day.
    pub(super) hours: Vec<Vec<Request>>,
    /// Requests per day by stream, mean over the year, before the split over the pools of a tier.
    pub(super) per_day: Vec<f64>,
    /// Requests of lists so far this year, by stream.
    listed: Vec<f64>,
    /// Mean stay of each pool this year, hours.
    pub(super) stays: Vec<f64>,
    /// Probability of stepping down from each pool this year.
    steps: Vec<f64>,
    /// Requests this year by group and class.
    pub(super) asked_by_class: Vec<[u32; CLASSES]>,
    /// Requests this year by group and label.
    pub(super) asked: Vec<u32>,
    labels: usize,
    /// Scratch: requests of the day to the pool played by the day, by class.
    asking: [Asking; CLASSES],
    /// Scratch: requests of the day by stream, and by pool.
    counts: Vec<u32>,
    today: Vec<u32>,
    /// Whether hours suffice and nobody steps down: half a random block a patient and stays from a table.
    brisk: bool,
    /// Scratch: the random words of a stream's requests of a day, one block for each.
    blocks: Vec<[u32; 4]>,
    /// Scratch: their stays, hours.
    lengths: Vec<f64>,
}

/// A day: where it lies in its year and on the clock of the simulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Today {
    /// Calendar year.
    pub(super) year: i32,
    /// Name of the year in random streams.
    pub(super) stream_year: u32,
    /// Day of the year from 0; negative before it.
    pub(super) day: i32,
    /// Midnight at which it starts, hours.
    pub(super) starts: f64,
}

impl Today {
    fn cell(self, index: usize) -> u32 {
        // 4,096 days are more than any warm-up or year has.
        (index as u32) << 12 | (self.day + 3700) as u32
    }

    fn weekday(self) -> usize {
        (first_weekday(self.year) as i32 + self.day).rem_euclid(7) as usize
    }
}

impl Arrivals {
    pub(super) fn new(component: &Component, groups: usize, labels: usize, hourly: bool) -> Self {
        Self {
            brisk: hourly && component.step_downs.iter().all(Option::is_none),
            hours: vec![Vec::new(); DAY as usize],
            per_day: vec![0.0; component.streams.len()],
            listed: vec![0.0; component.streams.len()],
            stays: vec![0.0; component.pools.len()],
            steps: vec![0.0; component.pools.len()],
            asked_by_class: vec![[0; CLASSES]; groups],
            asked: vec![0; groups * labels],
            labels,
            asking: Default::default(),
            counts: Vec::new(),
            today: vec![0; component.pools.len()],
            blocks: Vec::new(),
            lengths: Vec::new(),
        }
    }

    /// Starts a year (or the days before the first one).
    pub(super) fn start_year(
        &mut self,
        model: &Model,
        component: &Component,
        context: &Context<'_>,
        index: usize,
        stream_year: u32,
    ) {
        self.asked.fill(0);
        self.asked_by_class.fill([0; CLASSES]);
        let level = context.draw.at(model.stay_level, index, 0);
        for (pool, stay) in component.stays.iter().enumerate() {
            self.stays[pool] = stay.mean * level;
            self.steps[pool] = component.step_downs[pool].map_or(0.0, |step| context.draw.at(step.share, index, 0));
        }
        for (stream, listed) in self.listed.iter_mut().enumerate() {
            let cell = (component.specialty << 12 | stream) as u32;
            *listed = context.chance.cell(PHASE, stream_year, cell).uniform();
        }
    }

    /// Draws the requests of a day. `split` is each pool's part of its tier. Requests to pools that have room for the whole
    /// day are admitted at once; the others are left in [`Arrivals::hours`].
    pub(super) fn draw_day(
        &mut self,
        model: &Model,
        component: &Component,
        demand: &YearDemand,
        context: &Context<'_>,
        today: Today,
        (split, network): (&[f64], &mut Network),
    ) {
        self.hours.iter_mut().for_each(Vec::clear);
        self.counts.clear();
        self.today.fill(0);
        let weekday = today.weekday();
        let month = month_of(today.year, today.day.rem_euclid(365) as u32);
        let regular = model.swings.weekday[weekday] * model.swings.season[month];
        let urgent = regular * Self::day_effect(model, component, context, today);
        let slots = model.swings.slots[weekday];
        for (index, stream) in component.streams.iter().enumerate() {
            let part = if stream.split { split[usize::from(stream.pool)] } else { 1.0 };
            let mean = self.per_day[index] * stream.share * part;
            let cell = today.cell(component.specialty << 10 | index);
            let count = if stream.listed {
                let before = self.listed[index];
                self.listed[index] += mean * slots;
                self.listed[index].floor() as u32 - before.floor() as u32
            } else {
                let swing = if stream.class == URGENT { urgent } else { 1.0 };
                poisson(mean * swing, &mut context.chance.cell(COUNT, today.stream_year, cell))
            };
            self.counts.push(count);
            if !component.pools[usize::from(stream.pool)].by_day {
                self.today[usize::from(stream.pool)] += count;
            }
        }
        self.play_by_day(component, demand, context, today, network);
        if self.brisk {
            network.find_roomy(&self.today);
        }
        for index in 0..self.counts.len() {
            let count = self.counts[index];
            if component.pools[usize::from(component.streams[index].pool)].by_day {
                continue;
            }
            if count > 0 && self.brisk {
                self.draw_briskly(component, demand, context, today, (index, count), network);
            } else if count > 0 {
                self.draw_patients(component, demand, context, today, index, count);
            }
        }
    }

    /// Lets the pool that is played by the day take its requests.
    fn play_by_day(
        &mut self,
        component: &Component,
        demand: &YearDemand,
        context: &Context<'_>,
        today: Today,
        network: &mut Network,
    ) {
        let Some(daily) = &network.daily else { return };
        let pool = daily.pool;
        let group = usize::from(component.pools[pool].group);
        let asked = &mut self.asked[group * self.labels..][..self.labels];
        for asking in &mut self.asking {
            asking.residents.clear();
            asking.others = 0;
        }
        for (index, stream) in component.streams.iter().enumerate().filter(|(_, s)| usize::from(s.pool) == pool) {
            let (count, asking) = (self.counts[index], &mut self.asking[usize::from(stream.class)]);
            self.asked_by_class[group][usize::from(stream.class)] += count;
            if let Source::Residents { .. } = stream.source {
                let cell = today.cell(component.specialty << 10 | index);
                let mut random = context.chance.cell(PATIENT, today.stream_year, cell);
                for _ in 0..count {
                    let area = demand.area_of(component.specialty, (f64::from(random.word()) + 0.5) / 4_294_967_296.0);
                    asked[usize::from(area)] += 1;
                    asking.residents.push(area);
                }
            } else {
                let label = if let Source::Area { area, .. } = stream.source { area } else { self.labels - 1 };
                asked[label] += count;
                asking.others += count;
            }
        }
        let cell = today.cell(component.specialty << 10);
        let mut random = context.chance.cell(DAILY, today.stream_year, cell);
        network.play_day((today.starts / DAY) as u32, &self.asking, &mut random);
    }

    /// The gamma effect of a day, mean 1.
    fn day_effect(model: &Model, component: &Component, context: &Context<'_>, today: Today) -> f64 {
        let cv = context.draw.value(model.swings.day_cv);
        if cv <= 0.0 {
            return 1.0;
        }
        let shape = 1.0 / (cv * cv);
        let mut stream = context.chance.cell(DAY_EFFECT, today.stream_year, today.cell(component.specialty << 10));
        gamma(shape, 1.0 / shape, &mut stream)
    }

    fn draw_patients(
        &mut self,
        component: &Component,
        demand: &YearDemand,
        context: &Context<'_>,
        today: Today,
        index: usize,
        count: u32,
    ) {
        const WORD: f64 = 1.0 / 4_294_967_296.0;
        let stream = component.streams[index];
        let pool = usize::from(stream.pool);
        let (law, mean) = (&component.stays[pool], self.stays[pool]);
        let (from, hours) = if stream.listed { (LIST_FROM, LIST_HOURS) } else { (0.0, DAY) };
        let group = usize::from(component.pools[pool].group);
        self.asked_by_class[group][usize::from(stream.class)] += count;
        let cell = today.cell(component.specialty << 10 | index);
        let (specialty, areas) = (component.specialty, self.labels as u16 - 1);
        self.blocks.resize(count as usize, [0; 4]);
        context.chance.cell(PATIENT, today.stream_year, cell).fill(&mut self.blocks);
        let mut more = context.chance.cell(MORE, today.stream_year, cell);
        let mut steps = context.chance.cell(STEP, today.stream_year, cell);
        let step = component.step_downs[pool].filter(|_| self.steps[pool] > 0.0);
        let asked = &mut self.asked[group * self.labels..][..self.labels];
        law.draw_each(mean, &self.blocks, &mut self.lengths, &mut more);
        for (&[when, who, ..], &stay) in self.blocks.iter().zip(&self.lengths) {
            let clock = from + hours * ((f64::from(when) + 0.5) * WORD);
            let label = match stream.source {
                Source::Residents { .. } => demand.area_of(specialty, (f64::from(who) + 0.5) * WORD),
                Source::Area { area, .. } => area as u16,
                Source::Inflow { .. } => areas,
                Source::Given { .. } => 0,
            };
            let (time, stay) = (today.starts + clock, stay as f32);
            let class = stream.class;
            let mut request = Request { time, stay, then_stay: 0.0, pool: stream.pool, then: NONE, label, class };
            // The consortium steps down its own residents; a ward without people, everyone.
            if let Some(step) = step.filter(|_| label != areas) {
                let to = usize::from(step.to);
                let there = (&component.stays[to], self.stays[to]);
                step_down(&mut request, step, self.steps[pool], there, &mut steps);
            }
            asked[usize::from(label)] += 1;
            self.hours[clock as usize].push(request);
        }
    }
}

impl Arrivals {
    /// The patients of a stream's day where the hour suffices: a block of four words serves two patients. The first word
    /// of each is the stay, of the second 11 bits are the moment of the day and 21 the area of residence.
    fn draw_briskly(
        &mut self,
        component: &Component,
        demand: &YearDemand,
        context: &Context<'_>,
        today: Today,
        (index, count): (usize, u32),
        network: &mut Network,
    ) {
        const MOMENTS: f64 = 2_048.0;
        const PLACES: u32 = 1 << 21;
        let stream = component.streams[index];
        let pool = usize::from(stream.pool);
        let (law, mean) = (&component.stays[pool], self.stays[pool]);
        let (from, hours) = if stream.listed { (LIST_FROM, LIST_HOURS) } else { (0.0, DAY) };
        let group = usize::from(component.pools[pool].group);
        self.asked_by_class[group][usize::from(stream.class)] += count;
        let cell = today.cell(component.specialty << 10 | index);
        self.blocks.resize(count.div_ceil(2) as usize, [0; 4]);
        context.chance.cell(PATIENT, today.stream_year, cell).fill(&mut self.blocks);
        let mut more = context.chance.cell(MORE, today.stream_year, cell);
        let asked = &mut self.asked[group * self.labels..][..self.labels];
        let elsewhere = match stream.source {
            Source::Residents { .. } => None,
            Source::Area { area, .. } => Some(area as u16),
            Source::Inflow { .. } => Some(self.labels as u16 - 1),
            Source::Given { .. } => Some(0),
        };
        if let Some(label) = elsewhere {
            asked[usize::from(label)] += count;
        }
        let blocks = &self.blocks;
        let patients = (0..count as usize).map(|i| {
            let (block, at) = (&blocks[i / 2], i % 2 * 2);
            (block[at], block[at + 1])
        });
        let clock_of = |mixed: u32| from + hours * ((f64::from(mixed >> 21) + 0.5) / MOMENTS);
        let mut area_of = |mixed: u32| {
            let u = (f64::from(mixed & (PLACES - 1)) + 0.5) / f64::from(PLACES);
            let area = demand.area_of(component.specialty, u);
            asked[usize::from(area)] += 1;
            area
        };
        if network.roomy[pool] {
            let mut clocks = 0.0;
            for (length, mixed) in patients {
                let clock = clock_of(mixed);
                clocks += clock;
                let label = elsewhere.unwrap_or_else(|| area_of(mixed));
                network.tally.note_admitted(group as u8, label);
                network.book_ahead(stream.pool, today.starts + clock + mean * law.draw_brisk(length, &mut more));
            }
            network.admit_ahead(pool, count, f64::from(count) * today.starts + clocks);
            return;
        }
        for (length, mixed) in patients {
            let clock = clock_of(mixed);
            let label = elsewhere.unwrap_or_else(|| area_of(mixed));
            let stay = (mean * law.draw_brisk(length, &mut more)) as f32;
            let (time, class) = (today.starts + clock, stream.class);
            let request = Request { time, stay, then_stay: 0.0, pool: stream.pool, then: NONE, label, class };
            self.hours[clock as i32 as usize].push(request);
        }
    }
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
