//! `--set KEY=VALUE`: what is set on the command line is what is written in the file, and its faults have a place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

fn tiny() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny/scenario.toml")
}

fn civicap(words: &[&str]) -> Output {
    Command::cargo_bin("civicap").unwrap().args(words).args(["--lang", "en"]).output().unwrap()
}

fn run(file: &Path, out: &Path, more: &[&str]) -> Vec<u8> {
    let words = ["run", file.to_str().unwrap(), "--replications", "8", "--quiet", "--out", out.to_str().unwrap()];
    let output = civicap(&[&words, more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(out.join("summary.csv")).unwrap()
}

/// The faults of the tiny scenario with `settings`, which must not be sound.
fn faults(settings: &[&str]) -> Vec<Value> {
    let file = tiny();
    let set: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let output = civicap(&[&["check", file.to_str().unwrap(), "--json"], set.as_slice()].concat());
    assert_eq!(output.status.code(), Some(2), "{settings:?}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = said["faults"].as_array().unwrap().iter().filter(|fault| fault["severity"] == "error");
    errors.cloned().collect()
}

/// The tiny scenario in a folder of its own, changed.
fn edited(folder: &Path, from: &str, to: &str) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for entry in fs::read_dir(tiny().parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let file = folder.join("scenario.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from));
    fs::write(&file, text.replace(from, to)).unwrap();
    file
}

#[test]
fn what_is_set_gives_the_numbers_of_the_file_that_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let cases: [(&str, &str, &[&str]); 4] = [
        // A key of a table, a value with its source, a key that the file leaves out, and a word without quotes.
        ("beds = 110", "beds = 90", &["health.wards.ward.beds=90"]),
        ("value = 1.05", "value = 1.5", &["people.births.births_per_woman.value = 1.5"]),
        ("arrivals_per_day = 20", "arrivals_per_day = 20\nurgent_per_day = 2", &["health.wards.ward.urgent_per_day=2"]),
        ("waiting = \"loss\"", "waiting = \"queue\"", &["health.wards.ward.waiting=queue"]),
    ];
    for (i, (from, to, settings)) in cases.into_iter().enumerate() {
        let file = edited(&at(&format!("edited-{i}")).join("tiny"), from, to);
        let written = run(&file, &at(&format!("written-{i}")), &[]);
        let set: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
        let typed = run(&tiny(), &at(&format!("typed-{i}")), &set);
        assert!(written == typed, "{settings:?}");
        assert!(typed != run(&tiny(), &at(&format!("plain-{i}")), &[]), "{settings:?} moves something");
    }
}

#[test]
fn a_run_says_what_was_set_and_is_repeated_from_what_it_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let settings = ["--set", "health.wards.ward.beds=90", "--set", "label={ zh = \"甲\", en = \"it's another\" }"];
    let summary = run(&tiny(), &at("first"), &settings);
    let manifest: Value = serde_json::from_slice(&fs::read(at("first/manifest.json")).unwrap()).unwrap();
    let lines = ["health.wards.ward.beds = 90", "label = { zh = \"甲\", en = \"it's another\" }"];
    assert_eq!(manifest["settings"], serde_json::json!(lines));
    assert!(fs::read_to_string(at("first/report.html")).unwrap().contains(lines[0]));
    // The command that the list of settings begins with makes the same run.
    let list = fs::read_to_string(at("first/inputs/settings.toml")).unwrap();
    assert!(lines.iter().all(|line| list.contains(&format!("\n{line}\n"))), "{list}");
    #[cfg(unix)]
    {
        let command = list.lines().next().unwrap().strip_prefix("# civicap ").unwrap();
        let program = assert_cmd::cargo::cargo_bin("civicap");
        let line = format!("'{}' {command} --replications 8 --quiet --out ../second", program.display());
        let output = std::process::Command::new("sh").arg("-c").arg(line).current_dir(at("first")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(summary == fs::read(at("second/summary.csv")).unwrap());
    }
    // A comparison pairs the finished run as it was set, whatever the file says.
    let (first, file, out) = (at("first"), tiny(), at("compared"));
    let words = ["compare", first.to_str().unwrap(), file.to_str().unwrap(), "--json", "--out", out.to_str().unwrap()];
    let output = civicap(&words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys: Vec<&str> =
        said["plans"][0]["changes"].as_array().unwrap().iter().map(|c| c["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["health.wards.ward.beds"]);
    assert_eq!(said["plans"][0]["paired"], true);
}

#[test]
fn the_last_of_two_settings_of_one_key_holds_and_their_order_is_kept_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let twice = ["--set", "health.wards.ward.beds=1", "--set", "health.wards.ward.beds=90"];
    let once = ["--set", "health.wards.ward.beds=90"];
    assert!(run(&tiny(), &at("twice"), &twice) == run(&tiny(), &at("once"), &once));
    // A section that is not there is made; what was set in it can be set again.
    let made = ["--set", "projects.ring.label=Ring", "--set", "projects.ring.opens=2025-09-01"];
    run(&tiny(), &at("made"), &made);
}

#[test]
fn a_fault_in_a_setting_has_its_place_and_a_remedy_as_in_a_file() {
    let cases = [
        ("people.births.births_per_wman=1.1", "unknown-key", 15, "births_per_woman"),
        ("people.birth.births_per_woman=1.1", "unknown-key", 8, "births"),
        ("people.births.births_per_woman=many", "wrong-kind", 34, ""),
        ("health.wards.ward.beds=-3", "out-of-range", 26, ""),
        ("health.wards.ward.waiting=patience", "unknown-choice", 29, ""),
        ("health.wards.ward.beds.value=3", "contradiction", 24, "--set health.wards.ward.beds=..."),
        ("people.births", "syntax", 1, "--set people.births.births_per_woman=1.1"),
        ("people.births.births_per_woman=1,1", "syntax", 0, ""),
        ("=3", "syntax", 1, "--set people.births.births_per_woman=1.1"),
        ("format=3", "unknown-key", 1, ""),
        ("extends=\"other.toml\"", "unknown-key", 1, ""),
        ("people.table=nowhere.csv", "file", 16, ""),
        ("people.births.births_per_woman=1\nhealth.wards.ward.beds=2", "syntax", 1, "--set"),
    ];
    for (setting, code, column, remedy) in cases {
        let found = faults(&["label=\"ok\"", setting]);
        let fault = &found[0];
        assert_eq!((fault["code"].as_str().unwrap(), &fault["file"]), (code, &Value::from("--set 2")), "{setting}");
        assert_eq!(fault["line"], 1, "{setting}");
        assert!(column == 0 || fault["column"] == column, "{setting}: {fault}");
        assert!(fault["remedy"].as_str().unwrap().contains(remedy), "{setting}: {fault}");
        assert!(!fault["remedy"].as_str().unwrap().is_empty());
    }
}

#[test]
fn the_remedy_of_a_setting_that_goes_into_a_number_works() {
    let remedy = faults(&["health.wards.ward.beds.status=\"assumed\""])[0]["remedy"].as_str().unwrap().to_owned();
    let setting = remedy.split_once('\'').unwrap().1.rsplit_once('\'').unwrap().0.replace("...", "\"assumed\"");
    assert!(civicap(&["check", tiny().to_str().unwrap(), "--set", &setting]).status.success(), "{setting}");
}

#[test]
fn names_of_the_planner_need_no_quotes_of_toml() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, written) in [("历下小学", "\"历下小学\""), ("\"a.b\"", "\"a.b\"")] {
        let out = at(&written.replace('"', ""));
        run(&tiny(), &out, &["--set", &format!("projects.{name}={{ label = \"x\", opens = 2025-09-01 }}")]);
        let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["settings"][0], format!("projects.{written} = {{ label = \"x\", opens = 2025-09-01 }}"));
    }
}

#[test]
fn nothing_is_set_in_a_finished_run_and_shards_go_together_under_the_same_settings_only() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let set = ["--set", "health.wards.ward.beds=90"];
    let whole = run(&tiny(), Path::new(&at("whole")), &set);
    let refused = civicap(&["compare", &at("whole"), tiny().to_str().unwrap(), set[0], set[1], "--out", &at("no")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("help: name its scenario file"));
    for shard in ["1/2", "2/2"] {
        let file = tiny();
        let words = ["run", file.to_str().unwrap(), "--replications", "8", "--shard", shard, "--out", &at("shards")];
        assert!(civicap(&[&words[..], &set[..]].concat()).status.success());
    }
    let file = tiny();
    let (shards, merged) = (at("shards"), at("merged"));
    let words = ["merge", file.to_str().unwrap(), &shards, "--out", &merged];
    assert_eq!(civicap(&words).status.code(), Some(2), "shards of another plan");
    assert!(civicap(&[&words[..], &set[..]].concat()).status.success());
    assert!(whole == fs::read(Path::new(&merged).join("summary.csv")).unwrap());
}
