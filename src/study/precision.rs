//! How sure a finite number of replications makes us of the risks that verdicts state.
//!
//! The Monte Carlo standard error of a shortage probability comes from pairs of replications on one path (they are not
//! independent). A risk of which no replication shows the event would have error zero: the plus-four estimate
//! (Agresti & Coull 1998) sets a floor, so that sixteen replications never look certain.

use super::Verdict;
use crate::metric::{CellAddress, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::standard_error;

/// The largest Monte Carlo standard error among the district's worst-year shortage probabilities; 0 without verdicts.
pub fn largest_error(plan: &Plan, results: &Results, verdicts: &[Verdict]) -> f64 {
    let mut column = Vec::new();
    verdicts
        .iter()
        .map(|verdict| {
            let Some(metric) = plan.catalogue.metric(verdict.block, Role::TargetMissed) else { return 0.0 };
            let year = (verdict.worst_year.0 - plan.site.start) as usize;
            let district = plan.catalogue.district(verdict.block);
            results.column(
                &plan.catalogue,
                CellAddress { block: verdict.block, metric, row: district, year },
                &mut column,
            );
            error_of_share(&column)
        })
        .fold(0.0, f64::max)
}

/// Standard error of the share of ones among `values` by replication.
pub fn error_of_share(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let share = (values.iter().sum::<f64>() + 2.0) / (n + 4.0);
    let floor = (share * (1.0 - share) / n).sqrt();
    // Fewer than two pairs have no spread to speak of.
    let paired = standard_error(values);
    if paired.is_nan() { floor } else { paired.max(floor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_never_seen_is_not_certain() {
        assert!(error_of_share(&[0.0; 16]) > 0.05);
        assert!(error_of_share(&[0.0; 1_600]) < 0.001);
    }

    #[test]
    fn replications_that_agree_in_pairs_count_as_half_as_many() {
        let paired: Vec<f64> = (0..4_000).map(|r| f64::from(r / 2 % 2)).collect();
        let expected = (0.25_f64 / 2_000.0).sqrt();
        assert!((error_of_share(&paired) / expected - 1.0).abs() < 1e-3);
    }
}
