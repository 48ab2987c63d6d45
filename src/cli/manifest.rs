//! `manifest.json`: what was run, so that anybody can run it again and compare.
//!
//! Everything outside `run` is the same on every machine; `run` holds what differs. The form, the version, the files and their
//! hashes are added when the folder is sealed ([`super::run_folder`]).

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::run_folder::Manifest;
use super::values::REPLICATIONS;
use crate::dates::YEARS;
use crate::run::Results;
use crate::scenario::Plan;

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
    /// What is known of the machine when a run that `began` then has ended.
    pub(super) fn now(began: Instant, scenario: &Path) -> Self {
        let file = scenario.canonicalize().unwrap_or_else(|_| scenario.to_owned());
        Self {
            threads: rayon::current_num_threads(),
            wall_seconds: began.elapsed().as_secs_f64(),
            finished_unix: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs()),
            scenario_file: file.to_string_lossy().into_owned(),
        }
    }
}

/// The manifest of the results of a plan, with the copy of the scenario in the run's folder.
pub(super) fn of_run(plan: &Plan, results: &Results, inputs: Option<&str>, run: &Machine) -> Manifest {
    let horizon = Horizon { first_simulated: plan.site.first_year, start: plan.shown_from, end: plan.site.end };
    let facts = json!({
        "scenario": plan.name,
        "label_zh": plan.label.zh,
        "label_en": plan.label.en,
        "scenario_hash": plan.hash,
        "seed": results.seed(),
        "replications": results.replications(),
        "settings": plan.settings,
        "horizon": horizon,
        "services": plan.services.iter().map(|(kind, _)| kind.name).collect::<Vec<_>>(),
        "inputs": inputs,
    });
    Manifest { kind: None, facts, run: json!(run) }
}

/// The manifest of what several runs of a plan gave, each of so many replications under one seed.
pub(super) fn of_study(kind: &'static str, plan: &Plan, seed: u64, replications: u32, run: &Machine) -> Manifest {
    let facts = json!({
        "scenario": plan.name,
        "scenario_hash": plan.hash,
        "seed": seed,
        "replications": replications,
    });
    Manifest { kind: Some(kind), facts, run: json!(run) }
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
    /// Keys that were set beside the scenario.
    #[serde(default)]
    pub settings: Vec<String>,
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
    /// Reads the manifest of a run; `None` when it is of something else, or says what no run can have had.
    pub(super) fn read(manifest: &Value) -> Option<Self> {
        let earlier: Self = serde_json::from_value(manifest.clone()).ok()?;
        let Horizon { start, end, .. } = earlier.horizon;
        let sound = REPLICATIONS.contains(&earlier.replications)
            && YEARS.contains(&start)
            && YEARS.contains(&end)
            && start <= end;
        sound.then_some(earlier)
    }

    /// The scenario file, if the manifest names it.
    pub(super) fn file(&self) -> Option<&Path> {
        self.run.scenario_file.as_deref()
    }
}
