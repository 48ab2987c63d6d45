//! Everything a table says about one district, as it stands at the end of the table.

use crate::services::education::enrolment::Enrolment;

use super::history::History;
use super::model_averaging::ModelAverager;
use super::ratios::Ratios;
use super::requirements::{SHORTEST_HISTORY, TooShort};
use super::residuals::Residuals;
use super::shock_variance::ShockVariance;
use super::smoothing::SmoothingChoice;

/// Yields, progression and their uncertainty, estimated on a table.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Source and depth of each grade, and every ratio of the table.
    pub ratios: Ratios,
    /// How far back and how near to the district the levels look.
    pub choice: SmoothingChoice,
    /// Log level of each ratio, `area x grade`.
    pub levels: Vec<f64>,
    /// Log level of the whole district, by grade.
    pub whole: Vec<f64>,
    /// Shocks.
    pub spread: ShockVariance,
    /// Residuals of progression.
    pub residuals: Residuals,
    /// Keys of the stages, in the order of the spread of progression.
    pub stages: Vec<&'static str>,
    /// First and last calendar year with ratios.
    pub span: (i32, i32),
}

/// Estimates on a table.
///
/// # Errors
/// When there are fewer years of ratios than a first trial forecast and two outcomes need.
pub fn fit(table: &Enrolment) -> Result<Fitted, TooShort> {
    let needed = SHORTEST_HISTORY + 2;
    let history = History::new(table).ok_or(TooShort { years: 0, needed: needed + 1 })?;
    if history.years() < needed {
        return Err(TooShort { years: history.years() + 1, needed: needed + 1 });
    }
    let now = history.last_year;
    let choice = ModelAverager::new(&history).at(now);
    let first = history.first_origin + 1 - SHORTEST_HISTORY;
    Ok(Fitted {
        choice,
        levels: history.levels(now, choice),
        whole: (0..history.ratios.grades()).map(|grade| history.whole(now, grade, choice)).collect(),
        spread: ShockVariance::at(&history, choice, now),
        residuals: Residuals::of(&history.ratios),
        span: (table.first_year + first as i32, table.first_year + now as i32),
        stages: history.stages,
        ratios: history.ratios,
    })
}
