//! Last year's forecast against this year's count: was the interval honest?
//!
//! When the second side starts later, its first year is a year that the first side forecast. People at that start stand
//! beside the earlier forecast's 80 % interval (10 to 90 %), which should hold about four in five of them. So do the
//! figures that the second side has observed and the first side has not: they were counted since.

use super::paired::{Comparison, Difference};
use crate::language::Text;
use crate::metric::Role;
use crate::run::Results;
use crate::scenario::{Observation, ObservedSet, Plan};
use crate::study;

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
        for stage in comparison.stages.iter().filter(|s| s.by_area && s.metric(Role::Population).is_some()) {
            for metric in stage.metrics.iter().filter(|m| matches!(m.role, Role::Population | Role::AgeGroup)) {
                let areas = comparison.areas.len();
                // Age groups of the district; areas by their total only.
                let shown = if metric.role == Role::Population && areas > 1 { 0..=areas } else { areas..=areas };
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

/// A figure that was counted since the earlier plan, beside its forecast.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What was counted, by whom.
    pub set: Text,
    /// The area; `None` for the district.
    pub area: Option<Text>,
    /// The number: stage and metric.
    pub label: Text,
    /// The year or day as written.
    pub when: String,
    /// What was counted.
    pub value: f64,
    /// Median of the forecast.
    pub median: f64,
    /// Its 80 % interval.
    pub interval: [f64; 2],
    /// Share of replications below the count, ties counted half; 0 to 1.
    pub rank: f64,
}

impl Counted {
    /// Whether the count lies inside the 80 % interval, its ends included.
    pub fn inside(&self) -> bool {
        (self.interval[0]..=self.interval[1]).contains(&self.value)
    }

    /// The figures that `after` has observed and `before` has not, in the order of its tables, as `before` foresaw them.
    pub fn since(before: &Plan, results: &Results, after: &Plan) -> Vec<Self> {
        after.observed.iter().flat_map(|set| of_set(before, results, after, set)).collect()
    }
}

fn of_set(plan: &Plan, results: &Results, after: &Plan, set: &ObservedSet) -> Vec<Counted> {
    let known = |o: &Observation| {
        plan.observed
            .iter()
            .flat_map(|set| &set.rows)
            .any(|k| (k.block, k.metric, k.row, k.year, k.later) == (o.block, o.metric, o.row, o.year, o.later))
    };
    let rows = set.rows.iter().filter_map(|row| seen_from(plan, after, row)).filter(|row| !known(row)).collect();
    let set = ObservedSet { rows, ..set.clone() };
    let compared = study::compare(plan, results, &set);
    compared
        .iter()
        .map(|compared| {
            let row = compared.observation;
            let block = plan.catalogue.block(row.block);
            let (stage, metric) = (&block.stage_label, &block.metrics[row.metric].label);
            let district = row.row == plan.catalogue.district(row.block);
            Counted {
                set: set.label.clone(),
                area: if district { None } else { plan.site.areas.get(row.row).map(|area| area.label.clone()) },
                label: Text::owned(format!("{}: {}", stage.en, metric.en), format!("{}：{}", stage.zh, metric.zh)),
                when: row.when.clone(),
                value: row.value,
                median: compared.median,
                interval: compared.interval,
                rank: compared.rank,
            }
        })
        .collect()
}

/// The same figure in another plan; `None` where that plan has no such number or shows no such year.
fn seen_from(plan: &Plan, after: &Plan, row: &Observation) -> Option<Observation> {
    let theirs = after.catalogue.block(row.block);
    let (block, own) =
        plan.catalogue.blocks().find(|(_, own)| own.service == theirs.service && own.stage == theirs.stage)?;
    let metric = plan.catalogue.metric(block, theirs.metrics[row.metric].id)?;
    let place = if row.row == after.catalogue.district(row.block) {
        plan.catalogue.district(block)
    } else {
        let id = &after.site.areas.get(row.row)?.id;
        plan.site.areas.iter().position(|area| area.id == *id).filter(|_| own.by_area)?
    };
    let calendar = after.site.start + row.year as i32;
    let last = calendar + i32::from(row.later > 0.0);
    let shown = (plan.shown_from..=plan.site.end).contains(&calendar) && last <= plan.site.end;
    shown.then(|| Observation { block, metric, row: place, year: (calendar - plan.site.start) as usize, ..row.clone() })
}
