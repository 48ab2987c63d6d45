//! Lists as those who keep them count them: a name for each place where a person waits, and names not yet struck off.
//!
//! A person on several lists leaves all of them at one moment: placed by one, or gone. The list that placed the person knows
//! at once; the others strike the name off a fixed time later, and until then keep it for nobody. With a fixed time of at
//! most one period the names kept for nobody at its end are those of the people who left during the last part of it: a count
//! without a draw, and nothing to carry over. Their mean is the rate of such names times that time, whatever the law of
//! the time (Little 1961).

use super::layout::Lists;

/// Names on lists in one period. Shape of the counts: list.
#[derive(Clone, Debug, Default)]
pub struct ListEntries {
    /// List that each pool keeps; several pools may keep one.
    pub(super) kept_by: Vec<u32>,
    /// Whether anything is counted.
    pub(super) counted: bool,
    /// Time until a name is struck off by a list that was not told, in units of the period, 0 to 1.
    pub(super) clearing: f64,
    /// From this moment on a name left behind is still there when the period ends.
    kept_from: f64,
    /// Names of people in line when the period began.
    pub before: Vec<u32>,
    /// Names that came.
    pub added: Vec<u32>,
    /// People whom the list placed.
    pub placed: Vec<u32>,
    /// Names of people whom another list placed.
    pub placed_elsewhere: Vec<u32>,
    /// Names of people who gave up.
    pub left: Vec<u32>,
    /// Names of people in line when the period ended.
    pub after: Vec<u32>,
    /// Names kept for nobody when the period ended.
    pub uncleared: Vec<u32>,
}

impl ListEntries {
    pub(super) fn new(kept_by: Vec<u32>) -> Self {
        Self { kept_by, ..Self::default() }
    }

    /// Counts from now on.
    pub(super) fn count(&mut self, clearing: f64) {
        (self.counted, self.clearing) = (true, clearing.clamp(0.0, 1.0));
        let lists = self.kept_by.iter().max().map_or(0, |list| *list as usize + 1);
        for counts in self.counts() {
            counts.resize(lists, 0);
        }
    }

    const fn counts(&mut self) -> [&mut Vec<u32>; 7] {
        [
            &mut self.before,
            &mut self.added,
            &mut self.placed,
            &mut self.placed_elsewhere,
            &mut self.left,
            &mut self.after,
            &mut self.uncleared,
        ]
    }

    /// A period of `span` ends at `end`.
    pub(super) fn start(&mut self, end: f64, span: f64) {
        self.kept_from = end - self.clearing * span;
        for counts in self.counts() {
            counts.fill(0);
        }
    }

    /// Somebody joins the line.
    pub(super) fn add(&mut self, lists: &Lists) {
        if self.counted {
            lists.on.iter().for_each(|&list| self.added[list as usize] += 1);
        }
    }

    /// Somebody leaves it at `clock`: for a place in `pool`, or for good.
    pub(super) fn strike(&mut self, lists: &Lists, pool: Option<usize>, clock: f64) {
        if !self.counted {
            return;
        }
        let placed_by = pool.map(|pool| self.kept_by[pool]);
        for &list in &lists.on {
            let at = list as usize;
            match placed_by {
                Some(by) if by == list => self.placed[at] += 1,
                other => {
                    let names = if other.is_some() { &mut self.placed_elsewhere } else { &mut self.left };
                    names[at] += 1;
                    self.uncleared[at] += u32::from(clock > self.kept_from);
                }
            }
        }
    }

    /// Somebody is in line when the period begins or ends.
    pub(super) fn waits(&mut self, lists: &Lists, at_end: bool) {
        if self.counted {
            let names = if at_end { &mut self.after } else { &mut self.before };
            lists.on.iter().for_each(|&list| names[list as usize] += 1);
        }
    }

    /// Every name that came is in exactly one place.
    pub(super) fn check(&self) {
        for list in 0..self.before.len() {
            debug_assert_eq!(
                self.before[list] + self.added[list],
                self.placed[list] + self.placed_elsewhere[list] + self.left[list] + self.after[list],
                "list {list}"
            );
        }
    }
}
