//! What a scenario says of schools: keys, tables, and every check of them.

pub(crate) mod blocks;
pub(crate) mod catchments;
pub(crate) mod cohorts;
pub(crate) mod conversion;
pub(crate) mod demand;
pub(crate) mod facilities;
mod facility_row;
mod idle;
pub(crate) mod keys;
pub(crate) mod messages;
pub(crate) mod residence;
pub(crate) mod section;
pub(crate) mod stage_section;
pub(crate) mod through_schools;
