//! Two plans against each other: what would change, where, when, and how sure is that?
//!
//! Both sides are simulated under one seed. Replication `r` draws every parameter of the same key from the same stream
//! on both sides (common random numbers; Law 2015, section 11.2), so what they share cancels in the difference
//! `d_r = b_r - a_r` and its spread is that of the change itself. Summaries of `d` are those of any cell (means of pairs
//! of replications give the Monte Carlo standard error). The probability that B is better is the share of replications
//! in which `d` has the better sign; replications without a difference count for neither.
//!
//! A side of which only a summary is left cannot be paired: then means and quantiles stand side by side, the standard
//! error of the difference is that of independent runs, and no probability is stated.
//!
//! Stages, areas and metrics are matched by their keys and years by the calendar; verdicts are taken over the years both
//! sides have. What is only on one side is listed, not compared.

mod actuals;
mod best;
mod explain;
mod paired;
mod recorded;
mod side;

pub use actuals::{Actual, Actuals, Counted};
pub use best::{StageBest, StageTotal, best, totals};
pub use explain::{EXPLAINED, Headline, Step, headlines, step};
pub use paired::{
    AloneStage, Comparison, Difference, MetricChange, Paired, Reduction, StageChange, Unmatched, common_years, compare,
};
pub use recorded::{Address, Drift, Recorded, RecordedStage};
pub use side::{Side, Standing};
