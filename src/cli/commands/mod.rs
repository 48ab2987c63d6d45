//! The commands: a file for each, with its options and the function that carries it out.
//!
//! To add one: a file here with `Options` and a function that carries it out, and a line in each `match` of
//! [`Command`](super::args::Command).

pub(super) mod appraise;
pub(super) mod backtest;
pub(super) mod calibrate;
pub(super) mod check;
pub(super) mod compare;
pub(super) mod explain;
pub(super) mod manual;
pub(super) mod merge;
pub(super) mod need;
pub(super) mod new;
pub(super) mod report;
pub(super) mod run;
pub(super) mod schema;
pub(super) mod score;
mod shard;
pub(super) mod upgrade;
