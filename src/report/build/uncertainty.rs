//! Where the uncertainty comes from: chance and inputs, for one headline of each stage.

use super::Findings;
use crate::language::Text;
use crate::report::document::{Bar, BarKind, Bars, Block, Caption, Cell, Column, Measure, Row, Section, Shade, Table};
use crate::report::number;
use crate::study::Headline;
use crate::text;

/// Inputs named one by one; the others are summed.
const NAMED: usize = 8;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    if findings.headlines.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Prose(Text::new(
        "Each bar is a share of the variance of one number across replications: what chance decides even if every input \
         were known, and what each uncertain input adds (first-order shares from correlations over paths; what inputs \
         explain only together is «several together»). The shares add to the whole.",
        "每条表示某个数在多次模拟之间方差的份额：即使所有输入都已知仍由偶然决定的部分，以及各不确定输入带来的部分（由各组输入间的相关求得的一阶份额；只能共同解释的归入“多项共同”）。各份额相加为全部。",
    ))];
    blocks.push(Block::Table(by_driver(findings)));
    blocks.extend(findings.headlines.iter().map(|headline| Block::Bars(bars(findings, headline))));
    Some(Section {
        key: "uncertainty".to_owned(),
        title: Text::new("Where the uncertainty comes from", "不确定性从何而来"),
        blocks,
    })
}

/// The shares of drivers of every headline: a row each, a column for each driver that matters anywhere.
fn by_driver(findings: Findings<'_>) -> Table {
    let mut drivers: Vec<&Text> = Vec::new();
    for share in findings.headlines.iter().flat_map(|h| &h.drivers) {
        if !drivers.contains(&&share.driver) {
            drivers.push(&share.driver);
        }
    }
    let mut columns = vec![Column::new(Text::new("Number", "指标"))];
    columns.extend(drivers.iter().map(|driver| Column::new((*driver).clone()).shade(Shade::Amount)));
    columns.push(Column::new(Text::new("largest standard error", "最大标准误")));
    let rows = findings.headlines.iter().filter(|headline| !headline.drivers.is_empty()).map(|headline| {
        let mut cells = vec![Cell::Text(name(findings, headline))];
        cells.extend(drivers.iter().map(|driver| {
            let share = headline.drivers.iter().find(|share| share.driver == **driver);
            share.map_or(Cell::Empty, |share| Cell::percent(share.share, 0))
        }));
        cells.push(Cell::percent(headline.drivers.iter().map(|share| share.error).fold(0.0, f64::max), 0));
        Row::new(cells)
    });
    let title = Text::new("Share of the variance of each number, by driver", "各指标方差按来源的份额");
    let takeaway = Text::new(
        "Rows add to 100%. Chance is measured by pairs of replications on the same inputs; drivers by regression on the \
         inputs over paths, with squares; the last share is what they do only together, or what no such curve follows.",
        "每行合计 100%。“偶然”由相同输入下的成对模拟求得；各来源由对输入的回归（含平方项）求得；其余为多项共同或未能解释的部分。",
    );
    Table { caption: Caption::new(title).takeaway(takeaway), columns, rows: rows.collect() }
}

/// Service, stage, metric and year of a headline.
fn name(findings: Findings<'_>, headline: &Headline) -> Text {
    let block = findings.plan.catalogue.block(headline.block);
    let (metric, year) = (&block.metrics[headline.metric].label, headline.year);
    let (service, stage) = (&block.service_label, &block.stage_label);
    Text::owned(
        format!("{} · {}: {} in {year}", service.en, stage.en, metric.en),
        format!("{} · {}：{year} 年{}", service.zh, stage.zh, metric.zh),
    )
}

fn bars(findings: Findings<'_>, headline: &Headline) -> Bars {
    let plan = findings.plan;
    let defs = plan.parameters.defs();
    let plain = |label: Text, share: f64, kind: BarKind| Bar { label, from: 0.0, to: share, kind, note: None };
    let mut list = vec![plain(Text::new("chance", "偶然"), headline.shares.chance, BarKind::Chance)];
    for influence in headline.influences.iter().take(NAMED) {
        let def = &defs[influence.parameter.index()];
        let more = influence.correlation > 0.0;
        list.push(Bar {
            label: Text::name(def.path.clone()),
            from: 0.0,
            to: influence.share,
            kind: BarKind::Input(def.provenance.status),
            note: Some(if more {
                Text::new("more of it: more", "越大则越多")
            } else {
                Text::new("more of it: less", "越大则越少")
            }),
        });
    }
    let others: f64 = headline.influences.iter().skip(NAMED).map(|i| i.share).sum::<f64>() + headline.joint;
    list.push(plain(Text::new("several together", "多项共同"), others, BarKind::Joint));
    list.sort_by(|a, b| b.to.total_cmp(&a.to));
    let (title, assumed) = (name(findings, headline), number::percent(headline.assumed, 0));
    let takeaway = text!("Assumed inputs, one by one, explain {assumed}.", "假设的输入（逐项计）解释了 {assumed}。");
    Bars { caption: Caption::new(title).takeaway(takeaway), measure: Measure::Percent(1), base: None, bars: list }
}
