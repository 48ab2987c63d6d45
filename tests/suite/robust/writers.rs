//! A folder has one writer, and one that was killed leaves the old run or the new.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{binary, civicap, run_words, said, tiny};

/// Of many writers at once those that end well are whole, and the others were told.
#[test]
fn a_folder_has_one_writer() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    for round in 0..6 {
        let _ = fs::remove_dir_all(&out);
        let seeds = ["1", "2", "3", "4"];
        let start = |seed: &&str| {
            let mut command = Command::new(binary());
            command.args(run_words(&file, &out, seed)).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
        };
        let started: Vec<_> = seeds.iter().map(start).collect();
        let mut done = Vec::new();
        for (seed, child) in seeds.iter().zip(started) {
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                Some(0) => done.push(*seed),
                Some(2) => assert!(
                    said(&output).contains("is in use") || said(&output).contains("already holds"),
                    "{}",
                    said(&output)
                ),
                other => panic!("{other:?}: {}", said(&output)),
            }
        }
        assert_eq!(done.len(), 1, "round {round}: one writer, and nobody replaced its results");
        let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["seed"].to_string(), done[0]);
        let read = civicap(&["report", out.to_str().unwrap(), "--quiet", "--lang", "en"]);
        assert!(read.status.success(), "{}", said(&read));
        assert!(!fs::read_dir(&out).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().starts_with(".civicap")));
    }
}
