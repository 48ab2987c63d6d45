//! Scores of forecasts: how far off, to which side, and whether the stated uncertainty was true.
//!
//! A forecast is a set of paths and a middle; what came is one number. The error is `forecast / actual - 1`. CRPS
//! (continuous ranked probability score; Gneiting and Raftery 2007) is `mean |x - actual| - mean |x - x'| / 2` over the
//! paths: the error of a forecast that also pays for false certainty. Of a forecast without spread it is the absolute error.

use super::quantile::quantile;

/// Central intervals whose cover is counted.
pub const INTERVALS: [f64; 3] = [0.5, 0.8, 0.95];

/// Mean scores of a number of forecasts, relative to what came.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Number of forecasts.
    pub forecasts: usize,
    absolute: f64,
    signed: f64,
    crps: f64,
    inside: [usize; 3],
}

impl Score {
    /// Adds a forecast of a number above 0. `paths` are sorted.
    pub fn add(&mut self, forecast: f64, paths: &[f64], actual: f64) {
        let error = forecast / actual - 1.0;
        self.forecasts += 1;
        self.absolute += error.abs();
        self.signed += error;
        self.crps += crps(paths, actual) / actual;
        for (inside, interval) in self.inside.iter_mut().zip(INTERVALS) {
            let (low, high) = (quantile(paths, 0.5 - interval / 2.0), quantile(paths, 0.5 + interval / 2.0));
            *inside += usize::from((low..=high).contains(&actual));
        }
    }

    /// Adds the forecasts of another score.
    pub fn merge(&mut self, other: &Self) {
        self.forecasts += other.forecasts;
        self.absolute += other.absolute;
        self.signed += other.signed;
        self.crps += other.crps;
        self.inside.iter_mut().zip(other.inside).for_each(|(inside, more)| *inside += more);
    }

    /// Mean absolute error, share of the actual (MAPE / 100).
    pub fn absolute(&self) -> f64 {
        self.absolute / self.forecasts as f64
    }

    /// Mean error, share of the actual; above 0 where forecasts were too high.
    pub fn bias(&self) -> f64 {
        self.signed / self.forecasts as f64
    }

    /// Mean CRPS, share of the actual.
    pub fn crps(&self) -> f64 {
        self.crps / self.forecasts as f64
    }

    /// Share of actual numbers inside the central [`INTERVALS`].
    pub fn cover(&self) -> [f64; 3] {
        self.inside.map(|inside| inside as f64 / self.forecasts as f64)
    }
}

/// CRPS of sorted paths for what came, in its unit.
pub fn crps(sorted: &[f64], actual: f64) -> f64 {
    let n = sorted.len() as f64;
    let (mut distance, mut between) = (0.0, 0.0);
    for (rank, path) in sorted.iter().enumerate() {
        distance += (path - actual).abs();
        between += path * (2.0 * rank as f64 + 1.0 - n);
    }
    distance / n - between / (n * n)
}

/// Share of sorted paths below what came, ties counted half: uniform from 0 to 1 where the stated uncertainty is right
/// (probability integral transform; Dawid 1984).
pub fn rank(sorted: &[f64], actual: f64) -> f64 {
    let (below, upto) = (sorted.partition_point(|v| *v < actual), sorted.partition_point(|v| *v <= actual));
    0.5 * (below + upto) as f64 / sorted.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_of_a_uniform_forecast_is_its_closed_form() {
        // Uniform on (0, 1) at y: y^2 - y + 1/3 (Gneiting and Raftery 2007).
        let sorted: Vec<f64> = (0..100_000).map(|i| (f64::from(i) + 0.5) / 1e5).collect();
        for y in [0.1, 0.5, 0.9] {
            assert!((crps(&sorted, y) - (y * y - y + 1.0 / 3.0)).abs() < 1e-6);
            assert!((rank(&sorted, y) - y).abs() < 1e-4);
        }
    }

    #[test]
    fn a_sure_forecast_scores_its_absolute_error() {
        let mut score = Score::default();
        score.add(110.0, &[110.0; 50], 100.0);
        assert!((score.crps() - 0.1).abs() < 1e-12 && (score.absolute() - 0.1).abs() < 1e-12);
        assert_eq!(score.cover(), [0.0; 3]);
        assert_eq!(rank(&[110.0; 50], 110.0), 0.5, "ties count half");
    }

    /// A forecast scored by its own paths: every rank alike, every interval as wide as it says.
    #[test]
    fn a_forecast_that_is_true_has_uniform_ranks() {
        let sorted: Vec<f64> = (1..=1000).map(|i| 100.0 + 0.01 * f64::from(i * i)).collect();
        let mut score = Score::default();
        let mut tenths = [0; 10];
        for actual in &sorted {
            score.add(sorted[499], &sorted, *actual);
            tenths[((10.0 * rank(&sorted, *actual)) as usize).min(9)] += 1;
        }
        assert_eq!(tenths, [100; 10]);
        for (cover, interval) in score.cover().into_iter().zip(INTERVALS) {
            assert!((cover - interval).abs() <= 0.002, "{cover} for {interval}");
        }
    }
}
