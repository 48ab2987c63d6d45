//! How uncertain yields and progression are: shocks that last and shocks that walk, common to the district and of each
//! area, estimated on the errors of past forecasts at all leads.
//!
//! A shock `x(j)` of the j-th year moves the logarithm of every progression ratio of a stage and area alike (errors of
//! grades go together), so that pupils already in the stage are wrong by `x(1) + ... + x(h)` after `h` years; a shock of a
//! yield moves the entrants of its year. With `x(j) = lasting + walk(1) + ... + walk(j - 1)` the variance of errors is
//!
//! - progression: `lasting^2 h^2 + walk^2 (h - 1) h (2h - 1) / 6`;
//! - entrants: `lasting^2 + walk^2 (h - 1)`,
//!
//! and the two variances follow by least squares over leads, neither below nought. Deviations of areas from the mean over
//! areas give the areas' part, that mean the common part. Scales are those of the central 80 % (Huber and Ronchetti 2009),
//! since a few areas with a break in their records would otherwise widen all; only the latest origins count, since records
//! grow better. How far the stages go together is the correlation with which 80 % of the errors of all grades together lie
//! inside what the shocks imply.

use super::choice::Choice;
use super::forecast::Forecast;
use super::history::{Errors, History, LONGEST_LEAD};
use super::ratios::Source;

/// Longest lead on which shocks are estimated.
const ESTIMATED: usize = 8;

/// Latest origins, at each lead, that count.
const RECENT: usize = 10;

/// Fewest errors of all grades by which the correlation of stages is chosen.
const FEWEST: usize = 12;

/// Correlation of stages while nothing can be compared: moves of families are common to them.
const TOGETHER_UNKNOWN: f64 = 0.5;

/// Standard normal quantile of the central 80 %.
const CENTRAL_80: f64 = 1.281_551_565_544_6;

/// Correlations between stages that are tried.
const TOGETHER: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Standard deviations of logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shocks {
    /// Of an area, lasting.
    pub area_lasting: f64,
    /// Of an area, each year's step.
    pub area_walk: f64,
    /// Common to all areas, lasting.
    pub common_lasting: f64,
    /// Common to all areas, each year's step.
    pub common_walk: f64,
}

impl Shocks {
    /// Variance of an area's sum of shocks, for these weights of the j-th year's shock.
    fn variance(self, weights: &[f64]) -> f64 {
        let lasting: f64 = weights.iter().sum();
        let walked: f64 = (1..weights.len()).map(|from| weights[from..].iter().sum::<f64>().powi(2)).sum();
        (self.area_lasting.powi(2) + self.common_lasting.powi(2)) * lasting * lasting
            + (self.area_walk.powi(2) + self.common_walk.powi(2)) * walked
    }
}

/// Shocks of progression by stage and of yields by entry grade.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// Of every progression ratio of a stage alike, in the order of the stages.
    pub progression: Vec<Shocks>,
    /// Of the yields of entry grades.
    pub entry: Shocks,
    /// Correlation between the shocks of stages.
    pub together: f64,
}

/// All errors of past forecasts under one choice.
#[derive(Clone, Debug)]
struct Trials {
    stages: Vec<Errors>,
    entries: Vec<Errors>,
    all: Errors,
    forecasts: Vec<Forecast>,
}

impl Spread {
    /// The spread as it can be known at the end of year `now`, of forecasts by `choice`.
    pub(super) fn at(history: &History<'_>, choice: Choice, now: usize) -> Self {
        let trials = Trials::run(history, choice, now);
        let progression = trials.stages.iter().map(|errors| estimate(&[errors], now, PROGRESSION)).collect();
        let entries: Vec<&Errors> = trials.entries.iter().collect();
        let mut spread = Self { progression, entry: estimate(&entries, now, ENTRY), together: TOGETHER_UNKNOWN };
        if history.stages.len() > 1 {
            let off =
                |together: f64| spread.covering(history, &trials, now, together).map(|scale| libm::log(scale).abs());
            let tried = TOGETHER.into_iter().filter_map(|together| Some((off(together)?, together)));
            let best = tried.min_by(|a, b| a.0.total_cmp(&b.0));
            spread.together = best.map_or(TOGETHER_UNKNOWN, |(_, together)| together);
        }
        spread
    }

    /// By what the implied deviations would have to be multiplied to hold 80 % of the errors of all grades together.
    fn covering(&self, history: &History<'_>, trials: &Trials, now: usize, together: f64) -> Option<f64> {
        let mut sizes = Vec::new();
        for lead in 1..=ESTIMATED {
            for origin in recent(&trials.all, lead, now) {
                let forecast = &trials.forecasts[origin - history.first_origin];
                for area in 0..history.ratios.areas {
                    let error = trials.all.at(origin, lead, area);
                    let variance = self.variance(history, forecast, (lead, area), together);
                    if !error.is_nan() && variance > 0.0 {
                        sizes.push(error.abs() / libm::sqrt(variance));
                    }
                }
            }
        }
        (sizes.len() >= FEWEST).then(|| central(&mut sizes) / CENTRAL_80)
    }

    /// Variance of the log of all grades together, by the shares of the grades in the forecast.
    fn variance(&self, history: &History<'_>, forecast: &Forecast, (lead, area): (usize, usize), together: f64) -> f64 {
        let ratios = &history.ratios;
        let all: f64 = (0..ratios.grades()).map(|grade| forecast.pupils(lead, area, grade)).sum();
        let mut stages = vec![[0.0; LONGEST_LEAD]; history.stages.len()];
        let mut entries = vec![[0.0; LONGEST_LEAD]; ratios.grades()];
        for grade in 0..ratios.grades() {
            let share = forecast.pupils(lead, area, grade) / all;
            let mut at = grade;
            for year in (0..lead).rev() {
                match ratios.sources[at] {
                    Source::Births(_) => {
                        entries[at][year] += share;
                        break;
                    }
                    Source::Below(below) => {
                        stages[history.stage_of[at]][year] += share;
                        at = below;
                    }
                }
            }
        }
        let entered: f64 = entries.iter().map(|weights| self.entry.variance(&weights[..lead])).sum();
        let alone: Vec<f64> =
            stages.iter().zip(&self.progression).map(|(weights, shocks)| shocks.variance(&weights[..lead])).collect();
        let apart: f64 = alone.iter().sum();
        let aligned = alone.iter().copied().map(libm::sqrt).sum::<f64>().powi(2);
        entered + apart + together * (aligned - apart)
    }
}

/// The latest origins whose outcome at a lead is known at the end of year `now`.
fn recent(errors: &Errors, lead: usize, now: usize) -> std::ops::Range<usize> {
    let known = errors.known(lead, now);
    known.start.max(known.end.saturating_sub(RECENT))..known.end
}

impl Trials {
    fn run(history: &History<'_>, choice: Choice, now: usize) -> Self {
        let ratios = &history.ratios;
        let origins = (now + 1).saturating_sub(history.first_origin);
        let blank = Errors::new(history.first_origin, origins, ratios.areas);
        let entry_grades: Vec<usize> = (0..ratios.grades()).filter(|grade| ratios.is_entry(*grade)).collect();
        let mut trials = Self {
            stages: vec![blank.clone(); history.stages.len()],
            entries: vec![blank.clone(); entry_grades.len()],
            all: blank,
            forecasts: Vec::with_capacity(origins),
        };
        for origin in history.first_origin..now {
            let leads = history.leads_from(origin).min(now - origin).min(ESTIMATED);
            let forecast = history.forecast(origin, choice, leads);
            for (lead, area) in (1..=leads).flat_map(|lead| (0..ratios.areas).map(move |area| (lead, area))) {
                let error = |grades: &dyn Fn(usize) -> bool| history.error(&forecast, origin, lead, area, grades);
                trials.all.set(origin, lead, area, error(&|_| true));
                for (stage, errors) in trials.stages.iter_mut().enumerate() {
                    let there = |grade| history.stage_of[grade] == stage && history.steps_in_stage[grade] >= lead;
                    errors.set(origin, lead, area, error(&there));
                }
                for (errors, entry) in trials.entries.iter_mut().zip(&entry_grades) {
                    errors.set(origin, lead, area, error(&|grade| grade == *entry));
                }
            }
            trials.forecasts.push(forecast);
        }
        trials
    }
}

/// What lasting shocks and walks add to the variance at a lead, and the weight of that lead.
type Shape = fn(f64) -> ([f64; 2], f64);

const PROGRESSION: Shape = |h| ([h * h, (h - 1.0) * h * (2.0 * h - 1.0) / 6.0], 1.0 / (h * h));
const ENTRY: Shape = |h| ([1.0, h - 1.0], 1.0);

fn estimate(errors: &[&Errors], now: usize, shape: Shape) -> Shocks {
    let (mut own, mut common) = (Vec::new(), Vec::new());
    for lead in 1..=ESTIMATED {
        let (bases, weight) = shape(lead as f64);
        if let Some((areas, all)) = variances(errors, now, lead) {
            own.push((bases, areas, weight));
            common.push((bases, all, weight));
        }
    }
    let ([area_lasting, area_walk], [common_lasting, common_walk]) = (least_squares(&own), least_squares(&common));
    Shocks { area_lasting, area_walk, common_lasting, common_walk }
}

/// Variance of areas around their mean, and of that mean over origins; `None` with fewer than two origins.
fn variances(errors: &[&Errors], now: usize, lead: usize) -> Option<(f64, f64)> {
    let (mut deviations, mut means, mut areas_of_means) = (Vec::new(), Vec::new(), 0.0);
    let mut origins = 0;
    for errors in errors {
        let known = recent(errors, lead, now);
        origins = origins.max(known.len());
        for origin in known {
            let all = (0..errors.areas).map(|area| errors.at(origin, lead, area)).filter(|error| !error.is_nan());
            let all: Vec<f64> = all.collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            if all.is_empty() {
                continue;
            }
            let freed = if all.len() > 1 { libm::sqrt(all.len() as f64 / (all.len() - 1) as f64) } else { 0.0 };
            deviations.extend(all.iter().map(|error| ((error - mean) * freed).abs()));
            means.push(mean);
            areas_of_means += all.len() as f64;
        }
    }
    if origins < 2 || means.len() < 2 {
        return None;
    }
    let areas = (central(&mut deviations) / CENTRAL_80).powi(2);
    let per_mean = areas_of_means / means.len() as f64;
    let squares = means.iter().map(|mean| mean * mean).sum::<f64>() / means.len() as f64;
    // Few numbers know a variance badly: the variance of a forecast from `n` of them is (n + 1) / (n - 1) as wide. Origins
    // one after the other hold much the same shocks, so areas and origins add up, not multiply.
    let few = |n: f64| (n + 1.0) / (n - 1.0);
    let of_areas = few((per_mean - 1.0 + (origins - 1) as f64).max(2.0));
    Some((areas * of_areas, (squares - areas / per_mean).max(0.0) * few(origins as f64)))
}

/// The size that 80 % of `sizes` do not exceed.
fn central(sizes: &mut [f64]) -> f64 {
    sizes.sort_by(f64::total_cmp);
    let at = 0.8 * (sizes.len().max(1) - 1) as f64;
    let (low, high) = (sizes.get(at as usize), sizes.get(libm::ceil(at) as usize));
    low.zip(high).map_or(0.0, |(low, high)| low + (high - low) * (at - libm::floor(at)))
}

/// Square roots of the two non-negative variances that fit `(bases, variance, weight)` best.
fn least_squares(leads: &[([f64; 2], f64, f64)]) -> [f64; 2] {
    let sum = |of: &dyn Fn([f64; 2], f64) -> f64| leads.iter().map(|(x, y, w)| w * w * of(*x, *y)).sum::<f64>();
    let (aa, ab, bb) = (sum(&|x, _| x[0] * x[0]), sum(&|x, _| x[0] * x[1]), sum(&|x, _| x[1] * x[1]));
    let (ay, by) = (sum(&|x, y| x[0] * y), sum(&|x, y| x[1] * y));
    let alone = |xy: f64, xx: f64| if xx > 0.0 { (xy / xx).max(0.0) } else { 0.0 };
    let determinant = aa * bb - ab * ab;
    let both = [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant];
    let found = if determinant > 1e-12 * aa * bb && both.iter().all(|variance| *variance >= 0.0) {
        both
    } else {
        let (first, second) = (alone(ay, aa), alone(by, bb));
        // What each explains alone: the better of the two stays.
        if first * ay >= second * by { [first, 0.0] } else { [0.0, second] }
    };
    found.map(libm::sqrt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variances_made_of_lasting_shocks_and_walks_are_found_again() {
        for (lasting, walk) in [(0.02, 0.0), (0.0, 0.01), (0.015, 0.004)] {
            let leads: Vec<_> = (1..=8)
                .map(|lead| {
                    let (x, w) = PROGRESSION(f64::from(lead));
                    (x, lasting * lasting * x[0] + walk * walk * x[1], w)
                })
                .collect();
            let found = least_squares(&leads);
            assert!((found[0] - lasting).abs() < 1e-9 && (found[1] - walk).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn the_variance_of_a_sum_of_shocks_is_that_of_the_formulae() {
        let shocks = Shocks { area_lasting: 0.02, area_walk: 0.01, ..Shocks::default() };
        for lead in 1..9 {
            let h = lead as f64;
            let ([lasting, walk], _) = PROGRESSION(h);
            let expected = 0.0004 * lasting + 0.0001 * walk;
            assert!((shocks.variance(&vec![1.0; lead]) - expected).abs() < 1e-12);
        }
    }
}
