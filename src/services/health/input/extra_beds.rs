//! Beds on top of the table: what one more of them is worth, of each specialty in each tier.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::services::health::input::blocks::unit_label;
use crate::services::health::input::tables::BedEntry;
use crate::services::health::input::tiers::SpecialtyTerms;
use crate::services::health::model::LABELS;
use crate::services::health::model::{BedRow, TIERS};
use crate::services::service::ExpandableCapacity;
use crate::text;

/// Beds on top of the table, by tier.
pub(crate) fn read(section: &Section<'_>) -> Option<[f64; TIERS.len()]> {
    let beds = <[f64; TIERS.len()]>::try_from(section.numbers("more_beds")?);
    beds.ok().filter(|beds| beds.iter().all(|beds| beds.fract() == 0.0)).or_else(|| {
        section.fault(
            code::CONTRADICTION,
            "more_beds",
            Text::new("`more_beds` is not three whole numbers", "more_beds 应为三个整数"),
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
        for (tier, &more) in specialty.more_beds.iter().enumerate().filter(|(_, more)| **more > 0.0) {
            let open =
                supply.iter().filter(|row| row.specialty == index && row.tier == tier && row.beds.is_always_open());
            let largest = open.reduce(|most, row| if row.beds.beds > most.beds.beds { row } else { most });
            let Some(largest) = largest.cloned() else {
                let (tier, name) = (TIERS[tier], &specialty.id);
                section.fault(
                    code::CONTRADICTION,
                    "supply",
                    text!(
                        "`more_beds` adds to {tier} beds for {name}, but there are none",
                        "more_beds 要增加 {tier} 的 {name} 床位，但该处没有床位"
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
        for (at, (tier, place)) in TIERS.iter().zip(&LABELS).enumerate() {
            if !supply.iter().any(|row| row.specialty == index && row.tier == at && row.beds.is_always_open()) {
                continue;
            }
            found.push(ExpandableCapacity {
                id: format!("{tier}_{id}"),
                label: unit_label(place, label),
                path: ["specialties", id, "more_beds"].map(str::to_owned).to_vec(),
                numbers: more_beds.to_vec(),
                at,
            });
        }
    }
    found
}
