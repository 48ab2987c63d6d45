//! What a scenario says of beds: keys, tables, and the way from them to the compiled model.

pub(crate) mod blocks;
pub(crate) mod extra_beds;
pub(crate) mod facilities;
pub(crate) mod intensive_units;
pub(crate) mod keys;
pub(crate) mod readmission;
pub(crate) mod tables;
pub(crate) mod terms;
pub(crate) mod tiers;
pub(crate) mod wards;
