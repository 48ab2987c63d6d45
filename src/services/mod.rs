//! The services: each one folder and one line of the [`ROSTER`].

pub mod education;
pub mod elderly;
pub mod health;
pub mod service;
pub mod service_signals;
mod targets;

use crate::metric::MetricDef;
use crate::population;
use service::ServiceKind;

/// Every service civicap knows, in the order of reports.
pub static ROSTER: &[&ServiceKind] = &[&education::KIND, &health::KIND, &elderly::KIND];

/// Every table of metrics that a run can have, with the key of its service; the people's first.
pub fn declared_metrics() -> impl Iterator<Item = (&'static str, &'static [MetricDef])> {
    let people = population::METRICS.iter().map(|table| (population::SERVICE, *table));
    people.chain(ROSTER.iter().flat_map(|kind| kind.metrics.iter().map(|table| (kind.name, *table))))
}

/// The metric of a service that has this name, or had it in an earlier version.
pub fn declared_metric(service: &str, id: &str) -> Option<&'static MetricDef> {
    let of_service = || declared_metrics().filter(|(name, _)| *name == service).flat_map(|(_, table)| table);
    of_service().find(|metric| metric.id == id).or_else(|| of_service().find(|metric| metric.formerly.contains(&id)))
}
