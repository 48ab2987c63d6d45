//! `civicap compare` and `civicap appraise`: what pairing promises, and what a hand computes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::AtomicBool;

use assert_cmd::Command;
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Change, Plan, Request, Source, changes, load, load_switched};
use civicap::study::RunSummary;
use civicap::study::comparison::{Actuals, Comparison, Counted, Side, common_years, compare, headlines, step};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with the tiny scenario, its tables and variants of it.
fn tiny(variants: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("scenarios/tiny")).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
    }
    for (name, text) in variants {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const SCHOOL: &str = "facility,label_zh,label_en,area,stage,sector,classes,class_size,opens,closes,project\n\
                      new_school,新建小学,New primary school,district,primary,public,24,45,2024-09-01,,\n";

const MORE_BEDS: &str = "extends = \"scenario.toml\"\n[health.wards.ward]\nbeds = 118\n";

fn civicap(words: &[&str]) -> Output {
    Command::cargo_bin("civicap").unwrap().args(words).args(["--lang", "en"]).output().unwrap()
}

fn simulated(file: &Path, replications: usize) -> (Plan, Results) {
    let plan = load(file, Request::default()).plan.unwrap();
    let asked = RunOptions { replications, seed: 5, threads: 2 };
    let results = simulate(&plan, asked, &(), &AtomicBool::new(false)).unwrap();
    (plan, results)
}

fn compared(a: &(Plan, Results), b: &(Plan, Results)) -> Comparison {
    let (x, y) = (RunSummary::new(&a.0, &a.1), RunSummary::new(&b.0, &b.1));
    let (x, y) = (Side::Simulated(&a.0, &a.1, &x), Side::Simulated(&b.0, &b.1, &y));
    compare(x, y, common_years(x, y).unwrap())
}

/// Rows of a table as (heading, cell) look-ups.
fn rows(csv: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| headings.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn a_plan_against_itself_differs_nowhere() {
    let folder = tiny(&[]);
    let (file, out) = (folder.path().join("scenario.toml"), folder.path().join("out"));
    let words = ["compare", file.to_str().unwrap(), file.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let output = civicap(&[&words[..], &["--replications", "20"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).replace('\n', " ");
    assert!(said.contains("No input differs") && said.contains("as many are unserved as before"), "{said}");
    let rows = rows(&out.join("comparison.csv"));
    assert!(rows.len() > 100);
    for row in rows {
        for column in ["difference", "sd", "mcse", "p05", "p50", "p95"] {
            assert_eq!(row[column], "0", "{column} of {row:?}");
        }
        for column in ["p_better", "p_worse"] {
            assert!(["", "0"].contains(&row[column].as_str()), "{row:?}");
        }
    }
    for name in ["comparison.html", "manifest.json"] {
        assert!(out.join(name).metadata().unwrap().len() > 100);
    }
}

/// Without the second school 20, 40 and 60 children have no place (see the remarks in the tiny scenario); with it all do.
#[test]
fn a_comparison_says_first_where_others_go_without_and_how_sure_that_is() {
    let two = format!("{SCHOOL}second,第二小学,Second school,district,primary,public,12,45,2024-09-01,,\n");
    let folder =
        tiny(&[("two.csv", &two), ("more.toml", "extends = \"scenario.toml\"\n[education]\nsupply = \"two.csv\"\n")]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (a, b, out) = (path("scenario.toml"), path("more.toml"), path("out"));
    let output = civicap(&["compare", &a, &b, "--replications", "20", "--out", &out]);
    let said = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    let first = said.find("Primary school (2024: 20 fewer on average, with probability >99%)").expect(&said);
    assert!(first < said.find('✓').or(said.find('✕')).unwrap(), "{said}");
}

#[test]
fn more_places_never_leave_more_people_unserved() {
    let more = SCHOOL.replace("public,24", "public,25");
    let folder = tiny(&[
        ("more.csv", &more),
        ("classes.toml", "extends = \"scenario.toml\"\n[education]\nsupply = \"more.csv\"\n"),
        ("beds.toml", MORE_BEDS),
    ]);
    let before = simulated(&folder.path().join("scenario.toml"), 40);
    for (variant, stage) in [("classes.toml", "primary"), ("beds.toml", "ward")] {
        let comparison = compared(&before, &simulated(&folder.path().join(variant), 40));
        let stage = comparison.stages.iter().find(|s| s.stage == stage).unwrap();
        for year in 2024..=2026 {
            let cell = comparison.district(stage, "unmet", year).unwrap();
            assert_eq!(cell.paired.unwrap().worse, Some(0.0), "{variant} {year}");
            assert!(cell.paired.unwrap().better > Some(0.5), "{variant} {year}");
        }
    }
}

#[test]
fn pairing_makes_differences_surer() {
    let folder = tiny(&[("beds.toml", MORE_BEDS)]);
    let before = simulated(&folder.path().join("scenario.toml"), 100);
    let comparison = compared(&before, &simulated(&folder.path().join("beds.toml"), 100));
    let ward = comparison.stages.iter().find(|s| s.stage == "ward").unwrap();
    for year in 2024..=2026 {
        let cell = comparison.district(ward, "unmet", year).unwrap();
        assert!(cell.paired.unwrap().spread.sd < 0.9 * cell.a.sd.hypot(cell.b.sd), "{year}");
    }
    assert!(comparison.reduction.unwrap().factor > 1.0);
    // The change of one service leaves the others as they are, replication by replication.
    for stage in comparison.stages.iter().filter(|s| s.stage != "ward") {
        for cell in stage.metrics.iter().flat_map(|m| &m.cells).flatten() {
            assert_eq!((cell.mean, cell.paired.unwrap().spread.quantiles), (0.0, [0.0; 7]), "{}", stage.stage);
        }
    }
}

#[test]
fn threads_do_not_change_a_byte_of_a_comparison() {
    let folder = tiny(&[("beds.toml", MORE_BEDS)]);
    let table = |threads: &str| {
        let out = folder.path().join(threads);
        let (a, b) = (folder.path().join("scenario.toml"), folder.path().join("beds.toml"));
        let words = ["compare", a.to_str().unwrap(), b.to_str().unwrap(), "--out", out.to_str().unwrap()];
        assert!(civicap(&[&words[..], &["--replications", "12", "--threads", threads]].concat()).status.success());
        fs::read(out.join("comparison.csv")).unwrap()
    };
    let one = table("1");
    assert!(one == table("2") && one == table("8"));
}

#[test]
fn a_changed_row_and_a_changed_key_are_what_moved_it() {
    let more = SCHOOL.replace("public,24", "public,30");
    let folder = tiny(&[
        ("more.csv", &more),
        (
            "variant.toml",
            "extends = \"scenario.toml\"\n[education]\nsupply = \"more.csv\"\n[people.births]\nbirths_per_woman = 1.5\n",
        ),
    ]);
    let (a, b) = (folder.path().join("scenario.toml"), folder.path().join("variant.toml"));
    let found = changes(Source::plain(&a), Source::plain(&b)).unwrap();
    let keys: Vec<String> = found.iter().map(Change::key).collect();
    assert_eq!(keys, ["people.births.births_per_woman", "education.supply"]);
    assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (Some("1.05"), Some("1.5")));
    let row = &found[1].rows.as_ref().unwrap().changed[0];
    assert!(row.row.starts_with("new_school"));
    assert_eq!(row.cells, [("classes".to_owned(), "24".to_owned(), "30".to_owned())]);
    let out = folder.path().join("out");
    let words = ["compare", a.to_str().unwrap(), b.to_str().unwrap(), "--out", out.to_str().unwrap(), "--explain"];
    let output = civicap(&[&words[..], &["--replications", "8"]].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("classes = 30"), "{said}");
    assert!(said.contains("+ Education: facilities"), "{said}");
}

#[test]
fn switching_every_change_makes_the_other_plan_and_steps_add_up() {
    let more = SCHOOL.replace("public,24", "public,30");
    let folder = tiny(&[
        ("more.csv", &more),
        (
            "variant.toml",
            "extends = \"scenario.toml\"\n[education]\nsupply = \"more.csv\"\n[education.stages.primary]\n\
             entrants_per_year = 300\n[people.births]\nbirths_per_woman = 1.5\n",
        ),
    ]);
    let (a, b) = (folder.path().join("scenario.toml"), folder.path().join("variant.toml"));
    let found = changes(Source::plain(&a), Source::plain(&b)).unwrap();
    let runs: Vec<(Plan, Results, RunSummary)> = (0..=found.len())
        .map(|taken| {
            let chosen: Vec<&Change> = found.iter().take(taken).collect();
            let plan = load_switched(&a, Source::plain(&b), &chosen, Request::default()).plan.unwrap();
            let asked = RunOptions { replications: 10, seed: 5, threads: 2 };
            let results = simulate(&plan, asked, &(), &AtomicBool::new(false)).unwrap();
            let summary = RunSummary::new(&plan, &results);
            (plan, results, summary)
        })
        .collect();
    let sides: Vec<Side<'_>> = runs.iter().map(|(p, r, d)| Side::Simulated(p, r, d)).collect();
    let (plan, results) = simulated(&b, 10);
    let summary = RunSummary::new(&plan, &results);
    let target = Side::Simulated(&plan, &results, &summary);
    let nothing = compare(sides[found.len()], target, (2024, 2026));
    assert!(nothing.stages.iter().flat_map(|s| &s.metrics).flat_map(|m| &m.cells).flatten().all(|d| d.mean == 0.0));
    let whole = compare(sides[0], target, (2024, 2026));
    let chosen = headlines(&whole);
    let steps: Vec<_> = sides
        .windows(2)
        .map(|pair| step(&whole, &chosen, civicap::language::Text::name("step"), pair[0], pair[1]))
        .collect();
    for (at, headline) in chosen.iter().enumerate() {
        let stage = &whole.stages[headline.stage];
        let sum: f64 = steps.iter().filter_map(|s| s.moved[at][2]).map(|d| d.mean).sum();
        let all = whole.district(stage, "unmet", headline.year).unwrap().mean;
        assert!((sum - all).abs() < 1e-9, "{}: {sum} and {all}", stage.stage);
    }
}

/// The manifest of a run whose summary is another: as another version of civicap would have written it.
fn sealed_anew(file: &Path, summary: &[u8]) {
    let mut manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    manifest["hashes"]["summary.csv"] = blake3::hash(summary).to_hex().to_string().into();
    manifest["run"].as_object_mut().unwrap().shift_remove("manifest_hash");
    manifest["run"]["manifest_hash"] = blake3::hash(manifest.to_string().as_bytes()).to_hex().to_string().into();
    fs::write(file, format!("{manifest:#}\n")).unwrap();
}

#[test]
fn a_finished_run_is_paired_while_its_scenario_is_unchanged() {
    let folder = tiny(&[("beds.toml", MORE_BEDS)]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, run) = (path("scenario.toml"), path("run"));
    let output = civicap(&["run", &file, "--out", &run, "--replications", "16", "--seed", "9"]);
    assert!(output.status.success());
    let compare = |out: &str| {
        let output = civicap(&["compare", &run, &path("beds.toml"), "--out", &path(out)]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let manifest = fs::read_to_string(folder.path().join(out).join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        (manifest, String::from_utf8(output.stdout).unwrap(), rows(&folder.path().join(out).join("comparison.csv")))
    };
    let (manifest, _, table) = compare("paired");
    assert_eq!(manifest["plans"][0]["numbers"], "simulated again");
    assert_eq!((manifest["seed"].as_u64(), manifest["replications"].as_u64()), (Some(9), Some(16)));
    assert!(table.iter().any(|row| row["metric"] == "unmet" && row["p_better"] == "1"));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("entrants_per_year = { value = 240", "entrants_per_year = { value = 250")).unwrap();
    // The run keeps its own inputs: edited in place, last year's plan is still paired, and what moved it is known.
    let (manifest, said, table) = compare("kept");
    assert_eq!(manifest["plans"][0]["numbers"], "simulated again (inputs kept with the run)");
    assert!(said.contains("entrants_per_year") && said.contains("240") && said.contains("250"), "{said}");
    let of = |table: &[std::collections::BTreeMap<String, String>], metric: &str, column: &str| {
        let row = |r: &&std::collections::BTreeMap<String, String>| {
            r["stage"] == "primary" && r["metric"] == metric && r["year"] == "2024"
        };
        table.iter().find(row).unwrap()[column].clone()
    };
    assert_eq!(of(&table, "entry_demand", "difference"), "10");
    assert_eq!(of(&table, "unmet", "p_worse"), "1");
    // Simulated again it comes out as it did; if its numbers were others, the comparison says so.
    assert!(!said.contains("does not come out"), "{said}");
    let summary = folder.path().join("run/summary.csv");
    let published = fs::read_to_string(&summary).unwrap();
    let other = published.replacen(",persons,12000,", ",persons,11990,", 1);
    fs::write(&summary, &other).unwrap();
    sealed_anew(&folder.path().join("run/manifest.json"), other.as_bytes());
    let (_, said, _) = compare("drifted");
    assert!(said.contains("does not come out as it was published: 1 of its"), "{said}");
    fs::write(&summary, &published).unwrap();
    sealed_anew(&folder.path().join("run/manifest.json"), published.as_bytes());
    fs::remove_dir_all(folder.path().join("run/inputs")).unwrap();
    let (manifest, said, table) = compare("unpaired");
    assert_eq!(manifest["plans"][0]["numbers"], "summary (scenario changed)");
    assert!(said.contains("has changed since") && said.contains("unpaired"), "{said}");
    assert!(table.iter().all(|row| row["p_better"].is_empty() && row["p50"].is_empty()));
    let moved = table.iter().find(|r| r["stage"] == "primary" && r["metric"] == "entry_demand" && r["year"] == "2024");
    assert_eq!(moved.unwrap()["difference"], "10");
    fs::remove_file(&file).unwrap();
    fs::write(path("beds.toml"), text).unwrap();
    let (manifest, said, _) = compare("missing");
    assert_eq!(manifest["plans"][0]["numbers"], "summary (scenario missing)");
    assert!(said.contains("cannot be read"));
}

/// Everybody is counted again a year later: a district that grew as forecast lies inside, one that lost people outside.
#[test]
fn plans_of_two_years_are_compared_over_the_years_they_share() {
    let folder = tiny(&[]);
    let text = fs::read_to_string(folder.path().join("scenario.toml")).unwrap();
    fs::write(folder.path().join("next.toml"), text.replace("2024\nend = 2026", "2025\nend = 2028")).unwrap();
    let (before, after) =
        (simulated(&folder.path().join("scenario.toml"), 40), simulated(&folder.path().join("next.toml"), 40));
    let comparison = compared(&before, &after);
    assert_eq!(comparison.years, (2025, 2026));
    let stage = comparison.stages.iter().find(|s| s.stage == "primary").unwrap();
    assert_eq!(stage.standings[0].as_ref().unwrap().by_year.len(), 2);
    let actuals = Actuals::of(&comparison).unwrap();
    assert_eq!(actuals.year, 2025);
    let all = actuals.rows.iter().find(|r| r.area.is_none()).unwrap();
    // 105 births are forecast and none is in the old table: far below the 10 % of Poisson(105).
    assert!(!all.inside && all.cell.b.mean == 12_000.0);
    let keys: Vec<String> =
        changes(Source::plain(&folder.path().join("scenario.toml")), Source::plain(&folder.path().join("next.toml")))
            .unwrap()
            .iter()
            .map(Change::key)
            .collect();
    assert_eq!(keys, ["horizon.start", "horizon.end"]);
}

/// Figures counted since lie beside the earlier forecast: births are Poisson with mean 105, so 105 is inside its middle
/// 80 % (92 to 118) and 200 beyond all of it; what the earlier plan knew already, or does not reach, is left out.
#[test]
fn what_was_counted_since_is_held_against_the_earlier_forecast() {
    let counts = "metric,year,value\nbirths,2025,105\nbirths,2026,200\nbirths,2028,100\npopulation,2026,12210\n";
    let folder = tiny(&[("counts.csv", counts), ("known.csv", "metric,year,value\npopulation,2026,12210\n")]);
    let path = |name: &str| folder.path().join(name);
    let text = fs::read_to_string(path("scenario.toml")).unwrap();
    let set = |table: &str| format!("\n[observed.register]\nlabel = \"the register\"\ntable = \"{table}\"\n");
    fs::write(path("before.toml"), text.clone() + &set("known.csv")).unwrap();
    fs::write(path("after.toml"), text.replace("2024\nend = 2026", "2025\nend = 2028") + &set("counts.csv")).unwrap();
    let (before, after) = (simulated(&path("before.toml"), 200), simulated(&path("after.toml"), 2));
    let counted = Counted::since(&before.0, &before.1, &after.0);
    let rows: Vec<_> = counted.iter().map(|c| (c.when.as_str(), c.value, c.inside())).collect();
    assert_eq!(rows, [("2025", 105.0, true), ("2026", 200.0, false)]);
    assert_eq!(counted[1].rank, 1.0);
    assert!((counted[0].median - 105.0).abs() < 4.0 && counted[0].interval[0] < 97.0 && counted[0].interval[1] > 113.0);
    let words = ["before.toml", "after.toml", "out"].map(|name| path(name).to_str().unwrap().to_owned());
    let said = civicap(&["compare", &words[0], &words[1], "--out", &words[2], "--replications", "20"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("The earlier forecast beside: the register") && said.contains("1 of 2 (50%)"), "{said}");
    assert!(said.contains("new count"), "{said}");
}

#[test]
fn machines_read_what_changes_and_what_projects_are_worth() {
    let folder = tiny(&[("beds.toml", MORE_BEDS)]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let words = ["compare", &path("scenario.toml"), &path("beds.toml"), "--out", &path("out"), "--replications", "8"];
    let output = civicap(&[&words[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let plan = &json["plans"][0];
    let ward = plan["stages"].as_array().unwrap().iter().find(|s| s["stage"] == "ward").unwrap();
    let year = ward["unmet"]["year"].as_i64().unwrap().to_string();
    let table = rows(&folder.path().join("out/comparison.csv"));
    let row = table
        .iter()
        .find(|r| r["stage"] == "ward" && r["metric"] == "unmet" && r["area"] == "all" && r["year"] == year)
        .unwrap();
    for (column, value) in [("difference", "difference"), ("p05", "p05"), ("p_better", "p_better")] {
        let said = ward["unmet"][value].as_f64().unwrap();
        assert!((said - row[column].parse::<f64>().unwrap()).abs() < 1e-6, "{column}");
    }
    assert_eq!(plan["changes"][0]["key"], "health.wards.ward.beds");
    assert_eq!(json["files"].as_array().unwrap().len(), 5);
}

#[test]
fn a_comparison_that_makes_no_sense_is_refused() {
    let folder = tiny(&[]);
    let text = fs::read_to_string(folder.path().join("scenario.toml")).unwrap();
    fs::write(folder.path().join("later.toml"), text.replace("2024\nend = 2026", "2030\nend = 2032")).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (plans, said) in [
        (vec![path("scenario.toml")], "2 values required"),
        (vec![path("scenario.toml"), path("later.toml")], "no year in common"),
        (vec![path("scenario.toml"), path("")], "no finished run"),
        (vec![path("scenario.toml"), path("none.toml")], "there is no file"),
    ] {
        let words: Vec<&str> = ["compare"].into_iter().chain(plans.iter().map(String::as_str)).collect();
        let output = civicap(&[&words[..], &["--out", &path("out")]].concat());
        let heard = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{heard}");
        assert!(heard.contains(said), "{heard}");
    }
}

/// Without the second school 20, 40 and 60 children have no place (see the remarks in the tiny scenario); with it all do.
#[test]
fn a_project_is_worth_the_children_who_would_have_no_place() {
    let two = format!("{SCHOOL}second,第二小学,Second school,district,primary,public,12,45,2024-09-01,,second\n");
    let folder = tiny(&[
        ("two.csv", &two),
        (
            "projects.toml",
            "extends = \"scenario.toml\"\n[projects.second]\nlabel = \"Second\"\nopens = 2024-09-01\n\
             [projects.idle]\nlabel = \"Idle\"\nopens = 2025-09-01\n[education]\nsupply = \"two.csv\"\n",
        ),
    ]);
    let table = |threads: &str| {
        let (file, out) = (folder.path().join("projects.toml"), folder.path().join(threads));
        let words = ["appraise", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--threads", threads];
        let output = civicap(&[&words[..], &["--replications", "8"]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("nothing") && said.contains("2026"), "{said}");
        let json = civicap(&[&words[..], &["--replications", "8", "--overwrite", "--json"]].concat());
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(json["projects"][0]["stages"][0]["years"][2]["fewer_unserved"], 60.0);
        out.join("projects.csv")
    };
    let one = table("1");
    assert_eq!(fs::read(&one).unwrap(), fs::read(table("2")).unwrap());
    let rows = rows(&one);
    assert_eq!(rows.len(), 3, "the idle project touches nothing");
    for (row, (year, fewer)) in rows.iter().zip([("2024", "20"), ("2025", "40"), ("2026", "60")]) {
        assert_eq!((row["project"].as_str(), row["year"].as_str()), ("second", year));
        assert_eq!(
            (row["fewer_unserved"].as_str(), row["p_fewer"].as_str(), row["p_more"].as_str()),
            (fewer, "1", "0")
        );
        assert_eq!((row["risk_with"].as_str(), row["risk_without"].as_str()), ("0", "1"));
    }
}
