//! Whoever takes the numbers further finds every name that stands in them explained, once, in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// The cells of a small CSV text without line breaks in cells.
fn rows(text: &str) -> Vec<Vec<String>> {
    // The mark by which spreadsheets know UTF-8 is no part of the first heading.
    let text = text.trim_start_matches('\u{feff}');
    let split = |line: &str| {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().unwrap().push(c),
            }
        }
        cells
    };
    text.lines().map(split).collect()
}

/// Runs the starter scenario once below a folder; returns where its results are.
fn starter_run(folder: &Path) -> PathBuf {
    let (made, out) = (folder.join("district"), folder.join("out"));
    let civicap = || Command::cargo_bin("civicap").unwrap();
    assert!(civicap().args(["new", "--quiet"]).arg(&made).output().unwrap().status.success());
    let arguments = ["run", "--replications", "2", "--quiet", "--lang", "zh", "--out"];
    let ran = civicap().args(arguments).arg(&out).arg(made.join("scenario.toml")).output().unwrap().status;
    assert!(ran.success());
    out
}

#[test]
fn every_name_of_the_summary_stands_in_the_dictionary_once_with_its_unit_and_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let out = starter_run(folder.path());
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let dictionary = read("dictionary.csv");
    let dictionary = rows(dictionary.strip_prefix('\u{feff}').expect("a mark for Excel"));
    let mut explained = BTreeSet::new();
    for row in &dictionary[1..] {
        assert_eq!(row.len(), 7, "{row:?}");
        assert!(!row[5].is_empty() && row[6].chars().any(|c| c > '\u{2e00}'), "{row:?}");
        assert!(explained.insert(row[..5].to_vec()), "twice: {row:?}");
    }
    let summary = rows(&read("summary.csv"));
    let has = |cells: [&str; 5]| explained.contains(cells.map(str::to_owned).as_slice());
    for column in &summary[0] {
        assert!(has(["column", "", "", column, ""]), "{column}");
    }
    let mut metrics = 0;
    for row in &summary[1..] {
        let (service, stage, area, metric, unit) = (&row[0], &row[1], &row[2], &row[4], &row[5]);
        assert!(has(["service", service, "", "", ""]) && has(["stage", service, stage, "", ""]), "{row:?}");
        assert!(has(["metric", service, stage, metric, unit]) && has(["unit", "", "", unit, unit]), "{row:?}");
        assert!(area == "all" || has(["area", "", "", area, ""]), "{row:?}");
        metrics += 1;
    }
    assert!(metrics > 1_000, "{metrics} rows");
    assert!(read("manifest.json").contains("\"dictionary.csv\""));
}

#[test]
fn inputs_of_a_section_with_a_label_go_by_the_label_and_not_by_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let page = fs::read_to_string(starter_run(folder.path()).join("report.html")).unwrap();
    assert!(page.contains("医疗·内科：") && !page.contains("医疗·internal"));
}
