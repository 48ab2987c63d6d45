//! Last year's forecast against this year's count: was the interval honest?
//!
//! When the second side starts later, its first year is a year that the first side forecast. People at that start stand
//! beside the earlier forecast's 80 % interval (10 to 90 %), which should hold about four in five of them.

use super::{Comparison, Difference};
use crate::language::Text;

/// Earlier forecasts of the later start.
#[derive(Clone, Debug)]
pub struct Actuals {
    /// The first year of the later side.
    pub year: i32,
    /// One row for each number of people at that start.
    pub rows: Vec<Actual>,
}

/// One number at the later start.
#[derive(Clone, Debug)]
pub struct Actual {
    /// The area; `None` for the district.
    pub area: Option<Text>,
    /// What is counted.
    pub label: Text,
    /// Forecast and start.
    pub cell: Difference,
    /// Whether the start lies in the forecast's 80 % interval, its ends included.
    pub inside: bool,
}

impl Actuals {
    /// The people at the later start; `None` when the second side does not start later, or counts nobody.
    pub fn of(comparison: &Comparison) -> Option<Self> {
        let [before, after] = comparison.own_years;
        let year = after.0;
        if year <= before.0 || year < comparison.years.0 || year > comparison.years.1 {
            return None;
        }
        let mut rows = Vec::new();
        for stage in comparison.stages.iter().filter(|s| s.by_area && s.standings.iter().all(Option::is_none)) {
            for metric in stage.metrics.iter().filter(|m| m.id.starts_with("population")) {
                let areas = comparison.areas.len();
                // Age groups of the district; areas by their total only.
                let shown = if metric.id == "population" && areas > 1 { 0..=areas } else { areas..=areas };
                for row in shown {
                    let Some(cell) = comparison.at(metric, row, year) else { continue };
                    let (low, high) = (cell.a.quantiles[1], cell.a.quantiles[5]);
                    let inside = (low..=high).contains(&cell.b.mean);
                    let area = comparison.areas.get(row).map(|(_, label)| label.clone());
                    rows.push(Actual { area, label: metric.label.clone(), cell: *cell, inside });
                }
            }
        }
        (!rows.is_empty()).then_some(Self { year, rows })
    }
}
