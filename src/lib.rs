//! civicap: do the planned places meet demand: where, when, and how sure are we?

pub mod diagnostic;
pub mod language;
pub mod random;
