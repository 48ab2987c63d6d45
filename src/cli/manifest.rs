//! `manifest.json`: what was run, so that anybody can run it again and compare.
//!
//! Everything outside `run` is the same on every machine; `run` holds what differs.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::run::Results;
use crate::scenario::Plan;

/// The manifest of a finished run.
#[derive(Debug, Serialize)]
pub(super) struct Manifest<'a> {
    format: u32,
    civicap: &'static str,
    scenario: &'a str,
    label_zh: &'a str,
    label_en: &'a str,
    scenario_hash: &'a str,
    seed: u64,
    replications: usize,
    horizon: Horizon,
    services: Vec<&'static str>,
    /// The copy of the scenario in the run's folder.
    inputs: Option<String>,
    files: Vec<String>,
    run: Machine,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Horizon {
    first_simulated: i32,
    /// First year shown.
    pub start: i32,
    /// Last year shown.
    pub end: i32,
}

/// What differs from machine to machine.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    /// Threads that were used.
    pub threads: usize,
    /// Wall-clock seconds of the simulation.
    pub wall_seconds: f64,
    /// When the run finished, seconds since 1970-01-01 UTC.
    pub finished_unix: u64,
    /// The scenario file, so that a later comparison finds it.
    pub scenario_file: String,
}

impl Machine {
    /// What is known of the machine when a run that `began` then, on so many threads (0: one a core), has ended.
    pub(super) fn now(threads: usize, began: Instant, scenario: &Path) -> Self {
        let file = scenario.canonicalize().unwrap_or_else(|_| scenario.to_owned());
        Self {
            threads: if threads == 0 { rayon::current_num_threads() } else { threads },
            wall_seconds: began.elapsed().as_secs_f64(),
            finished_unix: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs()),
            scenario_file: file.to_string_lossy().into_owned(),
        }
    }
}

impl<'a> Manifest<'a> {
    /// The manifest of `results`, with the copy of the scenario and the files of the run.
    pub(super) fn new(
        plan: &'a Plan,
        results: &Results,
        (inputs, files): (Option<String>, Vec<String>),
        run: Machine,
    ) -> Self {
        Self {
            format: 1,
            civicap: env!("CARGO_PKG_VERSION"),
            scenario: &plan.name,
            label_zh: &plan.label.zh,
            label_en: &plan.label.en,
            scenario_hash: &plan.hash,
            seed: results.seed(),
            replications: results.replications(),
            horizon: Horizon { first_simulated: plan.site.first_year, start: plan.shown_from, end: plan.site.end },
            services: plan.services.iter().map(|(kind, _)| kind.name).collect(),
            inputs,
            files,
            run,
        }
    }

    /// As JSON text.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// What a later comparison reads of a run's manifest.
#[derive(Debug, Deserialize)]
pub(super) struct Earlier {
    /// Version of civicap that ran it.
    pub civicap: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its Chinese label.
    pub label_zh: String,
    /// Its English label.
    pub label_en: String,
    /// Hash of everything that was read.
    pub scenario_hash: String,
    /// Seed.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// Years.
    pub horizon: Horizon,
    /// The copy of the scenario, seen from the run's folder.
    #[serde(default)]
    pub inputs: Option<PathBuf>,
    run: EarlierRun,
}

#[derive(Debug, Deserialize)]
struct EarlierRun {
    scenario_file: Option<PathBuf>,
}

impl Earlier {
    /// Reads the text of a manifest; `None` when it is not the manifest of a run.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The scenario file, if the manifest names it.
    pub(super) fn file(&self) -> Option<&Path> {
        self.run.scenario_file.as_deref()
    }
}
