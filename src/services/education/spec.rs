//! Reading `[education]`: every check, then the compiled model.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, Promise};
use crate::services::service::Service;
use crate::site::Site;
use crate::text;

use super::demand::{DemandModel, Entry};
use super::facilities;
use super::metrics::{Limits, METRICS, Staffing};
use super::model::{Education, Stage};
use super::stage::{ALL, SERVICE, SERVICE_LABEL, STAGES};
use super::supply::Supply;
use super::transport::NO_WAY;

/// Reads the section and adds one block for each stage.
pub(super) fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
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
    let mut stages = Vec::with_capacity(present.len());
    for &at in &present {
        let read = stages_section.section(ALL[at].id).and_then(|s| read_stage(&s, at, site, &present));
        stages.extend(read.zip(promise.as_ref()).map(|(stage, (limits, promise))| {
            let block = catalogue.add(block(at, promise.clone()));
            stage.compile(block, *limits)
        }));
    }
    if section.has("supply") {
        let facilities = facilities::read(section, site, &present)?;
        for stage in &mut stages {
            let rows = facilities.iter().filter(|facility| facility.stage == stage.demand.stage);
            stage.supply.facilities = rows.map(|facility| facility.clone().of(&stage.supply)).collect();
        }
    }
    let whole = stages.len() == present.len() && !present.is_empty();
    whole.then(|| Box::new(Education { stages }) as Box<dyn Service>)
}

fn block(at: usize, promise: Promise) -> Block {
    Block {
        service: SERVICE,
        service_label: SERVICE_LABEL,
        stage: ALL[at].id.to_owned(),
        stage_label: ALL[at].label.clone(),
        metrics: METRICS,
        by_area: true,
        promise: Some(promise),
    }
}

fn read_promise(section: &Section<'_>) -> Option<(Limits, Promise)> {
    let (unmet, stretched) = (section.number("unmet_share_at_most"), section.number("stretched_share_at_most"));
    let (confidence, surplus_below) = (section.number("confidence"), section.number("surplus_below"));
    let limits = Limits { unmet_share: unmet?, stretched_share: stretched? };
    let (without, above) = (percent(limits.unmet_share), percent(limits.stretched_share));
    let text = text!(
        "at most {without}% of children without a place and at most {above}% of pupils above the class-size norm",
        "无学位儿童不超过 {without}%，超标准班额就读的学生不超过 {above}%"
    );
    Some((limits, Promise { text, confidence: confidence?, surplus_below: surplus_below? }))
}

/// A share in per cent, without the noise of binary fractions.
fn percent(share: f64) -> f64 {
    libm::round(share * 1e6) / 1e4
}

/// A stage as read, before its block exists.
struct StageSpec {
    follows: Option<usize>,
    graded: bool,
    demand: DemandModel,
    supply: Supply,
    private_share: crate::uncertainty::Parameter,
    outside_share: crate::uncertainty::Parameter,
    near: Vec<u32>,
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
            private_share: self.private_share,
            outside_share: self.outside_share,
            near: self.near,
            limits,
            staffing: self.staffing,
        }
    }
}

fn read_stage(section: &Section<'_>, at: usize, site: &Site, present: &[usize]) -> Option<StageSpec> {
    let def = &ALL[at];
    let demand = read_demand(section, at, site, present);
    let supply = read_supply(section, at, site);
    let (private_share, outside_share) = (section.uncertain("private_share"), section.uncertain("outside_share"));
    let pupils_per_teacher = section.number("pupils_per_teacher");
    let teachers_per_class = section.number("teachers_per_class");
    let near = section.number("coordination_km").map(|km| ways(site, km));
    let demand = demand?;
    let follows = match demand.entry {
        Entry::OfLeavers(_) => def.follows.and_then(|before| present.iter().position(|p| *p == before)),
        Entry::PerResident(_) | Entry::Direct(..) => None,
    };
    Some(StageSpec {
        follows,
        graded: def.graded,
        demand,
        supply: supply?,
        private_share: private_share?,
        outside_share: outside_share?,
        near: near?,
        staffing: Staffing { pupils_per_teacher: pupils_per_teacher?, teachers_per_class: teachers_per_class? },
    })
}

/// Metres between areas up to a limit; the own area is always within it.
fn ways(site: &Site, limit: f64) -> Vec<u32> {
    let areas = site.areas.len();
    (0..areas * areas)
        .map(|pair| site.kilometres(pair / areas, pair % areas))
        .map(|km| if km <= limit { libm::round(km * 1000.0) as u32 } else { NO_WAY })
        .collect()
}

fn grades(at: usize) -> usize {
    if ALL[at].graded { ALL[at].years as usize } else { 1 }
}

fn read_demand(section: &Section<'_>, at: usize, site: &Site, present: &[usize]) -> Option<DemandModel> {
    let def = &ALL[at];
    let entry = read_entry(section, at, site, present);
    let enrolled = if section.has("enrolled_per_resident") { section.uncertain("enrolled_per_resident") } else { None };
    let progression = section.uncertain("progression");
    let opening = if section.has("opening_pupils") { section.numbers("opening_pupils")? } else { Vec::new() };
    if !opening.is_empty() && opening.len() != grades(at) {
        let (found, expected) = (opening.len(), grades(at));
        section.fault(
            code::CONTRADICTION,
            "opening_pupils",
            text!("{found} numbers for {expected} grades", "{expected} 个年级给出了 {found} 个数"),
            Text::new("give one number for each grade, the entry grade first", "请逐年级给出，起始年级在前"),
        );
        return None;
    }
    let entry = entry?;
    if matches!(entry, Entry::OfLeavers(_)) && site.has_people && enrolled.is_none() {
        section.fault(
            code::MISSING_KEY,
            "enrolled_per_resident",
            Text::new("pupils who are there already are not known from leavers", "仅凭毕业生无法得知期初在校生"),
            Text::new(
                "add `enrolled_per_resident`: pupils a resident child of the ages in the first September",
                "请补上 `enrolled_per_resident`：首个9月每名适龄常住儿童对应的在校生数",
            ),
        );
        return None;
    }
    Some(DemandModel {
        stage: at,
        areas: site.areas.len(),
        grades: grades(at),
        entry_age: def.entry_age as usize,
        ages_per_grade: if def.graded { 1 } else { def.years as usize },
        entry,
        enrolled,
        progression: progression?,
        opening_pupils: opening.iter().map(|n| *n as u32).collect(),
        has_people: site.has_people,
    })
}

const ENTRIES: [&str; 4] = ["participation", "yield_per_resident", "share_of_leavers", "entrants_per_year"];

fn read_entry(section: &Section<'_>, at: usize, site: &Site, present: &[usize]) -> Option<Entry> {
    let given: Vec<&str> = ENTRIES.into_iter().filter(|key| section.has(key)).collect();
    let list = ENTRIES.join(", ");
    let [key] = given[..] else {
        let found = given.len();
        section.fault(
            code::CONTRADICTION,
            given.last().copied().unwrap_or(ENTRIES[0]),
            text!(
                "{found} of the keys that say who enters are given, one is needed",
                "决定新生数的键给出了 {found} 个，应为 1 个"
            ),
            text!("give one of: {list}", "请从下列中只写一个：{list}"),
        );
        return None;
    };
    let parameter = section.uncertain(key);
    let needs_people = key == "participation" || key == "yield_per_resident";
    if needs_people && !site.has_people {
        section.fault(
            code::CONTRADICTION,
            key,
            text!("`{key}` counts residents, but the scenario has no people", "`{key}` 以常住儿童计，但方案没有人口"),
            Text::new("add [people], or give `entrants_per_year`", "请加入 [people]，或改写 `entrants_per_year`"),
        );
        return None;
    }
    let follows = ALL[at].follows.filter(|before| present.contains(before));
    if key == "share_of_leavers" && follows.is_none() {
        section.fault(
            code::CONTRADICTION,
            key,
            Text::new("the scenario has no stage whose leavers could enter", "方案中没有可升入本学段的上一学段"),
            Text::new("add the stage before, or count residents", "请加入上一学段，或按常住儿童计"),
        );
        return None;
    }
    Some(match key {
        "share_of_leavers" => Entry::OfLeavers(parameter?),
        "entrants_per_year" => Entry::Direct(parameter?, section.flag("entrants_by_chance")?),
        _ => Entry::PerResident(parameter?),
    })
}

fn read_supply(section: &Section<'_>, at: usize, site: &Site) -> Option<Supply> {
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
        areas: site.areas.len(),
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
