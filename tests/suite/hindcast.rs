//! `[observed]`: counts beside the run, and the hindcast of Lixia 2010 that uses it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Loaded, Request, load};
use civicap::study::{Compared, compare};

fn scenarios() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The tiny district with observed figures.
fn tiny_with(folder: &Path, rows: &str) -> PathBuf {
    for entry in fs::read_dir(scenarios().join("tiny")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    fs::write(folder.join("counted.csv"), format!("service,stage,metric,area,year,value\n{rows}")).unwrap();
    let file = folder.join("with.toml");
    fs::write(&file, "extends = \"scenario.toml\"\n[observed.counted]\nlabel = \"counted\"\ntable = \"counted.csv\"\n")
        .unwrap();
    file
}

fn faults(loaded: &Loaded) -> String {
    loaded.diagnostics.list.iter().map(|d| d.message.en.to_string() + "\n").collect()
}

#[test]
fn a_count_is_inside_where_the_run_says_so_and_days_lie_between_januaries() {
    let folder = tempfile::tempdir().unwrap();
    // 60 and over are 200 and 400 for certain on the Januaries of 2025 and 2026, so 300 on 1 July.
    let rows = "people,residents,population_60_plus,,2025-07-01,300\n\
                people,residents,population_60_plus,all,2025-07-01,301\n\
                ,,population_60_plus,district,2026,399\n\
                people,,births,,2025,105\n\
                people,,births,,2025,180\n\
                education,primary,unmet,,2024,20\n";
    let loaded = load(&tiny_with(folder.path(), rows), Request::default());
    let plan = loaded.plan.as_ref().unwrap_or_else(|| panic!("{}", faults(&loaded)));
    let options = RunOptions { replications: 200, seed: 1, threads: 1 };
    let results = simulate(plan, options, &(), &false.into()).unwrap();
    let compared = compare(plan, &results, &plan.observed[0]);
    let inside: Vec<bool> = compared.iter().map(Compared::inside).collect();
    assert_eq!(inside, [true, false, false, true, false, true]);
    assert_eq!((compared[0].median, compared[0].rank), (300.0, 0.5));
    assert_eq!((compared[1].rank, compared[2].rank), (1.0, 0.0));
    assert!((0.2..0.8).contains(&compared[3].rank), "births of mean 105: rank {}", compared[3].rank);
    assert_eq!(compared[4].rank, 1.0, "180 births are 7 standard deviations above");
}

#[test]
fn counts_that_the_run_cannot_know_are_faults_all_told() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "people,,births,,2025-07-01,105\n\
                ,,storks,,2025,1\n\
                ,,demand,,2025,1\n\
                people,,population,,2019,1\n\
                people,,population,mars,2025,1\n\
                people,pyramid,male_0-4,district,2025,-3\n\
                people,,population,,2026-07-01,1\n";
    let loaded = load(&tiny_with(folder.path(), rows), Request::default());
    assert!(loaded.plan.is_none());
    let said = faults(&loaded);
    for fault in [
        "`births` is a number of a whole year",
        "«storks» means 0 numbers",
        "«demand» means 3 numbers",
        "«2019» is no year or day from 2024 to 1 January 2026",
        "does not know «mars»",
        "not split by area",
        "`value` = «-3»",
        "«2026-07-01» is no year or day",
    ] {
        assert!(said.contains(fault), "{fault} is not in:\n{said}");
    }
}

/// Sum of the last column of a table of the hindcast, without its heading and remarks.
fn sum(table: &str, keep: impl Fn(&str) -> bool) -> u32 {
    let text = fs::read_to_string(scenarios().join("lixia-2010/data").join(table)).unwrap();
    let rows = text.lines().filter(|l| !l.starts_with('#')).skip(1);
    rows.filter(|l| keep(l)).map(|l| l.rsplit(',').next().unwrap().parse::<u32>().unwrap()).sum()
}

#[test]
fn the_tables_of_the_hindcast_are_the_two_censuses() {
    assert_eq!(sum("population.csv", |_| true) + sum("students.csv", |_| true), 754_136);
    assert_eq!(sum("census_2020.csv", |l| l.starts_with("ages")), 819_139);
    assert_eq!(sum("census_2020.csv", |l| l.starts_with("population")), 819_139);
}

#[test]
fn the_hindcast_shows_every_count_and_its_page_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenarios().join("lixia-2010/scenario.toml");
    let mut command = Command::cargo_bin("civicap").unwrap();
    let output = command.arg("run").arg(&file).arg("--out").arg(folder.path()).args(["--replications", "400"]).output();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(said.contains("observed.csv"), "{said}");
    let mut reader = csv::Reader::from_path(folder.path().join("observed.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    assert_eq!(rows.len(), 2 * 19);
    let page = fs::read_to_string(scenarios().join("lixia-2010/README.md")).unwrap();
    // The page's medians, of more replications, are the run's within the error of a median; every word is as it came out.
    let shown: BTreeMap<&str, Vec<&str>> = page
        .lines()
        .filter_map(|l| l.strip_prefix("| "))
        .map(|l| l.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells.len() >= 7 && cells[4].trim_matches('*').chars().all(char::is_alphabetic))
        .map(|cells| (cells[0], cells))
        .collect();
    for row in rows.iter().filter(|r| &r[0] == "census_2020") {
        let age = if &row[5] == "population" { "all ages" } else { &row[5][5..] };
        let number = |text: &str| text.replace(',', "").parse::<f64>().unwrap();
        let (median, low, high) = (number(&row[9]), number(&row[8]), number(&row[10]));
        let page = &shown[age];
        // 200 pairs: the standard error of a median is 1.25 sd / sqrt(200), the sd about a 2.56th of the interval.
        let error = 4.0 * 1.25 * (high - low) / 2.56 / 200_f64.sqrt();
        assert!((number(page[1]) - median).abs() < error, "{age}: {} on the page, {median}", page[1]);
        assert_eq!(number(page[3]), number(&row[6]), "{age}");
    }
}

/// A table named on the command line is scored as the same table in the scenario is.
#[test]
fn a_run_is_scored_as_its_observed_table_is() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "people,residents,population_60_plus,,2025-07-01,301\npeople,residents,births,,2025,105\n\
                people,residents,births,,2024,99\n";
    let file = tiny_with(folder.path(), rows);
    let (run, scores) = (folder.path().join("run"), folder.path().join("scores.csv"));
    let civicap = |arguments: &[&str]| Command::cargo_bin("civicap").unwrap().args(arguments).output().unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let ran = civicap(&["run", &text(&file), "--out", &text(&run), "--replications", "200"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let counted = text(&folder.path().join("counted.csv"));
    let scored = civicap(&["score", &text(&run), &counted, "--out", &text(&scores), "--lang", "en"]);
    assert!(scored.status.success(), "{}", String::from_utf8_lossy(&scored.stderr));
    let said = String::from_utf8(scored.stdout).unwrap();
    assert!(said.contains("Scores by number") && said.contains("CRPS"), "{said}");
    let own = fs::read_to_string(run.join("observed.csv")).unwrap();
    // The run marks its table as UTF-8 for spreadsheets.
    assert_eq!(fs::read_to_string(&scores).unwrap(), own.trim_start_matches('\u{feff}'));
    let json = civicap(&["score", &text(&run), &counted, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["sets"][0]["counts"].as_array().unwrap().len(), 3);
    assert_eq!(json["sets"][0]["scores"][1]["counts"], 2, "births of two years are one number: {json}");
    // A count that stands in no year of the run is a fault with its place.
    fs::write(folder.path().join("late.csv"), "metric,year,value\nbirths,2050,3\n").unwrap();
    let refused = civicap(&["score", &text(&run), &text(&folder.path().join("late.csv")), "--lang", "en"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("late.csv"));
}
