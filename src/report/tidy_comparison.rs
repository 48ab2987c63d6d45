//! `comparison.csv` and `projects.csv`: every difference as one long table, for people who take the numbers further.
//!
//! A cell without a value is empty; so are quantiles and probabilities of differences that could not be paired.

use std::fmt::Write;

use super::sections::comparison::{Compared, Versus};
use super::tidy::{number, quote};
use crate::metric::Better;
use crate::scenario::Plan;
use crate::study::appraisal::ProjectValue;
use crate::study::comparison::{MetricChange, StageChange};

/// The heading of `comparison.csv`.
pub const COMPARISON: &str = "baseline,plan,service,stage,area,year,metric,unit,better_when,baseline_mean,plan_mean,\
baseline_p05,baseline_p50,baseline_p95,plan_p05,plan_p50,plan_p95,difference,sd,mcse,p05,p50,p95,p_better,p_worse";

/// The heading of `projects.csv`.
pub const PROJECTS: &str = "project,service,stage,year,fewer_unserved,sd,mcse,p05,p50,p95,p_fewer,p_more,risk_with,\
risk_without,places_added";

/// Every cell of every comparison.
pub fn comparison_csv(compared: &Compared) -> String {
    let mut csv = format!("{COMPARISON}\n");
    for versus in &compared.others {
        for stage in &versus.comparison.stages {
            for metric in &stage.metrics {
                for row in 0..stage.rows(versus.comparison.areas.len()) {
                    rows(&mut csv, &compared.baseline.name, versus, stage, metric, row);
                }
            }
        }
    }
    csv
}

fn rows(csv: &mut String, baseline: &str, versus: &Versus, stage: &StageChange, metric: &MetricChange, row: usize) {
    let comparison = &versus.comparison;
    let last = stage.rows(comparison.areas.len()) - 1;
    let area = if row == last { "all" } else { comparison.areas[row].0.as_str() };
    let better = match metric.better {
        Better::Lower => "lower",
        Better::Higher => "higher",
        Better::Neither => "",
    };
    for year in comparison.years.0..=comparison.years.1 {
        let Some(cell) = comparison.at(metric, row, year) else { continue };
        for name in [baseline, &versus.member.name, &stage.service, &stage.stage, area] {
            quote(csv, name);
            csv.push(',');
        }
        let _ = write!(csv, "{year},{},{},{better}", metric.id, metric.unit);
        let paired = cell.paired;
        let spread = paired.map(|p| p.spread);
        let quantile = |i: usize| spread.map_or(f64::NAN, |s| s.quantiles[i]);
        let (a, b) = (cell.a.quantiles, cell.b.quantiles);
        let share = |p: Option<f64>| p.unwrap_or(f64::NAN);
        for value in [
            [cell.a.mean, cell.b.mean, a[0], a[3]],
            [a[6], b[0], b[3], b[6]],
            [cell.mean, spread.map_or(f64::NAN, |s| s.sd), cell.mcse, quantile(0)],
            [quantile(3), quantile(6), share(paired.and_then(|p| p.better)), share(paired.and_then(|p| p.worse))],
        ]
        .as_flattened()
        {
            csv.push(',');
            number(csv, *value);
        }
        csv.push('\n');
    }
}

/// The value of every project by stage and year.
pub fn projects_csv(plan: &Plan, values: &[ProjectValue]) -> String {
    let mut csv = format!("{PROJECTS}\n");
    for value in values {
        for stage in &value.stages {
            let block = plan.catalogue.block(stage.block);
            for year in &stage.years {
                for name in [value.subject.id.as_str(), block.service, &block.stage] {
                    quote(&mut csv, name);
                    csv.push(',');
                }
                let _ = write!(csv, "{}", year.year);
                let fewer = year.fewer;
                let quantiles = [0, 3, 6].map(|i| fewer.quantiles[i]);
                let rest = [year.better, year.worse, year.risks[0], year.risks[1], year.places];
                for cell in [fewer.mean, fewer.sd, fewer.mcse].iter().chain(&quantiles).chain(&rest) {
                    csv.push(',');
                    number(&mut csv, *cell);
                }
                csv.push('\n');
            }
        }
    }
    csv
}
