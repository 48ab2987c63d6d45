//! Where to look first: how many lumps seem to be missing, from the plan as it is. Nothing of it enters an answer.
//!
//! Where results tell how many places are required (beds, in closed form), what is open is taken off them. Else those without
//! a place and those above the norm are counted, each as much of a place as one who is served has.

use super::target::Target;
use super::trial::{Outcome, Trials};
use crate::metric::Role;
use crate::summary::quantile;

/// Lumps that seem to be missing at each point of a target, in its tightest year and with its confidence.
pub(super) fn missing(trials: &Trials<'_>, base: &Outcome, target: &Target) -> Vec<f64> {
    let year = target.tightest_year();
    target
        .points
        .iter()
        .map(|&at| {
            let point = &trials.points[at];
            let places = required(trials, base, target, at, year).or_else(|| unserved(trials, base, target, year));
            let mut places: Vec<f64> =
                places.unwrap_or_default().into_iter().filter(|value| value.is_finite()).collect();
            places.sort_unstable_by(f64::total_cmp);
            if places.is_empty() {
                return 0.0;
            }
            quantile(&places, target.confidence) / (point.room * f64::from(target.lump))
        })
        .collect()
}

/// Places required less those open, by replication.
fn required(trials: &Trials<'_>, base: &Outcome, target: &Target, point: usize, year: i32) -> Option<Vec<f64>> {
    let block = trials.points[point].measured.unwrap_or(target.block);
    let row = trials.plan.catalogue.district(block);
    let required = trials.column(base, block, Role::RequiredCapacity, row, year)?;
    let open = trials.column(base, block, Role::Capacity, row, year)?;
    Some(required.iter().zip(&open).map(|(required, open)| required - open).collect())
}

/// Those without a place or above the norm, by replication, in places.
fn unserved(trials: &Trials<'_>, base: &Outcome, target: &Target, year: i32) -> Option<Vec<f64>> {
    let of = |role: Role| trials.column(base, target.block, role, target.row, year);
    let (unmet, over) = (of(Role::Unmet)?, of(Role::OverNorm));
    let (places, served) = (of(Role::Capacity), of(Role::Served));
    let each = |at: usize| match (&places, &served) {
        (Some(places), Some(served)) if served[at] > 0.0 && places[at] > 0.0 => (places[at] / served[at]).min(1.0),
        _ => 1.0,
    };
    let count = |at: usize| unmet[at] * each(at) + over.as_ref().map_or(0.0, |over| over[at]);
    Some((0..unmet.len()).map(count).collect())
}
