//! A year of beds, of the network or of a queue of its own, as it is written: who asked, what became of them, use of the
//! beds, the list.

use super::block_year::BlockYear;
use crate::metric::{Count, Record};
use crate::queue::waiting_line::Tally;
use crate::services::elderly::engine::pools::{PoolGrid, routes_of_queue};
use crate::services::elderly::engine::reneging::{Cause, Causes};
use crate::services::elderly::metrics::{OfCare, Row, gini, share};

/// People from one area in one year.
#[derive(Clone, Copy, Debug, Default)]
struct Requesters {
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

impl Requesters {
    fn of(year: &Tally, routes: impl Iterator<Item = usize>) -> Self {
        let mut people = Self::default();
        for route in routes {
            let late = year.gave_up_late[route] + year.late_after[route];
            people.requests += year.requests[route];
            people.demand += year.requests[route] + year.waiting_before[route];
            people.served += year.served_on(route);
            people.late += late;
            people.left += year.gave_up[route] - year.gave_up_late[route];
            people.outside += year.outside[route];
            people.from_hospital += year.first_requests[route];
            people.hospital_listed += year.first_listed[route];
        }
        people
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

    /// Whether more went without than is tolerated. Where nothing was `open`, everybody did, also who only began to wait.
    fn is_short(&self, tolerated: f64, open: f64) -> bool {
        let without = f64::from(self.late + self.left + self.outside);
        without > tolerated * f64::from(self.demand) || (open <= 0.0 && self.demand > 0)
    }

    /// Mean days that people from hospital waited, over all of them (Little 1961).
    fn hospital_wait_days(&self) -> f64 {
        365.0 * self.hospital_listed / f64::from(self.from_hospital.max(1))
    }
}

/// Mean days that people of an area whom hospitals sent waited in a year.
pub(crate) fn hospital_wait_days(year: &Tally, grid: PoolGrid, area: usize) -> f64 {
    Requesters::of(year, grid.routes(area)).hospital_wait_days().min(365.0)
}

/// A year of the network's beds to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BedsRecord<'a> {
    pub year: &'a Tally,
    pub grid: PoolGrid,
    /// Areas within the 15-minute catchment of each.
    pub catchment: &'a [Vec<u32>],
    /// People aged 60+, by area.
    pub old: &'a [u32],
    /// Of leaving the list, by area.
    pub causes: &'a [Causes],
}

/// Sums over areas.
struct Sums {
    people: Requesters,
    users: u32,
    /// Lowest share of demand served.
    worst: f64,
    /// People 60+ with a bed, and with a free bed, within the catchment.
    covered: f64,
    with_free: f64,
}

/// Writes a year of the network's beds: a row for each area and one for the district.
pub(crate) fn record_network(beds: BedsRecord<'_>, record: &mut Record<'_>, block: BlockYear) {
    let BedsRecord { year, grid, old, .. } = beds;
    let mut all = Sums { people: Requesters::default(), users: 0, worst: f64::NAN, covered: 0.0, with_free: 0.0 };
    for area in 0..grid.areas {
        record_area(beds, area, &mut all, record, block);
    }
    let (open, occupied) = (year.open.iter().sum::<f64>(), year.occupied.iter().sum::<f64>());
    let people: u32 = old.iter().sum();
    let in_area = |area: usize| grid.routes(area).map(|route| year.residents[route]).sum::<u32>();
    let inequality = gini(&(0..grid.areas).map(|area| (f64::from(in_area(area)), f64::from(old[area]))));
    let row = &mut Row::new(record, block.block, grid.areas, block.year);
    record_use(row, BedYears { open, occupied }, block, per_1000(all.users, people));
    let district = at_place(year, grid, grid.district());
    row.set(OfCare::UTILISATION_SUBDISTRICT, share(occupied - district.occupied, open - district.open));
    row.set(OfCare::UTILISATION_DISTRICT, share(district.occupied, district.open));
    row.set(OfCare::CIRCLE_COVERED, share(all.covered, f64::from(people)));
    row.set(OfCare::CIRCLE_FREE, share(all.with_free, f64::from(people)));
    row.set(OfCare::WORST_SERVED_SHARE, all.worst);
    row.set(OfCare::GINI_OF_USE, inequality);
    let waited = if all.people.from_hospital > 0 { all.people.hospital_wait_days() } else { f64::NAN };
    row.set(OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS, waited);
    row.set(OfCare::TARGET_MISSED, u32::from(all.people.is_short(block.tolerated, open)));
    record_list(row, year, all.people.requests, block);
}

/// Writes the row of an area and adds it to the sums.
fn record_area(beds: BedsRecord<'_>, area: usize, all: &mut Sums, record: &mut Record<'_>, block: BlockYear) {
    let BedsRecord { year, grid, old, .. } = beds;
    let people = Requesters::of(year, grid.routes(area));
    let row = &mut Row::new(record, block.block, area, block.year);
    record_outcomes(row, year, &grid.routes(area), people, block.tolerated);
    record_causes(row, &beds.causes[area]);
    record_levels(row, year, grid, area);
    let own = at_place(year, grid, area);
    let residents = grid.routes(area).map(|route| year.residents[route]).sum::<u32>();
    record_use(row, own, block, per_1000(residents, old[area]));
    row.set(OfCare::UTILISATION_SUBDISTRICT, share(own.occupied, own.open));
    let covered = beds.catchment[area].iter().any(|&other| at_place(year, grid, other as usize).open > 0.0);
    let covered = f64::from(u8::from(covered));
    row.set(OfCare::CIRCLE_COVERED, covered);
    row.set(OfCare::CIRCLE_FREE, year.with_free[area]);
    row.nothing(&[
        OfCare::UTILISATION_DISTRICT,
        OfCare::MEAN_QUEUE_LENGTH,
        OfCare::QUEUE_NONEMPTY_SHARE,
        OfCare::MEAN_WAIT_MONTHS,
        OfCare::STAFF_P90,
        OfCare::STAFF_P50,
    ]);
    row.nothing(&[OfCare::WORST_SERVED_SHARE, OfCare::GINI_OF_USE]);
    row.nothing(&OfCare::UNMET_HOURS);
    all.covered += f64::from(old[area]) * covered;
    all.with_free += f64::from(old[area]) * year.with_free[area];
    if people.demand > 0 {
        all.worst = f64::min(all.worst, share(f64::from(people.served), f64::from(people.demand)));
    }
    all.people.add(people);
    all.users += residents;
}

/// Years of open and of occupied beds.
#[derive(Clone, Copy)]
struct BedYears {
    open: f64,
    occupied: f64,
}

/// Beds of all price classes at a place.
fn at_place(year: &Tally, grid: PoolGrid, place: usize) -> BedYears {
    grid.pools(place).fold(BedYears { open: 0.0, occupied: 0.0 }, |sum, pool| BedYears {
        open: sum.open + year.open[pool],
        occupied: sum.occupied + year.occupied[pool],
    })
}

/// A year of a queue of its own to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueRecord<'a> {
    pub year: &'a Tally,
    /// Its pool among those of its chain.
    pub pool: usize,
    pub causes: &'a Causes,
    /// Whether it is loaded above its places while nobody ever gives up.
    pub unstable: bool,
}

/// Writes a year of one of the queues of a chain; figures of the list are the whole chain's, so only a queue that stands
/// alone has them.
pub(crate) fn record_queue(queue: QueueRecord<'_>, record: &mut Record<'_>, block: BlockYear) {
    let QueueRecord { year, pool, causes, unstable } = queue;
    let routes = routes_of_queue(pool);
    let people = Requesters::of(year, routes.into_iter());
    let row = &mut Row::new(record, block.block, 0, block.year);
    record_outcomes(row, year, &routes.into_iter(), people, block.tolerated);
    record_causes(row, causes);
    record_use(row, BedYears { open: year.open[pool], occupied: year.occupied[pool] }, block, f64::NAN);
    let own = routes.iter().map(|route| year.served[route * year.pools() + pool]).sum();
    row.set(OfCare::SERVED_OWN_AREA, own);
    row.set(OfCare::SERVED_OUT_OF_AREA, people.served - own);
    row.nothing(&[
        OfCare::UTILISATION_SUBDISTRICT,
        OfCare::UTILISATION_DISTRICT,
        OfCare::CIRCLE_COVERED,
        OfCare::CIRCLE_FREE,
        OfCare::WORST_SERVED_SHARE,
        OfCare::GINI_OF_USE,
    ]);
    row.nothing(&[OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS]);
    row.set(OfCare::UNSTABLE, u32::from(unstable));
    if year.pools() == 1 {
        record_list(row, year, people.requests, block);
    } else {
        row.nothing(&[
            OfCare::MEAN_QUEUE_LENGTH,
            OfCare::QUEUE_NONEMPTY_SHARE,
            OfCare::MEAN_WAIT_MONTHS,
            OfCare::STAFF_P90,
            OfCare::STAFF_P50,
        ]);
    }
}

fn per_1000(users: u32, old: u32) -> f64 {
    1000.0 * share(f64::from(users), f64::from(old))
}

fn record_outcomes(
    row: &mut Row<'_, '_>,
    year: &Tally,
    routes: &(impl Iterator<Item = usize> + Clone),
    people: Requesters,
    tolerated: f64,
) {
    let sum = |counts: &[u32]| routes.clone().map(|route| counts[route]).sum::<u32>();
    let waiting = sum(&year.waiting_after) - sum(&year.late_after);
    let open = year.open.iter().sum();
    debug_assert_eq!(
        people.demand,
        people.served + waiting + people.left + people.outside + people.late,
        "invariant: everybody who asked is counted once"
    );
    row.set(OfCare::DEMAND, people.demand);
    row.set(OfCare::SERVED, people.served);
    row.set(OfCare::UNMET, people.late);
    row.set(OfCare::WAITING, waiting);
    row.set(OfCare::RENEGED_IN_TIME, people.left);
    row.set(OfCare::OUTSIDE, people.outside);
    row.set(OfCare::REQUESTS, people.requests);
    row.set(OfCare::QUEUED_ON_ARRIVAL, sum(&year.delayed));
    row.set(OfCare::RENEGED, sum(&year.gave_up));
    row.set(OfCare::ON_LIST, sum(&year.waiting_after));
    row.set(OfCare::LIST_ENTRIES, sum(&year.entries_after));
    row.set(OfCare::TRANSFERRED_BACK, sum(&year.returned));
    row.set(OfCare::FROM_HOSPITAL, people.from_hospital);
    row.set(OfCare::PRICE_EXCLUDED, sum(&year.priced_out));
    row.set(
        OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS,
        if people.from_hospital > 0 { people.hospital_wait_days() } else { f64::NAN },
    );
    row.set(OfCare::TARGET_MISSED, u32::from(people.is_short(tolerated, open)));
}

fn record_levels(row: &mut Row<'_, '_>, year: &Tally, grid: PoolGrid, area: usize) {
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
fn record_use(row: &mut Row<'_, '_>, beds: BedYears, block: BlockYear, coverage: f64) {
    row.set(OfCare::PLACES, beds.open);
    row.set(OfCare::IN_USE, beds.occupied);
    row.set(OfCare::UTILISATION, share(beds.occupied, beds.open));
    row.set(OfCare::USERS_PER_1000, coverage);
    row.set(OfCare::STAFF_NEEDED, block.places_per_carer.map_or(f64::NAN, |places| beds.occupied / places));
    row.nothing(&[OfCare::UTILISATION_STATION]);
}

fn record_list(row: &mut Row<'_, '_>, year: &Tally, requests: u32, block: BlockYear) {
    row.set(OfCare::MEAN_QUEUE_LENGTH, year.listed);
    row.set(OfCare::QUEUE_NONEMPTY_SHARE, year.with_line);
    row.set(OfCare::MEAN_WAIT_MONTHS, 12.0 * share(year.listed, f64::from(requests)));
    for (metric, part) in [(OfCare::STAFF_P50, 0.5), (OfCare::STAFF_P90, 0.9)] {
        let busy = year.busy_quantile(part) as f64;
        row.set(metric, block.places_per_carer.map_or(f64::NAN, |places| busy / places));
    }
}

impl Cause {
    /// Who left the list of a service for it.
    pub(crate) const fn metric(self) -> Count {
        match self {
            Self::Death => OfCare::DIED_WAITING,
            Self::Recovery => OfCare::RECOVERED_WAITING,
            Self::MovedAway => OfCare::MOVED_AWAY_WAITING,
            Self::OtherCare => OfCare::OTHER_CARE_INSTEAD,
        }
    }
}

/// Writes why people left the list.
fn record_causes(row: &mut Row<'_, '_>, causes: &Causes) {
    for (number, cause) in Cause::ALL.into_iter().enumerate() {
        row.set(cause.metric(), causes.iter().map(|of_class| of_class[number]).sum());
    }
}
