//! The values of all replications.

use super::packed_columns::Packed;
use crate::metric::{Catalogue, CellAddress, decode};

/// Which numbers this program makes: to be raised with every change of the model or of a draw, so that shards that were made
/// by different states of it are not put together.
pub const REVISION: u32 = 2;

/// Replications of every later round.
pub(super) const ROUND: usize = 128;

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

    /// Writes the values of one cell, by replication, into `column`.
    pub fn column(&self, catalogue: &Catalogue, at: CellAddress, column: &mut Vec<f64>) {
        let CellAddress { block, metric, row, year } = at;
        let values = catalogue.block(block).metrics[metric].values;
        let cell = catalogue.cell(block, metric, row, year);
        column.clear();
        column.extend(self.bits(cell).map(|bits| decode(values, bits)));
    }

    fn bits(&self, cell: usize) -> impl Iterator<Item = u32> {
        self.rounds.iter().flat_map(move |round| round.column(cell))
    }
}
