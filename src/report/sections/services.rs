//! A section for each service: demand against places, what became of requests, where shortage is likely, the numbers.

use super::findings::{Findings, cell, headed};
use super::people::tile_map;
use super::{closed_form, lifetime, peaks, served_where, units};
use crate::language::Text;
use crate::metric::{Block as Stage, BlockId, PromiseLimit, Role};
use crate::report::document::{
    Block, Caption, Cell, Column, FanChart, HeatMap, HeatRow, Measure, Opening, Part, Row, Section, Shade, Stack, Table,
};
use crate::report::{number, sentences};
use crate::study::{applies, limits_broken};
use crate::text;

pub(super) fn sections(findings: Findings<'_>) -> Vec<Section> {
    let catalogue = &findings.plan.catalogue;
    let mut sections = Vec::new();
    for (kind, _) in &findings.plan.services {
        let mut blocks = Vec::new();
        let shown = |id: BlockId, stage: &Stage| {
            let said = if stage.promise.is_some() {
                applies(findings.plan, findings.results, findings.summary, id)
            } else {
                has_content(findings, id, stage)
            };
            stage.service == kind.name && said && !units::is_unit(catalogue, id)
        };
        let stages = catalogue.blocks().filter(|(id, stage)| shown(*id, stage));
        for (id, stage) in stages {
            blocks.push(Block::Heading(headed(&stage.stage_label)));
            if stage.promise.is_some() {
                blocks.extend(fan(findings, id, stage).map(Block::FanChart));
                blocks.extend(ends(findings, id, stage).map(Block::Stack));
                blocks.extend(risk_map(findings, id, stage));
                blocks.extend(heat(findings, id, stage).map(Block::HeatMap));
            }
            blocks.extend(peaks::table(findings, id).map(Block::Table));
            blocks.extend(lifetime::missed_intakes(findings, id).map(Block::Table));
            blocks.extend(lifetime::table(findings, id).map(Block::Reference));
            blocks.push(Block::Reference(by_year(findings, id, stage)));
            blocks.extend(by_area(findings, id, stage).map(Block::Reference));
            blocks.extend(served_where::table(findings, id, stage).map(Block::Reference));
        }
        blocks.extend(units::tables(findings, kind.name));
        blocks.extend(closed_form::table(findings, kind.name));
        sections.push(Section { key: kind.name.to_owned(), title: kind.label.clone(), blocks });
    }
    sections
}

/// Whether anything of a block is ever above nothing in the district.
fn has_content(findings: Findings<'_>, id: BlockId, stage: &Stage) -> bool {
    let district = findings.plan.catalogue.district(id);
    let ever = |metric: usize| {
        let mut years = findings.years().into_iter();
        years.any(|(year, _)| {
            findings.summary.at(findings.plan, id, metric, district, year).is_some_and(|s| s.mean.abs() > 0.0)
        })
    };
    (0..stage.metrics.len()).any(ever)
}

fn fan(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<FanChart> {
    let plan = findings.plan;
    let district = plan.catalogue.district(id);
    let load = load(stage)?;
    let places = plan.catalogue.metric(id, Role::Capacity)?;
    let label = |metric: usize| stage.metrics[metric].label.clone();
    let years = findings.years();
    let mut demand = Vec::new();
    let mut open = Vec::new();
    for (index, _) in &years {
        demand.push(findings.summary.at(plan, id, load, district, *index)?.quantiles);
        let places = findings.summary.at(plan, id, places, district, *index)?.quantiles;
        open.push([places[1], places[3], places[5]]);
    }
    let (demand_label, places_label) = (label(load), label(places));
    let (a, b, c, d) = (&demand_label.en, &places_label.en, &demand_label.zh, &places_label.zh);
    let mut chart = FanChart {
        caption: Caption::new(text!("{a} and: {b}", "{c}与{d}")),
        demand_label,
        places_label,
        measure: Measure::Count,
        years: years.iter().map(|(_, year)| *year).collect(),
        demand,
        places: open,
        openings: openings(findings, id),
    };
    chart.caption.takeaway = sentences::fan(&chart).map(|said| {
        // Those who ask may exceed the places; what is in use cannot, and hides those turned away.
        if stage.metrics[load].role == Role::Demand { said } else { sentences::bounded_by_places(&said) }
    });
    Some(chart)
}

/// What can be held against places: those who need one, or places in use where demand is a number of requests in a year.
fn load(stage: &Stage) -> Option<usize> {
    let of = |role: Role| stage.metrics.iter().position(|metric| metric.role == role);
    of(Role::Demand).filter(|demand| !stage.metrics[*demand].unit.per_year).or_else(|| of(Role::InUse))
}

fn openings(findings: Findings<'_>, id: BlockId) -> Vec<Opening> {
    let plan = findings.plan;
    let mut projects: Vec<_> =
        plan.catalogue.projects(id).iter().map(|&p| &plan.site.projects[p]).filter(|p| !p.left_out).collect();
    projects.sort_by(|a, b| a.opens.total_cmp(&b.opens));
    projects
        .into_iter()
        .map(|project| {
            let (year, month) = ((project.opens / 12.0) as i32, project.opens as u32 % 12 + 1);
            let when = number::month(year, month);
            let (a, b, c, d) = (&project.label.en, &when.en, &project.label.zh, &when.zh);
            Opening { year, label: text!("{a} (planned {b})", "{c}（计划 {d}）") }
        })
        .collect()
}

/// What becomes of those who ask: where the served were served, then every other end, where the stage tells them apart.
fn ends(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Stack> {
    let years = findings.years();
    let catalogue = &findings.plan.catalogue;
    let served = catalogue.metric(id, Role::Served)?;
    let served_label = stage.metrics[served].label.clone();
    let served = means(findings, id, served);
    let mut parts: Vec<Part> = Vec::new();
    let named = |metric: usize| (stage.metrics[metric].label.clone(), means(findings, id, metric));
    let rungs: Vec<(Text, Vec<f64>)> = catalogue.metrics_of(id, Role::ServedBy).map(named).collect();
    let elsewhere = |year: usize| rungs.iter().map(|(_, values)| values[year]).sum::<f64>();
    let own: Vec<f64> = served.iter().enumerate().map(|(year, served)| (served - elsewhere(year)).max(0.0)).collect();
    let own_label =
        if rungs.is_empty() { served_label } else { Text::new("Served in their own area", "在本街道获得服务") };
    let ends = [Role::Waiting, Role::Reneged, Role::Outside, Role::Unmet].into_iter().filter_map(|end| {
        let (label, values) = named(catalogue.metric(id, end)?);
        Some((label, values, end == Role::Unmet))
    });
    let all = std::iter::once((own_label, own, false))
        .chain(rungs.iter().cloned().map(|(label, values)| (label, values, false)))
        .chain(ends);
    for (label, values, unmet) in all {
        if unmet || values.iter().any(|value| *value >= 0.5) {
            parts.push(Part { label, values, unmet });
        }
    }
    let mut chart = Stack {
        caption: Caption::new(Text::new("Where people are served (means)", "就读（就医、服务）去向（均值）")),
        measure: Measure::Count,
        years: years.iter().map(|(_, year)| *year).collect(),
        parts,
    };
    chart.caption.takeaway = over_norm(findings, id).or_else(|| sentences::stack(&chart));
    (chart.parts.len() > 1).then_some(chart)
}

/// Means of the district by shown year.
fn means(findings: Findings<'_>, id: BlockId, metric: usize) -> Vec<f64> {
    findings.years().into_iter().map(|(year, _)| findings.mean(id, metric, year).unwrap_or(f64::NAN)).collect()
}

/// How many of those with a place sit above the norm, in the year with most of them: a rung that no place shows.
fn over_norm(findings: Findings<'_>, id: BlockId) -> Option<Text> {
    let of = |role: Role| findings.plan.catalogue.metric(id, role).map(|metric| means(findings, id, metric));
    let (above, seated) = (of(Role::OverNorm)?, of(Role::InUse)?);
    let years = findings.years();
    let most = (0..above.len()).fold(0, |most, year| if above[year] > above[most] { year } else { most });
    if above[most] < 0.5 {
        return None;
    }
    let (above, seated, year) = (number::whole(above[most]), number::whole(seated[most]), years[most].1);
    Some(text!(
        "In {year} {above} of {seated} pupils are above the standard class size: more than in any other year.",
        "{year} 年在校 {seated} 人中有 {above} 人超出标准班额，为各年最多。"
    ))
}

fn risk_caption() -> Caption {
    Caption::new(Text::new("Probability that the service target is missed", "不达标概率"))
}

/// Difference of probability between areas from which on a map says where.
const TELLS_AREAS_APART: f64 = 0.05;

fn risk_map(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Block> {
    if !stage.by_area {
        return None;
    }
    let risk = |row: usize, year: usize| findings.summary.shortage(findings.plan, id, row, year).unwrap_or(f64::NAN);
    let years = findings.years();
    let areas = findings.plan.catalogue.areas();
    // Areas that stand alike need no map.
    let spread = |(year, _): &(usize, i32)| {
        let of_areas = (0..areas).map(|row| risk(row, *year)).filter(|p| !p.is_nan());
        let (low, high) = of_areas.fold((1.0_f64, 0.0_f64), |(low, high), p| (low.min(p), high.max(p)));
        high - low
    };
    if years.iter().map(spread).fold(0.0, f64::max) < TELLS_AREAS_APART {
        return None;
    }
    // Open the map at the year with most shortage.
    let total = |year: usize| (0..areas).map(|row| risk(row, year)).filter(|p| !p.is_nan()).sum::<f64>();
    let sums: Vec<f64> = years.iter().map(|(index, _)| total(*index)).collect();
    let chosen = sums.iter().enumerate().fold(0, |best, (i, sum)| if *sum > sums[best] { i } else { best });
    tile_map(findings, risk, risk_caption(), Measure::Probability, Shade::Risk, chosen).map(Block::TileMap)
}

fn heat(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<HeatMap> {
    let areas = findings.plan.catalogue.areas();
    if !stage.by_area || areas < 2 {
        return None;
    }
    let years = findings.years();
    let mut rows: Vec<HeatRow> = (0..areas).map(|row| risks(findings, id, row)).collect();
    rows.extend(reasons(findings, id, stage));
    rows.push(risks(findings, id, areas));
    if rows.iter().flat_map(|row| &row.values).all(|p| number::probability(*p) == number::probability(0.0)) {
        return None;
    }
    let caption = Caption::new(Text::new(
        "Probability that the service target is missed, by area and year",
        "各街道各年不达标概率",
    ));
    let names = Text::new("Area", "街道");
    let mut map = HeatMap { caption, names, years: years.iter().map(|(_, year)| *year).collect(), rows };
    map.caption.takeaway = sentences::heat(&map);
    Some(map)
}

/// The probability of an area, or of the district, by shown year.
fn risks(findings: Findings<'_>, id: BlockId, row: usize) -> HeatRow {
    let of_year = |(year, _)| findings.summary.shortage(findings.plan, id, row, year).unwrap_or(f64::NAN);
    HeatRow {
        label: findings.row_label(row),
        values: findings.years().into_iter().map(of_year).collect(),
        whole: row == findings.plan.catalogue.areas(),
    }
}

/// The district's probability by reason, where its target limits several things: some may count for the whole only, and
/// then the district misses it more often than any area.
fn reasons(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Vec<HeatRow> {
    let Findings { plan, results, .. } = findings;
    let limits = stage.promise.as_ref().map_or(&[][..], |promise| &promise.limits);
    let district = plan.catalogue.district(id);
    let by_year: Vec<Vec<f64>> =
        findings.years().into_iter().map(|(year, _)| limits_broken(plan, results, id, district, year)).collect();
    let row = |(at, limit): (usize, &PromiseLimit)| {
        let (en, zh) = (&limit.broken.en, &limit.broken.zh);
        HeatRow {
            label: text!("District: {en}", "全区：{zh}"),
            values: by_year.iter().map(|year| year[at]).collect(),
            whole: true,
        }
    };
    if limits.len() < 2 { Vec::new() } else { limits.iter().enumerate().map(row).collect() }
}

fn by_year(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Table {
    let years = findings.years();
    let mut columns = vec![Column::new(Text::new("District", "全区"))];
    columns.extend(years.iter().map(|(_, year)| Column::new(Text::name(year.to_string()))));
    let rows = stage
        .metrics
        .iter()
        .enumerate()
        .filter_map(|(metric, def)| {
            let values: Vec<Option<f64>> = years.iter().map(|(year, _)| findings.mean(id, metric, *year)).collect();
            // A metric that is 0 throughout says nothing, unless it is what nobody wants to see.
            let says = values.iter().flatten().any(|v| *v != 0.0) || def.role == Role::Unmet;
            let mut cells = vec![Cell::Text(def.label.clone())];
            cells.extend(values.into_iter().map(|v| v.map_or(Cell::Empty, |v| cell(def.unit, v))));
            says.then(|| Row::new(cells))
        })
        .collect();
    Table {
        caption: Caption::new(Text::new("The district by year (means)", "全区逐年（均值）")), columns, rows
    }
}

/// Areas in the first, the worst and the last year.
fn by_area(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Table> {
    let plan = findings.plan;
    let areas = plan.catalogue.areas();
    if !stage.by_area || areas < 2 {
        return None;
    }
    let years = findings.years();
    let worst = findings.verdicts.iter().find(|v| v.block == id).map_or(plan.site.end, |v| v.worst_year.0);
    let mut chosen = vec![years[0].1, worst, years[years.len() - 1].1];
    chosen.dedup();
    let metrics: Vec<usize> =
        (0..stage.metrics.len()).filter(|metric| stage.metrics[*metric].is_shown_by_area()).collect();
    if metrics.is_empty() && stage.promise.is_none() {
        return None;
    }
    let mut columns = vec![Column::new(Text::new("Area", "街道"))];
    for year in &chosen {
        for &metric in &metrics {
            let label = &stage.metrics[metric].label;
            columns.push(Column::new(Text::owned(format!("{year} {}", label.en), format!("{year} {}", label.zh))));
        }
        if stage.promise.is_some() {
            let heading = text!("{year} target missed", "{year} 年不达标概率");
            columns.push(Column::new(heading).shade(Shade::Risk));
        }
    }
    let rows = (0..=areas).map(|row| {
        let mut cells = vec![Cell::Text(findings.row_label(row))];
        for year in &chosen {
            let index = (year - plan.site.start) as usize;
            for &metric in &metrics {
                let value = findings.summary.at(plan, id, metric, row, index);
                cells.push(value.map_or(Cell::Empty, |s| cell(stage.metrics[metric].unit, s.mean)));
            }
            if stage.promise.is_some() {
                let risk = findings.summary.shortage(plan, id, row, index);
                cells.push(risk.map_or(Cell::Empty, Cell::probability));
            }
        }
        Row { cells, whole: row == areas }
    });
    Some(Table {
        caption: Caption::new(Text::new("By area (means)", "各街道（均值）")), columns, rows: rows.collect()
    })
}
