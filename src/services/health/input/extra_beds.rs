//! Beds on top of the table: what one more of them is worth, of each specialty in each tier.

use crate::input::Section;
use crate::services::health::input::beds::{BedEntry, BedTable};
use crate::services::health::input::blocks::unit_label;
use crate::services::health::input::specialties::SpecialtyTerms;
use crate::services::health::messages;
use crate::services::health::model::BedRow;
use crate::services::health::tier::Tier;
use crate::services::service::ExpandableCapacity;

/// Adds the beds that specialties are given on top of the table to the facility that has most of them.
pub(crate) fn add(section: &Section<'_>, specialties: &[SpecialtyTerms], table: &mut BedTable) -> Option<()> {
    for (index, specialty) in specialties.iter().enumerate() {
        for (tier, &more) in specialty.additional_beds.iter().filter(|(_, more)| **more > 0) {
            let largest = always_open(&table.entries, index, tier)
                .reduce(|most, entry| if entry.beds.beds > most.beds.beds { entry } else { most });
            let Some(largest) = largest.cloned() else {
                if !table.is_partial {
                    let finding = messages::nothing_to_add_to(tier.key(), &specialty.id);
                    section.session.diagnostics.refuse(section.span_of("supply"), finding);
                }
                return None;
            };
            let beds = BedRow { beds: more, ..largest.beds };
            table.entries.push(BedEntry { beds, ..largest });
        }
    }
    Some(())
}

/// The beds of a specialty in a tier on which nothing ever changes.
fn always_open(entries: &[BedEntry], specialty: usize, tier: Tier) -> impl Iterator<Item = &BedEntry> {
    entries
        .iter()
        .filter(move |entry| entry.specialty == specialty && entry.tier == tier && entry.beds.schedule.is_always_open())
}

/// The specialties of tiers that can be given more beds: those with beds that are always open.
pub(crate) fn growing(specialties: &[SpecialtyTerms], entries: &[BedEntry]) -> Vec<ExpandableCapacity> {
    let mut found = Vec::new();
    for (index, SpecialtyTerms { id, label, additional_beds, .. }) in specialties.iter().enumerate() {
        for tier in Tier::ALL {
            if always_open(entries, index, tier).next().is_none() {
                continue;
            }
            found.push(ExpandableCapacity {
                id: format!("{}_{id}", tier.key()),
                label: unit_label(&tier.label(), label),
                path: ["specialties", id, "additional_beds"].map(str::to_owned).to_vec(),
                numbers: additional_beds.as_array().map(f64::from).to_vec(),
                at: tier.index(),
            });
        }
    }
    found
}
