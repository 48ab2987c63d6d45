//! A metric for one unit of a parameter: what it would be were the parameter 1.

use crate::metric::{BlockId, CellAddress, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::uncertainty::Parameter;

/// Mean over replications of a metric divided by the parameter's value on the same path, for a metric that is proportional to
/// it. Shape: area (without the district) x reported year; `None` when the block has no such metric.
pub fn per_unit(
    plan: &Plan,
    results: &Results,
    block: BlockId,
    role: Role,
    parameter: Parameter,
) -> Option<Vec<Vec<f64>>> {
    let metric = plan.catalogue.metric(block, role)?;
    let (areas, years, lead) = (plan.catalogue.areas(), plan.catalogue.years(), plan.site.lead_years());
    let mut draw = plan.parameters.blank();
    let paths = results.replications().div_ceil(2);
    let mut values = vec![0.0; paths * areas * years];
    for path in 0..paths {
        plan.parameters.draw(results.seed(), path as u32, &mut draw);
        for area in 0..areas {
            for year in 0..years {
                values[(path * areas + area) * years + year] = draw.at(parameter, lead + year, area);
            }
        }
    }
    let mut column = Vec::new();
    let mut of_cell = |area: usize, year: usize| {
        results.column(&plan.catalogue, CellAddress { block, metric, row: area, year }, &mut column);
        let (mut sum, mut count) = (0.0, 0.0);
        for (replication, value) in column.iter().enumerate() {
            let factor = values[(replication / 2 * areas + area) * years + year];
            if factor > 0.0 {
                (sum, count) = (sum + value / factor, count + 1.0);
            }
        }
        if count > 0.0 { sum / count } else { 0.0 }
    };
    Some((0..areas).map(|area| (0..years).map(|year| of_cell(area, year)).collect()).collect())
}
