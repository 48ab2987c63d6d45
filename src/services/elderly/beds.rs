//! Beds of one service over the network: who asks, along which route, and the year's figures.
//!
//! Pools are the subdistrict centres and, last, the district's homes, once for each price class. A person asks at the own
//! centre and then the district, or the other way round when that is preferred, then at the other centres within reach,
//! nearest first; at each of them in the dearest class that the person can pay, then in the cheaper ones.

use super::leaving::{self, Causes};
use super::metrics::{OfCare, Row, gini, share};
use super::words::happens;
use crate::metric::{BlockId, Record};
use crate::queue::line::{Layout, Line, Lists, Request, Stays, Tally};
use crate::random::{Stream, poisson, unit};

/// Price classes of a network that has any.
pub(super) const PRICES: usize = 3;

/// Priority classes: people from hospital, people with severe need (or urgent), others.
pub(super) const CLASSES: usize = 3;
pub(super) const FROM_HOSPITAL: u8 = 0;

/// Areas, and the price classes that are told apart (1 or more), of a layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub areas: usize,
    pub prices: usize,
}

impl Grid {
    /// Pools of one price class.
    const fn width(self) -> usize {
        self.areas + 1
    }

    /// The pool of a price class in an area, or at district level (`areas`).
    pub(super) const fn pool(self, price: usize, place: usize) -> usize {
        price * self.width() + place
    }

    /// Pools of all price classes at a place.
    fn pools(self, place: usize) -> impl Iterator<Item = usize> {
        (0..self.prices).map(move |price| self.pool(price, place))
    }

    /// The route of people of an area who can pay up to a price class.
    const fn route(self, payer: usize, area: usize, district_first: bool) -> usize {
        2 * (payer * self.areas + area) + district_first as usize
    }

    /// All routes of an area.
    pub(super) fn routes(self, area: usize) -> impl Iterator<Item = usize> + Clone {
        (0..self.prices).flat_map(move |payer| [false, true].map(|first| self.route(payer, area, first)))
    }
}

/// What chance decides about a request, from the parameters of a year. Years and shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// Areas and price classes.
    pub grid: Grid,
    /// Mean patience by priority class; infinite when nobody gives up.
    pub patience: [f64; CLASSES],
    /// Share who try the district first.
    pub district_first: f64,
    /// Share who would move back to their first choice.
    pub returns: f64,
    /// Of those who find no free bed, share who go outside.
    pub outside: f64,
    /// Share of requests that go before others.
    pub urgent: f64,
    /// Share of people who can pay more than basic prices, and more than ordinary ones.
    pub can_pay: [f64; PRICES - 1],
}

impl Habits {
    /// A person of an area who asks some time in `span` years from `start`: one block of random bits, whatever happens, so
    /// that plans stay paired.
    fn request(&self, (start, span): (f64, f64), area: usize, stream: &mut Stream) -> Request {
        let [time, patience, first, second] = stream.wide_block();
        let halves = [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32];
        let [district_first, urgent, returns, outside] = halves;
        // The moments use 53 bits of each 64; what they leave says what the person can pay.
        let purse = ((time & 0x7ff) as u32) << 21 | ((patience & 0x7ff) as u32) << 10;
        let class = 2 - u8::from(happens(urgent, self.urgent));
        let mean = self.patience[usize::from(class)];
        let payer = self.can_pay[..self.grid.prices - 1].iter().filter(|share| happens(purse, **share)).count();
        Request {
            time: start + span * unit(time),
            patience: if mean.is_finite() { -mean * libm::log(unit(patience)) } else { f64::INFINITY },
            route: self.grid.route(payer, area, happens(district_first, self.district_first)) as u32,
            class,
            returns: happens(returns, self.returns),
            outside: happens(outside, self.outside),
        }
    }

    /// Requests of an area over the next `span` years: Poisson at `rate`, at uniform times.
    pub(super) fn expect(&self, line: &mut Line, area: usize, (rate, span): (f64, f64), stream: &mut Stream) {
        let start = line.clock();
        for _ in 0..poisson(rate * span, stream) {
            line.expect(self.request((start, span), area, stream));
        }
    }

    /// People of an area whom hospitals sent, at uniform times of the next year; they go before all others and wait in
    /// their hospital.
    pub(super) fn sent_by_hospital(&self, line: &mut Line, area: usize, count: u32, stream: &mut Stream) {
        let start = line.clock();
        let patient = Self { patience: [self.patience[usize::from(FROM_HOSPITAL)]; CLASSES], ..*self };
        for _ in 0..count {
            let person = patient.request((start, 1.0), area, stream);
            line.expect(Request { class: FROM_HOSPITAL, outside: false, ..person });
        }
    }

    /// People of an area who are here from the start, in a random order among all areas.
    pub(super) fn first(&self, area: usize, count: u32, stream: &mut Stream, all: &mut Vec<Request>) {
        for _ in 0..count {
            all.push(Request { outside: false, ..self.request((0.0, 1.0), area, stream) });
        }
    }
}

/// The pools and routes of the areas; `reach` are the other areas a person would go to, nearest first, `near` the areas
/// within the 15-minute circle of each, `built` says whether a price class ever has a bed at a place (nobody asks for a
/// dearer one where there is none). Who finds no free bed stands on the lists of the first `most_lists` places that ever have
/// one, a list for all price classes of a place.
pub(super) fn layout(
    reach: &[Vec<u32>],
    near: &[Vec<u32>],
    (prices, most_lists): (usize, usize),
    built: impl Fn(usize, usize) -> bool,
) -> Layout {
    let grid = Grid { areas: reach.len(), prices };
    let district = grid.areas as u32;
    let (mut routes, mut lists) = (Vec::new(), Vec::new());
    for payer in 0..prices {
        for (area, others) in reach.iter().enumerate() {
            for first in [[area as u32, district], [district, area as u32]] {
                let places = first.into_iter().chain(others.iter().copied());
                let (mut route, mut on) = (Vec::new(), Lists { pools: 0, on: Vec::new() });
                for place in places.map(|place| place as usize) {
                    let classes = (0..=payer).rev().filter(|price| *price == 0 || built(*price, place));
                    route.extend(classes.map(|price| grid.pool(price, place) as u32));
                    if on.on.len() < most_lists && (0..=payer).any(|price| built(price, place)) {
                        on.pools = route.len() as u32;
                        on.on.push(place as u32);
                    }
                }
                // Where nothing that they can pay is ever built, they are on the list of their first choice.
                let first_choice = || Lists { pools: route.len() as u32, on: vec![first[0]] };
                lists.push(if on.on.is_empty() { first_choice() } else { on });
                routes.push(route);
            }
        }
    }
    let own_routes = |place: usize| {
        if place == grid.areas { Vec::new() } else { grid.routes(place).map(|route| route as u32).collect() }
    };
    let own = (0..prices).flat_map(|_| (0..=grid.areas).map(own_routes)).collect();
    let wider = (0..routes.len()).map(|route| ((prices - 1) * 2 * grid.areas + route % (2 * grid.areas)) as u32);
    let circle = |areas: &Vec<u32>| areas.iter().flat_map(|&a| grid.pools(a as usize).map(|p| p as u32)).collect();
    Layout {
        pools: prices * grid.width(),
        classes: CLASSES,
        kept_by: (0..prices).flat_map(|_| 0..=district).collect(),
        wider: wider.collect(),
        routes,
        lists,
        own,
        circles: near.iter().map(circle).collect(),
    }
}

/// Lines that send on to each other: a pool and two equal routes for each; `then` are the lines asked one after another.
pub(super) fn chain(then: &[Vec<u32>]) -> Layout {
    let both = |route: &Vec<u32>| [route.clone(), route.clone()];
    let routes: Vec<Vec<u32>> = then.iter().flat_map(both).collect();
    Layout {
        pools: then.len(),
        classes: CLASSES,
        kept_by: (0..then.len() as u32).collect(),
        lists: routes.iter().map(|route| Lists::all(route)).collect(),
        routes,
        wider: (0..2 * then.len() as u32).collect(),
        own: (0..then.len() as u32).map(|line| vec![2 * line, 2 * line + 1]).collect(),
        circles: Vec::new(),
    }
}

/// Opens with everybody in `all`, in the order of their times, and forgets the list.
pub(super) fn open(line: &mut Line, all: &mut Vec<Request>, stays: &Stays) {
    all.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    for request in all.drain(..) {
        line.open_with(request, stays);
    }
}

/// Where a year of beds is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub block: BlockId,
    /// Reported year.
    pub year: usize,
    /// Share of demand that may go without.
    pub tolerated: f64,
    pub places_per_carer: Option<f64>,
}

/// People from one area in one year.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    requests: u32,
    demand: u32,
    served: u32,
    late: u32,
    left: u32,
    outside: u32,
    from_hospital: u32,
    /// Person-years that people from hospital waited.
    hospital_listed: f64,
}

impl Fate {
    fn of(year: &Tally, routes: impl Iterator<Item = usize>) -> Self {
        let mut fate = Self::default();
        for route in routes {
            let late = year.gave_up_late[route] + year.late_after[route];
            fate.requests += year.requests[route];
            fate.demand += year.requests[route] + year.waiting_before[route];
            fate.served += year.served_on(route);
            fate.late += late;
            fate.left += year.gave_up[route] - year.gave_up_late[route];
            fate.outside += year.outside[route];
            fate.from_hospital += year.first_requests[route];
            fate.hospital_listed += year.first_listed[route];
        }
        fate
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.demand += other.demand;
        self.served += other.served;
        self.late += other.late;
        self.left += other.left;
        self.outside += other.outside;
        self.from_hospital += other.from_hospital;
        self.hospital_listed += other.hospital_listed;
    }

    fn is_short(&self, tolerated: f64) -> bool {
        f64::from(self.late + self.left + self.outside) > tolerated * f64::from(self.demand)
    }

    /// Mean days that people from hospital waited, over all of them (Little 1961).
    fn hospital_wait_days(&self) -> f64 {
        365.0 * self.hospital_listed / f64::from(self.from_hospital.max(1))
    }
}

/// Mean days that people of an area whom hospitals sent waited in a year.
pub(super) fn hospital_wait_days(year: &Tally, grid: Grid, area: usize) -> f64 {
    Fate::of(year, grid.routes(area)).hospital_wait_days().min(365.0)
}

/// Writes a year of the network's beds: a row for each area (`old` people aged 60+,
/// `causes` of leaving the list) and one for the district. Place of the
/// areas within the 15-minute circle: `near`.
pub(super) fn record_network(
    year: &Tally,
    record: &mut Record<'_>,
    place: Place,
    (grid, near): (Grid, &[Vec<u32>]),
    (old, causes): (&[u32], &[Causes]),
) {
    let areas = grid.areas;
    let mut all = Fate::default();
    let (mut users, mut worst, mut covered, mut with_free) = (0, f64::NAN, 0.0, 0.0);
    for (area, &people) in old.iter().enumerate() {
        let fate = Fate::of(year, grid.routes(area));
        let row = &mut Row::new(record, place.block, area, place.year);
        record_fate(row, year, &grid.routes(area), fate, place.tolerated);
        leaving::record(row, &causes[area]);
        record_levels(row, year, grid, area);
        let (open, occupied) = at_place(year, grid, area);
        let residents = grid.routes(area).map(|route| year.residents[route]).sum::<u32>();
        record_use(row, (open, occupied), place, per_1000(residents, people));
        row.set(OfCare::UTILISATION_SUBDISTRICT, share(occupied, open));
        let in_circle = near[area].iter().any(|&other| at_place(year, grid, other as usize).0 > 0.0);
        row.set(OfCare::CIRCLE_COVERED, f64::from(u8::from(in_circle)));
        row.set(OfCare::CIRCLE_FREE, year.with_free[area]);
        row.nothing(&[OfCare::UTILISATION_DISTRICT, OfCare::MEAN_QUEUE_LENGTH, OfCare::QUEUE_NONEMPTY_SHARE, OfCare::MEAN_WAIT_MONTHS, OfCare::STAFF_P90, OfCare::STAFF_P50]);
        row.nothing(&[OfCare::WORST_SERVED_SHARE, OfCare::GINI_OF_USE]);
        row.nothing(&OfCare::UNMET_HOURS);
        covered += f64::from(people) * f64::from(u8::from(in_circle));
        with_free += f64::from(people) * year.with_free[area];
        if fate.demand > 0 {
            worst = f64::min(worst, share(f64::from(fate.served), f64::from(fate.demand)));
        }
        all.add(fate);
        users += residents;
    }
    let (open, occupied) = (year.open.iter().sum::<f64>(), year.occupied.iter().sum::<f64>());
    let people: u32 = old.iter().sum();
    let in_area = |area: usize| grid.routes(area).map(|route| year.residents[route]).sum::<u32>();
    let inequality = gini(&(0..areas).map(|area| (f64::from(in_area(area)), f64::from(old[area]))));
    let row = &mut Row::new(record, place.block, areas, place.year);
    record_use(row, (open, occupied), place, per_1000(users, people));
    let (district_open, district_occupied) = at_place(year, grid, areas);
    row.set(OfCare::UTILISATION_SUBDISTRICT, share(occupied - district_occupied, open - district_open));
    row.set(OfCare::UTILISATION_DISTRICT, share(district_occupied, district_open));
    row.set(OfCare::CIRCLE_COVERED, share(covered, f64::from(people)));
    row.set(OfCare::CIRCLE_FREE, share(with_free, f64::from(people)));
    row.set(OfCare::WORST_SERVED_SHARE, worst);
    row.set(OfCare::GINI_OF_USE, inequality);
    row.set(OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS, if all.from_hospital > 0 { all.hospital_wait_days() } else { f64::NAN });
    row.set(OfCare::TARGET_MISSED, u32::from(all.is_short(place.tolerated)));
    record_list(row, year, all.requests, place);
}

/// Years of open and of occupied places of all price classes at a place.
fn at_place(year: &Tally, grid: Grid, place: usize) -> (f64, f64) {
    grid.pools(place)
        .fold((0.0, 0.0), |(open, occupied), pool| (open + year.open[pool], occupied + year.occupied[pool]))
}

/// The routes of people who ask at a line of a chain.
pub(super) const fn routes_of_line(line: usize) -> [usize; 2] {
    [2 * line, 2 * line + 1]
}

/// Writes a year of one of the lines of a chain; figures of the list are the whole chain's, so only a line that stands
/// alone has them.
pub(super) fn record_alone(year: &Tally, record: &mut Record<'_>, place: Place, line: usize, causes: &Causes) {
    let routes = routes_of_line(line);
    let fate = Fate::of(year, routes.into_iter());
    let row = &mut Row::new(record, place.block, 0, place.year);
    record_fate(row, year, &routes.into_iter(), fate, place.tolerated);
    leaving::record(row, causes);
    record_use(row, (year.open[line], year.occupied[line]), place, f64::NAN);
    let own = routes.iter().map(|route| year.served[route * year.pools() + line]).sum();
    row.set(OfCare::SERVED_OWN_AREA, own);
    row.set(OfCare::SERVED_OUT_OF_AREA, fate.served - own);
    row.nothing(&[OfCare::UTILISATION_SUBDISTRICT, OfCare::UTILISATION_DISTRICT, OfCare::CIRCLE_COVERED, OfCare::CIRCLE_FREE, OfCare::WORST_SERVED_SHARE, OfCare::GINI_OF_USE]);
    row.nothing(&[OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS]);
    if year.pools() == 1 {
        record_list(row, year, fate.requests, place);
    } else {
        row.nothing(&[OfCare::MEAN_QUEUE_LENGTH, OfCare::QUEUE_NONEMPTY_SHARE, OfCare::MEAN_WAIT_MONTHS, OfCare::STAFF_P90, OfCare::STAFF_P50]);
    }
}

fn per_1000(users: u32, old: u32) -> f64 {
    1000.0 * share(f64::from(users), f64::from(old))
}

fn record_fate(
    row: &mut Row<'_, '_>,
    year: &Tally,
    routes: &(impl Iterator<Item = usize> + Clone),
    fate: Fate,
    tolerated: f64,
) {
    let sum = |counts: &[u32]| routes.clone().map(|route| counts[route]).sum::<u32>();
    let waiting = sum(&year.waiting_after) - sum(&year.late_after);
    debug_assert_eq!(
        fate.demand,
        fate.served + waiting + fate.left + fate.outside + fate.late,
        "invariant: everybody who asked is counted once"
    );
    row.set(OfCare::DEMAND, fate.demand);
    row.set(OfCare::SERVED, fate.served);
    row.set(OfCare::UNMET, fate.late);
    row.set(OfCare::WAITING, waiting);
    row.set(OfCare::RENEGED_IN_TIME, fate.left);
    row.set(OfCare::OUTSIDE, fate.outside);
    row.set(OfCare::REQUESTS, fate.requests);
    row.set(OfCare::QUEUED_ON_ARRIVAL, sum(&year.delayed));
    row.set(OfCare::RENEGED, sum(&year.gave_up));
    row.set(OfCare::ON_LIST, sum(&year.waiting_after));
    row.set(OfCare::LIST_ENTRIES, sum(&year.entries_after));
    row.set(OfCare::TRANSFERRED_BACK, sum(&year.returned));
    row.set(OfCare::FROM_HOSPITAL, fate.from_hospital);
    row.set(OfCare::PRICE_EXCLUDED, sum(&year.priced_out));
    row.set(OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS, if fate.from_hospital > 0 { fate.hospital_wait_days() } else { f64::NAN });
    row.set(OfCare::TARGET_MISSED, u32::from(fate.is_short(tolerated)));
}

fn record_levels(row: &mut Row<'_, '_>, year: &Tally, grid: Grid, area: usize) {
    let at_place = |place: usize| {
        let of_route =
            |route: usize| grid.pools(place).map(|pool| year.served[route * year.pools() + pool]).sum::<u32>();
        grid.routes(area).map(of_route).sum::<u32>()
    };
    let (own, district) = (at_place(area), at_place(grid.areas));
    let centres: u32 = (0..grid.areas).map(at_place).sum();
    row.set(OfCare::SERVED_OWN_AREA, own);
    row.set(OfCare::SERVED_SUBDISTRICT, centres);
    row.set(OfCare::SERVED_NEIGHBOUR, centres - own);
    row.set(OfCare::SERVED_DISTRICT, district);
    row.set(OfCare::SERVED_OUT_OF_AREA, centres - own + district);
}

/// What is measured of places, in an area and in the district.
fn record_use(row: &mut Row<'_, '_>, (open, occupied): (f64, f64), place: Place, coverage: f64) {
    row.set(OfCare::PLACES, open);
    row.set(OfCare::IN_USE, occupied);
    row.set(OfCare::UTILISATION, share(occupied, open));
    row.set(OfCare::USERS_PER_1000, coverage);
    row.set(OfCare::STAFF_NEEDED, place.places_per_carer.map_or(f64::NAN, |places| occupied / places));
    row.nothing(&[OfCare::UTILISATION_STATION]);
}

fn record_list(row: &mut Row<'_, '_>, year: &Tally, requests: u32, place: Place) {
    row.set(OfCare::MEAN_QUEUE_LENGTH, year.listed);
    row.set(OfCare::QUEUE_NONEMPTY_SHARE, year.with_line);
    row.set(OfCare::MEAN_WAIT_MONTHS, 12.0 * share(year.listed, f64::from(requests)));
    for (metric, part) in [(OfCare::STAFF_P50, 0.5), (OfCare::STAFF_P90, 0.9)] {
        let busy = year.busy_quantile(part) as f64;
        row.set(metric, place.places_per_carer.map_or(f64::NAN, |places| busy / places));
    }
}
