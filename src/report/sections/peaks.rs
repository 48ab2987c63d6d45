//! Peak and surplus of a stage, by area: when demand is highest, who goes without, what stands empty at the end.

use super::findings::Findings;
use crate::language::Text;
use crate::metric::{BlockId, Role};
use crate::report::document::{Caption, Cell, Column, Row, Table};
use crate::study::{Peak, peaks};
use crate::text;

/// The table; `None` for a stage without a promise or without demand.
pub(super) fn table(findings: Findings<'_>, id: BlockId) -> Option<Table> {
    let found = peaks(findings.plan, findings.results, findings.summary, id);
    let whole = found.last()?.row;
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let end = findings.plan.site.end;
    let stage = findings.plan.catalogue.block(id);
    // Requests of a year and beds stand side by side: each says what it counts.
    let counted = |role: Role, en: &str, zh: &str| {
        let metric = stage.metrics.iter().find(|metric| metric.role == role);
        Column::new(metric.map_or_else(
            || Text::owned(en.to_owned(), zh.to_owned()),
            |metric| Text::owned(format!("{en} [{}]", metric.unit.id), format!("{zh}（{}）", metric.unit.zh)),
        ))
    };
    let columns = vec![
        heading("Area", "街道"),
        heading("Demand highest in, median", "需求高峰年（中位数）"),
        heading("10%", "10%"),
        heading("90%", "90%"),
        counted(Role::Demand, "Demand then", "高峰需求"),
        counted(Role::Capacity, "Places then", "当时供给"),
        heading("Peak unmet need, mean", "未满足人数峰值（均值）"),
        heading("in", "年份"),
        heading("95% of cases at most", "95% 情形下上限"),
        Column::new(text!("Spare places in {end}, net", "{end} 年富余（净值）")),
        heading("5%", "5%"),
        heading("95%", "95%"),
        heading("Under-used from", "利用率偏低的起始年份"),
    ];
    let rows = found.iter().map(|peak| Row { cells: cells(findings, peak), whole: peak.row == whole });
    let caption = Caption::new(Text::new("Peak and spare places", "高峰与富余")).takeaway(Text::new(
        "Demand and places are medians and means over replications. Net spare places are places less users of the same area \
         and year, below zero where more people are served than the standard has room for.",
        "需求为中位数，其余为均值。富余（净值）＝同一街道、同一年的学位（床位）减使用人数，负数表示超标准容纳。",
    ));
    Some(Table { caption, columns, rows: rows.collect() })
}

fn cells(findings: Findings<'_>, peak: &Peak) -> Vec<Cell> {
    let year = |at: usize| Cell::year(peak.year.quantiles[at].round() as i32);
    vec![
        Cell::Text(findings.row_label(peak.row)),
        year(3),
        year(1),
        year(5),
        Cell::count(peak.demand.quantiles[3]),
        peak.places.map_or(Cell::Empty, Cell::count),
        peak.unserved.map_or(Cell::count(0.0), |(_, unmet)| Cell::count(unmet.mean)),
        peak.unserved.map_or(Cell::Empty, |(year, _)| Cell::year(year)),
        peak.unserved.map_or(Cell::Empty, |(_, unmet)| Cell::count(unmet.quantiles[6])),
        peak.spare.map_or(Cell::Empty, |spare| Cell::count(spare.mean)),
        peak.spare.map_or(Cell::Empty, |spare| Cell::count(spare.quantiles[0])),
        peak.spare.map_or(Cell::Empty, |spare| Cell::count(spare.quantiles[6])),
        peak.surplus_from.map_or(Cell::Empty, Cell::year),
    ]
}
