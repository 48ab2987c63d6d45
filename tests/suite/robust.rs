//! What a planner may rely on: a run that said «done» is there, other people's files stay, a folder from a stranger is not
//! believed, and every fault of the system gets an answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn binary() -> PathBuf {
    assert_cmd::cargo::cargo_bin("civicap")
}

fn scenarios() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn civicap(words: &[&str]) -> Output {
    Command::new(binary()).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A copy of the tiny district, so that results may lie beside it.
fn tiny() -> (tempfile::TempDir, PathBuf) {
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

fn run_words<'a>(file: &'a Path, out: &'a Path, seed: &'a str) -> Vec<&'a str> {
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    vec!["run", file, "--replications", "4", "--threads", "1", "--quiet", "--lang", "en", "--seed", seed, "--out", out]
}

fn run(file: &Path, out: &Path, more: &[&str]) -> Output {
    civicap(&[&run_words(file, out, "1")[..], more].concat())
}

/// Every file below a folder but what civicap keeps aside; of a manifest what is the same on every machine.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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

const WRITTEN: [&str; 6] =
    ["summary.csv", "dictionary.csv", "summary.parquet", "report.html", "report.xlsx", "report.json"];

#[test]
fn a_file_of_somebody_else_is_never_replaced_unasked() {
    let (folder, file) = tiny();
    for name in WRITTEN {
        let out = folder.path().join(format!("out-{name}"));
        fs::create_dir(&out).unwrap();
        fs::write(out.join(name), "mine").unwrap();
        let refused = run(&file, &out, &[]);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", said(&refused));
        assert!(said(&refused).contains(name) && said(&refused).contains("help:"), "{}", said(&refused));
        assert_eq!(fs::read(out.join(name)).unwrap(), b"mine");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    }
}

#[test]
fn what_was_changed_since_is_no_longer_the_runs_own() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    assert!(run(&file, &out, &[]).status.success());
    fs::write(out.join("notes.txt"), "mine").unwrap();
    fs::remove_file(out.join("dictionary.csv")).unwrap();
    assert!(run(&file, &out, &["--overwrite"]).status.success());
    assert_eq!(fs::read(out.join("notes.txt")).unwrap(), b"mine");
    assert!(out.join("dictionary.csv").is_file());
}

#[test]
fn results_never_take_the_place_of_what_the_scenario_reads() {
    let (folder, file) = tiny();
    assert!(run(&file, &folder.path().join("out"), &[]).status.success());
    // The copy of the inputs of a finished run, run again into the same folder.
    let copies = files(&folder.path().join("out"));
    let copy = copies.keys().find(|name| name.ends_with("scenario.toml")).unwrap();
    let refused = run(&folder.path().join("out").join(copy), &folder.path().join("out"), &["--overwrite"]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert!(said(&refused).contains("belongs to the scenario"));
    assert_eq!(files(&folder.path().join("out")), copies);
    // A table of the scenario that is called as a result is.
    let text = fs::read_to_string(&file).unwrap() + "\n[observed.register]\nlabel = \"r\"\ntable = \"summary.csv\"\n";
    fs::write(&file, text).unwrap();
    let table = "service,stage,metric,area,year,value\neducation,primary,unmet,all,2024,20\n";
    fs::write(folder.path().join("summary.csv"), table).unwrap();
    for more in [&[][..], &["--overwrite"]] {
        let refused = run(&file, folder.path(), more);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert_eq!(fs::read_to_string(folder.path().join("summary.csv")).unwrap(), table);
    }
}

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

/// Writes a manifest as its maker would: with its own hash.
fn seal(file: &Path, mut manifest: Value) {
    manifest["run"].as_object_mut().unwrap().shift_remove("manifest_hash");
    manifest["run"]["manifest_hash"] = blake3::hash(manifest.to_string().as_bytes()).to_hex().to_string().into();
    fs::write(file, format!("{manifest:#}\n")).unwrap();
}

#[test]
fn a_manifest_that_was_edited_or_forged_is_refused_with_its_name() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    assert!(run(&file, &out, &[]).status.success());
    let place = out.join("manifest.json");
    let text = fs::read_to_string(&place).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let compared = folder.path().join("compared");
    let refused = |what: &str| {
        let words = ["compare", out.to_str().unwrap(), file.to_str().unwrap(), "--lang", "en", "--quiet", "--out"];
        let output = civicap(&[&words[..], &[compared.to_str().unwrap()]].concat());
        assert_eq!(output.status.code(), Some(2), "{what}: {}", said(&output));
        assert!(said(&output).contains("help:"), "{what}: {}", said(&output));
        assert!(!compared.exists(), "{what}");
    };
    for (from, to) in [("\"replications\": 4", "\"replications\": 0"), ("\"seed\": 1", "\"seed\": 5"), ("4", "5")] {
        fs::write(&place, text.replacen(from, to, 1)).unwrap();
        refused(to);
    }
    let forged: [(&str, Value); 5] = [
        ("replications", 0.into()),
        ("replications", 4_000_000_000_u64.into()),
        ("format", 1.into()),
        ("format", 3.into()),
        ("horizon", serde_json::json!({ "first_simulated": 2024, "start": 2024, "end": 99_999 })),
    ];
    for (key, value) in forged {
        let mut forged = manifest.clone();
        forged[key] = value;
        seal(&place, forged);
        refused(key);
    }
    // A name that leads elsewhere becomes one part of a path.
    let mut forged = manifest.clone();
    forged["scenario"] = "../../../escaped".into();
    seal(&place, forged);
    let words = ["compare", out.to_str().unwrap(), file.to_str().unwrap(), "--quiet", "--replications", "4"];
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    let output = Command::new(binary()).args(words).current_dir(&here).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let made: Vec<_> = fs::read_dir(here.join("runs")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(made.len() == 1 && made[0].to_string_lossy().starts_with("compare-"), "{made:?}");
    // A summary that is not what was written.
    fs::write(&place, text).unwrap();
    fs::write(out.join("summary.csv"), "x").unwrap();
    refused("summary.csv");
}

#[test]
fn a_run_that_was_made_again_with_another_seed_is_said_to_be() {
    let (folder, file) = tiny();
    let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
    assert!(civicap(&run_words(&file, &a, "1")).status.success());
    assert!(civicap(&run_words(&file, &b, "2")).status.success());
    let out = folder.path().join("compared");
    let words = ["compare", a.to_str().unwrap(), b.to_str().unwrap(), "--lang", "en", "--out", out.to_str().unwrap()];
    let output = civicap(&words);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && shown.contains("was made with seed 2"), "{shown}{}", said(&output));
}

#[cfg(unix)]
#[test]
fn shards_may_be_anything_and_are_answered() {
    let (folder, file) = tiny();
    let merge = |path: &Path| {
        let words = ["merge", file.to_str().unwrap(), path.to_str().unwrap(), "--lang", "en", "--quiet", "--out"];
        civicap(&[&words[..], &[folder.path().join("merged").to_str().unwrap()]].concat())
    };
    let shards = folder.path().join("shards");
    assert!(run(&file, &shards, &["--shard", "1/1"]).status.success());
    let whole = fs::read(shards.join("shard-1-of-1.civicap")).unwrap();
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let heading = String::from_utf8(whole[..line].to_vec()).unwrap();
    let empty = blake3::hash(b"").to_hex().to_string();
    let mut forged: Value = serde_json::from_str(&heading).unwrap();
    for (key, value) in [("replications", 1_u64 << 50), ("first", 0), ("end", 0)] {
        forged[key] = value.into();
    }
    forged["values_hash"] = empty.into();
    let bad = folder.path().join("bad.civicap");
    fs::write(&bad, format!("{forged}\n")).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for refused in [&bad, &pipe, Path::new("/dev/zero"), folder.path(), &folder.path().join("none")] {
        let output = merge(refused);
        assert_eq!(output.status.code(), Some(2), "{}: {}", refused.display(), said(&output));
        assert!(!said(&output).contains("os error"), "{}", said(&output));
    }
    let output = merge(&shards);
    assert!(output.status.success(), "the folder that --out named: {}", said(&output));
}

#[test]
fn nothing_hidden_in_a_file_reaches_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let ranges = [0x00..=0x1f_u32, 0x7f..=0x9f, 0x200b..=0x200f, 0x2028..=0x202e, 0x2060..=0x2069, 0xfeff..=0xfeff];
    let hidden = |c: char| !matches!(c, '\n' | '\t') && ranges.iter().any(|range| range.contains(&u32::from(c)));
    for c in ranges.clone().into_iter().flatten().step_by(3).filter_map(char::from_u32) {
        for text in [
            format!("label = a{c}b\n"),
            format!("label = \"a{c}b\"\n"),
            format!("la{c}bel = 1\n"),
            format!("label = 1 # a{c}b\n"),
            format!("label = \"x\"\nextends = \"a{c}b.toml\"\n"),
        ] {
            let file = folder.path().join("scenario.toml");
            fs::write(&file, &text).unwrap();
            for more in [&[][..], &["--json"]] {
                let words = ["check", file.to_str().unwrap(), "--lang", "en"];
                let output = civicap(&[&words[..], more].concat());
                assert_eq!(output.status.code(), Some(2), "{text:?}");
                let shown = said(&output) + &String::from_utf8_lossy(&output.stdout);
                assert!(!shown.chars().any(hidden), "{text:?}: {shown:?}");
            }
        }
    }
    #[cfg(unix)]
    {
        let file = folder.path().join("a\u{1b}[2J\u{202e}.toml");
        fs::write(&file, "x = 1\n").unwrap();
        let output = civicap(&["check", file.to_str().unwrap(), "--lang", "en"]);
        assert!(!said(&output).chars().any(hidden), "{:?}", said(&output));
    }
}

#[test]
fn long_texts_are_answered_in_few_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    let long = "x".repeat(1_000_000);
    for text in [format!("label = {long}\n"), format!("{long} = 1\n"), format!("extends = \"{long}\"\n")] {
        fs::write(&file, text).unwrap();
        for lang in ["en", "zh"] {
            let output = civicap(&["check", file.to_str().unwrap(), "--lang", lang]);
            assert_eq!(output.status.code(), Some(2));
            assert!(said(&output).len() < 20_000, "{} bytes", said(&output).len());
        }
    }
}

#[test]
fn a_text_that_is_longer_than_can_be_shown_is_refused_by_check_with_its_place() {
    let (_folder, file) = tiny();
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().find(|line| line.starts_with("label")).unwrap().to_owned();
    for (length, refused) in [(10, false), (500, false), (501, true), (33_000, true)] {
        fs::write(&file, text.replacen(&line, &format!("label = \"{}\"", "永".repeat(length)), 1)).unwrap();
        let output = civicap(&["check", file.to_str().unwrap(), "--lang", "en"]);
        assert_eq!(output.status.code() == Some(2), refused, "{length}: {}", said(&output));
        assert!(!refused || (said(&output).contains("shorten it") && said(&output).contains("scenario.toml:")));
    }
}

#[test]
fn every_table_begins_with_the_mark_by_which_a_spreadsheet_reads_chinese() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    assert!(run(&file, &out, &[]).status.success());
    let tables: Vec<_> = files(&out)
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|ending| ending == "csv") && !name.contains('/'))
        .collect();
    assert!(tables.len() >= 2);
    for (name, bytes) in tables {
        assert!(bytes.starts_with(b"\xef\xbb\xbf"), "{name}");
        assert_eq!(bytes.windows(3).filter(|three| *three == b"\xef\xbb\xbf").count(), 1, "{name}");
    }
}

#[test]
fn what_was_typed_wrong_is_answered_with_what_to_type() {
    let (_folder, file) = tiny();
    let file = file.to_str().unwrap();
    for (words, remedy) in [
        (&["run", file, "--seed", "-1"][..], "whole number from 0"),
        (&["run", file, "--replications", "-5"], "2 to 100,000"),
        (&["run", file, "--target-mcse", "-0.01"], "0.001"),
        (&["run", file, "--precision", "0.01"], "--target-mcse"),
        (&["run", file, "--part", "1/2"], "--shard"),
        (&["projects", file], "appraise"),
        (&["fit", "education", file], "calibrate"),
        (&["appraise", file, "--more-places"], "--extra-capacity"),
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

/// System calls fail one after the other: whatever is refused, the folder is the old run or the new one, and something was said.
#[cfg(target_os = "linux")]
#[test]
fn whatever_the_system_refuses_the_folder_is_one_run() {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("there is no strace: nothing was refused");
        return;
    }
    let (folder, file) = tiny();
    let (old, new, out) = (folder.path().join("old"), folder.path().join("new"), folder.path().join("out"));
    assert!(run(&file, &old, &[]).status.success());
    assert!(civicap(&run_words(&file, &new, "2")).status.success());
    let (before, after) = (files(&old), files(&new));
    let mut refused = 0;
    for (call, how) in [
        ("renameat2", "error=EINVAL"),
        ("renameat2", "error=EIO"),
        ("rename", "error=EIO"),
        ("renameat", "error=ENOSPC"),
        ("openat", "error=EMFILE"),
        ("openat", "signal=KILL"),
        ("write", "error=ENOSPC"),
        ("fsync", "error=EIO"),
        ("fsync", "signal=KILL"),
        ("unlink", "error=EACCES"),
        ("unlink", "signal=KILL"),
        ("mkdir", "error=ENOSPC"),
        ("linkat", "error=EPERM"),
        ("clone3", "error=EAGAIN"),
        ("flock", "error=ENOLCK"),
        ("getdents64", "error=EIO"),
    ] {
        for when in [1, 2, 3, 5, 8, 13, 21, 34] {
            let _ = fs::remove_dir_all(&out);
            copy(&old, &out);
            let mut traced = Command::new("strace");
            traced.args(["-f", "-o", "/dev/null", "-e", &format!("inject={call}:{how}:when={when}")]);
            traced.arg(binary()).args(run_words(&file, &out, "2")).arg("--overwrite");
            let output = traced.output().unwrap();
            let now = files(&out);
            let name = format!("{call} {how} {when}: {}", said(&output));
            assert!(!said(&output).contains("panicked"), "{name}");
            assert!(now == before || now == after, "{name}: neither the old run nor the new: {:?}", now.keys());
            if output.status.code() == Some(0) {
                assert!(now == after, "{name}: said done");
            } else if !how.contains("KILL") {
                assert!(now == before && !said(&output).is_empty(), "{name}");
            }
            refused += usize::from(now == before);
        }
    }
    assert!(refused > 20, "{refused} refusals");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { assert!(fs::copy(&path, &target).is_ok()) }
    }
}
