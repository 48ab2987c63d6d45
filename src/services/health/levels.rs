//! Levels of demand and beds that every planner knows, at the middle of every parameter: `check` says them beside what is usual.

use super::model::{DemandModel, HealthModel, RequestSource};
use crate::language::Text;
use crate::population::view::{AGES, People, SEXES};
use crate::services::service::Surroundings;
use crate::text;

/// Admissions of the residents of the first year, wherever they go.
fn admissions(demand: &DemandModel, residents: &People, at: &Surroundings<'_>) -> f64 {
    let of_specialty = |(specialty, rates): (usize, &[f64])| {
        let counts = residents.counts.chunks_exact(SEXES * AGES);
        let sum: f64 = counts.flat_map(|area| area.iter().zip(rates)).map(|(n, rate)| f64::from(*n) * rate).sum();
        sum * at.middle.at(demand.levels[specialty], 0, 0)
    };
    let all: f64 = demand.rates.chunks_exact(SEXES * AGES).enumerate().map(of_specialty).sum();
    all * at.middle.at(demand.level, 0, 0)
}

/// About how many people ask for a bed in a year.
pub(crate) fn requests_a_year(model: &HealthModel, at: &Surroundings<'_>) -> f64 {
    let targets = model.components.iter().flat_map(|component| &component.streams).flat_map(|stream| &stream.targets);
    let given: f64 = targets
        .map(|target| match target.source {
            RequestSource::Given { per_day } => 365.0 * at.middle.at(per_day, 0, 0),
            RequestSource::Area { .. } | RequestSource::Inflow { .. } => 0.0,
        })
        .sum();
    let of_people = model.demand.as_ref().map_or(0.0, |demand| {
        let inflow: f64 = demand.inflow.iter().flat_map(|tiers| tiers.iter().map(|(_, requests)| *requests)).sum();
        inflow + at.residents.map_or(0.0, |residents| admissions(demand, residents, at))
    });
    given + of_people
}

/// Admissions and beds for each resident, where there are residents.
pub(crate) fn notes(model: &HealthModel, at: &Surroundings<'_>) -> Vec<Text> {
    let (Some(demand), Some(residents)) = (&model.demand, at.residents) else { return Vec::new() };
    let persons: f64 = residents.counts.iter().map(|persons| f64::from(*persons)).sum();
    if persons <= 0.0 {
        return Vec::new();
    }
    let admissions = 100.0 * admissions(demand, residents, at) / persons;
    let rows = model.components.iter().flat_map(|component| &component.rows);
    let beds: f64 = rows.filter(|row| row.schedule.is_present()).map(|row| f64::from(row.beds)).sum();
    let beds = 1000.0 * beds / persons;
    vec![text!(
        "admissions of residents: {admissions:.1} a year per 100; beds at the start: {beds:.2} per 1,000 (China 2023: 21.4 and 7.2)",
        "居民住院：每百人每年 {admissions:.1} 次；期初床位：每千人 {beds:.2} 张（2023 年全国为 21.4 次、7.2 张）"
    )]
}
