//! The values of all replications.

use crate::metric::{BlockId, Catalogue, decode};

/// Values by replication and cell. Shape: `replications x cells`, in the order of replications whatever thread made them.
#[derive(Clone, Debug)]
pub struct Results {
    values: Vec<u32>,
    cells: usize,
    replications: usize,
    seed: u64,
}

impl Results {
    /// No results yet, with memory set aside for `replications`.
    pub(super) fn with_room(cells: usize, replications: usize, seed: u64) -> Self {
        Self { values: Vec::with_capacity(cells * replications), cells, replications: 0, seed }
    }

    /// Makes room up to replication `end` and returns the new rows.
    pub(super) fn extend_to(&mut self, end: usize) -> &mut [u32] {
        let from = self.values.len();
        self.values.resize(self.cells * end, 0);
        self.replications = end;
        &mut self.values[from..]
    }

    /// Results from the values of all replications in order.
    pub(super) fn of_values(values: Vec<u32>, cells: usize, replications: usize, seed: u64) -> Self {
        debug_assert_eq!(values.len(), cells * replications);
        Self { values, cells, replications, seed }
    }

    /// Values by replication and cell, as they are kept.
    pub(super) fn values(&self) -> &[u32] {
        &self.values
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
        column.extend((0..self.replications).map(|r| decode(values, self.values[r * self.cells + cell])));
    }
}
