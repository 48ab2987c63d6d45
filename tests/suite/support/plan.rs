//! A scenario of the project as it is run, and single numbers of its replications.

use std::path::Path;

use civicap::scenario::{Plan, Request, load};

/// A scenario of the project.
pub(crate) fn plan(file: &str) -> Plan {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file), Request::default()).plan.expect("no faults")
}

/// The value of a metric in one replication.
pub(crate) fn value(plan: &Plan, cells: &[u32], (stage, metric): (&str, &str), year: usize) -> f64 {
    let id = plan.catalogue.blocks().find(|(_, block)| block.stage == stage).expect("the stage").0;
    let at = plan.catalogue.metric(id, metric).expect("the metric");
    let kept = plan.catalogue.block(id).metrics[at].values;
    civicap::metric::decode(kept, cells[plan.catalogue.cell(id, at, 0, year)])
}
