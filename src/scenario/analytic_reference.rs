//! Results that theory gives for a scenario: the run is held against them, and nothing of them enters it.
//!
//! A result is the mean of a metric of the district over replications and years (or in one year), in one stage or over all
//! stages that have it; each cell weighed by another metric where this is asked for (a mean wait by those who asked, so that
//! it is a mean over people and not over years), or all together divided by another (those refused by those who asked).

use std::ops::Range;

use super::observed::metrics_of;
use crate::diagnostic::code;
use crate::input::{KeyDef, Section, ValueKind};
use crate::language::Text;
use crate::metric::{BlockId, Catalogue};
use crate::site::Site;
use crate::text;

/// Keys of one result.
pub(super) const RESULT: &[KeyDef] = &[
    KeyDef::required("label", ValueKind::Label, "", "what theory gives, and whose theory", "理论结果及其出处"),
    KeyDef::optional(
        "stage",
        ValueKind::Text,
        "",
        "key of the stage; left out: all that have the metric",
        "阶段代码；不给则合计",
    ),
    KeyDef::required("metric", ValueKind::Text, "", "name of the metric in summary.csv", "指标名称（见 summary.csv）"),
    KeyDef::optional(
        "weight",
        ValueKind::Text,
        "",
        "metric by which years and stages weigh, such as demand; left out: all alike",
        "各年、各阶段的权重指标，如 demand；不给则等权",
    ),
    KeyDef::optional(
        "of",
        ValueKind::Text,
        "",
        "metric that the sum is divided by, for a share of it",
        "作分母的指标（结果为占比）",
    ),
    KeyDef::optional(
        "year",
        ValueKind::Whole(1900, 2200),
        "year",
        "the year; left out: all years",
        "年份；不给则为全部年份",
    ),
    KeyDef::required("expected", ValueKind::Number(-1e12, 1e12), "", "what theory gives", "理论值"),
];

/// What a number is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The number of years and stages.
    Cells,
    /// The sum of a metric, given by position, by which each cell weighs.
    Weights(usize),
    /// The sum of a metric, given by position, of which the number is a part.
    Of(usize),
}

/// One result of theory and where the run has the same number.
#[derive(Clone, Debug)]
pub struct TheoryResult {
    /// What it is.
    pub label: Text,
    /// The metric in each stage, and what it is divided by.
    pub cells: Vec<(BlockId, usize, Whole)>,
    /// Reported years, by position.
    pub years: Range<usize>,
    /// What theory gives.
    pub expected: f64,
}

/// Reads `[analytic_reference]`, noting every fault.
pub(super) fn read(root: &Section<'_>, site: &Site, catalogue: &Catalogue) -> Vec<TheoryResult> {
    root.named("analytic_reference").iter().filter_map(|(_, section)| result(section, site, catalogue)).collect()
}

fn result(section: &Section<'_>, site: &Site, catalogue: &Catalogue) -> Option<TheoryResult> {
    let (label, expected) = (section.label("label"), section.number("expected"));
    let years = if section.has("year") { year(section, site) } else { Some(0..site.reported_years()) };
    let stage = if section.has("stage") { section.text("stage")? } else { String::new() };
    let metric = section.text("metric")?;
    let found = metrics_of(catalogue, "", &stage, &metric);
    if found.is_empty() {
        unknown(section, "metric", &metric);
        return None;
    }
    let cells = found.into_iter().map(|(block, metric)| whole(section, catalogue, block).map(|of| (block, metric, of)));
    let cells: Option<Vec<_>> = cells.collect();
    Some(TheoryResult { label: label?, cells: cells?, years: years?, expected: expected? })
}

/// What the metric is divided by in a stage; `None` when a fault was noted.
fn whole(section: &Section<'_>, catalogue: &Catalogue, block: BlockId) -> Option<Whole> {
    let (weight, of) = (section.has("weight"), section.has("of"));
    if weight && of {
        section.fault(
            code::CONTRADICTION,
            "of",
            Text::new("the result is weighed and divided at once", "同时给了 weight 与 of"),
            Text::new("keep `weight` for a mean, or `of` for a share", "求均值请只写 weight，求占比请只写 of"),
        );
        return None;
    }
    if !weight && !of {
        return Some(Whole::Cells);
    }
    let key = if weight { "weight" } else { "of" };
    let metric = section.text(key)?;
    let Some(at) = catalogue.metric(block, metric.as_str()) else {
        unknown(section, key, &metric);
        return None;
    };
    Some(if weight { Whole::Weights(at) } else { Whole::Of(at) })
}

fn year(section: &Section<'_>, site: &Site) -> Option<Range<usize>> {
    let year = section.whole("year")?;
    let (first, last) = (i64::from(site.start), i64::from(site.end));
    if (first..=last).contains(&year) {
        let at = (year - first) as usize;
        return Some(at..at + 1);
    }
    section.fault(
        code::OUT_OF_RANGE,
        "year",
        text!("{year} is no reported year", "{year} 不是报告年份"),
        text!("write a year from {first} to {last}", "请写 {first} 至 {last} 之间的年份"),
    );
    None
}

fn unknown(section: &Section<'_>, key: &'static str, metric: &str) {
    section.fault(
        code::UNKNOWN_NAME,
        key,
        text!("no stage meant here measures «{metric}»", "所指阶段没有指标“{metric}”"),
        Text::new("write stage and metric as they stand in summary.csv", "请按 summary.csv 中的写法填写 stage 与指标"),
    );
}
