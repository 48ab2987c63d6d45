//! Keys of `[people]` that cannot act in the scenario at hand, where tables and the number of areas decide that.

use super::tables::ByAge;
use crate::input::Section;
use crate::population::messages;

/// Whether any number of a table is above 0.
pub(super) fn any(numbers: &ByAge) -> bool {
    numbers.iter().flatten().any(|number| *number > 0.0)
}

/// Warns of keys of mortality that a table of this content leaves without effect.
pub(super) fn note_deaths(section: &Section<'_>, rates: &ByAge, decline: &ByAge) {
    if !any(rates) {
        section.note_idle("factor", &messages::some_deaths());
    }
    if !any(rates) || decline.iter().flatten().all(|number| *number == 0.0) {
        section.note_idle("reference_year", &messages::some_decline());
    }
}

/// Who moves, by the table of migration and the projects that move people.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of moves")]
pub(super) struct Movers {
    /// Whether anybody leaves the district.
    pub(super) out: bool,
    /// Whether anybody moves within it by the table.
    pub(super) within: bool,
    /// Whether projects move people within it.
    pub(super) renewal: bool,
    /// Whether it has several areas.
    pub(super) several_areas: bool,
}

/// Warns of keys of migration that nobody's moves give an effect.
pub(super) fn note_migration(section: &Section<'_>, movers: Movers) {
    if !movers.out {
        for key in ["out_migration_factor", "out_migration_ages_sd"] {
            section.note_idle(key, &messages::some_out_migration());
        }
    }
    if !(movers.within && movers.several_areas) {
        section.note_idle("internal_migration_factor", &messages::some_internal_migration());
    }
    if !((movers.within || movers.renewal) && movers.several_areas) {
        for key in ["destinations_concentration", "max_destinations"] {
            section.note_idle(key, &messages::some_internal_migration());
        }
    }
}

/// Warns of keys of local registration that nobody's moves give an effect.
pub(super) fn note_registration(people: &Section<'_>, movers: Movers) {
    if !people.has("registration") {
        return;
    }
    let Some(registration) = people.section("registration") else { return };
    if !movers.out {
        registration.note_idle("out_migration_odds", &messages::some_out_migration());
    }
    if !(movers.within && movers.several_areas) {
        registration.note_idle("internal_migration_odds", &messages::some_internal_migration());
    }
}
