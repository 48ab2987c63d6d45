//! The facilities that fill their own beds, which results tell apart.
//!
//! A facility that fills its own beds (`pooling = "facility"`, or the only one with beds in a pool) is a hospital of the
//! results. Where a pool is filled by several, no patient of it lies in one of them rather than another, and none of these
//! is reported.

use crate::language::Text;
use crate::metric::BlockId;
use crate::services::health::input::tables::BedEntry;
use crate::services::health::model::{Component, Hospitals, NO_HOSPITAL};
use crate::services::health::tier::Tier;

/// A facility of a tier with beds of its own, not yet with a block.
#[derive(Clone, Debug)]
pub(crate) struct FacilityBeds {
    pub(crate) id: String,
    pub(crate) label: Text,
    tier: Tier,
    /// Its pools, as component and pool.
    pools: Vec<(usize, usize)>,
    /// Projects that open or close beds of it.
    pub(crate) projects: Vec<usize>,
    own: bool,
}

/// Finds the facilities that fill their own beds, lowest tier first, in the order of the table of beds. The rows of each
/// component are those of the table for its specialty, in the same order.
pub(crate) fn find(components: &[Component], supply: &[BedEntry]) -> Vec<FacilityBeds> {
    let mut found: Vec<FacilityBeds> = Vec::new();
    let same = |facility: &FacilityBeds, row: &BedEntry| facility.tier == row.tier && facility.id == row.facility;
    for row in supply {
        if !found.iter().any(|facility| same(facility, row)) {
            let (id, label) = (row.facility.clone(), row.label.clone());
            found.push(FacilityBeds { id, label, tier: row.tier, pools: Vec::new(), projects: Vec::new(), own: true });
        }
    }
    for (at, component) in components.iter().enumerate() {
        let rows = supply.iter().filter(|row| row.specialty == at).zip(&component.rows);
        for (row, beds) in rows.clone() {
            let pool = usize::from(beds.pool);
            let alone =
                rows.clone().all(|(other, beds)| usize::from(beds.pool) != pool || other.facility == row.facility);
            let Some(facility) = found.iter_mut().find(|facility| same(facility, row)) else { continue };
            facility.own &= alone;
            if !facility.pools.contains(&(at, pool)) {
                facility.pools.push((at, pool));
            }
            facility.projects.extend(beds.project.map(|(project, _)| project));
        }
    }
    found.retain(|facility| facility.own);
    found.sort_by_key(|facility| facility.tier);
    found
}

/// The hospitals with their blocks, in the order of `facilities`.
pub(crate) fn hospitals(facilities: &[FacilityBeds], blocks: Vec<BlockId>, components: &[Component]) -> Hospitals {
    let mut of_pool: Vec<Vec<u16>> = components.iter().map(|c| vec![NO_HOSPITAL; c.pools.len()]).collect();
    for (hospital, facility) in facilities.iter().enumerate() {
        for &(component, pool) in &facility.pools {
            of_pool[component][pool] = hospital as u16;
        }
    }
    Hospitals { blocks, of_pool }
}
