//! The record of one replication: the services write it in any order, and closing it fills sums over areas and ratios.
//!
//! Values are kept in 32 bits: counts as whole numbers (exact to 4,294,967,295), the rest as `f32`.

use super::catalogue::{BlockId, Catalogue, ClosedRatio};
use super::definition::District;
use super::handle::{Handle, Recorded, Values};

/// The value that a cell's bits stand for.
#[inline]
pub fn decode(values: Values, bits: u32) -> f64 {
    match values {
        Values::Count => f64::from(bits),
        Values::Real => f64::from(f32::from_bits(bits)),
    }
}

/// The values of one replication, written by the services in any order.
#[derive(Debug)]
pub struct Record<'a> {
    catalogue: &'a Catalogue,
    cells: &'a mut [u32],
}

impl<'a> Record<'a> {
    /// A record over `cells`, which must be as many as the catalogue says; all are set to 0.
    pub fn new(catalogue: &'a Catalogue, cells: &'a mut [u32]) -> Self {
        assert_eq!(cells.len(), catalogue.cells(), "invariant: a record has the catalogue's cells");
        cells.fill(0);
        Self { catalogue, cells }
    }

    /// The row of the district in a block.
    pub fn district(&self, block: BlockId) -> usize {
        self.catalogue.district(block)
    }

    /// Writes a value: whole or real, as the metric is kept.
    #[inline]
    pub fn set<T: Recorded>(&mut self, block: BlockId, metric: Handle<T>, row: usize, year: usize, value: T) {
        debug_assert_eq!(self.catalogue.block(block).metrics[metric.position()].values, T::VALUES);
        self.cells[self.catalogue.cell(block, metric.position(), row, year)] = value.bits();
    }

    /// The value of a cell of a metric, given by its handle or position.
    pub fn get(&self, block: BlockId, metric: impl Into<usize>, row: usize, year: usize) -> f64 {
        let metric = metric.into();
        let values = self.catalogue.block(block).metrics[metric].values;
        decode(values, self.cells[self.catalogue.cell(block, metric, row, year)])
    }

    /// Fills the sums over areas and the ratios.
    pub fn close(&mut self) {
        for (id, _) in self.catalogue.blocks() {
            self.close_sums(id);
            self.close_ratios(id);
        }
    }

    fn close_sums(&mut self, id: BlockId) {
        let block = self.catalogue.block(id);
        for (metric, def) in block.metrics.iter().enumerate() {
            if def.district != District::Sum || !block.by_area {
                continue;
            }
            let (years, areas) = (self.catalogue.years(), self.catalogue.areas());
            let first = self.catalogue.cell(id, metric, 0, 0);
            let (rows, district) = self.cells[first..first + years * (areas + 1)].split_at_mut(years * areas);
            for (year, total) in district.iter_mut().enumerate() {
                let values = rows.iter().skip(year).step_by(years);
                *total = match def.values {
                    Values::Count => values.fold(0, |sum, count| sum.saturating_add(*count)),
                    Values::Real => (values.map(|bits| f64::from(f32::from_bits(*bits))).sum::<f64>() as f32).to_bits(),
                };
            }
        }
    }

    fn close_ratios(&mut self, id: BlockId) {
        let block = self.catalogue.block(id);
        for &ClosedRatio { metric, part, whole } in self.catalogue.ratios(id) {
            for row in 0..self.catalogue.rows(block.by_area) {
                for year in 0..self.catalogue.years() {
                    let whole = self.get(id, whole, row, year);
                    let share = if whole > 0.0 { self.get(id, part, row, year) / whole } else { f64::NAN };
                    self.cells[self.catalogue.cell(id, metric, row, year)] = share.bits();
                }
            }
        }
    }
}
