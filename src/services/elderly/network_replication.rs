//! The network during one replication: who asks, who is served, what is written.

use super::care::{self, Care, Delivery, Level, PriceClass};
use super::demand::need::levels::{AGES, ARRANGEMENTS, FIRST_AGE, LEVELS, SEVERE, Shares};
use super::demand::need_definitions;
use super::demand::old_age_population::{OlderPopulation, PeopleYear};
use super::demand::take_up::{Entitled, TakeUp};
use super::engine::community::{CommunityPlaces, DailyUse, Days, Served, Turns};
use super::engine::pools::{CLASSES, Priority};
use super::engine::reneging::{self, CAUSES, Causes, Exits, HazardsByClass, YearlyPatience};
use super::engine::requests::{self, Demand, RequestProfile};
use super::engine::waiting_lists::{self, LeftBy};
use super::metrics::{OfCare, OfDefinitions, share};
use super::model::NetworkModel;
use super::network::{OpenPeriods, ServiceUse};
use super::path::{
    Path, by_sex_and_age, moving_away, need_odds_factor, open_places, stays, takes_from_hospital, yearly_patience,
};
use super::record::beds::{self, BedsRecord};
use super::record::block_year::BlockYear;
use super::record::community::{self, CommunityRecord};
use super::record::standards::{self, NeedRecord};
use crate::context::ReplicationContext;
use crate::metric::Record;
use crate::population::view::{People, SEXES, YearView};
use crate::queue::waiting_line::{Request, WaitingLine};
use crate::random::{Stream, StreamKey};
use crate::services::service_signals::ServiceSignals;
use crate::supply::Calendar;

const RESIDENTS: StreamKey = StreamKey::named("elderly.first-residents");
const REQUESTS: StreamKey = StreamKey::named("elderly.requests");
const GONE: StreamKey = StreamKey::named("elderly.gone");
const FROM_HOSPITAL: StreamKey = StreamKey::named("elderly.from-hospital");
const CAUSE: StreamKey = StreamKey::named("elderly.causes");
const CAUSE_BY_LIST: StreamKey = StreamKey::named("elderly.causes-by-list");
const ENROLLED: StreamKey = StreamKey::named("elderly.enrolled");
const DAYS: StreamKey = StreamKey::named("elderly.days");
const TURNS: StreamKey = StreamKey::named("elderly.turns");

/// Weeks of a year.
const WEEKS: f64 = 52.0;

const DAYS_OF_A_YEAR: f64 = 365.0;

/// A reported year of a replication.
pub(crate) struct Year<'a> {
    pub context: &'a ReplicationContext<'a>,
    pub view: &'a YearView<'a>,
    pub reported: usize,
}

/// The network during one replication.
pub(crate) struct NetworkState<'m> {
    model: &'m NetworkModel,
    areas: usize,
    tolerated: f64,
    old: OlderPopulation,
    /// People aged 60+ by area.
    counts: Vec<u32>,
    /// Share in need by each known definition on this path. Shape: definition x (sex x age).
    defined: [Vec<f64>; need_definitions::KNOWN.len()],
    beds: Vec<WaitingLine>,
    /// By service.
    take_up: Vec<TakeUp>,
    /// Expected users of a service by need. Shape: area.
    needs: Vec<Shares>,
    /// The same of the year before, all needs together. Shape: service x area; empty in the first year.
    stock_before: Vec<Vec<f64>>,
    /// Yearly hazard of leaving the district, of people aged 60+. Shape: area.
    moving_away: Vec<f64>,
    /// People in line for a service, by route.
    waiting: Vec<u32>,
    /// Why people left the list of a service, by area.
    causes: Vec<Causes>,
    /// The same by list.
    left_by: LeftBy,
    path: Path,
    community: CommunityState,
    /// Probability of using no service of the community, by need and living arrangement. Shape: area.
    without_community: Vec<[[f64; ARRANGEMENTS]; LEVELS]>,
    first: Vec<Request>,
}

/// People of an area on 1 January, as a service sees them.
#[derive(Clone, Copy)]
struct Here {
    /// Those who may ever ask, with or without a place.
    may_ask: u32,
    in_place: u32,
    waiting: u32,
}

/// Scratch of a year of a community service.
#[derive(Default)]
struct CommunityState {
    places: CommunityPlaces,
    served: Served,
    /// By area.
    enrolled: Vec<u32>,
    days: Days,
}

impl<'m> NetworkState<'m> {
    pub(crate) fn new(model: &'m NetworkModel, areas: usize, tolerated: f64) -> Self {
        let services = &model.network.services;
        Self {
            model,
            areas,
            tolerated,
            old: OlderPopulation::new(&model.area_names),
            counts: vec![0; areas],
            defined: need_definitions::KNOWN.each_ref().map(|_| Vec::new()),
            beds: services.iter().map(|service| WaitingLine::new(model.layout(service.care))).collect(),
            take_up: services.iter().map(|_| TakeUp::new(areas)).collect(),
            needs: Vec::new(),
            stock_before: services.iter().map(|_| Vec::new()).collect(),
            moving_away: Vec::new(),
            waiting: Vec::new(),
            causes: vec![Causes::default(); areas],
            left_by: vec![[0; CAUSES]; areas + 1],
            path: Path {
                calendar: Calendar::default(),
                open: Vec::new(),
                entitled: Entitled::everyone(areas),
                first_year: 0,
            },
            community: CommunityState::default(),
            without_community: vec![[[1.0; ARRANGEMENTS]; LEVELS]; areas],
            first: Vec::new(),
        }
    }

    pub(crate) fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        let network = &self.model.network;
        let people = by_sex_and_age(first);
        for (definition, shares) in need_definitions::KNOWN.iter().zip(&mut self.defined) {
            definition.shares(&network.prevalence, &people, shares);
        }
        let factor = need_odds_factor(network, context, first, &people);
        self.old.open(&network.prevalence, &network.transitions, factor, first.start, context.chance);
        self.path.first_year = first.index;
        let schedules = network.facilities.iter().map(|facility| &facility.schedule);
        self.path.calendar.settle(schedules, context.site, context.draw);
        self.path.open.clear();
        let rows = self.path.calendar.rows().iter();
        self.path.open.extend(rows.map(|open| OpenPeriods(open.years_since(first.year))));
        self.path.entitled.open(first, network.registered_only);
        self.stock_before.iter_mut().for_each(Vec::clear);
        moving_away(first, &mut self.moving_away);
        for (number, service) in network.services.iter().enumerate() {
            self.take_up[number].open(&self.path.setting(network, service, context), &self.old);
            if service.care.delivery() == Delivery::Beds {
                self.open_beds(number, context, first.index);
            }
        }
    }

    fn open_beds(&mut self, number: usize, context: &ReplicationContext<'_>, year: usize) {
        let network = &self.model.network;
        let service = &network.services[number];
        let line = &mut self.beds[number];
        line.clear();
        for (facility, open) in network.facilities_of(service.care, &self.path.open) {
            let pool = self.model.pool_of(facility);
            for stretch in open.0.iter().filter(|stretch| stretch.from < stretch.until) {
                line.change_places(stretch.from, pool, facility.places as i32);
                line.change_places(stretch.until, pool, -(facility.places as i32));
            }
        }
        for area in 0..self.areas {
            let mut stream = self.stream(RESIDENTS, service.care, area, context, 0);
            let users = self.take_up[number].users(&self.old, area, &mut stream);
            let patience = yearly_patience(service, context, year);
            let years = patience.by_class(|| {
                let stock = self.take_up[number].expected(&self.old, area);
                self.hazards(number, area, &stock, patience)
            });
            let severe = share(f64::from(users.severe), f64::from(users.all));
            let profile = self.profile(service, context, year, years, severe);
            profile.first(area, users.all, &mut stream, &mut self.first);
        }
        requests::open(&mut self.beds[number], &mut self.first, &stays(service, context, year));
    }

    /// The stream of a purpose for a service in an area: named, so that another area or service moves no draw.
    fn stream(
        &self,
        purpose: StreamKey,
        care: Care,
        area: usize,
        context: &ReplicationContext<'_>,
        year: usize,
    ) -> Stream {
        context.chance.cell(purpose.with(care.name()).with(self.model.area_names[area]), year as u32, 0)
    }

    pub(crate) fn serve(&mut self, year: &Year<'_>, signals: &mut ServiceSignals, record: &mut Record<'_>) {
        let (model, network) = (self.model, &self.model.network);
        for (area, count) in self.counts.iter_mut().enumerate() {
            *count = self.old.by_need(area).iter().flatten().sum();
        }
        self.path.entitled.update(year.view, network.registered_only);
        moving_away(year.view, &mut self.moving_away);
        let from_hospital = takes_from_hospital(network);
        signals.step_down_wait_days_next.clear();
        self.without_community.fill([[1.0; ARRANGEMENTS]; LEVELS]);
        for (number, service) in network.services.iter().enumerate() {
            self.take_up[number].set_year(&self.path.setting(network, service, year.context), year.view.index);
            self.expect_users(number, year, record);
            if service.care.setting() == care::Setting::Community {
                let areas = self.without_community.iter_mut().enumerate();
                areas.for_each(|(area, none)| self.take_up[number].and_not_this(area, none));
            }
            match service.care.delivery() {
                Delivery::Beds => {
                    let signals = (from_hospital == Some(number)).then_some(&mut *signals);
                    self.bed_year(number, year, signals, record);
                }
                Delivery::Daily | Delivery::Clients => self.community_year(number, year, record),
            }
        }
        let need = NeedRecord {
            network,
            block: model.need_block,
            services: &model.blocks,
            old: &self.old,
            counts: &self.counts,
            without_community: &self.without_community,
            reported: year.reported,
        };
        need.write(record);
        self.record_definitions(year.view.start, year.reported, record);
        let people = PeopleYear { index: year.view.index, end: year.view.end, flows: year.view.flows };
        self.old.advance(&network.prevalence, &people, year.context.chance);
    }

    fn block_year(&self, number: usize, reported: usize) -> BlockYear {
        BlockYear {
            block: self.model.blocks[number],
            year: reported,
            tolerated: self.tolerated,
            places_per_carer: self.model.network.services[number].places_per_carer,
        }
    }

    /// A year of beds; `signals` where they take people from hospital.
    fn bed_year(
        &mut self,
        number: usize,
        year: &Year<'_>,
        signals: Option<&mut ServiceSignals>,
        record: &mut Record<'_>,
    ) {
        let (network, index) = (&self.model.network, year.view.index);
        let service = &network.services[number];
        let sent = signals.as_ref().map_or(&[][..], |signals| &signals.step_down);
        self.expect_requests(number, year, sent);
        if let Some(days) = network.deregistration_lag {
            self.beds[number].count_entries(year.context.draw.at(days, index, 0) / DAYS_OF_A_YEAR);
        }
        self.beds[number].live(1.0, &stays(service, year.context, index));
        self.find_causes(number, year);
        let block = self.block_year(number, year.reported);
        let (tally, grid) = (self.beds[number].tally(), self.model.grid());
        let catchment = &self.model.reach.catchment;
        let written = BedsRecord { year: tally, grid, catchment, old: &self.counts, causes: &self.causes };
        beds::record_network(written, record, block);
        if network.deregistration_lag.is_some() {
            let blocks = self.model.list_blocks[number];
            super::record::waiting_lists::record(tally, &self.left_by, blocks, self.areas, year.reported, record);
        }
        if let Some(signals) = signals {
            let days = (0..self.areas).map(|area| beds::hospital_wait_days(tally, grid, area));
            signals.step_down_wait_days_next.extend(days);
        }
        standards::record_beds(network, service.care, &self.path.open, self.model.need_block, year.reported, record);
    }

    /// Why people left the lists of a service in the year lived through, by area and, where lists are reported, by list.
    fn find_causes(&mut self, number: usize, year: &Year<'_>) {
        let (context, index) = (year.context, year.view.index);
        let service = &self.model.network.services[number];
        let (line, grid) = (&self.beds[number], self.model.grid());
        let patience = yearly_patience(service, context, index);
        let mut causes = std::mem::take(&mut self.causes);
        for (area, causes) in causes.iter_mut().enumerate() {
            let hazards = || self.hazards(number, area, &self.needs[area], patience);
            let stream = || self.stream(CAUSE, service.care, area, context, index);
            *causes = reneging::of_area(line.tally(), grid, area, hazards, stream);
        }
        self.causes = causes;
        if self.model.network.deregistration_lag.is_some() {
            self.left_by.fill([0; CAUSES]);
            for (area, causes) in self.causes.iter().enumerate() {
                let mut stream = self.stream(CAUSE_BY_LIST, service.care, area, context, index);
                waiting_lists::spread_causes(line, grid, area, causes, &mut self.left_by, &mut stream);
            }
        }
    }

    /// Notes how many people would use a service this year, by area and need.
    fn expect_users(&mut self, number: usize, year: &Year<'_>, record: &mut Record<'_>) {
        self.needs.clear();
        for area in 0..self.areas {
            let needs = self.take_up[number].expected(&self.old, area);
            record.set(self.model.blocks[number], OfCare::EXPECTED_USERS, area, year.reported, needs.iter().sum());
            self.needs.push(needs);
        }
    }

    /// This year's requests for beds: Poisson at the rate of [`Demand`]. Those whom hospitals sent are among them, come first
    /// on the lists, and leave so many fewer to come from home.
    fn expect_requests(&mut self, number: usize, year: &Year<'_>, from_hospital: &[u32]) {
        let (context, index) = (year.context, year.view.index);
        let service = &self.model.network.services[number];
        let patience = yearly_patience(service, context, index);
        let leaving = 1.0 / stays(service, context, index).mean;
        self.beds[number].waiting_by_route(&mut self.waiting);
        for area in 0..self.areas {
            let sent = from_hospital.get(area).copied().unwrap_or(0);
            let here = self.lose_the_gone(number, area, year);
            let stock = &self.needs[area];
            let all: f64 = stock.iter().sum();
            let years = patience.by_class(|| self.hazards(number, area, stock, patience));
            let demand = Demand {
                stock: all,
                stock_before: self.stock_before[number].get(area).copied().unwrap_or(all),
                in_place: f64::from(here.in_place),
                waiting: f64::from(here.waiting),
                leaving,
                reneging: 1.0 / years[Priority::FromHospital.class()],
            };
            let from_home = (demand.requests() - f64::from(sent)).max(0.0);
            let most = here.may_ask.saturating_sub(here.in_place + here.waiting + sent);
            let profile = self.profile(service, context, index, years, share(stock[SEVERE], all));
            let mut stream = self.stream(REQUESTS, service.care, area, context, index);
            profile.expect(&mut self.beds[number], area, from_home, most, &mut stream);
            if sent > 0 {
                let mut stream = self.stream(FROM_HOSPITAL, service.care, area, context, index);
                profile.sent_by_hospital(&mut self.beds[number], area, sent, &mut stream);
            }
        }
        self.stock_before[number].clear();
        self.stock_before[number].extend(self.needs.iter().map(|needs| needs.iter().sum::<f64>()));
    }

    /// Who of an area is in a place or waits on 1 January. Where these are more than the people who may ask, the others have
    /// died or moved: they leave the list, then the places, at random.
    fn lose_the_gone(&mut self, number: usize, area: usize, year: &Year<'_>) -> Here {
        let routes = self.model.grid().routes(area);
        let sum = |counts: &[u32]| routes.clone().map(|route| counts[route]).sum::<u32>();
        let mut here = Here {
            may_ask: self.take_up[number].may_ask(&self.old, area),
            in_place: sum(self.beds[number].residents()),
            waiting: sum(&self.waiting),
        };
        let gone = (here.in_place + here.waiting).saturating_sub(here.may_ask);
        if gone > 0 {
            let care = self.model.network.services[number].care;
            let mut stream = self.stream(GONE, care, area, year.context, year.view.index);
            let from_list = gone.min(here.waiting);
            self.beds[number].lose_waiting(&routes.clone(), from_list, &mut stream);
            self.beds[number].lose_residents(&routes, gone - from_list, &mut stream);
            here.waiting -= from_list;
            here.in_place -= gone - from_list;
        }
        here
    }

    /// A year of home visits, day places or meals.
    fn community_year(&mut self, number: usize, year: &Year<'_>, record: &mut Record<'_>) {
        let network = &self.model.network;
        let service = &network.services[number];
        let daily = service.care.delivery() == Delivery::Daily;
        self.enrol(number, year);
        let (state, catchment) = (&mut self.community, &self.model.reach.catchment[..]);
        state.served.clear(self.areas);
        let turns = Turns {
            areas: &self.model.area_names,
            key: TURNS.with(service.care.name()),
            chance: year.context.chance,
            year: year.view.index as u32,
        };
        let days = if daily { network.days_open(service) } else { 1 };
        if daily {
            let attendance = service.attendance.unwrap_or(network.attendance);
            let daily = DailyUse {
                enrolled: &state.enrolled,
                attendance: year.context.draw.at(attendance, year.view.index, 0),
                days,
                places: &state.places,
                catchment,
                turns,
            };
            daily.live(&mut state.served, &mut state.days);
        } else {
            state.served.round(&state.enrolled, &state.places, catchment, |area| turns.of(area, 0));
        }
        let written = CommunityRecord {
            places: &state.places,
            days,
            users: &state.enrolled,
            old: &self.counts,
            catchment,
            needs: &self.needs,
            // Home visits are counted by the year.
            hours: service.hours.map(|hours| if daily { hours } else { hours * WEEKS }),
            by_area: true,
        };
        let block = BlockYear {
            block: self.model.blocks[number],
            year: year.reported,
            tolerated: self.tolerated,
            places_per_carer: service.places_per_carer,
        };
        community::record(&mut state.served, record, block, written);
    }

    /// Draws the users of a community service and sets its places and the streams of its days.
    fn enrol(&mut self, number: usize, year: &Year<'_>) {
        let service = &self.model.network.services[number];
        self.set_places(service.care, f64::from(year.view.year - year.context.site.start));
        self.community.enrolled.clear();
        self.community.days.streams.clear();
        for area in 0..self.areas {
            let index = year.view.index;
            let mut stream = self.stream(ENROLLED, service.care, area, year.context, index);
            let users = self.take_up[number].users(&self.old, area, &mut stream);
            self.community.enrolled.push(users.all);
            let days = self.stream(DAYS, service.care, area, year.context, index);
            self.community.days.streams.push(days);
        }
    }

    /// Usable places of a community service in the year that begins `from` years after the first.
    fn set_places(&mut self, care: Care, from: f64) {
        let places = &mut self.community.places;
        places.clear(self.areas);
        for (facility, open) in self.model.network.facilities_of(care, &self.path.open) {
            let usable = open_places(facility, open, from);
            match facility.level {
                Level::Station => places.station[facility.area] += usable,
                Level::Subdistrict => places.subdistrict[facility.area] += usable,
                Level::District => places.district += usable,
            }
        }
    }

    /// Expected people in need by each known definition.
    fn record_definitions(&self, start: &People, reported: usize, record: &mut Record<'_>) {
        for (metric, shares) in OfDefinitions::ALL.into_iter().zip(&self.defined) {
            for area in 0..self.areas {
                let of_sex = |sex: usize| {
                    let people = &start.ages(area, sex)[FIRST_AGE..FIRST_AGE + AGES];
                    people.iter().zip(&shares[sex * AGES..]).map(|(n, share)| f64::from(*n) * share).sum::<f64>()
                };
                let people = (0..SEXES).map(of_sex).sum();
                record.set(self.model.definitions_block, metric, area, reported, people);
            }
        }
    }

    /// Hazards of leaving the list of a service, for the people of an area of whom `stock` would be served.
    fn hazards(&self, number: usize, area: usize, stock: &Shares, patience: YearlyPatience) -> HazardsByClass {
        let (network, take_up) = (&self.model.network, &self.take_up[number]);
        let goes_on = |from: usize, to: usize| take_up.goes_on(&network.services[number], area, from, to);
        let exits = Exits { rates: &self.old.exit_rates(area), moving_away: self.moving_away[area], stock };
        reneging::hazards(patience, exits, goes_on, network.severe_first)
    }

    fn profile(
        &self,
        service: &ServiceUse,
        context: &ReplicationContext<'_>,
        year: usize,
        patience: [f64; CLASSES],
        severe: f64,
    ) -> RequestProfile {
        let network = &self.model.network;
        RequestProfile {
            grid: self.model.grid(),
            patience,
            district_first: context.draw.at(network.district_first, year, 0),
            transfer_back: context.draw.at(network.transfer_back, year, 0),
            outside: context.draw.at(service.outside, year, 0),
            urgent: if network.severe_first { severe } else { 0.0 },
            can_pay: network.can_pay.unwrap_or([0.0; PriceClass::ALL.len() - 1]),
        }
    }
}
