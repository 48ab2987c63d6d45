//! Residents with local registration (hukou) during one replication: how many of each cell, and of each of its comings and
//! goings. The laws by which they change are in `process/hukou.rs`.
//!
//! ```text
//! R(t+1, x+1) = R(t, x) - died - left - moved out + moved in + arrived + acquired,   0 <= R <= N      (always)
//! ```
//!
//! Shape: that of the people and their flows; whole persons.

use super::cohorts::{Account, Flows, persons};
use crate::population::kernel::binomial_kernels::BinomialTables;
use crate::population::kernel::noncentral_hypergeometric::{NO_SUMS, Sums};
use crate::population::kernel::simd_rows::{Row, WIDTH};
use crate::population::view::{AGES, People, RegisteredView, SEXES, SLOTS};

/// Registered residents during one replication, reused by the next.
#[derive(Debug)]
pub struct HukouState {
    pub(crate) start: People,
    pub(crate) end: People,
    pub(crate) flows: Flows,
    pub(crate) acquired: Vec<u32>,
    pub(crate) born: Vec<[u32; SEXES]>,
    /// Expected registered arrivals of the area at hand.
    pub(crate) arriving: [Row; SEXES],
    /// Chances of acquiring registration in the area at hand, and whether there are any.
    pub(crate) acquisition: BinomialTables,
    pub(crate) acquiring: bool,
    pub(crate) sums: Sums,
}

impl HukouState {
    pub(crate) fn new(areas: usize) -> Self {
        Self {
            start: People::nobody(areas),
            end: People::nobody(areas),
            flows: Flows::new(areas),
            acquired: vec![0; Flows::cell(areas, 0, 0)],
            born: vec![[0; SEXES]; areas],
            arriving: [[0.0; WIDTH]; SEXES],
            acquisition: BinomialTables::NONE,
            acquiring: false,
            sums: NO_SUMS,
        }
    }

    /// Comings and goings of the year last simulated, each among those of everyone.
    pub const fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Who acquired registration in the year last simulated, by cohort.
    pub fn acquired(&self) -> &[u32] {
        &self.acquired
    }

    /// Registered births of the year last simulated, by area and sex.
    pub fn born(&self) -> &[[u32; SEXES]] {
        &self.born
    }

    pub(crate) const fn view(&self) -> RegisteredView<'_> {
        RegisteredView { start: &self.start, end: &self.end }
    }

    /// The end of a year is the beginning of the next.
    pub(crate) fn roll_forward(&mut self) {
        std::mem::swap(&mut self.start, &mut self.end);
        self.flows.moved_in.fill(0);
    }

    /// What a cohort has become.
    pub(crate) fn after(&self, before: u32, cell: usize) -> u32 {
        self.flows.after(before, cell) + self.acquired[cell]
    }

    /// Everyone alive in January grows a year older.
    pub(crate) fn age_cohorts(&mut self) {
        let (ends, starts) = (self.end.counts.as_chunks_mut::<AGES>().0, self.start.counts.as_chunks::<AGES>().0);
        for (row, (end, start)) in ends.iter_mut().zip(starts).enumerate() {
            let cells = row * WIDTH..row * WIDTH + SLOTS;
            let mut after = [0; SLOTS];
            self.flows.row_after(start, cells.clone(), &mut after);
            after.iter_mut().zip(&self.acquired[cells]).for_each(|(n, acquired)| *n += acquired);
            end[1..].copy_from_slice(&after[1..AGES]);
            end[AGES - 1] += after[AGES];
        }
    }

    /// The newborn who are there at the end of the year.
    pub(crate) fn keep_newborn(&mut self) {
        for (area, born) in self.born.iter().enumerate() {
            for (sex, born) in born.iter().enumerate() {
                let cell = Flows::cell(area, sex, 0);
                self.end.counts[People::cell(area, sex, 0)] = self.flows.after(*born, cell);
            }
        }
    }

    /// Adds the newborn of the part of a year before the first January.
    pub(crate) fn add_newborn(&mut self, area: usize, sex: usize) {
        let born = self.flows.after(self.born[area][sex], Flows::cell(area, sex, 0));
        self.end.counts[People::cell(area, sex, 0)] += born;
    }

    /// Whether the accounts of the registered hold by themselves, and none of them is more than everyone; `start`, `end` and
    /// `flows` are those of everyone.
    pub(crate) fn balances(&self, start: &People, end: &People, flows: &Flows) -> bool {
        let most = |own: &[u32], all: &[u32]| own.iter().zip(all).all(|(own, all)| own <= all);
        let account = Account { start: &self.start, end: &self.end, born: &self.born, added: &self.acquired };
        most(&self.start.counts, &start.counts)
            && most(&self.end.counts, &end.counts)
            && most(&self.flows.died, &flows.died)
            && most(&self.flows.left, &flows.left)
            && most(&self.flows.moved_out, &flows.moved_out)
            && most(&self.flows.moved_in, &flows.moved_in)
            && most(&self.flows.arrived, &flows.arrived)
            && self.flows.balance(&account)
            && persons(&self.flows.moved_in) == persons(&self.flows.moved_out)
    }
}
