//! People: who lives where, year by year.
//!
//! [`read`] compiles the section `[people]` into a [`PeopleModel`]; each thread keeps a [`PeopleState`], which opens a
//! replication and advances it one calendar year at a time; services see a [`view::YearView`]. The laws are in
//! `method.md`, one process in each file: [`lifetable`], [`mortality`], [`fertility`], [`migration`], [`destinations`], [`housing`], [`renewal`], [`known`],
//! [`exits`], [`registration`] and [`registered`], and [`ages`] for the tables. [`leslie`] is the same projection without chance, for textbook checks.

pub mod ages;
mod cohorts;
pub mod destinations;
mod draws;
pub mod exits;
mod expected;
pub mod fertility;
mod fisher;
pub mod housing;
pub mod known;
pub mod leslie;
pub mod lifetable;
mod metrics;
pub mod migration;
mod model;
pub mod mortality;
mod opening;
mod reading;
mod reading_moves;
pub mod registered;
pub mod registration;
pub mod renewal;
mod rows;
mod spec;
mod tables;
pub mod view;
mod year;

pub use metrics::{LABEL, METRICS, SERVICE};
pub use model::{PeopleContext, PeopleModel};
pub use reading::{align, read};
pub use spec::KEYS;
pub use year::{Flows, PeopleState};

use crate::language::Text;

/// How the people are computed, in prose (Markdown).
pub const METHOD: Text = Text::new(include_str!("method.md"), include_str!("method.zh.md"));
