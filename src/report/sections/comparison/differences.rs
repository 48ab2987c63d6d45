//! The differences of each service: people unserved year by year, fans of differences, areas, and every metric.

use super::members::Part;
use crate::language::Text;
use crate::metric::{Role, Scale};
use crate::report::document::{Block, Caption, Cell, Column, FanChart, Measure, Row, Section, Shade, Table};
use crate::report::sections::findings::cell_in;
use crate::report::words;
use crate::study::comparison::{Comparison, MetricChange, StageChange};
use crate::text;

/// What is drawn where it differs.
const DRAWN: [Role; 3] = [Role::Unmet, Role::Demand, Role::Capacity];

/// A section for each service.
pub(super) fn sections(part: Part<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let comparison = &part.versus.comparison;
    let same = |stage: &&StageChange| stage.metrics.iter().all(|metric| !differs(comparison, stage, metric));
    let (unchanged, changed): (Vec<&StageChange>, Vec<&StageChange>) = comparison.stages.iter().partition(same);
    for stage in changed {
        let key = part.key(&stage.service);
        if sections.last().is_none_or(|section| section.key != key) {
            sections.push(Section { key, title: part.title(&stage.service_label), blocks: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.blocks.push(Block::Heading(stage.stage_label.clone()));
            section.blocks.extend(blocks(part, stage));
        }
    }
    sections.extend((!unchanged.is_empty()).then(|| without_a_difference(part, &unchanged)));
    sections
}

/// The stages in which nothing differs, in one line.
fn without_a_difference(part: Part<'_>, stages: &[&StageChange]) -> Section {
    let named = |stage: &&StageChange| words::with_service(&stage.service_label, &stage.stage_label);
    let names = words::listed(&stages.iter().map(named).collect::<Vec<_>>());
    let (en, zh) = (&names.en, &names.zh);
    let said = text!(
        "Nothing differs, in any area, year or replication, in: {en}.",
        "以下各项在各区域、各年、各次模拟中均无差异：{zh}。"
    );
    let title = part.title(&Text::new("Unchanged", "无变化的学段（层级）"));
    Section { key: part.key("unchanged"), title, blocks: vec![Block::Prose(said)] }
}

fn blocks(part: Part<'_>, stage: &StageChange) -> Vec<Block> {
    let comparison = &part.versus.comparison;
    let mut blocks = Vec::new();
    if comparison.paired {
        let drawn =
            DRAWN.into_iter().filter_map(|role| stage.metric(role)).filter(|m| district_differs(comparison, stage, m));
        blocks.extend(drawn.map(|metric| Block::FanChart(fan(part, stage, metric))));
    }
    if stage.standings.iter().all(Option::is_some) {
        blocks.extend(unserved(part, stage).map(Block::Table));
    }
    blocks.push(Block::Reference(by_year(comparison, stage)));
    for (role, caption) in [
        (Role::Unmet, Text::new("Unserved by area: mean difference", "各区域未获服务：平均差值")),
        (
            Role::TargetMissed,
            Text::new(
                "Probability that the target is missed, by area: difference in points",
                "各区域不达标概率：差值（百分点）",
            ),
        ),
        (Role::Population, Text::new("Residents by area: mean difference", "各区域常住人口：平均差值")),
    ] {
        blocks.extend(by_area(comparison, stage, role, caption).map(Block::Table));
    }
    blocks
}

fn calendar(comparison: &Comparison) -> std::ops::RangeInclusive<i32> {
    comparison.years.0..=comparison.years.1
}

/// Whether a metric differs in any cell and replication.
fn differs(comparison: &Comparison, stage: &StageChange, metric: &MetricChange) -> bool {
    (0..stage.rows(comparison.areas.len())).any(|row| row_differs(comparison, metric, row))
}

fn district_differs(comparison: &Comparison, stage: &StageChange, metric: &MetricChange) -> bool {
    row_differs(comparison, metric, stage.rows(comparison.areas.len()) - 1)
}

fn row_differs(comparison: &Comparison, metric: &MetricChange, row: usize) -> bool {
    calendar(comparison)
        .filter_map(|year| comparison.at(metric, row, year))
        .any(|cell| cell.mean != 0.0 || cell.paired.is_some_and(|paired| paired.spread.sd > 0.0))
}

/// The difference of the district with its uncertainty, by year.
fn fan(part: Part<'_>, stage: &StageChange, metric: &MetricChange) -> FanChart {
    let comparison = &part.versus.comparison;
    let row = stage.rows(comparison.areas.len()) - 1;
    let cells: Vec<_> = calendar(comparison)
        .map(|year| comparison.at(metric, row, year).and_then(|cell| cell.paired))
        .map(|paired| paired.map_or([f64::NAN; 7], |paired| paired.spread.quantiles))
        .collect();
    let (en, zh) = (&metric.label.en, &metric.label.zh);
    let measure = if metric.scale == Scale::Share { Measure::Percent(1) } else { Measure::Count };
    FanChart {
        caption: Caption::new(text!("{en}: difference from the baseline", "{zh}：与基准方案之差")),
        demand_label: Text::new("difference", "差值"),
        places_label: Text::new("places", "供给"),
        measure,
        years: calendar(comparison).collect(),
        demand: cells,
        places: Vec::new(),
        openings: Vec::new(),
    }
}

/// People unserved and the risk of shortage, year by year, with how sure the difference is.
fn unserved(part: Part<'_>, stage: &StageChange) -> Option<Table> {
    let comparison = &part.versus.comparison;
    stage.metric(Role::Unmet)?;
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let mut columns = vec![
        heading("Year", "年份"),
        heading("Unserved: baseline", "未获服务：基准"),
        heading("this plan", "本方案"),
        heading("Difference", "差值"),
        heading("Standard error", "标准误"),
    ];
    if comparison.paired {
        columns.extend([
            heading("5%", "5%"),
            heading("50%", "50%"),
            heading("95%", "95%"),
            heading("Better with probability", "更好的概率"),
            heading("Worse", "更差的概率"),
        ]);
    }
    columns.extend([
        heading("Target missed: baseline", "不达标概率：基准").shade(Shade::Risk),
        heading("this plan ", "本方案 ").shade(Shade::Risk),
    ]);
    let rows = calendar(comparison).filter_map(|year| {
        let cell = comparison.district(stage, Role::Unmet, year)?;
        let mut cells = vec![
            Cell::year(year),
            Cell::count(cell.a.mean),
            Cell::count(cell.b.mean),
            Cell::count(cell.mean),
            Cell::real(cell.mcse, 1),
        ];
        if let Some(paired) = cell.paired {
            cells.extend([0, 3, 6].map(|i| Cell::count(paired.spread.quantiles[i])));
            cells.extend([paired.better, paired.worse].map(|p| p.map_or(Cell::Empty, Cell::probability)));
        }
        let short = comparison.district(stage, Role::TargetMissed, year);
        cells.push(short.map_or(Cell::Empty, |cell| Cell::probability(cell.a.mean)));
        cells.push(short.map_or(Cell::Empty, |cell| Cell::probability(cell.b.mean)));
        Some(Row::new(cells))
    });
    let rows = rows.collect();
    Some(Table { caption: Caption::new(Text::new("Unserved, year by year", "逐年未获服务")), columns, rows })
}

/// Every metric that differs, mean difference of the district by year.
fn by_year(comparison: &Comparison, stage: &StageChange) -> Table {
    let mut columns = vec![Column::new(Text::new("District", "全区"))];
    columns.extend(calendar(comparison).map(|year| Column::new(Text::name(year.to_string()))));
    let row = stage.rows(comparison.areas.len()) - 1;
    let rows = stage.metrics.iter().filter(|m| row_differs(comparison, m, row)).map(|metric| {
        let mut cells = vec![Cell::Text(metric.label.clone())];
        cells.extend(
            calendar(comparison)
                .map(|year| comparison.at(metric, row, year).map_or(Cell::Empty, |d| difference(metric, d.mean))),
        );
        Row::new(cells)
    });
    let caption = Caption::new(Text::new("Every metric that differs: mean difference", "所有有差异的指标：平均差值"));
    Table { caption, columns, rows: rows.collect() }
}

/// One metric by area and year.
fn by_area(comparison: &Comparison, stage: &StageChange, role: Role, title: Text) -> Option<Table> {
    let areas = comparison.areas.len();
    let metric = stage.metric(role).filter(|_| stage.by_area && areas > 1)?;
    if !differs(comparison, stage, metric) {
        return None;
    }
    let mut columns = vec![Column::new(Text::new("Area", "街道"))];
    columns.extend(calendar(comparison).map(|year| Column::new(Text::name(year.to_string()))));
    let rows = (0..=areas).map(|row| {
        let label = comparison.areas.get(row).map_or_else(|| Text::new("District", "全区"), |area| area.1.clone());
        let mut cells = vec![Cell::Text(label)];
        cells.extend(
            calendar(comparison)
                .map(|year| comparison.at(metric, row, year).map_or(Cell::Empty, |d| difference(metric, d.mean))),
        );
        Row { cells, whole: row == areas }
    });
    Some(Table { caption: Caption::new(title), columns, rows: rows.collect() })
}

/// How a difference is written: that of a probability in points, others as the numbers they are.
fn difference(metric: &MetricChange, value: f64) -> Cell {
    match metric.scale {
        Scale::Flag => Cell::percent(value, 0),
        scale => cell_in(&metric.unit, scale, value),
    }
}
