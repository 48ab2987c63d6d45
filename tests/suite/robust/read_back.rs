//! What lies in a folder may be anything: manifests, shards and records are believed as far as their hashes go.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{binary, civicap, run, run_words, said, tiny};

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
    assert!(!shown.contains("same in every replication"), "the runs differ: {shown}");
    // The numbers of both runs, as their summaries have them, stand beside each other.
    let again = folder.path().join("json");
    let words = [&words[..words.len() - 1], &[again.to_str().unwrap(), "--json"]].concat();
    let told: Value = serde_json::from_slice(&civicap(&words).stdout).unwrap();
    let stages = told["plans"][0]["stages"].as_array().unwrap();
    assert!(!stages.is_empty());
    for stage in stages {
        for (run, side) in [(&a, "baseline"), (&b, "plan")] {
            let own = &stage["unmet_as_made"];
            let [service, year] = [stage["service"].as_str().unwrap().to_owned(), own["year"].to_string()];
            let key = format!("{service},{},all,{year},unmet,", stage["stage"].as_str().unwrap());
            let summary = fs::read_to_string(run.join("summary.csv")).unwrap();
            let row = summary.lines().find(|line| line.contains(&key)).unwrap_or_else(|| panic!("no {key}"));
            let mean = own[side].as_f64().unwrap();
            let near = |cell: &str| cell.parse::<f64>().is_ok_and(|cell| (cell - mean).abs() < 1e-5);
            assert!(row.split(',').any(near), "{side} {mean}: {row}");
        }
    }
}

/// Plans of different services have nothing that could be better or worse.
#[test]
fn plans_without_a_stage_in_common_are_not_called_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let ward = |name: &str, stage: &str| {
        let file = folder.path().join(name);
        let text = format!(
            "label = \"{name}\"\n[horizon]\nstart = 2024\nend = 2025\n[health.wards.{stage}]\nbeds = 10\narrivals_per_day = 4\n\
             los_mean_days = 5\n"
        );
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (a, b) = (ward("a.toml", "one"), ward("b.toml", "other"));
    for (lang, said_so, all_clear) in [("en", "no stage in common", "as many go without"), ("zh", "没有共同", "均不变")]
    {
        let out = folder.path().join(lang);
        let words = ["compare", &a, &b, "--replications", "4", "--lang", lang, "--out", out.to_str().unwrap()];
        let output = civicap(&words);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && shown.contains(said_so) && !shown.contains(all_clear),
            "{shown}{}",
            said(&output)
        );
    }
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
