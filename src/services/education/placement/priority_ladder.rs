//! Who sits where: the placement ladder of one stage, September by September.
//!
//! Order of a September, for every grade:
//!
//! 1. pupils move up and keep their seats; leavers are a random part of those enrolled, seated or not;
//! 2. where schools can no longer hold those who sit there (a closure), a random part must look for another seat;
//!    and where pupils come back (`transfer_back`), those who sit in the public schools of another catchment take free places at the
//!    norm in their own, the farthest first;
//!    leavers of the primary part of a nine-year school who go on in its junior part have their seats there ([`crate::services::education::placement::through_schools`]);
//! 3. of the new children, those who choose a private place first take one in their own area, or the nearest within the
//!    distance limit; where families choose by distance (`choice_decay_km`, [`crate::services::education::placement::gravity_choice`]), one of these first, and then all others
//!    choose a public place likewise;
//! 4. the public schools that they are zoned to, up to the class-size norm;
//! 5. the same, stretched;
//! 6. other schools of the own area, up to the norm, then stretched, with the least total distance;
//! 7. other areas within the limit, up to the norm, then stretched, with the least total distance (统筹);
//! 8. private places that are left, within the limit;
//! 9. schools that they are zoned to, own area, then others, up to the emergency size;
//! 10. once all grades have been placed, the same in rooms that other grades turned out not to need ([`super::classroom_sharing`]);
//! 11. a share of the rest finds a place outside the district; who is left is without a place and asks again next year.
//!
//! An area that is not divided is one catchment, and rung 6 is empty. Every child is on exactly one rung. Within a rung, other
//! catchments take as many children as any assignment to their free seats can ([`crate::services::education::placement::transport`]). Rungs 1 and 2 are in
//! [`crate::services::education::placement::allocation`], which says what the grids are.

use crate::random::StreamKey;

use super::allocation::Allocation;
use super::capacity::CapacityYear;
use super::priority_groups::Applicants;
use crate::services::education::streams::{September, cell, lot_cell};

const OUTSIDE: StreamKey = StreamKey::named("education.outside");
const CHOOSERS_LOT: StreamKey = StreamKey::named("education.choosers");
const CHOICE: StreamKey = StreamKey::named("education.choice");
const LOT: StreamKey = StreamKey::named("education.catchment-lot");

/// The steps of a grade, in their order.
const LADDER: [PlacementStep; 15] = [
    PlacementStep::PrivateByChoice,
    PlacementStep::PrivateInArea,
    PlacementStep::PrivateNear,
    PlacementStep::PublicByChoice,
    PlacementStep::Zoned,
    PlacementStep::ZonedStretched,
    PlacementStep::AreaOthers,
    PlacementStep::AreaOthersStretched,
    PlacementStep::Near,
    PlacementStep::NearStretched,
    PlacementStep::PrivateLeftInArea,
    PlacementStep::PrivateLeftNear,
    PlacementStep::ZonedSurge,
    PlacementStep::AreaOthersSurge,
    PlacementStep::NearSurge,
];

/// The steps of a grade once all grades have been placed, where rooms are shared.
const FREED_ROOMS: [PlacementStep; 3] =
    [PlacementStep::ZonedFreed, PlacementStep::AreaOthersFreed, PlacementStep::NearFreed];

/// A step of the ladder. To add one: name it here and in [`LADDER`]; the compiler asks for its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlacementStep {
    /// Choosers of private places, where they choose by distance.
    PrivateByChoice,
    /// Choosers of private places, in their area.
    PrivateInArea,
    /// The same, within the distance limit.
    PrivateNear,
    /// All others, where they choose by distance.
    PublicByChoice,
    /// Public schools that children are zoned to.
    Zoned,
    ZonedStretched,
    /// Other public schools of their area.
    AreaOthers,
    AreaOthersStretched,
    /// Public schools of other areas within the limit.
    Near,
    NearStretched,
    /// Private places that are left.
    PrivateLeftInArea,
    PrivateLeftNear,
    /// Public schools as the last resort.
    ZonedSurge,
    AreaOthersSurge,
    NearSurge,
    /// The same, in rooms that other grades turned out not to need.
    ZonedFreed,
    AreaOthersFreed,
    NearFreed,
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
struct StepRule {
    size: Size,
    sector: Sector,
    reach: Reach,
    /// Names its lots; never another step's.
    lot: u32,
}

impl PlacementStep {
    const fn rule(self) -> StepRule {
        let (size, sector, reach, lot) = match self {
            Self::PrivateByChoice => (Size::Norm, Sector::Private, Reach::Chosen, 15),
            Self::PrivateInArea => (Size::Norm, Sector::Private, Reach::Own, 0),
            Self::PrivateNear => (Size::Norm, Sector::Private, Reach::Near, 1),
            Self::PublicByChoice => (Size::Norm, Sector::Public, Reach::Chosen, 16),
            Self::Zoned => (Size::Norm, Sector::Public, Reach::Own, 2),
            Self::ZonedStretched => (Size::Stretched, Sector::Public, Reach::Own, 3),
            Self::AreaOthers => (Size::Norm, Sector::Public, Reach::Inside, 12),
            Self::AreaOthersStretched => (Size::Stretched, Sector::Public, Reach::Inside, 13),
            Self::Near => (Size::Norm, Sector::Public, Reach::Near, 4),
            Self::NearStretched => (Size::Stretched, Sector::Public, Reach::Near, 5),
            Self::PrivateLeftInArea => (Size::Norm, Sector::Private, Reach::Own, 6),
            Self::PrivateLeftNear => (Size::Norm, Sector::Private, Reach::Near, 7),
            Self::ZonedSurge => (Size::Surge, Sector::Public, Reach::Own, 8),
            Self::AreaOthersSurge => (Size::Surge, Sector::Public, Reach::Inside, 14),
            Self::NearSurge => (Size::Surge, Sector::Public, Reach::Near, 9),
            Self::ZonedFreed => (Size::Surge, Sector::Public, Reach::Own, 17),
            Self::AreaOthersFreed => (Size::Surge, Sector::Public, Reach::Inside, 18),
            Self::NearFreed => (Size::Surge, Sector::Public, Reach::Near, 19),
        };
        StepRule { size, sector, reach, lot }
    }

    /// Whether only those who choose a private place ask.
    const fn is_for_private_choosers(self) -> bool {
        matches!(self, Self::PrivateByChoice | Self::PrivateInArea | Self::PrivateNear)
    }
}

/// Names the lots of those who go outside.
const LEAVING_LOT: u32 = 10;

/// What the children of each area who look for a place want, beyond one in its public schools.
#[derive(Clone, Debug)]
pub(crate) struct Applications {
    /// New children who choose a private place first.
    pub(crate) private_first: Vec<u32>,
    /// Share of those left who go outside the district.
    pub(crate) outside_share: Vec<f64>,
}

impl Applications {
    /// Scratch for so many areas.
    pub(crate) fn new(areas: usize) -> Self {
        Self { private_first: vec![0; areas], outside_share: vec![0.0; areas] }
    }
}

impl Allocation {
    /// Steps 3 to 9 of one grade.
    pub(crate) fn place_grade(
        &mut self,
        grade: usize,
        capacity: &CapacityYear,
        applications: &Applications,
        september: &September,
    ) {
        let origins = grade * self.origins()..(grade + 1) * self.origins();
        if self.waiting[origins.clone()].iter().all(|children| *children == 0) {
            return;
        }
        for (area, chosen) in applications.private_first.iter().enumerate() {
            self.apply_private_preference(grade, area, *chosen, september);
        }
        let mut private_choosers = true;
        for step in LADDER {
            if private_choosers && !step.is_for_private_choosers() {
                self.asking.copy_from_slice(&self.waiting[origins.clone()]);
                private_choosers = false;
            }
            if self.groups.is_some() {
                self.aside[origins.clone()].copy_from_slice(&self.waiting[origins.clone()]);
            }
            self.apply_step(grade, capacity, step.rule(), september);
            self.update_priority_groups(grade, step.rule(), september);
        }
    }

    /// Places who is left of a grade in rooms that other grades turned out not to need.
    pub(crate) fn place_in_freed_rooms(&mut self, grade: usize, capacity: &CapacityYear, september: &September) {
        let origins = grade * self.origins()..(grade + 1) * self.origins();
        self.asking.copy_from_slice(&self.waiting[origins.clone()]);
        for step in FREED_ROOMS {
            if self.groups.is_some() {
                self.aside[origins.clone()].copy_from_slice(&self.waiting[origins.clone()]);
            }
            self.apply_step(grade, capacity, step.rule(), september);
            self.update_priority_groups(grade, step.rule(), september);
        }
    }

    /// A share of who is left of a grade goes outside the district.
    pub(crate) fn leave_district(&mut self, grade: usize, applications: &Applications, september: &September) {
        for (area, share) in applications.outside_share.iter().enumerate() {
            self.send_outside(grade, area, *share, september);
        }
    }

    /// Whether any child is without a place.
    pub(crate) fn anyone_waits(&self) -> bool {
        self.waiting.iter().any(|children| *children > 0)
    }

    /// Those of an area who choose a private place ask first: at random among its catchments.
    fn apply_private_preference(&mut self, grade: usize, area: usize, chosen: u32, september: &September) {
        let row = grade * self.origins();
        let catchments = self.catchments.of_area(area);
        if let [only] = catchments {
            self.asking[*only] = chosen.min(self.waiting[row + only]);
            return;
        }
        let mut lots = september.stream(CHOOSERS_LOT.with(self.catchments.area_key(area)), cell(self.stage, grade));
        let waiting = catchments.iter().map(|origin| self.waiting[row + origin]);
        let parts = self.apportionment.by_lot(chosen, waiting, &mut lots);
        for (origin, part) in catchments.iter().zip(parts) {
            self.asking[*origin] = *part;
        }
    }

    /// Which of those whom a step has placed are registered; `aside` holds who waited before it.
    fn update_priority_groups(&mut self, grade: usize, rule: StepRule, september: &September) {
        let Some(groups) = &mut self.groups else { return };
        let public = rule.sector == Sector::Public;
        // Where they choose by right, it is known who is taken.
        let chosen = self.choosing.as_ref().filter(|_| rule.reach == Reach::Chosen && public && groups.come_first());
        let origins = self.catchments.len();
        for origin in 0..origins {
            let at = grade * origins + origin;
            let (before, placed) = (self.aside[at], self.aside[at] - self.waiting[at]);
            if placed == 0 {
                continue;
            }
            if let Some(choosing) = chosen {
                groups.seat(grade, origin, choosing.taken_first(origin));
            } else {
                let applicants = Applicants { grade, origin, waiting: before, seated: 0 };
                groups.placed(applicants, placed, public, september, rule.lot);
            }
        }
    }

    /// Places those who ask in the free seats of a step.
    fn apply_step(&mut self, grade: usize, capacity: &CapacityYear, rule: StepRule, september: &September) {
        let nobody = match rule.reach {
            Reach::Chosen => self.choosing.is_none(),
            Reach::Inside => !self.catchments.are_several(),
            Reach::Own | Reach::Near => false,
        };
        if nobody || self.asking.iter().all(|asking| *asking == 0) {
            return;
        }
        let limit = match rule.size {
            Size::Norm => &capacity.norm,
            Size::Stretched => &capacity.stretched,
            Size::Surge => &capacity.surge,
        };
        let first = match rule.sector {
            Sector::Public => 0,
            Sector::Private => self.origins(),
        };
        let slots = grade * 2 * self.origins() + first..;
        for (free, (limit, load)) in self.free.iter_mut().zip(limit[slots.clone()].iter().zip(&self.load[slots])) {
            *free = limit.saturating_sub(*load);
        }
        match rule.reach {
            Reach::Own => self.seat_own(grade, first, rule, september),
            Reach::Chosen => self.seat_as_chosen(grade, first, rule, september),
            Reach::Inside | Reach::Near => self.coordinate(grade, first, rule),
        }
    }

    /// Places those who ask in the schools that they are zoned to, or in the private places of their area.
    fn seat_own(&mut self, grade: usize, first: usize, rule: StepRule, september: &September) {
        if !self.catchments.are_several() {
            for origin in 0..self.origins() {
                self.seat_applicants(grade, origin, first + origin, self.asking[origin].min(self.free[origin]));
            }
            return;
        }
        match rule.sector {
            Sector::Public => {
                for slot in 0..self.origins() {
                    let of_area = self.catchments.of_area(self.catchments.area_of(slot)).iter();
                    let zoned = of_area.filter(|origin| self.zones.of(grade, **origin) == slot);
                    self.entitled.clear();
                    self.entitled.extend(zoned);
                    self.allocate_by_lot(grade, slot, self.free[slot], rule.lot, september);
                }
            }
            Sector::Private => {
                for area in 0..self.catchments.areas() {
                    self.entitled.clear();
                    self.entitled.extend(self.catchments.of_area(area));
                    self.allocate_by_lot(grade, first + area, self.free[area], rule.lot, september);
                }
            }
        }
    }

    /// Places those who ask where they choose, as far as places are free. Those who ask for public places are all who wait, so
    /// that it is known how many of them are registered.
    fn seat_as_chosen(&mut self, grade: usize, first: usize, rule: StepRule, september: &September) {
        let Some(mut choosing) = self.choosing.take() else { return };
        choosing.clear();
        let private = rule.sector == Sector::Private;
        let by_right = self.groups.as_ref().filter(|groups| !private && groups.come_first());
        for origin in (0..self.origins()).filter(|origin| self.asking[*origin] > 0) {
            let come_first = by_right.map_or(0, |groups| groups.waiting(grade, origin));
            let mut stream =
                september.stream(CHOICE.with(self.catchments.keys()[origin]), lot_cell(self.stage, grade, rule.lot));
            choosing.choose(origin, private, self.asking[origin], come_first, &mut stream);
        }
        for at in 0..self.origins() {
            let mut lots =
                september.stream(LOT.with(self.catchments.slot_key(first + at)), lot_cell(self.stage, grade, rule.lot));
            choosing.turn_away(at, self.free[at], &mut lots);
            for origin in 0..self.origins() {
                self.seat_applicants(grade, origin, first + at, choosing.taken(origin, at));
            }
        }
        self.choosing = Some(choosing);
    }

    /// Free places of a slot go to the origins that have a right to them, at random where they are too few; in public schools to
    /// the registered children of all these origins first, if they come first.
    fn allocate_by_lot(&mut self, grade: usize, slot: usize, free: u32, lot: u32, september: &September) {
        if let &[only] = &*self.entitled {
            self.seat_applicants(grade, only, slot, self.asking[only].min(free));
            return;
        }
        let mut lots = september.stream(LOT.with(self.catchments.slot_key(slot)), lot_cell(self.stage, grade, lot));
        let by_right = self.groups.as_ref().filter(|groups| slot < self.catchments.len() && groups.come_first());
        let first = |origin: usize| by_right.map_or(0, |groups| groups.waiting(grade, origin));
        let asking = self.entitled.iter().map(|origin| (first(*origin), self.asking[*origin]));
        self.apportionment.by_rank(free, asking, &mut lots);
        for at in 0..self.entitled.len() {
            self.seat_applicants(grade, self.entitled[at], slot, self.apportionment.part(at));
        }
    }

    /// Children who ask sit down.
    fn seat_applicants(&mut self, grade: usize, origin: usize, slot: usize, seated: u32) {
        self.asking[origin] -= seated;
        self.seat(grade, origin, slot, seated);
    }

    /// Sends children to free seats of other catchments, with the least total distance.
    fn coordinate(&mut self, grade: usize, first: usize, rule: StepRule) {
        let metres = match (rule.reach, rule.sector) {
            (Reach::Inside, _) => &self.reach.inside,
            (_, Sector::Public) => &self.reach.near[0],
            (_, Sector::Private) => &self.reach.near[1],
        };
        self.transport.solve(&mut self.asking, &mut self.free, metres);
        for pair in 0..self.transport.pairs() {
            let sent = self.transport.sent(pair);
            if sent.children > 0 {
                self.seat(grade, sent.from, first + sent.to, sent.children);
            }
        }
    }

    /// A share of those left goes outside, at random among the catchments. Rounded by one uniform number an area, so that one
    /// child fewer left over never leaves more without a place.
    fn send_outside(&mut self, grade: usize, area: usize, share: f64, september: &September) {
        let waiting = self.waiting_of_area(grade, area);
        if waiting == 0 || share <= 0.0 {
            return;
        }
        let mut lots = september.stream(OUTSIDE.with(self.catchments.area_key(area)), cell(self.stage, grade));
        let gone = (libm::floor(f64::from(waiting) * share + lots.uniform()) as u32).min(waiting);
        if let &[only] = self.catchments.of_area(area) {
            self.seat_outside(grade, only, gone, september);
            return;
        }
        let row = grade * self.origins();
        let of_area = self.catchments.of_area(area).iter();
        self.apportionment.by_lot(gone, of_area.map(|origin| self.waiting[row + origin]), &mut lots);
        for at in 0..self.catchments.of_area(area).len() {
            self.seat_outside(grade, self.catchments.of_area(area)[at], self.apportionment.part(at), september);
        }
    }

    fn seat_outside(&mut self, grade: usize, origin: usize, gone: u32, september: &September) {
        let waiting = self.waiting(grade, origin);
        if let Some(groups) = &mut self.groups {
            let applicants = Applicants { grade, origin, waiting, seated: 0 };
            groups.placed(applicants, gone, false, september, LEAVING_LOT);
        }
        self.seat(grade, origin, 2 * self.origins(), gone);
    }
}

/// How full classes may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Norm,
    Stretched,
    Surge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sector {
    Public,
    Private,
}

/// Whose schools: those that are chosen, the own ones, others of the own area, or others within the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Chosen,
    Own,
    Inside,
    Near,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_stands_once_on_the_ladder_and_draws_its_own_lots() {
        let steps: Vec<PlacementStep> = LADDER.into_iter().chain(FREED_ROOMS).collect();
        for (at, step) in steps.iter().enumerate() {
            for other in &steps[at + 1..] {
                assert_ne!(step, other);
                assert_ne!(step.rule().lot, other.rule().lot);
            }
            assert_ne!(step.rule().lot, LEAVING_LOT);
        }
    }
}
