//! School places: do the planned places meet demand, by stage, grade, subdistrict and year?
//!
//! Order of a September, stage by stage in the order of age: children (`demand`), places (`supply`), who sits where
//! (`catchments`, `seats`, `choice`, `placement`, `transport`, `onward`), what is recorded (`fate`, `metrics`, `zoned`,
//! `nearness`, from `homes` by `ways`). The method, its sources and what it does not do are in `method.md`.

mod catchments;
mod catchments_spec;
mod choice;
mod conversion;
mod demand;
mod demand_spec;
pub mod enrolment;
mod entitlement;
mod facilities;
mod fate;
mod homes;
mod keys;
mod metrics;
mod model;
mod nearness;
mod onward;
mod onward_spec;
mod placement;
mod reach;
mod rooms;
mod seats;
mod spec;
mod stage;
mod supply;
mod transport;
mod ways;
mod zoned;

use crate::language::Text;
use crate::services::service::ServiceKind;

pub(crate) use demand::around;

/// The education service.
pub static KIND: ServiceKind = ServiceKind {
    name: stage::SERVICE,
    label: stage::SERVICE_LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfStage::TABLE,
        nearness::OfNearness::TABLE,
        onward::OfThrough::TABLE,
        zoned::OfDivided::TABLE,
        zoned::OfCatchment::TABLE,
    ],
    keys: keys::KEYS,
    read: spec::read,
};
