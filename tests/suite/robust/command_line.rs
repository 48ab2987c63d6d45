//! What was typed is answered with what to type, and a standard output that cannot be written is a failure.

use std::fs;
use std::process::Command;

use super::{binary, civicap, run_words, said, scenarios, tiny};

#[test]
fn what_was_typed_wrong_is_answered_with_what_to_type() {
    let (_folder, file) = tiny();
    let file = file.to_str().unwrap();
    for (words, remedy) in [
        (&["run", file, "--seed", "-1"][..], "whole number from 0"),
        (&["run", file, "--replications", "-5"], "2 to 100,000"),
        (&["run", file, "--target-mcse", "-0.01"], "0.001"),
    ] {
        let output = civicap(&[words, &["--lang", "en"]].concat());
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(remedy) && !said(&output).contains("'-- "), "{words:?}: {}", said(&output));
        let output = civicap(&[words, &["--lang", "zh"]].concat());
        assert!(said(&output).contains("改法"), "{words:?}: {}", said(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_failure() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    let whole = ["run", file.to_str().unwrap(), "--replications", "4", "--out", out.to_str().unwrap()];
    for words in [
        &["--help"][..],
        &["run", "--help"],
        &["--version"],
        &["explain"],
        &["schema"],
        &["completions", "bash"],
        &["man"],
        &whole,
    ] {
        for lang in ["en", "zh"] {
            let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = Command::new(binary()).args(words).args(["--lang", lang]).stdout(full).output().unwrap();
            if words == ["--version"] || words.contains(&"--help") || words == whole {
                assert_ne!(output.status.code(), Some(101), "{words:?}");
            }
            assert!(matches!(output.status.code(), Some(1 | 2)), "{words:?} {:?}", output.status.code());
            assert!(!said(&output).is_empty(), "{words:?}");
        }
    }
}

#[test]
fn one_thread_is_none_started_and_other_peoples_variables_are_not_ours() {
    let (folder, file) = tiny();
    let out = |name: &str| folder.path().join(name);
    for (name, threads) in [("one", "1"), ("many", "2")] {
        let mut command = Command::new(binary());
        command.env("RAYON_NUM_THREADS", "not a number").args(run_words(&file, &out(name), "1"));
        assert!(command.args(["--overwrite", "--threads", threads]).output().is_ok());
    }
}

/// Scripts of before go on, and are told the new name: one line on standard error, none with `--quiet`.
#[test]
fn former_names_go_on_working_and_are_told() {
    let (folder, file) = tiny();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let enrolment = scenarios().join("calibration/enrolment.csv").to_str().unwrap().to_owned();
    let (file, shards) = (file.to_str().unwrap(), out("shards"));
    let few = ["--replications", "4", "--threads", "1"];
    let runs: [(&[&str], &str); 5] = [
        (&["run", file, "--part", "1/1", "--out", &shards], "`--shard`"),
        (&["run", file, "--precision=0.4", "--json", "--out", &out("run")], "`--target-mcse`"),
        (&["projects", file, "--out", &out("projects")], "`appraise`"),
        (&["appraise", file, "--more-places", "2", "--out", &out("more")], "`--extra-capacity`"),
        (&["fit", "education", &enrolment, "--out", &out("fit.toml")], "`calibrate`"),
    ];
    for (words, new) in runs {
        let words = if words[0] == "fit" { words.to_vec() } else { [words, &few].concat() };
        let output = civicap(&[&words[..], &["--lang", "en"]].concat());
        let warnings: Vec<String> =
            said(&output).lines().filter(|l| l.contains("is now called")).map(str::to_owned).collect();
        assert!(warnings.len() == 1 && warnings[0].contains(new), "{words:?}: {}", said(&output));
        assert!(!String::from_utf8_lossy(&output.stdout).contains("is now called"));
        if words.contains(&"--json") {
            assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok());
        }
        if words[0] == "run" {
            assert!(output.status.success(), "{words:?}: {}", said(&output));
        }
        let quiet = civicap(&[&words[..], &["--lang", "zh", "--quiet"]].concat());
        assert!(!said(&quiet).contains("现名"), "{words:?}: {}", said(&quiet));
    }
    // What comes next in the script finds the file under the name that it looks for.
    let part = format!("{shards}/part-1-of-1.civicap");
    let merged = civicap(&["merge", file, &part, "--quiet", "--out", &out("merged")]);
    assert!(merged.status.success(), "{}", said(&merged));
}
