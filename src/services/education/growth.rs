//! Where classes can be added: at every stage, in every area whose public schools are one catchment.

use super::placement::catchments::Catchments;
use super::stage::StageId;
use crate::language::Text;
use crate::metric::BlockId;
use crate::services::service::{BuildingUnit, GrowthPoint, Written};
use crate::site::Site;

/// What is known of the classes of a stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct StageClasses<'a> {
    pub(super) block: BlockId,
    pub(super) stage: StageId,
    /// Norm by grade.
    pub(super) sizes: &'a [u32],
    pub(super) catchments: &'a Catchments,
}

/// The points of a stage.
pub(super) fn points(classes: StageClasses<'_>, site: &Site) -> Vec<GrowthPoint> {
    let StageClasses { block, stage, sizes, catchments } = classes;
    let room = sizes.iter().map(|size| f64::from(*size)).sum::<f64>() / sizes.len() as f64;
    let one_catchment = |area: &usize| catchments.of_area(*area).len() == 1;
    let areas = (0..site.areas.len()).filter(one_catchment);
    areas
        .map(|area| GrowthPoint {
            block,
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
