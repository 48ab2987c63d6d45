//! Places: how many classes and seats each area's schools offer to each grade in each September.
//!
//! A facility takes pupils from the first 1 September on or after its opening ([`crate::supply`]): one day late is a year late. A facility
//! that opens in stages offers its entry grade first and one grade more every year, in equal parts of its classes (24
//! classes of six grades open 4); the parts move up with their cohorts.
//!
//! The public facilities of a catchment (an area, where it is not divided) that have all their grades open share their rooms
//! ([`super::classroom_sharing`]). Private facilities, and public ones if the scenario says so (`flexible_classrooms`), give equal
//! parts to the grades instead.
//!
//! Each offer has three sizes: the class-size norm, stretched, and emergency; private facilities keep to the norm.
//! Shape of a grid: `grade x slot`; slots are the catchments' public places, then the areas' private ones.

use crate::dates::{Date, Day};
use crate::random::binomial;
use crate::services::education::streams::SchoolYear;
use crate::services::service::ReplicationContext;
use crate::supply::{Calendar, Open};

use super::classroom_sharing::{GradeNeed, RoomPool};
use super::facility::{Facility, Sizes, Supply, SupplyRules};
use super::transport::NO_WAY;

/// Month and day of the intake.
const INTAKE: (u32, u32) = (9, 1);

/// The children of a September, once they have moved up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pupils<'a> {
    /// Those with a seat, `grade x slot`.
    pub(crate) seated: &'a [u32],
    /// Those who look for one, `grade x catchment`.
    pub(crate) looking: &'a [u32],
    /// Metres between catchments within the distance limit, `from x to`.
    pub(crate) near: &'a [u32],
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
    calendar: Calendar,
    schedules: Vec<FacilitySchedule>,
    pools: Vec<RoomPool>,
    first: bool,
    /// Children whom a catchment cannot hold itself, `grade x catchment`.
    excess: Vec<u32>,
}

/// When a facility takes pupils on this path, and how many classes it has.
#[derive(Clone, Copy, Debug)]
struct FacilitySchedule {
    open: Open,
    /// Day of opening by plan; never, where the facility is left out or was always there.
    planned: Day,
    classes: u32,
}

impl FacilitySchedule {
    fn is_open(&self, year: i32) -> bool {
        self.open.on(intake_of(year))
    }

    /// Whether it has opened by the September of a year, whether or not it has closed since.
    fn has_opened(&self, year: i32) -> bool {
        self.open.from <= intake_of(year)
    }

    /// Intakes before that of a year; `None` where it was always there. Who has closed and opens again starts anew, one
    /// grade a year if it opens in stages.
    fn age(&self, year: i32) -> Option<i32> {
        self.open.intakes_before(year, INTAKE.0, INTAKE.1)
    }
}

/// The day of the intake of a year.
fn intake_of(year: i32) -> Day {
    Day::new(Date { year, month: INTAKE.0, day: INTAKE.1 }).unwrap_or(Day::NEVER)
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
            calendar: Calendar::default(),
            schedules: Vec::with_capacity(facilities),
            pools: vec![RoomPool::new(rules.grades); rules.catchments],
            first: true,
            excess: vec![0; rules.grades * rules.catchments],
        }
    }

    /// Settles what a path decides: when each facility opens and how many classes stand there today.
    pub(crate) fn start_replication(&mut self, supply: &Supply, context: &ReplicationContext<'_>) {
        self.schedules.clear();
        self.first = true;
        self.pools.iter_mut().for_each(|pool| pool.held.fill(0));
        let (site, draw) = (context.site, context.draw);
        self.calendar.settle(supply.facilities.iter().map(|facility| &facility.schedule), site, draw);
        for (facility, open) in supply.facilities.iter().zip(self.calendar.rows()) {
            let present = facility.schedule.is_present();
            let factor = facility.existing_capacity_factor.map_or(1.0, |factor| draw.at(factor, 0, facility.area));
            let classes = libm::round(f64::from(facility.classes) * factor) as u32;
            let planned = if present { Day::NEVER } else { facility.schedule.opens.by_plan(site) };
            let mut schedule = FacilitySchedule { open: *open, planned, classes };
            // What has all its grades by the first September is a school like all others, whenever it was founded.
            let grown = |age: i32| !facility.staged || age + 1 >= supply.rules.grades as i32;
            if present && schedule.age(site.start).is_some_and(grown) {
                schedule.open.from = Day::EVER;
            }
            if present && !facility.private && !facility.by_grade.is_empty() {
                let held = self.pools[facility.catchment].held.iter_mut().enumerate();
                held.for_each(|(grade, held)| *held += facility.classes_of(classes, grade));
            }
            self.schedules.push(schedule);
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
            let due = schedule.planned <= intake_of(school_year.year);
            self.missed[facility.area] |= due && !schedule.has_opened(school_year.year);
            let Some(active) = self.active(supply, school_year, index) else { continue };
            if active.pooled {
                let part = |grade| active.rooms(facility, supply.rules.grades, grade);
                self.pools[facility.catchment].add(&supply.rules, facility, active.classes, part);
            } else {
                self.add_by_cohort(&supply.rules, facility, active);
            }
        }
        self.share_classrooms(&supply.rules, pupils);
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
            if rate <= 0.0 || !schedule.has_opened(school_year.year) {
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

    /// Shares the rooms of each catchment among its grades.
    fn share_classrooms(&mut self, rules: &SupplyRules, pupils: Pupils<'_>) {
        self.pools.iter_mut().for_each(|pool| pool.measure(rules));
        for (at, excess) in self.excess.iter_mut().enumerate() {
            let (grade, catchment) = (at / rules.catchments, at % rules.catchments);
            let cell = grade * 2 * rules.catchments + catchment;
            let certain = self.stretched[cell] + self.pools[catchment].equal_seats(grade);
            *excess = (pupils.seated[cell] + pupils.looking[at]).saturating_sub(certain);
        }
        for catchment in 0..rules.catchments {
            if self.pools[catchment].rooms == 0 {
                continue;
            }
            for grade in 0..rules.grades {
                let cell = grade * 2 * rules.catchments + catchment;
                let unshared = Sizes { norm: self.norm[cell], max: self.stretched[cell], surge: self.surge[cell] };
                let looking = pupils.looking[grade * rules.catchments + catchment];
                // In the first September nobody sits anywhere yet, but those who look for a seat have had a class.
                let (seated, looking) =
                    if self.first { (pupils.seated[cell] + looking, 0) } else { (pupils.seated[cell], looking) };
                let coming = self.excess_within_reach(rules, catchment, grade, pupils.near);
                self.pools[catchment].needs[grade] = GradeNeed { seated, looking, coming, unshared };
            }
        }
        for catchment in 0..rules.catchments {
            self.pools[catchment].share();
            self.write_pool(rules, catchment);
            for grade in 0..rules.grades {
                self.classes[grade * 2 * rules.catchments + catchment] += self.pools[catchment].held[grade];
            }
        }
    }

    /// Once everybody has been placed, rooms that nobody needs are shared with grades whose children are without a place. Whether
    /// any are.
    pub(crate) fn regroup(&mut self, rules: &SupplyRules, pupils: Pupils<'_>) -> bool {
        self.excess.copy_from_slice(pupils.looking);
        let mut any = false;
        for catchment in 0..rules.catchments {
            if self.pools[catchment].rooms == 0 {
                continue;
            }
            for grade in 0..rules.grades {
                let coming = self.excess_within_reach(rules, catchment, grade, pupils.near);
                let need = &mut self.pools[catchment].needs[grade];
                need.seated = pupils.seated[grade * 2 * rules.catchments + catchment];
                need.looking = pupils.looking[grade * rules.catchments + catchment];
                need.coming = coming;
                any |= need.looking + need.coming > 0;
            }
            self.pools[catchment].regroup();
            self.write_pool(rules, catchment);
        }
        any
    }

    /// Children of a grade whom other catchments cannot hold, and who may be sent to this one.
    fn excess_within_reach(&self, rules: &SupplyRules, to: usize, grade: usize, near: &[u32]) -> u32 {
        let excess = self.excess[grade * rules.catchments..][..rules.catchments].iter().enumerate();
        excess
            .filter(|(from, excess)| **excess > 0 && *from != to && near[from * rules.catchments + to] != NO_WAY)
            .fold(0, |sum, (_, excess)| sum.saturating_add(*excess))
    }

    /// The seats of a catchment: those of rooms that are not shared, and those that its pool gives.
    fn write_pool(&mut self, rules: &SupplyRules, catchment: usize) {
        let pool = &self.pools[catchment];
        for grade in (0..rules.grades).filter(|_| pool.rooms > 0) {
            let cell = grade * 2 * rules.catchments + catchment;
            let mut seats = pool.needs[grade].unshared;
            seats += pool.given[grade];
            (self.norm[cell], self.stretched[cell], self.surge[cell]) = (seats.norm, seats.max, seats.surge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_september_is_in_time_and_the_second_is_a_year_late() {
        let opening = |month: u32, day: u32| {
            let from = Day::new(Date { year: 2025, month, day }).expect("a day");
            FacilitySchedule { open: Open { from, until: Day::NEVER, again: Day::NEVER }, planned: from, classes: 1 }
        };
        assert!(opening(9, 1).is_open(2025) && opening(1, 1).is_open(2025) && !opening(1, 1).is_open(2024));
        assert!(!opening(9, 2).is_open(2025) && opening(9, 2).is_open(2026));
        assert_eq!([opening(9, 1).age(2027), opening(9, 2).age(2027)], [Some(2), Some(1)]);
    }
}
