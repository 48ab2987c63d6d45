//! Reading what a planner wrote: TOML sections and CSV tables, with every fault collected and every number recorded.
//!
//! [`LoadSession`] gathers what one scenario's files contain: faults, parameters, the list of inputs for the report and the
//! hash of everything read. [`Section`] is a table of the file seen through its [`KeyDef`]s. Readers return `None` where
//! a fault was noted, and reading goes on, so that one pass finds every mistake.

mod common_mistakes;
pub mod condition;
mod csv_table;
mod display;
pub mod distributions;
pub mod file;
mod geojson;
mod inert_keys;
pub(crate) mod inert_uncertainty;
pub mod key;
mod load_session;
pub mod lookup;
mod messages;
mod names;
mod numbers;
pub(crate) mod plain_cells;
mod provenance;
mod read_table;
mod row_keys;
pub mod schema;
mod section;
mod section_files;
pub(crate) mod statistics_habits;
mod text_bounds;
mod uncertain;
pub mod units;
pub mod value;

pub(crate) use common_mistakes::nearest;
pub use csv_table::{Row, Sheet};
pub use geojson::{Outline, Outlines};
pub use key::{Column, Condition, KeyDef, Presence, RowKey, ValueKind};
pub use load_session::{InputEntry, LoadSession};
pub(crate) use messages::first_of;
pub use names::Names;
pub(crate) use read_table::read as read_table;
pub use read_table::{open_table, table_of_text};
pub use section::Section;
pub(crate) use section::{FORMULA, parse_month};
