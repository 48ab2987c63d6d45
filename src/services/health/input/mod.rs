//! What a scenario says of beds: keys, tables, and the way from them to the compiled model.

mod beds;
mod blocks;
mod components;
mod discharge_keys;
mod extra_beds;
mod facilities;
mod families;
mod growth;
mod intensive_units;
pub(crate) mod keys;
mod note;
mod opening;
mod rates;
mod readmission;
pub(crate) mod section;
mod specialties;
mod tables;
mod terms;
mod tiers;
mod ward_keys;
mod wards;
