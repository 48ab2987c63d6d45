//! The rules of the house, held by a machine: imports only go down, services do not know each other, files stay small,
//! every service has its method in both languages, and only the command line prints or touches files.

mod imports;
mod names;
mod pages;
mod services;
mod tuples;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use imports::Sources;

/// Rooms from the ground up: a room may import itself and the rooms before it.
const STOREYS: [&str; 22] = [
    "simd",
    "language",
    "dates",
    "diagnostic",
    "random",
    "uncertainty",
    "calibration",
    "metric",
    "summary",
    "queue",
    "input",
    "site",
    "context",
    "supply",
    "population",
    "services",
    "scenario",
    "run",
    "study",
    "need",
    "report",
    "cli",
];

/// Longest file, in lines of code outside tests.
const LONGEST_FILE: usize = 500;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    found.into_iter().map(|p| (p.strip_prefix(&root).unwrap().to_owned(), fs::read_to_string(&p).unwrap())).collect()
}

fn room(path: &Path) -> String {
    path.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The code of a file without its tests and comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The files of `src` as far as they need each other; tests may look wherever they like.
fn arrows() -> BTreeSet<(String, String)> {
    let files = sources().into_iter().filter(|(path, _)| !path.ends_with("tests.rs") && !path.ends_with("main.rs"));
    let name = |path: &Path| path.to_string_lossy().replace('\\', "/");
    Sources::new(files.map(|(path, text)| (name(&path), code(&text)))).arrows()
}

#[test]
fn imports_only_go_down() {
    let rank = |file: &str| {
        let room = room(Path::new(file));
        STOREYS.iter().position(|s| *s == room).unwrap_or_else(|| panic!("the room {room} has no storey"))
    };
    let up: Vec<_> = arrows().into_iter().filter(|(from, to)| rank(to) > rank(from)).collect();
    assert!(up.is_empty(), "imports that go up: {up:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let arrows = arrows();
    assert!(arrows.len() > 2_000, "the imports are not seen: {}", arrows.len());
    let circles: Vec<String> = imports::circles(&arrows).iter().map(|group| imports::shown(group, &arrows)).collect();
    assert!(circles.is_empty(), "files in a circle:{}", circles.join("\n"));
}

#[test]
fn a_service_knows_no_other_service() {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services")).unwrap();
    let folders = folders.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(folders, civicap::services::ROSTER.len(), "every folder of services/ has one line in the roster");
    let service = |file: &str| match file.split('/').collect::<Vec<_>>()[..] {
        ["services", service, _, ..] => Some(service.to_owned()),
        _ => None,
    };
    for (from, to) in arrows() {
        if let (Some(own), Some(other)) = (service(&from), service(&to)) {
            assert_eq!(own, other, "{from} knows {to}");
        }
    }
}

#[test]
fn only_the_door_prints_or_writes_files() {
    for (path, text) in sources() {
        let here = room(&path);
        if here == "cli" || here == "main" {
            continue;
        }
        for word in ["println!", "eprintln!", "std::process", "File::create", "fs::write", "stdout()", "stderr()"] {
            assert!(!code(&text).contains(word), "{} has {word}", path.display());
        }
        let reads = code(&text).contains("std::fs") || code(&text).contains("fs::");
        assert!(!reads || here == "input", "{} touches files", path.display());
    }
}

/// Tuples that functions may take or give, each with its reason.
const TUPLES_WITH_A_REASON: [(&str, &str, &str); 2] = [
    ("report/xlsx/chart.rs", "cells", "the workbook library takes a range of cells as this tuple"),
    ("random/samplers/exact_float.rs", "integer_decode", "`num_traits::Float` writes this signature"),
];

#[test]
fn what_functions_take_and_give_has_names() {
    let mut found = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        let file = path.to_string_lossy().replace('\\', "/");
        found.extend(tuples::unnamed(&code(&text)).into_iter().map(|one| (file.clone(), one)));
    }
    let excused =
        |file: &str, function: &str| TUPLES_WITH_A_REASON.iter().any(|(f, n, _)| (*f, *n) == (file, function));
    let open: Vec<_> = found.iter().filter(|(file, one)| !excused(file, &one.function)).collect();
    assert!(open.is_empty(), "parts without names: {open:#?}");
    assert_eq!(found.len(), TUPLES_WITH_A_REASON.len(), "an excuse that is not needed any more");
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources() {
        let lines = code(&text).lines().filter(|l| !l.trim().is_empty()).count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines of code", path.display());
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
    }
}

#[test]
fn every_service_explains_itself_in_both_languages() {
    for kind in civicap::services::ROSTER {
        assert!(kind.method.en.len() > 500, "{} has no method text", kind.name);
        assert!(kind.method.zh.chars().count() > 150, "{} has no Chinese method text", kind.name);
        assert_ne!(kind.label.en, kind.label.zh);
    }
}
