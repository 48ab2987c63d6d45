//! Beds of one service over the network: who asks, along which route, and the year's figures.
//!
//! Pools are the subdistrict centres and, last, the district's homes. A person asks at the own centre and then the
//! district, or the other way round when that is preferred, then at the other centres within reach, nearest first.

use super::metrics::{Row, at, share};
use crate::metric::{BlockId, Record};
use crate::queue::line::{Layout, Line, Request, Stays, Tally};
use crate::random::{Stream, exponential, poisson};

/// What chance decides about a request, from the parameters of a year. Years and shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    /// Mean patience; infinite when nobody gives up.
    pub patience: f64,
    /// Share who try the district first.
    pub district_first: f64,
    /// Share who would move back to their first choice.
    pub returns: f64,
    /// Of those who find no free bed, share who go outside.
    pub outside: f64,
    /// Share of requests in the first priority class.
    pub urgent: f64,
}

impl Habits {
    /// A person of an area who asks at `time`. Always the same number of draws, so that plans stay paired.
    fn request(&self, time: f64, area: usize, stream: &mut Stream) -> Request {
        let district_first = stream.uniform() < self.district_first;
        let urgent = stream.uniform() < self.urgent;
        let returns = stream.uniform() < self.returns;
        let outside = stream.uniform() < self.outside;
        Request {
            time,
            patience: self.patience * exponential(stream),
            route: (2 * area + usize::from(district_first)) as u32,
            class: u8::from(!urgent),
            returns,
            outside,
        }
    }

    /// Requests of an area over the next `span` years: Poisson at `rate`, at uniform times.
    pub(super) fn expect(&self, line: &mut Line, area: usize, (rate, span): (f64, f64), stream: &mut Stream) {
        for _ in 0..poisson(rate * span, stream) {
            let time = line.clock() + span * stream.uniform();
            line.expect(self.request(time, area, stream));
        }
    }

    /// People of an area who are here from the start, in a random order among all areas.
    pub(super) fn first(&self, area: usize, count: u32, stream: &mut Stream, all: &mut Vec<Request>) {
        for _ in 0..count {
            let order = stream.uniform();
            all.push(Request { outside: false, ..self.request(order, area, stream) });
        }
    }
}

/// The pools and routes of `reach.len()` areas; `reach` are the other areas a person would go to, nearest first.
pub(super) fn layout(reach: &[Vec<u32>]) -> Layout {
    let areas = reach.len() as u32;
    let mut routes = Vec::new();
    for (area, others) in reach.iter().enumerate() {
        for first in [[area as u32, areas], [areas, area as u32]] {
            routes.push(first.into_iter().chain(others.iter().copied()).collect());
        }
    }
    let own = (0..areas).map(|area| vec![2 * area, 2 * area + 1]).chain([Vec::new()]).collect();
    Layout { pools: reach.len() + 1, classes: 2, routes, own }
}

/// One pool with one route (two alike, as in the network) and two classes.
pub(super) fn alone() -> Layout {
    Layout { pools: 1, classes: 2, routes: vec![vec![0], vec![0]], own: vec![Vec::new()] }
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
}

impl Fate {
    fn of(year: &Tally, routes: [usize; 2]) -> Self {
        let sum = |counts: &[u32]| routes.iter().map(|&route| counts[route]).sum::<u32>();
        let (requests, late) = (sum(&year.requests), sum(&year.gave_up_late) + sum(&year.late_after));
        Self {
            requests,
            demand: requests + sum(&year.waiting_before),
            served: routes.iter().map(|&route| year.served_on(route)).sum(),
            late,
            left: sum(&year.gave_up) - sum(&year.gave_up_late),
            outside: sum(&year.outside),
        }
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.demand += other.demand;
        self.late += other.late;
        self.left += other.left;
        self.outside += other.outside;
    }

    fn is_short(&self, tolerated: f64) -> bool {
        f64::from(self.late + self.left + self.outside) > tolerated * f64::from(self.demand)
    }
}

/// Writes a year of the network's beds: a row for each area (`old` people aged 60+) and one for the district.
pub(super) fn record_network(year: &Tally, record: &mut Record<'_>, place: Place, old: &[u32]) {
    let areas = old.len();
    let mut all = Fate::default();
    let mut users = 0;
    for (area, &people) in old.iter().enumerate() {
        let routes = [2 * area, 2 * area + 1];
        let fate = Fate::of(year, routes);
        let row = &mut Row::new(record, place.block, area, place.year);
        record_fate(row, year, routes, fate, place.tolerated);
        record_levels(row, year, routes, area, areas);
        let (open, occupied) = (year.open[area], year.occupied[area]);
        let residents = routes.iter().map(|&route| year.residents[route]).sum::<u32>();
        record_use(row, (open, occupied), place, per_1000(residents, people));
        row.real(at::SUBDISTRICT_USE, share(occupied, open));
        row.nothing(&[at::DISTRICT_USE, at::LISTED, at::LIST_TIME, at::MEAN_WAIT, at::BUSY_STAFF]);
        all.add(fate);
        users += residents;
    }
    let (open, occupied) = (year.open.iter().sum::<f64>(), year.occupied.iter().sum::<f64>());
    let row = &mut Row::new(record, place.block, areas, place.year);
    record_use(row, (open, occupied), place, per_1000(users, old.iter().sum()));
    let (near, near_use) = (open - year.open[areas], occupied - year.occupied[areas]);
    row.real(at::SUBDISTRICT_USE, share(near_use, near));
    row.real(at::DISTRICT_USE, share(year.occupied[areas], year.open[areas]));
    row.count(at::SHORT, u32::from(all.is_short(place.tolerated)));
    record_list(row, year, all.requests, place);
}

/// Writes a year of a line of its own.
pub(super) fn record_alone(year: &Tally, record: &mut Record<'_>, place: Place) {
    let routes = [0, 1];
    let fate = Fate::of(year, routes);
    let row = &mut Row::new(record, place.block, 0, place.year);
    record_fate(row, year, routes, fate, place.tolerated);
    record_use(row, (year.open[0], year.occupied[0]), place, f64::NAN);
    row.count(at::OWN_AREA, fate.served);
    row.nothing(&[at::SUBDISTRICT_USE, at::DISTRICT_USE]);
    record_list(row, year, fate.requests, place);
}

fn per_1000(users: u32, old: u32) -> f64 {
    1000.0 * share(f64::from(users), f64::from(old))
}

fn record_fate(row: &mut Row<'_, '_>, year: &Tally, routes: [usize; 2], fate: Fate, tolerated: f64) {
    let sum = |counts: &[u32]| routes.iter().map(|&route| counts[route]).sum::<u32>();
    let waiting = sum(&year.waiting_after) - sum(&year.late_after);
    debug_assert_eq!(
        fate.demand,
        fate.served + waiting + fate.left + fate.outside + fate.late,
        "invariant: everybody who asked is counted once"
    );
    row.count(at::DEMAND, fate.demand);
    row.count(at::SERVED, fate.served);
    row.count(at::UNMET, fate.late);
    row.count(at::WAITING, waiting);
    row.count(at::LEFT, fate.left);
    row.count(at::OUTSIDE, fate.outside);
    row.count(at::REQUESTS, fate.requests);
    row.count(at::DELAYED, sum(&year.delayed));
    row.count(at::GAVE_UP, sum(&year.gave_up));
    row.count(at::RETURNED, sum(&year.returned));
    row.count(at::SHORT, u32::from(fate.is_short(tolerated)));
}

fn record_levels(row: &mut Row<'_, '_>, year: &Tally, routes: [usize; 2], area: usize, areas: usize) {
    let in_pool = |pool: usize| routes.iter().map(|&route| year.served[route * (areas + 1) + pool]).sum::<u32>();
    let (own, district) = (in_pool(area), in_pool(areas));
    let centres: u32 = (0..areas).map(in_pool).sum();
    row.count(at::OWN_AREA, own);
    row.count(at::SUBDISTRICT, centres);
    row.count(at::NEIGHBOUR, centres - own);
    row.count(at::DISTRICT, district);
}

/// What is measured of places, in an area and in the district.
fn record_use(row: &mut Row<'_, '_>, (open, occupied): (f64, f64), place: Place, coverage: f64) {
    row.real(at::PLACES, open);
    row.real(at::IN_USE, occupied);
    row.real(at::UTILISATION, share(occupied, open));
    row.real(at::COVERAGE, coverage);
    row.real(at::STAFF, place.places_per_carer.map_or(f64::NAN, |places| occupied / places));
    row.nothing(&[at::STATION_USE]);
}

fn record_list(row: &mut Row<'_, '_>, year: &Tally, requests: u32, place: Place) {
    row.real(at::LISTED, year.listed);
    row.real(at::LIST_TIME, year.with_line);
    row.real(at::MEAN_WAIT, 12.0 * share(year.listed, f64::from(requests)));
    let busy = year.busy_quantile(0.9) as f64;
    row.real(at::BUSY_STAFF, place.places_per_carer.map_or(f64::NAN, |places| busy / places));
}
