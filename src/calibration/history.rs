//! Past forecasts and their errors: what would have been said at the end of every year, against what came.
//!
//! Errors are natural logarithms of actual over forecast, of two kinds: of the *pupils already there* at the origin
//! (all grades together that are still filled by them), which only progression decides; and of the *entrants* of each entry
//! grade, which only its yield decides. Shape: `origin x lead x area`, not a number where something is unknown.

use crate::services::education::enrolment::Enrolment;

use super::SHORTEST_HISTORY;
use super::choice::{Choice, MEMORIES};
use super::forecast::{Forecast, Smoothed};
use super::ratios::Ratios;

/// Longest lead of which errors are taken.
pub(super) const LONGEST_LEAD: usize = 10;

/// Smoothed levels for each memory that is tried.
#[derive(Clone, Debug)]
pub(super) struct History<'a> {
    pub(super) table: &'a Enrolment,
    pub(super) ratios: Ratios,
    /// Keys of the stages, youngest first, and the position of each grade's stage among them.
    pub(super) stages: Vec<&'static str>,
    pub(super) stage_of: Vec<usize>,
    /// Years back in which the pupils of a grade were in its stage or on their way into it.
    pub(super) steps_in_stage: Vec<usize>,
    smoothed: Vec<Smoothed>,
    /// First origin of a trial forecast, and last year with ratios.
    pub(super) first_origin: usize,
    pub(super) last_year: usize,
}

impl<'a> History<'a> {
    /// `None` when there are no ratios at all.
    pub(super) fn new(table: &'a Enrolment) -> Option<Self> {
        let ratios = Ratios::of(table);
        let (first, last_year) = ratios.span()?;
        let smoothed = MEMORIES.iter().map(|memory| Smoothed::new(&ratios, *memory)).collect();
        let mut stages: Vec<&'static str> = table.grades.iter().map(|grade| grade.stage).collect();
        stages.dedup();
        let stage_of = table.grades.iter().map(|g| stages.iter().position(|s| *s == g.stage).unwrap_or(0)).collect();
        let steps_in_stage = (0..ratios.grades()).map(|grade| ratios.depth[grade].min(table.grades[grade].grade + 1));
        let steps_in_stage = steps_in_stage.collect();
        Some(Self {
            table,
            ratios,
            stages,
            stage_of,
            steps_in_stage,
            smoothed,
            first_origin: first + SHORTEST_HISTORY - 1,
            last_year,
        })
    }

    /// Number of years with ratios.
    pub(super) fn years(&self) -> usize {
        self.last_year + SHORTEST_HISTORY - self.first_origin
    }

    /// Levels of all cells at an origin.
    pub(super) fn levels(&self, origin: usize, choice: Choice) -> Vec<f64> {
        let mut levels = Vec::with_capacity(self.ratios.areas * self.ratios.grades());
        for area in 0..self.ratios.areas {
            for grade in 0..self.ratios.grades() {
                let look = choice.of(self.ratios.is_entry(grade));
                let beyond = self.smoothed[look.area].beyond(origin, area, grade);
                levels.push(self.smoothed[look.whole].whole(origin, grade) + beyond * (1.0 - look.pull));
            }
        }
        levels
    }

    /// Level of the whole district in a grade.
    pub(super) fn whole(&self, origin: usize, grade: usize, choice: Choice) -> f64 {
        self.smoothed[choice.of(self.ratios.is_entry(grade)).whole].whole(origin, grade)
    }

    pub(super) fn forecast(&self, origin: usize, choice: Choice, leads: usize) -> Forecast {
        Forecast::from(self.table, &self.ratios, &self.levels(origin, choice), origin, leads)
    }

    /// Years that can be forecast from an origin and compared.
    pub(super) fn leads_from(&self, origin: usize) -> usize {
        (self.last_year - origin).min(LONGEST_LEAD)
    }

    /// Whether the pupils of a grade at a lead were pupils at the origin already.
    pub(super) fn were_there(&self, grade: usize, lead: usize) -> bool {
        self.ratios.depth[grade] >= lead
    }

    /// Log of actual over forecast of these grades together; not a number where any is unknown.
    pub(super) fn error(
        &self,
        forecast: &Forecast,
        origin: usize,
        lead: usize,
        area: usize,
        grades: impl Fn(usize) -> bool,
    ) -> f64 {
        let year = self.table.first_year + (origin + lead) as i32;
        let (mut actual, mut said) = (0.0, 0.0);
        for grade in (0..self.ratios.grades()).filter(|grade| grades(*grade)) {
            actual += self.table.pupils(area, year, grade);
            said += forecast.pupils(lead, area, grade);
        }
        if actual > 0.0 && said > 0.0 { libm::log(actual / said) } else { f64::NAN }
    }
}

/// Errors of one kind, `origin x lead x area`.
#[derive(Clone, Debug)]
pub(super) struct Errors {
    pub(super) areas: usize,
    pub(super) first_origin: usize,
    pub(super) origins: usize,
    log: Vec<f64>,
}

impl Errors {
    pub(super) fn new(first_origin: usize, origins: usize, areas: usize) -> Self {
        Self { areas, first_origin, origins, log: vec![f64::NAN; origins * LONGEST_LEAD * areas] }
    }

    pub(super) fn at(&self, origin: usize, lead: usize, area: usize) -> f64 {
        self.log[((origin - self.first_origin) * LONGEST_LEAD + lead - 1) * self.areas + area]
    }

    pub(super) fn set(&mut self, origin: usize, lead: usize, area: usize, error: f64) {
        self.log[((origin - self.first_origin) * LONGEST_LEAD + lead - 1) * self.areas + area] = error;
    }

    /// Origins whose outcome at a lead is known at the end of year `now`.
    pub(super) fn known(&self, lead: usize, now: usize) -> std::ops::Range<usize> {
        let end = (now + 1).saturating_sub(lead).clamp(self.first_origin, self.first_origin + self.origins);
        self.first_origin..end
    }
}
