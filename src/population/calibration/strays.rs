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

use super::age_groups::{Ages, GROUPS};
use super::counts::Counts;
use super::estimated::Estimate;
use super::spreads::{BIRTHS_WALK, OF_DISTRICTS, Spreads};
use crate::population::view::SEXES;

/// Areas from which a spread between them is measured.
const FEWEST: usize = 8;

/// Walk over lasting spread of migration.
const WALK_OF_LASTING: f64 = 0.31;

/// Share of migrants who are still there ten years on.
const STILL_THERE: f64 = 0.75;

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

impl Strays {
    /// The spreads that these show.
    pub(super) fn spreads(&self, found: &Estimate, counts: &Counts, areas: &[usize]) -> Spreads {
        if areas.len() < FEWEST {
            return OF_DISTRICTS;
        }
        let years = found.pair.years as f64;
        let people: Vec<f64> = areas.iter().map(|area| counts.total(found.pair.to, *area)).collect();
        let all: f64 = people.iter().sum();
        let come: f64 = found.arrivals_of_areas.iter().sum::<f64>() / all;
        let go = leavers(found, counts, areas, Ages::ALL) / all;
        // Poisson numbers of movers on either side.
        let chance = |persons: f64, gross: f64| gross * years / persons.max(1.0);
        let mean_chance = people.iter().map(|persons| chance(*persons, come + go)).sum::<f64>() / areas.len() as f64;
        let total = (variance(self.totals.iter().copied()) - mean_chance).max(0.0);
        let still = libm::pow(STILL_THERE, years / 10.0);
        let squares: f64 = (1..=found.pair.years).map(|year| (year * year) as f64).sum();
        let reach = still * libm::sqrt(go * go + come * come);
        let unit = reach * libm::sqrt(years * years + squares * WALK_OF_LASTING * WALK_OF_LASTING);
        let migration = (libm::sqrt(total) / unit.max(1e-6)).min(WIDEST);
        let (mut seen, mut expected) = (0.0, 0.0);
        for (at, group) in GROUPS.into_iter().enumerate().filter(|(_, group)| group.from >= found.pair.years) {
            let beyond = self.groups.iter().zip(&self.totals).map(|(groups, total)| groups[at] - total);
            let of_group: f64 = areas.iter().map(|area| counts.group(found.pair.to, *area, group)).sum();
            let (come, go) = (arrivals(found, group) / of_group, leavers(found, counts, areas, group) / of_group);
            seen += (variance(beyond) - chance(of_group / areas.len() as f64, come + go)).max(0.0);
            expected += (still * years).powi(2) * (come * come + go * go);
        }
        let ages = libm::sqrt(seen / expected.max(1e-12)).min(WIDEST);
        let beyond = self.children.iter().zip(&self.totals).map(|(children, total)| children - total);
        let births = (variance(beyond) - BIRTHS_WALK * BIRTHS_WALK * years / 2.0).max(0.0);
        Spreads {
            migration,
            migration_walk: WALK_OF_LASTING * migration,
            ages,
            births: libm::sqrt(births).min(WIDEST),
            total: libm::sqrt(total),
            measured: true,
        }
    }
}

fn arrivals(found: &Estimate, ages: Ages) -> f64 {
    found.arrivals.iter().flat_map(|by_age| &by_age[ages.from..ages.to]).sum()
}

fn leavers(found: &Estimate, counts: &Counts, areas: &[usize], ages: Ages) -> f64 {
    let of = |area: usize, sex: usize| {
        let (rates, people) = (&found.out_rates[sex], counts.ages(found.pair.to, area, sex));
        (ages.from..ages.to).map(|age| rates[age] * people[age]).sum::<f64>()
    };
    areas.iter().flat_map(|area| (0..SEXES).map(move |sex| of(*area, sex))).sum()
}

fn variance(of: impl Iterator<Item = f64> + Clone) -> f64 {
    let number = of.clone().count() as f64;
    let mean = of.clone().sum::<f64>() / number;
    of.map(|value| (value - mean).powi(2)).sum::<f64>() / (number - 1.0).max(1.0)
}
