//! What a forecast must beat: nothing changes, cohort ratios (Hamilton and Perry 1962), and constant shares.
//!
//! Ratios and growth are those of the areas that taught, so that these rivals know as much as the forecast does.

use super::age_groups::{Ages, GROUPS};
use super::counts::Counts;
use super::pair::Pair;
use crate::population::view::{AGES, FEMALE};

/// Ages of the women to whom children are set in relation.
const MOTHERS: Ages = Ages { from: 15, to: 50 };

/// Forecasts of one area, by group of [`GROUPS`].
#[derive(Clone, Copy, Debug)]
pub struct Naive {
    /// As counted at the beginning.
    pub no_change: [f64; GROUPS.len()],
    /// Cohort ratios; children by the ratio to women.
    pub hamilton_perry: [f64; GROUPS.len()],
    /// The area's share of each group, of a whole that grows as the areas that taught.
    pub constant_share: [f64; GROUPS.len()],
}

/// Ratios of the areas that taught.
#[derive(Clone, Copy, Debug)]
pub struct NaiveRatios {
    cohort: [f64; GROUPS.len()],
    growth: [f64; GROUPS.len()],
}

/// Ages of a group's cohort at the beginning; `None` for those not born yet. The open group has an open cohort.
fn cohort_of(group: Ages, years: usize) -> Option<Ages> {
    let to = if group.to == AGES { AGES } else { group.to.checked_sub(years)? };
    group.from.checked_sub(years).map(|from| Ages { from, to })
}

fn women(counts: &Counts, date: usize, area: usize) -> f64 {
    MOTHERS.sum(counts.ages(date, area, FEMALE))
}

impl NaiveRatios {
    /// Ratios of some areas: medians of cohort ratios, growth of the whole.
    pub fn of(counts: &Counts, pair: Pair, areas: &[usize]) -> Self {
        let median = |group: Ages| {
            let mut ratios: Vec<f64> = areas
                .iter()
                .filter_map(|area| {
                    let now = counts.group(pair.to, *area, group);
                    let before = match cohort_of(group, pair.years) {
                        Some(cohort) => counts.group(pair.from, *area, cohort),
                        None => women(counts, pair.to, *area),
                    };
                    (before > 0.0).then_some(now / before)
                })
                .collect();
            ratios.sort_by(f64::total_cmp);
            if ratios.is_empty() { 0.0 } else { ratios[ratios.len() / 2] }
        };
        let growth = |group: Ages| {
            let sum = |date: usize| areas.iter().map(|area| counts.group(date, *area, group)).sum::<f64>();
            if sum(pair.from) > 0.0 { sum(pair.to) / sum(pair.from) } else { 1.0 }
        };
        Self { cohort: GROUPS.map(median), growth: GROUPS.map(growth) }
    }

    /// Forecasts of an area over the same number of years as the pair that taught.
    pub fn forecast(&self, counts: &Counts, date: usize, area: usize, years: usize) -> Naive {
        let now = GROUPS.map(|group| counts.group(date, area, group));
        let mut hamilton_perry = [0.0; GROUPS.len()];
        for ((forecast, ratio), group) in hamilton_perry.iter_mut().zip(self.cohort).zip(GROUPS) {
            if let Some(cohort) = cohort_of(group, years) {
                *forecast = ratio * counts.group(date, area, cohort);
            }
        }
        // Women of the time, from their cohorts: those of 15 to 49 keep the share of women of all ages of today.
        let share = women(counts, date, area) / counts.group(date, area, MOTHERS).max(1.0);
        let mothers: f64 = GROUPS
            .iter()
            .zip(&hamilton_perry)
            .filter(|(group, _)| group.from >= MOTHERS.from && group.to <= MOTHERS.to)
            .map(|(_, n)| n)
            .sum();
        for ((forecast, ratio), group) in hamilton_perry.iter_mut().zip(self.cohort).zip(GROUPS) {
            if cohort_of(group, years).is_none() {
                *forecast = ratio * share * mothers;
            }
        }
        let constant_share = std::array::from_fn(|at| now[at] * self.growth[at]);
        Naive { no_change: now, hamilton_perry, constant_share }
    }
}
