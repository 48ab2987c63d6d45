//! The services of `[elderly.services]`, read and checked.

use crate::input::Section;
use crate::services::elderly::care::{Care, Delivery};
use crate::services::elderly::demand::need::levels::{ARRANGEMENT_KEYS, LEVEL_KEYS};
use crate::services::elderly::messages;
use crate::services::elderly::network::{Patience, ServiceUse};
use crate::site::Site;

pub(super) fn read_services(section: &Section<'_>, site: &Site) -> Option<Vec<ServiceUse>> {
    let services = section.section("services")?;
    let nobody_entitled = !section.has("entitled");
    let mut read = Vec::new();
    for care in Care::ALL {
        let Some(one) = services.section(care.key()) else { continue };
        if care.delivery() == Delivery::Beds && !one.has("stay_months") {
            one.session.diagnostics.refuse(one.span, messages::no_stay(&one.path));
            continue;
        }
        note_idle_keys(care, &one);
        if nobody_entitled {
            one.note_idle("benefit_use_ratio", &messages::entitle_somebody());
        }
        if site.areas.len() == 1 {
            one.note_idle("distance_decay_km", &messages::several_areas());
        }
        read.push(read_service(care, &one));
    }
    read.into_iter().collect()
}

fn read_service(care: Care, one: &Section<'_>) -> Option<ServiceUse> {
    let share = LEVEL_KEYS.map(|level| one.number(level));
    let living = ARRANGEMENT_KEYS.map(|arrangement| one.number(arrangement));
    let stay = one.if_given("stay_months", Section::uncertain);
    let patience = read_patience(one);
    let (take_up, outside, benefit_use_ratio) =
        (one.uncertain("take_up"), one.uncertain("outside"), one.number("benefit_use_ratio"));
    let (promised_wait, attendance) =
        (one.number("target_wait_months"), one.if_given("attendance", Section::uncertain));
    let [places_per_carer, hours, distance_decay] =
        ["places_per_carer", "hours", "distance_decay_km"].map(|key| one.if_given(key, Section::number));
    let days_open = one.if_given("days_open", Section::count);
    let ([Some(a), Some(b), Some(c), Some(d)], [Some(alone), Some(couple), Some(children)]) = (share, living) else {
        return None;
    };
    Some(ServiceUse {
        care,
        share: [a, b, c, d],
        take_up: take_up?,
        living: [alone, couple, children],
        stay: stay?,
        patience: patience?,
        promised_wait: promised_wait? / 12.0,
        outside: outside?,
        places_per_carer: places_per_carer?,
        hours: hours?,
        benefit_use_ratio: benefit_use_ratio?,
        distance_decay: distance_decay?,
        attendance: attendance?,
        days_open: days_open?,
    })
}

/// Keys that only services of beds have.
const OF_BEDS: [&str; 5] = ["stay_months", "patience_months", "other_care_months", "target_wait_months", "outside"];

/// Keys that only services of days have.
const OF_DAYS: [&str; 2] = ["attendance", "days_open"];

/// Warns of keys that cannot act in this service.
fn note_idle_keys(care: Care, one: &Section<'_>) {
    if care.delivery() == Delivery::Beds {
        one.note_idle("hours", &messages::moved_to_community());
    } else {
        OF_BEDS.iter().for_each(|key| one.note_idle(key, &messages::moved_to_beds()));
    }
    if care.delivery() != Delivery::Daily {
        OF_DAYS.iter().for_each(|key| one.note_idle(key, &messages::moved_to_days()));
    }
}

fn read_patience(one: &Section<'_>) -> Option<Patience> {
    let all_causes = one.if_given("patience_months", Section::uncertain);
    let other_care = one.if_given("other_care_months", Section::uncertain);
    match (all_causes?, other_care?) {
        (None, None) => Some(Patience::UntilDeath),
        (Some(months), None) => Some(Patience::AllCauses(months)),
        (None, Some(months)) => Some(Patience::OtherCare(months)),
        (Some(_), Some(_)) => {
            let finding = messages::patience_in_two_ways("patience_months", "other_care_months");
            one.session.diagnostics.refuse(one.span_of("other_care_months"), finding);
            None
        }
    }
}
