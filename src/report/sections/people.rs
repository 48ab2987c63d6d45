//! The people: how many, how old, where.

use super::findings::{DISTRICT, Findings};
use crate::language::Text;
use crate::metric::{BlockId, District, MetricDef, Prominence, Role};
use crate::population::SERVICE;
use crate::report::document::{
    Block, Caption, Cell, Column, FanChart, Frame, Measure, Moment, Pyramid, Row, Section, Shade, Table, Tile, TileMap,
};
use crate::report::sentences;
use crate::site::Area;
use crate::text;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    let plan = findings.plan;
    let of_people = || plan.catalogue.blocks().filter(|(_, block)| block.service == SERVICE);
    let title = of_people().next().map(|(_, block)| block.service_label.clone())?;
    // Pictures first: how many, how old, where; tables to look things up in come last.
    let mut blocks = Vec::new();
    let mut tables = Vec::new();
    for (id, block) in of_people() {
        if block.by_area {
            let drawn = shown(findings, id, Prominence::Drawn).into_iter();
            blocks.extend(drawn.filter_map(|metric| fan(findings, id, metric)).map(Block::FanChart));
            blocks.extend(map(findings, id).map(Block::TileMap));
            tables.push(Block::Reference(by_year(findings, id)));
            tables.extend(by_area(findings, id).map(Block::Reference));
        } else {
            blocks.extend(pyramid(findings, id).map(Block::Pyramid));
        }
    }
    blocks.append(&mut tables);
    Some(Section { key: SERVICE.to_owned(), title, blocks })
}

/// The metrics of a block that a report makes at least so much of.
fn shown(findings: Findings<'_>, id: BlockId, prominence: Prominence) -> Vec<usize> {
    let metrics = findings.plan.catalogue.block(id).metrics.iter().enumerate();
    metrics.filter(|(_, metric)| metric.prominence >= prominence).map(|(at, _)| at).collect()
}

/// One number of the district with its uncertainty, by year.
fn fan(findings: Findings<'_>, id: BlockId, at: usize) -> Option<FanChart> {
    let plan = findings.plan;
    let district = plan.catalogue.district(id);
    let years = findings.years();
    let quantiles = |year: usize| findings.summary.at(plan, id, at, district, year).map(|s| s.quantiles);
    let label = plan.catalogue.block(id).metrics[at].label.clone();
    let mut chart = FanChart {
        caption: Caption::new(Text::owned(sentences::capital(&label.en), label.zh.to_string()))
            .unit(Text::new("persons", "人")),
        demand_label: label,
        places_label: Text::new("places", "位数"),
        measure: Measure::Count,
        years: years.iter().map(|(_, year)| *year).collect(),
        demand: years.iter().map(|(year, _)| quantiles(*year)).collect::<Option<_>>()?,
        places: Vec::new(),
        openings: Vec::new(),
    };
    chart.caption.takeaway = sentences::fan(&chart);
    Some(chart)
}

/// Every metric of the district by year, median with the 80 % interval in the last year.
fn by_year(findings: Findings<'_>, id: BlockId) -> Table {
    let plan = findings.plan;
    let district = plan.catalogue.district(id);
    let years = findings.years();
    let mut columns = vec![Column::new(Text::new("District", "全区"))];
    columns.extend(years.iter().map(|(_, year)| Column::new(Text::name(year.to_string()))));
    columns.push(Column::new(Text::new("10% in the last year", "末年 10% 分位")));
    columns.push(Column::new(Text::new("90% in the last year", "末年 90% 分位")));
    let rows = plan.catalogue.block(id).metrics.iter().enumerate().map(|(metric, def)| {
        let mut cells = vec![Cell::Text(def.label.clone())];
        let at = |year: usize| findings.summary.at(plan, id, metric, district, year);
        cells.extend(years.iter().map(|(index, _)| at(*index).map_or(Cell::Empty, |s| number(def, s.mean))));
        let last = years.last().and_then(|(index, _)| at(*index));
        for quantile in [1, 5] {
            cells.push(last.map_or(Cell::Empty, |s| number(def, s.quantiles[quantile])));
        }
        Row::new(cells)
    });
    let Text { en, zh } = &plan.catalogue.block(id).stage_label;
    let title = text!("People of the district by year: {en} (means)", "全区人口：{zh}（均值）");
    let caption = Caption::new(title);
    Table { caption: caption.unit(Text::new("persons", "人")), columns, rows: rows.collect() }
}

/// People, or a share of them.
fn number(def: &MetricDef, value: f64) -> Cell {
    if matches!(def.district, District::Ratio { .. }) { Cell::percent(value, 1) } else { Cell::count(value) }
}

/// Residents now and at the end, by area; `None` for a block that has none of what is shown.
fn by_area(findings: Findings<'_>, id: BlockId) -> Option<Table> {
    let plan = findings.plan;
    let years = findings.years();
    let (first, last) = (years[0], years[years.len() - 1]);
    let mut columns = vec![Column::new(Text::new("Area", "街道"))];
    let metrics = shown(findings, id, Prominence::ByArea);
    if metrics.is_empty() {
        return None;
    }
    for &metric in &metrics {
        let label = &plan.catalogue.block(id).metrics[metric].label;
        for (_, year) in [first, last] {
            let heading = Text::owned(format!("{} {year}", label.en), format!("{} {year}", label.zh));
            columns.push(Column::new(heading).shade(Shade::Plain));
        }
    }
    let rows = (0..=plan.catalogue.areas()).map(|row| {
        let mut cells = vec![Cell::Text(findings.row_label(row))];
        for &metric in &metrics {
            for (index, _) in [first, last] {
                let value = findings.summary.at(plan, id, metric, row, index);
                let def = &plan.catalogue.block(id).metrics[metric];
                cells.push(value.map_or(Cell::Empty, |s| number(def, s.mean)));
            }
        }
        Row { cells, whole: row == plan.catalogue.areas() }
    });
    let Text { en, zh } = &plan.catalogue.block(id).stage_label;
    let caption = Caption::new(text!(
        "People by area, first and last year (means): {en}",
        "各街道人口，首年与末年（均值）：{zh}"
    ));
    Some(Table { caption: caption.unit(Text::new("persons", "人")), columns, rows: rows.collect() })
}

fn map(findings: Findings<'_>, id: BlockId) -> Option<TileMap> {
    let metric = findings.plan.catalogue.metric(id, Role::Population)?;
    tile_map(
        findings,
        |row, year| findings.summary.at(findings.plan, id, metric, row, year).map_or(f64::NAN, |s| s.mean),
        Caption::new(Text::new("Residents by area", "各街道常住人口")).unit(Text::new("persons", "人")),
        Measure::Count,
        Shade::Amount,
        0,
    )
}

/// A map with a frame for each shown year; `None` when the areas have no places on it.
pub(super) fn tile_map(
    findings: Findings<'_>,
    value: impl Fn(usize, usize) -> f64,
    caption: Caption,
    measure: Measure,
    shade: Shade,
    chosen: usize,
) -> Option<TileMap> {
    let areas = &findings.plan.site.areas;
    if areas.len() < 2 {
        return None;
    }
    let outlines = findings.plan.site.map.clone();
    // Outlines need no place on the schematic map.
    let place = |area: &Area| area.tile.or_else(|| outlines.as_ref().map(|_| (0, 0)));
    let tiles = areas
        .iter()
        .map(|area| place(area).map(|(column, row)| Tile { label: area.label.clone(), column, row }))
        .collect::<Option<Vec<_>>>()?;
    let frames = findings
        .years()
        .into_iter()
        .map(|(index, year)| Frame {
            label: Text::name(year.to_string()),
            values: (0..areas.len()).map(|row| value(row, index)).collect(),
        })
        .collect();
    Some(TileMap { caption, measure, shade, tiles, outlines, frames, chosen })
}

/// The pyramid of the first and the last year.
fn pyramid(findings: Findings<'_>, id: BlockId) -> Option<Pyramid> {
    let plan = findings.plan;
    let metrics = plan.catalogue.block(id).metrics;
    let of = |role: Role| -> Vec<usize> { plan.catalogue.metrics_of(id, role).collect() };
    let (men, women) = (of(Role::Men), of(Role::Women));
    let ages = |metric: &usize| metrics[*metric].id.rsplit('_').next().unwrap_or_default().replace('-', "–");
    if men.is_empty() || men.len() != women.len() {
        return None;
    }
    let years = findings.years();
    let moments = [years[0], years[years.len() - 1]].map(|(index, year)| {
        let mean = |list: &[usize]| {
            list.iter().map(|metric| findings.summary.at(plan, id, *metric, 0, index).map_or(0.0, |s| s.mean)).collect()
        };
        Moment { label: Text::name(year.to_string()), men: mean(&men), women: mean(&women) }
    });
    let title = Text::owned(format!("{}: ages and sexes", DISTRICT.en), format!("{}年龄性别结构", DISTRICT.zh));
    Some(Pyramid {
        caption: Caption::new(title).unit(Text::new("persons", "人")),
        ages: men.iter().map(ages).collect(),
        moments: moments.into(),
    })
}
