//! Wards with demand given directly: the textbook's systems, and a hospital seen alone.

use super::metrics;
use super::model::{BedRow, Component, Group, PromiseNumbers, Source, StepDown, StreamDef, Target};
use super::network::{CLASSES, PLANNED, Pool, URGENT};
use super::read::DAY;
use super::stay::Stay;
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
        pools: Vec::new(),
        stays: Vec::new(),
        rows: Vec::new(),
        streams: Vec::new(),
        step_downs: Vec::new(),
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
        });
        complete &= read_ward(ward, index as u16, &ids, &mut component).is_some();
        let limits = read_limits(ward)?;
        groups.push(Group { block, limits, staffed: None, found_outside: None });
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

fn read_ward(ward: &Section<'_>, pool: u16, ids: &[&str], component: &mut Component) -> Option<()> {
    let (per_day, beds) = (ward.uncertain("arrivals_per_day"), ward.count("beds"));
    let (family, mean, cv) = (ward.choice("stay_law")?, ward.number("stay_mean_days"), ward.number("stay_cv")?);
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
    });
    component.stays.push(Stay::new(family, mean? * DAY, cv));
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
    Some(())
}
