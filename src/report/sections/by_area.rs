//! For workbooks: one long table for each service of every stage, area and year, to be filtered and pivoted.

use super::findings::{DISTRICT, Findings, cell};
use crate::language::Text;
use crate::metric::{BlockId, Role};
use crate::report::document::{Block, Caption, Cell, Column, Row, Section, Shade, Table};
use crate::report::words;
use crate::study::applies;
use crate::text;

/// A table for each service that has stages with a promise.
pub(super) fn sections(findings: Findings<'_>) -> Vec<Section> {
    findings.plan.services.iter().filter_map(|(kind, _)| section(findings, kind.name, &kind.label)).collect()
}

fn section(findings: Findings<'_>, service: &str, label: &Text) -> Option<Section> {
    let (en, zh) = (&label.en, &label.zh);
    let title = text!("{en}, by area and year", "{zh}分街道逐年");
    let Findings { plan, results, summary, .. } = findings;
    let stages = plan.catalogue.blocks().filter(|(id, block)| {
        block.service == service && block.promise.is_some() && applies(plan, results, summary, *id)
    });
    let rows: Vec<Row> = stages.flat_map(|(id, _)| rows(findings, id)).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(words::STAGE.clone()),
        Column::new(words::AREA.clone()),
        Column::new(words::YEAR.clone()),
        Column::new(Text::new("Demand", "需求")),
        Column::new(Text::new("In use", "在用")),
        Column::new(Text::new("Places", "学位、床位或名额")),
        Column::new(Text::new("Unserved", "未获服务")),
        Column::new(Text::new("Use of places", "利用率")),
        Column::new(Text::new("Target missed", "不达标概率")).shade(Shade::Risk),
    ];
    let caption = Caption::new(title.clone()).takeaway(Text::new(
        "Means over all replications. Demand is counted as its stage counts it: children, requests for admission, people; \
         what is in use, like places, in places or beds. The probability is that of missing the service target.",
        "各次模拟的均值。需求按各学段（层级）的口径计：学生数、住院人次、老人数或服务人次；“在用”与供给均以学位、床位或服务名额计。",
    ));
    let table = Block::Table(Table { caption, columns, rows });
    Some(Section { key: format!("by-area-{service}"), title, blocks: vec![table] })
}

fn rows(findings: Findings<'_>, id: BlockId) -> Vec<Row> {
    let plan = findings.plan;
    let block = plan.catalogue.block(id);
    let shown = [Role::Demand, Role::InUse, Role::Capacity, Role::Unmet, Role::Utilisation];
    let metrics = shown.map(|role| plan.catalogue.metric(id, role));
    let district = plan.catalogue.district(id);
    let mut rows = Vec::new();
    // One area is the district.
    let first = if plan.catalogue.areas() < 2 { district } else { 0 };
    for row in first..=district {
        let area = if row == district { DISTRICT.clone() } else { findings.row_label(row) };
        for (year, calendar) in findings.years() {
            let mean = |metric: &Option<usize>| {
                let value = metric.and_then(|metric| Some((metric, findings.summary.at(plan, id, metric, row, year)?)));
                value.map_or(Cell::Empty, |(metric, s)| cell(block.metrics[metric].unit, s.mean))
            };
            let mut cells = vec![Cell::Text(block.stage_label.clone()), Cell::Text(area.clone()), Cell::year(calendar)];
            cells.extend(metrics.iter().map(mean));
            let risk = findings.summary.shortage(plan, id, row, year);
            cells.push(risk.map_or(Cell::Empty, Cell::probability));
            rows.push(Row { cells, whole: row == district });
        }
    }
    rows
}
