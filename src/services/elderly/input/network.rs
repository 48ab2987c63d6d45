//! The network of a scenario with people, read and checked.

use super::definition::read_definition;
use super::service_use::read_services;
use super::tables::{self, require};
use crate::input::Section;
use crate::queue::waiting_line::MOST_POOLS;
use crate::services::elderly::care::{Delivery, PriceClass};
use crate::services::elderly::messages;
use crate::services::elderly::network::{Network, ServiceUse};
use crate::site::Site;

/// Reads the network; `None` when it cannot be used.
pub(super) fn read_network(section: &Section<'_>, site: &Site) -> Option<Network> {
    if !site.has_people {
        section.session.diagnostics.refuse(section.span_of("need"), messages::no_people());
        return None;
    }
    // All of it is read before any fault counts.
    let can_pay = read_prices(section);
    let fits = refuse_too_many_areas(section, site, section.has("prices"));
    let need = tables::read_need(section);
    let services = require(section, "services").and_then(|()| read_services(section, site));
    let supply = require(section, "supply").and_then(|()| section.sheet_with("supply", "additional_supply"));
    let facilities = supply.map(|sheet| tables::read_supply(&sheet, site, services.as_deref().unwrap_or_default()));
    if let Some(services) = &services {
        note_idle_keys(section, services);
    }
    let need_odds_factor = section.uncertain("need_odds_factor");
    let (attendance, district_first) = (section.uncertain("attendance"), section.uncertain("district_first"));
    let (transfer_back, severe_first) = (section.uncertain("transfer_back_share"), section.flag("severe_first"));
    let (days_open, defined) = (section.count("days_open"), read_definition(section));
    let share_in_need = section.if_given("share_in_need", Section::uncertain);
    let deregistration_lag = section.if_given("deregistration_lag_days", Section::uncertain);
    let overflow_within = section.if_given("max_overflow_km", Section::number);
    let max_registrations = section.if_given("max_registrations", Section::count);
    let catchment_radius = section.number("catchment_radius_km");
    let entitled = section.section("entitled");
    let registered_only = entitled.as_ref().and_then(|entitled| read_registered_only(entitled, site));
    let entitled = entitled.map(|entitled| ["moderate", "severe"].map(|level| entitled.uncertain(level)));
    let (need, defined) = (need?, defined?);
    fits?;
    let [Some(moderate), Some(severe)] = entitled? else { return None };
    Some(Network {
        prevalence: need.prevalence,
        transitions: need.transitions,
        transitions_note: need.note,
        need_odds_factor: need_odds_factor?,
        definition: defined.definition,
        counted: defined.counted,
        share_in_need: share_in_need?,
        services: services?,
        facilities: facilities?,
        attendance: attendance?,
        days_open: days_open?,
        district_first: district_first?,
        transfer_back: transfer_back?,
        max_registrations: max_registrations?.map(|most| most as usize),
        deregistration_lag: deregistration_lag?,
        overflow_within: overflow_within?.unwrap_or(f64::INFINITY),
        catchment_radius: catchment_radius?,
        severe_first: severe_first?,
        entitled: [moderate, severe],
        registered_only: registered_only?,
        can_pay: can_pay?,
    })
}

/// Keys that only services of beds need.
const OF_BEDS: [&str; 7] = [
    "district_first",
    "transfer_back_share",
    "max_overflow_km",
    "max_registrations",
    "deregistration_lag_days",
    "severe_first",
    "prices",
];

/// Warns of keys that none of the services uses.
fn note_idle_keys(section: &Section<'_>, services: &[ServiceUse]) {
    if services.iter().all(|service| service.care.delivery() != Delivery::Beds) {
        OF_BEDS.iter().for_each(|key| section.note_idle(key, &messages::a_service_of_beds()));
    }
    let daily = || services.iter().filter(|service| service.care.delivery() == Delivery::Daily);
    if daily().all(|service| service.attendance.is_some()) {
        section.note_idle("attendance", &messages::a_service_of_days());
    }
    if daily().all(|service| service.days_open.is_some()) {
        section.note_idle("days_open", &messages::a_service_of_days());
    }
}

fn read_registered_only(section: &Section<'_>, site: &Site) -> Option<bool> {
    let registered_only = section.flag("registered_only")?;
    if registered_only && !site.has_registration {
        let span = section.span_of("registered_only");
        section.session.diagnostics.refuse(span, messages::nobody_is_registered());
        return None;
    }
    Some(registered_only)
}

/// A queue over the network holds so many pools.
fn refuse_too_many_areas(section: &Section<'_>, site: &Site, priced: bool) -> Option<()> {
    let prices = if priced { PriceClass::ALL.len() } else { 1 };
    let (areas, most) = (site.areas.len(), MOST_POOLS / prices - 1);
    if areas <= most {
        return Some(());
    }
    let span = section.span_of(if priced { "prices" } else { "services" });
    section.session.diagnostics.refuse(span, messages::too_many_areas(areas, most));
    None
}

/// Shares of people who can pay more than basic and more than ordinary prices; `Some(None)` where prices do not matter.
fn read_prices(section: &Section<'_>) -> Option<Option<[f64; 2]>> {
    if !section.has("prices") {
        return Some(None);
    }
    let prices = section.section("prices")?;
    let [Some(basic), Some(ordinary), Some(premium)] = PriceClass::KEYS.map(|class| prices.number(class)) else {
        return None;
    };
    let sum = basic + ordinary + premium;
    if (sum - 1.0).abs() > 0.005 {
        let span = section.span_of("prices");
        section.session.diagnostics.refuse(span, messages::prices_do_not_add_to_one(sum));
        return None;
    }
    Some(Some([ordinary + premium, premium]))
}
