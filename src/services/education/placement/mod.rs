//! Who gets which place: facilities and their capacity, and the rules by which children are placed.

pub(crate) mod allocation;
pub(crate) mod capacity;
pub(crate) mod catchments;
pub(crate) mod classroom_sharing;
pub(crate) mod facility;
pub(crate) mod gravity_choice;
pub(crate) mod location;
pub(crate) mod priority_groups;
pub(crate) mod priority_ladder;
pub(crate) mod reachability;
pub(crate) mod residence;
pub(crate) mod through_schools;
pub(crate) mod transport;
pub(crate) mod travel_distances;
