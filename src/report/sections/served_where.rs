//! Where the people of each area are served: in their own area, by which rung of the search for a place, outside.

use super::findings::Findings;
use crate::language::Text;
use crate::metric::{Block as Stage, BlockId, Role};
use crate::report::document::{Caption, Cell, Column, Row, Table};
use crate::text;

/// A column of the table: what is added and what is taken off, by position of metrics.
struct Part {
    label: Text,
    all: Vec<usize>,
    less: Vec<usize>,
}

/// Shares of demand by the area people live in and the rung that served them, in the last year (ratios of means); `None` for
/// a stage that does not tell.
pub(super) fn table(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Table> {
    let (plan, areas) = (findings.plan, findings.plan.catalogue.areas());
    if !stage.by_area || areas < 2 {
        return None;
    }
    let demand = plan.catalogue.metric(id, Role::Demand)?;
    let parts = parts(findings, id, stage)?;
    let (index, year) = *findings.years().last()?;
    let share = |part: &Part, row: usize| {
        let mean = |metric: &usize| findings.summary.at(plan, id, *metric, row, index).map_or(0.0, |s| s.mean);
        let whole = mean(&demand);
        let people = part.all.iter().map(mean).sum::<f64>() - part.less.iter().map(mean).sum::<f64>();
        (whole > 0.0).then_some(people / whole)
    };
    let rows = (0..=areas).map(|row| {
        let asked = findings.summary.at(plan, id, demand, row, index).map_or(Cell::Empty, |s| Cell::count(s.mean));
        let shares = parts.iter().map(|part| share(part, row).map_or(Cell::Empty, |share| Cell::percent(share, 1)));
        let cells = [Cell::Text(findings.row_label(row)), asked].into_iter().chain(shares).collect();
        Row { cells, whole: row == areas }
    });
    let heads = [Text::new("Area of residence", "居住街道"), Text::new("Demand", "需求")];
    let columns = heads.into_iter().chain(parts.iter().map(|part| part.label.clone())).map(Column::new).collect();
    let caption =
        text!("Where people are served, {year} (shares of demand)", "{year} 年居民在何处得到服务（占需求的比例）");
    Some(Table { caption: Caption::new(caption), rows: rows.collect(), columns })
}

/// The rungs, each split where it says what part of it another area served; before them those whom no rung served, after
/// them those who were not served in the district.
fn parts(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Vec<Part>> {
    let catalogue = &findings.plan.catalogue;
    let (demand, served) = (catalogue.metric(id, Role::Demand)?, catalogue.metric(id, Role::Served)?);
    let rungs: Vec<usize> = catalogue.metrics_of(id, Role::ServedBy).collect();
    if rungs.is_empty() {
        return None;
    }
    let label = |metric: usize| stage.metrics[metric].label.clone();
    let own = Text::new("Served in their own area", "在本街道获得服务");
    let mut parts = vec![Part { label: own, all: vec![served], less: rungs.clone() }];
    for rung in rungs {
        let inside: Vec<usize> =
            (0..stage.metrics.len()).filter(|metric| stage.metrics[*metric].part_of == Some(rung)).collect();
        if inside.is_empty() {
            parts.push(Part { label: label(rung), all: vec![rung], less: Vec::new() });
            continue;
        }
        let Text { en, zh } = label(rung);
        let rest = text!("{en}, their own", "{zh}（本街道）");
        parts.push(Part { label: rest, all: vec![rung], less: inside.clone() });
        parts.extend(inside.into_iter().map(|metric| Part {
            label: label(metric),
            all: vec![metric],
            less: Vec::new(),
        }));
    }
    let outside = catalogue.metric(id, Role::Outside);
    parts.extend(outside.map(|metric| Part { label: label(metric), all: vec![metric], less: Vec::new() }));
    let rest = [served].into_iter().chain(outside).collect();
    parts.push(Part { label: Text::new("Waiting or unmet", "等候或未满足"), all: vec![demand], less: rest });
    Some(parts)
}
