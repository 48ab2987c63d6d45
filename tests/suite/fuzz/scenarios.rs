//! Shipped scenarios and tables with random damage: what is still accepted runs, and what comes out closes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Loaded, Request, load};

use super::{Choices, damage, go_through, within_patience};

/// The scenarios that are damaged: what to load, and whether it is small enough to be run.
const VICTIMS: &[(&str, &str, bool)] = &[
    ("tiny", "scenario.toml", true),
    ("calibration", "scenario.toml", true),
    ("lixia-2010", "scenario.toml", false),
    ("lixia", "scenario.toml", false),
    ("textbook", "tandem.toml", true),
    ("textbook", "sweden-1993.toml", true),
    ("textbook", "day-station.toml", true),
    ("textbook", "intensive-care.toml", true),
    ("textbook", "school-zones.toml", true),
    ("textbook", "leaving-by-cause.toml", true),
    ("textbook", "registration.toml", true),
    ("western-trust", "scenario.toml", true),
];

fn copy(from: &Path, to: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(to).unwrap();
    let mut files = Vec::new();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            files.extend(copy(&path, &target));
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            fs::copy(&path, &target).unwrap();
            files.push(target);
        }
    }
    files.sort();
    files
}

/// Damages a scenario, reads it, runs it if it is sound; returns what is wrong with that.
fn case(seed: u64, number: u32, choices: &mut Choices) -> Option<String> {
    let (folder, main, small) = VICTIMS[choices.below(VICTIMS.len())];
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(folder);
    let files = copy(&root, &place.path().join(folder));
    let scenario = place.path().join(folder).join(main);
    for _ in 0..=choices.below(3) {
        // The scenario itself as often as all its tables.
        let victim = if choices.below(2) == 0 { &scenario } else { &files[choices.below(files.len())] };
        let mut bytes = fs::read(victim).unwrap();
        damage(&mut bytes, choices);
        fs::write(victim, &bytes).unwrap();
    }
    let path = scenario.clone();
    let read = within_patience(move || load(&path, Request::default()));
    let keep = |what: &str| {
        let kept = std::env::temp_dir().join(format!("civicap-mutation-{seed}-{number}"));
        copy(&place.path().join(folder), &kept);
        Some(format!("{what}: {main} in {} (seed {seed}, case {number})", kept.display()))
    };
    let Loaded { plan, diagnostics } = match read {
        Ok(loaded) => loaded,
        Err(how) => return keep(&format!("reading {how}")),
    };
    for fault in &diagnostics.list {
        let Some(file) = diagnostics.files.get(fault.span.file.0 as usize) else { return keep("a fault has no file") };
        let inside = fault.span.start <= fault.span.end && fault.span.end <= file.text.len();
        if !inside || fault.message.zh.is_empty() || fault.remedy.en.is_empty() {
            return keep(&format!("«{}» has no place or no remedy", fault.message.en));
        }
        let (line, column) = diagnostics.line_and_column(fault.span.file, fault.span.start);
        assert!(line > 0 && column > 0);
    }
    if plan.is_none() && !diagnostics.has_errors() {
        return keep("it was refused without a fault");
    }
    if plan.is_some() && diagnostics.has_errors() {
        return keep("it was accepted with a fault");
    }
    let plan = plan.filter(|plan| small && plan.catalogue.cells() < 200_000)?;
    let options = RunOptions { replications: 4, seed: 1, threads: 1 };
    // Every replication is held against the rules of its metrics: sums, stocks, shares, nothing below 0 or without a value.
    let ran = within_patience(move || simulate(&plan, options, &(), &AtomicBool::new(false)).map(|_| ()));
    match ran {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => keep(&format!("running: {failure}")),
        Err(how) => keep(&format!("running {how}")),
    }
}

#[test]
fn damaged_scenarios_are_refused_in_words_or_run() {
    go_through("scenarios", 240, case);
}
