//! Places: how many classes and seats each area's schools offer to each grade in each September.
//!
//! A facility takes pupils from the first 1 September on or after its opening: one day late is a year late. A facility
//! that opens in stages offers its entry grade first and one grade more every year, in equal parts of its classes (24
//! classes of six grades open 4); the parts move up with their cohorts.
//!
//! The public facilities of a catchment (an area, where it is not divided) that have all their grades open share their rooms. Classes keep their rooms as they move
//! up, as far as their pupils still fill them at the norm; free rooms go one by one to the grade that lacks most seats for
//! those who sit there or look for a place in their own catchment, then to the grade with the fewest rooms,
//! mostly the entry grade. In the first September nobody
//! holds a room yet: each goes to the grade that lacks most seats, or has fewest to spare. Private facilities, and public
//! ones if the scenario says so, give equal parts to the grades instead.
//!
//! Each offer has three sizes: the class-size norm, stretched, and emergency; private facilities keep to the norm.
//! Shape of a grid: `grade x slot`; slots are the catchments' public places, then the areas' private ones.

use crate::random::binomial;
use crate::services::service::ReplicationContext;
use crate::site::Site;

use super::classroom_sharing::Pool;
use super::facility::{Facility, Opens, Supply};

/// Month (0 = January) of the intake.
const SEPTEMBER: f64 = 8.0;

/// The children of a September, once they have moved up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pupils<'a> {
    /// Those with a seat, `grade x slot`.
    pub(crate) seated: &'a [u32],
    /// Those who look for one, `grade x home`.
    pub(crate) looking: &'a [u32],
}

/// The offer of one September, and what of it is fixed over a replication.
#[derive(Debug)]
pub(crate) struct Offer {
    /// Classes that may be opened.
    pub(crate) classes: Vec<u32>,
    /// Seats at the norm.
    pub(crate) norm: Vec<u32>,
    /// Seats when stretched.
    pub(crate) stretched: Vec<u32>,
    /// Seats in an emergency.
    pub(crate) emergency: Vec<u32>,
    /// Whether a project that should have opened has missed its intake, by area.
    pub(crate) missed: Vec<bool>,
    gates: Vec<Gate>,
    pools: Vec<Pool>,
    first: bool,
    parts: Vec<u32>,
    lacking: Vec<i64>,
}

#[derive(Clone, Copy, Debug)]
struct Gate {
    /// Year of the first intake; `None` for a facility open from the start.
    first: Option<i32>,
    /// Year of the first intake by plan; `None` if the facility is left out or was always there.
    planned: Option<i32>,
    /// First September without it, and the first with it again.
    closed: (i32, i32),
    classes: u32,
}

impl Gate {
    fn is_open(self, year: i32) -> bool {
        self.first.is_none_or(|first| first <= year) && !(self.closed.0..self.closed.1).contains(&year)
    }

    /// Intakes before that of a year; `None` where it was always there. Who has closed and opens again starts anew, one
    /// grade a year if it opens in stages.
    fn age(self, year: i32) -> Option<i32> {
        let opened = if self.closed.1 <= year { Some(self.closed.1) } else { self.first };
        opened.map(|first| year - first)
    }
}

/// A facility that takes pupils in a September.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// Classes with staff.
    classes: u32,
    /// Intakes before this one; where it was always there, those since the year whose classes its table knows.
    age: i32,
    /// Whether these are known by grade.
    by_grade: bool,
    /// Whether not all of its grades are open yet.
    growing: bool,
    /// Whether its classes share their rooms with those of the catchment's other schools.
    pooled: bool,
}

impl Standing {
    /// Rooms of a grade where the grades have equal parts of them, or those that the table knows.
    fn rooms(self, facility: &Facility, grades: usize, grade: usize) -> u32 {
        // The cohort that sits in this grade, counted from the first; its rooms move up with it.
        let cohort = self.age - grade as i32;
        if self.growing && cohort < 0 {
            return 0;
        }
        if self.by_grade {
            return facility.classes_of(self.classes, (-cohort).rem_euclid(grades as i32) as usize);
        }
        let (part, grades) = (cohort.rem_euclid(grades as i32) as u32, grades as u32);
        self.classes / grades + u32::from(part < self.classes % grades)
    }
}

/// The year of the first 1 September on or after a month; the last year there is for never.
pub(crate) fn first_intake(month: f64) -> i32 {
    // The cast saturates, so that infinity becomes the greatest year.
    libm::ceil((month - SEPTEMBER) / 12.0 - 1e-9) as i32
}

impl Offer {
    pub(crate) fn new(supply: &Supply) -> Self {
        let cells = supply.grades * 2 * supply.catchments;
        Self {
            classes: vec![0; cells],
            norm: vec![0; cells],
            stretched: vec![0; cells],
            emergency: vec![0; cells],
            missed: vec![false; supply.areas],
            gates: Vec::with_capacity(supply.facilities.len()),
            pools: vec![Pool::new(supply.grades); supply.catchments],
            first: true,
            parts: vec![0; supply.grades],
            lacking: vec![0; supply.grades],
        }
    }

    /// Settles what a path decides: when each facility opens and how many classes stand there today.
    pub(crate) fn open(&mut self, supply: &Supply, context: &ReplicationContext<'_>) {
        self.gates.clear();
        self.first = true;
        self.pools.iter_mut().for_each(|pool| pool.held.fill(0));
        for facility in &supply.facilities {
            let (month, planned) = opening(facility, context.site, context);
            let existing = matches!(facility.opens, Opens::Before);
            let factor = facility.existing_factor.map_or(1.0, |factor| context.draw.at(factor, 0, facility.area));
            let closes = context.site.opening_of(facility.closes, facility.closes_with, context.draw);
            let classes = libm::round(f64::from(facility.classes) * factor) as u32;
            self.gates.push(Gate {
                first: (!existing).then(|| first_intake(month)),
                planned: planned.map(first_intake),
                closed: (first_intake(closes), first_intake(facility.reopens)),
                classes,
            });
            if existing && !facility.private && !facility.by_grade.is_empty() {
                let held = self.pools[facility.catchment].held.iter_mut().enumerate();
                held.for_each(|(grade, held)| *held += facility.classes_of(classes, grade));
            }
        }
    }

    /// Fills the offer of a September, once pupils have moved up.
    pub(crate) fn fill(
        &mut self,
        supply: &Supply,
        context: &ReplicationContext<'_>,
        year: (i32, usize),
        pupils: Pupils<'_>,
    ) {
        for grid in [&mut self.classes, &mut self.norm, &mut self.stretched, &mut self.emergency] {
            grid.fill(0);
        }
        for pool in &mut self.pools {
            (pool.rooms, pool.plain) = (0, 0);
            pool.seats.fill([0; 3]);
        }
        self.missed.fill(false);
        for index in 0..supply.facilities.len() {
            let facility = &supply.facilities[index];
            let gate = self.gates[index];
            let started = gate.first.is_none_or(|first| first <= year.0);
            self.missed[facility.area] |= !started && gate.planned.is_some_and(|planned| planned <= year.0);
            let Some(standing) = self.standing(supply, context, year, index) else { continue };
            if standing.pooled {
                self.pools[facility.catchment].add(supply, facility, standing.classes);
            } else {
                self.add_by_cohort(supply, facility, standing);
            }
        }
        for catchment in 0..supply.catchments {
            self.share_pool(supply, catchment, pupils);
        }
        self.first = false;
    }

    /// A facility as it stands in a September; `None` where it takes no pupils.
    fn standing(
        &self,
        supply: &Supply,
        context: &ReplicationContext<'_>,
        year: (i32, usize),
        facility: usize,
    ) -> Option<Standing> {
        let gate = self.gates[facility];
        if !gate.is_open(year.0) {
            return None;
        }
        let facility = &supply.facilities[facility];
        let staffed = context.draw.at(supply.staffed_share, year.1, facility.area);
        let classes = libm::round(f64::from(gate.classes) * staffed) as u32;
        let age = gate.age(year.0);
        let growing = facility.staged && age.is_some_and(|age| age + 1 < supply.grades as i32);
        let pooled = !growing && !facility.private && supply.rooms_follow_need;
        let (by_grade, before) = (age.is_none() && !facility.by_grade.is_empty(), context.site.start - 1);
        let age = age.unwrap_or(if by_grade { year.0 - before } else { year.0 });
        Some(Standing { classes, age, by_grade, growing, pooled })
    }

    /// Seats of one facility in a grade this September, of those of its catchment: at the norm, stretched, in an emergency.
    pub(crate) fn seats_of(
        &self,
        supply: &Supply,
        context: &ReplicationContext<'_>,
        year: (i32, usize),
        facility: usize,
        grade: usize,
    ) -> [u32; 3] {
        let Some(standing) = self.standing(supply, context, year, facility) else { return [0; 3] };
        let facility = &supply.facilities[facility];
        let sizes = supply.sizes(facility, grade);
        if !standing.pooled {
            let rooms = standing.rooms(facility, supply.grades, grade);
            return sizes.map(|size| size * rooms);
        }
        // Of the rooms that the catchment gives to the grade, a school has as many as of all its rooms.
        let pool = &self.pools[facility.catchment];
        let rooms = u64::from(standing.classes) * u64::from(pool.held[grade]);
        sizes.map(|size| (u64::from(size) * rooms / u64::from(pool.rooms.max(1))) as u32)
    }

    /// Whether a facility takes pupils in the September of a calendar year.
    pub(crate) fn takes_pupils(&self, facility: usize, year: i32) -> bool {
        self.gates[facility].is_open(year) && self.gates[facility].classes > 0
    }

    /// Whether a facility offers a grade in the September of a calendar year: it may not have come so far yet.
    pub(crate) fn takes_grade(&self, supply: &Supply, facility: usize, year: i32, grade: usize) -> bool {
        let behind = self.gates[facility].age(year).is_some_and(|age| age < grade as i32);
        self.takes_pupils(facility, year) && !(supply.facilities[facility].staged && behind)
    }

    /// Closes private classes for good where too few private places of an area and stage were used this year.
    pub(crate) fn close_private(
        &mut self,
        supply: &Supply,
        context: &ReplicationContext<'_>,
        year: (i32, usize),
        seated: &[u32],
    ) {
        let slots = 2 * supply.catchments;
        for (facility, gate) in supply.facilities.iter().zip(&mut self.gates).filter(|(f, _)| f.private) {
            let rate = context.draw.at(supply.private_closure, year.1, facility.area);
            if rate <= 0.0 || gate.first.is_some_and(|first| first > year.0) {
                continue;
            }
            let slot = facility.slot(supply.catchments);
            let sum = |grid: &[u32]| grid.iter().skip(slot).step_by(slots).map(|n| f64::from(*n)).sum::<f64>();
            if sum(seated) < supply.private_closure_below * sum(&self.norm) {
                let mut stream = context.chance.cell(facility.closures, year.0 as u32, 0);
                gate.classes -= binomial(gate.classes, rate, &mut stream);
            }
        }
    }

    /// Adds a facility that gives equal parts to its grades.
    fn add_by_cohort(&mut self, supply: &Supply, facility: &Facility, standing: Standing) {
        let slot = facility.slot(supply.catchments);
        for grade in 0..supply.grades {
            let rooms = standing.rooms(facility, supply.grades, grade);
            let sizes = supply.sizes(facility, grade);
            self.add(grade * 2 * supply.catchments + slot, rooms, sizes.map(|size| size * rooms));
        }
    }

    fn add(&mut self, cell: usize, rooms: u32, seats: [u32; 3]) {
        self.classes[cell] += rooms;
        self.norm[cell] += seats[0];
        self.stretched[cell] += seats[1];
        self.emergency[cell] += seats[2];
    }

    /// Shares the pool of a catchment among its grades.
    fn share_pool(&mut self, supply: &Supply, catchment: usize, pupils: Pupils<'_>) {
        let pool = &mut self.pools[catchment];
        if pool.rooms == 0 {
            pool.held.fill(0);
            return;
        }
        pool.measure(supply);
        for grade in 0..supply.grades {
            let cell = grade * 2 * supply.catchments + catchment;
            let children = pupils.seated[cell] + pupils.looking[grade * supply.catchments + catchment];
            // Rooms that are not shared are filled first. In the first September nobody sits anywhere yet, but those who look for a
            // seat in a higher grade have had a class.
            let sat = if self.first { children } else { pupils.seated[cell] };
            let seated = sat.saturating_sub(self.norm[cell]);
            let held = if grade == 0 { 0 } else { pool.held[grade - 1] };
            self.parts[grade] = held.min(seated.div_ceil(pool.norms[grade]));
            self.lacking[grade] = i64::from(children) - i64::from(self.norm[cell]);
        }
        pool.share(self.first, &mut self.parts, &mut self.lacking);
        let total = pool.rooms;
        for grade in 0..supply.grades {
            let rooms = self.parts[grade];
            let part = |seats: u32| (u64::from(seats) * u64::from(rooms) / u64::from(total)) as u32;
            let seats = self.pools[catchment].seats[grade].map(part);
            self.add(grade * 2 * supply.catchments + catchment, rooms, seats);
        }
    }
}

/// The month in which a facility opens on this path, and the planned one if it is part of the plan.
fn opening(facility: &Facility, site: &Site, context: &ReplicationContext<'_>) -> (f64, Option<f64>) {
    let before = facility.after.map(|(project, planned)| site.opening_of(planned, Some(project), context.draw));
    let (month, planned) = match facility.opens {
        Opens::Before => (f64::NEG_INFINITY, None),
        Opens::At(month) => (month, Some(month)),
        Opens::With { project, planned } => {
            let delay = site.opening(project, context.draw) - site.projects[project].opens;
            (planned + delay, (!site.projects[project].left_out).then_some(planned))
        }
    };
    (before.map_or(month, |before| month.max(before)), planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_september_is_in_time_and_the_second_is_a_year_late() {
        let month = |year: i32, month: i32, day: i32| f64::from(year * 12 + month - 1) + f64::from(day - 1) / 31.0;
        assert_eq!(first_intake(month(2025, 9, 1)), 2025);
        assert_eq!(first_intake(month(2025, 9, 2)), 2026);
        assert_eq!(first_intake(month(2025, 1, 1)), 2025);
        assert_eq!(first_intake(f64::INFINITY), i32::MAX);
    }
}
