//! Where to look first: how many lumps seem to be missing, from the plan as it is. Nothing of it enters an answer.
//!
//! Where results tell how many places are required (beds, in closed form), what is open is taken off them. Else those without
//! a place and those above the norm are counted, each as much of a place as one who is served has.

use super::trial::{Outcome, Trials};
use crate::metric::{BlockId, Role};
use crate::summary::quantile;

/// The row that is looked at, in a year and with a confidence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looked {
    pub(super) block: BlockId,
    pub(super) row: usize,
    pub(super) year: i32,
    pub(super) confidence: f64,
}

/// Units that seem to be missing at each of the points that serve a row.
pub(super) fn missing(trials: &Trials<'_>, base: &Outcome, looked: Looked, points: &[usize]) -> Vec<f64> {
    points
        .iter()
        .map(|&at| {
            let point = &trials.points[at];
            let places = required(trials, base, looked, at).or_else(|| unserved(trials, base, looked));
            let mut places: Vec<f64> =
                places.unwrap_or_default().into_iter().filter(|value| value.is_finite()).collect();
            places.sort_unstable_by(f64::total_cmp);
            if places.is_empty() {
                return 0.0;
            }
            quantile(&places, looked.confidence) / point.room
        })
        .collect()
}

/// Places required less those open, by replication.
fn required(trials: &Trials<'_>, base: &Outcome, looked: Looked, point: usize) -> Option<Vec<f64>> {
    let block = trials.points[point].measured.unwrap_or(looked.block);
    let row = trials.plan.catalogue.district(block);
    let required = trials.column(base, block, Role::RequiredCapacity, row, looked.year)?;
    let open = trials.column(base, block, Role::Capacity, row, looked.year)?;
    Some(required.iter().zip(&open).map(|(required, open)| required - open).collect())
}

/// Those without a place or above the norm, by replication, in places.
fn unserved(trials: &Trials<'_>, base: &Outcome, looked: Looked) -> Option<Vec<f64>> {
    let of = |role: Role| trials.column(base, looked.block, role, looked.row, looked.year);
    let (unmet, over) = (of(Role::Unmet)?, of(Role::OverNorm));
    let (places, served) = (of(Role::Capacity), of(Role::Served));
    let each = |at: usize| match (&places, &served) {
        (Some(places), Some(served)) if served[at] > 0.0 && places[at] > 0.0 => (places[at] / served[at]).min(1.0),
        _ => 1.0,
    };
    let count = |at: usize| unmet[at] * each(at) + over.as_ref().map_or(0.0, |over| over[at]);
    Some((0..unmet.len()).map(count).collect())
}
