//! What comes into the build: from where, under which licences, and in how many versions.
//!
//! The gate lets cargo-deny look as well, where it is installed (`deny.toml`); this needs nothing but cargo.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Licences of which one alternative must be among these.
const ALLOWED: [&str; 11] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that come in several versions, and through whom.
const SEVERAL: [(&str, &str); 7] = [
    ("constant_time_eq", "0.4 by blake3, 0.6 by zip, which rust_xlsxwriter brings"),
    ("getrandom", "0.4 by tempfile and zip; the older ones by ahash and on systems that civicap does not run on"),
    ("quick-xml", "0.41 by docx-rs, 0.42 by calamine, which only tests use"),
    ("r-efi", "getrandom, on no system that civicap runs on"),
    ("syn", "macros of different ages; at build time only"),
    ("typed-path", "through the two versions of zip"),
    ("zip", "8.6 by docx-rs, 9.8 by rust_xlsxwriter and calamine"),
];

fn lock() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap()
}

/// Name, version and source of every package.
fn packages() -> Vec<BTreeMap<String, String>> {
    let entry = |part: &str| {
        let pair = |line: &str| {
            line.split_once(" = ").map(|(key, value)| (key.to_owned(), value.trim_matches('"').to_owned()))
        };
        part.lines().filter_map(pair).collect()
    };
    lock().split("[[package]]").skip(1).map(entry).collect()
}

#[test]
fn everything_comes_from_the_registry_with_a_checksum() {
    let packages = packages();
    assert!(packages.len() > 100);
    for package in packages.iter().filter(|package| package["name"] != "civicap") {
        let name = &package["name"];
        assert_eq!(package["source"], "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        assert_eq!(package["checksum"].len(), 64, "{name}");
    }
}

#[test]
fn crates_in_several_versions_are_named() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for package in packages() {
        *versions.entry(package["name"].clone()).or_default() += 1;
    }
    let several: Vec<&str> = versions.iter().filter(|(_, count)| **count > 1).map(|(name, _)| name.as_str()).collect();
    let named: Vec<&str> = SEVERAL.iter().map(|(name, _)| *name).collect();
    assert_eq!(several, named, "name a new one with whoever brings it, or do without it");
}

/// Who was trusted is written down before anybody is.
#[test]
fn every_direct_dependency_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let told = std::fs::read_to_string(root.join("docs/dependencies.md")).unwrap();
    let told: Vec<&str> = told.split(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).collect();
    let sections = manifest.split("\n[").filter(|section| section.split(']').next().unwrap().ends_with("dependencies"));
    let mut seen = 0;
    for name in sections.flat_map(str::lines).filter_map(|line| line.split_once(" = ")).map(|(name, _)| name) {
        assert!(told.contains(&name), "{name}: say in docs/dependencies.md whom it comes from and why it was taken");
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn every_licence_is_permissive() {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(["metadata", "--locked", "--format-version", "1"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let Some(output) = command.output().ok().filter(|output| output.status.success()) else {
        eprintln!("cargo cannot tell the licences here: not looked at");
        return;
    };
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    for package in metadata["packages"].as_array().unwrap() {
        let licence = package["license"].as_str().unwrap_or_default();
        let all = licence.split(" AND ").all(|part| {
            let part = part.trim_matches(['(', ')']);
            part.split(" OR ")
                .flat_map(|word| word.split('/'))
                .any(|word| ALLOWED.contains(&word.trim_matches(['(', ')'])))
        });
        assert!(all, "{}: `{licence}`", package["name"]);
    }
}
