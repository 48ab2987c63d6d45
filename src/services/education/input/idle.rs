//! Keys of a stage that its facilities leave without effect.

use super::messages;
use crate::dates::Day;
use crate::input::Section;
use crate::services::education::placement::facility::Facility;
use crate::services::education::stage::StageId;
use crate::site::Site;

/// A stage with its facilities.
pub(super) struct Seen<'a> {
    pub(super) stage: StageId,
    pub(super) facilities: &'a [Facility],
    pub(super) site: &'a Site,
}

/// Warns of keys of a stage that cannot act.
pub(super) fn note(section: &Section<'_>, of: &Seen<'_>) {
    let facilities = || of.facilities.iter();
    if !facilities().any(|facility| facility.private) {
        for key in ["private_share", "private_closure"] {
            section.note_idle(key, &messages::some_private_places());
        }
    }
    if facilities().all(|facility| facility.class_size.is_some()) {
        section.note_idle("class_sizes", &messages::some_row_without_class_size());
    }
    if !facilities().any(|facility| facility.existing_capacity_factor.is_some()) {
        section.note_idle("existing_capacity_factor", &messages::some_present_places());
    }
    if !facilities().any(|facility| facility.schedule.opened().is_some_and(|day| day > Day::first_of(of.site.start))) {
        section.note_idle("phased_opening", &messages::some_opening());
    }
    if of.stage.grades() == 1 || !facilities().any(|facility| shares_rooms(facility, of)) {
        section.note_idle("flexible_classrooms", &messages::some_full_school());
    }
    if of.facilities.is_empty() {
        for key in ["staffed_share", "max_class_size", "surge_class_size"] {
            section.note_idle(key, &messages::some_places());
        }
    }
}

/// Whether a public facility has all its grades in some year, so that it may share rooms among them.
fn shares_rooms(facility: &Facility, of: &Seen<'_>) -> bool {
    if facility.private {
        return false;
    }
    let years = if facility.staged { of.stage.grades() as i32 - 1 } else { 0 };
    let opens = facility.schedule.opened().map_or(i32::MIN, |day| day.year().saturating_add(years));
    facility.schedule.is_present() || opens <= of.site.end
}
