//! Home visits and day places: near home first, then up the levels.
//!
//! *Home visits*: enrolled people of an area are served by its stations, then by its subdistrict centre, then by the
//! district, as far as clients can be taken on. *Day places*: on each open day every enrolled person comes with a
//! probability; who finds the station full goes to the subdistrict centre, then to the district's day places, then home.

use super::beds::Place;
use super::metrics::{Row, at, share};
use crate::metric::Record;
use crate::random::Stream;

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
    /// Rounds in which somebody of any area was turned away.
    pub full_anywhere: u32,
    /// People served in each round, all areas.
    pub by_round: Vec<u32>,
}

impl Served {
    /// Nobody, in `areas` areas.
    pub(super) fn clear(&mut self, areas: usize) {
        for counts in [&mut self.asked, &mut self.station, &mut self.subdistrict, &mut self.district, &mut self.full] {
            counts.clear();
            counts.resize(areas, 0);
        }
        self.full_anywhere = 0;
        self.by_round.clear();
    }

    /// One round (a year of home visits, or one day of day places): `come` people by area over the levels. The district's
    /// places go round the areas from `first`, so that no area is always last.
    pub(super) fn round(&mut self, come: &[u32], levels: &Levels, first: usize) {
        let areas = come.len();
        let mut district = levels.district;
        let (mut served, mut full) = (0, false);
        for offset in 0..areas {
            let area = (first + offset) % areas;
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
#[derive(Clone, Debug, Default)]
pub(super) struct Attendance {
    /// Cumulative probabilities of 0, 1, ... people.
    cumulative: Vec<f64>,
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
        for mass in law {
            sum += *mass / all;
            *mass = sum;
        }
    }

    fn draw(&self, stream: &mut Stream) -> u32 {
        let u = stream.uniform();
        self.cumulative.partition_point(|sum| *sum < u).min(self.cumulative.len() - 1) as u32
    }
}

/// Scratch of a year of day places, by area.
#[derive(Clone, Debug, Default)]
pub(super) struct Days {
    /// The stream of each area, to be set before the year.
    pub streams: Vec<Stream>,
    laws: Vec<Attendance>,
    come: Vec<u32>,
}

/// A year of day places.
pub(super) fn day_year(
    served: &mut Served,
    enrolled: &[u32],
    attendance: f64,
    days: u32,
    levels: &Levels,
    scratch: &mut Days,
) {
    scratch.laws.resize_with(enrolled.len(), Attendance::default);
    for (law, &enrolled) in scratch.laws.iter_mut().zip(enrolled) {
        law.set(enrolled, attendance);
    }
    for day in 0..days {
        scratch.come.clear();
        scratch.come.extend(scratch.laws.iter().zip(&mut scratch.streams).map(|(law, stream)| law.draw(stream)));
        served.round(&scratch.come, levels, day as usize % enrolled.len().max(1));
    }
}

/// A year of a community service to be written: `days` rounds; `users` and people aged 60+ by area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Year<'a> {
    pub levels: &'a Levels,
    pub days: u32,
    pub users: &'a [u32],
    pub old: &'a [u32],
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
        row.count(at::FULL_DAYS, served.full[area]);
        if year.by_area {
            // The district's places are counted in the district's row only.
            let near = Sums { district: 0, ..sums };
            record_use(row, &near, (levels.station[area], levels.subdistrict[area], 0), year.days, place);
            row.real(at::COVERAGE, 1000.0 * share(f64::from(year.users[area]), f64::from(year.old[area])));
            row.nothing(&[at::BUSY_STAFF]);
        }
    }
    let row = &mut Row::new(record, place.block, if year.by_area { year.users.len() } else { 0 }, place.year);
    let places = (levels.station.iter().sum(), levels.subdistrict.iter().sum(), levels.district);
    record_use(row, &all, places, year.days, place);
    let (users, old) = (year.users.iter().sum::<u32>(), year.old.iter().sum::<u32>());
    row.real(at::COVERAGE, 1000.0 * share(f64::from(users), f64::from(old)));
    row.count(at::SHORT, u32::from(is_short(&all, place.tolerated)));
    row.count(at::FULL_DAYS, served.full_anywhere);
    let busy = f64::from(served.busy(0.9));
    row.real(at::BUSY_STAFF, place.places_per_carer.map_or(f64::NAN, |places| busy / places));
}

const fn found(sums: &Sums) -> u32 {
    sums.station + sums.subdistrict + sums.district
}

fn is_short(sums: &Sums, tolerated: f64) -> bool {
    f64::from(sums.asked - found(sums)) > tolerated * f64::from(sums.asked)
}

fn record_fate(row: &mut Row<'_, '_>, sums: &Sums, tolerated: f64) {
    let turned_away = sums.asked - found(sums);
    row.count(at::DEMAND, sums.asked);
    row.count(at::REQUESTS, sums.asked);
    row.count(at::SERVED, found(sums));
    row.count(at::UNMET, turned_away);
    row.count(at::DELAYED, turned_away);
    row.count(at::OWN_AREA, sums.station + sums.subdistrict);
    row.count(at::STATION, sums.station);
    row.count(at::SUBDISTRICT, sums.subdistrict);
    row.count(at::DISTRICT, sums.district);
    row.count(at::SHORT, u32::from(is_short(sums, tolerated)));
}

fn record_use(row: &mut Row<'_, '_>, sums: &Sums, places: (u32, u32, u32), days: u32, place: Place) {
    let (station, subdistrict, district) = places;
    let per_day = |count: u32| f64::from(count) / f64::from(days);
    let usage = |count: u32, places: u32| share(per_day(count), f64::from(places));
    let in_use = per_day(found(sums));
    row.real(at::PLACES, f64::from(station + subdistrict + district));
    row.real(at::IN_USE, in_use);
    row.real(at::UTILISATION, usage(found(sums), station + subdistrict + district));
    row.real(at::STATION_USE, usage(sums.station, station));
    row.real(at::SUBDISTRICT_USE, usage(sums.subdistrict, subdistrict));
    row.real(at::DISTRICT_USE, usage(sums.district, district));
    row.real(at::STAFF, place.places_per_carer.map_or(f64::NAN, |places| in_use / places));
    row.nothing(&[at::LISTED, at::LIST_TIME, at::MEAN_WAIT]);
}
