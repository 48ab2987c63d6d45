//! How many places would keep the promise with the confidence asked for, beside those that are open.
//!
//! A metric marked by its service holds, for each replication, the places that would do in a year; its quantile at the
//! confidence of the promise is the number that does in so many of the paths. The year shown is the one that lacks most.

use super::findings::Findings;
use crate::language::Text;
use crate::metric::{Block as Stage, BlockId, CellAddress, Role};
use crate::report::document::{Caption, Cell, Column, Row, Table};
use crate::report::{number, words};
use crate::text;

/// The table over all stages, if any service says how many places would do.
pub(super) fn table(findings: Findings<'_>) -> Option<Table> {
    let mut rows = Vec::new();
    for (id, stage) in findings.plan.catalogue.blocks() {
        for metric in findings.plan.catalogue.metrics_of(id, Role::RequiredCapacity) {
            rows.extend(row(findings, id, stage, metric));
        }
    }
    let column = |en, zh| Column::new(Text::new(en, zh));
    (!rows.is_empty()).then(|| Table {
        caption: Caption::new(Text::new(
            "Places needed to meet the target, tightest year",
            "达到保障目标所需数量（最紧张年份）",
        )),
        columns: vec![
            Column::new(words::STAGE.clone()),
            column("What is counted", "口径"),
            column("Year", "年份"),
            column("Open (mean)", "可用（均值）"),
            column("Needed (mean)", "所需（均值）"),
            column("Needed with the confidence asked for", "要求把握下所需"),
            column("Shortfall", "缺口"),
        ],
        rows,
    })
}

/// One stage and metric: the year in which the places needed with confidence exceed the open ones most.
fn row(findings: Findings<'_>, id: BlockId, stage: &Stage, metric: usize) -> Option<Row> {
    let plan = findings.plan;
    let (district, places) = (plan.catalogue.district(id), plan.catalogue.metric(id, Role::Capacity)?);
    let confidence = stage.promise.as_ref()?.confidence;
    let mut column = Vec::new();
    let mut worst: Option<(i32, f64, f64, f64)> = None;
    for (index, year) in findings.years() {
        let (open, mean) = (findings.mean(id, places, index)?, findings.mean(id, metric, index)?);
        findings.results.column(
            &plan.catalogue,
            CellAddress { block: id, metric, row: district, year: index },
            &mut column,
        );
        let needed = quantile(&mut column, confidence)?;
        if worst.is_none_or(|(_, open_then, _, needed_then)| needed - open > needed_then - open_then) {
            worst = Some((year, open, mean, needed));
        }
    }
    let (year, open, mean, needed) = worst?;
    let (share, name) = (number::percent(confidence, 0), &stage.metrics[metric].label);
    let counted = (needed.is_finite()).then(|| number::whole(needed))?;
    Some(Row::new(vec![
        Cell::Text(stage.stage_label.clone()),
        Cell::Text(name.clone()),
        Cell::year(year),
        Cell::count(open),
        Cell::count(mean),
        Cell::Text(text!("{counted} (for {share} confidence)", "{counted}（{share} 把握）")),
        Cell::count((needed - open).max(0.0)),
    ]))
}

/// The smallest value that at least this share of the values does not exceed; `None` without values.
fn quantile(values: &mut Vec<f64>, share: f64) -> Option<f64> {
    values.retain(|value| !value.is_nan());
    values.sort_unstable_by(f64::total_cmp);
    let at = (share * values.len() as f64).ceil() as usize;
    values.get(at.saturating_sub(1)).copied()
}
