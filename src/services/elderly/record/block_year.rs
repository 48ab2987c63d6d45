//! Where a year of a service is written.

use crate::metric::BlockId;

/// A block in one reported year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockYear {
    pub block: BlockId,
    /// Reported year.
    pub year: usize,
    /// Share of demand that may go without.
    pub tolerated: f64,
    pub places_per_carer: Option<f64>,
}
