//! Registration groups: how many of the children of an area have the local registration that comes first (户籍优先), and how
//! many of those are without a place.
//!
//! New children are registered with a probability. In public schools registered children of an area are placed before its
//! others, or, where all have equal rights, by lot; the two groups among those who choose a private place, leave, lose
//! their seat or go outside are by lot always. A lot is exact: `k` of the children of an area and grade without regard to
//! group is hypergeometric. Children of a group in an area and grade are alike, so nothing else need be known of them.
//!
//! Shape: `grade x home`, whole children; `among` all of them, `waiting` those without a seat.

use crate::random::{Purpose, Stream, binomial, hypergeometric};

use super::demand::{Children, September, cell};

const NEW: Purpose = Purpose::named("education.registered");
const LOT: Purpose = Purpose::named("education.lottery");
const GONE: Purpose = Purpose::named("education.registered-gone");
const DISPLACED: Purpose = Purpose::named("education.registered-displaced");

/// How a place is given to one of two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Registered children first.
    First,
    /// By lot.
    Equal,
}

/// Registered children of one stage.
#[derive(Debug)]
pub(super) struct Groups {
    stage: usize,
    areas: usize,
    /// Right to public places.
    public: Right,
    among: Vec<u32>,
    waiting: Vec<u32>,
}

/// Children of an area and grade before some of them are taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) grade: usize,
    pub(super) home: usize,
    /// Those without a seat.
    pub(super) waiting: u32,
    /// Those with one.
    pub(super) seated: u32,
}

/// The stream of an area and grade; `lot` tells apart those of the same purpose and September.
fn stream(september: &September, purpose: Purpose, stage: usize, pool: Pool, lot: u32) -> Stream {
    september.stream(purpose, cell(stage, pool.grade, pool.home) + (lot << LOT_BITS))
}

/// Areas take the low bits of a cell, lots the bits above them, up to the grade.
const LOT_BITS: u32 = 14;

impl Groups {
    pub(super) fn new(stage: usize, grades: usize, areas: usize, public: Right) -> Self {
        Self { stage, areas, public, among: vec![0; grades * areas], waiting: vec![0; grades * areas] }
    }

    /// Registered children of an area, all grades, and those of them without a place.
    pub(super) fn of(&self, home: usize) -> (u32, u32) {
        let sum = |grid: &[u32]| grid.iter().skip(home).step_by(self.areas).sum();
        (sum(&self.among), sum(&self.waiting))
    }

    /// Before the first September: `children` are there without a seat, `grade x home`.
    pub(super) fn open(&mut self, children: &[u32], shares: &[f64], september: &September) {
        self.among.fill(0);
        self.waiting.fill(0);
        for (at, children) in children.iter().enumerate() {
            let pool = Pool { grade: at / self.areas, home: at % self.areas, waiting: *children, seated: 0 };
            self.join(pool, *children, shares[pool.home], september);
        }
    }

    /// Everyone is a grade older; the entry grade is empty.
    pub(super) fn move_up(&mut self) {
        let kept = self.among.len() - self.areas;
        for grid in [&mut self.among, &mut self.waiting] {
            grid.copy_within(..kept, self.areas);
            grid[..self.areas].fill(0);
        }
    }

    /// New children without a seat.
    pub(super) fn join(&mut self, pool: Pool, children: u32, share: f64, september: &September) {
        let registered = binomial(children, share, &mut stream(september, NEW, self.stage, pool, 0));
        let at = pool.grade * self.areas + pool.home;
        self.among[at] += registered;
        self.waiting[at] += registered;
    }

    /// Of the children of an area and grade, so many of those without and with a seat are gone, by lot.
    pub(super) fn gone(&mut self, pool: Pool, (waiting, seated): (u32, u32), september: &September) {
        let at = pool.grade * self.areas + pool.home;
        let mut lots = stream(september, GONE, self.stage, pool, 0);
        let out = hypergeometric(self.waiting[at], pool.waiting - self.waiting[at], waiting, &mut lots);
        let sits = self.among[at] - self.waiting[at];
        self.waiting[at] -= out;
        self.among[at] -= out + hypergeometric(sits, pool.seated - sits, seated, &mut lots);
    }

    /// So many of those with a seat lose it, by lot.
    pub(super) fn displaced(&mut self, pool: Pool, seated: u32, september: &September) {
        let at = pool.grade * self.areas + pool.home;
        let sits = self.among[at] - self.waiting[at];
        let mut lots = stream(september, DISPLACED, self.stage, pool, 0);
        self.waiting[at] += hypergeometric(sits, pool.seated - sits, seated, &mut lots);
    }

    /// So many of those without a seat get one: in public schools by right, elsewhere by lot.
    pub(super) fn placed(&mut self, pool: Pool, children: u32, public: bool, (september, lot): (&September, u32)) {
        let at = pool.grade * self.areas + pool.home;
        let registered = self.waiting[at];
        let by_right = public && self.public == Right::First;
        self.waiting[at] -= if by_right {
            registered.min(children)
        } else {
            let mut lots = stream(september, LOT, self.stage, pool, lot);
            hypergeometric(registered, pool.waiting - registered, children, &mut lots)
        };
    }
}

/// New children of every grade and home: those of the September who were not there a year ago.
pub(super) fn joiners(children: &Children, at: usize) -> u32 {
    children.pupils[at] - children.stayed[at]
}
