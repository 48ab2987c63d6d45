//! From specialties, tiers and the table of beds to components of pools.
//!
//! Pools stand in the order of tier, facility and area by their keys, and the areas that ask in the order of theirs: the order of
//! a table moves nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::input::Section;
use crate::random::StreamKey;
use crate::services::health::input::beds::{BedEntry, BedTable};
use crate::services::health::input::intensive_units::of_specialty;
use crate::services::health::input::note::{caution, refuse};
use crate::services::health::input::readmission;
use crate::services::health::input::specialties::SpecialtyTerms;
use crate::services::health::input::tables::Stays;
use crate::services::health::input::terms::chosen;
use crate::services::health::messages;
use crate::services::health::model::{
    BedGroup, BedRow, Class, Component, DemandModel, Pool, RequestLanes, RequestSource, RequestStream, RequestTarget,
    StepDown,
};
use crate::services::health::stay::discharge::Discharge;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::tier::Tier;
use crate::services::health::time::DAY;
use crate::site::Site;
use crate::uncertainty::Parameter;

/// Mean stays, days, from which daily steps do: there a bed that falls free in the morning is given again for the day.
const DAILY_FROM_DAYS: f64 = 4.0;
/// Most bed-days, as a part of all, that daily steps may lose by those who come and leave on one day.
const DAILY_LOSS: f64 = 0.01;

/// Most facilities in which a specialty stands: each knows all others, nearest first, so that work and memory grow with the square.
const MOST_FACILITIES: usize = 4_000;

/// Requests for so many times what the beds could serve are hardly meant.
const FAR_TOO_MANY: f64 = 10.0;

/// A tier as its section says it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the tier's section")]
pub(crate) struct TierTerms {
    pub(crate) group: BedGroup,
    pub(crate) choice_factor: Parameter,
    pub(crate) inflow_factor: Parameter,
    pub(crate) pooled: bool,
    pub(crate) by_day: bool,
    pub(crate) overflow_up: bool,
    pub(crate) elective_overflow: bool,
    pub(crate) discharge: Option<Discharge>,
}

/// What components are built of.
pub(crate) struct ComponentBuilder<'a> {
    pub(crate) section: &'a Section<'a>,
    pub(crate) site: &'a Site,
    pub(crate) tiers: &'a [TierTerms],
    pub(crate) table: &'a BedTable,
    pub(crate) demand: &'a DemandModel,
}

/// Where a pool stands: its tier, and the area and name of its facility.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PoolSite<'a> {
    tier: Tier,
    facility: &'a str,
    area: usize,
}

/// The pools of a specialty and the beds in them.
struct Placed<'a> {
    sites: Vec<PoolSite<'a>>,
    rows: Vec<BedRow>,
}

/// Step-down as its section says it.
#[derive(Clone, Copy)]
struct StepDownTerms {
    share: Parameter,
    acute_share: f64,
}

impl ComponentBuilder<'_> {
    /// All specialties as components.
    pub(crate) fn components(
        &self,
        specialties: &[SpecialtyTerms],
        stays: &[Stays],
        step_down: &Section<'_>,
    ) -> Option<Vec<Component>> {
        let ids: Vec<&str> = specialties.iter().map(|s| s.id.as_str()).collect();
        let acute_share = step_down.number("acute_share_of_stay")?;
        let readmissions = readmission::of_specialties(self.section, &ids)?;
        let epidemic =
            if self.section.has("epidemic") { chosen(self.section, "epidemic", &ids)? } else { vec![false; ids.len()] };
        let (wanted, share) = (step_down.has("share"), step_down.uncertain("share")?);
        let step_down = wanted.then_some(StepDownTerms { share, acute_share });
        let mut entries: Vec<Vec<&BedEntry>> = vec![Vec::new(); ids.len()];
        self.table.entries.iter().for_each(|entry| entries[entry.specialty].push(entry));
        let built: Vec<_> = specialties
            .iter()
            .enumerate()
            .map(|(index, specialty)| {
                let placed = self.place(&entries[index]);
                if placed.sites.len() > MOST_FACILITIES {
                    let finding = messages::many_facilities(&specialty.id, placed.sites.len(), MOST_FACILITIES);
                    refuse(self.section, "supply", finding);
                    return None;
                }
                let component = self.component(index, specialty, &stays[index], &placed, step_down)?;
                Some(Component { readmission: readmissions[index], epidemic: epidemic[index], ..component })
            })
            .collect();
        built.into_iter().collect()
    }

    fn component(
        &self,
        index: usize,
        specialty: &SpecialtyTerms,
        stays: &Stays,
        placed: &Placed<'_>,
        step_down: Option<StepDownTerms>,
    ) -> Option<Component> {
        let sites = &placed.sites;
        let of_tier = Tier::ALL.map(|tier| {
            let stands = sites.iter().any(|site| site.tier == tier);
            stands.then(|| self.law(tier, specialty, stays[tier].as_ref())).flatten()
        });
        let laws: Vec<Option<&Stay>> = sites.iter().map(|site| of_tier[site.tier.index()]).collect();
        let orders = self.orders(sites);
        let pools = (0..sites.len()).map(|pool| self.pool(sites, pool, &orders)).collect();
        let mut streams = Vec::new();
        for tier in Tier::ALL {
            let stay_days = stays[tier].as_ref().map_or(0.0, |stay| stay.mean / DAY);
            self.add_streams(&mut streams, sites, index, tier, specialty, stay_days)?;
        }
        // Lists stand behind those who come unannounced.
        streams.sort_by_key(|stream| stream.listed);
        Some(Component {
            specialty: index,
            id: specialty.id.clone(),
            label: specialty.label.clone(),
            name: StreamKey::named(&specialty.id),
            pools,
            stays: laws.into_iter().map(Option::<&Stay>::cloned).collect::<Option<Vec<_>>>()?,
            stay_level: Some(specialty.stay_level),
            rows: placed.rows.clone(),
            streams,
            step_downs: self.step_targets(sites, step_down),
            readmission: None,
            epidemic: false,
            intensive: of_specialty(specialty.intensive),
        })
    }

    /// The law of stay of a tier, checked; `None` when a fault was noted.
    fn law<'s>(&self, tier: Tier, specialty: &SpecialtyTerms, stay: Option<&'s Stay>) -> Option<&'s Stay> {
        let Some(stay) = stay else {
            refuse(self.section, "length_of_stay", messages::no_stay(tier.key(), &specialty.id));
            return None;
        };
        let longer = |part: f64| stay.survivor(part * DAY, stay.mean);
        // Those who leave on the day on which they come, whatever the hour (Simpson's rule).
        let same_day = 1.0 - (1.0 + 4.0 * longer(0.5) + longer(1.0)) / 6.0;
        let days = stay.mean / DAY;
        if self.tiers[tier.index()].by_day && (days < DAILY_FROM_DAYS || same_day / days > DAILY_LOSS) {
            let finding = messages::short_stays_in_daily_steps(&specialty.id, days, DAILY_FROM_DAYS);
            refuse(self.section, tier.key(), finding);
            return None;
        }
        Some(stay)
    }

    /// The pools of a specialty and the beds in them. A facility that is enlarged by a project is one pool with what it had.
    fn place<'e>(&self, entries: &[&'e BedEntry]) -> Placed<'e> {
        let site = |entry: &'e BedEntry| {
            let pooled = self.tiers[entry.tier.index()].pooled;
            PoolSite { tier: entry.tier, facility: if pooled { "" } else { &entry.facility }, area: entry.beds.area }
        };
        // A tier that is filled as one stands in the area of its first facility.
        let key =
            |site: &PoolSite<'e>| (site.tier, site.facility, if site.facility.is_empty() { 0 } else { site.area });
        let mut found: BTreeMap<_, PoolSite<'e>> = BTreeMap::new();
        for entry in entries {
            let site = site(entry);
            found.entry(key(&site)).or_insert(site);
        }
        let places: BTreeMap<_, usize> = found.keys().enumerate().map(|(at, key)| (*key, at)).collect();
        let rows = entries.iter().map(|entry| BedRow { pool: places[&key(&site(entry))] as u16, ..entry.beds });
        Placed { rows: rows.collect(), sites: found.into_values().collect() }
    }

    /// All pools as they are looked for from each area in which one stands: by tier, nearest first.
    fn orders(&self, sites: &[PoolSite<'_>]) -> BTreeMap<usize, Vec<usize>> {
        let areas: BTreeSet<usize> = sites.iter().map(|site| site.area).collect();
        let order = |area: usize| {
            let distance = |pool: usize| self.site.kilometres(area, sites[pool].area);
            let mut all: Vec<usize> = (0..sites.len()).collect();
            all.sort_by(|&a, &b| {
                sites[a].tier.cmp(&sites[b].tier).then(distance(a).total_cmp(&distance(b))).then(a.cmp(&b))
            });
            (area, all)
        };
        areas.into_iter().map(order).collect()
    }

    /// Overflow of urgent patients: same tier, nearest first, then the tiers above; elective patients wait for their own
    /// unless the tier says otherwise.
    fn pool(&self, sites: &[PoolSite<'_>], pool: usize, orders: &BTreeMap<usize, Vec<usize>>) -> Pool {
        let own = &sites[pool];
        let terms = &self.tiers[own.tier.index()];
        let takes = |&other: &usize| {
            other != pool && (sites[other].tier == own.tier || (terms.overflow_up && sites[other].tier > own.tier))
        };
        let urgent: Vec<u16> = orders[&own.area].iter().copied().filter(takes).map(|other| other as u16).collect();
        let elective = if terms.elective_overflow { urgent.clone() } else { Vec::new() };
        Pool {
            name: self.pool_name(own),
            group: own.tier as u8,
            overflow: [urgent, elective],
            waiting_places: u32::MAX,
            by_day: terms.by_day,
            discharge: terms.discharge,
        }
    }

    /// What a pool is called in random streams.
    fn pool_name(&self, site: &PoolSite<'_>) -> StreamKey {
        let tier = StreamKey::named(site.tier.key());
        if site.facility.is_empty() { tier } else { tier.and(site.facility).and(&self.site.areas[site.area].id) }
    }

    fn add_streams(
        &self,
        streams: &mut Vec<RequestStream>,
        sites: &[PoolSite<'_>],
        index: usize,
        tier: Tier,
        specialty: &SpecialtyTerms,
        stay_days: f64,
    ) -> Option<()> {
        let pools: Vec<usize> = (0..sites.len()).filter(|&pool| sites[pool].tier == tier).collect();
        let inflow = self.demand.inflow[index][tier] > 0.0;
        if pools.is_empty() {
            let asked = self.demand.choice[index].tiers[tier] > 0.0 || inflow;
            // What seems to lack beds because rows could not be read is told there.
            if asked && !self.table.is_partial {
                refuse(self.section, "supply", messages::asked_without_beds(tier.key(), &specialty.id));
            }
            return (!asked).then_some(());
        }
        self.note_demand(index, tier, stay_days);
        let targets = self.targets(sites, tier, &pools, inflow);
        let (group, by_day, elective) = (tier as u8, self.tiers[tier.index()].by_day, specialty.elective_share);
        let stream = |class: Class, name: StreamKey, targets: Vec<RequestTarget>| {
            let listed = class == Class::Elective;
            let share = if listed { elective } else { 1.0 - elective };
            RequestStream { group, class, listed, share, by_day, targets, lanes: RequestLanes::new(name) }
        };
        if elective < 1.0 {
            streams.push(stream(Class::Urgent, StreamKey::named(tier.key()).and("urgent"), targets.clone()));
        }
        // Every facility keeps its own list.
        let mut own: Vec<Vec<RequestTarget>> = vec![Vec::new(); sites.len()];
        if elective > 0.0 {
            targets.iter().for_each(|target| own[usize::from(target.pool)].push(*target));
        }
        for pool in pools.iter().filter(|_| elective > 0.0) {
            let own = std::mem::take(&mut own[*pool]);
            streams.push(stream(Class::Elective, self.pool_name(&sites[*pool]).and("list"), own));
        }
        Some(())
    }

    /// Warns where many times more people from outside the district ask than the beds could serve.
    fn note_demand(&self, index: usize, tier: Tier, stay_days: f64) {
        let own = self.table.entries.iter().filter(|entry| entry.specialty == index && entry.tier == tier);
        let beds: f64 = own.map(|entry| f64::from(entry.beds.beds)).sum();
        let asked = self.demand.inflow[index][tier];
        if beds > 0.0 && asked * stay_days > FAR_TOO_MANY * 365.0 * beds {
            let finding = messages::demand_without_end(asked, beds, 365.0 / stay_days);
            caution(self.section, "non_resident_demand", finding);
        }
    }

    /// Who asks which pool of a tier: some serve their own area and those without one, the others all.
    fn targets(&self, sites: &[PoolSite<'_>], tier: Tier, pools: &[usize], inflow: bool) -> Vec<RequestTarget> {
        let outside = self.site.areas.len();
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
        let mut areas: Vec<usize> = (0..outside).collect();
        areas.sort_by_key(|&area| &self.site.areas[area].id);
        let mut targets = Vec::new();
        for area in areas {
            let source = RequestSource::Area { tier, area };
            if tier.serves_its_neighbourhood() {
                targets.extend(nearest(area).map(|pool| target(source, area, pool, false)));
            } else {
                targets.extend(pools.iter().map(|&pool| target(source, area, pool, true)));
            }
        }
        if inflow {
            targets.extend(pools.iter().map(|&pool| target(RequestSource::Inflow { tier }, outside, pool, true)));
        }
        targets
    }

    /// Patients step down to the nearest pool of their specialty in the first tier that takes them and has beds for it.
    fn step_targets(&self, sites: &[PoolSite<'_>], terms: Option<StepDownTerms>) -> Vec<Option<StepDown>> {
        let target = |site: &PoolSite<'_>| {
            site.tier.steps_down_to().iter().find_map(|&tier| {
                let distance = |pool: usize| self.site.kilometres(site.area, sites[pool].area);
                let pools = (0..sites.len()).filter(|&pool| sites[pool].tier == tier);
                pools.min_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)))
            })
        };
        let step = |site: &PoolSite<'_>| {
            let (terms, to) = (terms?, target(site)?);
            Some(StepDown { to: to as u16, share: terms.share, acute_part: Some(terms.acute_share) })
        };
        sites.iter().map(step).collect()
    }
}
