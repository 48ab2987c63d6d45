//! The run against what theory gives: how many standard errors lie between.
//!
//! A weighed mean is the ratio of two sums over replications; its standard error is that of the linearised ratio
//! (Cochran 1977, section 6.4), from pairs of replications as everywhere.

use crate::metric::CellAddress;
use crate::run::Results;
use crate::scenario::{Plan, TheoryResult, Whole};
use crate::summary::standard_error;

/// A result of theory beside the run's.
#[derive(Clone, Copy, Debug)]
pub struct TheoryCheck<'a> {
    /// What theory gives.
    pub result: &'a TheoryResult,
    /// What came out.
    pub mean: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
}

impl TheoryCheck<'_> {
    /// How far the run is off, in standard errors; NaN where it has none.
    pub fn errors(&self) -> f64 {
        (self.mean - self.result.expected) / self.mcse
    }
}

/// Every result of theory beside the run's; those of which the run has no value are left out.
pub fn hold<'a>(plan: &'a Plan, results: &Results) -> Vec<TheoryCheck<'a>> {
    plan.theory.iter().filter_map(|result| hold_one(plan, results, result)).collect()
}

fn hold_one<'a>(plan: &Plan, results: &Results, result: &'a TheoryResult) -> Option<TheoryCheck<'a>> {
    let replications = results.replications();
    let (mut sums, mut weights) = (vec![0.0; replications], vec![0.0; replications]);
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for &(block, metric, whole) in &result.cells {
        let district = plan.catalogue.district(block);
        for year in result.years.clone() {
            let column = |metric, values: &mut Vec<f64>| {
                results.column(&plan.catalogue, CellAddress { block, metric, row: district, year }, values);
            };
            column(metric, &mut values);
            match whole {
                Whole::Weights(other) | Whole::Of(other) => column(other, &mut others),
                Whole::Cells => {
                    others.clear();
                    others.resize(replications, 1.0);
                }
            }
            for (r, (value, other)) in values.iter().zip(&others).enumerate().filter(|(_, (value, _))| !value.is_nan())
            {
                sums[r] += if matches!(whole, Whole::Weights(_)) { value * other } else { *value };
                weights[r] += other;
            }
        }
    }
    let (sum, weight): (f64, f64) = (sums.iter().sum(), weights.iter().sum());
    if weight <= 0.0 {
        return None;
    }
    let (mean, each) = (sum / weight, weight / replications as f64);
    let off: Vec<f64> = sums.iter().zip(&weights).map(|(sum, weight)| (sum - mean * weight) / each).collect();
    Some(TheoryCheck { result, mean, mcse: standard_error(&off) })
}
