//! `civicap run` as a planner meets it: files, refusal to overwrite, exit codes, the same bytes whatever the threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(file: &Path, out: &Path, more: &[&str]) -> Output {
    let mut command = Command::cargo_bin("civicap").unwrap();
    command.arg("run").arg(file).arg("--out").arg(out).args(["--lang", "en"]).args(more);
    command.output().unwrap()
}

fn tiny() -> PathBuf {
    root().join("scenarios/tiny/scenario.toml")
}

#[test]
fn a_run_leaves_its_files_and_says_its_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&tiny(), &folder.path().join("new/tiny"), &["--replications", "40"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("falls short") && said.contains("meets demand"), "{said}");
    assert!(output.stderr.is_empty(), "nothing is said beside the results in a pipe");
    let out = folder.path().join("new/tiny");
    let names = [
        "dictionary.csv",
        "manifest.json",
        "report.html",
        "report.json",
        "report.xlsx",
        "summary.csv",
        "summary.parquet",
    ];
    for name in names {
        assert!(out.join(name).metadata().unwrap().len() > 100, "{name}");
        assert!(said.contains(name));
    }
    let mut left: Vec<String> =
        fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.retain(|name| name != "inputs");
    left.sort();
    assert_eq!(left, names, "no file is left half-written");
    for name in ["scenario.toml", "people.csv", "births.csv", "deaths.csv", "education_supply.csv"] {
        let read = fs::read(root().join("scenarios/tiny").join(name)).unwrap();
        assert!(read == fs::read(out.join("inputs/tiny").join(name)).unwrap(), "{name} is kept as it was read");
    }
}

#[test]
fn the_manifest_keeps_what_differs_between_machines_apart() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = |threads: &str| {
        let out = folder.path().join(threads);
        assert!(run(&tiny(), &out, &["--replications", "8", "--threads", threads, "--seed", "7"]).status.success());
        let mut read: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
        let machine = read.as_object_mut().unwrap().remove("run").unwrap();
        assert_eq!(machine["threads"], threads.parse::<u64>().unwrap());
        read
    };
    let read = manifest("1");
    assert_eq!(read, manifest("2"));
    assert_eq!((read["seed"].as_u64(), read["replications"].as_u64()), (Some(7), Some(8)));
    assert_eq!(read["horizon"]["end"], 2026);
    assert_eq!(read["scenario_hash"].as_str().unwrap().len(), 64);
}

#[test]
fn threads_do_not_change_a_byte_of_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let summary = |file: &Path, threads: &str| {
        let out = folder.path().join(format!("{threads}-{}", file.file_stem().unwrap().to_string_lossy()));
        let output = run(file, &out, &["--replications", "12", "--threads", threads]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read(out.join("summary.csv")).unwrap()
    };
    for file in [tiny(), root().join("scenarios/textbook/tandem.toml"), root().join("scenarios/textbook/erlang-a.toml")]
    {
        let one = summary(&file, "1");
        assert!(one == summary(&file, "2") && one == summary(&file, "8"), "{}", file.display());
    }
}

#[test]
fn parts_made_apart_and_merged_are_the_bytes_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(run(&tiny(), &at("whole"), &["--replications", "23"]).status.success());
    let whole = fs::read(at("whole/summary.csv")).unwrap();
    let merge = |parts: &[PathBuf], out: &str| {
        let mut command = Command::cargo_bin("civicap").unwrap();
        command.arg("merge").arg(tiny()).args(parts).arg("--out").arg(at(out)).args(["--lang", "en"]).output().unwrap()
    };
    for of in [1, 3, 7] {
        let parts: Vec<PathBuf> = (1..=of)
            .rev()
            .map(|i| {
                let share = format!("{i}/{of}");
                assert!(run(&tiny(), &at("parts"), &["--replications", "23", "--shard", &share]).status.success());
                at("parts").join(format!("shard-{i}-of-{of}.civicap"))
            })
            .collect();
        let merged = merge(&parts, &format!("merged-{of}"));
        assert!(merged.status.success(), "{}", String::from_utf8_lossy(&merged.stderr));
        assert!(whole == fs::read(at(&format!("merged-{of}/summary.csv"))).unwrap(), "{of} parts");
    }
    let part = |i: usize| at("parts").join(format!("shard-{i}-of-3.civicap"));
    let refused = |parts: &[PathBuf], why: &str| {
        let output = merge(parts, "refused");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(why) && said.contains("help:"), "{said}");
        assert!(!at("refused/manifest.json").exists());
    };
    refused(&[part(1), part(3)], "are missing");
    refused(&[part(1), part(2)], "are missing");
    refused(&[part(1), part(2), part(2), part(3)], "there twice");
    let cut = at("cut.civicap");
    let bytes = fs::read(part(2)).unwrap();
    fs::write(&cut, &bytes[..bytes.len() - 4]).unwrap();
    refused(&[part(1), cut, part(3)], "damaged");
    assert!(run(&tiny(), &at("other"), &["--replications", "23", "--shard", "2/3", "--seed", "2"]).status.success());
    refused(&[part(1), at("other/shard-2-of-3.civicap"), part(3)], "another seed");
}

#[test]
fn another_seed_gives_other_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let summary = |seed: &str| {
        let out = folder.path().join(seed);
        assert!(run(&tiny(), &out, &["--replications", "8", "--seed", seed]).status.success());
        fs::read(out.join("summary.csv")).unwrap()
    };
    assert_ne!(summary("1"), summary("2"));
}

#[test]
fn a_run_stops_when_its_risks_are_precise_enough_and_is_the_run_of_that_many_replications() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        assert!(run(&tiny(), &out, more).status.success());
        let manifest: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
        (manifest["replications"].as_u64().unwrap(), fs::read(out.join("summary.csv")).unwrap())
    };
    let (coarse, _) = made("coarse", &["--target-mcse", "0.2"]);
    let (fine, summary) = made("fine", &["--target-mcse", "0.02", "--threads", "2"]);
    assert!(16 <= coarse && coarse < fine && fine < 10_000, "{coarse} and {fine}");
    assert_eq!(made("fine alone", &["--target-mcse", "0.02", "--threads", "1"]).0, fine);
    assert!(summary == made("plain", &["--replications", &fine.to_string()]).1);
    assert_eq!(made("capped", &["--target-mcse", "0.001", "--replications", "20"]).0, 20, "no more than asked for");
}

#[test]
fn results_are_not_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("tiny");
    assert!(run(&tiny(), &out, &["--replications", "4"]).status.success());
    let before = fs::read(out.join("summary.csv")).unwrap();
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook/erlang-b-8-10.toml");
    let refused = run(&other, &out, &["--replications", "4"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--overwrite"));
    assert_eq!(before, fs::read(out.join("summary.csv")).unwrap());
    // A later run of the same scenario takes the place of the earlier one.
    assert!(run(&tiny(), &out, &["--replications", "4", "--seed", "2"]).status.success());
    assert_ne!(before, fs::read(out.join("summary.csv")).unwrap());
    assert!(run(&other, &out, &["--replications", "4", "--overwrite"]).status.success());
}

#[test]
fn a_file_in_the_place_of_the_results_folder_is_bad_input_before_the_long_work_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    for out in [file.clone(), file.join("below")] {
        let output = run(&tiny(), &out, &["--replications", "100000", "--overwrite"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("is a file, not a folder") && said.contains("help: name a folder with --out"), "{said}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn wrong_arguments_and_faulty_scenarios_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for more in [&["--replications", "0"][..], &["--years", "2030"], &["--years", "2019..2030"], &["--lang", "fr"]] {
        assert_eq!(run(&tiny(), &folder.path().join("x"), more).status.code(), Some(2), "{more:?}");
    }
    assert_eq!(run(Path::new("no-such.toml"), &folder.path().join("x"), &[]).status.code(), Some(2));
    assert!(!folder.path().join("x").join("manifest.json").exists());
}

/// Means by (stage, area, year, metric).
fn means(summary: &Path) -> BTreeMap<(String, String, String, String), f64> {
    let mut reader = csv::Reader::from_path(summary).unwrap();
    let heading = "service,stage,area,year,metric,unit,mean,sd,mcse,p05,p10,p25,p50,p75,p90,p95,prob";
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), heading);
    reader
        .records()
        .map(|record| record.unwrap())
        .filter(|record| !record[6].is_empty())
        .map(|r| ((r[1].into(), r[2].into(), r[3].into(), r[4].into()), r[6].parse().unwrap()))
        .collect()
}

#[test]
fn years_shown_do_not_change_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let (all, part) = (folder.path().join("all"), folder.path().join("part"));
    assert!(run(&tiny(), &all, &["--replications", "20"]).status.success());
    assert!(run(&tiny(), &part, &["--replications", "20", "--years", "2025..2025"]).status.success());
    let (all, part) = (means(&all.join("summary.csv")), means(&part.join("summary.csv")));
    assert!(!part.is_empty());
    for (key, mean) in &part {
        assert_eq!(key.2, "2025");
        assert_eq!(all[key], *mean, "{key:?}");
    }
}

/// The tiny district as a hand computes it (see the remarks in its scenario).
#[test]
fn the_tiny_district_gives_what_a_hand_computes() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(&tiny(), folder.path(), &["--replications", "400"]).status.success());
    let means = means(&folder.path().join("summary.csv"));
    let mean = |stage: &str, year: &str, metric: &str| {
        means[&(stage.to_owned(), "all".to_owned(), year.to_owned(), metric.to_owned())]
    };
    for (year, old, served, unmet) in
        [("2024", 0.0, 220.0, 20.0), ("2025", 200.0, 440.0, 40.0), ("2026", 400.0, 660.0, 60.0)]
    {
        assert_eq!(mean("residents", year, "population_60_plus"), old);
        assert_eq!((mean("primary", year, "served"), mean("primary", year, "unmet")), (served, unmet));
        // Births are Poisson with mean 105: four standard errors of the mean of 400.
        assert!((mean("residents", year, "births") - 105.0).abs() < 4.0 * (105.0_f64 / 400.0).sqrt());
        assert!((mean("ward", year, "occupied_beds") - 97.25).abs() < 0.6);
    }
}

/// Law of the plan: leaving the new schools out can only take places away.
#[test]
fn a_plan_without_its_projects_has_fewer_places_and_the_same_children() {
    let folder = tempfile::tempdir().unwrap();
    let lixia = root().join("scenarios/lixia");
    let summary = |name: &str| {
        let out = folder.path().join(name);
        let output = run(&lixia.join(format!("{name}.toml")), &out, &["--replications", "2"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        means(&out.join("summary.csv"))
    };
    let (with, without) = (summary("scenario"), summary("without-new-places"));
    let mut fewer = 0;
    for (key, places) in with.iter().filter(|(key, _)| key.3 == "places") {
        assert!(without[key] <= *places, "{key:?}");
        fewer += usize::from(without[key] < *places);
    }
    assert!(fewer > 100, "only {fewer} cells differ");
    for (key, demand) in with.iter().filter(|(key, _)| key.3 == "births" || key.3 == "population") {
        assert_eq!(without[key], *demand, "{key:?} differs between paired plans");
    }
}
