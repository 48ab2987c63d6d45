//! The services: each one folder and one line of the [`ROSTER`].

pub mod education;
pub mod elderly;
pub mod handover;
pub mod health;
pub mod service;

use service::Kind;

/// Every service civicap knows, in the order of reports.
pub static ROSTER: &[&Kind] = &[&education::KIND, &health::KIND, &elderly::KIND];
