//! The projection without chance: expected people of each age group one step later (Leslie 1945).
//!
//! ```text
//! N(t+n, next group) = N(t) x survival,   births = n x sum of f (N(t) + N(t+n)) / 2,   N(t+n, first) = births x share of sex x L0 / (n l0)
//! ```
//!
//! The survival ratios are those of [`super::life_table::survival_ratios`], which the simulation uses too; groups may be
//! of any width n, all alike. It is the oracle of the simulated means and runs published projections
//! (Preston, Heuveline, Guillot 2001, box 6.1).

use super::life_table::survival_ratios;
use crate::population::view::MALE;

/// One closed population of one sex in age groups of equal width.
#[derive(Clone, Debug)]
pub struct Projection {
    /// Width of a group and of a step, years.
    pub step: f64,
    /// Share alive a step later: newborns first, then each group.
    pub survival: Vec<f64>,
    /// Births of both sexes per person-year, by group.
    pub fertility: Vec<f64>,
    /// Share of births that enter this population.
    pub share: f64,
}

impl Projection {
    /// From person-years lived of a life table with the given radix; the last is the open group's.
    pub fn new(step: f64, lived: &[f64], radix: f64, fertility: &[f64], share: f64) -> Self {
        let mut survival = vec![0.0; lived.len() + 1];
        survival_ratios(lived, step * radix, &mut survival);
        Self { step, survival, fertility: fertility.to_vec(), share }
    }

    /// The survivors of `people` one step later, without the newborn.
    pub fn age(&self, people: &[f64]) -> Vec<f64> {
        let groups = people.len();
        let mut next = vec![0.0; groups];
        for (group, count) in people.iter().enumerate() {
            next[(group + 1).min(groups - 1)] += count * self.survival[group + 1];
        }
        next
    }

    /// Births of both sexes by group of the mothers, from the people at both ends of a step.
    pub fn births(&self, start: &[f64], end: &[f64]) -> Vec<f64> {
        let mean = |group: usize| 0.5 * (start[group] + end[group]);
        (0..start.len()).map(|group| self.step * self.fertility[group] * mean(group)).collect()
    }

    /// The people one step later, and the births of both sexes by group of the mothers.
    pub fn advance(&self, people: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut next = self.age(people);
        let births = self.births(people, &next);
        next[0] = births.iter().sum::<f64>() * self.share * self.survival[0];
        (next, births)
    }

    /// Dominant growth factor per step: the largest eigenvalue of the Leslie matrix, by power iteration.
    pub fn growth(&self) -> f64 {
        const ROUNDS: usize = 20_000;
        let mut people = vec![1.0; self.fertility.len()];
        let mut factor = 1.0;
        for _ in 0..ROUNDS {
            let (next, _) = self.advance(&people);
            factor = next.iter().sum::<f64>() / people.iter().sum::<f64>();
            let total: f64 = next.iter().sum();
            people = next.into_iter().map(|n| n / total).collect();
        }
        factor
    }

    /// Births of this sex that one newborn of it has in a life: the net reproduction rate.
    pub fn net_reproduction(&self) -> f64 {
        let mut alive = vec![0.0; self.fertility.len()];
        // One newborn of this sex: person-years lived in each group, as shares of the step.
        alive[0] = self.survival[0];
        for group in 1..alive.len() - 1 {
            alive[group] = alive[group - 1] * self.survival[group];
        }
        alive.iter().zip(&self.fertility).map(|(lived, rate)| self.step * lived * rate * self.share).sum()
    }
}

/// Person-years lived in five-year groups by one newborn, the last beyond 100, from death rates of ages 0, 1-4, 5-9, ...,
/// 95-99, 100+ (22 of them).
///
/// Separation factors as the United Nations use: Coale and Demeny 1983 (West) below 5, 2.5 years to age 14, Greville
/// 1943 above.
pub fn abridged_person_years(rates: &[f64], sex: usize) -> Vec<f64> {
    let last = rates.len() - 1;
    let mut lived = Vec::with_capacity(last);
    let mut alive = 1.0;
    for (group, rate) in rates[..last].iter().enumerate() {
        let (width, separation) = separation(rates, sex, group);
        let dying = alive * (width * rate / (1.0 + (width - separation) * rate)).min(1.0);
        lived.push(width * (alive - dying) + separation * dying);
        alive -= dying;
    }
    let infants = lived.remove(0);
    lived[0] += infants;
    lived.push(alive / rates[last]);
    lived
}

/// Width of a group and the mean years lived in it by those who die in it.
fn separation(rates: &[f64], sex: usize, group: usize) -> (f64, f64) {
    let infant = rates[0];
    match group {
        0 if infant >= 0.107 => (1.0, if sex == MALE { 0.33 } else { 0.35 }),
        0 if sex == MALE => (1.0, 0.045 + 2.684 * infant),
        0 => (1.0, 0.053 + 2.800 * infant),
        1 if infant >= 0.107 => (4.0, if sex == MALE { 1.352 } else { 1.361 }),
        1 if sex == MALE => (4.0, 1.651 - 2.816 * infant),
        1 => (4.0, 1.522 - 1.518 * infant),
        2 | 3 => (5.0, 2.5),
        _ => {
            let slope = libm::log(rates[group + 1] / rates[group - 1]) / 10.0;
            (5.0, 2.5 - 25.0 / 12.0 * (rates[group] - slope))
        }
    }
}
