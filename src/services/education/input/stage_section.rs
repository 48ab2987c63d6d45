//! Reading `[education.stages.…]`: what a stage says of itself, apart from the table of facilities.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::site::Site;
use crate::text;

use super::cohorts::StageContext;
use super::demand::read_demand;
use super::facilities::USUAL_SIZES;
use super::messages;
use crate::services::education::demand::inflow::Entry;
use crate::services::education::metrics::Staffing;
use crate::services::education::model::{Registered, RegistrationRule, StageRules};
use crate::services::education::placement::catchments::Catchments;
use crate::services::education::placement::facility::SupplyRules;
use crate::services::education::placement::priority_groups::PublicPriority;
use crate::services::education::stage::StageId;

/// What the section of a stage says.
#[derive(Debug)]
pub(crate) struct StageInput {
    pub(crate) rules: StageRules,
    pub(crate) supply: SupplyRules,
}

/// Reads a stage; `None` when faults were noted.
pub(crate) fn read_stage(
    section: &Section<'_>,
    context: &StageContext<'_>,
    catchments: &Catchments,
) -> Option<StageInput> {
    let &StageContext { stage, site, present, .. } = context;
    let demand = read_demand(section, context);
    let supply = read_supply(section, stage, catchments);
    let (private_share, outside_share) = (section.uncertain("private_share"), section.uncertain("outside_share"));
    let choice_decay_km = section.if_given("choice_decay_km", Section::uncertain);
    let pupils_per_teacher = section.number("pupils_per_teacher");
    let teachers_per_class = section.number("teachers_per_class");
    let (hukou_priority, transfer_back) = (section.flag("hukou_priority"), section.flag("transfer_back"));
    let registered = read_registered(section, site);
    let max_placement_km = section.number("max_placement_km");
    if site.areas.len() == 1 && catchments.len() == 1 {
        for key in ["max_placement_km", "choice_decay_km", "transfer_back"] {
            section.note_idle(key, &messages::several_areas());
        }
    }
    let demand = demand?;
    let priority = if hukou_priority? { PublicPriority::First } else { PublicPriority::Equal };
    let follows = match demand.entry {
        Entry::OfLeavers(_) => stage.def().follows.and_then(|before| present.iter().position(|p| *p == before)),
        Entry::PerResident(_) | Entry::PerBirth(_) | Entry::Direct(..) => None,
    };
    let rules = StageRules {
        stage,
        follows,
        demand,
        private_share: private_share?,
        outside_share: outside_share?,
        choice_decay_km: choice_decay_km?,
        transfer_back: transfer_back?,
        registered: registered?.map(|registered| RegistrationRule { registered, priority }),
        max_placement_km: max_placement_km?,
        staffing: Staffing { pupils_per_teacher: pupils_per_teacher?, teachers_per_class: teachers_per_class? },
    };
    Some(StageInput { rules, supply: supply? })
}

/// Who of new children has local registration; inside, `None` where groups are not told apart. The people say so, or the
/// stage does.
#[expect(clippy::option_option, reason = "a fault and no groups are not the same")]
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

/// Warns of sizes of a class that no planner means; a fault where one is not whole.
fn note_sizes(section: &Section<'_>, sizes: &[f64], largest: [Option<f64>; 2]) -> Option<()> {
    if sizes.iter().any(|size| size.fract() != 0.0) {
        section.error("class_sizes", messages::part_of_a_child());
        return None;
    }
    let given = |key: &'static str, sizes: Vec<f64>| section.has(key).then_some((key, sizes));
    let of_keys = [
        given("class_sizes", sizes.to_vec()),
        given("max_class_size", largest[0].into_iter().collect()),
        given("surge_class_size", largest[1].into_iter().collect()),
    ];
    for (key, sizes) in of_keys.into_iter().flatten() {
        let unusual = sizes.iter().map(|size| *size as u32).find(|size| !USUAL_SIZES.contains(size));
        if let Some(size) = unusual {
            section.warn(key, messages::unlikely_class_size(size));
        }
    }
    Some(())
}

fn read_supply(section: &Section<'_>, stage: StageId, catchments: &Catchments) -> Option<SupplyRules> {
    let sizes = section.numbers("class_sizes");
    let size = |key: &str| section.number(key).map(|size| libm::round(size) as u32);
    let max_class_size = size("max_class_size");
    let surge = if section.has("surge_class_size") { size("surge_class_size") } else { max_class_size };
    if let Some(max) = max_class_size.filter(|max| surge.is_some_and(|surge| surge <= *max)) {
        section.note_idle("surge_class_size", &messages::surge_above(max));
    }
    let (flexible, staged) = (section.flag("flexible_classrooms"), section.flag("phased_opening"));
    let existing_capacity_factor = section.uncertain("existing_capacity_factor");
    let staffed_share = section.uncertain("staffed_share");
    let private_closure = section.uncertain("private_closure");
    let private_closure_below = section.number("private_closure_below");
    let sizes = sizes?;
    let largest = [max_class_size, surge].map(|size| size.map(f64::from));
    note_sizes(section, &sizes, largest)?;
    let sizes: Vec<u32> = sizes.iter().map(|n| *n as u32).collect();
    let grades = stage.grades();
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
    Some(SupplyRules {
        grades,
        areas: catchments.areas(),
        catchments: catchments.len(),
        class_sizes: (0..grades).map(|grade| sizes[grade.min(sizes.len() - 1)]).collect(),
        max_class_size: max_class_size?,
        surge_class_size: surge?,
        flexible_classrooms: flexible?,
        phased_opening: staged?,
        existing_capacity_factor: existing_capacity_factor?,
        staffed_share: staffed_share?,
        private_closure: private_closure?,
        private_closure_below: private_closure_below?,
    })
}
