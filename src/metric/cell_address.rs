//! Where one number of a run stands, by position.

use super::catalogue::BlockId;

/// One number of a run: a metric of a block, for an area or the district, in a reported year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellAddress {
    /// The block.
    pub block: BlockId,
    /// Position of the metric in its block.
    pub metric: usize,
    /// Position of the area, or of the district, which stands last.
    pub row: usize,
    /// Position of the reported year.
    pub year: usize,
}
