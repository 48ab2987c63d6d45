//! What a planner may rely on: a run that said «done» is there, other people's files stay, a folder from a stranger is not
//! believed, and every fault of the system gets an answer.

mod command_line;
mod growth;
mod others_files;
mod read_back;
mod refusals;
mod texts;
mod writers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub(super) fn binary() -> PathBuf {
    assert_cmd::cargo::cargo_bin("civicap")
}

pub(super) fn scenarios() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

pub(super) fn civicap(words: &[&str]) -> Output {
    Command::new(binary()).args(words).output().unwrap()
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of the tiny district, so that results may lie beside it.
pub(super) fn tiny() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    for entry in fs::read_dir(scenarios().join("tiny")).unwrap() {
        let from = entry.unwrap().path();
        if from.is_file() {
            fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
        }
    }
    (folder, file)
}

pub(super) fn run_words<'a>(file: &'a Path, out: &'a Path, seed: &'a str) -> Vec<&'a str> {
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    vec!["run", file, "--replications", "4", "--threads", "1", "--quiet", "--lang", "en", "--seed", seed, "--out", out]
}

pub(super) fn run(file: &Path, out: &Path, more: &[&str]) -> Output {
    civicap(&[&run_words(file, out, "1")[..], more].concat())
}

/// Every file below a folder but what civicap keeps aside; of a manifest what is the same on every machine.
pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = fs::read_dir(at) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            let aside = name.contains(".civicap-");
            if path.is_dir() && !aside {
                walk(root, &path, all);
            } else if aside {
                // Not the run's: a killed process left it, or one is at work.
            } else if name == "manifest.json" {
                let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                manifest.as_object_mut().unwrap().shift_remove("run");
                all.insert(name, manifest.to_string().into_bytes());
            } else {
                all.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}
