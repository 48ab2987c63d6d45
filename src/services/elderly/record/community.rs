//! A year of home visits, day places or meals as it is written: who asked, where they were served, use of the places.

use super::block_year::BlockYear;
use crate::metric::Record;
use crate::services::elderly::demand::need::levels::Shares;
use crate::services::elderly::engine::community::{CommunityPlaces, Served};
use crate::services::elderly::metrics::{OfCare, Row, gini, share};

/// A year of a community service to be written: `days` rounds; `users` and people aged 60+ by area.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommunityRecord<'a> {
    pub places: &'a CommunityPlaces,
    pub days: u32,
    pub users: &'a [u32],
    pub old: &'a [u32],
    /// Areas within the 15-minute catchment of each.
    pub catchment: &'a [Vec<u32>],
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
pub(crate) fn record(served: &mut Served, record: &mut Record<'_>, block: BlockYear, year: CommunityRecord<'_>) {
    let places = year.places;
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
        let row = &mut Row::new(record, block.block, area, block.year);
        record_outcomes(row, &sums, block.tolerated);
        row.set(OfCare::TURNAWAY_DAYS, served.full[area]);
        if year.by_area {
            record_hours(row, &sums, year.needs[area], year.hours);
            let near_places = |other: &u32| places.station[*other as usize] + places.subdistrict[*other as usize];
            let in_circle = f64::from(u8::from(year.catchment[area].iter().map(near_places).any(|places| places > 0)));
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
            let own = LevelPlaces { station: places.station[area], subdistrict: places.subdistrict[area], district: 0 };
            record_use(row, &near, own, year.days, block);
            row.set(OfCare::USERS_PER_1000, 1000.0 * share(f64::from(year.users[area]), f64::from(year.old[area])));
            row.nothing(&[
                OfCare::STAFF_P90,
                OfCare::STAFF_P50,
                OfCare::WORST_SERVED_SHARE,
                OfCare::GINI_OF_USE,
                OfCare::FROM_HOSPITAL_MEAN_WAIT_DAYS,
            ]);
        }
    }
    let circle = Circle { covered, with_free, worst };
    record_district(served, record, block, &year, &all, circle);
}

/// What the areas give of the 15-minute circle: residents aged 60+ with a place in it, the same weighted by the time with a free
/// one, and the least served share of demand.
#[derive(Clone, Copy)]
struct Circle {
    covered: f64,
    with_free: f64,
    worst: f64,
}

/// Writes the row of the district.
fn record_district(
    served: &mut Served,
    record: &mut Record<'_>,
    block: BlockYear,
    year: &CommunityRecord<'_>,
    all: &Sums,
    circle: Circle,
) {
    let places = year.places;
    let row = &mut Row::new(record, block.block, if year.by_area { year.users.len() } else { 0 }, block.year);
    let whole = LevelPlaces {
        station: places.station.iter().sum(),
        subdistrict: places.subdistrict.iter().sum(),
        district: places.district,
    };
    record_use(row, all, whole, year.days, block);
    let (users, old) = (year.users.iter().sum::<u32>(), year.old.iter().sum::<u32>());
    row.set(OfCare::USERS_PER_1000, 1000.0 * share(f64::from(users), f64::from(old)));
    row.set(OfCare::TARGET_MISSED, u32::from(is_short(all, block.tolerated)));
    row.set(OfCare::TURNAWAY_DAYS, served.full_anywhere);
    for (metric, part) in [(OfCare::STAFF_P50, 0.5), (OfCare::STAFF_P90, 0.9)] {
        let busy = f64::from(served.busy(part));
        row.set(metric, block.places_per_carer.map_or(f64::NAN, |places| busy / places));
    }
    if year.by_area {
        row.set(OfCare::CIRCLE_COVERED, share(circle.covered, f64::from(old)));
        row.set(OfCare::CIRCLE_FREE, share(circle.with_free, f64::from(old)));
        row.set(OfCare::WORST_SERVED_SHARE, circle.worst);
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
        row.set(metric, hours.map_or(f64::NAN, |hours| if all > 0.0 { turned_away * hours * part / all } else { 0.0 }));
    }
}

const fn found(sums: &Sums) -> u32 {
    sums.station + sums.subdistrict + sums.district
}

fn is_short(sums: &Sums, tolerated: f64) -> bool {
    f64::from(sums.asked - found(sums)) > tolerated * f64::from(sums.asked)
}

fn record_outcomes(row: &mut Row<'_, '_>, sums: &Sums, tolerated: f64) {
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

/// Places of one area, or of the district.
#[derive(Clone, Copy)]
struct LevelPlaces {
    station: u32,
    subdistrict: u32,
    district: u32,
}

fn record_use(row: &mut Row<'_, '_>, sums: &Sums, places: LevelPlaces, days: u32, block: BlockYear) {
    let all = places.station + places.subdistrict + places.district;
    let per_day = |count: u32| f64::from(count) / f64::from(days);
    let usage = |count: u32, places: u32| share(per_day(count), f64::from(places));
    let in_use = per_day(found(sums));
    row.set(OfCare::PLACES, f64::from(all));
    row.set(OfCare::IN_USE, in_use);
    row.set(OfCare::UTILISATION, usage(found(sums), all));
    row.set(OfCare::UTILISATION_STATION, usage(sums.station, places.station));
    row.set(OfCare::UTILISATION_SUBDISTRICT, usage(sums.subdistrict, places.subdistrict));
    row.set(OfCare::UTILISATION_DISTRICT, usage(sums.district, places.district));
    row.set(OfCare::STAFF_NEEDED, block.places_per_carer.map_or(f64::NAN, |places| in_use / places));
    row.nothing(&[OfCare::MEAN_QUEUE_LENGTH, OfCare::QUEUE_NONEMPTY_SHARE, OfCare::MEAN_WAIT_MONTHS]);
}
