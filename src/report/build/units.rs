//! Units in one table: blocks of one service that measure the same, promise nothing and are not split by area.
//!
//! A heading and a table by year for each of two dozen units would bury the tiers; side by side they show which is tight.

use super::Findings;
use super::services::cell;
use crate::language::Text;
use crate::metric::{BlockId, Catalogue, MetricDef};
use crate::report::document::{Caption, Cell, Column, Row, Table};
use crate::text;

/// Whether a block is one of several units.
pub(super) fn is_unit(catalogue: &Catalogue, id: BlockId) -> bool {
    let unit = catalogue.block(id);
    let alike = catalogue.blocks().filter(|(_, other)| std::ptr::eq(other.metrics, unit.metrics)).count();
    unit.promise.is_none() && !unit.by_area && alike > 1
}

/// The units of a service in the first and the last shown year, a table for each.
pub(super) fn tables(findings: Findings<'_>, service: &str) -> Vec<Table> {
    let years = findings.years();
    let mut chosen = vec![years[0], years[years.len() - 1]];
    chosen.dedup();
    let catalogue = &findings.plan.catalogue;
    let mut kinds: Vec<&'static [MetricDef]> = Vec::new();
    for (_, block) in catalogue.blocks().filter(|(id, block)| block.service == service && is_unit(catalogue, *id)) {
        if !kinds.iter().any(|kind| std::ptr::eq(*kind, block.metrics)) {
            kinds.push(block.metrics);
        }
    }
    let tables =
        kinds.into_iter().flat_map(|kind| chosen.iter().map(move |year| table(findings, (service, kind), *year)));
    tables.collect()
}

/// The units of a service that measure the same, in one year.
fn table(
    findings: Findings<'_>,
    (service, metrics): (&str, &'static [MetricDef]),
    (index, year): (usize, i32),
) -> Table {
    let catalogue = &findings.plan.catalogue;
    let units = catalogue.blocks().filter(|(id, block)| {
        block.service == service && std::ptr::eq(block.metrics, metrics) && is_unit(catalogue, *id)
    });
    let mut columns = vec![Column::new(Text::new("Unit", "单元"))];
    columns.extend(metrics.iter().map(|metric| Column::new(metric.label.clone())));
    let rows = units
        .map(|(id, unit)| {
            let mut cells = vec![Cell::Text(unit.stage_label.clone())];
            cells.extend(metrics.iter().enumerate().map(|(metric, def)| {
                let value = findings.digest.at(findings.plan, id, metric, 0, index);
                value.map_or(Cell::Empty, |statistic| cell(def.unit, statistic.mean))
            }));
            Row::new(cells)
        })
        .collect();
    Table { caption: Caption::new(text!("Units in {year} (means)", "{year} 年各单元（均值）")), columns, rows }
}
