//! Metrics that had another name, by what each says of itself ([`crate::metric::MetricDef`]).

use std::collections::BTreeSet;

use crate::services::declared_metrics;

/// What a metric is called now, if it had another name: the one metric of any service that was called so, where none is today.
pub(super) fn now(old: &str) -> Option<&'static str> {
    let metrics = || declared_metrics().flat_map(|(_, table)| table);
    if metrics().any(|metric| metric.id == old) {
        return None;
    }
    let called: BTreeSet<&'static str> =
        metrics().filter(|metric| metric.formerly.contains(&old)).map(|metric| metric.id).collect();
    if called.len() == 1 { called.first().copied() } else { None }
}
