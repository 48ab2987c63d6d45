//! Yearly rates by age as cohorts meet them.

use crate::population::view::AGES;

/// The yearly rate that a cohort meets: half a year at each of its two ages; newborns half a year in all. Slots beyond the
/// last have its rate.
pub(crate) fn exposed(rates: &[f64; AGES], slot: usize) -> f64 {
    let before = if slot == 0 { 0.0 } else { rates[(slot - 1).min(AGES - 1)] };
    0.5 * (before + rates[slot.min(AGES - 1)])
}
