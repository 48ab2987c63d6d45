//! Beds on top of the table: what one more of them is worth, of each specialty in each tier.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::services::health::input::blocks::unit_label;
use crate::services::health::input::tables::BedEntry;
use crate::services::health::input::tiers::SpecialtyTerms;
use crate::services::health::model::BedRow;
use crate::services::health::tier::{ByTier, Tier};
use crate::services::service::ExpandableCapacity;
use crate::text;

/// Beds on top of the table, by tier.
pub(crate) fn read(section: &Section<'_>) -> Option<ByTier<f64>> {
    let beds = <[f64; Tier::ALL.len()]>::try_from(section.numbers("additional_beds")?);
    beds.ok().filter(|beds| beds.iter().all(|beds| beds.fract() == 0.0)).map(ByTier::from).or_else(|| {
        section.fault(
            code::CONTRADICTION,
            "additional_beds",
            Text::new("`additional_beds` is not three whole numbers", "additional_beds 应为三个整数"),
            Text::new(
                "write one for each tier, community, district, tertiary: [0, 1, 0]",
                "请依次写社区、区属、三级各一个：[0, 1, 0]",
            ),
        );
        None
    })
}

/// Adds the beds that specialties are given on top of the table to the facility that has most of them.
pub(crate) fn add(section: &Section<'_>, specialties: &[SpecialtyTerms], supply: &mut Vec<BedEntry>) -> Option<()> {
    for (index, specialty) in specialties.iter().enumerate() {
        for (tier, &more) in specialty.more_beds.iter().filter(|(_, more)| **more > 0.0) {
            let open =
                supply.iter().filter(|row| row.specialty == index && row.tier == tier && row.beds.is_always_open());
            let largest = open.reduce(|most, row| if row.beds.beds > most.beds.beds { row } else { most });
            let Some(largest) = largest.cloned() else {
                let (tier, name) = (tier.key(), &specialty.id);
                section.fault(
                    code::CONTRADICTION,
                    "supply",
                    text!(
                        "`additional_beds` adds to {tier} beds for {name}, but there are none",
                        "additional_beds 要增加 {tier} 的 {name} 床位，但该处没有床位"
                    ),
                    text!(
                        "add a row {name} in {tier} to the table of beds instead",
                        "请改为在床位表中加一行 {tier} 的 {name}"
                    ),
                );
                return None;
            };
            let beds = BedRow { beds: more, ..largest.beds };
            supply.push(BedEntry { beds, ..largest });
        }
    }
    Some(())
}

/// The specialties of tiers that can be given more beds: those with beds that are always open.
pub(crate) fn growing(specialties: &[SpecialtyTerms], supply: &[BedEntry]) -> Vec<ExpandableCapacity> {
    let mut found = Vec::new();
    for (index, SpecialtyTerms { id, label, more_beds, .. }) in specialties.iter().enumerate() {
        for tier in Tier::ALL {
            if !supply.iter().any(|row| row.specialty == index && row.tier == tier && row.beds.is_always_open()) {
                continue;
            }
            found.push(ExpandableCapacity {
                id: format!("{}_{id}", tier.key()),
                label: unit_label(&tier.label(), label),
                path: ["specialties", id, "additional_beds"].map(str::to_owned).to_vec(),
                numbers: more_beds.as_array().to_vec(),
                at: tier.index(),
            });
        }
    }
    found
}
