//! Calibration: what two or more counts of a place teach about births, migration and their uncertainty.
//!
//! ```text
//! counts by sex and age ([`Counts`])  +  death rates, age patterns of births and of leaving ([`Schedules`])
//!   -> cohorts survived from one count to the next, beside those counted     ([`estimate`])
//!   -> births per woman, net migration by age, spreads between areas
//!   -> a piece of a scenario ([`Fragment`]), which `civicap backtest people` runs and scores
//! ```
//!
//! Counts tell the balance of migration, not who came and who left: gross rates are those of the schedules, and arrivals are
//! what the balance needs on top. One interval between two counts cannot tell a lasting difference from one that walks, nor what was
//! common to all areas; [`Spreads`] says what is assumed.

mod age_groups;
mod counts;
mod estimate;
mod estimated;
mod fragment;
mod naive;
mod pair;
mod projection;
mod spreads;
mod strays;

pub use age_groups::{Ages, GROUPS};
pub use counts::{COLUMNS, Counts, read_counts};
pub use estimate::estimate;
pub use estimated::Estimate;
pub use fragment::{File, Fragment};
pub use naive::{Naive, NaiveRatios};
pub use pair::Pair;
pub use projection::Schedules;
pub use spreads::Spreads;
