//! How far it is from where children live to the schools that they are placed in, where the scenario says where homes and schools are.
//!
//! Children placed in an area go to its facility nearest to their home that takes pupils this September, in the sector in
//! which they have a place; within an area places are one pool. The way from an area to another is the mean over the homes
//! of the one, by their weights; it decides who is placed where (the least total) and which areas are within the limit.
//! Where no facility of an area and sector takes pupils, the way is that to the nearest that ever does; where none has a known
//! way, the way between the centres of the areas.
//!
//! Shape: `from x slot`, from a catchment (an area, where it is not divided) to the public places of one and then the private ones of an
//! area. A catchment has the homes that name it; if none does, all homes of its area. Metres.

use crate::site::Site;

use super::capacity::CapacityYear;
use super::catchments::Catchments;
use super::facility::Facility;
use super::location::WITHIN;
use super::residence::ResidencePoint;
use super::transport::NO_WAY;

/// What is fixed about the ways of a stage.
#[derive(Clone, Debug)]
pub(crate) struct TravelDistances {
    catchments: Catchments,
    /// Metres beyond which nobody is placed.
    limit: f64,
    /// Metres between the centres of areas, `area x area`; infinite where no way is known.
    centres: Vec<f64>,
    homes: Vec<FromHome>,
    /// Share of the homes with a known way to a facility of a slot, `from x slot`.
    told: Vec<f64>,
    /// Whether a catchment has any.
    known: Vec<bool>,
}

/// Ways from one home.
#[derive(Clone, Debug)]
struct FromHome {
    from: usize,
    share: f64,
    /// Facilities of each slot with their metres, nearest first.
    to: Vec<Vec<(f64, usize)>>,
}

/// The ways of one September.
#[derive(Debug)]
pub(crate) struct TravelYear {
    slots: usize,
    /// Mean metres.
    metres: Vec<f64>,
    /// Whether they are known: to another area they always are, as the way between centres.
    known: Vec<bool>,
    /// Share of the children within 300, 500 and 1,000 m.
    within: Vec<[f64; WITHIN.len()]>,
}

impl TravelDistances {
    pub(crate) fn new(
        site: &Site,
        limit_km: f64,
        homes: &[ResidencePoint],
        catchments: &Catchments,
        facilities: &[Facility],
    ) -> Self {
        let slots = 2 * catchments.len();
        let leading = |from: usize, (home, share): (&ResidencePoint, f64)| {
            let mut to = vec![Vec::new(); slots];
            for (index, facility) in facilities.iter().enumerate() {
                let slot = facility.slot(catchments.len());
                to[slot].extend(home.metres(facility).map(|metres| (metres, index)));
            }
            to.iter_mut().for_each(|to| to.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))));
            FromHome { from, share, to }
        };
        let of = |from: usize| catchments.homes(from, homes).into_iter().map(move |home| leading(from, home));
        let homes: Vec<FromHome> = (0..catchments.len()).flat_map(of).collect();
        let mut told = vec![0.0; catchments.len() * slots];
        for home in &homes {
            for (slot, to) in home.to.iter().enumerate() {
                told[home.from * slots + slot] += if to.is_empty() { 0.0 } else { home.share };
            }
        }
        let known = told.chunks(slots).map(|slots| slots.iter().any(|share| *share > 0.0)).collect();
        let areas = site.areas.len();
        Self {
            limit: limit_km * 1_000.0,
            centres: (0..areas * areas).map(|pair| 1_000.0 * site.kilometres(pair / areas, pair % areas)).collect(),
            catchments: catchments.clone(),
            homes,
            told,
            known,
        }
    }

    /// Scratch for a September.
    pub(crate) fn year_state(&self) -> TravelYear {
        let slots = 2 * self.catchments.len();
        let cells = self.catchments.len() * slots;
        let known =
            (0..cells).map(|cell| self.told[cell] > 0.0 || !self.is_inside(cell / slots, cell % slots)).collect();
        TravelYear { slots, metres: vec![0.0; cells], known, within: vec![[0.0; WITHIN.len()]; cells] }
    }

    /// The area of a slot.
    fn area_of(&self, slot: usize) -> usize {
        self.catchments.area_of(slot % self.catchments.len())
    }

    /// Whether a slot is in the area of a catchment.
    fn is_inside(&self, from: usize, slot: usize) -> bool {
        self.catchments.area_of(from) == self.area_of(slot)
    }

    fn centre(&self, from: usize, slot: usize) -> f64 {
        self.centres[self.catchments.area_of(from) * self.catchments.areas() + self.area_of(slot)]
    }

    /// Fills the ways of a September.
    pub(crate) fn update(&self, offer: &CapacityYear, year: i32, now: &mut TravelYear) {
        let slots = now.slots;
        now.metres.fill(0.0);
        now.within.fill([0.0; WITHIN.len()]);
        for home in &self.homes {
            for (slot, to) in home.to.iter().enumerate() {
                let cell = home.from * slots + slot;
                // Inside an area the homes whose way is known stand for the others.
                let own = self.is_inside(home.from, slot);
                if own && to.is_empty() {
                    continue;
                }
                let share = if own { home.share / self.told[cell] } else { home.share };
                let open = to.iter().find(|(_, facility)| offer.takes_pupils(*facility, year));
                let metres = open.or(to.first()).map_or_else(|| self.centre(home.from, slot), |(metres, _)| *metres);
                now.metres[cell] += share * metres;
                for (sum, _) in now.within[cell].iter_mut().zip(WITHIN).filter(|(_, within)| metres <= *within) {
                    *sum += share;
                }
            }
        }
        for from in (0..self.known.len()).filter(|from| !self.known[*from]) {
            for slot in 0..slots {
                now.metres[from * slots + slot] = self.centre(from, slot);
            }
        }
    }

    /// Ways in whole metres to public and to private places, `from x to`: those within the limit, and all of the public ones. The
    /// own catchment is always within it.
    pub(crate) fn write_metres(&self, now: &TravelYear, near: &mut [Vec<u32>; 2], metres: &mut [u32]) {
        let number = self.catchments.len();
        for pair in 0..number * number {
            let (from, to) = (pair / number, pair % number);
            for (sector, near) in near.iter_mut().enumerate() {
                let way = now.metres[(2 * from + sector) * number + to];
                // The cast saturates at no way.
                let whole = libm::round(way) as u32;
                near[pair] = if from == to || way <= self.limit { whole } else { NO_WAY };
                if sector == 0 {
                    metres[pair] = whole;
                }
            }
        }
    }
}

impl TravelYear {
    /// Metres from a catchment to a slot, and the share of its children who are within each distance; `None` inside an area
    /// whose ways are not known.
    pub(crate) fn of(&self, from: usize, slot: usize) -> Option<(f64, [f64; WITHIN.len()])> {
        let cell = from * self.slots + slot;
        self.known[cell].then(|| (self.metres[cell], self.within[cell]))
    }
}
