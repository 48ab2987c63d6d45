//! Home visits and day places: near home first, then up the levels.
//!
//! *Home visits*: enrolled people of an area are served by its stations, then by its subdistrict centre, then by the
//! district, as far as clients can be taken on. *Day places*: on each open day every enrolled person comes with a
//! probability; who finds the station full goes to the subdistrict centre, then to the district's day places, then home.

use crate::random::{Stream, binomial};

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
}

impl Served {
    /// Nobody, in `areas` areas.
    pub(super) fn clear(&mut self, areas: usize) {
        for counts in [&mut self.asked, &mut self.station, &mut self.subdistrict, &mut self.district] {
            counts.clear();
            counts.resize(areas, 0);
        }
    }

    /// Everybody served, in an area.
    pub(super) fn total(&self, area: usize) -> u32 {
        self.station[area] + self.subdistrict[area] + self.district[area]
    }

    /// One round (a year of home visits, or one day of day places): `come` people by area over the levels. The district's
    /// places go round the areas from `first`, so that no area is always last.
    pub(super) fn round(&mut self, come: &[u32], levels: &Levels, first: usize) {
        let areas = come.len();
        let mut district = levels.district;
        for offset in 0..areas {
            let area = (first + offset) % areas;
            let station = come[area].min(levels.station[area]);
            let subdistrict = (come[area] - station).min(levels.subdistrict[area]);
            let above = (come[area] - station - subdistrict).min(district);
            district -= above;
            self.asked[area] += come[area];
            self.station[area] += station;
            self.subdistrict[area] += subdistrict;
            self.district[area] += above;
        }
    }
}

/// A year of day places. `streams` gives the stream of each area; `come` is scratch.
pub(super) fn day_year(
    served: &mut Served,
    enrolled: &[u32],
    attendance: f64,
    days: u32,
    levels: &Levels,
    streams: &mut [Stream],
    come: &mut Vec<u32>,
) {
    for day in 0..days {
        come.clear();
        come.extend(enrolled.iter().zip(streams.iter_mut()).map(|(n, stream)| binomial(*n, attendance, stream)));
        served.round(come, levels, day as usize % enrolled.len().max(1));
    }
}
