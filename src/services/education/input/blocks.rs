//! The blocks that education reports to: of each stage, and beside it.

use crate::language::Text;
use crate::metric::{Block, MetricDef, Promise};
use crate::services::education::metrics::OfStage;
use crate::services::education::placement::through_schools;
use crate::services::education::record::{catchment_metrics, grades, nearness};
use crate::services::education::stage::{SERVICE, SERVICE_LABEL, StageId};

/// The block of a stage.
pub(crate) fn stage(stage: StageId, with_groups: bool, promise: Promise) -> Block {
    Block {
        service: SERVICE,
        service_label: SERVICE_LABEL,
        stage: stage.id().to_owned(),
        stage_label: stage.def().label.clone(),
        metrics: if with_groups { OfStage::TABLE } else { OfStage::WITHOUT_GROUPS },
        by_area: true,
        promise: Some(promise),
        family: None,
    }
}

/// How near children live to schools, and how far they go.
pub(crate) fn nearness(stage: StageId) -> Block {
    beside(stage, "nearness", &Text::new("way from home", "居家距离"), nearness::OfNearness::TABLE)
}

/// Pupils by grade.
pub(crate) fn grades(stage: StageId) -> Block {
    beside(stage, "grades", &Text::new("pupils by grade", "分年级在校生"), grades::OfGrades::first(stage.grades()))
}

/// The divided areas of a stage.
pub(crate) fn catchments(stage: StageId) -> Block {
    beside(stage, "catchments", &Text::new("catchments", "学区"), catchment_metrics::OfDivided::TABLE)
}

/// One catchment.
pub(crate) fn catchment(stage: StageId, key: &str, label: &Text) -> Block {
    let block = beside(stage, &format!("catchment_{key}"), label, catchment_metrics::OfCatchment::TABLE);
    Block { by_area: false, family: Some(&catchment_metrics::CATCHMENTS), ..block }
}

/// Who goes on in through schools.
pub(crate) fn through_schools() -> Block {
    let label = Text::new("going on from nine-year schools", "九年一贯制直升");
    beside(StageId::Junior, "continuing", &label, through_schools::OfThrough::TABLE)
}

/// A block beside that of a stage.
fn beside(stage: StageId, id: &str, label: &Text, metrics: &'static [MetricDef]) -> Block {
    let of_stage = &stage.def().label;
    Block {
        service: SERVICE,
        service_label: SERVICE_LABEL,
        stage: format!("{}_{id}", stage.id()),
        stage_label: Text::owned(format!("{}: {}", of_stage.en, label.en), format!("{}：{}", of_stage.zh, label.zh)),
        metrics,
        by_area: true,
        promise: None,
        family: None,
    }
}
