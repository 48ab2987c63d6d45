//! Ratios of each grade to the children it comes from: entrants for each birth, pupils for each pupil of the grade below a
//! year earlier (grade-progression ratio; Shryock and Siegel 1976).
//!
//! Shape: `(area, then the district as a whole) x year x grade`, natural logarithms; not a number where a count is
//! unknown or zero. The whole is the ratio of sums over the areas in which both counts are known.

use crate::services::education::enrolment::Enrolment;

/// Where the pupils of a grade come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The births of the cohort that has this age.
    Births(i32),
    /// The grade at this position of the table, a year earlier.
    Below(usize),
}

/// Log ratios of a table.
#[derive(Clone, Debug)]
pub struct Ratios {
    /// Source of each grade.
    pub sources: Vec<Source>,
    /// Steps from a grade down to the one that is entered from births: 0 for an entry grade.
    pub depth: Vec<usize>,
    pub(crate) areas: usize,
    pub(crate) years: usize,
    log: Vec<f64>,
}

impl Ratios {
    /// The ratios of a table.
    pub fn of(table: &Enrolment) -> Self {
        Self::without(table, &vec![0.0; table.areas.len() * table.years])
    }

    /// The ratios of a table from which outliers of progression, logarithms `area x year`, are taken off.
    pub(crate) fn without(table: &Enrolment, blips: &[f64]) -> Self {
        let kept: Vec<f64> = blips.iter().map(|blip| libm::exp(-blip)).collect();
        let sources: Vec<Source> = (0..table.grades.len()).map(|grade| source(table, grade)).collect();
        let depth = (0..sources.len()).map(|grade| depth(&sources, grade)).collect();
        let (areas, years) = (table.areas.len(), table.years);
        let mut ratios = Self { sources, depth, areas, years, log: Vec::new() };
        for area in 0..=areas {
            for year in 0..years {
                for grade in 0..table.grades.len() {
                    ratios.log.push(ratios.log_ratio(table, &kept, area, year, grade));
                }
            }
        }
        ratios
    }

    /// `kept` is the part of the pupils of an area and year that is no blip.
    fn log_ratio(&self, table: &Enrolment, kept: &[f64], area: usize, year: usize, grade: usize) -> f64 {
        let calendar = table.first_year + year as i32;
        let counted = if area < self.areas { area..area + 1 } else { 0..self.areas };
        let (mut pupils, mut before) = (0.0, 0.0);
        for area in counted {
            let (here, from) = (table.pupils(area, calendar, grade), self.before(table, area, calendar, grade));
            if !here.is_nan() && !from.is_nan() {
                pupils += if self.is_entry(grade) { here } else { here * kept[area * self.years + year] };
                before += from;
            }
        }
        if pupils > 0.0 && before > 0.0 { libm::log(pupils / before) } else { f64::NAN }
    }

    /// The children whom a grade of a year comes from.
    pub(crate) fn before(&self, table: &Enrolment, area: usize, year: i32, grade: usize) -> f64 {
        match self.sources[grade] {
            Source::Births(age) => table.cohort(area, year, age),
            Source::Below(below) => table.pupils(area, year - 1, below),
        }
    }

    /// Log ratio of an area (or the whole, at the position after the last area), year and grade.
    pub fn log(&self, area: usize, year: usize, grade: usize) -> f64 {
        self.log[(area * self.years + year) * self.sources.len() + grade]
    }

    /// Number of grades.
    pub fn grades(&self) -> usize {
        self.sources.len()
    }

    /// Whether a grade is entered from births.
    pub fn is_entry(&self, grade: usize) -> bool {
        matches!(self.sources[grade], Source::Births(_))
    }

    /// First and last position of years in which all ratios of the whole are known.
    pub(crate) fn span(&self) -> Option<(usize, usize)> {
        let known = |year: &usize| (0..self.grades()).all(|grade| !self.log(self.areas, *year, grade).is_nan());
        Some(((0..self.years).find(known)?, (0..self.years).rev().find(known)?))
    }
}

/// Part of the pupils said by a ratio that are there by chance: each stays with a probability up to 1, or others come by chance
/// where it is above 1, as in the education service. Times the pupils, it is the variance of their number, to first order.
pub(crate) fn by_chance(ratio: f64) -> f64 {
    if ratio <= 1.0 { 1.0 - ratio } else { 1.0 - 1.0 / ratio }
}

fn source(table: &Enrolment, grade: usize) -> Source {
    let here = &table.grades[grade];
    let below = if here.grade > 0 {
        table.position(here.stage, here.grade - 1)
    } else {
        here.follows.and_then(|stage| {
            let last = table.grades.iter().find(|g| g.stage == stage)?.grades_of_stage() - 1;
            table.position(stage, last)
        })
    };
    below.map_or(Source::Births(here.age), Source::Below)
}

fn depth(sources: &[Source], grade: usize) -> usize {
    match sources[grade] {
        Source::Births(_) => 0,
        Source::Below(below) => 1 + depth(sources, below),
    }
}
