//! What a year's results hold: tiers and wards, units, hospitals, midnights.

pub(crate) mod hospitals;
pub(crate) mod midnight_census;
pub(crate) mod units;
pub(crate) mod year_count;
