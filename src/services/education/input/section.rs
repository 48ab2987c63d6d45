//! Reading `[education]`: every check, then the compiled model.
//!
//! Order: the service target and the stages, then the tables that stages share, then the table of facilities, and from all of it
//! each stage's model at once.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{BlockId, Catalogue, Promise, PromiseLimit, Role};
use crate::random::StreamKey;
use crate::services::service::Service;
use crate::services::targets::note_hardly_broken;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

use super::blocks;
use super::catchments::Zoning;
use super::cohorts::{Cohorts, StageContext};
use super::facilities::{self, Facilities};
use super::facility_row::FacilityRow;
use super::idle::{self, Seen};
use super::messages;
use super::residence;
use super::stage_section::{StageInput, read_stage};
use crate::services::education::metrics::{OfStage, TargetLimits};
use crate::services::education::model::{AreaDistances, Education, StageModel};
use crate::services::education::placement::catchments::Catchments;
use crate::services::education::placement::facility::{Facility, Supply};
use crate::services::education::placement::residence::ResidencePoint;
use crate::services::education::placement::through_schools::{SchoolParts, ThroughSchools};
use crate::services::education::placement::transport::NO_WAY;
use crate::services::education::placement::travel_distances::TravelDistances;
use crate::services::education::record::catchment_metrics::CatchmentMetrics;
use crate::services::education::record::nearness::Nearness;
use crate::services::education::stage::{PerStage, StageId};

/// Reads the section and adds one block for each stage.
pub(crate) fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    let stages_section = section.section("stages")?;
    let target = section.section("service_target").and_then(|section| read_target(&section));
    let present: Vec<StageId> = StageId::ALL.into_iter().filter(|stage| stages_section.has(stage.id())).collect();
    if present.is_empty() {
        section.fault(
            code::MISSING_KEY,
            "stages",
            Text::new("no stage is given", "没有给出任何学段"),
            Text::new("add [education.stages.primary] or another stage", "请加入 [education.stages.primary] 等学段"),
        );
    }
    let (cohorts, zoning) = (Cohorts::read(section, site), Zoning::read(section, site, &present));
    let (cohorts, zoning) = (cohorts?, zoning?);
    let homes = residence::read(section, site, &zoning)?;
    let mut inputs = Vec::with_capacity(present.len());
    for &stage in &present {
        let context = StageContext { stage, site, present: &present, cohorts: &cohorts };
        let section = stages_section.section(stage.id());
        let input = section.and_then(|section| read_stage(&section, &context, &zoning.stages[stage]));
        inputs.extend(input.zip(target.as_ref()).map(|(input, target)| {
            let block = catalogue.add(blocks::stage(stage, input.rules.registered.is_some(), target.promise.clone()));
            StageWithBlock { block, limits: target.limits, input }
        }));
    }
    let schools = read_schools(section, site, &present, &zoning, homes)?;
    let stages = build_stages(inputs, site, &zoning, &schools, catalogue);
    let through = through_schools(&schools, site, &stages, catalogue);
    // A row at fault would leave its catchment without a school, too.
    if section.session.diagnostics.errors() == 0 {
        note_idle(&stages_section, site, &stages);
        zoning.check(section, &stages.iter().map(|stage| (stage.rules.stage, &stage.catchments)).collect::<Vec<_>>());
    }
    let whole = stages.len() == present.len() && !present.is_empty();
    whole.then(|| Box::new(Education { stages, through }) as Box<dyn Service>)
}

/// Warns of keys of stages that their facilities leave without effect.
fn note_idle(section: &Section<'_>, site: &Site, stages: &[StageModel]) {
    for stage in stages {
        let id = stage.rules.stage;
        if let Some(section) = section.section(id.id()) {
            idle::note(&section, &Seen { stage: id, facilities: &stage.supply.facilities, site });
        }
    }
}

/// A stage as read, with the block that it reports to.
struct StageWithBlock {
    block: BlockId,
    limits: TargetLimits,
    input: StageInput,
}

/// The facilities of all stages, and from where they are reached.
struct Schools {
    facilities: Facilities,
    homes: Vec<ResidencePoint>,
    /// Share of the leavers of through schools who go on in them; `None` where there are none and nothing is said.
    progression_share: Option<Parameter>,
}

fn read_schools(
    section: &Section<'_>,
    site: &Site,
    present: &[StageId],
    zoning: &Zoning,
    mut homes: Vec<ResidencePoint>,
) -> Option<Schools> {
    if !section.has("supply") {
        if section.has("travel_distances") {
            section.fault(
                code::CONTRADICTION,
                "travel_distances",
                Text::new("ways lead to facilities, but the scenario has none", "给出了到设施的路程，但方案没有设施表"),
                Text::new(
                    "give the table of facilities in `supply`, or remove `travel_distances`",
                    "请在 `supply` 给出设施表，或删去 `travel_distances`",
                ),
            );
        }
        return Some(Schools { facilities: Facilities::default(), homes, progression_share: None });
    }
    let facilities = facilities::read(section, site, zoning, present)?;
    let ways = residence::read_ways(section, site, &facilities.keys, &mut homes);
    let asked = !facilities.onward.is_empty() || section.has("through_progression_share");
    let progression_share = if asked { section.uncertain("through_progression_share") } else { None };
    // A row of the table that is at fault may be the one that names a junior part.
    if facilities.onward.is_empty() && section.session.diagnostics.errors() == 0 {
        section.note_idle("through_progression_share", &messages::some_through_school());
    }
    ways?;
    residence::check(section, &homes, &facilities.rows.iter().map(FacilityRow::location).collect::<Vec<_>>());
    Some(Schools { facilities, homes, progression_share })
}

/// Each stage with its facilities, and with the blocks that follow from them.
fn build_stages(
    inputs: Vec<StageWithBlock>,
    site: &Site,
    zoning: &Zoning,
    schools: &Schools,
    catalogue: &mut Catalogue,
) -> Vec<StageModel> {
    let factor = |stage: StageId| {
        let of_stage = inputs.iter().find(|with_block| with_block.input.rules.stage == stage);
        of_stage.map(|with_block| with_block.input.supply.existing_capacity_factor)
    };
    let factors = PerStage::from_fn(factor);
    let build = |with_block: StageWithBlock| {
        let StageWithBlock { block, limits, input: StageInput { rules, supply: rules_of_supply } } = with_block;
        let rows = schools.facilities.rows.iter().filter(|row| row.stage == rules.stage);
        let staged = rules_of_supply.phased_opening;
        let facilities: Vec<Facility> = rows.map(|row| row.clone().into_facility(staged, &factors)).collect();
        let catchments = zoning.stages[rules.stage].clone().with_schools(&facilities);
        let grades = (rules.demand.grades > 1).then(|| catalogue.add(blocks::grades(rules.stage)));
        let catchment_metrics = catchment_blocks(zoning, rules.stage, &catchments, &facilities, catalogue);
        let reached = schools.homes.iter().any(|home| home.knows_any(&facilities));
        let nearness = reached.then(|| {
            let block = catalogue.add(blocks::nearness(rules.stage));
            Nearness::new(block, site.areas.len(), &schools.homes, &facilities)
        });
        let travel = reached
            .then(|| TravelDistances::new(site, rules.max_placement_km, &schools.homes, &catchments, &facilities));
        facilities
            .iter()
            .flat_map(|facility| facility.schedule.projects())
            .for_each(|project| catalogue.note_project(block, project));
        if catalogue.projects(block).is_empty() {
            catalogue.leave_out(block, [OfStage::OPENING_MISSED_INTAKE.position()]);
        }
        StageModel {
            block,
            limits,
            distances: AreaDistances { near: metres(site, rules.max_placement_km), all: metres(site, f64::INFINITY) },
            supply: Supply { facilities, rules: rules_of_supply },
            rules,
            catchments,
            grades,
            catchment_metrics,
            nearness,
            travel,
        }
    };
    inputs.into_iter().map(build).collect()
}

/// Through schools, with a block of their own; `None` where the table of facilities has none.
fn through_schools(
    schools: &Schools,
    site: &Site,
    stages: &[StageModel],
    catalogue: &mut Catalogue,
) -> Option<ThroughSchools> {
    let position = |id: StageId| stages.iter().position(|stage| stage.rules.stage == id);
    let (primary, junior) = (position(StageId::Primary)?, position(StageId::Junior)?);
    let facilities = &schools.facilities;
    let share = schools.progression_share.filter(|_| !facilities.onward.is_empty())?;
    let parts = |at: usize| SchoolParts { stage: at, supply: &stages[at].supply };
    Some(ThroughSchools::new(
        catalogue.add(blocks::through_schools()),
        site.areas.iter().map(|area| StreamKey::named(&area.id)).collect(),
        share,
        &facilities.onward,
        &facilities.keys,
        [parts(primary), parts(junior)],
    ))
}

/// The blocks of a stage's catchments; `None` where no area is divided at it.
fn catchment_blocks(
    zoning: &Zoning,
    stage: StageId,
    catchments: &Catchments,
    facilities: &[Facility],
    catalogue: &mut Catalogue,
) -> Option<CatchmentMetrics> {
    let here: Vec<_> = zoning.written.iter().filter(|catchment| catchment.stage == stage).collect();
    if here.is_empty() {
        return None;
    }
    let block = catalogue.add(blocks::catchments(stage));
    let named = here.into_iter().map(|catchment| {
        let block = catalogue.add(blocks::catchment(stage, &catchment.key, &catchment.label));
        let schools = catchments.schools(catchment.at).iter().map(|school| &facilities[*school]);
        schools
            .flat_map(|school| school.schedule.projects())
            .for_each(|project| catalogue.note_project(block, project));
        (catchment.at, block)
    });
    Some(CatchmentMetrics { block, named: named.collect(), grades: stage.grades() })
}

/// Metres between areas up to a limit; the own area is always within it.
fn metres(site: &Site, limit_km: f64) -> Vec<u32> {
    let areas = site.areas.len();
    (0..areas * areas)
        .map(|pair| site.kilometres(pair / areas, pair % areas))
        .map(|km| if km <= limit_km { libm::round(km * 1000.0) as u32 } else { NO_WAY })
        .collect()
}

/// What all stages are to reach.
struct ServiceTarget {
    limits: TargetLimits,
    promise: Promise,
}

fn read_target(section: &Section<'_>) -> Option<ServiceTarget> {
    let (unmet, stretched) = (section.number("unmet_share_at_most"), section.number("stretched_share_at_most"));
    let (confidence, surplus_below) = (section.number("confidence"), section.number("surplus_utilisation_threshold"));
    note_hardly_broken(section, &[("unmet_share_at_most", unmet)]);
    let limits = TargetLimits { unmet_share: unmet?, stretched_share: stretched? };
    let (without, above) = (Promise::percent(limits.unmet_share), Promise::percent(limits.stretched_share));
    let text = text!(
        "at most {without}% of children without a place and at most {above}% of pupils above the class-size norm",
        "无学位儿童不超过 {without}%，超标准班额就读的学生不超过 {above}%"
    );
    let limit = |broken, part, whole, most| PromiseLimit { broken, part, whole: Some(whole), most };
    let limits_told = vec![
        limit(Text::new("too many without a place", "无学位人数超限"), Role::Unmet, Role::Demand, limits.unmet_share),
        limit(
            Text::new("too many in classes above the norm", "超标准班额人数超限"),
            Role::OverNorm,
            Role::InUse,
            limits.stretched_share,
        ),
    ];
    let (confidence, surplus_below) = (confidence?, surplus_below?);
    Some(ServiceTarget { limits, promise: Promise { text, confidence, surplus_below, limits: limits_told } })
}
