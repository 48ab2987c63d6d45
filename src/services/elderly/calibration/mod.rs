//! What places in use say of take-up: the table of use as a district counts it, and the fit.

pub mod occupancy;
mod take_up;

pub use take_up::{FittedTakeUp, take_up, take_up_fragment};
