//! The tiers of hospitals and the demand for their beds, as a scenario with people says them.

use crate::dates::Day;
use crate::input::Section;
use crate::metric::{Block, Catalogue, Promise};
use crate::random::StreamKey;
use crate::services::health::input::components::{ComponentBuilder, TierTerms};
use crate::services::health::input::facilities::{self, FacilityBeds};
use crate::services::health::input::growth::{self, Tiers};
use crate::services::health::input::note::refuse;
use crate::services::health::input::specialties::{SpecialtyTerms, read_specialties};
use crate::services::health::input::terms::read_discharge;
use crate::services::health::input::{beds, extra_beds, rates, tables};
use crate::services::health::model::{BedGroup, Component, DemandModel};
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::health::time::DAY;
use crate::services::health::{messages, metrics};
use crate::services::service::{ExpandableCapacity, GrowthPoint};
use crate::site::Site;

/// What the tiers or wards of `[health]` say.
#[derive(Debug, Default)]
pub(crate) struct TiersRead {
    pub(crate) groups: Vec<BedGroup>,
    pub(crate) components: Vec<Component>,
    pub(crate) demand: Option<DemandModel>,
    pub(crate) facilities: Vec<FacilityBeds>,
    pub(crate) growing: Vec<ExpandableCapacity>,
    pub(crate) growth: Vec<GrowthPoint>,
}

/// Reads the tiers, who asks for their beds, and the beds.
pub(crate) fn read_tiers(
    section: &Section<'_>,
    site: &Site,
    promise: &Promise,
    catalogue: &mut Catalogue,
) -> Option<TiersRead> {
    if !site.has_people {
        refuse(section, "wards", messages::no_people());
        return None;
    }
    let named = section.named("specialties");
    let ids: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let specialties = read_specialties(section);
    if ids.is_empty() {
        return None;
    }
    if section.choice("opening") == Some(2) {
        refuse(section, "opening", messages::counted_in_tiers());
    }
    let tiers = read_all_tiers(section, site, promise, catalogue);
    let families: Vec<_> = specialties.iter().flatten().map(|specialty| specialty.family).collect();
    let stays = (families.len() == ids.len()).then(|| tables::read_stay(section, &ids, &families));
    let table = beds::read(section, &ids, site);
    let demand = read_demand(section, &ids, specialties.as_deref(), tiers.as_deref());
    let step_down = section.section("step_down")?;
    let (specialties, mut table, tiers) = (specialties?, table?, tiers?);
    extra_beds::add(section, &specialties, &mut table)?;
    for entry in &table.entries {
        let block = tiers[entry.tier.index()].group.block;
        entry.beds.schedule.projects().for_each(|project| catalogue.note_project(block, project));
    }
    let (demand, stays) = (demand?, stays??);
    let build = ComponentBuilder { section, site, tiers: &tiers, table: &table, demand: &demand };
    let components = build.components(&specialties, &stays, &step_down)?;
    let facilities = facilities::find(&components, &table.entries);
    let growing = extra_beds::growing(&specialties, &table.entries);
    let groups: Vec<BedGroup> = tiers.into_iter().map(|tier| tier.group).collect();
    let growth = growth::of_tiers(&Tiers { specialties: &specialties, entries: &table.entries, groups: &groups, site });
    Some(TiersRead { groups, components, demand: Some(demand), facilities, growing, growth })
}

/// The tiers, lowest first. All of them are read, so that all faults are told at once.
fn read_all_tiers(
    section: &Section<'_>,
    site: &Site,
    promise: &Promise,
    catalogue: &mut Catalogue,
) -> Option<Vec<TierTerms>> {
    let read: Vec<_> = Tier::ALL.into_iter().map(|tier| read_tier(section, tier, promise, site, catalogue)).collect();
    let tiers = read.into_iter().collect::<Option<Vec<_>>>()?;
    let steps = section.section("step_down").is_some_and(|step| step.has("share"));
    let wrong = |tier: Tier, terms: &TierTerms| terms.by_day && (!terms.pooled || tier != Tier::Tertiary || steps);
    if Tier::ALL.into_iter().zip(&tiers).any(|(tier, terms)| wrong(tier, terms)) {
        refuse(section, "tertiary", messages::no_daily_steps());
        return None;
    }
    Some(tiers)
}

fn read_tier(
    section: &Section<'_>,
    tier: Tier,
    promise: &Promise,
    site: &Site,
    catalogue: &mut Catalogue,
) -> Option<TierTerms> {
    let section = section.section(tier.key())?;
    let block = catalogue.add(Block {
        service: "health",
        service_label: metrics::LABEL,
        stage: tier.key().to_owned(),
        stage_label: tier.label(),
        metrics: metrics::OfTier::OF_PEOPLE,
        by_area: true,
        promise: Some(promise.clone()),
        family: None,
    });
    // Whoever would wait for longer than the years last never leaves: then a list may grow without end, and is told to.
    let longest = Day::first_of(site.end + 1).days_since(Day::first_of(site.start)) as f64 * DAY;
    let limit = |hours: f64| if hours >= longest { f64::INFINITY } else { hours };
    let (urgent, elective) = (section.number("urgent_wait_hours"), section.number("elective_wait_days"));
    let (staffed, found_outside) = (section.uncertain("staffed_share"), section.uncertain("refused_treated_outside"));
    let published = section.if_given("published_occupancy", Section::number);
    let (choice, inflow) = (section.uncertain("choice_factor"), section.uncertain("non_resident_factor"));
    let (pooling, engine) = (section.choice("pooling"), section.choice("engine"));
    let (overflow_up, elective_overflow) = (section.flag("overflow_up"), section.flag("elective_overflow"));
    let discharge = read_discharge(&section);
    if tier == Tier::Tertiary {
        section.note_idle("choice_factor", &messages::other_choice_factors());
        section.note_idle("overflow_up", &messages::a_tier_above());
    }
    let by_day = engine? == 1;
    if by_day && urgent? > DAY {
        refuse(&section, "urgent_wait_hours", messages::long_waits_in_daily_steps());
        return None;
    }
    let group = BedGroup {
        block,
        name: StreamKey::named(tier.key()),
        limits: [limit(urgent?), limit(elective? * DAY)],
        staffed: Some(staffed?),
        found_outside: Some(found_outside?),
        published_use: published?,
    };
    Some(TierTerms {
        group,
        choice_factor: choice?,
        inflow_factor: inflow?,
        pooled: pooling? == 1,
        by_day,
        overflow_up: overflow_up?,
        elective_overflow: elective_overflow?,
        discharge: discharge?,
    })
}

/// What moves the demand of residents and of others.
fn read_demand(
    section: &Section<'_>,
    ids: &[&str],
    specialties: Option<&[SpecialtyTerms]>,
    tiers: Option<&[TierTerms]>,
) -> Option<DemandModel> {
    let (rates, choice) = (rates::read(section, ids), tables::read_choice(section, ids));
    let inflow = tables::read_inflow(section, ids);
    let outside_factor = section.uncertain("outside_factor");
    let step_down = section.section("step_down")?;
    let (told, share) = (step_down.has("to_elderly_care_share"), step_down.uncertain("to_elderly_care_share"));
    let level = section.uncertain("admissions_factor");
    let (specialties, tiers) = (specialties?, tiers?);
    Some(DemandModel {
        rates: rates?,
        per_birth: specialties.iter().map(|specialty| specialty.per_birth).collect(),
        level: level?,
        levels: specialties.iter().map(|specialty| specialty.level).collect(),
        choice: choice?,
        choice_factor: ByDestination {
            tiers: ByTier::new(|tier| (tier != Tier::Tertiary).then(|| tiers[tier.index()].choice_factor)),
            outside: outside_factor,
        },
        inflow: inflow?,
        inflow_factor: ByTier::new(|tier| Some(tiers[tier.index()].inflow_factor)),
        to_elderly_care: share.filter(|_| told),
    })
}
