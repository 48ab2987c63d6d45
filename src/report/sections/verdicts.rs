//! The first screen: probabilities by stage and year, what is missing where, then each stage.

use super::findings::{Findings, headed};
use super::{caveats, required_capacity};
use crate::language::Text;
use crate::metric::Role;
use crate::report::document::{
    AreaRisk, Block, Caption, Cell, Column, GapFigures, HeatMap, HeatRow, Reason, Row, Section, Shade, Table,
    VerdictCard, VerdictLevel,
};
use crate::report::{number, sentences, tabulate, words};
use crate::study::{AreaShortage, Verdict, gap};
use crate::text;

pub(super) fn section(findings: Findings<'_>) -> Section {
    let cards: Vec<VerdictCard> = findings.verdicts.iter().map(|verdict| card(findings, verdict)).collect();
    let mut blocks = Vec::new();
    if !cards.is_empty() {
        blocks.push(Block::HeatMap(matrix(findings, &cards)));
        let gaps = gaps(&cards);
        blocks.push(Block::Verdicts(cards));
        blocks.push(Block::Table(gaps));
    }
    blocks.extend(required_capacity::table(findings).map(Block::Table));
    blocks.extend(caveats::all(findings).into_iter().map(Block::Caveat));
    Section { key: "verdicts".to_owned(), title: Text::new("Verdicts", "结论"), blocks }
}

/// The picture of ten seconds: probability that the target is missed, by stage and year.
fn matrix(findings: Findings<'_>, cards: &[VerdictCard]) -> HeatMap {
    let years: Vec<i32> = findings.years().into_iter().map(|(_, year)| year).collect();
    let rows = cards.iter().map(|card| {
        let of_year = |year: &i32| card.by_year.iter().find(|(of, _)| of == year).map_or(f64::NAN, |(_, p)| *p);
        HeatRow {
            label: words::with_service(&card.service, &card.stage),
            values: years.iter().map(of_year).collect(),
            whole: false,
        }
    });
    let rows = rows.collect();
    let caption = Caption::new(Text::new(
        "Probability that the service target is missed, by stage and year",
        "各学段（层级）各年不达标概率",
    ));
    HeatMap { caption, names: words::STAGE.clone(), years, rows }
}

/// What is missing in each stage's tightest year, where most, and by when places must be open.
fn gaps(cards: &[VerdictCard]) -> Table {
    let columns = vec![
        Column::new(words::STAGE.clone()),
        Column::new(words::VERDICT.clone()),
        Column::new(Text::new("Tightest year", "最紧张年份")),
        Column::new(Text::new("Target missed", "不达标概率")).shade(Shade::Risk),
        Column::new(Text::new("Short, median", "缺口（中位数）")),
        Column::new(Text::new("90% of cases at most", "90% 情形不超过")),
        Column::new(Text::new("Counted in", "计量单位")),
        Column::new(Text::new("Mended by planned openings, mean", "已规划项目可补（均值）")),
        Column::new(Text::new("Most in", "缺口最大的街道")),
        Column::new(Text::new("More places must be open by", "最迟须在此年前增加供给")),
    ];
    let rows = cards.iter().map(|card| {
        let gap = card.gap.as_ref();
        let count = |of: &dyn Fn(&GapFigures) -> Option<f64>| gap.and_then(of).map_or(Cell::Empty, Cell::count);
        Row::new(vec![
            Cell::Text(words::with_service(&card.service, &card.stage)),
            Cell::Text(tabulate::verdict_words(card)),
            card.worst_year.map_or(Cell::Empty, |(year, _)| Cell::year(year)),
            card.worst_year.map_or(Cell::Empty, |(_, p)| Cell::probability(p)),
            count(&|gap| Some(gap.median)),
            count(&|gap| Some(gap.high)),
            gap.map_or(Cell::Empty, |gap| Cell::Text(gap.unit.clone())),
            count(&|gap| gap.mended),
            gap.and_then(|gap| gap.worst_area.clone()).map_or(Cell::Empty, |(area, _)| Cell::Text(area)),
            card.needed_by.map_or(Cell::Empty, Cell::year),
        ])
    });
    let caption = Caption::new(Text::new("Gaps in the tightest year", "最紧张年份的缺口")).takeaway(Text::new(
        "What is short against the target or the standard class size, over all replications. More places must be open by the \
         first year in which the target is missed more often than planners accept; where none is named, what is planned does.",
        "缺口按保障目标或标准班额计，取自全部模拟。“最迟须在此年前增加供给”指不达标概率首次超过可接受水平的年份；未列年份者，现有规划已够。",
    ));
    Table { caption, columns, rows: rows.collect() }
}

fn card(findings: Findings<'_>, verdict: &Verdict) -> VerdictCard {
    let plan = findings.plan;
    let block = plan.catalogue.block(verdict.block);
    let worst = (verdict.worst_year.0 - plan.site.start) as usize;
    let stretched = plan.catalogue.metric(verdict.block, Role::OverNorm);
    let crowded = stretched.and_then(|metric| findings.mean(verdict.block, metric, worst));
    let accepted = block.promise.as_ref().map_or(1.0, |promise| 1.0 - promise.confidence);
    VerdictCard {
        service: block.service_label.clone(),
        stage: headed(&block.stage_label),
        rank: verdict.rank,
        close_to: verdict.close_to,
        sentence: sentences::verdict(plan, block, verdict, crowded),
        promise: block.promise.as_ref().map(|promise| {
            let percent = number::percent(promise.confidence, 0);
            let (en, zh) = (&promise.text.en, &promise.text.zh);
            text!("{en}, in every year with {percent} confidence", "{zh}；每年须有 {percent} 的把握")
        }),
        worst_year: (verdict.rank != VerdictLevel::Unstable).then_some(verdict.worst_year),
        reasons: reasons(findings, verdict),
        gap: (verdict.rank != VerdictLevel::Unstable).then(|| figures(findings, verdict)).flatten(),
        needed_by: verdict.by_year.iter().find(|(_, p)| *p > accepted).map(|(year, _)| *year),
        worst_area: verdict.worst_area.map(|AreaShortage { area, year, probability }| AreaRisk {
            area: findings.row_label(area),
            year,
            probability,
        }),
        surplus_from: verdict.surplus_from,
        by_year: verdict.by_year.clone(),
        see: Some(block.service.to_owned()),
    }
}

fn reasons(findings: Findings<'_>, verdict: &Verdict) -> Vec<Reason> {
    let promise = findings.plan.catalogue.block(verdict.block).promise.as_ref();
    let limits = promise.map_or(&[][..], |promise| &promise.limits);
    let both = limits.iter().zip(&verdict.by_limit);
    both.map(|(limit, p)| Reason { broken: limit.broken.clone(), probability: *p }).collect()
}

fn figures(findings: Findings<'_>, verdict: &Verdict) -> Option<GapFigures> {
    let gap = gap(findings.plan, findings.results, verdict.block, verdict.worst_year.0)?;
    Some(GapFigures {
        year: gap.year,
        unit: gap.unit.name(),
        median: gap.short.quantiles[3],
        high: gap.short.quantiles[5],
        mean: gap.short.mean,
        mended: gap.mended,
        worst_area: gap.worst_area.map(|(area, short)| (findings.row_label(area), short)),
    })
}
