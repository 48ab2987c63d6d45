//! The statistics of every cell of a run.

use rayon::prelude::*;

use crate::metric::{BlockId, CellAddress, MetricDef, MetricKey, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{Statistic, summarise};

/// What verdicts read.
const OF_VERDICTS: [Role; 6] =
    [Role::TargetMissed, Role::Unmet, Role::Utilisation, Role::Unstable, Role::Demand, Role::Capacity];

/// Statistics by cell; `None` where no replication has a value.
#[derive(Clone, Debug)]
pub struct RunSummary {
    statistics: Vec<Option<Statistic>>,
}

impl RunSummary {
    /// Summarises every cell. Each column is summed in replication order, so threads do not change a bit.
    pub fn new(plan: &Plan, results: &Results) -> Self {
        Self::of_metrics(plan, results, |_| true)
    }

    /// Summarises only what verdicts are made of: quick enough to look at a run that goes on.
    pub fn for_verdicts(plan: &Plan, results: &Results) -> Self {
        Self::of_metrics(plan, results, |metric| OF_VERDICTS.contains(&metric.role))
    }

    fn of_metrics(plan: &Plan, results: &Results, wanted: impl Fn(&MetricDef) -> bool) -> Self {
        let catalogue = &plan.catalogue;
        let mut addresses = Vec::with_capacity(catalogue.cells());
        for (block, def) in catalogue.blocks() {
            let rows = if def.by_area { catalogue.areas() + 1 } else { 1 };
            for (metric, _) in def.metrics.iter().enumerate().filter(|(_, metric)| wanted(metric)) {
                for row in 0..rows {
                    addresses.extend((0..catalogue.years()).map(|year| CellAddress { block, metric, row, year }));
                }
            }
        }
        let mut statistics = vec![None; catalogue.cells()];
        let summarised: Vec<_> = addresses
            .into_par_iter()
            .map_init(
                || (Vec::new(), Vec::new()),
                |(column, sorted), address| {
                    results.column(catalogue, address, column);
                    let CellAddress { block, metric, row, year } = address;
                    (catalogue.cell(block, metric, row, year), summarise(column, sorted))
                },
            )
            .collect();
        for (cell, statistic) in summarised {
            statistics[cell] = statistic;
        }
        Self { statistics }
    }

    /// The statistic of a metric (by position), area row and reported year.
    pub fn at(&self, plan: &Plan, block: BlockId, metric: usize, row: usize, year: usize) -> Option<Statistic> {
        self.statistics[plan.catalogue.cell(block, metric, row, year)]
    }

    /// The statistic of a metric by its role; `None` also when the block has no such metric.
    pub fn of(&self, plan: &Plan, block: BlockId, key: impl MetricKey, row: usize, year: usize) -> Option<Statistic> {
        plan.catalogue.metric(block, key).and_then(|metric| self.at(plan, block, metric, row, year))
    }

    /// Probability that the promise of a block is broken in an area row and reported year.
    pub fn shortage(&self, plan: &Plan, block: BlockId, row: usize, year: usize) -> Option<f64> {
        self.of(plan, block, Role::TargetMissed, row, year).map(|s| s.mean)
    }
}
