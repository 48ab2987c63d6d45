//! Figures that were counted: a census, a school register, a hospital's return, for the run to be held against.
//!
//! Each row of a table names a metric of the run, a year (or a day) and what was counted. A number of residents belongs to
//! 1 January; on any other day it is read on the straight line between the two Januaries around it, in every replication
//! by itself. Nothing here enters the simulation: what is observed is only compared ([`crate::study`]).

use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::input::{Column, KeyDef, LoadSession, Row, Section, Sheet, ValueKind, open_table, parse_month};
use crate::language::Text;
use crate::metric::{BlockId, Catalogue};
use crate::site::Site;
use crate::text;

const COLUMNS: &[Column] = &[
    Column::optional("service", "key of the service; left out: any", "服务代码；不给则不限").key(),
    Column::optional("stage", "key of the stage, tier or level; left out: any", "学段或层级代码；不给则不限").key(),
    Column::required("metric", "name of the metric in summary.csv", "指标名称（见 summary.csv）").key(),
    Column::optional("area", "key of the area; empty or `all`: the district", "区域代码；空或 all 表示全区").key(),
    Column::required("year", "calendar year, or the day of a count of residents", "年份；常住人口可写统计时点").key(),
    Column::required("value", "what was counted", "实际统计数"),
];

/// Keys of one set of observed figures.
pub(super) const SET: &[KeyDef] = &[
    KeyDef::required("label", ValueKind::Label, "", "what was counted, by whom", "统计名称"),
    KeyDef::required("table", ValueKind::Csv(COLUMNS), "", "the figures", "统计数表"),
];

/// A table of observed figures.
#[derive(Clone, Debug)]
pub struct ObservedSet {
    /// Key in the scenario.
    pub id: String,
    /// What it is.
    pub label: Text,
    /// The figures in the order of the table.
    pub rows: Vec<Observation>,
}

/// One observed figure and where the run has the same number.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The block.
    pub block: BlockId,
    /// Its metric, by position.
    pub metric: usize,
    /// Area, or the row of the district.
    pub row: usize,
    /// Reported year, by position.
    pub year: usize,
    /// Way from this year to the next, 0 to below 1.
    pub later: f64,
    /// The year or day as written.
    pub when: String,
    /// What was counted.
    pub value: f64,
}

/// Reads `[observed]`, noting every fault.
pub(super) fn read(root: &Section<'_>, site: &Site, catalogue: &Catalogue) -> Vec<ObservedSet> {
    root.named("observed")
        .into_iter()
        .filter_map(|(id, section)| {
            let (label, sheet) = (section.label("label"), section.sheet("table"));
            let rows = rows(&sheet?, site, catalogue);
            Some(ObservedSet { id, label: label?, rows })
        })
        .collect()
}

fn rows(sheet: &Sheet<'_>, site: &Site, catalogue: &Catalogue) -> Vec<Observation> {
    sheet.rows().filter_map(|row| observation(row, site, catalogue)).collect()
}

/// A table of observed figures that was read beside a plan.
#[derive(Debug)]
pub struct ReadObserved {
    /// The figures, if there was no error.
    pub set: Option<ObservedSet>,
    /// Everything found on the way.
    pub diagnostics: Diagnostics,
}

/// Reads a table of observed figures of the numbers that a catalogue has of a site, as `[observed]` would read it.
pub fn read_observed(path: &Path, site: &Site, catalogue: &Catalogue) -> ReadObserved {
    let session = LoadSession::default();
    let id = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let set = open_table(&session, path, COLUMNS).map(|sheet| {
        let label = Text::name(path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()));
        ObservedSet { id, label, rows: rows(&sheet, site, catalogue) }
    });
    let errors = session.diagnostics.errors();
    ReadObserved { set: set.filter(|_| errors == 0), diagnostics: session.diagnostics.finish() }
}

fn observation(row: Row<'_>, site: &Site, catalogue: &Catalogue) -> Option<Observation> {
    let found = metric(row, catalogue);
    let value = row.number("value", 0.0, f64::INFINITY);
    let when = row.text("year").to_owned();
    let year = year(row, &when, site);
    let (block, metric) = found?;
    let (year, later) = year?;
    let def = &catalogue.block(block).metrics[metric];
    if later > 0.0 && !def.on_1_january {
        let id = def.id;
        row.fault(
            "year",
            text!(
                "`{id}` is a number of a whole year, not of the day «{when}»",
                "`{id}` 是全年数，不是“{when}”的时点数"
            ),
            Text::new("write the calendar year", "请写年份"),
        );
        return None;
    }
    Some(Observation { block, metric, row: area(row, block, site, catalogue)?, year, later, when, value: value? })
}

/// The one metric that a row means.
fn metric(row: Row<'_>, catalogue: &Catalogue) -> Option<(BlockId, usize)> {
    let (service, stage, metric) = (row.text("service"), row.text("stage"), row.text("metric"));
    let meant = metrics_of(catalogue, service, stage, metric);
    if let [one] = meant[..] {
        return Some(one);
    }
    let count = meant.len();
    row.fault(
        "metric",
        text!(
            "`metric` = «{metric}» means {count} numbers of the run, not one",
            "`metric` =“{metric}”对应模拟结果中的 {count} 个数，而不是一个"
        ),
        Text::new(
            "write service, stage and metric as they stand in summary.csv",
            "请按 summary.csv 中的写法填写 service、stage、metric",
        ),
    );
    None
}

/// The metrics of a name in a service and stage, or in any where these are empty.
pub(super) fn metrics_of(catalogue: &Catalogue, service: &str, stage: &str, metric: &str) -> Vec<(BlockId, usize)> {
    catalogue
        .blocks()
        .filter(|(_, b)| (service.is_empty() || b.service == service) && (stage.is_empty() || b.stage == stage))
        .filter_map(|(id, _)| catalogue.metric(id, metric).map(|metric| (id, metric)))
        .collect()
}

fn area(row: Row<'_>, block: BlockId, site: &Site, catalogue: &Catalogue) -> Option<usize> {
    if matches!(row.text("area"), "" | "all") {
        return Some(catalogue.district(block));
    }
    let area = row.name_of("area", &site.area_ids())?;
    if catalogue.block(block).by_area {
        return Some(area);
    }
    row.fault(
        "area",
        Text::new("this metric is not split by area", "该指标不分区域"),
        Text::new("leave the area empty", "请将区域留空"),
    );
    None
}

/// Position of the reported year, and the way to the next.
fn year(row: Row<'_>, written: &str, site: &Site) -> Option<(usize, f64)> {
    let months = match written.parse::<i32>() {
        Ok(year) => Some(f64::from(year) * 12.0),
        Err(_) => parse_month(written),
    };
    let (first, last) = (site.start, site.end);
    let fits = |months: &f64| (f64::from(first * 12)..=f64::from(last * 12)).contains(months);
    let Some(months) = months.filter(fits) else {
        row.fault(
            "year",
            text!(
                "`year` = «{written}» is no year or day from {first} to 1 January {last}",
                "`year` =“{written}”不是 {first} 年至 {last} 年 1 月 1 日之间的年份或日期"
            ),
            Text::new("write a reported year, or a day such as 2020-11-01", "请写报告期内的年份，或日期如 2020-11-01"),
        );
        return None;
    };
    let year = libm::floor(months / 12.0);
    Some((year as usize - first as usize, months / 12.0 - year))
}
