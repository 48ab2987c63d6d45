//! How uncertain yields and progression are: shocks that last and shocks that walk, common to the district and of each
//! area, estimated on the errors of past forecasts at all leads.
//!
//! A shock `x(j)` of the j-th year moves the logarithm of every progression ratio of an area alike (errors of grades go
//! together), so that pupils already there are wrong by `x(1) + ... + x(h)` after `h` years; a shock of the yield moves the
//! entrants of its year. With `x(j) = lasting + walk(1) + ... + walk(j - 1)` the variance of errors is
//!
//! - progression: `lasting^2 h^2 + walk^2 (h - 1) h (2h - 1) / 6`;
//! - entrants: `lasting^2 + walk^2 (h - 1)`,
//!
//! and the two variances follow by least squares over leads, neither below nought. Deviations of areas from the mean over
//! areas give the areas' part, that mean the common part. Scales are those of the central 80 % (Huber and Ronchetti 2009),
//! since a few areas with a break in their records would otherwise widen all. Last, all shocks are scaled by one factor so
//! that 80 % of recent errors of all grades together lie within what they imply.

use super::choice::Choice;
use super::forecast::Forecast;
use super::history::{Errors, History, LONGEST_LEAD};

/// Longest lead on which shocks are estimated.
const ESTIMATED: usize = 8;

/// Past origins, at each lead, by which all shocks are scaled.
const RECENT: usize = 8;

/// Fewest errors by which shocks are scaled.
const FEWEST: usize = 12;

/// Standard normal quantile of the central 80 %.
const CENTRAL_80: f64 = 1.281_551_565_544_6;

/// Range of the factor by which shocks are scaled.
const SCALE: (f64, f64) = (0.5, 3.0);

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
    fn scaled(self, factor: f64) -> Self {
        Self {
            area_lasting: self.area_lasting * factor,
            area_walk: self.area_walk * factor,
            common_lasting: self.common_lasting * factor,
            common_walk: self.common_walk * factor,
        }
    }

    /// Variance of an area's sum of shocks, for these weights of the j-th year's shock.
    fn variance(self, weights: &[f64]) -> f64 {
        let lasting: f64 = weights.iter().sum();
        let walked: f64 = (1..weights.len()).map(|from| weights[from..].iter().sum::<f64>().powi(2)).sum();
        (self.area_lasting.powi(2) + self.common_lasting.powi(2)) * lasting * lasting
            + (self.area_walk.powi(2) + self.common_walk.powi(2)) * walked
    }
}

/// Shocks of progression and of yields.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Of every progression ratio of an area alike.
    pub progression: Shocks,
    /// Of the yield of an entry grade.
    pub entry: Shocks,
    /// The factor by which both were scaled so as to cover recent errors.
    pub scale: f64,
}

/// All errors of past forecasts under one choice.
#[derive(Clone, Debug)]
struct Trials {
    there: Errors,
    entries: Vec<Errors>,
    all: Errors,
    forecasts: Vec<Forecast>,
}

impl Spread {
    /// The spread as it can be known at the end of year `now`, of forecasts by `choice`.
    pub(super) fn at(history: &History<'_>, choice: Choice, now: usize) -> Self {
        let trials = Trials::run(history, choice, now);
        let progression = estimate(&[&trials.there], now, &PROGRESSION);
        let entries: Vec<&Errors> = trials.entries.iter().collect();
        let spread = Self { progression, entry: estimate(&entries, now, &ENTRY), scale: 1.0 };
        let scale = spread.scale_of(history, &trials, now);
        Self { progression: progression.scaled(scale), entry: spread.entry.scaled(scale), scale }
    }

    fn scale_of(&self, history: &History<'_>, trials: &Trials, now: usize) -> f64 {
        let mut sizes = Vec::new();
        for lead in 1..=ESTIMATED {
            let known = trials.all.known(lead, now);
            for origin in known.start.max(known.end.saturating_sub(RECENT))..known.end {
                for area in 0..history.ratios.areas {
                    let error = trials.all.at(origin, lead, area);
                    let forecast = &trials.forecasts[origin - history.first_origin];
                    let variance = self.variance(history, forecast, lead, area);
                    if !error.is_nan() && variance > 0.0 {
                        sizes.push(error.abs() / libm::sqrt(variance));
                    }
                }
            }
        }
        if sizes.len() < FEWEST { 1.0 } else { (central(&mut sizes) / CENTRAL_80).clamp(SCALE.0, SCALE.1) }
    }

    /// Variance of the log of all grades together, by the shares of the grades in the forecast.
    fn variance(&self, history: &History<'_>, forecast: &Forecast, lead: usize, area: usize) -> f64 {
        let ratios = &history.ratios;
        let pupils = |grade: usize| forecast.pupils(lead, area, grade);
        let all: f64 = (0..ratios.grades()).map(pupils).sum();
        let mut progression = [0.0; LONGEST_LEAD];
        let mut variance = 0.0;
        for grade in 0..ratios.grades() {
            let entered = lead.saturating_sub(ratios.depth[grade]);
            for weight in &mut progression[entered..lead] {
                *weight += pupils(grade) / all;
            }
        }
        for entry in (0..ratios.grades()).filter(|grade| ratios.is_entry(*grade)) {
            let mut weights = [0.0; LONGEST_LEAD];
            for grade in (0..ratios.grades()).filter(|grade| entry_of(history, *grade) == entry) {
                if let Some(year) = lead.checked_sub(ratios.depth[grade] + 1) {
                    weights[year] += pupils(grade) / all;
                }
            }
            variance += self.entry.variance(&weights[..lead]);
        }
        variance + self.progression.variance(&progression[..lead])
    }
}

/// The entry grade from which a grade is filled.
fn entry_of(history: &History<'_>, grade: usize) -> usize {
    match history.ratios.sources[grade] {
        super::Source::Births(_) => grade,
        super::Source::Below(below) => entry_of(history, below),
    }
}

impl Trials {
    fn run(history: &History<'_>, choice: Choice, now: usize) -> Self {
        let ratios = &history.ratios;
        let origins = (now + 1).saturating_sub(history.first_origin);
        let blank = Errors::new(history.first_origin, origins, ratios.areas);
        let entry_grades: Vec<usize> = (0..ratios.grades()).filter(|grade| ratios.is_entry(*grade)).collect();
        let mut trials = Self {
            there: blank.clone(),
            entries: vec![blank.clone(); entry_grades.len()],
            all: blank,
            forecasts: Vec::with_capacity(origins),
        };
        for origin in history.first_origin..now {
            let leads = history.leads_from(origin).min(now - origin).min(ESTIMATED);
            let forecast = history.forecast(origin, choice, leads);
            for lead in 1..=leads {
                for area in 0..ratios.areas {
                    let error = |grades: &dyn Fn(usize) -> bool| history.error(&forecast, origin, lead, area, grades);
                    trials.there.set(origin, lead, area, error(&|grade| history.were_there(grade, lead)));
                    trials.all.set(origin, lead, area, error(&|_| true));
                    for (entries, entry) in trials.entries.iter_mut().zip(&entry_grades) {
                        entries.set(origin, lead, area, error(&|grade| grade == *entry));
                    }
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

fn estimate(errors: &[&Errors], now: usize, shape: &Shape) -> Shocks {
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
        let known = errors.known(lead, now);
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
    // Few origins know the common part badly: the spread of a forecast from `n` of them is wider by (n + 1) / (n - 1).
    let few = (origins + 1) as f64 / (origins - 1) as f64;
    Some((areas, (squares - areas / per_mean).max(0.0) * few))
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
