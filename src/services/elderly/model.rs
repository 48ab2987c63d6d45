//! One replication of elderly care, year by year.
//!
//! 1. People of 1 January by need and living arrangement make this year's requests.
//! 2. Beds live through the year in continuous time, day places day by day, home visits as a whole.
//! 3. Need moves on to the next 1 January.

use super::alone::{self, StationState};
use super::beds::{self, CLASSES, Grid, Habits, PRICES, Place};
use super::community::{self, Days, Levels, Served, day_year};
use super::definitions;
use super::leaving::{self, ByClass, CAUSES, Causes, Patience};
use super::lists::{self, LeftBy};
use super::metrics::{OfCare, OfDefinitions, share};
use super::need::{AGES, FIRST_AGE, Shares};
use super::population::Old;
use super::spec::{Facility, NETWORK, Network, Spec, Use};
use super::standards;
use super::take_up::{Entitled, TakeUp};
use crate::context::ReplicationContext;
use crate::language::Text;
use crate::metric::{BlockId, Record};
use crate::population::view::{People, SEXES, YearView};
use crate::queue::line::{Layout, Line, Request, Stays};
use crate::random::StreamKey;
use crate::services::service::{Service, ServiceState};
use crate::services::service_signals::ServiceSignals;
use crate::text;

const RESIDENTS: StreamKey = StreamKey::named("elderly.first-residents");
const REQUESTS: StreamKey = StreamKey::named("elderly.requests");
const STAY: StreamKey = StreamKey::named("elderly.stay");
const FROM_HOSPITAL: StreamKey = StreamKey::named("elderly.from-hospital");
const CAUSE: StreamKey = StreamKey::named("elderly.causes");
const CAUSE_BY_LIST: StreamKey = StreamKey::named("elderly.causes-by-list");
const ENROLLED: StreamKey = StreamKey::named("elderly.enrolled");
const DAYS: StreamKey = StreamKey::named("elderly.days");

/// Index of day places among the services of the network.
const DAY: usize = 1;

/// Index of meals.
const MEALS: usize = 6;

/// Weeks of a year.
const WEEKS: f64 = 52.0;

const DAYS_OF_A_YEAR: f64 = 365.0;

/// Level of severe need.
const SEVERE: usize = 3;

/// The compiled service.
#[derive(Debug)]
pub(super) struct Elderly {
    pub spec: Spec,
    pub areas: usize,
    /// Other areas to which people of an area would go, nearest first.
    pub reach: Vec<Vec<u32>>,
    /// Areas within the 15-minute circle of each.
    pub near: Vec<Vec<u32>>,
    /// Lines that send on to each other.
    pub chains: Vec<Vec<usize>>,
    /// Block of each used service of the network, in the order of `spec.network.uses`.
    pub blocks: Vec<BlockId>,
    /// Their waiting lists.
    pub list_blocks: Vec<lists::Blocks>,
    pub need_block: Option<BlockId>,
    /// Block of people in need by other definitions.
    pub defined_block: Option<BlockId>,
    pub line_blocks: Vec<BlockId>,
    pub station_blocks: Vec<BlockId>,
}

impl Elderly {
    /// Areas and price classes of beds.
    fn grid(&self) -> Grid {
        let priced = self.spec.network.as_ref().is_some_and(|network| network.can_pay.is_some());
        Grid { areas: self.areas, prices: if priced { PRICES } else { 1 } }
    }
}

impl Elderly {
    /// The pools and routes of a service.
    fn layout(&self, service: usize) -> Layout {
        let facilities = self.spec.network.as_ref().map_or(&[][..], |network| &network.facilities[..]);
        let built = |price: usize, place: usize| {
            let there = |f: &Facility| if f.level == 2 { place == self.areas } else { place == f.area };
            let at_price = |f: &Facility| f.price.min(self.grid().prices - 1) == price;
            facilities.iter().any(|f| f.service == service && at_price(f) && there(f))
        };
        let most_lists = self.spec.network.as_ref().and_then(|network| network.most_lists);
        beds::layout(&self.reach, &self.near, (self.grid().prices, most_lists.unwrap_or(usize::MAX)), built)
    }
}

impl Service for Elderly {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        let uses = self.spec.network.as_ref().map_or(&[][..], |n| &n.uses[..]);
        Box::new(State {
            model: self,
            old: Old::new(self.areas),
            counts: vec![0; self.areas],
            defined: definitions::KNOWN.each_ref().map(|_| Vec::new()),
            beds: uses.iter().map(|(service, _)| Line::new(self.layout(*service))).collect(),
            uses: uses.iter().map(|_| TakeUp::new(self.areas)).collect(),
            entitled: Entitled::everyone(self.areas),
            first_index: 0,
            needs: Vec::new(),
            causes: vec![Causes::default(); self.areas],
            left_by: vec![[0; CAUSES]; self.areas + 1],
            lines: self.chains.iter().map(|chain| alone::queue(&self.spec.lines, chain)).collect(),
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
    /// By service of the network.
    uses: Vec<TakeUp>,
    entitled: Entitled,
    /// Position of the first reported year among the simulated ones.
    first_index: usize,
    /// Expected users of a service by area and need.
    needs: Vec<Shares>,
    /// Why people left the list of a service, by area.
    causes: Vec<Causes>,
    /// The same by list.
    left_by: LeftBy,
    /// By chain.
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
        let (youngest, source, said_by) = (definition.youngest, &definition.source.en, &definition.source.zh);
        text!(
            "need: {en}; published share {share:.2}% of {youngest}+ ({source})",
            "失能口径：{zh}；公布比例为 {youngest} 岁及以上的 {share:.2}%（{said_by}）"
        )
    });
    definition.into_iter().chain(network.moves.clone()).collect()
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        let spec = &self.model.spec;
        if let Some(network) = &spec.network {
            self.open_network(network, context, first);
        }
        for (chain, queue) in self.model.chains.iter().zip(&mut self.lines) {
            alone::open(&spec.lines, chain, queue, context, first.index);
        }
    }

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = year.reported else { return };
        let (model, spec) = (self.model, &self.model.spec);
        if let Some(network) = &spec.network {
            self.serve_network(network, context, year, signals, record);
            self.old.advance(&network.need, year.end, year.index, context.chance);
        }
        for (chain, queue) in model.chains.iter().zip(&mut self.lines) {
            let tolerated = spec.tolerated;
            let place = |line: usize| Place {
                block: model.line_blocks[line],
                year: reported,
                tolerated,
                places_per_carer: None,
            };
            alone::serve(&spec.lines, chain, queue, context, year.index, record, place);
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

    fn open_network(&mut self, network: &Network, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        let people = by_sex_and_age(first);
        let level = need_level(network, context, first, &people);
        for (definition, shares) in definitions::KNOWN.iter().zip(&mut self.defined) {
            definition.shares(&network.need, &people, shares);
        }
        self.old.open(&network.need, level, first.start, context.chance);
        self.first_index = first.index;
        let origin = f64::from(first.year) * 12.0;
        self.openings.clear();
        self.openings.extend(network.facilities.iter().map(|facility| {
            let opens = context.site.opening_of(facility.opens, facility.project, context.draw);
            ((opens - origin) / 12.0, (facility.closes - origin) / 12.0)
        }));
        self.entitled.see(first, network.registered_only, true);
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            let entitled = (&self.entitled, context);
            self.uses[index].open((network, *service, usage), &self.old, &self.openings, entitled, first.index);
            if NETWORK[*service].2 {
                self.open_beds(network, (index, *service, usage), context, first.index);
            }
        }
    }

    fn open_beds(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &ReplicationContext<'_>,
        year: usize,
    ) {
        let grid = self.model.grid();
        let beds = &mut self.beds[index];
        beds.clear();
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service == service && opens < closes {
                let place = if facility.level == 2 { grid.areas } else { facility.area };
                let pool = grid.pool(facility.price.min(grid.prices - 1), place);
                beds.change_places(opens, pool, facility.places as i32);
                beds.change_places(closes, pool, -(facility.places as i32));
            }
        }
        for area in 0..self.model.areas {
            let cell = (service * self.model.areas + area) as u32;
            let mut stream = context.chance.cell(RESIDENTS, 0, cell);
            let (count, urgent) = self.uses[index].users(&self.old, area, &mut stream);
            let patience = patience(usage, context, year);
            let years = patience.by_class(|| {
                let stock = self.uses[index].expected(&self.old, area);
                hazards((network, usage), &self.uses[index], &self.old, (area, &stock), patience)
            });
            let severe = share(f64::from(urgent), f64::from(count));
            let habits = habits((network, grid), usage, context, year, (years, severe));
            habits.first(area, count, &mut stream, &mut self.first);
        }
        beds::open(beds, &mut self.first, &stays(usage, service, context, year));
    }

    fn serve_network(
        &mut self,
        network: &Network,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = year.reported else { return };
        for (area, count) in self.counts.iter_mut().enumerate() {
            *count = self.old.by_need(area).iter().flatten().sum();
        }
        self.entitled.see(year, network.registered_only, false);
        let taking = hospital_beds(network);
        signals.step_down_wait_days_next.clear();
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            let place = self.place(self.model.blocks[index], reported, usage.places_per_carer);
            let from = f64::from(year.year - context.site.start);
            let years = (year.index, self.first_index, from);
            let entitled = (&self.entitled, context);
            self.uses[index].set_year((network, *service, usage), &self.openings, entitled, years);
            self.expect_users(index, place, record);
            if NETWORK[*service].2 {
                let signals = (taking == Some(index)).then_some(&mut *signals);
                self.bed_year(network, (index, *service, usage), (context, year.index), signals, (place, record));
            } else {
                self.community_year(network, (index, *service, usage), context, year);
                let days = if by_day(*service) { days_open(network, usage) } else { 1 };
                // Home visits are counted by the year.
                let hours = usage.hours.map(|hours| if by_day(*service) { hours } else { hours * WEEKS });
                let (levels, users, old) = (&self.levels, &self.enrolled[..], &self.counts[..]);
                let (near, needs) = (&self.model.near[..], &self.needs[..]);
                let year = community::Year { levels, days, users, old, near, needs, hours, by_area: true };
                community::record(&mut self.served, record, place, year);
            }
        }
        if let Some(block) = self.model.need_block {
            standards::record_need(network, (block, &self.model.blocks), &self.old, &self.counts, reported, record);
        }
        self.record_definitions(year.start, reported, record);
    }

    /// A year of beds of the network; `handover` where they take people from hospital.
    fn bed_year(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        (context, year): (&ReplicationContext<'_>, usize),
        signals: Option<&mut ServiceSignals>,
        (place, record): (Place, &mut Record<'_>),
    ) {
        let sent = signals.as_ref().map_or(&[][..], |signals| &signals.step_down);
        self.expect_requests(network, (index, service, usage), context, year, sent);
        if let Some(days) = network.clearing {
            self.beds[index].count_entries(context.draw.at(days, year, 0) / DAYS_OF_A_YEAR);
        }
        self.beds[index].live(1.0, &stays(usage, service, context, year));
        let (line, grid, areas) = (&self.beds[index], self.model.grid(), self.model.areas);
        let tally = line.tally();
        let patience = patience(usage, context, year);
        for (area, causes) in self.causes.iter_mut().enumerate() {
            let (take_up, stock) = (&self.uses[index], &self.needs[area]);
            let hazards = || hazards((network, usage), take_up, &self.old, (area, stock), patience);
            let stream = || context.chance.cell(CAUSE, year as u32, (service * areas + area) as u32);
            *causes = leaving::of_area(tally, (grid, area), hazards, stream);
        }
        beds::record_network(tally, record, place, (grid, &self.model.near), (&self.counts, &self.causes));
        if network.clearing.is_some() {
            self.left_by.fill([0; CAUSES]);
            for (area, causes) in self.causes.iter().enumerate() {
                let mut stream = context.chance.cell(CAUSE_BY_LIST, year as u32, (service * areas + area) as u32);
                lists::spread_causes(line, (grid, area), causes, &mut self.left_by, &mut stream);
            }
            lists::record(tally, &self.left_by, (self.model.list_blocks[index], areas, place.year), record);
        }
        if let Some(signals) = signals {
            let days = (0..areas).map(|area| beds::hospital_wait_days(tally, grid, area));
            signals.step_down_wait_days_next.extend(days);
        }
        standards::record_beds((network, service), &self.openings, self.model.need_block, place.year, record);
    }

    /// Notes how many people would use a service this year, by area and need.
    fn expect_users(&mut self, index: usize, place: Place, record: &mut Record<'_>) {
        self.needs.clear();
        for area in 0..self.model.areas {
            let needs = self.uses[index].expected(&self.old, area);
            record.set(place.block, OfCare::EXPECTED_USERS, area, place.year, needs.iter().sum());
            self.needs.push(needs);
        }
    }

    /// This year's requests for beds: Poisson at (people who would be in one) / (mean stay). Those whom hospitals sent are
    /// among them, come first on the lists, and leave so many fewer to come from home.
    fn expect_requests(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &ReplicationContext<'_>,
        year: usize,
        from_hospital: &[u32],
    ) {
        let (stay, grid) = (stays(usage, service, context, year).mean, self.model.grid());
        for area in 0..self.model.areas {
            let cell = (service * self.model.areas + area) as u32;
            let mut stream = context.chance.cell(REQUESTS, year as u32, cell);
            let stock = &self.needs[area];
            let all: f64 = stock.iter().sum();
            let sent = from_hospital.get(area).copied().unwrap_or(0);
            let from_home = (all / stay - f64::from(sent)).max(0.0);
            let patience = patience(usage, context, year);
            let years =
                patience.by_class(|| hazards((network, usage), &self.uses[index], &self.old, (area, stock), patience));
            let habits = habits((network, grid), usage, context, year, (years, share(stock[SEVERE], all)));
            habits.expect(&mut self.beds[index], area, (from_home, 1.0), &mut stream);
            if sent > 0 {
                let mut stream = context.chance.cell(FROM_HOSPITAL, year as u32, cell);
                habits.sent_by_hospital(&mut self.beds[index], area, sent, &mut stream);
            }
        }
    }

    /// A year of home visits, day places or meals of the network.
    fn community_year(
        &mut self,
        network: &Network,
        (index, service, usage): (usize, usize, &Use),
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
    ) {
        let areas = self.model.areas;
        self.set_levels(network, service, f64::from(year.year - context.site.start));
        self.enrolled.clear();
        self.days.streams.clear();
        for area in 0..areas {
            let cell = (service * areas + area) as u32;
            let mut stream = context.chance.cell(ENROLLED, year.index as u32, cell);
            self.enrolled.push(self.uses[index].users(&self.old, area, &mut stream).0);
            self.days.streams.push(context.chance.cell(DAYS, year.index as u32, cell));
        }
        self.served.clear(areas);
        if by_day(service) {
            let attendance = context.draw.at(usage.attendance.unwrap_or(network.attendance), year.index, 0);
            let (served, places) = (&mut self.served, (&self.levels, &self.model.near[..]));
            day_year(served, &self.enrolled, attendance, days_open(network, usage), places, &mut self.days);
        } else {
            self.served.round(&self.enrolled, &self.levels, year.index % areas, &self.model.near);
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

    /// Expected people in need by each known definition.
    fn record_definitions(&self, start: &People, reported: usize, record: &mut Record<'_>) {
        let Some(block) = self.model.defined_block else { return };
        for (metric, shares) in OfDefinitions::ALL.into_iter().zip(&self.defined) {
            for area in 0..self.model.areas {
                let of_sex = |sex: usize| {
                    let people = &start.ages(area, sex)[FIRST_AGE..FIRST_AGE + AGES];
                    people.iter().zip(&shares[sex * AGES..]).map(|(n, share)| f64::from(*n) * share).sum::<f64>()
                };
                record.set(block, metric, area, reported, (0..SEXES).map(of_sex).sum());
            }
        }
    }
}

/// Whether people come to a community service day by day.
const fn by_day(service: usize) -> bool {
    matches!(service, DAY | MEALS)
}

fn days_open(network: &Network, usage: &Use) -> u32 {
    usage.days.unwrap_or(network.days)
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
fn need_level(network: &Network, context: &ReplicationContext<'_>, first: &YearView<'_>, people: &[f64]) -> f64 {
    let factor = context.draw.value(network.need_level);
    let youngest = network.definition.map_or(FIRST_AGE, |definition| definition.youngest);
    let share = network.share_in_need.map(|share| context.draw.at(share, first.index, 0));
    let level = share
        .or(network.definition.map(|definition| definition.share))
        .map_or(1.0, |share| network.need.level_for(share, (network.counts_from, youngest), people));
    factor * level
}

/// What a service's scenario says of leaving its list.
fn patience(usage: &Use, context: &ReplicationContext<'_>, year: usize) -> Patience {
    let years = |months| context.draw.at(months, year, 0) / 12.0;
    match (usage.other_care, usage.patience) {
        (Some(months), _) => Patience::OtherCare(years(months)),
        (None, Some(months)) => Patience::AllCauses(years(months)),
        (None, None) => Patience::Endless,
    }
}

/// Hazards of leaving the list of a service, for the people of an area of whom `stock` would be served.
fn hazards(
    (network, usage): (&Network, &Use),
    take_up: &TakeUp,
    old: &Old,
    (area, stock): (usize, &Shares),
    patience: Patience,
) -> ByClass {
    let goes_on = |from: usize, to: usize| take_up.goes_on(usage, area, (from, to));
    leaving::hazards(patience, &old.leaving(area), stock, goes_on, network.severe_first)
}

fn habits(
    (network, grid): (&Network, Grid),
    usage: &Use,
    context: &ReplicationContext<'_>,
    year: usize,
    (patience, severe): ([f64; CLASSES], f64),
) -> Habits {
    Habits {
        grid,
        patience,
        district_first: context.draw.at(network.district_first, year, 0),
        returns: context.draw.at(network.returns, year, 0),
        outside: context.draw.at(usage.outside, year, 0),
        urgent: if network.severe_first { severe } else { 0.0 },
        can_pay: network.can_pay.unwrap_or([0.0; PRICES - 1]),
    }
}

fn stays(usage: &Use, service: usize, context: &ReplicationContext<'_>, year: usize) -> Stays {
    Stays {
        mean: usage.stay.map_or(1.0, |p| context.draw.at(p, year, 0) / 12.0),
        chance: context.chance,
        purpose: STAY,
        line: service as u32,
        promised_wait: usage.promised_wait,
    }
}

/// Position among the services used of the beds that take people from hospital: nursing, else dementia, else general.
fn hospital_beds(network: &Network) -> Option<usize> {
    [4, 5, 3].into_iter().find_map(|service| network.uses.iter().position(|(used, _)| *used == service))
}

/// Share of the year that begins at `from` in which a facility is open.
pub(super) fn open_share(opens: f64, closes: f64, from: f64) -> f64 {
    (closes.min(from + 1.0) - opens.max(from)).clamp(0.0, 1.0)
}

/// Whole places of a facility, as the yearly mean rounded down.
fn open_places(facility: &Facility, opens: f64, closes: f64, from: f64) -> u32 {
    (f64::from(facility.places) * open_share(opens, closes, from)) as u32
}
