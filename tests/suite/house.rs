//! The rules of the house, held by a machine: imports only go down, services do not know each other, files stay small,
//! every service has its method in both languages, and only the command line prints or touches files.

use std::fs;
use std::path::{Path, PathBuf};

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

/// Rooms named after `crate::`, also inside `use crate::{a, b::c}`.
fn imports(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            let list = list.split(';').next().unwrap();
            let mut depth = 0;
            let mut start = true;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if depth == 0 && start && (c.is_alphanumeric() || c == '_') => name.push(c),
                    _ if depth == 0 && !name.is_empty() => {
                        rooms.push(std::mem::take(&mut name));
                        start = false;
                    }
                    _ => {}
                }
                if depth < 0 {
                    break;
                }
            }
            rooms.extend((!name.is_empty()).then_some(name));
        } else {
            rooms.push(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms
}

#[test]
fn imports_only_go_down() {
    let rank = |room: &str| STOREYS.iter().position(|s| *s == room);
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let here = room(&path);
        if here == "lib" || here == "main" {
            continue;
        }
        let own = rank(&here).unwrap_or_else(|| panic!("the room {here} has no storey"));
        for other in imports(&code(&text)) {
            if rank(&other).is_some_and(|r| r > own) {
                wrong.push(format!("{} imports {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_service_knows_no_other_service() {
    let services: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_dir())
        .collect();
    let names: Vec<String> = services.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), civicap::services::ROSTER.len(), "every folder of services/ has one line in the roster");
    for (path, text) in sources().into_iter().filter(|(p, _)| p.starts_with("services") && p.components().count() > 2) {
        let own = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
        for other in names.iter().filter(|n| **n != own) {
            assert!(!code(&text).contains(&format!("services::{other}")), "{} knows {other}", path.display());
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
