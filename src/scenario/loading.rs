//! Reading a scenario from its file.

use std::path::Path;

use super::document;
use super::plan::{self, Plan};
use super::request::Request;
use crate::diagnostic::Diagnostics;
use crate::input::LoadSession;

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
    let document = document::read(&session, path, &request.settings);
    let plan = document.and_then(|value| plan::compile(&session, path, &value, request));
    let errors = session.diagnostics.errors();
    Loaded { plan: plan.filter(|_| errors == 0), diagnostics: session.diagnostics.finish() }
}
