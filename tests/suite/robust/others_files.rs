//! Files of other people in a folder of results stay as they are, and what the scenario reads is never replaced.

use std::fs;
use std::path::Path;

use super::{civicap, files, run, said, tiny};

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

/// A comparison in the place of a run: nothing of the run stays, its inputs neither.
#[test]
fn what_takes_the_place_of_a_run_takes_it_whole() {
    let (folder, file) = tiny();
    let [out, fresh] = ["out", "fresh"].map(|name| folder.path().join(name));
    assert!(run(&file, &out, &[]).status.success());
    for place in [&out, &fresh] {
        let file = file.to_str().unwrap();
        let words = ["compare", file, file, "--replications", "4", "--overwrite", "--quiet", "--out"];
        let output = civicap(&[&words[..], &[place.to_str().unwrap()]].concat());
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(files(&out).keys().eq(files(&fresh).keys()), "{:?}", files(&out).keys());
    assert!(!out.join("inputs").exists());
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
