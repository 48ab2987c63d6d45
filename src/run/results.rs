//! The values of all replications.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::packed_columns::Packed;
use crate::metric::{Catalogue, CellAddress, decode};

/// Replications that a run may have: a pair at least, and no more than are kept to be counted.
pub const REPLICATIONS: RangeInclusive<usize> = 2..=100_000;

/// Which numbers this program makes: to be raised with every change of the model or of a draw, so that shards that were made
/// by different states of it are not put together.
pub const REVISION: u32 = 3;

/// Replications of every later round.
pub(super) const ROUND: usize = 128;

/// Values by replication and cell, in the order of replications whatever thread made them.
#[derive(Clone, Debug)]
pub struct Results {
    rounds: Vec<Arc<Packed>>,
    cells: usize,
    replications: usize,
    seed: u64,
}

impl Results {
    /// No results yet.
    pub(super) const fn none(cells: usize, seed: u64) -> Self {
        Self { rounds: Vec::new(), cells, replications: 0, seed }
    }

    /// Adds the next replications, given row by row.
    pub(super) fn append(&mut self, rows: &[u32]) {
        self.take_over(Arc::new(Packed::new(rows, self.cells)));
    }

    /// Adds the next replications as they were packed before.
    pub(super) fn take_over(&mut self, round: Arc<Packed>) {
        self.replications += round.rows();
        self.rounds.push(round);
    }

    /// All values, replication by replication.
    pub fn by_replication(&self) -> Vec<u32> {
        let mut values = vec![0; self.cells * self.replications];
        for cell in 0..self.cells {
            for (row, value) in self.bits(cell).enumerate() {
                values[row * self.cells + cell] = value;
            }
        }
        values
    }

    /// The values, round by round.
    pub(super) fn rounds(&self) -> &[Arc<Packed>] {
        &self.rounds
    }

    /// Number of replications.
    pub const fn replications(&self) -> usize {
        self.replications
    }

    /// The seed they were drawn under.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Writes the values of one cell, by replication, into `column`: NaN where there is none.
    pub fn column(&self, catalogue: &Catalogue, at: CellAddress, column: &mut Vec<f64>) {
        let CellAddress { block, metric, row, year } = at;
        let values = catalogue.block(block).metrics[metric].values;
        let cell = catalogue.cell(block, metric, row, year);
        column.clear();
        if !catalogue.counts(block, metric) {
            column.resize(self.replications, f64::NAN);
            return;
        }
        column.extend(self.bits(cell).map(|bits| decode(values, bits)));
    }

    fn bits(&self, cell: usize) -> impl Iterator<Item = u32> {
        self.rounds.iter().flat_map(move |round| round.column(cell))
    }
}
