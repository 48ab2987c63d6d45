//! Who holds which seat, and how seats change hands before new children are placed.
//!
//! Grids: `grade x home x slot`, homes being catchments ([`crate::services::education::placement::catchments`]), slots the catchments' public places, then the areas'
//! private ones (at the position of the first catchment of the area), and outside the district. Within a catchment public
//! places are one pool, and within an area private ones.

use crate::random::{StreamKey, hypergeometric};

use super::capacity::{Offer, Pupils};
use super::catchments::{Catchments, Division, Zones};
use super::gravity_choice::Choosing;
use super::priority_groups::{Groups, Known, Pool, joiners};
use super::reachability::{Reachable, spread};
use super::transport::Transport;
use super::travel_distances::{Ways, WaysNow};
use crate::services::education::demand::children::Children;
use crate::services::education::streams::{September, cell};

const LEAVERS: StreamKey = StreamKey::named("education.leavers-seats");
const DISPLACED: StreamKey = StreamKey::named("education.displaced");
const CATCHMENT: StreamKey = StreamKey::named("education.catchment");
const BY_RIGHT: StreamKey = StreamKey::named("education.by-right");

/// Names the lots of those who go on by right, beside those of the rungs.
const BY_RIGHT_LOT: u32 = 11;

/// The seats of one stage.
#[derive(Debug)]
pub(crate) struct Seats {
    pub(crate) stage: usize,
    pub(crate) catchments: Catchments,
    /// Where the children of each home are zoned to this September.
    pub(crate) zones: Zones,
    pub(crate) grades: usize,
    graded: bool,
    /// Children by where they sit, `grade x home x slot`.
    seat: Vec<u32>,
    /// Children who sit in each slot, `grade x slot` without the outside.
    pub(crate) load: Vec<u32>,
    /// Children without a seat, `grade x home`.
    pub(crate) waiting: Vec<u32>,
    /// The same by where they are zoned to.
    looking: Vec<u32>,
    /// Ways that children are sent.
    pub(crate) reach: Reachable,
    /// All ways to public places, for what is reported of children who sit there already.
    pub(crate) metres: Vec<u32>,
    pub(crate) free: Vec<u32>,
    pub(crate) asking: Vec<u32>,
    /// Children who are new, who lose their seat, or who waited before a rung, `grade x home`.
    pub(crate) aside: Vec<u32>,
    pub(crate) transport: Transport,
    pub(crate) division: Division,
    /// Homes that have a right to the places of a slot.
    pub(crate) entitled: Vec<usize>,
    /// Registration groups, where the scenario tells them apart.
    pub(crate) groups: Option<Groups>,
    /// Where families choose by distance.
    pub(crate) choosing: Option<Choosing>,
}

impl Seats {
    /// Seats of a stage; `near` holds metres between areas (`from x to`), [`crate::services::education::placement::transport::NO_WAY`] beyond the limit, and
    /// `metres` all of them.
    pub(crate) fn new(
        (stage, grades, graded): (usize, usize, bool),
        catchments: Catchments,
        near: &[u32],
        metres: &[u32],
        groups: Option<Groups>,
        by_choice: bool,
    ) -> Self {
        let number = catchments.len();
        Self {
            stage,
            grades,
            graded,
            seat: vec![0; grades * number * (2 * number + 1)],
            load: vec![0; grades * 2 * number],
            waiting: vec![0; grades * number],
            metres: spread(&catchments, metres),
            reach: Reachable::between(&catchments, near),
            free: vec![0; number],
            asking: vec![0; number],
            aside: vec![0; grades * number],
            groups,
            choosing: by_choice.then(|| Choosing::new(number)),
            transport: Transport::new(number),
            division: Division::default(),
            entitled: Vec::with_capacity(number),
            zones: catchments.zones(grades),
            looking: vec![0; grades * number],
            catchments,
        }
    }

    /// Number of homes.
    pub(crate) fn homes(&self) -> usize {
        self.catchments.len()
    }

    /// Before the first September, and where everyone is placed anew, nobody sits anywhere and all are new; `children` are those
    /// there are, `grade x area`.
    pub(crate) fn open(&mut self, children: &[u32], known: Known<'_>, before: &September) {
        self.seat.fill(0);
        self.load.fill(0);
        self.waiting.fill(0);
        for (at, children) in children.iter().enumerate() {
            let area = (at / self.catchments.areas(), at % self.catchments.areas());
            self.ask(area, *children, before);
        }
        if let Some(groups) = &mut self.groups {
            groups.clear();
        }
        self.join_groups(known, before);
    }

    /// New children of a grade and area look for a place.
    fn ask(&mut self, (grade, area): (usize, usize), children: u32, september: &September) {
        let row = grade * self.homes();
        let catchments = self.catchments.of_area(area);
        if let [only] = catchments {
            self.waiting[row + only] += children;
            self.aside[row + only] = children;
            return;
        }
        let mut stream = september.stream(CATCHMENT, cell(self.stage, grade, area));
        let parts = self.division.by_share(children, catchments, &self.zones, &mut stream);
        for (at, part) in catchments.iter().zip(parts) {
            self.waiting[row + at] += part;
            self.aside[row + at] = *part;
        }
    }

    /// Registered children and those of them without a place, of an area; `None` where groups are not told apart.
    pub(crate) fn registered(&self, area: usize) -> Option<(u32, u32)> {
        let groups = self.groups.as_ref()?;
        let of = self.catchments.of_area(area).iter().map(|home| groups.of(*home));
        Some(of.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1)))
    }

    /// Who sits where and who looks for a place.
    pub(crate) fn pupils(&mut self) -> Pupils<'_> {
        if !self.catchments.are_several() {
            return Pupils { seated: &self.load, looking: &self.waiting };
        }
        self.looking.fill(0);
        let homes = self.homes();
        for (at, waiting) in self.waiting.iter().enumerate() {
            let grade = at / homes;
            self.looking[grade * homes + self.zones.of(grade, at % homes)] += waiting;
        }
        Pupils { seated: &self.load, looking: &self.looking }
    }

    /// Takes over the ways of a September.
    pub(crate) fn look(&mut self, ways: &Ways, now: &WaysNow) {
        ways.write(now, &mut self.reach.near, &mut self.metres);
        self.reach.look_inside(&self.catchments, &self.metres);
    }

    /// Takes over how far families choose this September, metres by area.
    pub(crate) fn look_around(&mut self, scale: impl Fn(usize) -> f64) {
        if let Some(choosing) = &mut self.choosing {
            let places = [self.catchments.len(), self.catchments.areas()];
            choosing.look(&self.reach.near, places, |home| scale(self.catchments.area_of(home)));
        }
    }

    /// Children of a home who sit in a slot, all grades.
    pub(crate) fn seated_in(&self, home: usize, slot: usize) -> u32 {
        (0..self.grades).map(|grade| self.seat[self.row(grade, home) + slot]).sum()
    }

    /// Children of an area and grade who sit in a slot.
    pub(crate) fn seated(&self, grade: usize, area: usize, slot: usize) -> u32 {
        self.catchments.of_area(area).iter().map(|home| self.seat[self.row(grade, *home) + slot]).sum()
    }

    /// Children who sit in a slot, by grade.
    pub(crate) fn load(&self, grade: usize, slot: usize) -> u32 {
        self.load[grade * 2 * self.homes() + slot]
    }

    /// Children of a home who are without a place in a grade.
    pub(crate) fn waiting(&self, grade: usize, home: usize) -> u32 {
        self.waiting[grade * self.homes() + home]
    }

    /// The same of an area.
    pub(crate) fn waiting_of_area(&self, grade: usize, area: usize) -> u32 {
        self.catchments.of_area(area).iter().map(|home| self.waiting(grade, *home)).sum()
    }

    /// Children of a grade and home.
    pub(crate) fn children(&self, grade: usize, home: usize) -> u32 {
        self.seated_at_all(grade, home) + self.waiting(grade, home)
    }

    /// The seats of a grade and home, by slot.
    pub(crate) fn seats_of(&self, grade: usize, home: usize) -> &[u32] {
        &self.seat[self.row(grade, home)..][..=2 * self.homes()]
    }

    fn row(&self, grade: usize, home: usize) -> usize {
        (grade * self.homes() + home) * (2 * self.homes() + 1)
    }

    fn seated_at_all(&self, grade: usize, home: usize) -> u32 {
        self.seats_of(grade, home).iter().sum()
    }

    /// Rung 1: moves everyone up a grade, takes leavers from their seats and sets who looks for one. `children` are
    /// `grade x area`; `known` tells how many of new ones are registered.
    pub(crate) fn move_up(&mut self, children: &Children, known: Known<'_>, september: &September) {
        if !self.graded {
            self.open(&children.pupils, known, september);
            return;
        }
        if let Some(groups) = &mut self.groups {
            groups.move_up();
        }
        let (homes, slots, areas) = (self.homes(), 2 * self.homes(), self.catchments.areas());
        let seats = homes * (slots + 1);
        self.seat.copy_within(..(self.grades - 1) * seats, seats);
        self.seat[..seats].fill(0);
        self.load.copy_within(..(self.grades - 1) * slots, slots);
        self.load[..slots].fill(0);
        self.waiting.copy_within(..(self.grades - 1) * homes, homes);
        self.waiting[..homes].fill(0);
        for grade in 0..self.grades {
            for area in 0..areas {
                let at = grade * areas + area;
                let leaving = if grade == 0 { 0 } else { children.before[at - areas] - children.stayed[at] };
                if leaving > 0 {
                    self.remove_leavers((grade, area), (children.before[at - areas], leaving), september);
                }
                let new = if grade == 0 { children.pupils[at] } else { joiners(children, at) };
                self.ask((grade, area), new, september);
            }
        }
        self.join_groups(known, september);
    }

    /// Which of new children, whom `aside` holds, are registered.
    fn join_groups(&mut self, known: Known<'_>, september: &September) {
        let Some(mut groups) = self.groups.take() else { return };
        for grade in 0..self.grades {
            for area in 0..self.catchments.areas() {
                let mut known = known.of(grade * self.catchments.areas() + area, area);
                for &home in self.catchments.of_area(area) {
                    let new = self.aside[grade * self.homes() + home];
                    let waiting = self.waiting(grade, home) - new;
                    let pool = Pool { grade, home, waiting, seated: self.seated_at_all(grade, home) };
                    groups.join(pool, new, &mut known, september);
                }
            }
        }
        self.groups = Some(groups);
    }

    /// Of `was` children of an area, `leaving` leave, whichever their catchment, seated or not: multivariate hypergeometric over the
    /// seats.
    fn remove_leavers(&mut self, (grade, area): (usize, usize), (was, leaving): (u32, u32), september: &September) {
        let mut stream = september.stream(LEAVERS, cell(self.stage, grade, area));
        let slots = 2 * self.homes();
        let (mut rest, mut leaving) = (was, leaving);
        for at in 0..self.catchments.of_area(area).len() {
            let home = self.catchments.of_area(area)[at];
            let (row, waiting) = (self.row(grade, home), self.waiting(grade, home));
            let mut seats_gone = 0;
            let mut seated = 0;
            for slot in 0..=slots {
                let seats = self.seat[row + slot];
                if seats == 0 {
                    continue;
                }
                rest -= seats;
                let gone = hypergeometric(seats, rest, leaving, &mut stream);
                self.seat[row + slot] -= gone;
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
                groups.gone(Pool { grade, home, waiting, seated }, (gone, seats_gone), september);
            }
            self.waiting[grade * self.catchments.len() + home] -= gone;
        }
        debug_assert_eq!((rest, leaving), (0, 0), "everyone sits somewhere or waits");
    }

    /// Rung 2: takes seats from as many as the schools of a slot can no longer hold, at random among those who sit there.
    pub(crate) fn displace(&mut self, offer: &Offer, september: &September) {
        let (homes, slots) = (self.homes(), 2 * self.homes());
        self.aside.fill(0);
        for at in 0..self.load.len() {
            let excess = self.load[at].saturating_sub(offer.emergency[at]);
            if excess == 0 {
                continue;
            }
            let (grade, slot) = (at / slots, at % slots);
            let mut stream = september.stream(DISPLACED, cell(self.stage, grade, slot));
            let (mut rest, mut moving) = (self.load[at], excess);
            for home in 0..homes {
                let seats = self.row(grade, home) + slot;
                rest -= self.seat[seats];
                let gone = hypergeometric(self.seat[seats], rest, moving, &mut stream);
                self.seat[seats] -= gone;
                self.waiting[grade * homes + home] += gone;
                self.aside[grade * homes + home] += gone;
                moving -= gone;
            }
            self.load[at] -= excess;
        }
        for at in (0..self.aside.len()).filter(|at| self.aside[*at] > 0) {
            let (grade, home, lost) = (at / homes, at % homes, self.aside[at]);
            let seated = self.seated_at_all(grade, home) + lost;
            if let Some(groups) = &mut self.groups {
                groups.displaced(Pool { grade, home, waiting: 0, seated }, lost, september);
            }
        }
    }

    /// Rung 2, where pupils come back: those who sit in the public schools of another catchment take what is free at the norm in
    /// their own, those from the farthest first.
    pub(crate) fn bring_home(&mut self, offer: &Offer) {
        let (homes, slots) = (self.homes(), 2 * self.homes());
        for grade in 0..self.grades {
            for home in 0..homes {
                let own = grade * slots + home;
                let mut free = offer.norm[own].saturating_sub(self.load[own]);
                let row = self.row(grade, home);
                while free > 0 {
                    let away = (0..homes).filter(|at| *at != home && self.seat[row + at] > 0);
                    // Ties go to the one that comes first.
                    let Some(from) = away.rev().max_by_key(|at| self.metres[home * homes + at]) else { break };
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

    /// Children of an area take seats of the entry grade by right, whoever else asks; so many of each slot, by lot among its
    /// catchments.
    pub(crate) fn go_on(&mut self, area: usize, seats: impl Iterator<Item = (usize, u32)>, september: &September) {
        let mut lots = september.stream(BY_RIGHT, cell(self.stage, 0, area));
        self.aside[..self.catchments.len()].copy_from_slice(&self.waiting[..self.catchments.len()]);
        for (slot, children) in seats.filter(|(_, children)| *children > 0) {
            let number = self.catchments.of_area(area).len();
            if number > 1 {
                let waiting = self.catchments.of_area(area).iter().map(|home| self.waiting[*home]);
                self.division.by_lot(children, waiting, &mut lots);
            }
            for at in 0..number {
                let part = if number > 1 { self.division.part(at) } else { children };
                self.sit((0, self.catchments.of_area(area)[at]), slot, part);
            }
        }
        let Some(mut groups) = self.groups.take() else { return };
        for &home in self.catchments.of_area(area) {
            let (waiting, placed) = (self.aside[home], self.aside[home] - self.waiting[home]);
            if placed > 0 {
                let pool = Pool { grade: 0, home, waiting, seated: 0 };
                groups.placed(pool, placed, false, (september, BY_RIGHT_LOT));
            }
        }
        self.groups = Some(groups);
    }

    /// Children of a grade and home take seats of a slot.
    pub(crate) fn sit(&mut self, (grade, home): (usize, usize), slot: usize, seated: u32) {
        let (row, homes) = (self.row(grade, home), self.homes());
        self.seat[row + slot] += seated;
        if slot < 2 * homes {
            self.load[grade * 2 * homes + slot] += seated;
        }
        self.waiting[grade * homes + home] -= seated;
    }
}
