//! One replication of elderly care, year by year.
//!
//! 1. People of 1 January by need and living arrangement make this year's requests.
//! 2. Beds live through the year in continuous time, day places day by day, home visits as a whole.
//! 3. Need moves on to the next 1 January.

use super::alone::{self, StationState};
use super::beds::{self, Habits, Place};
use super::community::{self, Days, Levels, Served, day_year};
use super::definitions;
use super::metrics::{Row, need_at, share};
use super::need::{AGES, ARRANGEMENTS, FIRST_AGE, LEVELS};
use super::population::{NeedAndLiving, Old};
use super::spec::{Facility, NETWORK, Network, Spec, Use};
use crate::context::Context;
use crate::language::Text;
use crate::metric::{BlockId, Record};
use crate::population::view::{People, SEXES, YearView};
use crate::queue::line::{Line, Request, Stays};
use crate::random::{Purpose, Stream, binomial};
use crate::services::handover::Handover;
use crate::services::service::{Service, ServiceState};
use crate::text;

const RESIDENTS: Purpose = Purpose::named("elderly.first-residents");
const REQUESTS: Purpose = Purpose::named("elderly.requests");
const STAY: Purpose = Purpose::named("elderly.stay");
const ENROLLED: Purpose = Purpose::named("elderly.enrolled");
const DAYS: Purpose = Purpose::named("elderly.days");

/// Index of day places among the services of the network.
const DAY: usize = 1;

/// First service whose beds count as nursing beds.
const FIRST_NURSING: usize = 4;

/// Level of severe need.
const SEVERE: usize = 3;

/// The compiled service.
#[derive(Debug)]
pub(super) struct Elderly {
    pub spec: Spec,
    pub areas: usize,
    /// Other areas to which people of an area would go, nearest first.
    pub reach: Vec<Vec<u32>>,
    /// Block of each used service of the network, in the order of `spec.network.uses`.
    pub blocks: Vec<BlockId>,
    pub need_block: Option<BlockId>,
    /// Block of people in need by other definitions.
    pub defined_block: Option<BlockId>,
    pub line_blocks: Vec<BlockId>,
    pub station_blocks: Vec<BlockId>,
}

impl Service for Elderly {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        let uses = self.spec.network.as_ref().map_or(&[][..], |n| &n.uses[..]);
        Box::new(State {
            model: self,
            old: Old::new(self.areas),
            counts: vec![0; self.areas],
            defined: definitions::KNOWN.each_ref().map(|_| Vec::new()),
            beds: uses.iter().map(|_| Line::new(beds::layout(&self.reach))).collect(),
            relative: vec![[[0.0; ARRANGEMENTS]; LEVELS]; uses.len()],
            lines: self.spec.lines.iter().map(|_| Line::new(beds::alone())).collect(),
            stations: StationState::default(),
            openings: Vec::new(),
            levels: Levels::default(),
            served: Served::default(),
            enrolled: Vec::new(),
            days: Days::default(),
            first: Vec::new(),
        })
    }

    fn notes(&self) -> Vec<Text> {
        self.spec.network.as_ref().map(notes).unwrap_or_default()
    }
}

struct State<'m> {
    model: &'m Elderly,
    old: Old,
    /// People aged 60+ by area.
    counts: Vec<u32>,
    /// Share in need by each known definition on this path. Shape: definition x (sex x age).
    defined: [Vec<f64>; definitions::KNOWN.len()],
    beds: Vec<Line>,
    /// Probability of use at take-up 1, by service of the network, need and living arrangement.
    relative: Vec<[[f64; ARRANGEMENTS]; LEVELS]>,
    lines: Vec<Line>,
    stations: StationState,
    /// When each facility opens and closes on this path, years since the first reported year.
    openings: Vec<(f64, f64)>,
    levels: Levels,
    served: Served,
    enrolled: Vec<u32>,
    days: Days,
    first: Vec<Request>,
}

/// What is to be said of the definition of need and of the transitions.
fn notes(network: &Network) -> Vec<Text> {
    let definition = network.definition.map(|definition| {
        let (en, zh, share) = (&definition.label.en, &definition.label.zh, 100.0 * definition.share);
        let (youngest, source) = (definition.youngest, definition.source);
        text!(
            "need: {en}; published share {share:.2}% of {youngest}+ ({source})",
            "失能口径：{zh}；公布比例为 {youngest} 岁及以上的 {share:.2}%（{source}）"
        )
    });
    definition.into_iter().chain(network.moves.clone()).collect()
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &Context<'_>, first: &YearView<'_>) {
        let spec = &self.model.spec;
        if let Some(network) = &spec.network {
            self.open_network(network, context, first);
        }
        for (number, (line, queue)) in spec.lines.iter().zip(&mut self.lines).enumerate() {
            alone::open(line, number, queue, context, first.index);
        }
    }

    fn serve(&mut self, context: &Context<'_>, year: &YearView<'_>, _: &mut Handover, record: &mut Record<'_>) {
        let Some(reported) = year.reported else { return };
        let (model, spec) = (self.model, &self.model.spec);
        if let Some(network) = &spec.network {
            self.serve_network(network, context, year, reported, record);
            self.old.advance(&network.need, year.end, year.index, context.chance);
        }
        for (number, line) in spec.lines.iter().enumerate() {
            let place = self.place(model.line_blocks[number], reported, None);
            alone::serve_line(line, number, &mut self.lines[number], context, year, record, place);
        }
        for (number, station) in spec.stations.iter().enumerate() {
            let which = (number, model.station_blocks[number]);
            self.stations.serve(station, which, context, (year.index, reported), spec.tolerated, record);
        }
    }
}

impl State<'_> {
    fn place(&self, block: BlockId, year: usize, places_per_carer: Option<f64>) -> Place {
        Place { block, year, tolerated: self.model.spec.tolerated, places_per_carer }
    }

    fn open_network(&mut self, network: &Network, context: &Context<'_>, first: &YearView<'_>) {
        let people = by_sex_and_age(first);
        let level = need_level(network, context, first, &people);
        for (definition, shares) in definitions::KNOWN.iter().zip(&mut self.defined) {
            definition.shares(&network.need, &people, shares);
        }
        self.old.open(&network.need, level, first.start, context.chance);
        for (relative, (_, usage)) in self.relative.iter_mut().zip(&network.uses) {
            *relative = relative_use(usage, (0..self.model.areas).map(|area| self.old.by_need(area)));
        }
        let origin = f64::from(first.year) * 12.0;
        self.openings.clear();
        self.openings.extend(network.facilities.iter().map(|facility| {
            let opens = context.site.opening_of(facility.opens, facility.project, context.draw);
            ((opens - origin) / 12.0, (facility.closes - origin) / 12.0)
        }));
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            if NETWORK[*service].2 {
                self.open_beds(network, (index, *service, usage), context, first.index);
            }
        }
    }

    fn open_beds(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &Context<'_>,
        year: usize,
    ) {
        let beds = &mut self.beds[index];
        beds.clear();
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service == service && opens < closes {
                let pool = if facility.level == 2 { self.model.areas } else { facility.area };
                beds.change_places(opens, pool, facility.places as i32);
                beds.change_places(closes, pool, -(facility.places as i32));
            }
        }
        let take_up = context.draw.at(usage.take_up, year, 0);
        for area in 0..self.model.areas {
            let cell = (service * self.model.areas + area) as u32;
            let mut stream = context.chance.cell(RESIDENTS, 0, cell);
            let (count, urgent) = users(self.old.by_need(area), &self.relative[index], take_up, &mut stream);
            let habits = habits(network, usage, context, year, share(f64::from(urgent), f64::from(count)));
            habits.first(area, count, &mut stream, &mut self.first);
        }
        beds::open(beds, &mut self.first, &stays(usage, service, context, year));
    }

    fn serve_network(
        &mut self,
        network: &Network,
        context: &Context<'_>,
        year: &YearView<'_>,
        reported: usize,
        record: &mut Record<'_>,
    ) {
        for (area, count) in self.counts.iter_mut().enumerate() {
            *count = self.old.by_need(area).iter().flatten().sum();
        }
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            let place = self.place(self.model.blocks[index], reported, usage.places_per_carer);
            if NETWORK[*service].2 {
                self.expect_requests(network, (index, *service, usage), context, year.index);
                let tally = self.beds[index].live(1.0, &stays(usage, *service, context, year.index));
                beds::record_network(tally, record, place, &self.counts);
                self.record_beds(network, *service, reported, record);
            } else {
                self.community_year(network, (index, *service, usage), context, year);
                let days = if *service == DAY { network.days } else { 1 };
                let (levels, users, old) = (&self.levels, &self.enrolled[..], &self.counts[..]);
                let year = community::Year { levels, days, users, old, by_area: true };
                community::record(&mut self.served, record, place, year);
            }
        }
        self.record_need(network, reported, record);
        self.record_definitions(year.start, reported, record);
    }

    /// This year's requests for beds: Poisson at (people who would be in one) / (mean stay).
    fn expect_requests(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &Context<'_>,
        year: usize,
    ) {
        let stay = stays(usage, service, context, year).mean;
        let take_up = context.draw.at(usage.take_up, year, 0);
        for area in 0..self.model.areas {
            let cell = (service * self.model.areas + area) as u32;
            let mut stream = context.chance.cell(REQUESTS, year as u32, cell);
            let stock: [f64; LEVELS] = std::array::from_fn(|level| {
                let people = &self.old.by_need(area)[level];
                let probability = &self.relative[index][level];
                people.iter().zip(probability).map(|(n, p)| f64::from(*n) * (p * take_up).min(1.0)).sum()
            });
            let all: f64 = stock.iter().sum();
            let habits = habits(network, usage, context, year, share(stock[SEVERE], all));
            habits.expect(&mut self.beds[index], area, (all / stay, 1.0), &mut stream);
        }
    }

    /// A year of home visits or day places of the network.
    fn community_year(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &Context<'_>,
        year: &YearView<'_>,
    ) {
        let areas = self.model.areas;
        self.set_levels(network, service, f64::from(year.year - context.site.start));
        let take_up = context.draw.at(usage.take_up, year.index, 0);
        self.enrolled.clear();
        self.days.streams.clear();
        for area in 0..areas {
            let cell = (service * areas + area) as u32;
            let mut stream = context.chance.cell(ENROLLED, year.index as u32, cell);
            self.enrolled.push(users(self.old.by_need(area), &self.relative[index], take_up, &mut stream).0);
            self.days.streams.push(context.chance.cell(DAYS, year.index as u32, cell));
        }
        self.served.clear(areas);
        if service == DAY {
            let attendance = context.draw.at(network.attendance, year.index, 0);
            let served = &mut self.served;
            day_year(served, &self.enrolled, attendance, network.days, &self.levels, &mut self.days);
        } else {
            self.served.round(&self.enrolled, &self.levels, year.index % areas);
        }
    }

    /// Usable places of a community service in the year that begins `from` years after the first.
    fn set_levels(&mut self, network: &Network, service: usize, from: f64) {
        self.levels.clear(self.model.areas);
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service == service {
                let open = open_places(facility, opens, closes, from);
                match facility.level {
                    0 => self.levels.station[facility.area] += open,
                    1 => self.levels.subdistrict[facility.area] += open,
                    _ => self.levels.district += open,
                }
            }
        }
    }

    fn record_need(&self, network: &Network, reported: usize, record: &mut Record<'_>) {
        let Some(block) = self.model.need_block else { return };
        let (mut all, mut all_beds) = (0, 0.0);
        for area in 0..self.model.areas {
            let need = self.old.by_need(area);
            let beds = record.get(block, need_at::BEDS, area, reported);
            let row = &mut Row::new(record, block, area, reported);
            let old = self.counts[area];
            row.count(need_at::OLD, old);
            for (k, people) in need.iter().enumerate().skip(1) {
                row.count(need_at::MILD + k - 1, people.iter().sum());
            }
            row.count(need_at::IN_NEED, need[network.counts_from..].iter().flatten().sum());
            row.count(need_at::ALONE, need[network.counts_from..].iter().map(|people| people[0]).sum());
            row.real(need_at::BEDS_PER_1000, 1000.0 * share(beds, f64::from(old)));
            all += old;
            all_beds += beds;
        }
        let per_1000 = 1000.0 * share(all_beds, f64::from(all));
        Row::new(record, block, self.model.areas, reported).real(need_at::BEDS_PER_1000, per_1000);
    }

    /// Expected people in need by each known definition.
    fn record_definitions(&self, start: &People, reported: usize, record: &mut Record<'_>) {
        let Some(block) = self.model.defined_block else { return };
        for (metric, shares) in self.defined.iter().enumerate() {
            for area in 0..self.model.areas {
                let of_sex = |sex: usize| {
                    let people = &start.ages(area, sex)[FIRST_AGE..FIRST_AGE + AGES];
                    people.iter().zip(&shares[sex * AGES..]).map(|(n, share)| f64::from(*n) * share).sum::<f64>()
                };
                record.real(block, metric, area, reported, (0..SEXES).map(of_sex).sum());
            }
        }
    }

    /// Adds the open beds of a service to the beds of the areas they stand in.
    fn record_beds(&self, network: &Network, service: usize, reported: usize, record: &mut Record<'_>) {
        let Some(block) = self.model.need_block else { return };
        let counted = if service >= FIRST_NURSING { &[need_at::BEDS, need_at::NURSING][..] } else { &[need_at::BEDS] };
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service != service {
                continue;
            }
            let open = f64::from(facility.places) * open_share(opens, closes, reported as f64);
            for &metric in counted {
                let so_far = record.get(block, metric, facility.area, reported);
                record.real(block, metric, facility.area, reported, so_far + open);
            }
        }
    }
}

/// Residents of the district by sex and age from 60.
fn by_sex_and_age(first: &YearView<'_>) -> Vec<f64> {
    let areas = 0..first.start.areas();
    (0..SEXES * AGES)
        .map(|cell| {
            areas.clone().map(|area| f64::from(first.start.at(area, cell / AGES, FIRST_AGE + cell % AGES))).sum()
        })
        .collect()
}

/// The factor on the odds of need on this path: the level at which the wanted share of `people` is in need, times its
/// uncertainty.
fn need_level(network: &Network, context: &Context<'_>, first: &YearView<'_>, people: &[f64]) -> f64 {
    let factor = context.draw.value(network.need_level);
    let youngest = network.definition.map_or(FIRST_AGE, |definition| definition.youngest);
    let share = network.share_in_need.map(|share| context.draw.at(share, first.index, 0));
    let level = share
        .or(network.definition.map(|definition| definition.share))
        .map_or(1.0, |share| network.need.level_for(share, (network.counts_from, youngest), people));
    factor * level
}

/// Probability of use at take-up 1 by need and living arrangement: in each need, the stated share on the average of the
/// people of the first 1 January, spread by the relative use of the arrangements.
fn relative_use<'a>(usage: &Use, areas: impl Iterator<Item = &'a NeedAndLiving>) -> [[f64; ARRANGEMENTS]; LEVELS] {
    let mut people = [[0.0; ARRANGEMENTS]; LEVELS];
    for area in areas {
        for (sum, count) in people.iter_mut().flatten().zip(area.iter().flatten()) {
            *sum += f64::from(*count);
        }
    }
    std::array::from_fn(|level| {
        let all: f64 = people[level].iter().sum();
        let weighted: f64 = people[level].iter().zip(usage.living).map(|(n, factor)| n * factor).sum();
        usage.living.map(|factor| usage.share[level] * if weighted > 0.0 { factor * all / weighted } else { 1.0 })
    })
}

/// People who use a service, each with the probability of their need and living arrangement, and how many of them have
/// severe need.
fn users(
    people: &NeedAndLiving,
    probability: &[[f64; ARRANGEMENTS]; LEVELS],
    take_up: f64,
    stream: &mut Stream,
) -> (u32, u32) {
    let (mut all, mut severe) = (0, 0);
    for level in 0..LEVELS {
        severe = 0;
        for (count, p) in people[level].iter().zip(probability[level]) {
            severe += binomial(*count, (p * take_up).min(1.0), stream);
        }
        all += severe;
    }
    (all, severe)
}

fn habits(network: &Network, usage: &Use, context: &Context<'_>, year: usize, severe: f64) -> Habits {
    Habits {
        patience: usage.patience.map_or(f64::INFINITY, |p| context.draw.at(p, year, 0) / 12.0),
        district_first: context.draw.at(network.district_first, year, 0),
        returns: context.draw.at(network.returns, year, 0),
        outside: context.draw.at(usage.outside, year, 0),
        urgent: if network.severe_first { severe } else { 0.0 },
    }
}

fn stays(usage: &Use, service: usize, context: &Context<'_>, year: usize) -> Stays {
    Stays {
        mean: usage.stay.map_or(1.0, |p| context.draw.at(p, year, 0) / 12.0),
        chance: context.chance,
        purpose: STAY,
        line: service as u32,
        promised_wait: usage.promised_wait,
    }
}

/// Share of the year that begins at `from` in which a facility is open.
fn open_share(opens: f64, closes: f64, from: f64) -> f64 {
    (closes.min(from + 1.0) - opens.max(from)).clamp(0.0, 1.0)
}

/// Whole places of a facility, as the yearly mean rounded down.
fn open_places(facility: &Facility, opens: f64, closes: f64, from: f64) -> u32 {
    (f64::from(facility.places) * open_share(opens, closes, from)) as u32
}
