//! `summary.csv`: every statistic of a run as one long table, for people who take the numbers further.
//!
//! Columns: `service,stage,area,year,metric,unit,mean,sd,mcse,p05,p10,p25,p50,p75,p90,p95,prob`. The area `all` is the
//! district. `prob` is the probability of shortage, beside those who are not served. A cell without a value is empty.

use std::fmt::Write;

use crate::input::plain_cells::cell;
use crate::metric::{CellAddress, MetricDef, Role};
use crate::run::Results;
use crate::scenario::{ObservedSet, Plan};
use crate::study::{RunSummary, compare};

/// The heading of the table.
pub const HEADING: &str = "service,stage,area,year,metric,unit,mean,sd,mcse,p05,p10,p25,p50,p75,p90,p95,prob";

/// The cells that are shown, in the order of the table: block, metric, area with the district last, year.
pub(super) fn places(plan: &Plan) -> impl Iterator<Item = CellAddress> {
    let catalogue = &plan.catalogue;
    let shown = move |year: &usize| plan.site.start + *year as i32 >= plan.shown_from;
    catalogue.blocks().flat_map(move |(id, block)| {
        let rows = if block.by_area { catalogue.areas() + 1 } else { 1 };
        let metrics = 0..block.metrics.len();
        metrics.flat_map(move |metric| {
            (0..rows).flat_map(move |row| {
                let address = move |year| CellAddress { block: id, metric, row, year };
                (0..catalogue.years()).filter(shown).map(address)
            })
        })
    })
}

/// The names of a cell.
#[derive(Clone, Copy)]
pub(super) struct Names<'p> {
    pub service: &'p str,
    pub stage: &'p str,
    /// `all` for the district.
    pub area: &'p str,
    pub year: i32,
    pub metric: &'p MetricDef,
}

impl<'p> Names<'p> {
    pub(super) fn of(plan: &'p Plan, address: CellAddress) -> Self {
        let CellAddress { block: id, metric, row, year } = address;
        let block = plan.catalogue.block(id);
        Self {
            service: block.service,
            stage: &block.stage,
            area: if row == plan.catalogue.district(id) { "all" } else { plan.site.areas[row].id.as_str() },
            year: plan.site.start + year as i32,
            metric: &block.metrics[metric],
        }
    }
}

/// Probability of shortage beside those who are not served, where a promise is made.
pub(super) fn shortage(plan: &Plan, summary: &RunSummary, names: Names<'_>, at: CellAddress) -> Option<f64> {
    (names.metric.role == Role::Unmet).then_some(())?;
    summary.shortage(plan, at.block, at.row, at.year)
}

/// The whole table as CSV text.
pub fn summary_csv(plan: &Plan, summary: &RunSummary) -> String {
    let mut csv = String::with_capacity(plan.catalogue.cells() * 120);
    csv.push_str(HEADING);
    csv.push('\n');
    for place in places(plan) {
        write_row(&mut csv, plan, summary, place);
    }
    csv
}

/// `observed.csv`: what was counted beside what the run states, a row for each count. The rank is the share of
/// replications below the count; the error that of the median, relative to the count.
pub fn observed_csv(plan: &Plan, results: &Results, sets: &[ObservedSet]) -> String {
    let mut csv =
        "set,service,stage,area,year,metric,observed,p025,p10,p50,p90,p975,rank,error,crps,inside_80\n".to_owned();
    for set in sets {
        for compared in compare(plan, results, set) {
            let observed = compared.observation;
            let block = plan.catalogue.block(observed.block);
            let district = observed.row == plan.catalogue.district(observed.block);
            let area = if district { "all" } else { plan.site.areas[observed.row].id.as_str() };
            for name in [&set.id, block.service, &block.stage, area, &observed.when, block.metrics[observed.metric].id]
            {
                quote(&mut csv, name);
                csv.push(',');
            }
            let ([p10, p90], [p025, p975]) = (compared.interval, compared.wide);
            let error = compared.median / observed.value - 1.0;
            for value in [observed.value, p025, p10, compared.median, p90, p975, compared.rank, error, compared.crps] {
                number(&mut csv, value);
                csv.push(',');
            }
            csv.push_str(if compared.inside() { "1\n" } else { "0\n" });
        }
    }
    csv
}

fn write_row(csv: &mut String, plan: &Plan, summary: &RunSummary, place: CellAddress) {
    let names = Names::of(plan, place);
    for name in [names.service, names.stage, names.area] {
        quote(csv, name);
        csv.push(',');
    }
    let _ = write!(csv, "{},{},{}", names.year, names.metric.id, names.metric.unit.id);
    let CellAddress { block, metric, row, year } = place;
    match summary.at(plan, block, metric, row, year) {
        Some(statistic) => {
            for value in [statistic.mean, statistic.sd, statistic.mcse].into_iter().chain(statistic.quantiles) {
                csv.push(',');
                number(csv, value);
            }
        }
        None => csv.push_str(&",".repeat(10)),
    }
    csv.push(',');
    if let Some(probability) = shortage(plan, summary, names, place) {
        number(csv, probability);
    }
    csv.push('\n');
}

/// Names come from planners: quoted where CSV needs it.
pub(super) fn quote(csv: &mut String, name: &str) {
    csv.push_str(&cell(name));
}

/// Six digits after the point, without trailing zeros; nothing for an undefined number.
pub(super) fn number(csv: &mut String, value: f64) {
    if !value.is_finite() {
        return;
    }
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    csv.push_str(if text == "-0" { "0" } else { text });
}
