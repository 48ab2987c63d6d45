//! What is known of the people: who is there at the beginning, and who comes and goes in a year.

pub mod ages;
pub mod area_names;
pub(super) mod base_population;
pub mod cohorts;
pub mod hukou_state;
