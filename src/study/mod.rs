//! What is made of results: summaries of every cell, verdicts, where the uncertainty comes from, how the run stands against
//! what was counted, and how plans differ.

mod analytic_reference;
pub mod appraisal;
pub mod comparison;
mod drivers;
mod gap;
mod lifetime;
mod missed_intakes;
mod observed;
mod peak;
mod per_unit;
mod precision;
mod reach;
mod run_summary;
mod sensitivity;
mod verdict;

pub use analytic_reference::{TheoryCheck, hold};
pub use drivers::DriverShare;
pub use gap::{Gap, gap};
pub use lifetime::{Lifetime, lifetimes};
pub use missed_intakes::{Intake, intakes};
pub use observed::{Compared, MetricScore, compare, scores_by_metric};
pub use peak::{Peak, peaks};
pub use per_unit::per_unit;
pub use precision::{error_of_share, largest_error};
pub use run_summary::RunSummary;
pub use sensitivity::{Headline, Influence, Swing, UNEXPLAINED, headlines};
pub use verdict::{AreaShortage, Verdict, VerdictLevel, applies, limits_broken, verdicts, verdicts_between};
