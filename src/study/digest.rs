//! The statistics of every cell of a run.

use rayon::prelude::*;

use crate::metric::{BlockId, SHORT};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{Statistic, summarise};

/// Statistics by cell; `None` where no replication has a value.
#[derive(Clone, Debug)]
pub struct Digest {
    statistics: Vec<Option<Statistic>>,
}

impl Digest {
    /// Summarises every cell. Each column is summed in replication order, so threads do not change a bit.
    pub fn new(plan: &Plan, results: &Results) -> Self {
        let catalogue = &plan.catalogue;
        let mut addresses = Vec::with_capacity(catalogue.cells());
        for (block, def) in catalogue.blocks() {
            let rows = if def.by_area { catalogue.areas() + 1 } else { 1 };
            for metric in 0..def.metrics.len() {
                for row in 0..rows {
                    addresses.extend((0..catalogue.years()).map(|year| (block, metric, row, year)));
                }
            }
        }
        let statistics = addresses
            .into_par_iter()
            .map_init(
                || (Vec::new(), Vec::new()),
                |(column, sorted), address| {
                    results.column(catalogue, address, column);
                    summarise(column, sorted)
                },
            )
            .collect();
        Self { statistics }
    }

    /// The statistic of a metric (by position), area row and reported year.
    pub fn at(&self, plan: &Plan, block: BlockId, metric: usize, row: usize, year: usize) -> Option<Statistic> {
        self.statistics[plan.catalogue.cell(block, metric, row, year)]
    }

    /// The statistic of a metric by its id; `None` also when the block has no such metric.
    pub fn of(&self, plan: &Plan, block: BlockId, metric: &str, row: usize, year: usize) -> Option<Statistic> {
        plan.catalogue.metric(block, metric).and_then(|metric| self.at(plan, block, metric, row, year))
    }

    /// Probability that the promise of a block is broken in an area row and reported year.
    pub fn shortage(&self, plan: &Plan, block: BlockId, row: usize, year: usize) -> Option<f64> {
        self.of(plan, block, SHORT, row, year).map(|s| s.mean)
    }
}
