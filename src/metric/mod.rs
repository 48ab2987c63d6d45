//! What a run measures, and how it is kept.
//!
//! Each service declares its metrics once, with [`metrics!`](crate::metrics): what a number is ([`Role`]), which way is better
//! ([`Better`]), its unit, how areas add, how it is worked out. The declaration gives the table that study and report read, and
//! the typed handles by which the service records. A [`Catalogue`] lays the tables of a scenario out in one array, and a
//! [`Record`] is one replication's values in it.
//!
//! A new metric is one declaration and the line that records it: what reports, comparisons and verdicts make of it follows from
//! its role.

mod catalogue;
mod cell_address;
mod definition;
mod handle;
mod ledger;
mod record;
pub mod unit;

pub use catalogue::{Block, BlockGroup, BlockId, Catalogue, MetricKey, Promise, PromiseLimit};
pub use cell_address::CellAddress;
pub use definition::{Better, Caution, District, Flows, MetricDef, Prominence, Role};
pub use handle::{Closed, Count, Handle, Ratio, Real, Recorded, Values};
pub use ledger::{Breach, Ledger, Rule};
pub use record::{Record, decode};
pub use unit::{Scale, Unit};
