//! Where the people of each area are served: at the station, in their own centre, in another's, at district level, outside.

use super::Findings;
use crate::language::Text;
use crate::metric::{Block as Stage, BlockId};
use crate::report::document::{Caption, Cell, Column, Row, Table};
use crate::text;

/// The metrics of a stage that says by level who served the people of an area.
const METRICS: [&str; 6] =
    ["demand", "served_station", "served_subdistrict", "served_neighbour", "served_district", "outside"];

/// Shares of demand by the area people live in and the level that served them, in the last year (ratios of means); `None` for
/// a stage that does not tell.
pub(super) fn table(findings: Findings<'_>, id: BlockId, stage: &Stage) -> Option<Table> {
    let (plan, areas) = (findings.plan, findings.plan.catalogue.areas());
    if !stage.by_area || areas < 2 {
        return None;
    }
    let metrics = METRICS.map(|metric| plan.catalogue.metric(id, metric));
    let metrics: Vec<usize> = metrics.into_iter().collect::<Option<_>>()?;
    let (index, year) = *findings.years().last()?;
    let columns = [
        Text::new("Area of residence", "居住街道"),
        Text::new("Demand", "需求"),
        Text::new("Station", "社区站点"),
        Text::new("Own centre", "本街道中心"),
        Text::new("Another's centre", "其他街道中心"),
        Text::new("District", "区级"),
        Text::new("Outside", "区外"),
        Text::new("Waiting or unmet", "等候或未满足"),
    ];
    let rows = (0..=areas).map(|row| {
        let mean = |metric: usize| findings.digest.at(plan, id, metrics[metric], row, index).map_or(0.0, |s| s.mean);
        let [demand, station, centres, other, district, outside] = std::array::from_fn(mean);
        let own = centres - other;
        let share = |people: f64| if demand > 0.0 { Cell::percent(people / demand, 1) } else { Cell::Empty };
        let not_served = demand - station - centres - district - outside;
        let parts = [station, own, other, district, outside, not_served].map(share);
        let cells = [Cell::Text(findings.row_label(row)), Cell::count(demand)].into_iter().chain(parts).collect();
        Row { cells, whole: row == areas }
    });
    let caption =
        text!("Where people are served, {year} (shares of demand)", "{year} 年居民在何处得到服务（占需求的比例）");
    Some(Table { caption: Caption::new(caption), rows: rows.collect(), columns: columns.map(Column::new).into() })
}
