//! The values of all replications.

use super::packed::Packed;
use crate::metric::{BlockId, Catalogue, decode};

/// Values by replication and cell, in the order of replications whatever thread made them.
#[derive(Clone, Debug)]
pub struct Results {
    rounds: Vec<Packed>,
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
        let round = Packed::new(rows, self.cells);
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

    /// Number of replications.
    pub const fn replications(&self) -> usize {
        self.replications
    }

    /// The seed they were drawn under.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Writes the values of one cell, by replication, into `column`: NaN where there is none.
    pub fn column(&self, catalogue: &Catalogue, at: (BlockId, usize, usize, usize), column: &mut Vec<f64>) {
        let (block, metric, row, year) = at;
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
