//! The projection without chance: expected people of each age group one step later (Leslie 1945).
//!
//! ```text
//! N(t+n, next group) = N(t) x survival,   births = n x sum of f (N(t) + N(t+n)) / 2,   N(t+n, first) = births x share of sex x L0 / (n l0)
//! ```
//!
//! The survival ratios are those of [`super::lifetable::survival_ratios`], which the simulation uses too; groups may be
//! of any width n, all alike. It is the oracle of the simulated means and runs published projections
//! (Preston, Heuveline, Guillot 2001, box 6.1).

use super::lifetable::survival_ratios;

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
