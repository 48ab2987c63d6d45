//! Builders of small worlds, one file for each room.

pub(crate) mod education;
