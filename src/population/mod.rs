//! People: who lives where, year by year.
//!
//! [`read`] compiles the section `[people]` into a [`PeopleModel`]; each thread keeps a [`PeopleState`], which opens a
//! replication and advances it one calendar year at a time; services see a [`view::YearView`].
//!
//! | room | what is there |
//! |---|---|
//! | `input` | what the section may say: keys, tables, the model made of them |
//! | [`process`] | how people are born, die, move and are housed; one process in each file, and the year that joins them |
//! | [`state`] | who is there at the beginning; cohorts and their accounts; who is registered |
//! | `kernel` | the hot loops: rows of cohorts in vector registers |
//!
//! The laws are in `method.md`; what people are measured by in `metrics.rs`; what planners are told in `messages.rs`.

pub mod calibration;
mod input;
mod kernel;
mod messages;
mod metrics;
mod model;
mod notes;
pub mod process;
mod record;
pub mod state;
pub mod view;

pub use input::keys::KEYS;
pub use input::section::{align, read};
pub use metrics::{LABEL, METRICS, SERVICE};
pub use model::{PeopleContext, PeopleModel};
pub use process::year::PeopleState;
pub use state::cohorts::Flows;

use crate::language::Text;

/// How the people are computed, in prose (Markdown).
pub const METHOD: Text = Text::new(include_str!("method.md"), include_str!("method.zh.md"));
