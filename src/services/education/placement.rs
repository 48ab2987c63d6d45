//! Who sits where: the placement ladder of one stage, September by September.
//!
//! Order of a September, for every grade:
//!
//! 1. pupils move up and keep their seats; leavers are a random part of those enrolled, seated or not;
//! 2. where an area's schools can no longer hold those who sit there (a closure), a random part must look for another seat;
//!    and where pupils come back (`return_home`), those who sit in another area's public schools take free places at the norm
//!    in their own, the farthest first;
//!    leavers of the primary part of a nine-year school who go on in its junior part have their seats there ([`super::onward`]);
//! 3. of the new children, those who choose a private place first take one in their own area, or the nearest within the
//!    distance limit;
//! 4. own area's public schools up to the class-size norm;
//! 5. the same, stretched;
//! 6. other areas within the limit, up to the norm, then stretched, with the least total distance (统筹);
//! 7. private places that are left, within the limit;
//! 8. own area, then others, up to the emergency size;
//! 9. a share of the rest finds a place outside the district; who is left is without a place and asks again next year.
//!
//! Every child is on exactly one rung. Within a rung, other areas take as many children as any assignment to their free seats can
//! ([`super::transport`]). Grids: `grade x home x slot`, slots being the areas' public places, their private ones, and
//! outside the district. Within an area, places are one pool.

use crate::random::{Purpose, hypergeometric};

use super::demand::{Children, September, cell};
use super::entitlement::{Groups, Known, Pool, joiners};
use super::supply::{Offer, Pupils};
use super::transport::Transport;
use super::ways::{Ways, WaysNow};

const LEAVERS: Purpose = Purpose::named("education.leavers-seats");
const DISPLACED: Purpose = Purpose::named("education.displaced");
const OUTSIDE: Purpose = Purpose::named("education.outside");

/// The seats of one stage.
#[derive(Debug)]
pub(super) struct Seats {
    stage: usize,
    areas: usize,
    grades: usize,
    graded: bool,
    /// Children by where they sit, `grade x home x slot`.
    seat: Vec<u32>,
    /// Children who sit in each slot, `grade x slot` without the outside.
    load: Vec<u32>,
    /// Children without a seat, `grade x home`.
    waiting: Vec<u32>,
    /// Ways within the distance limit to public and to private places, metres, `from x to`.
    near: [Vec<u32>; 2],
    /// All ways to public places, for what is reported of children who sit there already.
    metres: Vec<u32>,
    free: Vec<u32>,
    asking: Vec<u32>,
    /// Children who lose their seat, then those who waited before a rung, `grade x home`.
    lost: Vec<u32>,
    transport: Transport,
    /// Registration groups, where the scenario tells them apart.
    groups: Option<Groups>,
}

/// The rungs of a grade: size of a class, sector, whose schools.
const LADDER: [(Size, Sector, Reach); 10] = [
    (Size::Norm, Sector::Private, Reach::Own),
    (Size::Norm, Sector::Private, Reach::Near),
    (Size::Norm, Sector::Public, Reach::Own),
    (Size::Stretched, Sector::Public, Reach::Own),
    (Size::Norm, Sector::Public, Reach::Near),
    (Size::Stretched, Sector::Public, Reach::Near),
    (Size::Norm, Sector::Private, Reach::Own),
    (Size::Norm, Sector::Private, Reach::Near),
    (Size::Emergency, Sector::Public, Reach::Own),
    (Size::Emergency, Sector::Public, Reach::Near),
];

/// The first rungs are for those who choose a private place; from this one on everybody asks.
const CHOOSERS: usize = 2;

/// Lots of those who go outside, and of those who go on by right, beside those of the rungs.
const LEAVING: u32 = LADDER.len() as u32;
const BY_RIGHT: u32 = LEAVING + 1;

/// Children by what has become of them, all grades of one home area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) own: u32,
    pub(super) coordinated: u32,
    pub(super) private: u32,
    pub(super) outside: u32,
    pub(super) waiting: u32,
    /// Metres between home and school of those placed in another area, in all.
    pub(super) metres: u64,
}

impl Seats {
    /// Seats of a stage; `near` holds metres between areas (`from x to`), [`super::transport::NO_WAY`] beyond the limit, and
    /// `metres` all of them.
    pub(super) fn new(
        (stage, grades, graded): (usize, usize, bool),
        near: Vec<u32>,
        metres: Vec<u32>,
        groups: Option<Groups>,
    ) -> Self {
        let areas = near.len().isqrt();
        Self {
            stage,
            areas,
            grades,
            graded,
            seat: vec![0; grades * areas * (2 * areas + 1)],
            load: vec![0; grades * 2 * areas],
            waiting: vec![0; grades * areas],
            metres,
            near: [near.clone(), near],
            free: vec![0; areas],
            asking: vec![0; areas],
            lost: vec![0; grades * areas],
            groups,
            transport: Transport::new(areas),
        }
    }

    /// Before the first September nobody sits anywhere; `children` are those there are, `grade x home`.
    pub(super) fn clear(&mut self, children: &[u32]) {
        self.seat.fill(0);
        self.load.fill(0);
        self.waiting.copy_from_slice(children);
    }

    /// Registered children, of the same children before the first September.
    pub(super) fn open_groups(&mut self, known: Known<'_>, september: &September) {
        if let Some(groups) = &mut self.groups {
            groups.open(&self.waiting, known, september);
        }
    }

    /// Registered children of an area and those of them without a place; `None` where groups are not told apart.
    pub(super) fn registered(&self, home: usize) -> Option<(u32, u32)> {
        self.groups.as_ref().map(|groups| groups.of(home))
    }

    /// Who sits where and who looks for a place.
    pub(super) fn pupils(&self) -> Pupils<'_> {
        Pupils { seated: &self.load, looking: &self.waiting }
    }

    /// Takes over the ways of a September.
    pub(super) fn look(&mut self, ways: &Ways, now: &WaysNow) {
        ways.write(now, &mut self.near, &mut self.metres);
    }

    /// Children of an area who sit in a slot, all grades.
    pub(super) fn seated_in(&self, home: usize, slot: usize) -> u32 {
        (0..self.grades).map(|grade| self.seat[self.row(grade, home) + slot]).sum()
    }

    /// Children of an area and grade who sit in a slot.
    pub(super) fn seated(&self, grade: usize, home: usize, slot: usize) -> u32 {
        self.seat[self.row(grade, home) + slot]
    }

    /// Children who sit in a slot, by grade.
    pub(super) fn load(&self, grade: usize, slot: usize) -> u32 {
        self.load[grade * 2 * self.areas + slot]
    }

    /// Children of an area who are without a place in a grade.
    pub(super) fn waiting(&self, grade: usize, home: usize) -> u32 {
        self.waiting[grade * self.areas + home]
    }

    /// What has become of the children of an area.
    pub(super) fn fate(&self, home: usize) -> Fate {
        let mut fate = Fate::default();
        for grade in 0..self.grades {
            let seats = &self.seat[self.row(grade, home)..][..=2 * self.areas];
            let public: u32 = seats[..self.areas].iter().sum();
            fate.own += seats[home];
            fate.coordinated += public - seats[home];
            if public > seats[home] {
                let ways = &self.metres[home * self.areas..][..self.areas];
                let metres = |(seats, way): (&u32, &u32)| u64::from(*seats) * u64::from(*way);
                fate.metres += seats.iter().zip(ways).filter(|(seats, _)| **seats > 0).map(metres).sum::<u64>();
            }
            fate.private += seats[self.areas..2 * self.areas].iter().sum::<u32>();
            fate.outside += seats[2 * self.areas];
            fate.waiting += self.waiting(grade, home);
        }
        fate
    }

    fn row(&self, grade: usize, home: usize) -> usize {
        (grade * self.areas + home) * (2 * self.areas + 1)
    }

    /// Rung 1: moves everyone up a grade, takes leavers from their seats and sets who looks for one. `known` tells how many
    /// of new children are registered.
    pub(super) fn move_up(&mut self, children: &Children, known: Known<'_>, september: &September) {
        if !self.graded {
            self.seat.fill(0);
            self.load.fill(0);
            self.waiting.copy_from_slice(&children.pupils);
            if let Some(groups) = &mut self.groups {
                groups.open(&self.waiting, known, september);
            }
            return;
        }
        if let Some(groups) = &mut self.groups {
            groups.move_up();
        }
        let (seats, slots) = (self.areas * (2 * self.areas + 1), 2 * self.areas);
        self.seat.copy_within(..(self.grades - 1) * seats, seats);
        self.seat[..seats].fill(0);
        self.load.copy_within(..(self.grades - 1) * slots, slots);
        self.load[..slots].fill(0);
        self.waiting.copy_within(..(self.grades - 1) * self.areas, self.areas);
        self.waiting[..self.areas].copy_from_slice(&children.pupils[..self.areas]);
        for grade in 1..self.grades {
            for home in 0..self.areas {
                let at = grade * self.areas + home;
                let was = children.before[at - self.areas];
                let leaving = was - children.stayed[at];
                if leaving > 0 {
                    self.remove_leavers(grade, home, was, leaving, september);
                }
                self.waiting[at] += joiners(children, at);
            }
        }
        if let Some(groups) = &mut self.groups {
            for at in 0..self.grades * self.areas {
                let (grade, home) = (at / self.areas, at % self.areas);
                let new = if grade == 0 { children.pupils[at] } else { joiners(children, at) };
                let waiting = self.waiting[at] - new;
                let seated = children.pupils[at] - self.waiting[at];
                groups.join(Pool { grade, home, waiting, seated }, new, known, september);
            }
        }
    }

    /// Of `was` children, `leaving` leave, whether seated or not: multivariate hypergeometric over the seats.
    fn remove_leavers(&mut self, grade: usize, home: usize, was: u32, leaving: u32, september: &September) {
        let mut stream = september.stream(LEAVERS, cell(self.stage, grade, home));
        let row = self.row(grade, home);
        let all = leaving;
        let (mut rest, mut leaving) = (was, leaving);
        for slot in 0..=2 * self.areas {
            let seats = self.seat[row + slot];
            if seats == 0 {
                continue;
            }
            rest -= seats;
            let gone = hypergeometric(seats, rest, leaving, &mut stream);
            self.seat[row + slot] -= gone;
            if slot < 2 * self.areas {
                self.load[grade * 2 * self.areas + slot] -= gone;
            }
            leaving -= gone;
        }
        let waiting = self.waiting(grade, home);
        debug_assert_eq!(rest, waiting, "everyone sits somewhere or waits");
        if let Some(groups) = &mut self.groups {
            let pool = Pool { grade, home, waiting, seated: was - waiting };
            groups.gone(pool, (leaving, all - leaving), september);
        }
        self.waiting[grade * self.areas + home] -= leaving;
    }

    /// Rung 2: takes seats from as many as an area's schools can no longer hold, at random among those who sit there.
    pub(super) fn displace(&mut self, offer: &Offer, september: &September) {
        let slots = 2 * self.areas;
        self.lost.fill(0);
        for at in 0..self.load.len() {
            let excess = self.load[at].saturating_sub(offer.emergency[at]);
            if excess == 0 {
                continue;
            }
            let (grade, slot) = (at / slots, at % slots);
            let mut stream = september.stream(DISPLACED, cell(self.stage, grade, slot));
            let (mut rest, mut moving) = (self.load[at], excess);
            for home in 0..self.areas {
                let seats = self.row(grade, home) + slot;
                rest -= self.seat[seats];
                let gone = hypergeometric(self.seat[seats], rest, moving, &mut stream);
                self.seat[seats] -= gone;
                self.waiting[grade * self.areas + home] += gone;
                self.lost[grade * self.areas + home] += gone;
                moving -= gone;
            }
            self.load[at] -= excess;
        }
        for at in (0..self.lost.len()).filter(|at| self.lost[*at] > 0) {
            let (grade, home, lost) = (at / self.areas, at % self.areas, self.lost[at]);
            let row = self.row(grade, home);
            let seated = self.seat[row..=row + slots].iter().sum::<u32>() + lost;
            if let Some(groups) = &mut self.groups {
                groups.displaced(Pool { grade, home, waiting: 0, seated }, lost, september);
            }
        }
    }

    /// Rung 2, where pupils come back: those who sit in the public schools of another area take what is free at the norm in
    /// their own, those from the farthest area first.
    pub(super) fn bring_home(&mut self, offer: &Offer) {
        let slots = 2 * self.areas;
        for grade in 0..self.grades {
            for home in 0..self.areas {
                let own = grade * slots + home;
                let mut free = offer.norm[own].saturating_sub(self.load[own]);
                let row = self.row(grade, home);
                while free > 0 {
                    let away = (0..self.areas).filter(|area| *area != home && self.seat[row + area] > 0);
                    // Ties go to the area that comes first.
                    let Some(from) = away.rev().max_by_key(|area| self.metres[home * self.areas + area]) else { break };
                    let back = free.min(self.seat[row + from]);
                    self.seat[row + from] -= back;
                    self.load[grade * slots + from] -= back;
                    self.seat[row + home] += back;
                    self.load[own] += back;
                    free -= back;
                }
            }
        }
    }

    /// Children of an area take seats of the entry grade by right, whoever else asks; so many of each slot.
    pub(super) fn go_on(&mut self, home: usize, seats: impl Iterator<Item = (usize, u32)>, september: &September) {
        let waiting = self.waiting(0, home);
        for (slot, children) in seats {
            self.sit(0, home, slot, slot, children);
        }
        let placed = waiting - self.waiting(0, home);
        if let Some(groups) = self.groups.as_mut().filter(|_| placed > 0) {
            groups.placed(Pool { grade: 0, home, waiting, seated: 0 }, placed, false, (september, BY_RIGHT));
        }
    }

    /// Rungs 3 to 9 of one grade. `choosers` are the children by home who choose a private place first; `outside_share` by
    /// home is the share of those left who go outside the district.
    pub(super) fn place(
        &mut self,
        grade: usize,
        offer: &Offer,
        choosers: &[u32],
        outside_share: &[f64],
        september: &September,
    ) {
        let homes = grade * self.areas..(grade + 1) * self.areas;
        if self.waiting[homes.clone()].iter().all(|children| *children == 0) {
            return;
        }
        for (asking, (chosen, waiting)) in self.asking.iter_mut().zip(choosers.iter().zip(&self.waiting[homes.clone()]))
        {
            *asking = *chosen.min(waiting);
        }
        for (lot, (size, sector, reach)) in LADDER.into_iter().enumerate() {
            if lot == CHOOSERS {
                self.ask_all(grade);
            }
            let limit = match size {
                Size::Norm => &offer.norm,
                Size::Stretched => &offer.stretched,
                Size::Emergency => &offer.emergency,
            };
            if self.groups.is_some() {
                self.lost[homes.clone()].copy_from_slice(&self.waiting[homes.clone()]);
            }
            self.rung(grade, limit, sector, reach);
            self.tell_groups(grade, sector, lot as u32, september);
        }
        for (home, share) in outside_share.iter().enumerate() {
            self.leave(grade, home, *share, september);
        }
    }

    /// Which of those whom a rung has placed are registered; `lost` holds who waited before it.
    fn tell_groups(&mut self, grade: usize, sector: Sector, lot: u32, september: &September) {
        let Some(groups) = &mut self.groups else { return };
        for home in 0..self.areas {
            let at = grade * self.areas + home;
            let (before, placed) = (self.lost[at], self.lost[at] - self.waiting[at]);
            if placed > 0 {
                let pool = Pool { grade, home, waiting: before, seated: 0 };
                groups.placed(pool, placed, sector == Sector::Public, (september, lot));
            }
        }
    }

    fn ask_all(&mut self, grade: usize) {
        self.asking.copy_from_slice(&self.waiting[grade * self.areas..(grade + 1) * self.areas]);
    }

    /// Places those who ask in free seats below `limit`.
    fn rung(&mut self, grade: usize, limit: &[u32], sector: Sector, reach: Reach) {
        if self.asking.iter().all(|asking| *asking == 0) {
            return;
        }
        let first = if sector == Sector::Private { self.areas } else { 0 };
        let slots = grade * 2 * self.areas + first;
        for (area, free) in self.free.iter_mut().enumerate() {
            *free = limit[slots + area].saturating_sub(self.load[slots + area]);
        }
        if reach == Reach::Own {
            for area in 0..self.areas {
                let seated = self.asking[area].min(self.free[area]);
                self.asking[area] -= seated;
                self.sit(grade, area, slots + area, first + area, seated);
            }
            return;
        }
        let near = if sector == Sector::Private { &self.near[1] } else { &self.near[0] };
        self.transport.solve(&mut self.asking, &mut self.free, near);
        for sent in 0..self.transport.pairs() {
            let (home, area, seated) = self.transport.sent(sent);
            if seated > 0 {
                self.sit(grade, home, slots + area, first + area, seated);
            }
        }
    }

    fn sit(&mut self, grade: usize, home: usize, load: usize, slot: usize, seated: u32) {
        let row = self.row(grade, home);
        self.seat[row + slot] += seated;
        self.load[load] += seated;
        self.waiting[grade * self.areas + home] -= seated;
    }

    /// A share of those left goes outside. Rounded by one uniform number a home, so that one child fewer left over never
    /// leaves more without a place.
    fn leave(&mut self, grade: usize, home: usize, share: f64, september: &September) {
        let at = grade * self.areas + home;
        if self.waiting[at] == 0 || share <= 0.0 {
            return;
        }
        let chance = september.stream(OUTSIDE, cell(self.stage, grade, home)).uniform();
        let waiting = self.waiting[at];
        let gone = (libm::floor(f64::from(waiting) * share + chance) as u32).min(waiting);
        if let Some(groups) = &mut self.groups {
            groups.placed(Pool { grade, home, waiting, seated: 0 }, gone, false, (september, LEAVING));
        }
        self.waiting[at] -= gone;
        let outside = self.row(grade, home) + 2 * self.areas;
        self.seat[outside] += gone;
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Own,
    Near,
}
