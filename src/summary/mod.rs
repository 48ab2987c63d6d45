//! Summaries over replications: what is expected, how sure, and how exactly the simulation knows it.
//!
//! Quantiles are exact (all values are kept), interpolated between order statistics (Hyndman and Fan 1996, type 7).
//! Replications `2k` and `2k + 1` share a parameter path, so the Monte Carlo standard error comes from the means of
//! pairs, and the variance splits exactly into chance (within pairs) and parameters (between pairs).

mod quantile;
mod score;

pub use quantile::quantile;
pub use score::{INTERVALS, Score, crps, rank};

/// The probabilities of the quantiles of a [`Statistic`].
pub const QUANTILES: [f64; 7] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95];

/// Summary of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistic {
    /// Replications in which the cell has a value.
    pub defined: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub sd: f64,
    /// Monte Carlo standard error of the mean.
    pub mcse: f64,
    /// Quantiles at [`QUANTILES`].
    pub quantiles: [f64; 7],
}

/// Summarises the values of one cell by replication; `sorted` is scratch. NaN marks a replication without a value.
pub fn summarise(values: &[f64], sorted: &mut Vec<f64>) -> Option<Statistic> {
    sorted.clear();
    sorted.extend(values.iter().copied().filter(|v| !v.is_nan()));
    let defined = sorted.len();
    if defined == 0 {
        return None;
    }
    let mean = sorted.iter().sum::<f64>() / defined as f64;
    let sd = spread(sorted, mean);
    sorted.sort_unstable_by(f64::total_cmp);
    let quantiles = QUANTILES.map(|p| quantile(sorted, p));
    Some(Statistic { defined, mean, sd, mcse: standard_error(values), quantiles })
}

fn spread(values: &[f64], mean: f64) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

/// Means of the pairs in which both replications have a value.
fn pair_means(values: &[f64]) -> Vec<f64> {
    values.chunks_exact(2).map(|pair| 0.5 * (pair[0] + pair[1])).filter(|mean| !mean.is_nan()).collect()
}

/// Monte Carlo standard error of the mean: pairs are independent, their members are not.
pub fn standard_error(values: &[f64]) -> f64 {
    let means = pair_means(values);
    if means.len() < 2 {
        return f64::NAN;
    }
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    spread(&means, mean) / (means.len() as f64).sqrt()
}

/// Variance of one cell, split. `chance + parameters` is the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceShares {
    /// Share of chance events given the parameters, 0 to 1.
    pub chance: f64,
    /// Share of the parameters, 0 to 1.
    pub parameters: f64,
}

/// Splits the variance of a cell (one-way analysis of variance with two replications a path; Searle et al. 1992).
/// `None` where nothing varies or there are fewer than two pairs.
pub fn variance_shares(values: &[f64]) -> Option<VarianceShares> {
    let means = pair_means(values);
    if means.len() < 2 {
        return None;
    }
    let pairs = values.chunks_exact(2).filter(|pair| !(pair[0] + pair[1]).is_nan());
    let within = pairs.map(|pair| 0.5 * (pair[0] - pair[1]).powi(2)).sum::<f64>() / means.len() as f64;
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    let between = (spread(&means, mean).powi(2) - 0.5 * within).max(0.0);
    let whole = within + between;
    (whole > 0.0).then(|| VarianceShares { chance: within / whole, parameters: between / whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_numbers_0_to_100_are_themselves() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let statistic = summarise(&values, &mut Vec::new()).unwrap();
        assert_eq!(statistic.quantiles, [5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0]);
        assert_eq!(statistic.mean, 50.0);
    }

    #[test]
    fn values_that_differ_only_between_pairs_are_all_parameters() {
        let values = [1.0, 1.0, 5.0, 5.0, 9.0, 9.0];
        assert_eq!(variance_shares(&values).unwrap().parameters, 1.0);
        let chance = variance_shares(&[0.0, 2.0, 2.0, 0.0, 0.0, 2.0]).unwrap();
        assert_eq!(chance.chance, 1.0);
    }

    #[test]
    fn replications_without_a_value_are_left_out() {
        let statistic = summarise(&[f64::NAN, 2.0, 4.0, f64::NAN], &mut Vec::new()).unwrap();
        assert_eq!((statistic.defined, statistic.mean), (2, 3.0));
    }
}
