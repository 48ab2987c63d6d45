//! Where the uncertainty comes from: chance and inputs, for one headline of each stage.

use super::findings::Findings;
use super::input_names;
use crate::language::Text;
use crate::report::document::{Bar, BarKind, Bars, Block, Caption, Cell, Column, Measure, Row, Section, Shade, Table};
use crate::report::number;
use crate::study::{Headline, UNEXPLAINED};
use crate::text;

/// Inputs named one by one; the others are summed.
const NAMED: usize = 8;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    if findings.headlines.is_empty() {
        return None;
    }
    let mut blocks = vec![Block::Prose(Text::new(
        "For one number of each stage: how far each uncertain input moves it, and which share of its variance across \
         replications it brings (first-order shares from correlations over paths). What chance decides even if every \
         input were known has its own bar; what inputs explain only together, or too little to be told from chance with \
         this many replications, is summed. The shares add to the whole.",
        "对每个学段（层级）的一个代表性指标：各不确定输入使它变动多大，以及各自在多次模拟方差中所占份额（由各组输入间的相关求得的一阶份额）。即使所有输入都已知仍由偶然决定的部分单列；只能共同解释的，或在本次模拟次数下与偶然无法区分的，合并列出。各份额相加为全部。",
    ))];
    blocks.push(Block::Table(by_driver(findings)));
    for headline in findings.headlines {
        blocks.push(Block::Heading(name(findings, headline)));
        blocks.extend(tornado(findings, headline).map(Block::Bars));
        blocks.push(Block::Bars(bars(findings, headline)));
    }
    Some(Section {
        key: "uncertainty".to_owned(),
        title: Text::new("Where the uncertainty comes from", "不确定性来源"),
        blocks,
    })
}

/// The shares of drivers of every headline: a row each, a column for each driver that matters anywhere.
fn by_driver(findings: Findings<'_>) -> Table {
    let mut drivers: Vec<&Text> = Vec::new();
    for share in findings.headlines.iter().flat_map(|h| &h.drivers) {
        if !drivers.contains(&&share.driver) && share.driver != UNEXPLAINED {
            drivers.push(&share.driver);
        }
    }
    let mut columns = vec![Column::new(Text::new("Number", "指标"))];
    columns.extend(drivers.iter().map(|driver| Column::new((*driver).clone()).shade(Shade::Amount)));
    columns.push(Column::new(UNEXPLAINED.clone()));
    drivers.push(&UNEXPLAINED);
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
         inputs over paths, with squares; a driver within two standard errors of nothing, what drivers do only together, and \
         what no such curve follows are the last share.",
        "每行合计 100%。“偶然”由相同输入下的成对模拟求得；各来源由对输入的回归（含平方项）求得；不足两倍标准误的来源、多项共同的作用及未能解释的部分归入最后一项。",
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

/// The headline while each input that matters is low, and while it is high; `None` where none matters more than chance.
fn tornado(findings: Findings<'_>, headline: &Headline) -> Option<Bars> {
    let plan = findings.plan;
    let defs = plan.parameters.defs();
    let mut list: Vec<Bar> = headline
        .influences
        .iter()
        .take(NAMED)
        .map(|influence| {
            let def = &defs[influence.parameter.index()];
            let [low, high] = influence.swing.input.map(significant);
            Bar {
                label: input_names::meaning(plan, &def.path),
                from: influence.swing.headline[0],
                to: influence.swing.headline[1],
                kind: BarKind::Input(def.provenance.kind()),
                note: Some(text!("input from {low} to {high}", "输入由 {low} 到 {high}")),
            }
        })
        .collect();
    list.sort_by(|a, b| (b.to - b.from).abs().total_cmp(&(a.to - a.from).abs()));
    let title = Text::new("How far each input moves it", "各项数据的影响幅度");
    let takeaway = Text::new(
        "Mean over the fifth of the paths in which the input is lowest – mean over the fifth in which it is highest. The \
         line is the mean over all.",
        "前者为该输入最低的五分之一情形下的均值，后者为最高的五分之一情形下的均值；竖线为总均值。",
    );
    let caption = Caption::new(title).takeaway(takeaway);
    let measure = if headline.mean.abs() < 20.0 { Measure::Real(1) } else { Measure::Count };
    (!list.is_empty()).then_some(Bars { caption, measure, base: Some(headline.mean), bars: list })
}

/// Three significant digits, as planners write a factor or a share.
fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return number::real(value, 0);
    }
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 6);
    number::real(value, digits as u8)
}

/// What chance and each input bring to the variance of a headline.
fn bars(findings: Findings<'_>, headline: &Headline) -> Bars {
    let plan = findings.plan;
    let defs = plan.parameters.defs();
    let plain = |label: Text, share: f64, kind: BarKind| Bar { label, from: 0.0, to: share, kind, note: None };
    let mut list = vec![plain(Text::new("chance", "随机因素"), headline.shares.chance, BarKind::Chance)];
    for influence in headline.influences.iter().take(NAMED) {
        let def = &defs[influence.parameter.index()];
        let more = influence.correlation > 0.0;
        list.push(Bar {
            label: input_names::meaning(plan, &def.path),
            from: 0.0,
            to: influence.share,
            kind: BarKind::Input(def.provenance.kind()),
            note: Some(if more {
                Text::new("more of it: more", "越大则越多")
            } else {
                Text::new("more of it: less", "越大则越少")
            }),
        });
    }
    let others: f64 = headline.influences.iter().skip(NAMED).map(|i| i.share).sum::<f64>() + headline.joint;
    list.push(plain(
        Text::new("several together, or too little to tell", "多因素共同作用（无法分解）"),
        others,
        BarKind::Joint,
    ));
    list.sort_by(|a, b| b.to.total_cmp(&a.to));
    let judgement = number::percent(headline.judgement, 0);
    let takeaway =
        text!("Judgements, one by one, explain {judgement}.", "属于判断的数据（逐项计）解释了 {judgement}。");
    let title = Text::new("Shares of its variance", "方差份额");
    Bars { caption: Caption::new(title).takeaway(takeaway), measure: Measure::Percent(1), base: None, bars: list }
}
