//! Who holds which seat, and how seats change hands before new children are placed.
//!
//! Grids: `grade x origin x slot`, origins being catchments ([`crate::services::education::placement::catchments`]), slots the catchments' public places, then the areas'
//! private ones (at the position of the first catchment of the area), and outside the district. Within a catchment public
//! places are one pool, and within an area private ones.

use crate::random::{StreamKey, hypergeometric};

use super::capacity::{CapacityYear, Pupils};
use super::catchments::{Apportionment, CatchmentYear, Catchments};
use super::gravity_choice::GravityChoice;
use super::priority_groups::{Applicants, PriorityGroups, RegistrationSource, joiners};
use super::reachability::{Reachability, spread};
use super::transport::TransportSolver;
use super::travel_distances::{TravelDistances, TravelYear};
use crate::services::education::demand::children::Children;
use crate::services::education::stage::StageId;
use crate::services::education::streams::{September, cell};

const LEAVERS: StreamKey = StreamKey::named("education.leavers-seats");
const DISPLACED: StreamKey = StreamKey::named("education.displaced");
const CATCHMENT: StreamKey = StreamKey::named("education.catchment");
const BY_RIGHT: StreamKey = StreamKey::named("education.by-right");

/// Names the lots of those who go on by right, beside those of the rungs.
const BY_RIGHT_LOT: u32 = 11;

/// What decides how the seats of a stage are given.
#[derive(Debug)]
pub(crate) struct AllocationRules {
    pub(crate) stage: StageId,
    /// Registration groups, where they are told apart.
    pub(crate) groups: Option<PriorityGroups>,
    /// Whether families choose by distance.
    pub(crate) by_choice: bool,
}

/// The seats of one stage.
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) stage: StageId,
    pub(crate) catchments: Catchments,
    /// Where the children of each origin are zoned to this September.
    pub(crate) zones: CatchmentYear,
    pub(crate) grades: usize,
    graded: bool,
    /// Children by where they sit, `grade x origin x slot`.
    seats: Vec<u32>,
    /// Children who sit in each slot, `grade x slot` without the outside.
    pub(crate) load: Vec<u32>,
    /// Children without a seat, `grade x origin`.
    pub(crate) waiting: Vec<u32>,
    /// The same by where they are zoned to.
    looking: Vec<u32>,
    /// Ways that children are sent.
    pub(crate) reach: Reachability,
    /// All ways to public places, for what is reported of children who sit there already.
    pub(crate) metres: Vec<u32>,
    pub(crate) free: Vec<u32>,
    pub(crate) asking: Vec<u32>,
    /// Children who are new, who lose their seat, or who waited before a rung, `grade x origin`.
    pub(crate) aside: Vec<u32>,
    pub(crate) transport: TransportSolver,
    pub(crate) apportionment: Apportionment,
    /// Homes that have a right to the places of a slot.
    pub(crate) entitled: Vec<usize>,
    /// Registration groups, where the scenario tells them apart.
    pub(crate) groups: Option<PriorityGroups>,
    /// Where families choose by distance.
    pub(crate) choosing: Option<GravityChoice>,
}

/// Children of an area and grade who leave, of so many.
#[derive(Clone, Copy, Debug)]
struct Leavers {
    grade: usize,
    area: usize,
    among: u32,
    leaving: u32,
}

impl Allocation {
    /// Seats of a stage; `near` holds metres between areas (`from x to`), [`NO_WAY`](super::transport::NO_WAY) beyond the limit,
    /// and `metres` all of them.
    pub(crate) fn new(rules: AllocationRules, catchments: Catchments, near: &[u32], metres: &[u32]) -> Self {
        let AllocationRules { stage, groups, by_choice } = rules;
        let (grades, graded) = (stage.grades(), stage.def().graded);
        let number = catchments.len();
        Self {
            stage,
            grades,
            graded,
            seats: vec![0; grades * number * (2 * number + 1)],
            load: vec![0; grades * 2 * number],
            waiting: vec![0; grades * number],
            metres: spread(&catchments, metres),
            reach: Reachability::between(&catchments, near),
            free: vec![0; number],
            asking: vec![0; number],
            aside: vec![0; grades * number],
            groups,
            choosing: by_choice.then(|| GravityChoice::new(number)),
            transport: TransportSolver::new(number),
            apportionment: Apportionment::default(),
            entitled: Vec::with_capacity(number),
            zones: catchments.zones(grades),
            looking: vec![0; grades * number],
            catchments,
        }
    }

    /// Number of origins.
    pub(crate) fn origins(&self) -> usize {
        self.catchments.len()
    }

    /// Before the first September, and where everyone is placed anew, nobody sits anywhere and all are new; `children` are those
    /// there are, `grade x area`.
    pub(crate) fn start_replication(&mut self, children: &[u32], known: RegistrationSource<'_>, before: &September) {
        self.seats.fill(0);
        self.load.fill(0);
        self.waiting.fill(0);
        for (at, children) in children.iter().enumerate() {
            let (grade, area) = (at / self.catchments.areas(), at % self.catchments.areas());
            self.add_applicants(grade, area, *children, before);
        }
        if let Some(groups) = &mut self.groups {
            groups.clear();
        }
        self.join_groups(known, before);
    }

    /// New children of a grade and area look for a place.
    fn add_applicants(&mut self, grade: usize, area: usize, children: u32, september: &September) {
        let row = grade * self.origins();
        let catchments = self.catchments.of_area(area);
        if let [only] = catchments {
            self.waiting[row + only] += children;
            self.aside[row + only] = children;
            return;
        }
        let mut stream = september.stream(CATCHMENT.with(self.catchments.area_key(area)), cell(self.stage, grade));
        let parts = self.apportionment.by_share(children, catchments, &self.zones, &mut stream);
        for (at, part) in catchments.iter().zip(parts) {
            self.waiting[row + at] += part;
            self.aside[row + at] = *part;
        }
    }

    /// Registered children and those of them without a place, of an area; `None` where groups are not told apart.
    pub(crate) fn registered(&self, area: usize) -> Option<(u32, u32)> {
        let groups = self.groups.as_ref()?;
        let of = self.catchments.of_area(area).iter().map(|origin| groups.of(*origin));
        Some(of.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1)))
    }

    /// Who sits where and who looks for a place.
    pub(crate) fn pupils(&mut self) -> Pupils<'_> {
        if !self.catchments.are_several() {
            return Pupils { seated: &self.load, looking: &self.waiting, near: &self.reach.near[0] };
        }
        self.looking.fill(0);
        let origins = self.origins();
        for (at, waiting) in self.waiting.iter().enumerate() {
            let grade = at / origins;
            self.looking[grade * origins + self.zones.of(grade, at % origins)] += waiting;
        }
        Pupils { seated: &self.load, looking: &self.looking, near: &self.reach.near[0] }
    }

    /// Takes over the ways of a September.
    pub(crate) fn update_travel(&mut self, ways: &TravelDistances, now: &TravelYear) {
        ways.write_metres(now, &mut self.reach.near, &mut self.metres);
        self.reach.update_inside(&self.catchments, &self.metres);
    }

    /// Takes over how far families choose this September, metres by area.
    pub(crate) fn update_choice_scale(&mut self, scale: impl Fn(usize) -> f64) {
        if let Some(choosing) = &mut self.choosing {
            let places = [self.catchments.len(), self.catchments.areas()];
            choosing.update(&self.reach.near, places, |origin| scale(self.catchments.area_of(origin)));
        }
    }

    /// Children of a origin who sit in a slot, all grades.
    pub(crate) fn seated_in(&self, origin: usize, slot: usize) -> u32 {
        (0..self.grades).map(|grade| self.seats[self.row(grade, origin) + slot]).sum()
    }

    /// Children of an area and grade who sit in a slot.
    pub(crate) fn seated(&self, grade: usize, area: usize, slot: usize) -> u32 {
        self.catchments.of_area(area).iter().map(|origin| self.seats[self.row(grade, *origin) + slot]).sum()
    }

    /// Children who sit in a slot, by grade.
    pub(crate) fn load(&self, grade: usize, slot: usize) -> u32 {
        self.load[grade * 2 * self.origins() + slot]
    }

    /// Children of a origin who are without a place in a grade.
    pub(crate) fn waiting(&self, grade: usize, origin: usize) -> u32 {
        self.waiting[grade * self.origins() + origin]
    }

    /// The same of an area.
    pub(crate) fn waiting_of_area(&self, grade: usize, area: usize) -> u32 {
        self.catchments.of_area(area).iter().map(|origin| self.waiting(grade, *origin)).sum()
    }

    /// Children of a grade and origin.
    pub(crate) fn children(&self, grade: usize, origin: usize) -> u32 {
        self.seated_at_all(grade, origin) + self.waiting(grade, origin)
    }

    /// The seats of a grade and origin, by slot.
    pub(crate) fn seats_of(&self, grade: usize, origin: usize) -> &[u32] {
        &self.seats[self.row(grade, origin)..][..=2 * self.origins()]
    }

    fn row(&self, grade: usize, origin: usize) -> usize {
        (grade * self.origins() + origin) * (2 * self.origins() + 1)
    }

    fn seated_at_all(&self, grade: usize, origin: usize) -> u32 {
        self.seats_of(grade, origin).iter().sum()
    }

    /// Step 1: moves everyone up a grade, takes leavers from their seats and sets who looks for one. `children` are
    /// `grade x area`; `known` tells how many of new ones are registered.
    pub(crate) fn roll_forward(&mut self, children: &Children, known: RegistrationSource<'_>, september: &September) {
        if !self.graded {
            self.start_replication(&children.pupils, known, september);
            return;
        }
        if let Some(groups) = &mut self.groups {
            groups.roll_forward();
        }
        let (origins, slots, areas) = (self.origins(), 2 * self.origins(), self.catchments.areas());
        let seats = origins * (slots + 1);
        self.seats.copy_within(..(self.grades - 1) * seats, seats);
        self.seats[..seats].fill(0);
        self.load.copy_within(..(self.grades - 1) * slots, slots);
        self.load[..slots].fill(0);
        self.waiting.copy_within(..(self.grades - 1) * origins, origins);
        self.waiting[..origins].fill(0);
        for grade in 0..self.grades {
            for area in 0..areas {
                let at = grade * areas + area;
                let leaving = if grade == 0 { 0 } else { children.before[at - areas] - children.stayed[at] };
                if leaving > 0 {
                    let leavers = Leavers { grade, area, among: children.before[at - areas], leaving };
                    self.remove_leavers(leavers, september);
                }
                let new = if grade == 0 { children.pupils[at] } else { joiners(children, at) };
                self.add_applicants(grade, area, new, september);
            }
        }
        self.join_groups(known, september);
    }

    /// Which of new children, whom `aside` holds, are registered.
    fn join_groups(&mut self, known: RegistrationSource<'_>, september: &September) {
        let Some(mut groups) = self.groups.take() else { return };
        for grade in 0..self.grades {
            for area in 0..self.catchments.areas() {
                let mut known = known.of(grade * self.catchments.areas() + area, area);
                for &origin in self.catchments.of_area(area) {
                    let new = self.aside[grade * self.origins() + origin];
                    let waiting = self.waiting(grade, origin) - new;
                    let applicants = Applicants { grade, origin, waiting, seated: self.seated_at_all(grade, origin) };
                    groups.join(applicants, new, &mut known, september);
                }
            }
        }
        self.groups = Some(groups);
    }

    /// Takes leavers from wherever they sit or wait: multivariate hypergeometric over the seats.
    fn remove_leavers(&mut self, leavers: Leavers, september: &September) {
        let Leavers { grade, area, among, leaving } = leavers;
        let mut stream = september.stream(LEAVERS.with(self.catchments.area_key(area)), cell(self.stage, grade));
        let slots = 2 * self.origins();
        let (mut rest, mut leaving) = (among, leaving);
        for at in 0..self.catchments.of_area(area).len() {
            let origin = self.catchments.of_area(area)[at];
            let (row, waiting) = (self.row(grade, origin), self.waiting(grade, origin));
            let mut seats_gone = 0;
            let mut seated = 0;
            for slot in 0..=slots {
                let seats = self.seats[row + slot];
                if seats == 0 {
                    continue;
                }
                rest -= seats;
                let gone = hypergeometric(seats, rest, leaving, &mut stream);
                self.seats[row + slot] -= gone;
                if slot < slots {
                    self.load[grade * slots + slot] -= gone;
                }
                leaving -= gone;
                seats_gone += gone;
                seated += seats;
            }
            rest -= waiting;
            let gone = hypergeometric(waiting, rest, leaving, &mut stream);
            leaving -= gone;
            if let Some(groups) = &mut self.groups {
                groups.gone(Applicants { grade, origin, waiting, seated }, gone, seats_gone, september);
            }
            self.waiting[grade * self.catchments.len() + origin] -= gone;
        }
        debug_assert_eq!((rest, leaving), (0, 0), "everyone sits somewhere or waits");
    }

    /// Step 2: takes seats from as many as the schools of a slot can no longer hold, at random among those who sit there.
    pub(crate) fn displace(&mut self, capacity: &CapacityYear, september: &September) {
        let (origins, slots) = (self.origins(), 2 * self.origins());
        self.aside.fill(0);
        for at in 0..self.load.len() {
            let excess = self.load[at].saturating_sub(capacity.surge[at]);
            if excess == 0 {
                continue;
            }
            let (grade, slot) = (at / slots, at % slots);
            let mut stream = september.stream(DISPLACED.with(self.catchments.slot_key(slot)), cell(self.stage, grade));
            let (mut rest, mut moving) = (self.load[at], excess);
            for origin in 0..origins {
                let seats = self.row(grade, origin) + slot;
                rest -= self.seats[seats];
                let gone = hypergeometric(self.seats[seats], rest, moving, &mut stream);
                self.seats[seats] -= gone;
                self.waiting[grade * origins + origin] += gone;
                self.aside[grade * origins + origin] += gone;
                moving -= gone;
            }
            self.load[at] -= excess;
        }
        for at in (0..self.aside.len()).filter(|at| self.aside[*at] > 0) {
            let (grade, origin, lost) = (at / origins, at % origins, self.aside[at]);
            let seated = self.seated_at_all(grade, origin) + lost;
            if let Some(groups) = &mut self.groups {
                groups.displaced(Applicants { grade, origin, waiting: 0, seated }, lost, september);
            }
        }
    }

    /// Step 2, where pupils come back: those who sit in the public schools of another catchment take what is free at the norm in
    /// their own, those from the farthest first.
    pub(crate) fn transfer_back(&mut self, capacity: &CapacityYear) {
        let (origins, slots) = (self.origins(), 2 * self.origins());
        for grade in 0..self.grades {
            for origin in 0..origins {
                let own = grade * slots + origin;
                let mut free = capacity.norm[own].saturating_sub(self.load[own]);
                let row = self.row(grade, origin);
                while free > 0 {
                    let away = (0..origins).filter(|at| *at != origin && self.seats[row + at] > 0);
                    // Ties go to the one that comes first.
                    let Some(from) = away.rev().max_by_key(|at| self.metres[origin * origins + at]) else { break };
                    let back = free.min(self.seats[row + from]);
                    self.seats[row + from] -= back;
                    self.load[grade * slots + from] -= back;
                    self.seats[row + origin] += back;
                    self.load[own] += back;
                    free -= back;
                }
            }
        }
    }

    /// Children of an area take seats of the entry grade by right, whoever else asks; so many of each slot, at random among its
    /// catchments.
    pub(crate) fn seat_by_right(
        &mut self,
        area: usize,
        seats: impl Iterator<Item = (usize, u32)>,
        september: &September,
    ) {
        let mut lots = september.stream(BY_RIGHT.with(self.catchments.area_key(area)), cell(self.stage, 0));
        self.aside[..self.catchments.len()].copy_from_slice(&self.waiting[..self.catchments.len()]);
        for (slot, children) in seats.filter(|(_, children)| *children > 0) {
            let number = self.catchments.of_area(area).len();
            if number > 1 {
                let waiting = self.catchments.of_area(area).iter().map(|origin| self.waiting[*origin]);
                self.apportionment.by_lot(children, waiting, &mut lots);
            }
            for at in 0..number {
                let part = if number > 1 { self.apportionment.part(at) } else { children };
                self.seat(0, self.catchments.of_area(area)[at], slot, part);
            }
        }
        let Some(mut groups) = self.groups.take() else { return };
        for &origin in self.catchments.of_area(area) {
            let (waiting, placed) = (self.aside[origin], self.aside[origin] - self.waiting[origin]);
            if placed > 0 {
                let applicants = Applicants { grade: 0, origin, waiting, seated: 0 };
                groups.placed(applicants, placed, false, september, BY_RIGHT_LOT);
            }
        }
        self.groups = Some(groups);
    }

    /// Children of a grade and origin take seats of a slot.
    pub(crate) fn seat(&mut self, grade: usize, origin: usize, slot: usize, seated: u32) {
        let (row, origins) = (self.row(grade, origin), self.origins());
        self.seats[row + slot] += seated;
        if slot < 2 * origins {
            self.load[grade * 2 * origins + slot] += seated;
        }
        self.waiting[grade * origins + origin] -= seated;
    }
}
