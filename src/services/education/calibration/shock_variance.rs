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
//! and the two variances follow by least squares over leads, neither below nought. A lead weighs as much as its variance is
//! known: the standard error of a variance goes with the variance, which grows as that of a walk does, and errors after `h` years
//! overlap and are only an `h`-th as many independent ones (Hansen and Hodrick 1980). Deviations of areas from the mean over
//! areas give the areas' part, that mean the common part. Scales are those of the central 80 % (Huber and Ronchetti 2009), since a few areas with a break in their records would otherwise widen all; only the latest origins count, since records
//! grow better. How far the stages go together is the correlation with which 80 % of the errors of all grades together lie
//! inside what the shocks imply.

use super::area_scale::{self, Deviation};
use super::forecast::Forecast;
use super::history::{Errors, History, LONGEST_LEAD};
use super::ratios::Source;
use super::smoothing::SmoothingChoice;
use crate::calibration::Shocks;

/// Longest lead on which shocks are estimated.
const ESTIMATED: usize = 8;

/// Latest origins, at each lead, that count.
const RECENT: usize = 10;

/// Fewest errors of all grades by which the correlation of stages is chosen.
const FEWEST: usize = 12;

/// Correlation of stages while nothing can be compared: moves of families are common to them.
const TOGETHER_UNKNOWN: f64 = 0.5;

/// Smallest variance that is told from nought.
const TINY: f64 = 1e-16;

/// Standard normal quantile of the central 80 %.
const CENTRAL_80: f64 = 1.281_551_565_544_6;

/// Correlations between stages that are tried.
const TOGETHER: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Shocks of progression by stage and of yields by entry grade.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShockVariance {
    /// Of every progression ratio of a stage alike, in the order of the stages.
    pub progression: Vec<Shocks>,
    /// Of the yields of entry grades.
    pub entry: Shocks,
    /// Correlation between the shocks of stages.
    pub together: f64,
    /// By what an area's own shocks of progression are larger than those of an area in the middle.
    pub progression_factors: Vec<f64>,
    /// The same of its shocks of yields.
    pub entry_factors: Vec<f64>,
}

/// All errors of past forecasts under one choice.
#[derive(Clone, Debug)]
struct Trials {
    stages: Vec<Errors>,
    entries: Vec<Errors>,
    all: Errors,
    forecasts: Vec<Forecast>,
}

impl ShockVariance {
    /// The spread as it can be known at the end of year `now`, of forecasts by `choice`.
    pub(crate) fn at(history: &History<'_>, choice: SmoothingChoice, now: usize) -> Self {
        let trials = Trials::run(history, choice, now);
        let pupils = history.mean_pupils(now);
        let of_stage = |errors| Process { errors: std::slice::from_ref(errors), shape: PROGRESSION, now };
        let stages: Vec<Process<'_>> = trials.stages.iter().map(of_stage).collect();
        let (progression, progression_factors) = estimate(&stages, &pupils);
        let entries = [Process { errors: &trials.entries, shape: ENTRY, now }];
        let (entry, entry_factors) = estimate(&entries, &pupils);
        let entry = entry.first().copied().unwrap_or_default();
        let together = TOGETHER_UNKNOWN;
        let mut spread = Self { progression, entry, together, progression_factors, entry_factors };
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
                    let variance = self.variance(history, forecast, lead, area, together)
                        + trials.all.chance_at(origin, lead, area);
                    if !error.is_nan() && variance > 0.0 {
                        sizes.push(error.abs() / libm::sqrt(variance));
                    }
                }
            }
        }
        (sizes.len() >= FEWEST).then(|| central(&mut sizes) / CENTRAL_80)
    }

    /// Variance of the log of all grades together, by the shares of the grades in the forecast.
    fn variance(&self, history: &History<'_>, forecast: &Forecast, lead: usize, area: usize, together: f64) -> f64 {
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
        let entered: f64 =
            entries.iter().map(|weights| self.entry.variance(self.entry_factors[area], &weights[..lead])).sum();
        let factor = self.progression_factors[area];
        let of_stages = stages.iter().zip(&self.progression);
        let alone: Vec<f64> = of_stages.map(|(weights, shocks)| shocks.variance(factor, &weights[..lead])).collect();
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
    fn run(history: &History<'_>, choice: SmoothingChoice, now: usize) -> Self {
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
            let levels = history.levels(origin, choice);
            let forecast = Forecast::from(history.table, ratios, &levels, origin, leads);
            for (lead, area) in (1..=leads).flat_map(|lead| (0..ratios.areas).map(move |area| (lead, area))) {
                let note = |errors: &mut Errors, grades: &dyn Fn(usize) -> bool| {
                    errors.set(origin, lead, area, history.error(&forecast, origin, lead, area, grades));
                    errors.set_chance(origin, lead, area, history.chance(&forecast, &levels, lead, area, grades));
                };
                note(&mut trials.all, &|_| true);
                for (stage, errors) in trials.stages.iter_mut().enumerate() {
                    let there = |grade| history.stage_of[grade] == stage && history.steps_in_stage[grade] >= lead;
                    note(errors, &there);
                }
                for (errors, entry) in trials.entries.iter_mut().zip(&entry_grades) {
                    note(errors, &|grade| grade == *entry);
                }
            }
            trials.forecasts.push(forecast);
        }
        trials
    }
}

/// What lasting shocks and walks add to the variance at a lead, and the weight of that lead: the inverse of the standard
/// error of its variance as a walk has it, `h^3` or `h` times the root of `h` for errors that overlap.
type Shape = fn(f64) -> ([f64; 2], f64);

const PROGRESSION: Shape = |h| ([h * h, (h - 1.0) * h * (2.0 * h - 1.0) / 6.0], 1.0 / (h * h * h * libm::sqrt(h)));
const ENTRY: Shape = |h| ([1.0, h - 1.0], 1.0 / (h * libm::sqrt(h)));

/// Errors of one process, of one or more series alike.
#[derive(Clone, Copy, Debug)]
struct Process<'a> {
    errors: &'a [Errors],
    shape: Shape,
    now: usize,
}

/// Times that shocks and the areas' factors are estimated, each with the other as known so far.
const ROUNDS: usize = 3;

/// Shocks of processes that share the areas' factors, and those factors.
fn estimate(processes: &[Process<'_>], pupils: &[f64]) -> (Vec<Shocks>, Vec<f64>) {
    let mut factors = vec![1.0; pupils.len()];
    let mut shocks: Vec<Option<Shocks>> = vec![None; processes.len()];
    for round in 0..=ROUNDS {
        for (process, shocks) in processes.iter().zip(&mut shocks) {
            *shocks = Some(process.shocks(*shocks, &factors));
        }
        if round < ROUNDS {
            let deviations = processes.iter().zip(&shocks).flat_map(|(process, shocks)| {
                (1..=ESTIMATED).flat_map(|lead| process.deviations(lead, *shocks, &factors).0)
            });
            factors = area_scale::factors(&deviations.collect::<Vec<_>>(), pupils);
        }
    }
    (shocks.into_iter().flatten().collect(), factors)
}

/// What all areas have in common, origin by origin: precision-weighted means and the variance of each as a mean.
type Means = Vec<(f64, f64)>;

impl Process<'_> {
    /// Shocks, with those known so far and the areas' factors.
    fn shocks(self, known: Option<Shocks>, factors: &[f64]) -> Shocks {
        let (mut own, mut common) = (Vec::new(), Vec::new());
        for lead in 1..=ESTIMATED {
            let (bases, weight) = (self.shape)(lead as f64);
            if let Some((areas, all)) = self.variances(lead, known, factors) {
                own.push(LeadVariance { bases, variance: areas, weight });
                common.push(LeadVariance { bases, variance: all, weight });
            }
        }
        let ([area_lasting, area_walk], [common_lasting, common_walk]) = (least_squares(&own), least_squares(&common));
        Shocks { area_lasting, area_walk, common_lasting, common_walk }
    }

    /// Deviations of areas from what they have in common at a lead. Nothing being known, all areas weigh the same.
    fn deviations(self, lead: usize, known: Option<Shocks>, factors: &[f64]) -> (Vec<Deviation>, Means) {
        let (mut deviations, mut means) = (Vec::new(), Vec::new());
        let ([lasting, walk], _) = (self.shape)(lead as f64);
        let shocks = known.map_or(1.0, |s| s.area_lasting.powi(2) * lasting + s.area_walk.powi(2) * walk).max(TINY);
        for errors in self.errors {
            let origins = recent(errors, lead, self.now);
            let latest = (origins.len().max(2) - 1) as f64;
            for (index, origin) in origins.enumerate() {
                let chance = |area: usize| if known.is_some() { errors.chance_at(origin, lead, area) } else { 0.0 };
                let all: Vec<(usize, f64, f64)> = (0..errors.areas)
                    .map(|area| (area, errors.at(origin, lead, area), factors[area].powi(2) * shocks + chance(area)))
                    .filter(|(_, error, variance)| !error.is_nan() && !variance.is_nan())
                    .collect();
                let weights: f64 = all.iter().map(|(_, _, variance)| 1.0 / variance).sum();
                let mean = all.iter().map(|(_, error, variance)| error / variance).sum::<f64>() / weights;
                means.extend((!all.is_empty()).then_some((mean, 1.0 / weights)));
                // An area alone is all that there is in common: it deviates from nothing.
                let compared = all.iter().filter(|_| all.len() > 1);
                deviations.extend(compared.map(|(area, error, variance)| Deviation {
                    area: *area,
                    when: index as f64 / latest,
                    size: (error - mean) / libm::sqrt((1.0 - 1.0 / (variance * weights)).max(f64::MIN_POSITIVE)),
                    shocks,
                    chance: chance(*area),
                }));
            }
        }
        (deviations, means)
    }

    /// Variance of shocks of an area in the middle, and of the common ones; `None` with fewer than two origins.
    fn variances(self, lead: usize, known: Option<Shocks>, factors: &[f64]) -> Option<(f64, f64)> {
        let (deviations, means) = self.deviations(lead, known, factors);
        let origins = self.errors.iter().map(|errors| recent(errors, lead, self.now).len()).max().unwrap_or(0);
        if origins < 2 || means.len() < 2 {
            return None;
        }
        let areas = middle_variance(&deviations, factors);
        let per_mean = deviations.len() as f64 / means.len() as f64;
        let n = means.len() as f64;
        let squares = means.iter().map(|(mean, _)| mean * mean).sum::<f64>() / n;
        let of_means = if known.is_some() {
            means.iter().map(|(_, variance)| variance).sum::<f64>() / n
        } else {
            areas / per_mean.max(1.0)
        };
        // Few numbers know a variance badly: the variance of a forecast from `n` of them is (n + 1) / (n - 1) as wide.
        // Origins one after the other hold much the same shocks, so areas and origins add up, not multiply.
        let few = |n: f64| (n + 1.0) / (n - 1.0);
        let of_areas = few((per_mean - 1.0 + (origins - 1) as f64).max(2.0));
        Some((areas * of_areas, (squares - of_means).max(0.0) * few(origins as f64)))
    }
}

/// The variance of shocks with which 80 % of deviations lie within their central 80 %, beside chance.
fn middle_variance(deviations: &[Deviation], factors: &[f64]) -> f64 {
    let held = |variance: f64| {
        let own = |d: &Deviation| libm::sqrt(factors[d.area].powi(2) * variance + d.chance).max(f64::MIN_POSITIVE);
        let mut sizes: Vec<f64> = deviations.iter().map(|d| d.size.abs() / own(d)).collect();
        central(&mut sizes) > CENTRAL_80
    };
    let most = deviations.iter().map(|d| (d.size / factors[d.area]).powi(2)).fold(0.0, f64::max);
    if !held(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most.max(TINY));
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if held(middle) { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The size that 80 % of `sizes` do not exceed.
fn central(sizes: &mut [f64]) -> f64 {
    sizes.sort_by(f64::total_cmp);
    let at = 0.8 * (sizes.len().max(1) - 1) as f64;
    let (low, high) = (sizes.get(at as usize), sizes.get(libm::ceil(at) as usize));
    low.zip(high).map_or(0.0, |(low, high)| low + (high - low) * (at - libm::floor(at)))
}

/// The variance of the errors at one lead.
#[derive(Clone, Copy, Debug)]
struct LeadVariance {
    /// How much of it lasting shocks of variance 1, and walks, would make.
    bases: [f64; 2],
    variance: f64,
    /// How sure it is.
    weight: f64,
}

/// Square roots of the two non-negative variances that fit best.
fn least_squares(leads: &[LeadVariance]) -> [f64; 2] {
    let sum = |of: &dyn Fn([f64; 2], f64) -> f64| {
        leads.iter().map(|lead| lead.weight * lead.weight * of(lead.bases, lead.variance)).sum::<f64>()
    };
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
    use crate::random::{RngSource, StreamKey, standard_normal};

    #[test]
    fn variances_made_of_lasting_shocks_and_walks_are_found_again() {
        for (lasting, walk) in [(0.02, 0.0), (0.0, 0.01), (0.015, 0.004)] {
            let leads: Vec<_> = (1..=8)
                .map(|lead| {
                    let (bases, weight) = PROGRESSION(f64::from(lead));
                    LeadVariance { bases, variance: lasting * lasting * bases[0] + walk * walk * bases[1], weight }
                })
                .collect();
            let found = least_squares(&leads);
            assert!((found[0] - lasting).abs() < 1e-9 && (found[1] - walk).abs() < 1e-9, "{found:?}");
        }
    }

    /// Variances of the errors that a walk of unit steps makes after each lead, measured on overlapping origins.
    fn measured(shape: Shape, trial: u32) -> Vec<LeadVariance> {
        let mut stream = RngSource::new(7, trial).cell(StreamKey::named("test.walk"), 0, 0);
        let mut level = 0.0;
        let levels: Vec<f64> = (0..RECENT + ESTIMATED)
            .map(|_| {
                level += standard_normal(&mut stream);
                level
            })
            .collect();
        let added = shape(2.0).0[0] > 1.0;
        let variance = |lead: usize| {
            let error = |origin: usize| {
                let after = |year: usize| levels[origin + year] - levels[origin];
                if added { (1..=lead).map(after).sum::<f64>() } else { after(lead) }
            };
            (0..RECENT).map(|origin| error(origin).powi(2)).sum::<f64>() / RECENT as f64
        };
        let of_lead = |lead: usize| (shape(lead as f64), variance(lead));
        (1..=ESTIMATED)
            .map(of_lead)
            .map(|((bases, weight), variance)| LeadVariance { bases, variance, weight })
            .collect()
    }

    #[test]
    fn leads_weighed_by_what_overlapping_errors_tell_find_next_years_variance_more_surely_than_alike() {
        for (shape, before) in [(PROGRESSION, 2), (ENTRY, 0)] {
            let (mut weighed, mut alike) = (0.0, 0.0);
            for trial in 0..400 {
                let leads = measured(shape, trial);
                // As if every lead were known as well: by the size of lasting shocks alone.
                let flat = |(at, lead): (usize, &LeadVariance)| LeadVariance {
                    weight: 1.0 / ((at + 1) as f64).powi(before),
                    ..*lead
                };
                let of_next_year = |leads: &[LeadVariance]| least_squares(leads)[0].powi(2) - 1.0;
                weighed += of_next_year(&leads).powi(2);
                alike += of_next_year(&leads.iter().enumerate().map(flat).collect::<Vec<_>>()).powi(2);
            }
            assert!(weighed < 0.95 * alike, "{weighed} {alike}");
        }
    }

    #[test]
    fn the_variance_of_a_sum_of_shocks_is_that_of_the_formulae() {
        let shocks = Shocks { area_lasting: 0.02, area_walk: 0.01, ..Shocks::default() };
        for lead in 1..9 {
            let h = lead as f64;
            let ([lasting, walk], _) = PROGRESSION(h);
            let expected = 0.0004 * lasting + 0.0001 * walk;
            assert!((shocks.variance(1.0, &vec![1.0; lead]) - expected).abs() < 1e-12);
        }
    }
}
