//! The facilities that fill their own beds, which results tell apart.
//!
//! A facility that fills its own beds (`pooling = "facility"`, or the only one with beds in a pool) is a hospital of the
//! results. Where a pool is filled by several, no patient of it lies in one of them rather than another, and none of these
//! is reported.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::Text;
use crate::metric::BlockId;
use crate::services::health::input::beds::BedEntry;
use crate::services::health::model::{Component, Hospitals, NO_HOSPITAL};
use crate::services::health::tier::Tier;

/// A facility of a tier with beds of its own, not yet with a block.
#[derive(Clone, Debug)]
pub(crate) struct FacilityBeds {
    pub(crate) id: String,
    pub(crate) label: Text,
    /// Its pools, as component and pool.
    pools: BTreeSet<(usize, usize)>,
    /// Projects that open or close beds of it.
    pub(crate) projects: Vec<usize>,
    own: bool,
}

/// Finds the facilities that fill their own beds, lowest tier first, by their keys. The rows of each component are those of
/// the table for its specialty, in the same order.
pub(crate) fn find(components: &[Component], entries: &[BedEntry]) -> Vec<FacilityBeds> {
    let mut found: BTreeMap<(Tier, &str), FacilityBeds> = BTreeMap::new();
    for entry in entries {
        found.entry((entry.tier, &entry.facility)).or_insert_with(|| FacilityBeds {
            id: entry.facility.clone(),
            label: entry.label.clone(),
            pools: BTreeSet::new(),
            projects: Vec::new(),
            own: true,
        });
    }
    let mut of_specialty: Vec<Vec<&BedEntry>> = vec![Vec::new(); components.len()];
    entries.iter().for_each(|entry| of_specialty[entry.specialty].push(entry));
    for (at, component) in components.iter().enumerate() {
        let rows = || of_specialty[at].iter().copied().zip(&component.rows);
        let mut owner: Vec<Option<&str>> = vec![None; component.pools.len()];
        let mut shared = vec![false; component.pools.len()];
        for (entry, beds) in rows() {
            let pool = usize::from(beds.pool);
            shared[pool] |= owner[pool].is_some_and(|owner| owner != entry.facility);
            owner[pool] = Some(&entry.facility);
        }
        for (entry, beds) in rows() {
            let Some(facility) = found.get_mut(&(entry.tier, entry.facility.as_str())) else { continue };
            let pool = usize::from(beds.pool);
            facility.own &= !shared[pool];
            facility.pools.insert((at, pool));
            facility.projects.extend(beds.schedule.projects());
        }
    }
    found.into_values().filter(|facility| facility.own).collect()
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
