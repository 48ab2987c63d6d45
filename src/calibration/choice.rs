//! How far back to look, and how far to trust an area: chosen by what would have forecast best so far.
//!
//! For each candidate the mean absolute log error over areas, past origins and leads 1, 2, 3 and 5, each divided by its
//! lead, using only outcomes known at the time. Progression is judged by pupils already there, yields by entrants.

use super::history::{Errors, History, LONGEST_LEAD};

/// Leads on which candidates are judged.
const JUDGED: [usize; 4] = [1, 2, 3, 5];

/// Memories that may be chosen: weight of a year for each weight of the year after it.
pub(super) const MEMORIES: [f64; 8] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// Candidates for the whole district and for areas, as positions in [`MEMORIES`], and for the pull.
const OF_WHOLE: [usize; 3] = [0, 2, 4];
const OF_AREAS: [usize; 5] = [2, 4, 5, 6, 7];
const PULLS: [f64; 3] = [0.0, 0.1, 0.25];

/// How a ratio looks back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub(super) whole: usize,
    pub(super) area: usize,
    /// Share by which an area's difference from the district is taken back.
    pub pull: f64,
}

impl Look {
    /// Weight of a year for each weight of the year after it, in the ratio of the whole district.
    pub fn memory_of_whole(self) -> f64 {
        MEMORIES[self.whole]
    }

    /// The same in what an area has beyond it.
    pub fn memory_of_areas(self) -> f64 {
        MEMORIES[self.area]
    }
}

/// How progression and yields look back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Progression.
    pub progression: Look,
    /// Yields of births.
    pub entry: Look,
}

impl Choice {
    const DEFAULT: Self =
        Self { progression: Look { whole: 2, area: 5, pull: 0.1 }, entry: Look { whole: 4, area: 4, pull: 0.0 } };

    pub(super) fn of(self, entry: bool) -> Look {
        if entry { self.entry } else { self.progression }
    }
}

fn candidates() -> impl Iterator<Item = Look> {
    let pairs = OF_WHOLE.into_iter().flat_map(|whole| OF_AREAS.into_iter().map(move |area| (whole, area)));
    pairs.flat_map(|(whole, area)| PULLS.into_iter().map(move |pull| Look { whole, area, pull }))
}

/// Sums of judged errors by candidate and origin, so that the choice at any year is a look-up.
#[derive(Clone, Debug)]
pub(super) struct Chooser {
    candidates: Vec<Look>,
    /// `candidate x (progression, entry)` errors.
    errors: Vec<[Errors; 2]>,
}

impl Chooser {
    pub(super) fn new(history: &History<'_>) -> Self {
        let candidates: Vec<Look> = candidates().collect();
        let errors = candidates.iter().map(|look| judge(history, *look)).collect();
        Self { candidates, errors }
    }

    /// The best choice at the end of year `now`; the default while nothing can be judged.
    pub(super) fn at(&self, now: usize) -> Choice {
        let best = |kind: usize| {
            let losses = self.errors.iter().map(|errors| loss(&errors[kind], now));
            let judged = losses.zip(&self.candidates).filter(|(loss, _)| loss.is_finite());
            judged.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, candidate)| *candidate)
        };
        Choice {
            progression: best(0).unwrap_or(Choice::DEFAULT.progression),
            entry: best(1).unwrap_or(Choice::DEFAULT.entry),
        }
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

fn judge(history: &History<'_>, look: Look) -> [Errors; 2] {
    let choice = Choice { progression: look, entry: look };
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
