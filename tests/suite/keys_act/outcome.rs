//! A scenario as it is shipped, and with one key changed.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::diagnostic::{Diagnostics, Severity, code};
use civicap::input::value::{Data, Table, parse};
use civicap::report::build;
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::{RunSummary, verdicts};

use super::places::KeyPlace;

use crate::support::files::copy_folder;

/// Sections of the report that list what was read, and do not follow from results alone.
const OF_INPUTS: [&str; 3] = ["inputs", "uncertainty", "verdicts"];

/// Families whose tables others name.
const BESIDE: [&str; 1] = ["tiny"];

/// What stands for the scenario that `civicap new` writes.
const STARTER: &str = "starter";

/// What came of a scenario with one key changed.
pub(super) enum Outcome {
    /// It was refused.
    Refused,
    /// Results and report are as they were.
    Same { told_idle: bool },
    /// They are others.
    Other { told_idle: bool },
}

/// What a scenario says in the end.
struct Said {
    shape: String,
    values: Vec<u32>,
    verdicts: String,
    report: String,
}

/// A scenario as it is shipped.
pub(super) struct Base {
    /// The file with what it extends.
    pub document: Table,
    within: PathBuf,
    _folder: tempfile::TempDir,
    said: Said,
    idle: Vec<String>,
    count: Cell<u32>,
}

impl Base {
    /// Opens a scenario below `scenarios`, such as `tiny/scenario.toml`, or the starter, with some lines changed.
    pub(super) fn open(name: &str, changed: &str) -> Self {
        let (family, file) = name.rsplit_once('/').expect("a folder and a file");
        let folder = tempfile::tempdir().unwrap();
        if family == STARTER {
            let made = folder.path().join("made");
            let mut new = assert_cmd::Command::cargo_bin("civicap").unwrap();
            new.args(["new", "--quiet"]).arg(&made).assert().success();
            copy_folder(&made, folder.path());
        } else {
            // Some name the tables of others.
            for name in BESIDE.into_iter().chain([family]) {
                fs::create_dir_all(folder.path().join(name)).unwrap();
                copy_folder(&root().join(name), &folder.path().join(name));
            }
        }
        let within = folder.path().join(if family == STARTER { "" } else { family });
        let shipped = document(&within.join(file));
        let shorter = if family == "textbook" { shorter(&shipped) } else { String::new() };
        fs::write(within.join("changed.toml"), format!("extends = \"{file}\"\n{shorter}{changed}\n")).unwrap();
        let path = within.join("changed.toml");
        let loaded = load(&path, Request::default());
        let plan = loaded.plan.unwrap_or_else(|| panic!("{name}: {:?}", loaded.diagnostics.list));
        Self {
            document: document(&path),
            said: said(&plan),
            idle: idle(&loaded.diagnostics),
            within,
            _folder: folder,
            count: Cell::new(0),
        }
    }

    /// What comes of another value of a key.
    pub(super) fn with(&self, place: &KeyPlace, value: &str) -> Outcome {
        // A new file each time, so that nothing is read twice.
        let path = self.within.join(format!("variant-{}.toml", self.count.replace(self.count.get() + 1)));
        fs::write(&path, format!("extends = \"changed.toml\"\n{} = {value}\n", place.path)).unwrap();
        let loaded = load(&path, Request::default());
        fs::remove_file(&path).unwrap();
        let Some(plan) = loaded.plan else { return Outcome::Refused };
        // A section that has no effect is said so of all its keys.
        let path = place.path.replace('"', "");
        let ends = path.match_indices('.').map(|(at, _)| at).chain(std::iter::once(path.len()));
        let names: Vec<String> = ends.map(|end| format!("`{}`", &path[..end])).collect();
        let is_here = |told: &String| names.iter().any(|name| told.starts_with(name)) && !self.idle.contains(told);
        let told_idle = idle(&loaded.diagnostics).iter().any(is_here);
        if self.says_the_same(&plan) { Outcome::Same { told_idle } } else { Outcome::Other { told_idle } }
    }

    /// Whether another plan gives the same results and the same report; the report is made only where results do not tell.
    fn says_the_same(&self, plan: &Plan) -> bool {
        if shape(plan) != self.said.shape {
            return false;
        }
        let results = run(plan);
        if results.by_replication() != self.said.values {
            return false;
        }
        let (verdicts, report) = told(plan, &results);
        verdicts == self.said.verdicts && report == self.said.report
    }
}

/// All shipped scenarios that run in no time.
pub(super) fn shipped() -> Vec<String> {
    let families = ["calibration", "textbook", "tiny"];
    let mut found = Vec::new();
    for family in families {
        let entries = fs::read_dir(root().join(family)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        found.extend(
            names
                .filter(|name| Path::new(name).extension().is_some_and(|end| end == "toml"))
                .map(|name| format!("{family}/{name}")),
        );
    }
    found.push(format!("{STARTER}/scenario.toml"));
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Three years of a scenario, which are enough to see a key act.
fn shorter(document: &Table) -> String {
    let year = |key| match document.get("horizon").map(|horizon| &horizon.data) {
        Some(Data::Table(horizon)) => match horizon.get(key).map(|value| &value.data) {
            Some(Data::Integer(year)) => *year,
            _ => 0,
        },
        _ => 0,
    };
    format!("horizon.end = {}\n", year("end").min(year("start") + 2))
}

/// A file with what it extends.
fn document(path: &Path) -> Table {
    let text = fs::read_to_string(path).unwrap();
    let session = civicap::input::LoadSession::default();
    let file = session.diagnostics.add_file(path, text.clone());
    let Data::Table(table) = parse(&text, file, &session.diagnostics).data else { unreachable!() };
    let Some(Data::Text(below)) = table.get("extends").map(|value| value.data.clone()) else { return table };
    let mut base = document(&path.with_file_name(below));
    base.overlay(table);
    base
}

/// Where something is said to have no effect.
fn idle(diagnostics: &Diagnostics) -> Vec<String> {
    let told = diagnostics.list.iter().filter(|d| d.severity == Severity::Warning && d.code == code::IDLE);
    told.map(|d| d.message.en.to_string()).collect()
}

fn run(plan: &Plan) -> Results {
    let asked = RunOptions { replications: 2, seed: 1, threads: 1 };
    simulate(plan, asked, &(), &AtomicBool::new(false)).unwrap()
}

/// What is measured.
fn shape(plan: &Plan) -> String {
    let blocks = plan.catalogue.blocks();
    blocks
        .map(|(_, block)| format!("{} {} {} {:?}\n", block.service, block.stage, block.metrics.len(), block.promise))
        .collect()
}

/// Verdicts, and what the report says of results.
fn told(plan: &Plan, results: &Results) -> (String, String) {
    let digest = RunSummary::new(plan, results);
    let verdicts = verdicts(plan, results, &digest);
    let report = build(plan, results, &digest, &verdicts, &[]);
    let sections = report.sections.iter().filter(|section| !OF_INPUTS.contains(&section.key.as_str()));
    let report = sections.map(|section| serde_json::to_string(section).unwrap()).collect();
    (format!("{verdicts:?}"), report)
}

fn said(plan: &Plan) -> Said {
    let results = run(plan);
    let (verdicts, report) = told(plan, &results);
    Said { shape: shape(plan), values: results.by_replication(), verdicts, report }
}
