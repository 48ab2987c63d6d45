//! The values of all replications.

use std::sync::Arc;

use super::packed::Packed;
use crate::metric::{BlockId, Catalogue, decode};

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

    /// Writes the values of one cell, by replication, into `column`.
    pub fn column(&self, catalogue: &Catalogue, at: (BlockId, usize, usize, usize), column: &mut Vec<f64>) {
        let (block, metric, row, year) = at;
        let values = catalogue.block(block).metrics[metric].values;
        let cell = catalogue.cell(block, metric, row, year);
        column.clear();
        column.extend(self.bits(cell).map(|bits| decode(values, bits)));
    }

    fn bits(&self, cell: usize) -> impl Iterator<Item = u32> {
        self.rounds.iter().flat_map(move |round| round.column(cell))
    }
}
