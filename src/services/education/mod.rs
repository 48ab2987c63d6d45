//! School places: do the planned places meet demand, by stage, grade, subdistrict and year?
//!
//! Order of a September, stage by stage in the order of age: what the file says (`input`), children (`demand`), places and who
//! sits where (`placement`), what is recorded (`record`, `metrics`); what data say of the inputs is in `calibration`. The method,
//! its sources and what it does not do are in `method.md`.

pub mod calibration;
mod demand;
pub mod enrolment;
mod growth;
mod input;
mod metrics;
mod model;
mod placement;
mod record;
mod stage;
mod streams;

use crate::language::Text;
use crate::services::service::ServiceKind;

/// The education service.
pub static KIND: ServiceKind = ServiceKind {
    name: stage::SERVICE,
    label: stage::SERVICE_LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfStage::TABLE,
        record::grades::OfGrades::TABLE,
        record::nearness::OfNearness::TABLE,
        placement::through_schools::OfThrough::TABLE,
        record::catchment_metrics::OfDivided::TABLE,
        record::catchment_metrics::OfCatchment::TABLE,
    ],
    keys: input::keys::KEYS,
    read: input::section::read,
};
