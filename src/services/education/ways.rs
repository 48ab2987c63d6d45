//! Ways from where children live to the schools that they are placed in, where the scenario says where homes and schools are.
//!
//! Children placed in an area go to its facility nearest to their home that takes pupils this September, in the sector in
//! which they have a place; within an area places are one pool. The way from an area to another is the mean over the homes
//! of the one, by their weights; it decides who is placed where (the least total) and which areas are within the limit.
//! Where no facility of an area and sector takes pupils, the way is that to the nearest that ever does; where none has a known
//! way, the way between the centres of the areas.
//!
//! Shape: `from x slot`, slots being the areas' public places and then their private ones. Metres.

use crate::site::Site;

use super::homes::Home;
use super::nearness::WITHIN;
use super::supply::{Facility, Offer};
use super::transport::NO_WAY;

/// What is fixed about the ways of a stage.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    areas: usize,
    /// Metres beyond which nobody is placed.
    limit: f64,
    /// Metres between centres; infinite where no way is known.
    centres: Vec<f64>,
    homes: Vec<FromHome>,
    /// Share of the homes of an area with a known way to a facility of a slot, `from x slot`.
    told: Vec<f64>,
    /// Whether an area has any.
    known: Vec<bool>,
}

/// Ways from one home.
#[derive(Clone, Debug)]
struct FromHome {
    area: usize,
    share: f64,
    /// Facilities of each slot with their metres, nearest first.
    to: Vec<Vec<(f64, usize)>>,
}

/// The ways of one September.
#[derive(Debug)]
pub(super) struct WaysNow {
    areas: usize,
    /// Mean metres.
    metres: Vec<f64>,
    /// Whether they are known: to another area they always are, as the way between centres.
    known: Vec<bool>,
    /// Share of the children of an area within 300, 500 and 1,000 m.
    within: Vec<[f64; WITHIN.len()]>,
}

impl Ways {
    pub(super) fn new(site: &Site, limit_km: f64, homes: &[Home], facilities: &[Facility]) -> Self {
        let areas = site.areas.len();
        let from = |home: &Home| {
            let mut to = vec![Vec::new(); 2 * areas];
            for (index, facility) in facilities.iter().enumerate() {
                let slot = facility.slot(areas);
                to[slot].extend(home.metres(facility).map(|metres| (metres, index)));
            }
            to.iter_mut().for_each(|to| to.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))));
            FromHome { area: home.area, share: home.share, to }
        };
        let homes: Vec<FromHome> = homes.iter().map(from).collect();
        let mut told = vec![0.0; areas * 2 * areas];
        for home in &homes {
            for (slot, to) in home.to.iter().enumerate() {
                told[home.area * 2 * areas + slot] += if to.is_empty() { 0.0 } else { home.share };
            }
        }
        let known = told.chunks(2 * areas).map(|slots| slots.iter().any(|share| *share > 0.0)).collect();
        Self {
            areas,
            limit: limit_km * 1_000.0,
            centres: (0..areas * areas).map(|pair| 1_000.0 * site.kilometres(pair / areas, pair % areas)).collect(),
            homes,
            told,
            known,
        }
    }

    /// Scratch for a September.
    pub(super) fn now(&self) -> WaysNow {
        let cells = self.areas * 2 * self.areas;
        let elsewhere = |cell: usize| cell / (2 * self.areas) != cell % self.areas;
        let known = (0..cells).map(|cell| self.told[cell] > 0.0 || elsewhere(cell)).collect();
        WaysNow { areas: self.areas, metres: vec![0.0; cells], known, within: vec![[0.0; WITHIN.len()]; cells] }
    }

    /// Fills the ways of a September.
    pub(super) fn look(&self, offer: &Offer, year: i32, now: &mut WaysNow) {
        let slots = 2 * self.areas;
        now.metres.fill(0.0);
        now.within.fill([0.0; WITHIN.len()]);
        for home in &self.homes {
            for (slot, to) in home.to.iter().enumerate() {
                let cell = home.area * slots + slot;
                // Inside an area the homes whose way is known stand for the others.
                let own = slot % self.areas == home.area;
                if own && to.is_empty() {
                    continue;
                }
                let share = if own { home.share / self.told[cell] } else { home.share };
                let open = to.iter().find(|(_, facility)| offer.takes_pupils(*facility, year));
                let centre = self.centres[home.area * self.areas + slot % self.areas];
                let metres = open.or(to.first()).map_or(centre, |(metres, _)| *metres);
                now.metres[cell] += share * metres;
                for (sum, _) in now.within[cell].iter_mut().zip(WITHIN).filter(|(_, within)| metres <= *within) {
                    *sum += share;
                }
            }
        }
        for from in (0..self.areas).filter(|from| !self.known[*from]) {
            for slot in 0..slots {
                now.metres[from * slots + slot] = self.centres[from * self.areas + slot % self.areas];
            }
        }
    }

    /// Ways in whole metres to the public and to the private places of the areas, `from x to`: those within the limit, and all
    /// of the public ones. The own area is always within it, at no distance.
    pub(super) fn write(&self, now: &WaysNow, near: &mut [Vec<u32>; 2], metres: &mut [u32]) {
        for pair in 0..self.areas * self.areas {
            let (from, to) = (pair / self.areas, pair % self.areas);
            for (sector, near) in near.iter_mut().enumerate() {
                let way = if from == to { 0.0 } else { now.metres[(2 * from + sector) * self.areas + to] };
                // The cast saturates at no way.
                let whole = libm::round(way) as u32;
                near[pair] = if way <= self.limit { whole } else { NO_WAY };
                if sector == 0 {
                    metres[pair] = whole;
                }
            }
        }
    }
}

impl WaysNow {
    /// Metres from an area to a slot, and the share of its children who are within each distance; `None` inside an area whose
    /// ways are not known.
    pub(super) fn of(&self, from: usize, slot: usize) -> Option<(f64, [f64; WITHIN.len()])> {
        let cell = from * 2 * self.areas + slot;
        self.known[cell].then(|| (self.metres[cell], self.within[cell]))
    }
}
