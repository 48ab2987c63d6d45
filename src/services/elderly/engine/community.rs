//! Home visits and day places: near home first, then up the levels.
//!
//! *Home visits*: enrolled people of an area are served by its stations, then by its subdistrict centre, then by the
//! district, as far as clients can be taken on. *Day places*: on each open day every enrolled person comes with a
//! probability; who finds the station full goes to the subdistrict centre, then to the district's day places, then home.

use super::attendance::Attendance;
use crate::random::{RngSource, Stream, StreamKey, unit};

/// Places of one year at the three levels, usable whole places.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommunityPlaces {
    /// Stations, by area.
    pub station: Vec<u32>,
    /// Subdistrict centres, by area.
    pub subdistrict: Vec<u32>,
    /// The district's pool.
    pub district: u32,
}

impl CommunityPlaces {
    /// No places, in `areas` areas.
    pub(crate) fn clear(&mut self, areas: usize) {
        for places in [&mut self.station, &mut self.subdistrict] {
            places.clear();
            places.resize(areas, 0);
        }
        self.district = 0;
    }
}

/// People (or person-days) of one year by the area they live in and the level that served them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Served {
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
    /// Rounds in which a place was left within the 15-minute catchment.
    pub near_free: Vec<u32>,
    /// Rounds in which somebody of any area was turned away.
    pub full_anywhere: u32,
    /// People served in each round, all areas.
    pub by_round: Vec<u32>,
    /// Scratch: whether the places of an area were not all taken.
    left: Vec<bool>,
    /// Scratch: people of areas whose own places do not suffice.
    overflow: Vec<(u32, u32)>,
}

impl Served {
    /// Nobody, in `areas` areas.
    pub(crate) fn clear(&mut self, areas: usize) {
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

    /// One round (a year of home visits, or one day of day places): `come` people by area over the levels. Where the district's
    /// places do not suffice, areas are served in the order of `turn`, drawn anew for each round. `catchment` are the areas
    /// within the 15-minute catchment of each, the own one first.
    pub(crate) fn round(
        &mut self,
        come: &[u32],
        places: &CommunityPlaces,
        catchment: &[Vec<u32>],
        turn: impl Fn(usize) -> u64,
    ) {
        self.left.clear();
        let near = places.station.iter().zip(&places.subdistrict).map(|(station, centre)| station + centre);
        self.left.extend(come.iter().zip(near).map(|(come, near)| *come < near));
        self.overflow.clear();
        let mut served = 0;
        for (area, &come) in come.iter().enumerate() {
            let station = come.min(places.station[area]);
            let subdistrict = (come - station).min(places.subdistrict[area]);
            self.asked[area] += come;
            self.station[area] += station;
            self.subdistrict[area] += subdistrict;
            served += station + subdistrict;
            if station + subdistrict < come {
                self.overflow.push((area as u32, come - station - subdistrict));
            }
            // One's own area is the first of the catchment, and in most cases all of it.
            let free = self.left[area] || catchment[area][1..].iter().any(|&other| self.left[other as usize]);
            self.near_free[area] += u32::from(free);
        }
        served += self.serve_overflow(places.district, turn);
        self.by_round.push(served);
    }

    /// Gives the district's places to those who found none nearer; how many got one.
    fn serve_overflow(&mut self, mut district: u32, turn: impl Fn(usize) -> u64) -> u32 {
        if self.overflow.iter().map(|(_, people)| u64::from(*people)).sum::<u64>() > u64::from(district) {
            self.overflow.sort_by_key(|(area, _)| turn(*area as usize));
        }
        let before = district;
        let mut full = false;
        for &(area, people) in &self.overflow {
            let found = people.min(district);
            district -= found;
            self.district[area as usize] += found;
            self.full[area as usize] += u32::from(found < people);
            full |= found < people;
        }
        self.full_anywhere += u32::from(full);
        before - district
    }

    /// Number served that is not exceeded in `part` of the rounds.
    pub(crate) fn busy(&mut self, part: f64) -> u32 {
        self.by_round.sort_unstable();
        let at = (part * self.by_round.len() as f64).ceil() as usize;
        self.by_round.get(at.saturating_sub(1)).copied().unwrap_or(0)
    }
}

/// Scratch of a year of day places, by area.
#[derive(Clone, Debug, Default)]
pub(crate) struct Days {
    /// The stream of each area, to be set before the year.
    pub streams: Vec<Stream>,
    laws: Vec<Attendance>,
    /// Random bits of four days.
    ahead: Vec<[u64; 4]>,
    come: Vec<u32>,
}

/// What a year of day places is played with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DailyUse<'a> {
    /// People enrolled, by area.
    pub enrolled: &'a [u32],
    /// Probability that an enrolled person comes on a day.
    pub attendance: f64,
    pub days: u32,
    pub places: &'a CommunityPlaces,
    /// Areas within the 15-minute catchment of each, the own one first.
    pub catchment: &'a [Vec<u32>],
    pub turns: Turns<'a>,
}

/// In which order areas are served where places do not suffice: drawn for each area and round from a stream of its name, so
/// that another area does not change the order of the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turns<'a> {
    pub areas: &'a [StreamKey],
    pub key: StreamKey,
    pub chance: RngSource,
    pub year: u32,
}

impl Turns<'_> {
    /// The turn of an area in a round: the lowest is served first.
    pub(crate) fn of(&self, area: usize, round: u32) -> u64 {
        self.chance.cell(self.key.with(self.areas[area]), self.year, round).bits()
    }
}

impl DailyUse<'_> {
    /// Lives through the year, day by day.
    pub(crate) fn live(&self, served: &mut Served, scratch: &mut Days) {
        scratch.laws.resize_with(self.enrolled.len(), Attendance::default);
        for (law, &enrolled) in scratch.laws.iter_mut().zip(self.enrolled) {
            law.set(enrolled, self.attendance);
        }
        for day in 0..self.days as usize {
            let of_four = day % 4;
            if of_four == 0 {
                scratch.ahead.clear();
                scratch.ahead.extend(scratch.streams.iter_mut().map(Stream::wide_block));
            }
            let come = scratch.laws.iter().zip(&scratch.ahead).map(|(law, ahead)| law.draw(unit(ahead[of_four])));
            scratch.come.clear();
            scratch.come.extend(come);
            served.round(&scratch.come, self.places, self.catchment, |area| self.turns.of(area, day as u32));
        }
    }
}
