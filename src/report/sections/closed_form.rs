//! Two ways of working out the same number side by side: simulated with limits, and in closed form without.
//!
//! Where nobody is turned away both must agree; where they part, the limits are the reason, or something is amiss, of which a
//! warning under the verdicts then tells ([`crate::metric::Caution`]).

use super::findings::{Findings, cell};
use crate::language::Text;
use crate::metric::{BlockId, Role};
use crate::report::document::{Block, Caption, Cell, Column, Row, Table};

/// The table of a service under its heading; nothing where it works nothing out in two ways.
pub(super) fn table(findings: Findings<'_>, service: &str) -> Vec<Block> {
    let catalogue = &findings.plan.catalogue;
    let mut rows = Vec::new();
    for (id, _) in catalogue.blocks().filter(|(_, block)| block.service == service && block.promise.is_some()) {
        let (simulated, without) = (catalogue.metric(id, Role::InUse), catalogue.metric(id, Role::OfferedLoad));
        rows.extend(
            simulated.zip(without).into_iter().flat_map(|(simulated, without)| pair(findings, id, simulated, without)),
        );
    }
    let mut columns = vec![Column::new(Text::new("Where", "何处")), Column::new(Text::new("What", "口径"))];
    columns.extend(findings.years().iter().map(|(_, year)| Column::new(Text::name(year.to_string()))));
    let caption = Caption::new(Text::new("Simulation and formula (means)", "模拟与公式结果核对（均值）"));
    let caption = caption.takeaway(Text::new(
        "The closed form knows no limits. Below it, the simulation turned people away or kept them waiting; above it, it took \
         in those of others. Where places turn hardly anybody away both should agree, and a warning stands under the \
         verdicts if they do not.",
        "解析结果不受数量限制。模拟低于解析，是因为有人被拒或在等候；高于解析，是因为收治了由别处转来的人。几乎无人被拒时两者应一致，否则结论下会有警告。",
    ));
    if rows.is_empty() {
        return Vec::new();
    }
    let heading = Text::new("Simulation and formula", "模拟与公式结果核对");
    vec![Block::Heading(heading), Block::Table(Table { caption, columns, rows })]
}

/// Both numbers of one stage by year, their distance, and who was turned away.
fn pair(findings: Findings<'_>, id: BlockId, simulated: usize, without: usize) -> Vec<Row> {
    let catalogue = &findings.plan.catalogue;
    let block = catalogue.block(id);
    let mean = |metric, index| findings.mean(id, metric, index);
    let years = findings.years();
    let line = |name: Text, label: Text, value: &dyn Fn(usize) -> Option<Cell>| {
        let mut cells = vec![Cell::Text(name), Cell::Text(label)];
        cells.extend(years.iter().map(|(index, _)| value(*index).unwrap_or(Cell::Empty)));
        Row::new(cells)
    };
    let of = |metric: usize, index| mean(metric, index).map(|value| cell(block.metrics[metric].unit, value));
    let gap = |index| {
        let (a, b) = mean(simulated, index).zip(mean(without, index)).filter(|(_, b)| *b > 0.0)?;
        Some(Cell::percent(a / b - 1.0, 1))
    };
    let label = |metric: usize| block.metrics[metric].label.clone();
    let mut rows = vec![
        line(block.stage_label.clone(), label(simulated), &|index| of(simulated, index)),
        line(Text::name(""), label(without), &|index| of(without, index)),
        line(Text::name(""), Text::new("Difference", "相差"), &gap),
    ];
    if let Some(refused) = catalogue.metric(id, Role::RefusedShare) {
        rows.push(line(Text::name(""), label(refused), &|index| of(refused, index)));
    }
    rows
}
