//! What was counted beside what the run states: median, interval, rank, inside or outside.

use super::findings::Findings;
use crate::language::Text;
use crate::report::document::{Block, Caption, Cell, Column, OBSERVED, Row, Section, Table};
use crate::report::words;
use crate::run::Results;
use crate::scenario::{ObservedSet, Plan};
use crate::study::{Compared, MetricScore, compare, scores_by_metric};
use crate::text;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    if findings.plan.observed.is_empty() {
        return None;
    }
    let blocks = blocks(findings.plan, findings.results, &findings.plan.observed);
    Some(Section {
        key: OBSERVED.to_owned(), title: Text::new("Against what was counted", "与实际统计对照"), blocks
    })
}

/// Sets of observed figures beside a run: every count, then the scores of each metric.
pub(in crate::report) fn blocks(plan: &Plan, results: &Results, sets: &[ObservedSet]) -> Vec<Block> {
    let mut blocks = vec![Block::Prose(Text::new(
        "Counts that the simulation did not use, beside what it states. The rank is the share of replications below the \
         count. If the stated uncertainty is right, four counts in five lie inside the 80% interval; counts of one place \
         and day share their causes, so they tend to be inside or outside together.",
        "以下统计数未用于模拟，仅用于检验。“位次”为低于统计数的模拟所占比例。若所述不确定性恰当，五个统计数中应有四个落在 80% 区间之内；同一地点同一时点的各数成因相同，往往同时落在区间内或区间外。",
    ))];
    for set in sets {
        let compared = compare(plan, results, set);
        blocks.push(Block::Table(table(plan, set, &compared)));
        blocks.push(Block::Table(scores(plan, &scores_by_metric(plan, &compared))));
    }
    blocks
}

fn table(plan: &Plan, set: &ObservedSet, compared: &[Compared<'_>]) -> Table {
    let columns = [
        Text::new("Number", "指标"),
        words::YEAR.clone(),
        Text::new("Median", "中位数"),
        Text::new("10%", "10%"),
        Text::new("90%", "90%"),
        Text::new("Counted", "统计数"),
        Text::new("Counted over median", "统计数相对中位数"),
        Text::new("Rank", "位次"),
        Text::new("CRPS", "CRPS"),
        Text::new("80% interval", "80% 区间"),
    ];
    let rows = compared.iter().map(|c| row(plan, c));
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

/// How far off and how honest, by metric.
fn scores(plan: &Plan, scores: &[MetricScore]) -> Table {
    let columns = [
        Text::new("Number", "指标"),
        Text::new("Counts", "统计数个数"),
        Text::new("Mean absolute error", "平均绝对误差"),
        Text::new("Bias", "偏差"),
        Text::new("CRPS", "CRPS"),
        Text::new("In 50%", "50% 区间内"),
        Text::new("In 80%", "80% 区间内"),
        Text::new("In 95%", "95% 区间内"),
    ];
    let rows = scores.iter().map(|of| {
        let label = &plan.catalogue.block(of.block).metrics[of.metric].label;
        let (en, zh) = if of.of_areas { (", by area", "，分街道") } else { ("", "") };
        let any = of.score.forecasts > 0;
        let share = |share: f64, digits: u8| if any { Cell::percent(share, digits) } else { Cell::Empty };
        let [half, four_fifths, most] = of.score.cover();
        Row::new(vec![
            Cell::Text(Text::owned(format!("{}{en}", label.en), format!("{}{zh}", label.zh))),
            Cell::count(of.counts as f64),
            share(of.score.absolute(), 1),
            share(of.score.bias(), 1),
            Cell::count(of.crps),
            share(half, 0),
            share(four_fifths, 0),
            share(most, 0),
        ])
    });
    Table {
        caption: Caption::new(Text::new("Scores by number", "各指标得分")).takeaway(Text::new(
            "Errors relative to what was counted. CRPS is the error that also pays for false certainty, in the unit of the number.",
            "误差相对于统计数。CRPS 是兼计虚假把握的误差，单位同该指标。",
        )),
        columns: columns.map(Column::new).into(),
        rows: rows.collect(),
    }
}

fn row(plan: &Plan, compared: &Compared<'_>) -> Row {
    let observed = compared.observation;
    let label = &plan.catalogue.block(observed.block).metrics[observed.metric].label;
    let name = match plan.site.areas.get(observed.row) {
        Some(area) if observed.row != plan.catalogue.district(observed.block) => {
            let area = &area.label;
            Text::owned(format!("{}, {}", area.en, label.en), format!("{} {}", area.zh, label.zh))
        }
        _ => label.clone(),
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
        Cell::count(compared.crps),
        Cell::Text(side),
    ])
}
