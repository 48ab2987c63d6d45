//! What the section `[people]` says: its keys, its tables, and the model that is made of them.
//!
//! [`section`] reads it as a whole; every fault is noted in the words of [`super::messages`].

mod area_adjustments;
mod control_totals;
mod housing;
mod hukou_input;
mod idle;
pub(super) mod keys;
mod levels;
mod migration;
pub(super) mod section;
mod tables;
