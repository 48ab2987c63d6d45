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
use crate::services::education::streams::SchoolYear;
use crate::services::service::ReplicationContext;
use crate::site::Site;

use super::classroom_sharing::RoomPool;
use super::facility::{Facility, Opening, Sizes, Supply, SupplyRules};

/// Month (0 = January) of the intake.
const SEPTEMBER: f64 = 8.0;

/// The children of a September, once they have moved up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pupils<'a> {
    /// Those with a seat, `grade x slot`.
    pub(crate) seated: &'a [u32],
    /// Those who look for one, `grade x catchment`.
    pub(crate) looking: &'a [u32],
}

/// The places of one September, and what of them is fixed over a replication.
#[derive(Debug)]
pub(crate) struct CapacityYear {
    /// Classes that may be opened.
    pub(crate) classes: Vec<u32>,
    /// Seats at the norm.
    pub(crate) norm: Vec<u32>,
    /// Seats when stretched.
    pub(crate) stretched: Vec<u32>,
    /// Seats as the last resort.
    pub(crate) surge: Vec<u32>,
    /// Whether a project that should have opened has missed its intake, by area.
    pub(crate) missed: Vec<bool>,
    schedules: Vec<FacilitySchedule>,
    pools: Vec<RoomPool>,
    first: bool,
    parts: Vec<u32>,
    lacking: Vec<i64>,
}

/// When a facility takes pupils on this path, and how many classes it has.
#[derive(Clone, Debug)]
struct FacilitySchedule {
    /// Year of the first intake; `None` for a facility open from the start.
    first: Option<i32>,
    /// Year of the first intake by plan; `None` if the facility is left out or was always there.
    planned: Option<i32>,
    /// First September without it, and the first with it again.
    closed: std::ops::Range<i32>,
    classes: u32,
}

impl FacilitySchedule {
    fn is_open(&self, year: i32) -> bool {
        self.first.is_none_or(|first| first <= year) && !self.closed.contains(&year)
    }

    /// Intakes before that of a year; `None` where it was always there. Who has closed and opens again starts anew, one
    /// grade a year if it opens in stages.
    fn age(&self, year: i32) -> Option<i32> {
        let opened = if self.closed.end <= year { Some(self.closed.end) } else { self.first };
        opened.map(|first| year - first)
    }
}

/// A facility that takes pupils in a September.
#[derive(Clone, Copy, Debug)]
struct ActiveCapacity {
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

impl ActiveCapacity {
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

impl CapacityYear {
    /// Scratch of a thread.
    pub(crate) fn new(rules: &SupplyRules, facilities: usize) -> Self {
        let cells = rules.grades * 2 * rules.catchments;
        Self {
            classes: vec![0; cells],
            norm: vec![0; cells],
            stretched: vec![0; cells],
            surge: vec![0; cells],
            missed: vec![false; rules.areas],
            schedules: Vec::with_capacity(facilities),
            pools: vec![RoomPool::new(rules.grades); rules.catchments],
            first: true,
            parts: vec![0; rules.grades],
            lacking: vec![0; rules.grades],
        }
    }

    /// Settles what a path decides: when each facility opens and how many classes stand there today.
    pub(crate) fn start_replication(&mut self, supply: &Supply, context: &ReplicationContext<'_>) {
        self.schedules.clear();
        self.first = true;
        self.pools.iter_mut().for_each(|pool| pool.held.fill(0));
        for facility in &supply.facilities {
            let opening = opening(facility, context.site, context);
            let existing = matches!(facility.opens, Opening::Before);
            let factor = facility.existing_factor.map_or(1.0, |factor| context.draw.at(factor, 0, facility.area));
            let closes = context.site.opening_of(facility.closes, facility.closes_with, context.draw);
            let classes = libm::round(f64::from(facility.classes) * factor) as u32;
            self.schedules.push(FacilitySchedule {
                first: (!existing).then(|| first_intake(opening.month)),
                planned: opening.planned.map(first_intake),
                closed: first_intake(closes)..first_intake(facility.reopens),
                classes,
            });
            if existing && !facility.private && !facility.by_grade.is_empty() {
                let held = self.pools[facility.catchment].held.iter_mut().enumerate();
                held.for_each(|(grade, held)| *held += facility.classes_of(classes, grade));
            }
        }
    }

    /// The places of a September, once pupils have moved up.
    pub(crate) fn update(&mut self, supply: &Supply, school_year: &SchoolYear<'_>, pupils: Pupils<'_>) {
        for grid in [&mut self.classes, &mut self.norm, &mut self.stretched, &mut self.surge] {
            grid.fill(0);
        }
        self.pools.iter_mut().for_each(RoomPool::empty);
        self.missed.fill(false);
        for (index, facility) in supply.facilities.iter().enumerate() {
            let schedule = &self.schedules[index];
            let started = schedule.first.is_none_or(|first| first <= school_year.year);
            self.missed[facility.area] |=
                !started && schedule.planned.is_some_and(|planned| planned <= school_year.year);
            let Some(active) = self.active(supply, school_year, index) else { continue };
            if active.pooled {
                self.pools[facility.catchment].add(&supply.rules, facility, active.classes);
            } else {
                self.add_by_cohort(&supply.rules, facility, active);
            }
        }
        for catchment in 0..supply.rules.catchments {
            self.share_pool(&supply.rules, catchment, pupils);
        }
        self.first = false;
    }

    /// A facility as it stands in a September; `None` where it takes no pupils.
    fn active(&self, supply: &Supply, school_year: &SchoolYear<'_>, facility: usize) -> Option<ActiveCapacity> {
        let schedule = &self.schedules[facility];
        if !schedule.is_open(school_year.year) {
            return None;
        }
        let facility = &supply.facilities[facility];
        let staffed = school_year.draw(supply.rules.staffed_share, facility.area);
        let classes = libm::round(f64::from(schedule.classes) * staffed) as u32;
        let age = schedule.age(school_year.year);
        let growing = facility.staged && age.is_some_and(|age| age + 1 < supply.rules.grades as i32);
        let pooled = !growing && !facility.private && supply.rules.flexible_classrooms;
        let by_grade = age.is_none() && !facility.by_grade.is_empty();
        let before = school_year.context.site.start - 1;
        let age = age.unwrap_or(if by_grade { school_year.year - before } else { school_year.year });
        Some(ActiveCapacity { classes, age, by_grade, growing, pooled })
    }

    /// Seats of one facility in a grade this September, of those of its catchment.
    pub(crate) fn seats_of(
        &self,
        supply: &Supply,
        school_year: &SchoolYear<'_>,
        facility: usize,
        grade: usize,
    ) -> Sizes {
        let Some(active) = self.active(supply, school_year, facility) else { return Sizes::default() };
        let facility = &supply.facilities[facility];
        let sizes = supply.rules.sizes(facility, grade);
        if !active.pooled {
            let rooms = active.rooms(facility, supply.rules.grades, grade);
            return sizes.map(|size| size * rooms);
        }
        // Of the rooms that the catchment gives to the grade, a school has as many as of all its rooms.
        let pool = &self.pools[facility.catchment];
        let rooms = u64::from(active.classes) * u64::from(pool.held[grade]);
        sizes.map(|size| (u64::from(size) * rooms / u64::from(pool.rooms.max(1))) as u32)
    }

    /// Whether a facility takes pupils in the September of a calendar year.
    pub(crate) fn takes_pupils(&self, facility: usize, year: i32) -> bool {
        self.schedules[facility].is_open(year) && self.schedules[facility].classes > 0
    }

    /// Whether a facility offers a grade in the September of a calendar year: it may not have come so far yet.
    pub(crate) fn takes_grade(&self, supply: &Supply, facility: usize, year: i32, grade: usize) -> bool {
        let behind = self.schedules[facility].age(year).is_some_and(|age| age < grade as i32);
        self.takes_pupils(facility, year) && !(supply.facilities[facility].staged && behind)
    }

    /// Closes private classes for good where too few private places of an area and stage were used this year.
    pub(crate) fn close_private(&mut self, supply: &Supply, school_year: &SchoolYear<'_>, seated: &[u32]) {
        let slots = 2 * supply.rules.catchments;
        for (facility, schedule) in supply.facilities.iter().zip(&mut self.schedules).filter(|(f, _)| f.private) {
            let rate = school_year.draw(supply.rules.private_closure, facility.area);
            if rate <= 0.0 || schedule.first.is_some_and(|first| first > school_year.year) {
                continue;
            }
            let slot = facility.slot(supply.rules.catchments);
            let sum = |grid: &[u32]| grid.iter().skip(slot).step_by(slots).map(|n| f64::from(*n)).sum::<f64>();
            if sum(seated) < supply.rules.private_closure_below * sum(&self.norm) {
                let mut stream = school_year.september().stream(facility.closures, 0);
                schedule.classes -= binomial(schedule.classes, rate, &mut stream);
            }
        }
    }

    /// Adds a facility that gives equal parts to its grades.
    fn add_by_cohort(&mut self, rules: &SupplyRules, facility: &Facility, active: ActiveCapacity) {
        let slot = facility.slot(rules.catchments);
        for grade in 0..rules.grades {
            let rooms = active.rooms(facility, rules.grades, grade);
            let seats = rules.sizes(facility, grade).map(|size| size * rooms);
            self.add(grade * 2 * rules.catchments + slot, rooms, seats);
        }
    }

    fn add(&mut self, cell: usize, rooms: u32, seats: Sizes) {
        self.classes[cell] += rooms;
        self.norm[cell] += seats.norm;
        self.stretched[cell] += seats.max;
        self.surge[cell] += seats.surge;
    }

    /// Shares the pool of a catchment among its grades.
    fn share_pool(&mut self, rules: &SupplyRules, catchment: usize, pupils: Pupils<'_>) {
        let pool = &mut self.pools[catchment];
        if pool.rooms == 0 {
            pool.held.fill(0);
            return;
        }
        pool.measure(rules);
        for grade in 0..rules.grades {
            let cell = grade * 2 * rules.catchments + catchment;
            let children = pupils.seated[cell] + pupils.looking[grade * rules.catchments + catchment];
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
        for grade in 0..rules.grades {
            let rooms = self.parts[grade];
            let part = |seats: u32| (u64::from(seats) * u64::from(rooms) / u64::from(total)) as u32;
            let seats = self.pools[catchment].seats[grade].map(part);
            self.add(grade * 2 * rules.catchments + catchment, rooms, seats);
        }
    }
}

/// When a facility opens: the month on this path, and the planned one if it is part of the plan.
struct OpeningOnPath {
    month: f64,
    planned: Option<f64>,
}

fn opening(facility: &Facility, site: &Site, context: &ReplicationContext<'_>) -> OpeningOnPath {
    let before = facility.after.map(|(project, planned)| site.opening_of(planned, Some(project), context.draw));
    let (month, planned) = match facility.opens {
        Opening::Before => (f64::NEG_INFINITY, None),
        Opening::At(month) => (month, Some(month)),
        Opening::With { project, planned } => {
            let delay = site.opening(project, context.draw) - site.projects[project].opens;
            (planned + delay, (!site.projects[project].left_out).then_some(planned))
        }
    };
    OpeningOnPath { month: before.map_or(month, |before| month.max(before)), planned }
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
