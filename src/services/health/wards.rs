//! Wards with demand given directly: the textbook's systems, and a hospital seen alone.

use super::metrics;
use super::model::{BedRow, Component, Group, PromiseNumbers, Source, StepDown, StreamDef, Target};
use super::network::{CLASSES, PLANNED, Pool, URGENT};
use super::read::DAY;
use super::read_intensive::read_shares;
use super::read_terms::read_discharge;
use super::readmission;
use super::stay::{Stated, Stay};
use super::tables;
use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, Catalogue, Promise};

/// Reads the wards as one component, in which each ward is a pool and a block.
pub(super) fn read(
    section: &Section<'_>,
    promise: &(PromiseNumbers, Promise),
    catalogue: &mut Catalogue,
    groups: &mut Vec<Group>,
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
        let label = if ward.has("label") { ward.label("label")? } else { Text::name(id.clone()) };
        let block = catalogue.add(Block {
            service: "health",
            service_label: super::LABEL,
            stage: id.clone(),
            stage_label: label,
            metrics: metrics::WARD,
            by_area: true,
            promise: Some(promise.1.clone()),
            family: None,
        });
        complete &= read_ward(ward, index as u16, &ids, &mut component).is_some();
        let limits = read_limits(ward)?;
        groups.push(Group { block, limits, staffed: None, found_outside: None, published_use: None });
    }
    component.readmission = readmission::read(section)?;
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
    let (observed, law) = (ward.has("observed_stays"), ward.has("stay_mean_days"));
    if observed == law {
        let (message, remedy) = if observed {
            (
                Text::new("the stay is given twice: by a law and as it was counted", "住院日给了两次：分布与实际计数"),
                Text::new("keep `stay_mean_days` or `observed_stays`", "请只保留 stay_mean_days 或 observed_stays"),
            )
        } else {
            (
                Text::new("the ward does not say how long patients stay", "病区未给出住院日"),
                Text::new(
                    "add `stay_mean_days = ...` (mean stay, days) or `observed_stays = \"table.csv\"`",
                    "请补上 stay_mean_days = ...（平均住院日）或 observed_stays = \"表.csv\"",
                ),
            )
        };
        ward.fault(code::MISSING_KEY, "observed_stays", message, remedy);
        return None;
    }
    if observed {
        return tables::read_ward_stays(ward);
    }
    let (family, mean, cv) = (ward.choice("stay_law"), ward.number("stay_mean_days"), ward.number("stay_cv"));
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
    Some(Stay::stated(family?, Stated { mean: mean?, cv: cv?, long }))
}

fn read_ward(ward: &Section<'_>, pool: u16, ids: &[&str], component: &mut Component) -> Option<()> {
    let (per_day, beds) = (ward.uncertain("arrivals_per_day"), ward.count("beds"));
    let stay = read_stay(ward);
    let mut overflow = Vec::new();
    for (name, span) in ward.names("overflow_to")? {
        match ids.iter().position(|id| *id == name) {
            Some(other) if other != usize::from(pool) => overflow.push(other as u16),
            _ => {
                let list = ids.join(", ");
                ward.reading.faults.error(
                    code::UNKNOWN_NAME,
                    span,
                    crate::text!(
                        "`overflow_to` does not know another ward «{name}»",
                        "`overflow_to` 不认识其他病区“{name}”"
                    ),
                    crate::text!("write one of: {list}", "请从下列中选：{list}"),
                );
                return None;
            }
        }
    }
    let waiting_places = if ward.has("waiting_places") { ward.count("waiting_places")? } else { u32::MAX };
    component.pools.push(Pool {
        group: pool as u8,
        overflow: [overflow.clone(), overflow],
        waiting_places,
        by_day: false,
        discharge: read_discharge(ward)?,
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
    let stream = |per_day, class: u8| {
        let target = Target { source: Source::Given { per_day }, label: 0, pool, split: false };
        StreamDef { group: pool as u8, class, listed: false, share: 1.0, by_day: false, targets: vec![target] }
    };
    component.streams.push(stream(per_day?, PLANNED));
    if ward.has("urgent_per_day") {
        component.streams.push(stream(ward.uncertain("urgent_per_day")?, URGENT));
    }
    let step = if ward.has("step_down_to") {
        let to = ward.name_of("step_down_to", ids)? as u16;
        Some(StepDown { to, share: ward.uncertain("step_down_share")?, acute_part: None })
    } else {
        None
    };
    component.step_downs.push(step);
    component.intensive.push(read_shares(ward)?);
    Some(())
}
