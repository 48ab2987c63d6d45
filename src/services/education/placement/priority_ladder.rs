//! Who sits where: the placement ladder of one stage, September by September.
//!
//! Order of a September, for every grade:
//!
//! 1. pupils move up and keep their seats; leavers are a random part of those enrolled, seated or not;
//! 2. where schools can no longer hold those who sit there (a closure), a random part must look for another seat;
//!    and where pupils come back (`return_home`), those who sit in the public schools of another catchment take free places at the
//!    norm in their own, the farthest first;
//!    leavers of the primary part of a nine-year school who go on in its junior part have their seats there ([`crate::services::education::placement::through_schools`]);
//! 3. of the new children, those who choose a private place first take one in their own area, or the nearest within the
//!    distance limit; where families choose by distance (`choice_km`, [`crate::services::education::placement::gravity_choice`]), one of these first, and then all others
//!    choose a public place likewise;
//! 4. the public schools that they are zoned to, up to the class-size norm;
//! 5. the same, stretched;
//! 6. other schools of the own area, up to the norm, then stretched, with the least total distance;
//! 7. other areas within the limit, up to the norm, then stretched, with the least total distance (统筹);
//! 8. private places that are left, within the limit;
//! 9. schools that they are zoned to, own area, then others, up to the emergency size;
//! 10. a share of the rest finds a place outside the district; who is left is without a place and asks again next year.
//!
//! An area that is not divided is one catchment, and rung 6 is empty. Every child is on exactly one rung. Within a rung, other
//! catchments take as many children as any assignment to their free seats can ([`crate::services::education::placement::transport`]). Rungs 1 and 2 are in
//! [`crate::services::education::placement::allocation`], which says what the grids are.

use crate::random::StreamKey;

use super::allocation::Seats;
use super::capacity::Offer;
use super::priority_groups::{LOT_BITS, Pool};
use crate::services::education::streams::{September, cell};

const OUTSIDE: StreamKey = StreamKey::named("education.outside");
const CHOOSERS_LOT: StreamKey = StreamKey::named("education.choosers");
const CHOICE: StreamKey = StreamKey::named("education.choice");
const LOT: StreamKey = StreamKey::named("education.catchment-lot");

/// A rung: the size of a class, the sector, whose schools, and what names its lots.
type Rung = (Size, Sector, Reach, u32);

/// The rungs of a grade.
const LADDER: [Rung; 15] = [
    (Size::Norm, Sector::Private, Reach::Chosen, 15),
    (Size::Norm, Sector::Private, Reach::Own, 0),
    (Size::Norm, Sector::Private, Reach::Near, 1),
    (Size::Norm, Sector::Public, Reach::Chosen, 16),
    (Size::Norm, Sector::Public, Reach::Own, 2),
    (Size::Stretched, Sector::Public, Reach::Own, 3),
    (Size::Norm, Sector::Public, Reach::Inside, 12),
    (Size::Stretched, Sector::Public, Reach::Inside, 13),
    (Size::Norm, Sector::Public, Reach::Near, 4),
    (Size::Stretched, Sector::Public, Reach::Near, 5),
    (Size::Norm, Sector::Private, Reach::Own, 6),
    (Size::Norm, Sector::Private, Reach::Near, 7),
    (Size::Emergency, Sector::Public, Reach::Own, 8),
    (Size::Emergency, Sector::Public, Reach::Inside, 14),
    (Size::Emergency, Sector::Public, Reach::Near, 9),
];

/// The first rungs are for those who choose a private place; from this one on everybody asks.
const CHOOSERS: usize = 3;

/// Names the lots of those who go outside.
const LEAVING_LOT: u32 = 10;

impl Seats {
    /// Rungs 3 to 10 of one grade. `choosers` are the new children by area who choose a private place first; `outside_share`
    /// by area is the share of those left who go outside the district.
    pub(crate) fn place(
        &mut self,
        grade: usize,
        offer: &Offer,
        choosers: &[u32],
        outside_share: &[f64],
        september: &September,
    ) {
        let homes = grade * self.homes()..(grade + 1) * self.homes();
        if self.waiting[homes.clone()].iter().all(|children| *children == 0) {
            return;
        }
        for (area, chosen) in choosers.iter().enumerate() {
            self.choose((grade, area), *chosen, september);
        }
        for (at, rung) in LADDER.into_iter().enumerate() {
            if at == CHOOSERS {
                self.asking.copy_from_slice(&self.waiting[homes.clone()]);
            }
            if self.groups.is_some() {
                self.aside[homes.clone()].copy_from_slice(&self.waiting[homes.clone()]);
            }
            self.climb(grade, offer, rung, september);
            self.tell_groups(grade, rung, september);
        }
        for (area, share) in outside_share.iter().enumerate() {
            self.leave((grade, area), *share, september);
        }
    }

    /// Those of an area who choose a private place ask first: by lot among its catchments.
    fn choose(&mut self, (grade, area): (usize, usize), chosen: u32, september: &September) {
        let row = grade * self.homes();
        let catchments = self.catchments.of_area(area);
        if let [only] = catchments {
            self.asking[*only] = chosen.min(self.waiting[row + only]);
            return;
        }
        let mut lots = september.stream(CHOOSERS_LOT, cell(self.stage, grade, area));
        let waiting = catchments.iter().map(|home| self.waiting[row + home]);
        let parts = self.division.by_lot(chosen, waiting, &mut lots);
        for (home, part) in catchments.iter().zip(parts) {
            self.asking[*home] = *part;
        }
    }

    /// Which of those whom a rung has placed are registered; `aside` holds who waited before it.
    fn tell_groups(&mut self, grade: usize, (_, sector, reach, lot): Rung, september: &September) {
        let Some(groups) = &mut self.groups else { return };
        let public = sector == Sector::Public;
        // Where they choose by right, it is known who is taken.
        let chosen = self.choosing.as_ref().filter(|_| reach == Reach::Chosen && public && groups.come_first());
        let homes = self.catchments.len();
        for home in 0..homes {
            let at = grade * homes + home;
            let (before, placed) = (self.aside[at], self.aside[at] - self.waiting[at]);
            if placed == 0 {
                continue;
            }
            if let Some(choosing) = chosen {
                groups.seat(grade, home, choosing.taken_first(home));
            } else {
                let pool = Pool { grade, home, waiting: before, seated: 0 };
                groups.placed(pool, placed, public, (september, lot));
            }
        }
    }

    /// Places those who ask in the free seats of a rung.
    fn climb(&mut self, grade: usize, offer: &Offer, (size, sector, reach, lot): Rung, september: &September) {
        let nobody = match reach {
            Reach::Chosen => self.choosing.is_none(),
            Reach::Inside => !self.catchments.are_several(),
            Reach::Own | Reach::Near => false,
        };
        if nobody || self.asking.iter().all(|asking| *asking == 0) {
            return;
        }
        let limit = match size {
            Size::Norm => &offer.norm,
            Size::Stretched => &offer.stretched,
            Size::Emergency => &offer.emergency,
        };
        let first = if sector == Sector::Private { self.homes() } else { 0 };
        let slots = grade * 2 * self.homes() + first..;
        for (free, (limit, load)) in self.free.iter_mut().zip(limit[slots.clone()].iter().zip(&self.load[slots])) {
            *free = limit.saturating_sub(*load);
        }
        match (reach, sector) {
            (Reach::Own, _) if !self.catchments.are_several() => {
                for home in 0..self.homes() {
                    self.take((grade, home), first + home, self.asking[home].min(self.free[home]));
                }
            }
            (Reach::Own, Sector::Public) => {
                for slot in 0..self.homes() {
                    let of_area = self.catchments.of_area(self.catchments.area_of(slot)).iter();
                    let zoned = of_area.filter(|home| self.zones.of(grade, **home) == slot);
                    self.entitled.clear();
                    self.entitled.extend(zoned);
                    self.share_out((grade, slot), self.free[slot], lot, september);
                }
            }
            (Reach::Own, Sector::Private) => {
                for area in 0..self.catchments.areas() {
                    self.entitled.clear();
                    self.entitled.extend(self.catchments.of_area(area));
                    self.share_out((grade, first + area), self.free[area], lot, september);
                }
            }
            (Reach::Chosen, _) => self.send_as_chosen((grade, first), sector, lot, september),
            (Reach::Inside | Reach::Near, _) => self.send(grade, first, (sector, reach)),
        }
    }

    /// Places those who ask where they choose, as far as places are free. Those who ask for public places are all who wait, so
    /// that it is known how many of them are registered.
    fn send_as_chosen(&mut self, (grade, first): (usize, usize), sector: Sector, lot: u32, september: &September) {
        let Some(mut choosing) = self.choosing.take() else { return };
        choosing.clear();
        let by_right = self.groups.as_ref().filter(|groups| sector == Sector::Public && groups.come_first());
        for home in (0..self.homes()).filter(|home| self.asking[*home] > 0) {
            let come_first = by_right.map_or(0, |groups| groups.waiting(grade, home));
            let mut stream = september.stream(CHOICE, cell(self.stage, grade, home) + (lot << LOT_BITS));
            choosing.choose((home, sector == Sector::Private), self.asking[home], come_first, &mut stream);
        }
        for at in 0..self.homes() {
            let mut lots = september.stream(LOT, cell(self.stage, grade, at) + (lot << LOT_BITS));
            choosing.turn_away(at, self.free[at], &mut lots);
            for home in 0..self.homes() {
                self.take((grade, home), first + at, choosing.taken(home, at));
            }
        }
        self.choosing = Some(choosing);
    }

    /// Free places of a slot go to the homes that have a right to them, by lot where they are too few; in public schools to the
    /// registered children of all these homes first, if they come first.
    fn share_out(&mut self, (grade, slot): (usize, usize), free: u32, lot: u32, september: &September) {
        if let &[only] = &*self.entitled {
            self.take((grade, only), slot, self.asking[only].min(free));
            return;
        }
        let mut lots = september.stream(LOT, cell(self.stage, grade, slot) + (lot << LOT_BITS));
        let by_right = self.groups.as_ref().filter(|groups| slot < self.catchments.len() && groups.come_first());
        let first = |home: usize| by_right.map_or(0, |groups| groups.waiting(grade, home));
        let asking = self.entitled.iter().map(|home| (first(*home), self.asking[*home]));
        self.division.by_rank(free, asking, &mut lots);
        for at in 0..self.entitled.len() {
            self.take((grade, self.entitled[at]), slot, self.division.part(at));
        }
    }

    /// Children who ask sit down.
    fn take(&mut self, (grade, home): (usize, usize), slot: usize, seated: u32) {
        self.asking[home] -= seated;
        self.sit((grade, home), slot, seated);
    }

    /// Sends children to free seats of other catchments, with the least total distance.
    fn send(&mut self, grade: usize, first: usize, to: (Sector, Reach)) {
        let metres = match to {
            (_, Reach::Inside) => &self.reach.inside,
            (Sector::Public, _) => &self.reach.near[0],
            (Sector::Private, _) => &self.reach.near[1],
        };
        self.transport.solve(&mut self.asking, &mut self.free, metres);
        for sent in 0..self.transport.pairs() {
            let (home, at, seated) = self.transport.sent(sent);
            if seated > 0 {
                self.sit((grade, home), first + at, seated);
            }
        }
    }

    /// A share of those left goes outside, by lot among the catchments. Rounded by one uniform number an area, so that one child
    /// fewer left over never leaves more without a place.
    fn leave(&mut self, (grade, area): (usize, usize), share: f64, september: &September) {
        let waiting = self.waiting_of_area(grade, area);
        if waiting == 0 || share <= 0.0 {
            return;
        }
        let mut lots = september.stream(OUTSIDE, cell(self.stage, grade, area));
        let gone = (libm::floor(f64::from(waiting) * share + lots.uniform()) as u32).min(waiting);
        if let &[only] = self.catchments.of_area(area) {
            self.go_outside((grade, only), gone, september);
            return;
        }
        let row = grade * self.homes();
        let of_area = self.catchments.of_area(area).iter();
        self.division.by_lot(gone, of_area.map(|home| self.waiting[row + home]), &mut lots);
        for at in 0..self.catchments.of_area(area).len() {
            self.go_outside((grade, self.catchments.of_area(area)[at]), self.division.part(at), september);
        }
    }

    fn go_outside(&mut self, (grade, home): (usize, usize), gone: u32, september: &September) {
        let waiting = self.waiting(grade, home);
        if let Some(groups) = &mut self.groups {
            groups.placed(Pool { grade, home, waiting, seated: 0 }, gone, false, (september, LEAVING_LOT));
        }
        self.sit((grade, home), 2 * self.homes(), gone);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Norm,
    Stretched,
    Emergency,
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
