//! Whether a target is kept, and how exactly the runs know it.

use std::ops::RangeInclusive;

use crate::study::error_of_share;

/// Probability that a target is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// The year.
    pub year: i32,
    /// The probability.
    pub share: f64,
    /// Its Monte Carlo standard error.
    pub error: f64,
}

impl Kept {
    /// Whether that is sure enough. Shares are counts over replications: a rounding of the last bit is no miss.
    pub(super) fn is_enough(self, confidence: f64) -> bool {
        is_enough(self.share, confidence)
    }
}

/// Whether a target kept with this probability is kept with a confidence.
pub(super) fn is_enough(probability: f64, confidence: f64) -> bool {
    probability >= confidence - 1e-9
}

/// The same for each of the years, from what tells by replication whether the target was missed.
pub(super) fn kept_by_year(years: RangeInclusive<i32>, missed: impl Fn(i32) -> Vec<f64>) -> Vec<Kept> {
    years
        .map(|year| {
            // Nobody asked, nothing was missed.
            let values: Vec<f64> =
                missed(year).into_iter().map(|value| if value.is_nan() { 0.0 } else { value }).collect();
            let share = values.iter().sum::<f64>() / values.len().max(1) as f64;
            Kept { year, share: 1.0 - share, error: error_of_share(&values) }
        })
        .collect()
}

/// The year in which a target is kept least surely: the first of them when equal.
pub fn tightest(years: &[Kept]) -> Option<Kept> {
    years.iter().copied().reduce(|worst, next| if next.share < worst.share { next } else { worst })
}

/// Whether every year is kept with a confidence.
pub(super) fn is_kept(years: &[Kept], confidence: f64) -> bool {
    years.iter().all(|year| year.is_enough(confidence))
}

/// Whether every year from one on is.
pub(super) fn is_kept_from(years: &[Kept], from: i32, confidence: f64) -> bool {
    years.iter().filter(|year| year.year >= from).all(|year| year.is_enough(confidence))
}
