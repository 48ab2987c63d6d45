//! The scenario: from a planner's files to a compiled [`Plan`], or to every fault in them at once.

mod analytic_reference;
mod change;
mod document;
mod imprint;
mod observed;
mod plan;
mod table_change;
mod upgrade;
mod variant;

pub use analytic_reference::{TheoryResult, Whole};
pub use change::{Cause, Change, Group, changes};
pub use document::{FORMAT, KEYS};
pub use imprint::Imprint;
pub use observed::{Observation, ObservedSet};
pub use plan::Plan;
pub use table_change::{RowChange, TableChange};
pub use upgrade::{Replaced, UpgradedFile, upgrade};
pub use variant::{load_grown, load_switched, load_without};

use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::input::LoadSession;

/// What is asked for beside the file: the words of the command line that change what a scenario means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request {
    /// First and last reported year, within the scenario's own horizon.
    pub years: Option<(i32, i32)>,
}

/// What came of reading a scenario.
#[derive(Debug)]
pub struct Loaded {
    /// The plan, if there was no error.
    pub plan: Option<Plan>,
    /// Everything found on the way.
    pub diagnostics: Diagnostics,
}

/// Reads, checks and compiles the scenario at `path`.
pub fn load(path: &Path, request: Request) -> Loaded {
    let session = LoadSession::default();
    let plan = document::read(&session, path).and_then(|value| plan::compile(&session, path, &value, request));
    let errors = session.diagnostics.errors();
    Loaded { plan: plan.filter(|_| errors == 0), diagnostics: session.diagnostics.finish() }
}
