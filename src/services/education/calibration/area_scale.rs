//! How restless each area is: the factor by which its own shocks are larger than those of an area in the middle.
//!
//! With few years, an area's own errors say little of its scale, and the scale of all areas together is wrong for most of
//! them: small areas are more restless than large ones, by more than the chance of few pupils. So the logarithm of an
//! area's factor is `size line + w (own - size line)`: a straight line in the logarithm of its pupils, by least squares and
//! shrunk by the error of its slope (James and Stein 1961), and `w` of what it has beyond that line. Errors at leads that
//! overlap are not independent, so `w` is not taken from degrees of freedom but from what lasts: the covariance over areas
//! between the factor seen in earlier and in later origins, over its variance in all of them (Efron and Morris 1975).

use super::requirements::SHORTEST_HISTORY;

/// Largest factor, and inverse of the smallest.
const MOST: f64 = 8.0;

/// Fewest areas among which scales are told apart.
const FEWEST: usize = 8;

/// Mean size of a standard normal number, `sqrt(2 / pi)`.
pub(crate) const MEAN_SIZE: f64 = 0.797_884_560_802_865_4;

/// Deviations beyond so many standard ones count as that many: breaks in the records are no restlessness.
const BREAK: f64 = 4.0;

/// The deviation of an area in one origin from what all areas have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deviation {
    pub(crate) area: usize,
    /// Its origin, from 0 for the earliest of those that count to 1 for the latest.
    pub(crate) when: f64,
    /// The logarithm.
    pub(crate) size: f64,
    /// Variance of shocks of an area in the middle.
    pub(crate) shocks: f64,
    /// Variance by chance.
    pub(crate) chance: f64,
}

/// Factors of all areas; 1 for all where they cannot be told apart. `pupils` is the size of each area.
pub(crate) fn factors(deviations: &[Deviation], pupils: &[f64]) -> Vec<f64> {
    let areas = pupils.len();
    let mut by_area = vec![Vec::new(); areas];
    for deviation in deviations {
        by_area[deviation.area].push(*deviation);
    }
    let log = |area: usize, wanted: &dyn Fn(f64) -> bool| {
        let here: Vec<Deviation> = by_area[area].iter().copied().filter(|d| wanted(d.when)).collect();
        own(&here).map_or(f64::NAN, libm::log)
    };
    let logs = |wanted: &dyn Fn(f64) -> bool| (0..areas).map(|area| log(area, wanted)).collect::<Vec<f64>>();
    let (all, before, after) = (logs(&|_| true), logs(&|when| when < 0.5), logs(&|when| when >= 0.5));
    let sizes: Vec<f64> = pupils.iter().map(|pupils| libm::log(*pupils)).collect();
    let told: Vec<usize> = (0..areas).filter(|area| !all[*area].is_nan() && sizes[*area].is_finite()).collect();
    if told.len() < FEWEST {
        return vec![1.0; areas];
    }
    let line = Line::through(&told, &sizes, &all);
    let beyond = |logs: &[f64], area: usize| logs[area] - line.at(sizes[area]);
    let halves: Vec<(f64, f64)> = told.iter().map(|area| (beyond(&before, *area), beyond(&after, *area))).collect();
    let seen: Vec<(f64, f64)> = told.iter().map(|area| (beyond(&all, *area), beyond(&all, *area))).collect();
    let kept = (covariance(&halves) / covariance(&seen)).clamp(0.0, 1.0);
    (0..areas)
        .map(|area| {
            let own = beyond(&all, area);
            let size = if sizes[area].is_finite() { line.at(sizes[area]) } else { line.middle };
            libm::exp(size + if own.is_nan() || kept.is_nan() { 0.0 } else { kept * own })
        })
        .collect()
}

/// The factor with which deviations of one area have the mean size that they should; `None` with too few of them.
fn own(deviations: &[Deviation]) -> Option<f64> {
    if deviations.len() < SHORTEST_HISTORY {
        return None;
    }
    let mean = |factor: f64| {
        let size = |d: &Deviation| (d.size.abs() / libm::sqrt(d.shocks * factor * factor + d.chance)).min(BREAK);
        deviations.iter().map(size).sum::<f64>() / deviations.len() as f64
    };
    let (mut low, mut high) = (-libm::log(MOST), libm::log(MOST));
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if mean(libm::exp(middle)) > MEAN_SIZE { low = middle } else { high = middle }
    }
    Some(libm::exp(f64::midpoint(low, high)))
}

/// A straight line by least squares, its slope shrunk by its error.
#[derive(Clone, Copy, Debug)]
struct Line {
    centre: f64,
    middle: f64,
    slope: f64,
}

impl Line {
    fn through(told: &[usize], x: &[f64], y: &[f64]) -> Self {
        let n = told.len() as f64;
        let mean = |of: &[f64]| told.iter().map(|at| of[*at]).sum::<f64>() / n;
        let (centre, middle) = (mean(x), mean(y));
        let sum = |of: &dyn Fn(usize) -> f64| told.iter().map(|at| of(*at)).sum::<f64>();
        let xx = sum(&|at| (x[at] - centre).powi(2));
        let slope = sum(&|at| (x[at] - centre) * (y[at] - middle)) / xx;
        let left = sum(&|at| (y[at] - middle - slope * (x[at] - centre)).powi(2)) / (n - 2.0);
        let kept = (1.0 - left / (xx * slope * slope)).max(0.0);
        let slope = if xx > 0.0 && kept.is_finite() { slope * kept } else { 0.0 };
        Self { centre, middle, slope }
    }

    fn at(self, x: f64) -> f64 {
        self.middle + self.slope * (x - self.centre)
    }
}

/// Covariance of pairs whose both numbers are known.
fn covariance(pairs: &[(f64, f64)]) -> f64 {
    let known: Vec<(f64, f64)> = pairs.iter().copied().filter(|(a, b)| !a.is_nan() && !b.is_nan()).collect();
    let n = known.len() as f64;
    let (a, b) = known.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
    known.iter().map(|pair| (pair.0 - a) * (pair.1 - b)).sum::<f64>() / (n - 1.0)
}
