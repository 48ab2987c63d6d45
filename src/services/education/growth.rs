//! Where classes can be added: at every stage, in every area whose public schools are one catchment.

use super::model::{Education, StageModel};
use super::stage::StageId;
use crate::language::Text;
use crate::services::service::{BuildingUnit, GrowthPoint, Written};
use crate::site::Site;

/// The points of all stages.
pub(super) fn points(model: &Education, site: &Site) -> Vec<GrowthPoint> {
    model.stages.iter().flat_map(|stage| of_stage(stage, site)).collect()
}

fn of_stage(model: &StageModel, site: &Site) -> Vec<GrowthPoint> {
    let stage = model.rules.stage;
    let sizes = &model.supply.rules.class_sizes;
    let room = sizes.iter().map(|size| f64::from(*size)).sum::<f64>() / sizes.len() as f64;
    let one_catchment = |area: &usize| model.catchments.of_area(*area).len() == 1;
    let areas = (0..site.areas.len()).filter(one_catchment);
    areas
        .map(|area| GrowthPoint {
            block: model.block,
            area: Some(area),
            key: format!("{}_{}", stage.id(), site.areas[area].id),
            label: label(stage, &site.areas[area].label),
            unit: BuildingUnit::Class,
            // A class goes up through all grades: one in each of them.
            lump: stage.grades() as u32,
            room,
            measured: None,
            written: Written::Row {
                facility: None,
                cells: vec![
                    ("area", site.areas[area].id.clone()),
                    ("stage", stage.id().to_owned()),
                    ("sector", "public".to_owned()),
                ],
                counted: "classes",
                // With their first September, so that they are new: doubt about present schools is not about these.
                standing: vec![("opens", format!("{}-09-01", site.start)), ("opening", "whole".to_owned())],
            },
        })
        .collect()
}

fn label(stage: StageId, area: &Text) -> Text {
    let stage = &stage.def().label;
    Text::owned(format!("{}, {}", stage.en, area.en), format!("{}·{}", area.zh, stage.zh))
}
