//! What was counted beside what the run states: median, interval, rank, inside or outside.

use super::findings::Findings;
use crate::language::Text;
use crate::report::document::{Block, Caption, Cell, Column, OBSERVED, Row, Section, Table};
use crate::report::words;
use crate::scenario::ObservedSet;
use crate::study::{Compared, compare};
use crate::text;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    if findings.plan.observed.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Prose(Text::new(
        "Counts that the simulation did not use, beside what it states. The rank is the share of replications below the \
         count. If the stated uncertainty is right, four counts in five lie inside the 80% interval; counts of one place \
         and day share their causes, so they tend to be inside or outside together.",
        "以下统计数未用于模拟，仅用于检验。“位次”为低于统计数的模拟所占比例。若所述不确定性恰当，五个统计数中应有四个落在 80% 区间之内；同一地点同一时点的各数成因相同，往往同时落在区间内或区间外。",
    ))];
    blocks.extend(findings.plan.observed.iter().map(|set| Block::Table(table(findings, set))));
    Some(Section {
        key: OBSERVED.to_owned(), title: Text::new("Against what was counted", "与实际统计对照"), blocks
    })
}

fn table(findings: Findings<'_>, set: &ObservedSet) -> Table {
    let compared = compare(findings.plan, findings.results, set);
    let columns = [
        Text::new("Number", "指标"),
        words::YEAR.clone(),
        Text::new("Median", "中位数"),
        Text::new("10%", "10%"),
        Text::new("90%", "90%"),
        Text::new("Counted", "统计数"),
        Text::new("Counted over median", "统计数相对中位数"),
        Text::new("VerdictLevel", "位次"),
        Text::new("80% interval", "80% 区间"),
    ];
    let rows = compared.iter().map(|c| row(findings, c));
    let (all, inside) = (compared.len(), compared.iter().filter(|c| c.inside()).count());
    let wide = compared.iter().filter(|c| c.inside_wide()).count();
    let takeaway = text!(
        "{inside} of {all} counts lie inside the 80% interval, {wide} inside the 95% interval.",
        "{all} 个统计数中，{inside} 个落在 80% 区间之内，{wide} 个落在 95% 区间之内。"
    );
    Table {
        caption: Caption::new(set.label.clone()).takeaway(takeaway),
        columns: columns.map(Column::new).into(),
        rows: rows.collect(),
    }
}

fn row(findings: Findings<'_>, compared: &Compared<'_>) -> Row {
    let plan = findings.plan;
    let observed = compared.observation;
    let label = &plan.catalogue.block(observed.block).metrics[observed.metric].label;
    let name = if observed.row == plan.catalogue.district(observed.block) {
        label.clone()
    } else {
        let area = findings.row_label(observed.row);
        Text::owned(format!("{}, {}", area.en, label.en), format!("{} {}", area.zh, label.zh))
    };
    let beyond = observed.value / compared.median - 1.0;
    let side = match (compared.inside(), observed.value < compared.median) {
        (true, _) => Text::new("inside", "之内"),
        (false, true) => Text::new("below", "偏低"),
        (false, false) => Text::new("above", "偏高"),
    };
    Row::new(vec![
        Cell::Text(name),
        Cell::Text(Text::name(observed.when.clone())),
        Cell::count(compared.median),
        Cell::count(compared.interval[0]),
        Cell::count(compared.interval[1]),
        Cell::count(observed.value),
        if beyond.is_finite() { Cell::percent(beyond, 0) } else { Cell::Empty },
        Cell::probability(compared.rank),
        Cell::Text(side),
    ])
}
