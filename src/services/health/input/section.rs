//! From the section of a scenario to the compiled model.

use crate::input::Section;
use crate::language::Text;
use crate::metric::{Catalogue, Promise, PromiseLimit, Role};
use crate::random::StreamKey;
use crate::services::health::input::blocks::{add_hospitals, add_residents, add_units};
use crate::services::health::input::growth;
use crate::services::health::input::intensive_units;
use crate::services::health::input::opening::Opening;
use crate::services::health::input::terms::read_variation;
use crate::services::health::input::tiers::{TiersRead, read_tiers};
use crate::services::health::input::wards;
use crate::services::health::messages;
use crate::services::health::metrics::OfTier;
use crate::services::health::model::{Class, Component, HealthModel, OpeningBeds, OpeningCensus, PromiseNumbers};
use crate::services::targets::note_hardly_broken;
use crate::site::Site;
use crate::text;

/// Reads `[health]`.
pub(crate) fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<HealthModel> {
    let (numbers, promise) = read_promise(section)?;
    // Read ahead of what may be missing, so that all faults are told at once.
    let (variation, stay_level) = (read_variation(section), section.uncertain("los_factor"));
    let opening = section.choice("opening").and_then(|at| Opening::ALL.get(at).copied())?;
    let mut census = match opening {
        Opening::Stationary => OpeningCensus::Stationary,
        Opening::Empty => OpeningCensus::Empty,
        Opening::Counted => OpeningCensus::Counted(Vec::new()),
    };
    let read = if section.has("wards") {
        let read = wards::read(section, site, &promise, catalogue)?;
        if let OpeningCensus::Counted(counted) = &mut census {
            *counted = read.counted;
        }
        TiersRead { groups: read.groups, components: vec![read.component], growth: read.growth, ..TiersRead::default() }
    } else {
        read_tiers(section, site, &promise, catalogue)?
    };
    let TiersRead { groups, components, demand, facilities, growing, mut growth } = read;
    note_idle(section, &components);
    if components.iter().all(|component| component.readmission.is_none()) {
        let readmissions = OfTier::READMISSIONS.position();
        groups.iter().for_each(|group| catalogue.leave_out(group.block, [readmissions]));
    }
    let intensive = intensive_units::read(section, site, &components, &groups, catalogue);
    let residents = demand.is_some().then(|| add_residents(catalogue));
    let hospitals = add_hospitals(&facilities, &components, catalogue);
    let units = if demand.is_some() { add_units(&components, catalogue) } else { Vec::new() };
    growth::note_measured(&mut growth, &components, &units);
    let warm_up_days = if opening == Opening::Stationary { section.count("warm_up_days")? } else { 0 };
    let areas = site.areas.iter().map(|area| StreamKey::named(&area.id));
    Some(HealthModel {
        groups,
        residents,
        units,
        hospitals,
        growing,
        growth,
        components,
        intensive: intensive?,
        demand,
        stay_level: stay_level?,
        variation: variation?,
        promise: numbers,
        start: OpeningBeds { census, warm_up_days },
        areas: site.areas.len(),
        label_names: areas.chain([StreamKey::named("outside")]).collect(),
    })
}

/// Warns of terms of requests that nobody makes.
fn note_idle(section: &Section<'_>, components: &[Component]) {
    let has = |class: Class| components.iter().flat_map(|c| &c.streams).any(|stream| stream.class == class);
    if !has(Class::Urgent) {
        for key in ["weekday", "season", "daily_overdispersion_cv", "epidemic"] {
            section.note_idle(key, &messages::urgent_requests());
        }
    }
    if !section.has("wards") && !has(Class::Elective) {
        section.note_idle("elective_slots", &messages::elective_requests());
    }
}

fn read_promise(section: &Section<'_>) -> Option<(PromiseNumbers, Promise)> {
    let promise = section.section("service_target")?;
    let (refused, crowded) = (promise.number("refused_share_at_most"), promise.number("crowded_days_at_most"));
    let (confidence, surplus_below) = (promise.number("confidence")?, promise.number("surplus_utilisation_threshold")?);
    note_hardly_broken(&promise, &[("refused_share_at_most", refused)]);
    let numbers = PromiseNumbers { refused: refused?, crowded: crowded? };
    let (kept, calm) = (Promise::percent(1.0 - numbers.refused), Promise::percent(1.0 - numbers.crowded));
    let text = text!(
        "at least {kept}% of requests get a bed within the wait limit, and on at least {calm}% of days no more than 92% of open beds are in use",
        "至少 {kept}% 的住院请求在时限内得到床位，且至少 {calm}% 的日子床位使用率不超过 92%"
    );
    let limit = |broken, part, most| PromiseLimit { broken, part, whole: None, most };
    let limits = vec![
        limit(Text::new("too many without a bed in time", "未能及时入院者超限"), Role::RefusedShare, numbers.refused),
        limit(Text::new("too many days with crowded wards", "床位过满的天数超限"), Role::CrowdedDays, numbers.crowded),
    ];
    Some((numbers, Promise { text, confidence, surplus_below, limits }))
}
