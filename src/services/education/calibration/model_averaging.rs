//! How far back to look, and how far to trust an area: a mean of ways to look, weighed by how well each would have forecast.
//!
//! Ways to look differ in the memory of the whole district, the memory of what an area has beyond it, and the pull by which
//! this is taken back towards the district. The best of them so far is the best by chance as much as by merit, and a mean of
//! forecasts is better than the one picked (Bates and Granger 1969; Timmermann 2006). So all count, by the likelihood of
//! their past errors if these are Laplace's: with the mean absolute log error `e` over areas, past origins and leads 1, 2, 3
//! and 5, each divided by its lead, a way weighs `e^-n`, where `n` is the number of independent errors. Areas and leads of a
//! year err much alike: a year counts as [`INDEPENDENT`] of them. Only outcomes known at the time are used. Progression is
//! judged by pupils already there, yields by entrants.
//!
//! Levels being sums over memories, the mean of all ways is a weight for each memory again.

use super::history::{Errors, History};
use super::smoothing::{SmoothingChoice, SmoothingWeights};

/// Leads on which ways to look are judged.
const JUDGED: [usize; 4] = [1, 2, 3, 5];

/// Those of the whole district and those of areas, as positions in [`MEMORIES`], and pulls.
const OF_WHOLE: [usize; 3] = [0, 1, 2];
const OF_AREAS: [usize; 3] = [1, 2, 3];
const PULLS: [f64; 3] = [0.0, 0.1, 0.3];

/// Errors of a year that count as independent: one that areas have in common, one that they have not. More would be right where
/// areas have nothing in common, fewer where they have all.
const INDEPENDENT: f64 = 2.0;

/// Smallest mean error that is told from nought.
const TINY: f64 = 1e-12;

fn ways() -> impl Iterator<Item = SmoothingWeights> {
    let pairs = OF_WHOLE.into_iter().flat_map(|whole| OF_AREAS.into_iter().map(move |area| (whole, area)));
    pairs.flat_map(|(whole, area)| PULLS.into_iter().map(move |pull| SmoothingWeights::one(whole, area, pull)))
}

/// Errors of each way at all origins, so that the choice at any year is a sum.
#[derive(Clone, Debug)]
pub(crate) struct ModelAverager {
    ways: Vec<SmoothingWeights>,
    /// `way x (progression, entry)` errors.
    errors: Vec<[Errors; 2]>,
}

impl ModelAverager {
    pub(crate) fn new(history: &History<'_>) -> Self {
        let ways: Vec<SmoothingWeights> = ways().collect();
        let errors = ways.iter().map(|look| judge(history, *look)).collect();
        Self { ways, errors }
    }

    /// The choice at the end of year `now`; all ways weigh the same while nothing can be judged.
    pub(crate) fn at(&self, now: usize) -> SmoothingChoice {
        let look = |kind: usize| {
            let losses: Vec<f64> = self.errors.iter().map(|errors| loss(&errors[kind], now)).collect();
            let least = losses.iter().copied().fold(f64::NAN, f64::min);
            let independent = INDEPENDENT * self.errors[0][kind].known(1, now).len() as f64;
            let weight = |loss: &f64| {
                if least.is_nan() { 1.0 } else { libm::pow((least + TINY) / (loss + TINY), independent) }
            };
            SmoothingWeights::mean(&self.ways, &losses.iter().map(weight).collect::<Vec<f64>>())
        };
        SmoothingChoice { progression: look(0), entry: look(1) }
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

fn judge(history: &History<'_>, look: SmoothingWeights) -> [Errors; 2] {
    let choice = SmoothingChoice { progression: look, entry: look };
    let origins = history.last_year + 1 - history.first_origin.min(history.last_year + 1);
    let areas = history.ratios.areas;
    let mut there = Errors::new(history.first_origin, origins, areas);
    let mut entry = there.clone();
    for origin in history.first_origin..history.last_year {
        let leads = history.leads_from(origin).min(JUDGED[JUDGED.len() - 1]);
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
