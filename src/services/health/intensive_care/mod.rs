//! Intensive care inside a stay: its units beside the wards, and what is counted of them.

pub(crate) mod count;
pub(crate) mod units;
