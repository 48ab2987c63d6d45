//! Levels of ratios as known at the end of a year, and the pupils they lead to.
//!
//! A level has two parts: the ratio of the whole district, which is well known and may look back briefly, and what an area
//! has beyond it, which is noisy, looks back longer and is drawn towards nought. Each is a weighted sum of means of the past
//! with different memories (simple exponential smoothing; Brown 1959, Gardner 2006): the weight of a known year falls by the
//! factor `memory` for each known year after it. The weights of the memories are a [`SmoothingWeights`](super::smoothing::SmoothingWeights)'s.
//!
//! Shape of a level: `area x grade`, logarithms. Shape of a forecast: `lead x area x grade` pupils; not a number where
//! births or the pupils at the origin are unknown.

use crate::services::education::enrolment::Enrolment;

use super::ratios::{Ratios, Source};

/// A mean of the past with weights that fall by a factor for each year back; years that are not known are left out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ExponentialSmoother {
    sum: f64,
    weight: f64,
}

impl ExponentialSmoother {
    /// Takes in the logarithm of a year, if it is known.
    pub(crate) fn add(&mut self, memory: f64, log: f64) {
        if !log.is_nan() {
            self.sum = self.sum * memory + log;
            self.weight = self.weight * memory + 1.0;
        }
    }

    /// The mean; not a number while nothing is known.
    pub(crate) fn mean(self) -> f64 {
        if self.weight > 0.0 { self.sum / self.weight } else { f64::NAN }
    }
}

/// Smoothed logarithms at every origin for one memory: `origin x (area less the whole, then the whole) x grade`.
#[derive(Clone, Debug)]
pub(crate) struct Smoothed {
    areas: usize,
    grades: usize,
    log: Vec<f64>,
}

impl Smoothed {
    pub(crate) fn new(ratios: &Ratios, memory: f64) -> Self {
        let (areas, grades) = (ratios.areas, ratios.grades());
        let cells = (areas + 1) * grades;
        let mut past = vec![ExponentialSmoother::default(); cells];
        let mut log = Vec::with_capacity(ratios.years * cells);
        for year in 0..ratios.years {
            for (cell, past) in past.iter_mut().enumerate() {
                let (area, grade) = (cell / grades, cell % grades);
                let whole = if area < areas { ratios.log(areas, year, grade) } else { 0.0 };
                past.add(memory, ratios.log(area, year, grade) - whole);
                log.push(past.mean());
            }
        }
        Self { areas, grades, log }
    }

    /// Level of the whole in a grade.
    pub(crate) fn whole(&self, origin: usize, grade: usize) -> f64 {
        self.log[(origin * (self.areas + 1) + self.areas) * self.grades + grade]
    }

    /// What an area has beyond the whole in a grade; nought where nothing is known of it.
    pub(crate) fn beyond(&self, origin: usize, area: usize, grade: usize) -> f64 {
        let beyond = self.log[(origin * (self.areas + 1) + area) * self.grades + grade];
        if beyond.is_nan() { 0.0 } else { beyond }
    }
}

/// Pupils forecast from an origin.
#[derive(Clone, Debug)]
pub(crate) struct Forecast {
    areas: usize,
    grades: usize,
    pupils: Vec<f64>,
}

impl Forecast {
    /// Goes on from the pupils of year position `origin` with levels `area x grade`, for `leads` years.
    pub(crate) fn from(table: &Enrolment, ratios: &Ratios, level: &[f64], origin: usize, leads: usize) -> Self {
        let (areas, grades) = (ratios.areas, ratios.grades());
        let start = table.first_year + origin as i32;
        let factor: Vec<f64> = level.iter().map(|log| libm::exp(*log)).collect();
        let mut pupils = Vec::with_capacity(leads * areas * grades);
        for lead in 1..=leads {
            for area in 0..areas {
                for grade in 0..grades {
                    let year = start + lead as i32;
                    let before = match ratios.sources[grade] {
                        Source::Births(age) => table.cohort(area, year, age),
                        Source::Below(below) if lead == 1 => table.pupils(area, start, below),
                        Source::Below(below) => pupils[((lead - 2) * areas + area) * grades + below],
                    };
                    pupils.push(before * factor[area * grades + grade]);
                }
            }
        }
        Self { areas, grades, pupils }
    }

    /// Pupils of an area and grade, `lead` years on (from 1).
    pub(crate) fn pupils(&self, lead: usize, area: usize, grade: usize) -> f64 {
        self.pupils[((lead - 1) * self.areas + area) * self.grades + grade]
    }
}
