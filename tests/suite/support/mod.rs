//! Builders for the suites: each room has its own.

pub(crate) mod education;
pub(crate) mod elderly;
pub(crate) mod files;
pub(crate) mod health;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod replay;
