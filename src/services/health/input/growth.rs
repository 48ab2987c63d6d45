//! Where beds can be added: to every specialty of a tier that has some, and to every ward whose beds are a number.

use crate::language::Text;
use crate::metric::BlockId;
use crate::services::health::input::beds::BedEntry;
use crate::services::health::input::blocks::unit_label;
use crate::services::health::input::specialties::SpecialtyTerms;
use crate::services::health::model::{BedGroup, Component, SpecialtyUnit};
use crate::services::health::tier::Tier;
use crate::services::service::{BuildingUnit, GrowthPoint, Written};
use crate::site::Site;

/// Beds of a hospital come by the room or two.
const ROOMS: u32 = 5;

/// What points are made of where the scenario has tiers.
pub(crate) struct Tiers<'a> {
    pub(crate) specialties: &'a [SpecialtyTerms],
    pub(crate) entries: &'a [BedEntry],
    pub(crate) groups: &'a [BedGroup],
    pub(crate) site: &'a Site,
}

/// The specialties of each tier. The beds go to the facility with most of them: its patients have a way to them.
pub(crate) fn of_tiers(tiers: &Tiers<'_>) -> Vec<GrowthPoint> {
    let pairs = Tier::ALL.into_iter().flat_map(|tier| (0..tiers.specialties.len()).map(move |of| (tier, of)));
    pairs.filter_map(|(tier, specialty)| of_specialty(tiers, tier, specialty)).collect()
}

fn of_specialty(tiers: &Tiers<'_>, tier: Tier, specialty: usize) -> Option<GrowthPoint> {
    let own = tiers.entries.iter().filter(|entry| entry.tier == tier && entry.specialty == specialty);
    // What closes one day is no place for more.
    let stays = own.filter(|entry| entry.beds.schedule.is_always_open());
    let largest = stays.reduce(|most, entry| if entry.beds.beds > most.beds.beds { entry } else { most })?;
    let SpecialtyTerms { id, label, .. } = &tiers.specialties[specialty];
    Some(GrowthPoint {
        block: tiers.groups[tier.index()].block,
        area: None,
        key: format!("{}_{id}", tier.key()),
        label: unit_label(&tier.label(), label),
        unit: BuildingUnit::Bed,
        lump: ROOMS,
        room: 1.0,
        measured: None,
        written: Written::Row {
            facility: Some(largest.facility.clone()),
            cells: vec![
                ("area", tiers.site.areas[largest.beds.area].id.clone()),
                ("tier", tier.key().to_owned()),
                ("specialty", id.clone()),
            ],
            counted: "beds",
            // A date that is past tells the row from that of the beds that stand.
            standing: vec![("opens", format!("{}-01-01", tiers.site.start - 1))],
        },
    })
}

/// Tells each point of a tier which block measures its specialty.
pub(crate) fn note_measured(points: &mut [GrowthPoint], components: &[Component], units: &[SpecialtyUnit]) {
    for unit in units {
        let key = format!("{}_{}", Tier::ALL[unit.group].key(), components[unit.component].id);
        if let Some(point) = points.iter_mut().find(|point| point.key == key) {
            point.measured = Some(unit.block);
        }
    }
}

/// A ward whose beds are a number.
pub(crate) fn of_ward(block: BlockId, id: &str, label: &Text, beds: u32) -> GrowthPoint {
    GrowthPoint {
        block,
        area: None,
        key: id.to_owned(),
        label: label.clone(),
        unit: BuildingUnit::Bed,
        lump: 1,
        room: 1.0,
        measured: None,
        written: Written::Number { path: ["wards", id, "beds"].map(str::to_owned).to_vec(), now: beds },
    }
}
