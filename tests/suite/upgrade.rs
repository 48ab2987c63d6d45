//! `civicap upgrade`: every scenario that was shipped before keys, columns and metrics got the field's names is carried over
//! and gives what the shipped one gives, where the shipped one still has the same figures.
//!
//! `before_renaming` holds those scenarios, and of their tables the ones whose headings have changed; the other tables are
//! the shipped ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::AtomicBool;

use assert_cmd::Command;
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Request, load, upgrade};

use crate::support::files::copy_folder;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The scenarios as they were, in a folder of their own.
fn before() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&root().join("scenarios"), folder.path());
    copy_folder(&root().join("tests/suite/before_renaming"), folder.path());
    folder
}

/// The scenario files below a folder, by their paths in it; pieces of scenarios are carried over with those that extend them.
fn scenarios(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for path in fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("fit") {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn civicap(file: &Path, more: &[&str]) -> Output {
    let words = ["upgrade", file.to_str().unwrap(), "--lang", "en"];
    Command::cargo_bin("civicap").unwrap().args([&words[..], more].concat()).output().unwrap()
}

fn carry_over(file: &Path) {
    for file in upgrade(file).unwrap() {
        assert!(file.doubled.is_empty(), "{file:?}");
        fs::write(&file.path, &file.after).unwrap();
    }
}

/// Two replications, so that chance and uncertain inputs are both drawn.
fn simulated(file: &Path) -> Option<Results> {
    let loaded = load(file, Request::default());
    let faults: Vec<String> = loaded.diagnostics.list.iter().map(|fault| fault.message.en.to_string()).collect();
    let plan = loaded.plan.unwrap_or_else(|| panic!("{}: {faults:#?}", file.display()));
    simulate(&plan, RunOptions { replications: 2, seed: 1, threads: 1 }, &(), &AtomicBool::new(false)).ok()
}

#[test]
fn every_scenario_shipped_before_is_carried_over_with_equal_results() {
    let folder = before();
    let files = scenarios(folder.path());
    for file in &files {
        carry_over(&folder.path().join(file));
    }
    let mut equal = 0;
    for file in &files {
        let (old, new) = (folder.path().join(file), root().join("scenarios").join(file));
        // The counties' table is the user's own.
        if !new.is_file() || load(&new, Request::default()).plan.is_none() {
            continue;
        }
        let [a, b] = [&old, &new].map(|file| simulated(file).unwrap());
        // Figures of these have changed since (see the changelog): what is carried over must run, and is another plan.
        if file.starts_with("lixia") || file.starts_with("lixia-2010") {
            continue;
        }
        assert!(a.by_replication() == b.by_replication(), "{}: other results", file.display());
        equal += 1;
    }
    assert!(equal > 28, "{equal} scenarios");
}

#[test]
fn carrying_over_says_what_it_changes_and_does_it_once() {
    let folder = before();
    let file = folder.path().join("lixia/late-openings.toml");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let base = text("lixia/scenario.toml");
    let checked = civicap(&file, &["--check"]);
    assert_eq!(checked.status.code(), Some(2), "something would change");
    assert_eq!(text("lixia/scenario.toml"), base, "and nothing does");
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("scenario.toml:") && said.contains(": moves -> migration"), "{said}");
    assert!(civicap(&file, &[]).status.success());
    let after = text("lixia/scenario.toml");
    let notes = |text: &str| text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert!(after != base && notes(&after) == notes(&base), "comments stay");
    assert!(after.lines().count().abs_diff(base.lines().count()) <= 1, "and so does the layout");
    let again = civicap(&file, &["--check"]);
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stdout));
}

#[test]
fn line_ends_marks_and_faults_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.toml");
    let text =
        "\u{feff}# 说明\r\nunknown = 1\r\n[\"people\".moves] # moves\r\nx = { law = \"normal\" }\r\ntable = 'none.csv'";
    fs::write(&file, text).unwrap();
    assert!(civicap(&file, &[]).status.success());
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.starts_with("\u{feff}# 说明\r\n") && after.ends_with("table = 'none.csv'"), "{after:?}");
    assert!(after.contains("[\"people\".migration] # moves\r\n") && after.contains("unknown = 1\r\n"), "{after:?}");
    fs::write(&file, "label = \n").unwrap();
    let refused = civicap(&file, &[]);
    assert!(refused.status.code() == Some(2) && String::from_utf8_lossy(&refused.stderr).contains("s.toml:1"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "label = \n");
}
