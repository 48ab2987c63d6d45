//! How far back to look, and how far to trust an area: chosen by what would have forecast best so far.
//!
//! For each candidate the mean absolute log error over areas, past origins and leads 1, 2, 3 and 5, each divided by its
//! lead, using only outcomes known at the time. Progression is judged by pupils already there, yields by entrants.

use super::history::{Errors, History, LONGEST_LEAD};

/// Leads on which candidates are judged.
const JUDGED: [usize; 4] = [1, 2, 3, 5];

/// Memory and pull of progression and of yields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    memory: usize,
    pull: f64,
    entry_memory: usize,
    entry_pull: f64,
}

impl Choice {
    /// Candidates of the memory: weight of a year for each weight of the year after it.
    pub(super) const MEMORIES: [f64; 6] = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// Candidates of the pull towards the district.
    const PULLS: [f64; 5] = [0.0, 0.05, 0.1, 0.2, 0.35];

    const DEFAULT: Self = Self { memory: 2, pull: 0.1, entry_memory: 4, entry_pull: 0.0 };

    /// Position of the memory, and the pull, of yields or of progression.
    pub(super) fn of(self, entry: bool) -> (usize, f64) {
        if entry { (self.entry_memory, self.entry_pull) } else { (self.memory, self.pull) }
    }

    /// Weight of a year of progression for each weight of the year after it, and the pull towards the district.
    pub fn progression(self) -> (f64, f64) {
        (Self::MEMORIES[self.memory], self.pull)
    }

    /// The same of yields.
    pub fn entry(self) -> (f64, f64) {
        (Self::MEMORIES[self.entry_memory], self.entry_pull)
    }

    fn candidates() -> impl Iterator<Item = (usize, f64)> {
        (0..Self::MEMORIES.len()).flat_map(|memory| Self::PULLS.into_iter().map(move |pull| (memory, pull)))
    }
}

/// Sums of judged errors by candidate and origin, so that the choice at any year is a look-up.
#[derive(Clone, Debug)]
pub(super) struct Chooser {
    candidates: Vec<(usize, f64)>,
    /// `candidate x (progression, entry)` errors.
    errors: Vec<[Errors; 2]>,
}

impl Chooser {
    pub(super) fn new(history: &History<'_>) -> Self {
        let candidates: Vec<(usize, f64)> = Choice::candidates().collect();
        let errors = candidates.iter().map(|(memory, pull)| judge(history, *memory, *pull)).collect();
        Self { candidates, errors }
    }

    /// The best choice at the end of year `now`; the default while nothing can be judged.
    pub(super) fn at(&self, now: usize) -> Choice {
        let best = |kind: usize| {
            let losses = self.errors.iter().map(|errors| loss(&errors[kind], now));
            let judged = losses.zip(&self.candidates).filter(|(loss, _)| loss.is_finite());
            judged.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| *candidate)
        };
        let mut choice = Choice::DEFAULT;
        if let Some((memory, pull)) = best(0) {
            (choice.memory, choice.pull) = (memory, pull);
        }
        if let Some((memory, pull)) = best(1) {
            (choice.entry_memory, choice.entry_pull) = (memory, pull);
        }
        choice
    }
}

/// Mean absolute error by the end of year `now`, a lead-th part of it at each lead; not a number when nothing is known.
fn loss(errors: &Errors, now: usize) -> f64 {
    let (mut sum, mut number) = (0.0, 0.0);
    for lead in JUDGED {
        for origin in errors.known(lead, now) {
            for area in 0..errors.areas {
                let error = errors.at(origin, lead, area);
                if !error.is_nan() {
                    sum += error.abs() / lead as f64;
                    number += 1.0;
                }
            }
        }
    }
    sum / number
}

fn judge(history: &History<'_>, memory: usize, pull: f64) -> [Errors; 2] {
    let choice = Choice { memory, pull, entry_memory: memory, entry_pull: pull };
    let origins = history.last_year + 1 - history.first_origin.min(history.last_year + 1);
    let areas = history.ratios.areas;
    let mut there = Errors::new(history.first_origin, origins, areas);
    let mut entry = there.clone();
    for origin in history.first_origin..history.last_year {
        let leads = history.leads_from(origin).min(LONGEST_LEAD);
        let forecast = history.forecast(origin, choice, leads);
        for lead in JUDGED.into_iter().filter(|lead| *lead <= leads) {
            for area in 0..areas {
                let survivors = |grade| history.were_there(grade, lead);
                there.set(origin, lead, area, history.error(&forecast, origin, lead, area, survivors));
                let entrants = |grade| history.ratios.is_entry(grade);
                entry.set(origin, lead, area, history.error(&forecast, origin, lead, area, entrants));
            }
        }
    }
    [there, entry]
}
