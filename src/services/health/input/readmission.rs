//! People who were discharged and ask for a bed again: what a scenario says of all specialties, and of one by itself.

use crate::input::{Condition, KeyDef, Section, ValueKind};
use crate::services::health::input::note::refuse;
use crate::services::health::input::terms::chosen;
use crate::services::health::messages;
use crate::services::health::model::Readmission;

/// Keys of `[health.readmission]`.
pub(crate) const READMISSION: &[KeyDef] = &[
    KeyDef::default(
        "share",
        ValueKind::Uncertain(0.0, 0.9),
        "share",
        "0",
        "share of those who go home that ask for a bed again; the rates given count them",
        "出院回家者再次住院的比例（所给住院率已含再入院）",
    ),
    KeyDef::default(
        "after_days",
        ValueKind::Number(0.1, 1000.0),
        "days",
        "15",
        "mean days from going home to asking again",
        "出院至再次入院的平均天数",
    )
    .acts_when(&[Condition::AnyOf(&[Condition::Given("share"), Condition::Scenario("health.specialties")])]),
    KeyDef::default(
        "specialties",
        ValueKind::Names,
        "",
        "[]",
        "specialty groups with it; none named: all",
        "适用的专科组（不列则为全部）",
    )
    .acts_when(&[Condition::Given("share")]),
];

/// Key of a specialty with a share of its own.
pub(crate) const OWN_SHARE: KeyDef = KeyDef::optional(
    "readmission_share",
    ValueKind::Uncertain(0.0, 0.9),
    "share",
    "share of those who go home that ask again, in place of the common one",
    "该专科出院回家者再次住院的比例（取代共同比例）",
);

/// Key of a specialty with a time of its own.
pub(crate) const OWN_DAYS: KeyDef = KeyDef::optional(
    "readmission_after_days",
    ValueKind::Number(0.1, 1000.0),
    "days",
    "mean days until then, in place of the common ones",
    "该专科出院至再次入院的平均天数（取代共同天数）",
);

/// What `[health.readmission]` says of everybody; `Some(None)` where it says nothing, `None` when a fault was noted.
pub(crate) fn read(section: &Section<'_>) -> Option<Option<Readmission>> {
    let readmission = section.section("readmission")?;
    if section.has("wards") {
        readmission.note_idle("specialties", &messages::specialties_not_wards());
    }
    let (wanted, share) = (readmission.has("share"), readmission.uncertain("share"));
    let after_days = readmission.number("after_days")?;
    Some(share.filter(|_| wanted).map(|share| Readmission { share, after_days }))
}

/// What holds for each of the specialties: its own share and days where it gives them, and the common ones where
/// `[health.readmission]` names it.
pub(crate) fn of_specialties(section: &Section<'_>, specialties: &[&str]) -> Option<Vec<Option<Readmission>>> {
    let (common, named) = (read(section)?, chosen(section, "readmission", specialties)?);
    let days = section.section("readmission")?.number("after_days")?;
    // Every specialty is read before the first fault ends it.
    let all: Vec<Option<Option<Readmission>>> = section
        .named("specialties")
        .iter()
        .zip(named)
        .map(|((_, own), named)| of_one(own, common.filter(|_| named), days))
        .collect();
    all.into_iter().collect()
}

fn of_one(own: &Section<'_>, common: Option<Readmission>, days: f64) -> Option<Option<Readmission>> {
    let share = if own.has(OWN_SHARE.name) { Some(own.uncertain(OWN_SHARE.name)?) } else { None };
    let days = if own.has(OWN_DAYS.name) { own.number(OWN_DAYS.name)? } else { days };
    let share = share.or(common.map(|common| common.share));
    if share.is_none() && own.has(OWN_DAYS.name) {
        refuse(own, OWN_DAYS.name, messages::nobody_comes_back());
        return None;
    }
    Some(share.map(|share| Readmission { share, after_days: days }))
}
