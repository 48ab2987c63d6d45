//! What is made of results: summaries of every cell, verdicts, where the uncertainty comes from, how the run stands against
//! what was counted, and how plans differ.

pub mod comparison;
mod drivers;
mod intake;
mod lifetime;
mod observed;
mod peak;
mod per_unit;
mod precision;
pub mod projects;
mod reach;
mod run_summary;
mod sensitivity;
mod theory;
mod verdict;

pub use drivers::DriverShare;
pub use intake::{Intake, intakes};
pub use lifetime::{Lifetime, lifetimes};
pub use observed::{Compared, MetricScore, compare, scores_by_metric};
pub use peak::{Peak, peaks};
pub use per_unit::per_unit;
pub use precision::largest_error;
pub use run_summary::RunSummary;
pub use sensitivity::{Headline, Influence, Swing, UNEXPLAINED, headlines};
pub use theory::{TheoryCheck, hold};
pub use verdict::{Verdict, VerdictLevel, verdicts, verdicts_between};
