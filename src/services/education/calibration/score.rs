//! Scores of forecasts: how far off, to which side, and whether the stated uncertainty was true.
//!
//! All are relative to what came (`actual`): error `forecast / actual - 1`; the forecast is the median of the paths'
//! law without shocks. CRPS (continuous ranked probability score; Gneiting and Raftery 2007) is
//! `mean |x - actual| - mean |x - x'| / 2` over the paths, the error of a forecast that also pays for false certainty.

/// Mean scores of a number of forecasts at one lead.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Number of forecasts.
    pub forecasts: usize,
    absolute: f64,
    signed: f64,
    crps: f64,
    inside: [usize; 3],
    falling: usize,
    signed_falling: f64,
}

/// Central intervals whose coverage is counted.
pub(crate) const INTERVALS: [f64; 3] = [0.5, 0.8, 0.95];

impl Score {
    /// Adds a forecast. `paths` are sorted; `falling` says whether births fell on the way.
    pub(crate) fn add(&mut self, forecast: f64, paths: &[f64], actual: f64, falling: bool) {
        let error = forecast / actual - 1.0;
        self.forecasts += 1;
        self.absolute += error.abs();
        self.signed += error;
        self.crps += crps(paths, actual) / actual;
        for (inside, interval) in self.inside.iter_mut().zip(INTERVALS) {
            let (low, high) = (quantile(paths, 0.5 - interval / 2.0), quantile(paths, 0.5 + interval / 2.0));
            *inside += usize::from((low..=high).contains(&actual));
        }
        if falling {
            self.falling += 1;
            self.signed_falling += error;
        }
    }

    /// Mean absolute error, share of the actual (MAPE / 100).
    pub fn absolute(&self) -> f64 {
        self.absolute / self.forecasts as f64
    }

    /// Mean error, share of the actual; above 0 where forecasts were too high.
    pub fn bias(&self) -> f64 {
        self.signed / self.forecasts as f64
    }

    /// Mean error where births fell, and the number of such forecasts.
    pub fn bias_when_births_fall(&self) -> (f64, usize) {
        (self.signed_falling / self.falling as f64, self.falling)
    }

    /// Mean CRPS, share of the actual.
    pub fn crps(&self) -> f64 {
        self.crps / self.forecasts as f64
    }

    /// Share of actual numbers inside the central 50, 80 and 95 % intervals.
    pub fn coverage(&self) -> [f64; 3] {
        self.inside.map(|inside| inside as f64 / self.forecasts as f64)
    }
}

/// Quantile of sorted numbers, linear between order statistics.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len() - 1) as f64;
    let low = libm::floor(at) as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
}

fn crps(sorted: &[f64], actual: f64) -> f64 {
    let n = sorted.len() as f64;
    let (mut distance, mut between) = (0.0, 0.0);
    for (rank, path) in sorted.iter().enumerate() {
        distance += (path - actual).abs();
        between += path * (2.0 * rank as f64 + 1.0 - n);
    }
    distance / n - between / (n * n)
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
        }
        assert!((quantile(&sorted, 0.8) - 0.8).abs() < 1e-4);
    }

    #[test]
    fn a_sure_forecast_scores_its_absolute_error() {
        let mut score = Score::default();
        score.add(110.0, &[110.0; 50], 100.0, true);
        assert!((score.crps() - 0.1).abs() < 1e-12 && (score.absolute() - 0.1).abs() < 1e-12);
        assert_eq!(score.coverage(), [0.0; 3]);
        assert!((score.bias_when_births_fall().0 - 0.1).abs() < 1e-12);
    }
}
