//! Comings and goings of one year by cohort, and the account that they must keep.
//!
//! ```text
//! N(t+1, x+1) = N(t, x) - died - left - moved out + moved in + arrived      (whole persons, every area, sex and age)
//! ```
//!
//! Shape of each flow: `areas x 2 x WIDTH` cohort slots (0 = born this year, `x + 1` = aged x at its start).

use crate::population::kernel::simd_rows::WIDTH;
use crate::population::view::{AGES, FlowsView, People, SEXES, SLOTS};

/// Comings and goings of one year by area, sex and cohort slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Deaths.
    pub died: Vec<u32>,
    /// Left the district.
    pub left: Vec<u32>,
    /// Moved to another area of the district.
    pub moved_out: Vec<u32>,
    /// Came from another area of the district.
    pub moved_in: Vec<u32>,
    /// Came from outside the district.
    pub arrived: Vec<u32>,
}

impl Flows {
    pub(crate) fn new(areas: usize) -> Self {
        let none = vec![0; areas * SEXES * WIDTH];
        Self { died: none.clone(), left: none.clone(), moved_out: none.clone(), moved_in: none.clone(), arrived: none }
    }

    /// What services may see of them.
    pub(crate) fn view(&self) -> FlowsView<'_> {
        FlowsView {
            died: &self.died,
            left: &self.left,
            moved_out: &self.moved_out,
            moved_in: &self.moved_in,
            arrived: &self.arrived,
            width: WIDTH,
        }
    }

    /// Position of a cohort.
    #[inline]
    pub const fn cell(area: usize, sex: usize, slot: usize) -> usize {
        (area * SEXES + sex) * WIDTH + slot
    }

    /// What a cohort of `before` people has become.
    #[inline]
    pub(crate) fn after(&self, before: u32, cell: usize) -> u32 {
        before - self.died[cell] - self.left[cell] - self.moved_out[cell] + self.moved_in[cell] + self.arrived[cell]
    }

    /// What the cohorts of a row have become, without the newborn: `after[x + 1]` of those aged `x`.
    #[inline]
    pub(crate) fn row_after(&self, before: &[u32; AGES], cells: std::ops::Range<usize>, after: &mut [u32; SLOTS]) {
        let of = |flow: &[u32]| <[u32; SLOTS]>::try_from(&flow[cells.clone()]).expect("invariant: a row of cohorts");
        after[1..].copy_from_slice(before);
        for gone in [&self.died, &self.left, &self.moved_out].map(|flow| of(flow)) {
            after[1..].iter_mut().zip(&gone[1..]).for_each(|(n, gone)| *n -= gone);
        }
        for came in [&self.moved_in, &self.arrived].map(|flow| of(flow)) {
            after[1..].iter_mut().zip(&came[1..]).for_each(|(n, came)| *n += came);
        }
    }

    /// Whether people at the end are those at the start and what came and went, in every area, sex and age.
    pub(crate) fn balance(&self, account: &Account<'_>) -> bool {
        let Account { start, end, born, added } = *account;
        let cohort = |area: usize, sex: usize, age: usize| {
            let first = if age == 0 { born[area][sex] } else { start.at(area, sex, age - 1) };
            let last = if age == AGES - 1 { start.at(area, sex, age) } else { 0 };
            let slots = Self::cell(area, sex, age)..=Self::cell(area, sex, age + usize::from(age == AGES - 1));
            let net: i64 = slots
                .map(|c| {
                    i64::from(self.moved_in[c])
                        + i64::from(self.arrived[c])
                        + i64::from(added.get(c).copied().unwrap_or(0))
                        - i64::from(self.died[c])
                        - i64::from(self.left[c])
                        - i64::from(self.moved_out[c])
                })
                .sum();
            i64::from(end.at(area, sex, age)) == i64::from(first) + i64::from(last) + net
        };
        (0..born.len()).all(|a| (0..SEXES).all(|s| (0..AGES).all(|x| cohort(a, s, x))))
    }

    /// Sum over sexes and cohorts of an area.
    pub fn total(of: &[u32], area: usize) -> u32 {
        of[Self::cell(area, 0, 0)..Self::cell(area + 1, 0, 0)].iter().sum()
    }
}

/// What the flows of a year are held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account<'a> {
    /// People on 1 January.
    pub(crate) start: &'a People,
    /// People on the next 1 January.
    pub(crate) end: &'a People,
    /// Births by area and sex.
    pub(crate) born: &'a [[u32; SEXES]],
    /// Who was added in other ways, by cohort; nobody if empty.
    pub(crate) added: &'a [u32],
}

/// All persons of a flow.
pub(crate) fn persons(flow: &[u32]) -> u64 {
    flow.iter().map(|n| u64::from(*n)).sum()
}
