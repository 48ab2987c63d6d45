//! Wards with demand given directly: the textbook's systems, and a hospital seen alone.

use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, Promise};
use crate::random::StreamKey;
use crate::services::health::input::growth;
use crate::services::health::input::intensive_units::{read_beds, read_shares};
use crate::services::health::input::note::{caution, refuse};
use crate::services::health::input::terms::read_discharge;
use crate::services::health::input::{families, readmission, tables};
use crate::services::health::model::{
    BedGroup, BedRow, CLASSES, Class, Component, CountedPatients, Pool, RequestLanes, RequestSource, RequestStream,
    RequestTarget, StepDown,
};
use crate::services::health::stay::length_of_stay::{LongStays, StatedStay, Stay};
use crate::services::health::time::DAY;
use crate::services::health::{messages, metrics};
use crate::services::service::GrowthPoint;
use crate::site::Site;
use crate::uncertainty::Parameter;

/// Most wards of a scenario: they are told apart by a byte.
const MOST: usize = 255;
/// Requests for so many times what the beds could serve are hardly meant.
const FAR_TOO_MANY: f64 = 10.0;

/// What the wards say.
pub(crate) struct WardsRead {
    pub(crate) component: Component,
    pub(crate) groups: Vec<BedGroup>,
    pub(crate) growth: Vec<GrowthPoint>,
    /// Patients on the first day, where they were counted.
    pub(crate) counted: Vec<CountedPatients>,
}

/// One ward.
struct Ward {
    group: BedGroup,
    pool: Pool,
    stay: Stay,
    rows: Vec<BedRow>,
    streams: Vec<RequestStream>,
    step_down: Option<StepDown>,
    intensive: [Option<Parameter>; CLASSES],
}

/// Reads the wards as one component, in which each ward is a pool and a block.
pub(crate) fn read(
    section: &Section<'_>,
    site: &Site,
    promise: &Promise,
    catalogue: &mut Catalogue,
) -> Option<WardsRead> {
    let wards = section.named("wards");
    let ids: Vec<&str> = wards.iter().map(|(id, _)| id.as_str()).collect();
    if ids.is_empty() || ids.len() > MOST {
        refuse(section, "wards", if ids.is_empty() { messages::no_ward() } else { messages::too_many_wards(MOST) });
        return None;
    }
    // Every ward is read before the first fault ends it.
    let read: Vec<Option<Ward>> = wards
        .iter()
        .enumerate()
        .map(|(index, (id, ward))| read_ward(ward, index as u16, id, &ids, site, promise, catalogue))
        .collect();
    let readmission = readmission::read(section);
    let counted = read_counted(section, &wards);
    let read: Vec<Ward> = read.into_iter().collect::<Option<_>>()?;
    let mut component = Component {
        specialty: 0,
        id: String::new(),
        label: Text::name(String::new()),
        name: StreamKey::named("wards"),
        pools: Vec::new(),
        stays: Vec::new(),
        stay_level: None,
        rows: Vec::new(),
        streams: Vec::new(),
        step_downs: Vec::new(),
        readmission: readmission?,
        epidemic: true,
        intensive: Vec::new(),
    };
    let (mut groups, mut growth) = (Vec::new(), Vec::new());
    for (ward, (id, section)) in read.into_iter().zip(&wards) {
        if let (true, [beds]) = (section.has("beds"), ward.rows.as_slice()) {
            let label = &catalogue.block(ward.group.block).stage_label;
            growth.push(growth::of_ward(ward.group.block, id, label, beds.beds));
        }
        groups.push(ward.group);
        component.pools.push(ward.pool);
        component.stays.push(ward.stay);
        component.rows.extend(ward.rows);
        component.streams.extend(ward.streams);
        component.step_downs.push(ward.step_down);
        component.intensive.push(ward.intensive);
    }
    for row in &component.rows {
        let block = groups[usize::from(row.pool)].block;
        row.schedule.projects().for_each(|project| catalogue.note_project(block, project));
    }
    check_step_downs(&wards, &component.step_downs)?;
    Some(WardsRead { component, groups, growth, counted: counted? })
}

fn read_ward(
    ward: &Section<'_>,
    pool: u16,
    id: &str,
    ids: &[&str],
    site: &Site,
    promise: &Promise,
    catalogue: &mut Catalogue,
) -> Option<Ward> {
    let block = catalogue.add(Block {
        service: "health",
        service_label: metrics::LABEL,
        stage: id.to_owned(),
        stage_label: ward.label_or(id)?,
        metrics: metrics::OfTier::TABLE,
        by_area: true,
        promise: Some(promise.clone()),
        family: None,
    });
    let name = StreamKey::named(id);
    let per_day = ward.uncertain("arrivals_per_day");
    let urgent = ward.if_given("urgent_per_day", Section::uncertain);
    let (rows, stay, overflow) = (read_beds(ward, site), read_stay(ward), read_overflow(ward, pool, ids));
    let waiting_places = ward.if_given("waiting_places", Section::count);
    let (discharge, step, intensive) = (read_discharge(ward), read_step_down(ward, ids), read_shares(ward));
    let (limits, overflow, stay) = (read_limits(ward), overflow?, stay?);
    let rows: Vec<BedRow> = rows?.into_iter().map(|row| BedRow { pool, ..row }).collect();
    let stream = |per_day, class: Class, name: StreamKey| {
        let target = RequestTarget { source: RequestSource::Given { per_day }, label: 0, pool, split: false };
        let lanes = RequestLanes::new(name);
        RequestStream {
            group: pool as u8,
            class,
            listed: false,
            share: 1.0,
            by_day: false,
            targets: vec![target],
            lanes,
        }
    };
    let (per_day, urgent) = (per_day?, urgent?);
    note_demand(ward, &rows, [Some(per_day), urgent], stay.mean / DAY);
    let mut streams = vec![stream(per_day, Class::Elective, name)];
    streams.extend(urgent.map(|per_day| stream(per_day, Class::Urgent, name.and("urgent"))));
    Some(Ward {
        group: BedGroup { block, name, limits: limits?, staffed: None, found_outside: None, published_use: None },
        pool: Pool {
            name,
            group: pool as u8,
            overflow: [overflow.clone(), overflow],
            waiting_places: waiting_places?.unwrap_or(u32::MAX),
            by_day: false,
            discharge: discharge?,
        },
        stay,
        rows,
        streams,
        step_down: step?,
        intensive: intensive?,
    })
}

/// Warns where many times more ask than the beds could serve.
fn note_demand(ward: &Section<'_>, rows: &[BedRow], per_day: [Option<Parameter>; CLASSES], stay_days: f64) {
    let asked: f64 = per_day.into_iter().flatten().map(|rate| ward.session.at_median(rate)).sum();
    let beds: f64 = rows.iter().map(|row| f64::from(row.beds)).sum();
    if beds > 0.0 && asked * stay_days > FAR_TOO_MANY * beds {
        let (a_year, served) = (asked * 365.0, 365.0 / stay_days);
        caution(ward, "arrivals_per_day", messages::demand_without_end(a_year, beds, served));
    }
}

/// Longest waits, hours: none in a loss ward, endless in a queue unless limited.
fn read_limits(ward: &Section<'_>) -> Option<[f64; CLASSES]> {
    let queue = ward.choice("waiting")? == 1;
    let limit = if ward.has("wait_limit_days") { ward.number("wait_limit_days")? * DAY } else { f64::INFINITY };
    Some([if queue { limit } else { 0.0 }; CLASSES])
}

/// The stay of a ward's patients: a law, or stays as they were counted.
fn read_stay(ward: &Section<'_>) -> Option<Stay> {
    match (ward.has("observed_stays"), ward.has("los_mean_days")) {
        (true, true) => {
            refuse(ward, "observed_stays", messages::stay_twice());
            return None;
        }
        (false, false) => {
            refuse(ward, "observed_stays", messages::no_stay_of_ward());
            return None;
        }
        (true, false) => return tables::read_ward_stays(ward),
        (false, true) => {}
    }
    let (family, mean, cv) = (families::read(ward), ward.number("los_mean_days"), ward.number("los_cv"));
    let share = ward.number("long_share")?;
    if share > 0.0 && !ward.has("long_mean_days") {
        refuse(ward, "long_share", messages::no_long_stay());
    }
    let long = if share > 0.0 {
        let (mean, cv) = (ward.number("long_mean_days"), ward.number("long_cv"));
        Some(LongStays { share, mean: mean?, cv: cv? })
    } else {
        None
    };
    Some(Stay::stated(family?, StatedStay { mean: mean?, cv: cv?, long }))
}

/// The wards that take those who find this one full.
fn read_overflow(ward: &Section<'_>, pool: u16, ids: &[&str]) -> Option<Vec<u16>> {
    let names = ward.names("overflow_to")?;
    let asked = names.len();
    let others = || ids.iter().enumerate().filter(|(at, _)| *at != usize::from(pool)).map(|(_, id)| *id);
    let mut overflow = Vec::new();
    for (name, span) in names {
        let list = || others().collect::<Vec<_>>().join(", ");
        match ids.iter().position(|id| *id == name) {
            Some(other) if other == usize::from(pool) => {
                ward.session.diagnostics.refuse(span, messages::overflow_to_itself(&name, &list()));
            }
            Some(other) => overflow.push(other as u16),
            None => ward.session.diagnostics.refuse(span, messages::no_such_ward(&name, &list())),
        }
    }
    (overflow.len() == asked).then_some(overflow)
}

/// Going on to another ward; `Some(None)` where nobody does.
fn read_step_down(ward: &Section<'_>, ids: &[&str]) -> Option<Option<StepDown>> {
    if !ward.has("step_down_to") {
        return Some(None);
    }
    let (to, share) = (ward.name_of("step_down_to", ids), ward.uncertain("step_down_share"));
    Some(Some(StepDown { to: to? as u16, share: share?, acute_part: None }))
}

/// The patients on the first day; nobody where the scenario does not open with a count.
fn read_counted(section: &Section<'_>, wards: &[(String, Section<'_>)]) -> Option<Vec<CountedPatients>> {
    let mut counted = Some(Vec::new());
    for (pool, (_, ward)) in wards.iter().enumerate() {
        let own = read_counted_of(ward, pool as u16);
        counted = counted.zip(own).map(|(mut all, own)| {
            all.extend(own);
            all
        });
    }
    let said = wards.iter().any(|(_, w)| w.has("opening_patients") || w.has("opening_patients_by_days"));
    if section.choice("opening") == Some(2) && !said {
        refuse(section, "opening", messages::nobody_counted());
        return None;
    }
    counted
}

fn read_counted_of(ward: &Section<'_>, pool: u16) -> Option<Vec<CountedPatients>> {
    match (ward.has("opening_patients"), ward.has("opening_patients_by_days")) {
        (true, true) => {
            refuse(ward, "opening_patients", messages::counted_twice());
            None
        }
        (true, false) => {
            let patients = ward.count("opening_patients")?;
            Some(vec![CountedPatients { pool, patients, so_far: None }])
        }
        (false, true) => {
            let rows = tables::read_opening_patients(ward)?;
            let of = |(days, patients): (f64, u32)| CountedPatients { pool, patients, so_far: Some(days * DAY) };
            Some(rows.into_iter().map(of).collect())
        }
        (false, false) => Some(Vec::new()),
    }
}

/// Notes a fault where patients of a ward could wait in their beds for beds that wait for theirs: nobody would ever leave.
fn check_step_downs(wards: &[(String, Section<'_>)], step_downs: &[Option<StepDown>]) -> Option<()> {
    for (start, (id, ward)) in wards.iter().enumerate() {
        let mut at = start;
        // No way without a circle is longer than there are wards.
        for _ in 0..wards.len() {
            let Some(step) = step_downs[at] else { break };
            at = usize::from(step.to);
            if at == start {
                refuse(ward, "step_down_to", messages::step_down_circle(id));
                return None;
            }
        }
    }
    Some(())
}
