//! civicap: do the planned places meet demand: where, when, and how sure are we?

pub mod calibration;
pub mod cli;
pub mod context;
pub mod diagnostic;
pub mod input;
pub mod language;
pub mod metric;
pub mod population;
pub mod queue;
pub mod random;
pub mod report;
pub mod run;
pub mod scenario;
pub mod services;
pub mod site;
pub mod study;
pub mod summary;
pub mod uncertainty;
pub mod vectors;
