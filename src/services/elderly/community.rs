//! Home visits and day places: near home first, then up the levels.
//!
//! *Home visits*: enrolled people of an area are served by its stations, then by its subdistrict centre, then by the
//! district, as far as clients can be taken on. *Day places*: on each open day every enrolled person comes with a
//! probability; who finds the station full goes to the subdistrict centre, then to the district's day places, then home.

use super::beds::Place;
use super::metrics::{OfCare, Row, gini, share};
use super::need::Shares;
use crate::metric::Record;
use crate::random::{Stream, unit};

/// Places of one year at the three levels, usable whole places.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    /// Stations, by area.
    pub station: Vec<u32>,
    /// Subdistrict centres, by area.
    pub subdistrict: Vec<u32>,
    /// The district's pool.
    pub district: u32,
}

impl Levels {
    /// No places, in `areas` areas.
    pub(super) fn clear(&mut self, areas: usize) {
        for places in [&mut self.station, &mut self.subdistrict] {
            places.clear();
            places.resize(areas, 0);
        }
        self.district = 0;
    }
}

/// People (or person-days) of one year by the area they live in and the level that served them.
#[derive(Clone, Debug, Default)]
pub(super) struct Served {
    /// Who asked.
    pub asked: Vec<u32>,
    /// Served by a station.
    pub station: Vec<u32>,
    /// Served by the subdistrict centre.
    pub subdistrict: Vec<u32>,
    /// Served at district level.
    pub district: Vec<u32>,
    /// Rounds in which somebody was turned away.
    pub full: Vec<u32>,
    /// Rounds in which a place was left within the 15-minute circle.
    pub near_free: Vec<u32>,
    /// Rounds in which somebody of any area was turned away.
    pub full_anywhere: u32,
    /// People served in each round, all areas.
    pub by_round: Vec<u32>,
    /// Scratch: whether the places of an area were not all taken.
    left: Vec<bool>,
}

impl Served {
    /// Nobody, in `areas` areas.
    pub(super) fn clear(&mut self, areas: usize) {
        for counts in [
            &mut self.asked,
            &mut self.station,
            &mut self.subdistrict,
            &mut self.district,
            &mut self.full,
            &mut self.near_free,
        ] {
            counts.clear();
            counts.resize(areas, 0);
        }
        self.full_anywhere = 0;
        self.by_round.clear();
    }

    /// One round (a year of home visits, or one day of day places): `come` people by area over the levels. The district's
    /// places go round the areas from `first`, so that no area is always last. `near` are the areas within the 15-minute
    /// circle of each.
    pub(super) fn round(&mut self, come: &[u32], levels: &Levels, first: usize, near: &[Vec<u32>]) {
        let mut district = levels.district;
        let (mut served, mut full) = (0, false);
        self.left.clear();
        let places = levels.station.iter().zip(&levels.subdistrict);
        self.left.extend(come.iter().zip(places).map(|(come, (station, subdistrict))| *come < station + subdistrict));
        for area in (first..come.len()).chain(0..first) {
            let station = come[area].min(levels.station[area]);
            let subdistrict = (come[area] - station).min(levels.subdistrict[area]);
            let above = (come[area] - station - subdistrict).min(district);
            let found = station + subdistrict + above;
            district -= above;
            self.asked[area] += come[area];
            self.station[area] += station;
            self.subdistrict[area] += subdistrict;
            self.district[area] += above;
            self.full[area] += u32::from(found < come[area]);
            full |= found < come[area];
            // One's own area is the first of the circle, and in most cases all of it.
            let free = self.left[area] || near[area][1..].iter().any(|&other| self.left[other as usize]);
            self.near_free[area] += u32::from(free);
            served += found;
        }
        self.full_anywhere += u32::from(full);
        self.by_round.push(served);
    }

    /// Number served that is not exceeded in `part` of the rounds.
    fn busy(&mut self, part: f64) -> u32 {
        self.by_round.sort_unstable();
        let at = (part * self.by_round.len() as f64).ceil() as usize;
        self.by_round.get(at.saturating_sub(1)).copied().unwrap_or(0)
    }
}

/// The law of how many enrolled people come on a day, as a table to be searched on each of many days. The same uniform
/// gives no fewer people when more are enrolled, so that plans stay paired.
#[derive(Clone, Debug)]
pub(super) struct Attendance {
    /// Cumulative probabilities of 0, 1, ... people.
    cumulative: Vec<f64>,
    /// Where the search begins for each part of (0, 1).
    from: [u16; PARTS],
}

/// Parts of (0, 1) with a place of their own in a law of attendance.
const PARTS: usize = 128;

impl Default for Attendance {
    fn default() -> Self {
        Self { cumulative: Vec::new(), from: [0; PARTS] }
    }
}

impl Attendance {
    /// Sets the law of `enrolled` people who each come with `probability`.
    fn set(&mut self, enrolled: u32, probability: f64) {
        let law = &mut self.cumulative;
        law.clear();
        law.resize(enrolled as usize + 1, 0.0);
        let mode = (f64::from(enrolled + 1) * probability).min(f64::from(enrolled)) as usize;
        law[mode] = 1.0;
        let odds = probability / (1.0 - probability).max(1e-300);
        for k in mode + 1..law.len() {
            law[k] = law[k - 1] * (f64::from(enrolled) - k as f64 + 1.0) / k as f64 * odds;
        }
        for k in (0..mode).rev() {
            law[k] = law[k + 1] * (k as f64 + 1.0) / (f64::from(enrolled) - k as f64) / odds;
        }
        let all: f64 = law.iter().sum();
        let mut sum = 0.0;
        for mass in law.iter_mut() {
            sum += *mass / all;
            *mass = sum;
        }
        let mut at = 0;
        for (part, from) in self.from.iter_mut().enumerate() {
            while at + 1 < law.len() && law[at] < part as f64 / PARTS as f64 {
                at += 1;
            }
            *from = at.min(usize::from(u16::MAX)) as u16;
        }
    }

    /// The number of people for the uniform number `u`: the first whose cumulative probability reaches it.
    #[inline]
    fn draw(&self, u: f64) -> u32 {
        let mut at = usize::from(self.from[(u * PARTS as f64) as usize & (PARTS - 1)]);
        while at + 1 < self.cumulative.len() && self.cumulative[at] < u {
            at += 1;
        }
        at as u32
    }
}

/// Scratch of a year of day places, by area.
#[derive(Clone, Debug, Default)]
pub(super) struct Days {
    /// The stream of each area, to be set before the year.
    pub streams: Vec<Stream>,
    laws: Vec<Attendance>,
    /// Random bits of four days.
    ahead: Vec<[u64; 4]>,
    come: Vec<u32>,
}

/// A year of day places.
pub(super) fn day_year(
    served: &mut Served,
    enrolled: &[u32],
    attendance: f64,
    days: u32,
    (levels, near): (&Levels, &[Vec<u32>]),
    scratch: &mut Days,
) {
    scratch.laws.resize_with(enrolled.len(), Attendance::default);
    for (law, &enrolled) in scratch.laws.iter_mut().zip(enrolled) {
        law.set(enrolled, attendance);
    }
    for day in 0..days {
        let of_four = day as usize % 4;
        if of_four == 0 {
            scratch.ahead.clear();
            scratch.ahead.extend(scratch.streams.iter_mut().map(Stream::wide_block));
        }
        let come = scratch.laws.iter().zip(&scratch.ahead).map(|(law, ahead)| law.draw(unit(ahead[of_four])));
        scratch.come.clear();
        scratch.come.extend(come);
        served.round(&scratch.come, levels, day as usize % enrolled.len().max(1), near);
    }
}

/// A year of a community service to be written: `days` rounds; `users` and people aged 60+ by area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year<'a> {
    pub levels: &'a Levels,
    pub days: u32,
    pub users: &'a [u32],
    pub old: &'a [u32],
    /// Areas within the 15-minute circle of each.
    pub near: &'a [Vec<u32>],
    /// Expected users by need, and the hours of care that each gets in a year (home visits) or a day (day places). Shape:
    /// area.
    pub needs: &'a [Shares],
    pub hours: Option<f64>,
    /// Whether the block has a row for each area.
    pub by_area: bool,
}

/// Sums over areas.
#[derive(Default)]
struct Sums {
    asked: u32,
    station: u32,
    subdistrict: u32,
    district: u32,
}

/// Writes a year: a row for each area, if the block has them, and one for the district.
pub(super) fn record(served: &mut Served, record: &mut Record<'_>, place: Place, year: Year<'_>) {
    let levels = year.levels;
    let mut all = Sums::default();
    let (mut worst, mut covered, mut with_free) = (f64::NAN, 0.0, 0.0);
    for area in 0..year.users.len() {
        let sums = Sums {
            asked: served.asked[area],
            station: served.station[area],
            subdistrict: served.subdistrict[area],
            district: served.district[area],
        };
        all.asked += sums.asked;
        all.station += sums.station;
        all.subdistrict += sums.subdistrict;
        all.district += sums.district;
        let row = &mut Row::new(record, place.block, area, place.year);
        record_fate(row, &sums, place.tolerated);
        row.set(OfCare::TURNAWAY_DAYS, served.full[area]);
        if year.by_area {
            record_hours(row, &sums, year.needs[area], year.hours);
            let near_places = |other: &u32| levels.station[*other as usize] + levels.subdistrict[*other as usize];
            let in_circle = f64::from(u8::from(year.near[area].iter().map(near_places).any(|places| places > 0)));
            let free = f64::from(served.near_free[area]) / f64::from(year.days);
            row.set(OfCare::CIRCLE_COVERED, in_circle);
            row.set(OfCare::CIRCLE_FREE, free);
            let people = f64::from(year.old[area]);
            (covered, with_free) = (covered + people * in_circle, with_free + people * free);
            if sums.asked > 0 {
                worst = f64::min(worst, share(f64::from(found(&sums)), f64::from(sums.asked)));
            }
            // The district's places are counted in the district's row only.
            let near = Sums { district: 0, ..sums };
            record_use(row, &near, (levels.station[area], levels.subdistrict[area], 0), year.days, place);
            row.set(OfCare::USERS_PER_1000, 1000.0 * share(f64::from(year.users[area]), f64::from(year.old[area])));
            row.nothing(&[OfCare::STAFF_P90, OfCare::STAFF_P50, OfCare::WORST_SERVED_SHARE, OfCare::GINI_OF_USE, OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS]);
        }
    }
    let row = &mut Row::new(record, place.block, if year.by_area { year.users.len() } else { 0 }, place.year);
    let places = (levels.station.iter().sum(), levels.subdistrict.iter().sum(), levels.district);
    record_use(row, &all, places, year.days, place);
    let (users, old) = (year.users.iter().sum::<u32>(), year.old.iter().sum::<u32>());
    row.set(OfCare::USERS_PER_1000, 1000.0 * share(f64::from(users), f64::from(old)));
    row.set(OfCare::TARGET_MISSED, u32::from(is_short(&all, place.tolerated)));
    row.set(OfCare::TURNAWAY_DAYS, served.full_anywhere);
    for (metric, part) in [(OfCare::STAFF_P50, 0.5), (OfCare::STAFF_P90, 0.9)] {
        let busy = f64::from(served.busy(part));
        row.set(metric, place.places_per_carer.map_or(f64::NAN, |places| busy / places));
    }
    if year.by_area {
        row.set(OfCare::CIRCLE_COVERED, share(covered, f64::from(old)));
        row.set(OfCare::CIRCLE_FREE, share(with_free, f64::from(old)));
        row.set(OfCare::WORST_SERVED_SHARE, worst);
        let areas = year.users.iter().zip(year.old);
        row.set(OfCare::GINI_OF_USE, gini(&areas.map(|(users, old)| (f64::from(*users), f64::from(*old)))));
    } else {
        row.nothing(&[OfCare::CIRCLE_COVERED, OfCare::CIRCLE_FREE, OfCare::WORST_SERVED_SHARE, OfCare::GINI_OF_USE]);
    }
    row.nothing(&[OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS]);
}

/// Hours of care not given: those turned away have the needs of all who would use the service.
fn record_hours(row: &mut Row<'_, '_>, sums: &Sums, needs: Shares, hours: Option<f64>) {
    let (turned_away, all) = (f64::from(sums.asked - found(sums)), needs.iter().sum::<f64>());
    for (metric, part) in OfCare::UNMET_HOURS.into_iter().zip(&needs[1..]) {
        row.set(
            metric,
            hours.map_or(f64::NAN, |hours| if all > 0.0 { turned_away * hours * part / all } else { 0.0 }),
        );
    }
}

const fn found(sums: &Sums) -> u32 {
    sums.station + sums.subdistrict + sums.district
}

fn is_short(sums: &Sums, tolerated: f64) -> bool {
    f64::from(sums.asked - found(sums)) > tolerated * f64::from(sums.asked)
}

fn record_fate(row: &mut Row<'_, '_>, sums: &Sums, tolerated: f64) {
    let turned_away = sums.asked - found(sums);
    row.set(OfCare::DEMAND, sums.asked);
    row.set(OfCare::REQUESTS, sums.asked);
    row.set(OfCare::SERVED, found(sums));
    row.set(OfCare::UNMET, turned_away);
    row.set(OfCare::QUEUED_ON_ARRIVAL, turned_away);
    row.set(OfCare::SERVED_OWN_AREA, sums.station + sums.subdistrict);
    row.set(OfCare::SERVED_OUT_OF_AREA, sums.district);
    row.set(OfCare::SERVED_STATION, sums.station);
    row.set(OfCare::SERVED_SUBDISTRICT, sums.subdistrict);
    row.set(OfCare::SERVED_DISTRICT, sums.district);
    row.set(OfCare::TARGET_MISSED, u32::from(is_short(sums, tolerated)));
}

fn record_use(row: &mut Row<'_, '_>, sums: &Sums, places: (u32, u32, u32), days: u32, place: Place) {
    let (station, subdistrict, district) = places;
    let per_day = |count: u32| f64::from(count) / f64::from(days);
    let usage = |count: u32, places: u32| share(per_day(count), f64::from(places));
    let in_use = per_day(found(sums));
    row.set(OfCare::PLACES, f64::from(station + subdistrict + district));
    row.set(OfCare::IN_USE, in_use);
    row.set(OfCare::UTILISATION, usage(found(sums), station + subdistrict + district));
    row.set(OfCare::UTILISATION_STATION, usage(sums.station, station));
    row.set(OfCare::UTILISATION_SUBDISTRICT, usage(sums.subdistrict, subdistrict));
    row.set(OfCare::UTILISATION_DISTRICT, usage(sums.district, district));
    row.set(OfCare::STAFF_NEEDED, place.places_per_carer.map_or(f64::NAN, |places| in_use / places));
    row.nothing(&[OfCare::MEAN_QUEUE_LENGTH, OfCare::QUEUE_NONEMPTY_SHARE, OfCare::MEAN_WAIT_MONTHS]);
}
