//! The services: each one folder and one line of the [`ROSTER`].

pub mod education;
pub mod elderly;
pub mod health;
pub mod service;
pub mod service_signals;

use service::ServiceKind;

/// Every service civicap knows, in the order of reports.
pub static ROSTER: &[&ServiceKind] = &[&education::KIND, &health::KIND, &elderly::KIND];
