//! Past forecasts and their errors: what would have been said at the end of every year, against what came.
//!
//! Errors are natural logarithms of actual over forecast, of two kinds: of the *pupils already there* at the origin
//! (all grades together that are still filled by them), which only progression decides; and of the *entrants* of each entry
//! grade, which only its yield decides. Shape: `origin x lead x area`, not a number where something is unknown.

use crate::services::education::enrolment::Enrolment;

use super::forecast::{Forecast, Smoothed};
use super::outliers::blips;
use super::ratios::{Ratios, Source, by_chance};
use super::requirements::SHORTEST_HISTORY;
use super::smoothing::{MEMORIES, SmoothingChoice};

/// Longest lead of which errors are taken.
pub(crate) const LONGEST_LEAD: usize = 10;

/// A table's ratios, and their levels for each memory, cleaned of blips.
#[derive(Clone, Debug)]
pub(crate) struct History<'a> {
    pub(crate) table: &'a Enrolment,
    pub(crate) ratios: Ratios,
    /// Keys of the stages, youngest first, and the position of each grade's stage among them.
    pub(crate) stages: Vec<&'static str>,
    pub(crate) stage_of: Vec<usize>,
    /// Years back in which the pupils of a grade were in its stage or on their way into it.
    pub(crate) steps_in_stage: Vec<usize>,
    smoothed: [Smoothed; MEMORIES.len()],
    /// First origin of a trial forecast, and last year with ratios.
    pub(crate) first_origin: usize,
    pub(crate) last_year: usize,
}

impl<'a> History<'a> {
    /// `None` when there are no ratios at all.
    pub(crate) fn new(table: &'a Enrolment) -> Option<Self> {
        let ratios = Ratios::of(table);
        let (first, last_year) = ratios.span()?;
        let cleaned = Ratios::without(table, &blips(table, &ratios));
        let smoothed = MEMORIES.map(|memory| Smoothed::new(&cleaned, memory));
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
    pub(crate) fn years(&self) -> usize {
        self.last_year + SHORTEST_HISTORY - self.first_origin
    }

    /// Levels of all cells at an origin.
    pub(crate) fn levels(&self, origin: usize, choice: SmoothingChoice) -> Vec<f64> {
        let mut levels = Vec::with_capacity(self.ratios.areas * self.ratios.grades());
        for area in 0..self.ratios.areas {
            for grade in 0..self.ratios.grades() {
                let weights = choice.of(self.ratios.is_entry(grade)).areas;
                let parts = self.smoothed.iter().zip(weights);
                let beyond = parts.map(|(smoothed, weight)| smoothed.beyond(origin, area, grade) * weight).sum::<f64>();
                levels.push(self.whole(origin, grade, choice) + beyond);
            }
        }
        levels
    }

    /// Level of the whole district in a grade.
    pub(crate) fn whole(&self, origin: usize, grade: usize, choice: SmoothingChoice) -> f64 {
        let weights = choice.of(self.ratios.is_entry(grade)).whole;
        self.smoothed.iter().zip(weights).map(|(smoothed, weight)| smoothed.whole(origin, grade) * weight).sum()
    }

    pub(crate) fn forecast(&self, origin: usize, choice: SmoothingChoice, leads: usize) -> Forecast {
        Forecast::from(self.table, &self.ratios, &self.levels(origin, choice), origin, leads)
    }

    /// Mean number of pupils of each area in the years up to `now` in which any are known; not a number where none are.
    pub(crate) fn mean_pupils(&self, now: usize) -> Vec<f64> {
        let of_year = |area: usize, year: usize| {
            let year = self.table.first_year + year as i32;
            let known = (0..self.ratios.grades()).map(|grade| self.table.pupils(area, year, grade));
            known.filter(|pupils| !pupils.is_nan()).sum::<f64>()
        };
        let mean = |area: usize| {
            let years = (0..=now).map(|year| of_year(area, year)).filter(|pupils| *pupils > 0.0);
            let (sum, n) = years.fold((0.0, 0.0), |(sum, n), pupils| (sum + pupils, n + 1.0));
            sum / n
        };
        (0..self.ratios.areas).map(mean).collect()
    }

    /// Years that can be forecast from an origin and compared.
    pub(crate) fn leads_from(&self, origin: usize) -> usize {
        (self.last_year - origin).min(LONGEST_LEAD)
    }

    /// Whether the pupils of a grade at a lead were pupils at the origin already.
    pub(crate) fn were_there(&self, grade: usize, lead: usize) -> bool {
        self.ratios.depth[grade] >= lead
    }

    /// What chance alone adds to the variance of [`History::error`], to first order.
    pub(crate) fn chance(
        &self,
        forecast: &Forecast,
        levels: &[f64],
        lead: usize,
        area: usize,
        grades: impl Fn(usize) -> bool,
    ) -> f64 {
        let (mut variance, mut said) = (0.0, 0.0);
        for grade in (0..self.ratios.grades()).filter(|grade| grades(*grade)) {
            let pupils = forecast.pupils(lead, area, grade);
            let (mut at, mut share) = (grade, 0.0);
            for _ in 0..lead {
                share += by_chance(libm::exp(levels[area * self.ratios.grades() + at]));
                match self.ratios.sources[at] {
                    Source::Births(_) => break,
                    Source::Below(below) => at = below,
                }
            }
            variance += pupils * share;
            said += pupils;
        }
        if said > 0.0 { variance / (said * said) } else { f64::NAN }
    }

    /// Log of actual over forecast of these grades together; not a number where any is unknown.
    pub(crate) fn error(
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
pub(crate) struct Errors {
    pub(crate) areas: usize,
    pub(crate) first_origin: usize,
    pub(crate) origins: usize,
    log: Vec<f64>,
    /// What chance alone adds to their variance.
    chance: Vec<f64>,
}

impl Errors {
    pub(crate) fn new(first_origin: usize, origins: usize, areas: usize) -> Self {
        let cells = origins * LONGEST_LEAD * areas;
        Self { areas, first_origin, origins, log: vec![f64::NAN; cells], chance: vec![0.0; cells] }
    }

    fn cell(&self, origin: usize, lead: usize, area: usize) -> usize {
        ((origin - self.first_origin) * LONGEST_LEAD + lead - 1) * self.areas + area
    }

    pub(crate) fn at(&self, origin: usize, lead: usize, area: usize) -> f64 {
        self.log[self.cell(origin, lead, area)]
    }

    pub(crate) fn chance_at(&self, origin: usize, lead: usize, area: usize) -> f64 {
        self.chance[self.cell(origin, lead, area)]
    }

    pub(crate) fn set(&mut self, origin: usize, lead: usize, area: usize, error: f64) {
        let cell = self.cell(origin, lead, area);
        self.log[cell] = error;
    }

    pub(crate) fn set_chance(&mut self, origin: usize, lead: usize, area: usize, variance: f64) {
        let cell = self.cell(origin, lead, area);
        self.chance[cell] = variance;
    }

    /// Origins whose outcome at a lead is known at the end of year `now`.
    pub(crate) fn known(&self, lead: usize, now: usize) -> std::ops::Range<usize> {
        let end = (now + 1).saturating_sub(lead).clamp(self.first_origin, self.first_origin + self.origins);
        self.first_origin..end
    }
}
