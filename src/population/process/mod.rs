//! How the people change: one process in each file, and `year`, which lets them act in their order.
//!
//! [`life_table`], [`deaths`], [`births`], [`migration`], [`destinations`], [`housing`] and [`renewal`] say their laws;
//! [`exits`] lets those who go compete; [`hukou`] tells who of them is registered; `start` begins a replication.
//! `mean_projection` is the mean of it all without chance (of renewal, `mean_renewal`), which `alignment` holds against known totals
//! ([`control_totals`]). [`leslie`] is the same projection of one closed population, for textbook checks.

pub(super) mod alignment;
pub mod births;
pub mod control_totals;
pub mod deaths;
mod delay;
pub mod destinations;
pub mod exits;
pub mod housing;
pub mod hukou;
pub mod leslie;
pub mod life_table;
mod mean_projection;
mod mean_renewal;
pub mod migration;
pub(super) mod rates;
pub mod renewal;
mod start;
pub(super) mod year;
