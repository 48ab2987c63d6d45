//! Wards with demand given directly: the textbook's systems, and a hospital seen alone.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, Promise};
use crate::services::health::input::intensive_units::read_shares;
use crate::services::health::input::readmission;
use crate::services::health::input::tables;
use crate::services::health::input::terms::read_discharge;
use crate::services::health::metrics;
use crate::services::health::model::{
    BedGroup, BedRow, Component, PromiseNumbers, RequestSource, RequestStream, RequestTarget, StepDown,
};
use crate::services::health::model::{CLASSES, Class, Pool};
use crate::services::health::stay::length_of_stay::{StatedStay, Stay};
use crate::services::health::time::DAY;
use crate::text;

/// Most wards of a scenario: they are told apart by a byte.
const MOST: usize = 255;

/// Reads the wards as one component, in which each ward is a pool and a block.
pub(crate) fn read(
    section: &Section<'_>,
    promise: &(PromiseNumbers, Promise),
    catalogue: &mut Catalogue,
    groups: &mut Vec<BedGroup>,
) -> Option<Component> {
    let wards = section.named("wards");
    let ids: Vec<&str> = wards.iter().map(|(id, _)| id.as_str()).collect();
    let mut component = Component {
        specialty: 0,
        name: (String::new(), Text::name(String::new())),
        pools: Vec::new(),
        stays: Vec::new(),
        stay_level: None,
        rows: Vec::new(),
        streams: Vec::new(),
        step_downs: Vec::new(),
        readmission: None,
        epidemic: true,
        intensive: Vec::new(),
    };
    let mut complete = true;
    for (index, (id, ward)) in wards.iter().enumerate() {
        let label = ward.label_or(id)?;
        let block = catalogue.add(Block {
            service: "health",
            service_label: crate::services::health::LABEL,
            stage: id.clone(),
            stage_label: label,
            metrics: metrics::OfTier::TABLE,
            by_area: true,
            promise: Some(promise.1.clone()),
            family: None,
        });
        complete &= read_ward(ward, index as u16, &ids, &mut component).is_some();
        let Some(limits) = read_limits(ward) else {
            complete = false;
            continue;
        };
        groups.push(BedGroup { block, limits, staffed: None, found_outside: None, published_use: None });
    }
    component.readmission = readmission::read(section)?;
    if complete {
        check_step_downs(&wards, &component.step_downs)?;
    }
    if ids.len() > MOST {
        section.fault(
            code::OUT_OF_RANGE,
            "wards",
            text!("there are more than {MOST} wards", "病区超过 {MOST} 个"),
            Text::new("put wards together, or run them apart", "请合并病区，或分别运行"),
        );
        return None;
    }
    if ids.is_empty() {
        section.fault(
            code::MISSING_KEY,
            "wards",
            Text::new("no ward is named", "未列出任何病区"),
            Text::new("add [health.wards.<name>]", "请加入 [health.wards.<名称>]"),
        );
    }
    (complete && !ids.is_empty()).then_some(component)
}

/// Longest waits, hours: none in a loss ward, endless in a queue unless limited.
fn read_limits(ward: &Section<'_>) -> Option<[f64; CLASSES]> {
    let queue = ward.choice("waiting")? == 1;
    let limit = if ward.has("wait_limit_days") { ward.number("wait_limit_days")? * DAY } else { f64::INFINITY };
    Some([if queue { limit } else { 0.0 }; CLASSES])
}

/// The stay of a ward's patients: a law, or stays as they were counted.
fn read_stay(ward: &Section<'_>) -> Option<Stay> {
    let (observed, law) = (ward.has("observed_stays"), ward.has("los_mean_days"));
    if observed == law {
        let (message, remedy) = if observed {
            (
                Text::new("the stay is given twice: by a law and as it was counted", "住院日给了两次：分布与实际计数"),
                Text::new("keep `los_mean_days` or `observed_stays`", "请只保留 los_mean_days 或 observed_stays"),
            )
        } else {
            (
                Text::new("the ward does not say how long patients stay", "病区未给出住院日"),
                Text::new(
                    "add `los_mean_days = ...` (mean stay, days) or `observed_stays = \"table.csv\"`",
                    "请补上 los_mean_days = ...（平均住院日）或 observed_stays = \"表.csv\"",
                ),
            )
        };
        ward.fault(code::MISSING_KEY, "observed_stays", message, remedy);
        return None;
    }
    if observed {
        return tables::read_ward_stays(ward);
    }
    let (family, mean, cv) = (ward.choice("los_distribution"), ward.number("los_mean_days"), ward.number("los_cv"));
    let share = ward.number("long_share")?;
    if share > 0.0 && !ward.has("long_mean_days") {
        ward.fault(
            code::MISSING_KEY,
            "long_share",
            Text::new("some patients stay long, but it is not said how long", "有长住病人，但未给出其住院日"),
            Text::new("add `long_mean_days = ...`", "请补上 long_mean_days = ...（长住病人的平均住院日）"),
        );
    }
    let long = if share > 0.0 {
        let (mean, cv) = (ward.number("long_mean_days"), ward.number("long_cv"));
        Some((share, mean?, cv?))
    } else {
        None
    };
    Some(Stay::stated(family?, StatedStay { mean: mean?, cv: cv?, long }))
}

/// The wards that take those who find this one full.
fn read_overflow(ward: &Section<'_>, pool: u16, ids: &[&str]) -> Option<Vec<u16>> {
    let mut overflow = Some(Vec::new());
    for (name, span) in ward.names("overflow_to")? {
        let other = ids.iter().position(|id| *id == name).filter(|other| *other != usize::from(pool));
        if let Some(other) = other {
            overflow.iter_mut().for_each(|overflow| overflow.push(other as u16));
            continue;
        }
        let list = ids.join(", ");
        ward.session.diagnostics.error(
            code::UNKNOWN_NAME,
            span,
            text!("`overflow_to` does not know another ward «{name}»", "`overflow_to` 不认识其他病区“{name}”"),
            text!("write one of: {list}", "请从下列中选：{list}"),
        );
        overflow = None;
    }
    overflow
}

/// Going on to another ward; `Some(None)` where nobody does.
fn read_step_down(ward: &Section<'_>, ids: &[&str]) -> Option<Option<StepDown>> {
    if !ward.has("step_down_to") {
        return Some(None);
    }
    let (to, share) = (ward.name_of("step_down_to", ids), ward.uncertain("step_down_share"));
    Some(Some(StepDown { to: to? as u16, share: share?, acute_part: None }))
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
                ward.fault(
                    code::CONTRADICTION,
                    "step_down_to",
                    text!(
                        "patients of «{id}» step down in a circle: full beds would wait for each other for ever",
                        "“{id}”的病人下转成环：满床互相等待，永远无法腾出"
                    ),
                    Text::new(
                        "let step-down end in a ward from which patients go home",
                        "请使下转终止于病人由此回家的病区",
                    ),
                );
                return None;
            }
        }
    }
    Some(())
}

fn read_ward(ward: &Section<'_>, pool: u16, ids: &[&str], component: &mut Component) -> Option<()> {
    let (per_day, beds) = (ward.uncertain("arrivals_per_day"), ward.count("beds"));
    let urgent = ward.if_given("urgent_per_day", Section::uncertain);
    let (stay, overflow) = (read_stay(ward), read_overflow(ward, pool, ids));
    let waiting_places = ward.if_given("waiting_places", Section::count);
    let (discharge, step, intensive) = (read_discharge(ward), read_step_down(ward, ids), read_shares(ward));
    let (overflow, waiting_places) = (overflow?, waiting_places?);
    component.pools.push(Pool {
        group: pool as u8,
        overflow: [overflow.clone(), overflow],
        waiting_places: waiting_places.unwrap_or(u32::MAX),
        by_day: false,
        discharge: discharge?,
    });
    component.stays.push(stay?);
    let always = (f64::NEG_INFINITY, f64::INFINITY);
    component.rows.push(BedRow {
        pool,
        area: 0,
        beds: f64::from(beds?),
        opens: always.0,
        closes: always.1,
        project: None,
    });
    let stream = |per_day, class: Class| {
        let target = RequestTarget { source: RequestSource::Given { per_day }, label: 0, pool, split: false };
        RequestStream { group: pool as u8, class, listed: false, share: 1.0, by_day: false, targets: vec![target] }
    };
    component.streams.push(stream(per_day?, Class::Elective));
    component.streams.extend(urgent?.map(|per_day| stream(per_day, Class::Urgent)));
    component.step_downs.push(step?);
    component.intensive.push(intensive?);
    Some(())
}
