//! From the section of a scenario to the compiled model.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, Promise};
use crate::services::health::input::blocks::{add_hospitals, add_residents, add_units};
use crate::services::health::input::extra_beds;
use crate::services::health::input::facilities;
use crate::services::health::input::facilities::FacilityBeds;
use crate::services::health::input::intensive_units::{self, of_specialty, read_shares};
use crate::services::health::input::readmission;
use crate::services::health::input::tables::{self, BedEntry};
use crate::services::health::input::terms::{chosen, read_discharge, read_swings};
use crate::services::health::input::wards;
use crate::services::health::metrics;
use crate::services::health::model::Shares;
use crate::services::health::model::{
    BedGroup, BedRow, Component, DemandModel, HealthModel, OpeningBeds, PromiseNumbers, RequestSource, RequestStream,
    RequestTarget, StepDown,
};
use crate::services::health::model::{CLASSES, Class, Pool};
use crate::services::health::stay::discharge::Discharge;
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::health::time::DAY;
use crate::services::health::time::days_before;
use crate::services::service::ExpandableCapacity;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

/// What the tiers or wards of `[health]` say.
struct TiersRead {
    components: Vec<Component>,
    demand: Option<DemandModel>,
    facilities: Vec<FacilityBeds>,
    growing: Vec<ExpandableCapacity>,
}

/// Reads `[health]`.
pub(crate) fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<HealthModel> {
    let promise = read_promise(section)?;
    let mut groups = Vec::new();
    // Read ahead of what may be missing, so that all faults are told at once.
    let (variation, stay_level) = (read_swings(section), section.uncertain("los_factor"));
    let TiersRead { components, demand, facilities, growing } = if section.has("wards") {
        let components = vec![wards::read(section, &promise, catalogue, &mut groups)?];
        TiersRead { components, demand: None, facilities: Vec::new(), growing: Vec::new() }
    } else {
        read_tiers(section, site, &promise, catalogue, &mut groups)?
    };
    let places: Vec<String> = groups.iter().map(|group| catalogue.block(group.block).stage.clone()).collect();
    let intensive = intensive_units::read(section, site, (&components, &places), catalogue);
    let stationary = section.choice("opening")? == 0;
    let residents = demand.is_some().then(|| add_residents(catalogue));
    let hospitals = add_hospitals(&facilities, &components, catalogue);
    let units = if demand.is_some() { add_units(&components, catalogue) } else { Vec::new() };
    Some(HealthModel {
        groups,
        residents,
        units,
        hospitals,
        growing,
        components,
        intensive: intensive?,
        demand,
        stay_level: stay_level?,
        variation: variation?,
        promise: promise.0,
        start: OpeningBeds { stationary, warm_up_days: if stationary { section.count("warm_up_days")? } else { 0 } },
        areas: site.areas.len(),
    })
}

fn read_promise(section: &Section<'_>) -> Option<(PromiseNumbers, Promise)> {
    let promise = section.section("service_target")?;
    let (refused, crowded) = (promise.number("refused_share_at_most"), promise.number("crowded_days_at_most"));
    let (confidence, surplus_below) = (promise.number("confidence")?, promise.number("surplus_utilisation_threshold")?);
    let numbers = PromiseNumbers { refused: refused?, crowded: crowded? };
    let (kept, calm) = (Promise::percent(1.0 - numbers.refused), Promise::percent(1.0 - numbers.crowded));
    let text = text!(
        "at least {kept}% of requests get a bed within the wait limit, and on at least {calm}% of days no more than 92% of open beds are in use",
        "至少 {kept}% 的住院请求在时限内得到床位，且至少 {calm}% 的日子床位使用率不超过 92%"
    );
    Some((numbers, Promise { text, confidence, surplus_below }))
}

/// A specialty as its section says it.
pub(crate) struct SpecialtyTerms {
    pub(crate) id: String,
    /// Beds on top of the table, by tier.
    pub(crate) more_beds: ByTier<f64>,
    pub(crate) label: Text,
    level: Parameter,
    stay_level: Parameter,
    per_birth: Option<Parameter>,
    intensive: Shares,
    planned_share: f64,
    family: usize,
}

#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the tier's section")]
struct TierTerms {
    choice_level: Parameter,
    inflow_level: Parameter,
    pooled: bool,
    by_day: bool,
    overflow_up: bool,
    planned_overflow: bool,
    discharge: Option<Discharge>,
}

fn read_specialties(section: &Section<'_>) -> Option<Vec<SpecialtyTerms>> {
    let named = section.named("specialties");
    let specialties: Vec<SpecialtyTerms> = named
        .iter()
        .filter_map(|(id, section)| {
            let label = section.label("label");
            let per_birth = section.has("per_birth").then(|| section.uncertain("per_birth")).flatten();
            let (level, stay_level) = (section.uncertain("admissions_factor"), section.uncertain("los_factor"));
            let (family, planned_share) = (section.choice("los_distribution"), section.number("elective_share"));
            let (more_beds, intensive) = (extra_beds::read(section), read_shares(section));
            Some(SpecialtyTerms {
                id: id.clone(),
                more_beds: more_beds?,
                label: label?,
                level: level?,
                stay_level: stay_level?,
                per_birth,
                intensive: intensive?,
                planned_share: planned_share?,
                family: family?,
            })
        })
        .collect();
    if named.is_empty() {
        section.fault(
            code::MISSING_KEY,
            "specialties",
            Text::new("no specialty is named", "未列出任何专科组"),
            Text::new(
                "add [health.specialties.<name>] for each, or [health.wards.<name>]",
                "请为每个专科加 [health.specialties.<名称>]，或改用 [health.wards.<名称>]",
            ),
        );
        return None;
    }
    (specialties.len() == named.len()).then_some(specialties)
}

fn read_tier(
    section: &Section<'_>,
    tier: Tier,
    promise: &Promise,
    (site, catalogue): (&Site, &mut Catalogue),
) -> Option<(TierTerms, BedGroup)> {
    let section = section.section(tier.key())?;
    let block = catalogue.add(Block {
        service: "health",
        service_label: crate::services::health::LABEL,
        stage: tier.key().to_owned(),
        stage_label: tier.label(),
        metrics: metrics::OfTier::OF_PEOPLE,
        by_area: true,
        promise: Some(promise.clone()),
        family: None,
    });
    // Whoever would wait for longer than the years last never leaves: then a list may grow without end, and is told to.
    let longest = f64::from(days_before(site.end + 1) - days_before(site.start)) * DAY;
    let limit = |hours: f64| if hours >= longest { f64::INFINITY } else { hours };
    let (urgent, planned) = (section.number("urgent_wait_hours"), section.number("elective_wait_days"));
    let (staffed, found_outside) = (section.uncertain("staffed_share"), section.uncertain("refused_treated_outside"));
    let published = section.if_given("published_occupancy", Section::number);
    let (choice_level, inflow_level) = (section.uncertain("choice_factor"), section.uncertain("non_resident_factor"));
    let (pooling, played_by) = (section.choice("pooling"), section.choice("engine"));
    let (overflow_up, planned_overflow) = (section.flag("overflow_up"), section.flag("elective_overflow"));
    let discharge = read_discharge(&section);
    let group = BedGroup {
        block,
        limits: [limit(urgent?), limit(planned? * DAY)],
        staffed: Some(staffed?),
        found_outside: Some(found_outside?),
        published_use: published?,
    };
    let tier = TierTerms {
        choice_level: choice_level?,
        inflow_level: inflow_level?,
        pooled: pooling? == 1,
        by_day: played_by? == 1,
        overflow_up: overflow_up?,
        planned_overflow: planned_overflow?,
        discharge: discharge?,
    };
    Some((tier, group))
}

/// There is nobody to ask for a bed.
fn no_people(section: &Section<'_>) {
    section.fault(
        code::MISSING_KEY,
        "wards",
        Text::new("there are no people and no wards", "既无人口也无病区"),
        Text::new(
            "add [people], or [health.wards.<name>] with demand given directly",
            "请加入 [people]，或用 [health.wards.<名称>] 直接给定需求",
        ),
    );
}

/// The tiers and their groups. All of them are read, so that all faults are told at once.
fn read_all_tiers(
    section: &Section<'_>,
    promise: &Promise,
    (site, catalogue): (&Site, &mut Catalogue),
) -> Option<(Vec<TierTerms>, Vec<BedGroup>)> {
    let read: Vec<_> =
        Tier::ALL.into_iter().map(|tier| read_tier(section, tier, promise, (site, &mut *catalogue))).collect();
    let (tiers, groups): (Vec<_>, Vec<_>) = read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().unzip();
    check_daily(section, &tiers)?;
    Some((tiers, groups))
}

fn read_tiers(
    section: &Section<'_>,
    site: &Site,
    promise: &(PromiseNumbers, Promise),
    catalogue: &mut Catalogue,
    groups: &mut Vec<BedGroup>,
) -> Option<TiersRead> {
    if !site.has_people {
        no_people(section);
        return None;
    }
    let named = section.named("specialties");
    let ids: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let specialties = read_specialties(section);
    if ids.is_empty() {
        return None;
    }
    let tiers = read_all_tiers(section, &promise.1, (site, catalogue));
    let families: Vec<usize> = specialties.iter().flatten().map(|s| s.family).chain(ids.iter().map(|_| 0)).collect();
    let (rates, stays) = (tables::read_demand(section, &ids), tables::read_stay(section, &ids, &families));
    let (choice, inflow) = (tables::read_choice(section, &ids), tables::read_inflow(section, &ids));
    let supply = tables::read_supply(section, &ids, site);
    let outside_factor = section.uncertain("outside_factor");
    let step_down = section.section("step_down")?;
    let (told, share) = (step_down.has("to_elderly_care_share"), step_down.uncertain("to_elderly_care_share"));
    let (to_elderly_care, level) = (share.filter(|_| told), section.uncertain("admissions_factor"));
    let (specialties, mut supply) = (specialties?, supply?);
    let (tiers, read_groups) = tiers?;
    *groups = read_groups;
    extra_beds::add(section, &specialties, &mut supply)?;
    for (row, (project, _)) in supply.iter().filter_map(|row| row.beds.project.map(|project| (row, project))) {
        catalogue.note_project(groups[row.tier.index()].block, project);
    }
    let demand = DemandModel {
        rates: rates?,
        per_birth: specialties.iter().map(|s| s.per_birth).collect(),
        level: level?,
        levels: specialties.iter().map(|s| s.level).collect(),
        choice: choice?,
        choice_factor: ByDestination {
            tiers: ByTier::new(|tier| (tier != Tier::Tertiary).then(|| tiers[tier.index()].choice_level)),
            outside: outside_factor,
        },
        inflow: inflow?,
        inflow_factor: ByTier::new(|tier| Some(tiers[tier.index()].inflow_level)),
        to_elderly_care,
    };
    let build = ComponentBuilder { section, site, tiers: &tiers, supply: &supply, demand: &demand };
    let components = build.components(&specialties, &stays?, &step_down)?;
    let (facilities, growing) = (facilities::find(&components, &supply), extra_beds::growing(&specialties, &supply));
    Some(TiersRead { components, demand: Some(demand), facilities, growing })
}

/// Only a tertiary tier pooled as one, whose patients do not step down, can be played by the day.
fn check_daily(section: &Section<'_>, tiers: &[TierTerms]) -> Option<()> {
    let steps = section.section("step_down").is_some_and(|step| step.has("share"));
    let wrong =
        Tier::ALL.iter().zip(tiers).any(|(tier, t)| t.by_day && (!t.pooled || *tier != Tier::Tertiary || steps));
    if !wrong {
        return Some(());
    }
    section.fault(
        code::CONTRADICTION,
        "tertiary",
        Text::new(
            "only a tertiary tier with pooling = \"tier\" and without step-down can be played by the day",
            "只有 pooling = \"tier\" 且不下转的三级层级可以按天计算",
        ),
        Text::new("write engine = \"hour\"", "请写 engine = \"hour\""),
    );
    None
}

struct ComponentBuilder<'a> {
    section: &'a Section<'a>,
    site: &'a Site,
    tiers: &'a [TierTerms],
    supply: &'a [BedEntry],
    demand: &'a DemandModel,
}

/// Where a pool stands: its tier and the area of its first facility.
struct PoolSite {
    tier: Tier,
    area: usize,
    facility: String,
}

impl ComponentBuilder<'_> {
    /// All specialties as components.
    fn components(
        &self,
        specialties: &[SpecialtyTerms],
        stays: &[tables::Stays],
        step_down: &Section<'_>,
    ) -> Option<Vec<Component>> {
        let ids: Vec<&str> = specialties.iter().map(|s| s.id.as_str()).collect();
        let acute_share_of_stay = step_down.number("acute_share_of_stay")?;
        let readmissions = readmission::of_specialties(self.section, &ids)?;
        let epidemic =
            if self.section.has("epidemic") { chosen(self.section, "epidemic", &ids)? } else { vec![false; ids.len()] };
        let (wanted, share) = (step_down.has("share"), step_down.uncertain("share")?);
        let step_down = wanted.then_some((share, acute_share_of_stay));
        let built = specialties.iter().enumerate().map(|(index, specialty)| {
            let component = self.component(index, specialty, &stays[index], step_down)?;
            Some(Component { readmission: readmissions[index], epidemic: epidemic[index], ..component })
        });
        built.collect()
    }

    fn component(
        &self,
        index: usize,
        specialty: &SpecialtyTerms,
        stays: &tables::Stays,
        step_down: Option<(Parameter, f64)>,
    ) -> Option<Component> {
        let (sites, rows) = self.place(index);
        let mut laws = Vec::with_capacity(sites.len());
        for site in &sites {
            let Some(law) = &stays[site.tier] else {
                let (tier, name) = (site.tier.key(), &specialty.id);
                self.section.fault(
                    code::MISSING_KEY,
                    "length_of_stay",
                    text!(
                        "there are {tier} beds for {name} but no length of stay",
                        "{tier} 有 {name} 床位但没有住院日"
                    ),
                    text!("add a row {name},{tier} to the table of stays", "请在住院日表中加一行 {name},{tier}"),
                );
                return None;
            };
            laws.push(law.clone());
        }
        let pools = (0..sites.len()).map(|pool| self.pool(&sites, pool)).collect();
        let mut streams = Vec::new();
        for tier in Tier::ALL {
            self.add_streams(&mut streams, &sites, index, tier, specialty)?;
        }
        // Lists stand behind those who come unannounced.
        streams.sort_by_key(|stream| stream.listed);
        let (step_downs, stay_level) = (step_targets(&sites, step_down), Some(specialty.stay_level));
        let (readmission, epidemic) = (None, false);
        Some(Component {
            specialty: index,
            name: (specialty.id.clone(), specialty.label.clone()),
            pools,
            stays: laws,
            stay_level,
            rows,
            streams,
            step_downs,
            readmission,
            epidemic,
            intensive: of_specialty(specialty.intensive),
        })
    }

    /// The pools of a specialty and the beds in them.
    fn place(&self, specialty: usize) -> (Vec<PoolSite>, Vec<BedRow>) {
        let mut sites: Vec<PoolSite> = Vec::new();
        let mut rows = Vec::new();
        for row in self.supply.iter().filter(|row| row.specialty == specialty) {
            let pooled = self.tiers[row.tier.index()].pooled;
            // A facility that is enlarged by a project is one pool with what it had: same tier, area and name's stem.
            let found = sites.iter().position(|site| {
                site.tier == row.tier && (pooled || (site.facility == row.facility && site.area == row.beds.area))
            });
            let pool = found.unwrap_or_else(|| {
                sites.push(PoolSite { tier: row.tier, area: row.beds.area, facility: row.facility.clone() });
                sites.len() - 1
            });
            rows.push(BedRow { pool: pool as u16, ..row.beds });
        }
        (sites, rows)
    }

    /// Overflow of urgent patients: same tier, nearest first, then the tiers above; planned patients wait for their
    /// own unless the tier says otherwise.
    fn pool(&self, sites: &[PoolSite], pool: usize) -> Pool {
        let own = &sites[pool];
        let up = self.tiers[own.tier.index()].overflow_up;
        let mut others: Vec<usize> = (0..sites.len())
            .filter(|&other| other != pool && (sites[other].tier == own.tier || (up && sites[other].tier > own.tier)))
            .collect();
        let distance = |other: usize| self.site.kilometres(own.area, sites[other].area);
        others.sort_by(|&a, &b| {
            sites[a].tier.cmp(&sites[b].tier).then(distance(a).total_cmp(&distance(b))).then(a.cmp(&b))
        });
        let urgent: Vec<u16> = others.into_iter().map(|other| other as u16).collect();
        let planned = if self.tiers[own.tier.index()].planned_overflow { urgent.clone() } else { Vec::new() };
        let TierTerms { by_day, discharge, .. } = self.tiers[own.tier.index()];
        Pool { group: own.tier as u8, overflow: [urgent, planned], waiting_places: u32::MAX, by_day, discharge }
    }

    fn add_streams(
        &self,
        streams: &mut Vec<RequestStream>,
        sites: &[PoolSite],
        index: usize,
        tier: Tier,
        specialty: &SpecialtyTerms,
    ) -> Option<()> {
        let pools: Vec<usize> = (0..sites.len()).filter(|&pool| sites[pool].tier == tier).collect();
        let asked = self.demand.choice[index].tiers[tier] > 0.0 || self.demand.inflow[index][tier] > 0.0;
        if pools.is_empty() {
            if asked {
                let (tier, name) = (tier.key(), &specialty.id);
                self.section.fault(
                    code::CONTRADICTION,
                    "supply",
                    text!(
                        "{tier} hospitals are asked for {name} but have no beds for it",
                        "{tier} 有 {name} 的住院请求但没有床位"
                    ),
                    text!(
                        "add beds, or let nobody ask there: set the share and the inflow to 0",
                        "请增加床位，或将其首选比例与流入设为 0"
                    ),
                );
                return None;
            }
            return Some(());
        }
        let inflow = self.demand.inflow[index][tier] > 0.0;
        let targets = self.targets(sites, tier, &pools, inflow);
        let (group, by_day, planned) = (tier as u8, self.tiers[tier.index()].by_day, specialty.planned_share);
        if planned < 1.0 {
            let (class, targets) = (Class::Urgent, targets.clone());
            streams.push(RequestStream { group, class, listed: false, share: 1.0 - planned, by_day, targets });
        }
        // Every facility keeps its own list.
        for pool in pools.iter().filter(|_| planned > 0.0) {
            let targets = targets.iter().filter(|target| usize::from(target.pool) == *pool).copied().collect();
            streams.push(RequestStream {
                group,
                class: Class::Elective,
                listed: true,
                share: planned,
                by_day,
                targets,
            });
        }
        Some(())
    }

    /// Who asks which pool of a tier: a community centre serves its own area, or the nearest where there is none.
    fn targets(&self, sites: &[PoolSite], tier: Tier, pools: &[usize], inflow: bool) -> Vec<RequestTarget> {
        let areas = self.site.areas.len();
        let nearest = |area: usize| {
            let distance = |pool: usize| self.site.kilometres(area, sites[pool].area);
            pools.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)))
        };
        let target = |source, label: usize, pool: usize, split| RequestTarget {
            source,
            label: label as u16,
            pool: pool as u16,
            split,
        };
        let mut targets = Vec::new();
        for area in 0..areas {
            let source = RequestSource::Area { tier, area };
            if tier.serves_its_neighbourhood() {
                targets.extend(nearest(area).map(|pool| target(source, area, pool, false)));
            } else {
                targets.extend(pools.iter().map(|&pool| target(source, area, pool, true)));
            }
        }
        if inflow {
            targets.extend(pools.iter().map(|&pool| target(RequestSource::Inflow { tier }, areas, pool, true)));
        }
        targets
    }
}

/// Tertiary patients step down to the first district pool of their specialty, or the first community pool.
fn step_targets(sites: &[PoolSite], step_down: Option<(Parameter, f64)>) -> Vec<Option<StepDown>> {
    let target =
        Tier::Tertiary.steps_down_to().iter().find_map(|&tier| sites.iter().position(|site| site.tier == tier));
    let step =
        target.zip(step_down).map(|(to, (share, part))| StepDown { to: to as u16, share, acute_part: Some(part) });
    sites.iter().map(|site| step.filter(|_| site.tier == Tier::Tertiary)).collect()
}

/// Two classes and the outside are fixed sizes of the tables above.
const _: () = assert!(CLASSES == 2);
