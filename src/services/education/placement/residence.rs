//! Where children live and how far it is from there to the schools.
//!
//! Homes are communities, blocks or whole areas, with weights; children of an area live at them in proportion. The way from a
//! home to a facility is as the table of ways says (kilometres, or minutes on foot), or else as the crow flies between their
//! points.

use std::collections::BTreeMap;

use super::facility::Facility;
use super::location::Location;

/// Where children of an area live.
#[derive(Clone, Debug)]
pub(crate) struct ResidencePoint {
    /// Its key; empty if it has none.
    pub(crate) key: String,
    pub(crate) area: usize,
    /// Keys of the catchments that it lies in, one a stage at most.
    pub(crate) catchments: Vec<String>,
    /// Share of the area's children.
    pub(crate) share: f64,
    pub(crate) location: Option<Location>,
    /// Ways that the table of ways gives: rows of the table of facilities, and metres.
    pub(crate) told: BTreeMap<usize, f64>,
}

impl ResidencePoint {
    /// Metres to a facility: as the table of ways says, or as the crow flies; `None` where neither is known.
    pub(crate) fn metres(&self, facility: &Facility) -> Option<f64> {
        let told = self.told.get(&facility.row).copied();
        told.or_else(|| self.location.zip(facility.location).and_then(|(home, there)| home.metres(there)))
    }

    /// Whether the way to any of these facilities is known.
    pub(crate) fn knows_any(&self, facilities: &[Facility]) -> bool {
        facilities.iter().any(|facility| self.metres(facility).is_some())
    }
}
