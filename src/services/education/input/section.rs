//! Reading `[education]`: every check, then the compiled model.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, MetricDef, Promise};
use crate::services::service::Service;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

use super::catchments::Zoning;
use super::cohorts::{Cohorts, Place};
use super::demand::read_demand;
use super::facilities::{self, Facilities, FacilityRow};
use super::residence;
use crate::services::education::demand::inflow::{DemandModel, Entry};
use crate::services::education::metrics::{Limits, OfStage, Staffing};
use crate::services::education::model::{Education, Registered, Stage};
use crate::services::education::placement::catchments::Catchments;
use crate::services::education::placement::facility::{Facility, Supply};
use crate::services::education::placement::priority_groups::Right;
use crate::services::education::placement::residence::Home;
use crate::services::education::placement::through_schools::{self, Continuing};
use crate::services::education::placement::transport::NO_WAY;
use crate::services::education::placement::travel_distances::Ways;
use crate::services::education::record::catchment_metrics::{self, Zoned};
use crate::services::education::record::nearness::{self, Nearness};
use crate::services::education::stage::{ALL, JUNIOR, PRIMARY, SERVICE, SERVICE_LABEL, STAGES, grades};

/// Reads the section and adds one block for each stage.
pub(crate) fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    let stages_section = section.section("stages")?;
    let promise = section.section("promise").and_then(|s| read_promise(&s));
    let present: Vec<usize> = (0..STAGES).filter(|at| stages_section.has(ALL[*at].id)).collect();
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
    let mut homes = residence::read(section, site, &zoning)?;
    let mut stages = Vec::with_capacity(present.len());
    for &at in &present {
        let place = Place { at, site, present: &present, cohorts: &cohorts };
        let read = stages_section.section(ALL[at].id).and_then(|s| read_stage(&s, &place, &zoning.stages[at]));
        stages.extend(read.zip(promise.as_ref()).map(|(stage, (limits, promise))| {
            let metrics = if stage.registered.is_some() { OfStage::TABLE } else { OfStage::WITHOUT_GROUPS };
            let block = catalogue.add(block(at, metrics, promise.clone()));
            stage.compile(block, *limits)
        }));
    }
    let mut continuing = None;
    if section.has("supply") {
        let facilities = facilities::read(section, site, &zoning, &present)?;
        let (ways, share) =
            (residence::read_ways(section, site, &facilities.keys, &mut homes), read_share(section, &facilities));
        ways?;
        residence::check(section, &homes, &facilities.rows.iter().map(FacilityRow::spot).collect::<Vec<_>>());
        let factors: Vec<_> = stages.iter().map(|stage| (stage.demand.stage, stage.supply.existing_factor)).collect();
        for stage in &mut stages {
            let rows = facilities.rows.iter().filter(|facility| facility.stage == stage.demand.stage);
            stage.supply.facilities = rows.map(|facility| facility.clone().of(&stage.supply, &factors)).collect();
            furnish(stage, site, (&zoning, &homes), catalogue);
        }
        continuing = share?.and_then(|share| continuing_schools(share, site, &facilities, &stages, catalogue));
    } else if section.has("ways") {
        section.fault(
            code::CONTRADICTION,
            "ways",
            Text::new("ways lead to facilities, but the scenario has none", "给出了到设施的路程，但方案没有设施表"),
            Text::new(
                "give the table of facilities in `supply`, or remove `ways`",
                "请在 `supply` 给出设施表，或删去 `ways`",
            ),
        );
    }
    // A row at fault would leave its catchment without a school, too.
    if section.session.diagnostics.errors() == 0 {
        zoning.check(section, &stages.iter().map(|stage| (stage.demand.stage, &stage.catchments)).collect::<Vec<_>>());
    }
    let whole = stages.len() == present.len() && !present.is_empty();
    whole.then(|| Box::new(Education { stages, continuing }) as Box<dyn Service>)
}

/// What follows from the facilities of a stage: its catchments' schools, ways to them, and its projects.
fn furnish(stage: &mut Stage, site: &Site, (zoning, homes): (&Zoning, &[Home]), catalogue: &mut Catalogue) {
    stage.catchments.staff(&stage.supply.facilities);
    stage.zoned = zoned_blocks(zoning, stage, catalogue);
    let facilities = &stage.supply.facilities;
    if homes.iter().any(|home| home.knows_any(facilities)) {
        let block = catalogue.add(near_block(stage.demand.stage));
        stage.ways = Some(Ways::new(site, stage.limit_km, (homes, &stage.catchments), facilities));
        stage.nearness = Some(Nearness::new(block, site.areas.len(), homes, facilities));
    }
    for project in facilities.iter().flat_map(Facility::projects) {
        catalogue.note_project(stage.block, project);
    }
}

/// The share of leavers of nine-year schools who go on; inside, `None` where there are no such schools and nothing is said.
#[expect(clippy::option_option, reason = "a fault and no such school are not the same")]
fn read_share(section: &Section<'_>, facilities: &Facilities) -> Option<Option<Parameter>> {
    let asked = !facilities.onward.is_empty() || section.has("continuing_share");
    if asked { section.uncertain("continuing_share").map(Some) } else { Some(None) }
}

/// Nine-year schools, with a block of their own; `None` where the table of facilities has none.
fn continuing_schools(
    share: Parameter,
    site: &Site,
    facilities: &Facilities,
    stages: &[Stage],
    catalogue: &mut Catalogue,
) -> Option<Continuing> {
    let position = |at: usize| stages.iter().position(|stage| stage.demand.stage == at);
    let (primary, junior) = position(PRIMARY).zip(position(JUNIOR)).filter(|_| !facilities.onward.is_empty())?;
    let label = ("going on from nine-year schools", "九年一贯制直升");
    let block = catalogue.add(beside(JUNIOR, "continuing", label, through_schools::OfThrough::TABLE));
    let schools = [primary, junior].map(|at| &stages[at].supply);
    let place = ([primary, junior], site.areas.len());
    Some(Continuing::new(block, place, share, (&facilities.onward, &facilities.keys), schools))
}

/// The blocks of a stage's catchments; `None` where no area is divided at it.
fn zoned_blocks(zoning: &Zoning, stage: &Stage, catalogue: &mut Catalogue) -> Option<Zoned> {
    let at = stage.demand.stage;
    let here: Vec<_> = zoning.written.iter().filter(|catchment| catchment.stage == at).collect();
    if here.is_empty() {
        return None;
    }
    let block = catalogue.add(beside(at, "catchments", ("catchments", "学区"), catchment_metrics::OfDivided::TABLE));
    let named = here.into_iter().map(|catchment| {
        let name = (catchment.label.en.as_ref(), catchment.label.zh.as_ref());
        let mut block = beside(at, &format!("catchment_{}", catchment.key), name, catchment_metrics::OfCatchment::TABLE);
        (block.by_area, block.family) = (false, Some(&catchment_metrics::CATCHMENTS));
        let block = catalogue.add(block);
        let schools = stage.catchments.schools(catchment.at).iter().map(|school| &stage.supply.facilities[*school]);
        schools.flat_map(Facility::projects).for_each(|project| catalogue.note_project(block, project));
        (catchment.at, block)
    });
    Some(Zoned { block, named: named.collect(), grades: stage.demand.grades })
}

fn block(at: usize, metrics: &'static [MetricDef], promise: Promise) -> Block {
    Block {
        service: SERVICE,
        service_label: SERVICE_LABEL,
        stage: ALL[at].id.to_owned(),
        stage_label: ALL[at].label.clone(),
        metrics,
        by_area: true,
        promise: Some(promise),
        family: None,
    }
}

/// A block beside that of a stage.
fn beside(at: usize, id: &str, (en, zh): (&str, &str), metrics: &'static [MetricDef]) -> Block {
    let label = &ALL[at].label;
    Block {
        service: SERVICE,
        service_label: SERVICE_LABEL,
        stage: format!("{}_{id}", ALL[at].id),
        stage_label: Text::owned(format!("{}: {en}", label.en), format!("{}：{zh}", label.zh)),
        metrics,
        by_area: true,
        promise: None,
        family: None,
    }
}

fn near_block(at: usize) -> Block {
    beside(at, "nearness", ("way from home", "居家距离"), nearness::OfNearness::TABLE)
}

fn read_promise(section: &Section<'_>) -> Option<(Limits, Promise)> {
    let (unmet, stretched) = (section.number("unmet_share_at_most"), section.number("stretched_share_at_most"));
    let (confidence, surplus_below) = (section.number("confidence"), section.number("surplus_below"));
    let limits = Limits { unmet_share: unmet?, stretched_share: stretched? };
    let (without, above) = (Promise::percent(limits.unmet_share), Promise::percent(limits.stretched_share));
    let text = text!(
        "at most {without}% of children without a place and at most {above}% of pupils above the class-size norm",
        "无学位儿童不超过 {without}%，超标准班额就读的学生不超过 {above}%"
    );
    Some((limits, Promise { text, confidence: confidence?, surplus_below: surplus_below? }))
}

/// A stage as read, before its block exists.
struct StageSpec {
    follows: Option<usize>,
    graded: bool,
    demand: DemandModel,
    supply: Supply,
    catchments: Catchments,
    private_share: Parameter,
    outside_share: Parameter,
    choice_km: Option<Parameter>,
    return_home: bool,
    registered: Option<(Registered, Right)>,
    near: Vec<u32>,
    metres: Vec<u32>,
    limit_km: f64,
    staffing: Staffing,
}

impl StageSpec {
    fn compile(self, block: crate::metric::BlockId, limits: Limits) -> Stage {
        Stage {
            block,
            follows: self.follows,
            graded: self.graded,
            demand: self.demand,
            supply: self.supply,
            catchments: self.catchments,
            zoned: None,
            private_share: self.private_share,
            outside_share: self.outside_share,
            choice_km: self.choice_km,
            return_home: self.return_home,
            registered: self.registered,
            near: self.near,
            metres: self.metres,
            nearness: None,
            limit_km: self.limit_km,
            ways: None,
            limits,
            staffing: self.staffing,
        }
    }
}

fn read_stage(section: &Section<'_>, place: &Place<'_>, catchments: &Catchments) -> Option<StageSpec> {
    let &Place { at, site, present, .. } = place;
    let def = &ALL[at];
    let demand = read_demand(section, place);
    let supply = read_supply(section, at, catchments);
    let (private_share, outside_share) = (section.uncertain("private_share"), section.uncertain("outside_share"));
    let choice_km = section.if_given("choice_km", Section::uncertain);
    let pupils_per_teacher = section.number("pupils_per_teacher");
    let teachers_per_class = section.number("teachers_per_class");
    let (registered_first, return_home) = (section.flag("registered_first"), section.flag("return_home"));
    let registered = read_registered(section, site);
    let limit_km = section.number("coordination_km");
    let (demand, limit_km) = (demand?, limit_km?);
    let right = if registered_first? { Right::First } else { Right::Equal };
    let follows = match demand.entry {
        Entry::OfLeavers(_) => def.follows.and_then(|before| present.iter().position(|p| *p == before)),
        Entry::PerResident(_) | Entry::PerBirth(_) | Entry::Direct(..) => None,
    };
    Some(StageSpec {
        follows,
        graded: def.graded,
        demand,
        supply: supply?,
        catchments: catchments.clone(),
        private_share: private_share?,
        outside_share: outside_share?,
        choice_km: choice_km?,
        return_home: return_home?,
        registered: registered?.map(|registered| (registered, right)),
        near: ways(site, limit_km),
        metres: ways(site, f64::INFINITY),
        limit_km,
        staffing: Staffing { pupils_per_teacher: pupils_per_teacher?, teachers_per_class: teachers_per_class? },
    })
}

/// Who of new children has local registration; `None` inside where groups are not told apart. The people say so, or the
/// stage does.
fn read_registered(section: &Section<'_>, site: &Site) -> Option<Option<Registered>> {
    match (section.has("registered_share"), site.has_registration) {
        (true, true) => {
            section.fault(
                code::CONTRADICTION,
                "registered_share",
                Text::new(
                    "[people.registration] says already which children are registered",
                    "[people.registration] 已给出哪些儿童为本地户籍",
                ),
                Text::new(
                    "remove `registered_share` here: children are as the residents of their age; or remove [people.registration]",
                    "请删去此处的 `registered_share`（儿童户籍随同龄常住人口），或删去 [people.registration]",
                ),
            );
            None
        }
        (true, false) => section.uncertain("registered_share").map(|share| Some(Registered::Share(share))),
        (false, true) => Some(Some(Registered::AsResidents)),
        (false, false) => Some(None),
    }
}

/// Metres between areas up to a limit; the own area is always within it.
fn ways(site: &Site, limit: f64) -> Vec<u32> {
    let areas = site.areas.len();
    (0..areas * areas)
        .map(|pair| site.kilometres(pair / areas, pair % areas))
        .map(|km| if km <= limit { libm::round(km * 1000.0) as u32 } else { NO_WAY })
        .collect()
}

fn read_supply(section: &Section<'_>, at: usize, catchments: &Catchments) -> Option<Supply> {
    let sizes = section.numbers("class_sizes");
    let size = |key: &str| section.number(key).map(|size| libm::round(size) as u32);
    let stretched = size("stretched_size");
    let emergency = if section.has("emergency_size") { size("emergency_size") } else { stretched };
    let (follow, staged) = (section.flag("rooms_follow_need"), section.flag("staged_opening"));
    let existing_factor = section.uncertain("existing_factor");
    let staffed_share = section.uncertain("staffed_share");
    let private_closure = section.uncertain("private_closure");
    let private_closure_below = section.number("private_closure_below");
    let sizes: Vec<u32> = sizes?.iter().map(|n| *n as u32).collect();
    let grades = grades(at);
    if sizes.len() != 1 && sizes.len() != grades {
        let found = sizes.len();
        section.fault(
            code::CONTRADICTION,
            "class_sizes",
            text!("{found} class sizes for {grades} grades", "{grades} 个年级给出了 {found} 个班额"),
            Text::new("give one number, or one for each grade", "请写一个数，或逐年级给出"),
        );
        return None;
    }
    Some(Supply {
        facilities: Vec::new(),
        grades,
        areas: catchments.areas(),
        catchments: catchments.len(),
        class_sizes: (0..grades).map(|grade| sizes[grade.min(sizes.len() - 1)]).collect(),
        stretched: stretched?,
        emergency: emergency?,
        rooms_follow_need: follow?,
        staged_opening: staged?,
        existing_factor: existing_factor?,
        staffed_share: staffed_share?,
        private_closure: private_closure?,
        private_closure_below: private_closure_below?,
    })
}
