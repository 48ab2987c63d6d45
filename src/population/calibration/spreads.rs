//! How far areas stray from their mean, as spreads of a scenario.
//!
//! With crude rates o of departures and i of arrivals, a lasting spread s and a yearly walk w of both factors (logarithms), the
//! standard deviation of the logarithm of a total after n years is about
//!
//! ```text
//! k sqrt(o^2 + i^2) sqrt((n s)^2 + (1^2 + ... + n^2) w^2)        k = .75^(n/10): those who came leave again
//! ```
//!
//! One interval cannot tell s from w: w = .31 s is assumed, by which two thirds of the variance after ten years last (Smith,
//! Tayman and Swanson 2001: errors of small areas grow about in proportion to the years). The same holds at an age for the doubt
//! about ages. What chance alone does to counts of this size is taken off first. Fewer than [`FEWEST`] areas say too
//! little: the spreads of districts of China 2010-2020 are taken in their place (`docs/track-record.md`).

use super::counts::{Counts, GROUPS};
use super::estimate::Estimate;
use crate::population::view::{AGES, SEXES};

/// Areas from which a spread between them is measured.
pub(super) const FEWEST: usize = 8;

/// Walk over lasting spread of migration.
const WALK_OF_LASTING: f64 = 0.31;

/// Share of migrants who are still there ten years on.
const STILL_THERE: f64 = 0.75;

/// Yearly walk of births per woman (UN WPP 2024, China).
pub(super) const BIRTHS_WALK: f64 = 0.046;

/// Widest spread that is believed.
const WIDEST: f64 = 1.5;

/// How areas stray, in logarithms.
#[derive(Clone, Debug, Default)]
pub(super) struct Strays {
    /// People who were alive at the first count.
    pub(super) totals: Vec<f64>,
    /// Those born since.
    pub(super) children: Vec<f64>,
    /// Groups.
    pub(super) groups: Vec<[f64; GROUPS.len()]>,
}

/// Spreads of an area around the mean of its like, on the logarithm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spreads {
    /// Of factors on leaving and arriving, lasting.
    pub migration: f64,
    /// Of the same, each year's step.
    pub migration_walk: f64,
    /// Of the ages of migrants.
    pub ages: f64,
    /// Of births per woman, lasting.
    pub births: f64,
    /// Standard deviation of the logarithm of an area's total after the interval.
    pub total: f64,
    /// Whether they were measured here, and not taken from elsewhere.
    pub measured: bool,
}

/// Spreads of one district of a city (`docs/track-record.md`).
pub(super) const OF_DISTRICTS: Spreads =
    Spreads { migration: 0.40, migration_walk: 0.13, ages: 0.6, births: 0.32, total: 0.19, measured: false };

impl Spreads {
    pub(super) fn of(strays: &Strays, found: &Estimate, counts: &Counts, areas: &[usize]) -> Self {
        if areas.len() < FEWEST {
            return OF_DISTRICTS;
        }
        let years = found.pair.years as f64;
        let people: Vec<f64> = areas.iter().map(|area| counts.total(found.pair.to, *area)).collect();
        let all: f64 = people.iter().sum();
        let come: f64 = found.arrivals_of_areas.iter().sum::<f64>() / all;
        let go = leavers(found, counts, areas, (0, AGES)) / all;
        // Poisson numbers of movers on either side.
        let chance = |persons: f64, gross: f64| gross * years / persons.max(1.0);
        let mean_chance = people.iter().map(|persons| chance(*persons, come + go)).sum::<f64>() / areas.len() as f64;
        let total = (variance(strays.totals.iter().copied()) - mean_chance).max(0.0);
        let still = libm::pow(STILL_THERE, years / 10.0);
        let squares: f64 = (1..=found.pair.years).map(|year| (year * year) as f64).sum();
        let reach = still * libm::sqrt(go * go + come * come);
        let unit = reach * libm::sqrt(years * years + squares * WALK_OF_LASTING * WALK_OF_LASTING);
        let migration = (libm::sqrt(total) / unit.max(1e-6)).min(WIDEST);
        let (mut seen, mut expected) = (0.0, 0.0);
        for (at, group) in GROUPS.into_iter().enumerate().filter(|(_, (from, _))| *from >= found.pair.years) {
            let beyond = strays.groups.iter().zip(&strays.totals).map(|(groups, total)| groups[at] - total);
            let of_group: f64 = areas.iter().map(|area| counts.group(found.pair.to, *area, group)).sum();
            let (come, go) = (arrivals(found, group) / of_group, leavers(found, counts, areas, group) / of_group);
            seen += (variance(beyond) - chance(of_group / areas.len() as f64, come + go)).max(0.0);
            expected += (still * years).powi(2) * (come * come + go * go);
        }
        let ages = libm::sqrt(seen / expected.max(1e-12)).min(WIDEST);
        let beyond = strays.children.iter().zip(&strays.totals).map(|(children, total)| children - total);
        let births = (variance(beyond) - BIRTHS_WALK * BIRTHS_WALK * years / 2.0).max(0.0);
        Self {
            migration,
            migration_walk: WALK_OF_LASTING * migration,
            ages,
            births: libm::sqrt(births).min(WIDEST),
            total: libm::sqrt(total),
            measured: true,
        }
    }
}

fn arrivals(found: &Estimate, (from, to): (usize, usize)) -> f64 {
    found.arrivals.iter().flat_map(|ages| &ages[from..to]).sum()
}

fn leavers(found: &Estimate, counts: &Counts, areas: &[usize], (from, to): (usize, usize)) -> f64 {
    let of = |area: usize, sex: usize| {
        let (rates, people) = (&found.out_rates[sex], counts.ages(found.pair.to, area, sex));
        (from..to).map(|age| rates[age] * people[age]).sum::<f64>()
    };
    areas.iter().flat_map(|area| (0..SEXES).map(move |sex| of(*area, sex))).sum()
}

fn variance(of: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = of.clone().count() as f64;
    let mean = of.clone().sum::<f64>() / number;
    of.map(|value| (value - mean).powi(2)).sum::<f64>() / (number - 1.0).max(1.0)
}
