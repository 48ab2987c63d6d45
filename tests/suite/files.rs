//! The files of a run read back by other eyes: Parquet, workbook and kept report against `summary.csv`, and what becomes of
//! them when the disk does not want to.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use calamine::{Data, Reader};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

fn tiny() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny/scenario.toml")
}

fn civicap(words: &[&str]) -> Output {
    Command::cargo_bin("civicap").unwrap().args(words).output().unwrap()
}

fn run(out: &Path, more: &[&str]) -> Output {
    let (tiny, out) = (tiny(), out.to_str().unwrap().to_owned());
    civicap(&[&["run", tiny.to_str().unwrap(), "--out", &out, "--lang", "en"], more].concat())
}

fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn csv_rows(file: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(file).unwrap().records().map(Result::unwrap).collect()
}

type Table = Vec<Vec<(String, Field)>>;

fn parquet_rows(file: &Path) -> (Table, BTreeMap<String, String>) {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let facts = reader.metadata().file_metadata().key_value_metadata().unwrap().iter();
    let facts = facts.map(|fact| (fact.key.clone(), fact.value.clone().unwrap())).collect();
    let row = |row: parquet::record::Row| row.get_column_iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    (reader.get_row_iter(None).unwrap().map(|r| row(r.unwrap())).collect(), facts)
}

#[test]
fn the_summary_as_parquet_is_the_summary_as_csv_with_types() {
    let folder = tempfile::tempdir().unwrap();
    succeeded(&run(folder.path(), &["--replications", "20", "--seed", "3"]));
    let csv = csv_rows(&folder.path().join("summary.csv"));
    let heading = csv::Reader::from_path(folder.path().join("summary.csv")).unwrap().headers().unwrap().clone();
    let (rows, facts) = parquet_rows(&folder.path().join("summary.parquet"));
    assert_eq!(rows.len(), csv.len());
    let mut empty = 0;
    for (row, record) in rows.iter().zip(&csv) {
        for (((name, field), heading), cell) in row.iter().zip(&heading).zip(record) {
            assert_eq!(name, heading);
            match field {
                Field::Str(words) => assert_eq!(words, cell),
                Field::Int(year) => assert_eq!(year.to_string(), cell),
                // The table has six digits after the point.
                Field::Double(value) => {
                    assert!((value - cell.parse::<f64>().unwrap()).abs() <= 5.000_001e-7, "{value} {cell}");
                }
                Field::Null => {
                    assert_eq!(cell, "");
                    empty += 1;
                }
                other => panic!("{name} is {other}"),
            }
        }
    }
    assert!(empty > 0, "a cell without a value is null");
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("manifest.json")).unwrap()).unwrap();
    assert_eq!(facts["civicap.scenario_hash"], manifest["scenario_hash"].as_str().unwrap());
    assert_eq!((facts["civicap.seed"].as_str(), facts["civicap.replications"].as_str()), ("3", "20"));
    assert_eq!(facts["civicap.version"], env!("CARGO_PKG_VERSION"));
    let metrics: Vec<serde_json::Value> = serde_json::from_str(&facts["civicap.metrics"]).unwrap();
    for record in &csv {
        let of =
            |m: &&serde_json::Value| m["service"] == record[0] && m["stage"] == record[1] && m["metric"] == record[4];
        assert_eq!(metrics.iter().find(of).unwrap()["unit"], record[5]);
    }
}

#[test]
fn replications_that_are_kept_have_the_means_of_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    succeeded(&run(folder.path(), &["--replications", "12", "--keep-replications"]));
    let (rows, facts) = parquet_rows(&folder.path().join("replications.parquet"));
    let csv = csv_rows(&folder.path().join("summary.csv"));
    assert_eq!(rows.len(), csv.len() * 12, "a row for each value");
    assert_eq!(facts["civicap.replications"], "12");
    let columns: Vec<&str> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(columns, ["service", "stage", "area", "year", "metric", "unit", "replication", "value"]);
    for (record, cell) in csv.iter().zip(rows.chunks(12)) {
        let mut values = Vec::new();
        for (number, row) in cell.iter().enumerate() {
            for (i, name) in [0, 1, 2, 4, 5].map(|i| (i, &record[i])) {
                assert_eq!(row[i].1, Field::Str(name.to_owned()));
            }
            assert_eq!(row[3].1, Field::Int(record[3].parse().unwrap()));
            assert_eq!(row[6].1, Field::Int(number as i32));
            match row[7].1 {
                Field::Double(value) => values.push(value),
                Field::Null => {}
                ref other => panic!("{other}"),
            }
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        match record[6].parse::<f64>() {
            Ok(said) => assert!((mean - said).abs() <= 5.000_001e-7, "{record:?}"),
            Err(_) => assert!(values.is_empty(), "{record:?}"),
        }
    }
}

#[test]
fn tables_with_types_do_not_depend_on_threads_or_parts() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let keep = ["--replications", "14", "--keep-replications"];
    succeeded(&run(&at("1"), &[&keep[..], &["--threads", "1"]].concat()));
    succeeded(&run(&at("2"), &[&keep[..], &["--threads", "2"]].concat()));
    for part in ["1/2", "2/2"] {
        succeeded(&run(&at("parts"), &["--replications", "14", "--shard", part]));
    }
    let (tiny, out) = (tiny(), at("merged"));
    let parts = ["shard-1-of-2.civicap", "shard-2-of-2.civicap"].map(|name| at("parts").join(name));
    let [one, two] = parts.each_ref().map(|part| part.to_str().unwrap());
    let words = ["merge", tiny.to_str().unwrap(), two, one, "--out", out.to_str().unwrap(), "--lang", "en"];
    succeeded(&civicap(&[&words[..], &["--keep-replications"]].concat()));
    for name in ["summary.parquet", "replications.parquet", "report.json", "report.xlsx", "report.html"] {
        let whole = fs::read(at("1").join(name)).unwrap();
        assert!(whole == fs::read(at("2").join(name)).unwrap(), "{name}: threads");
        assert!(whole == fs::read(at("merged").join(name)).unwrap(), "{name}: parts");
    }
}

#[test]
fn numbers_of_the_workbook_are_those_of_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    succeeded(&run(folder.path(), &["--replications", "20"]));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.path().join("report.xlsx")).unwrap();
    let csv = csv_rows(&folder.path().join("summary.csv"));
    let quantile = |metric: &str, year: i64, column: usize| -> f64 {
        let of = |r: &&csv::StringRecord| {
            &r[1] == "primary" && &r[2] == "all" && r[3] == year.to_string() && &r[4] == metric
        };
        csv.iter().find(of).unwrap()[column].parse().unwrap()
    };
    let range = book.worksheet_range("Education").unwrap();
    let at = range.rows().position(|row| row[0] == Data::String("Year".to_owned())).unwrap();
    let mut years = 0;
    for row in range.rows().skip(at + 1).map_while(|row| if let Data::Float(_) = row[0] { Some(row) } else { None }) {
        let number = |i: usize| if let Data::Float(value) = row[i] { value } else { panic!("{:?}", row[i]) };
        let year = number(0) as i64;
        // Quantiles of demand in columns 1 to 7, of places (10, 50, 90 %) in 8 to 10.
        for (i, column) in (1..8).zip(9..16) {
            assert!((number(i) - quantile("demand", year, column)).abs() <= 5.000_001e-7);
        }
        for (i, column) in (8..11).zip([10, 12, 14]) {
            assert!((number(i) - quantile("places", year, column)).abs() <= 5.000_001e-7);
        }
        years += 1;
    }
    assert_eq!(years, 3);
    // The long table: every stage and year, each number where the summary has it.
    let range = book.worksheet_range("Education, by area and year").unwrap();
    let at = range.rows().position(|row| row[0].to_string().starts_with("Stage")).unwrap();
    let rows: Vec<_> =
        range.rows().skip(at + 1).filter(|row| row[0] == Data::String("Primary school".to_owned())).collect();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let number = |i: usize| if let Data::Float(value) = row[i] { value } else { panic!("{:?}", row[i]) };
        let year = number(2) as i64;
        // Of a school the places in use are its pupils.
        for (i, metric) in
            [(3, "demand"), (4, "enrolled"), (5, "places"), (6, "unmet"), (7, "utilisation"), (8, "target_missed")]
        {
            assert!((number(i) - quantile(metric, year, 6)).abs() <= 5.000_001e-7, "{metric}");
        }
    }
}

#[test]
fn a_finished_run_is_rendered_again_without_simulating_in_either_language() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let said = succeeded(&run(&at("en"), &["--replications", "10"]));
    let (tiny, zh) = (tiny(), at("zh"));
    let words = ["run", tiny.to_str().unwrap(), "--out", zh.to_str().unwrap(), "--replications", "10", "--lang", "zh"];
    succeeded(&civicap(&words));
    let page = |folder: &str, name: &str| fs::read(at(folder).join(name)).unwrap();
    let again = |more: &[&str]| {
        let of = at("en");
        civicap(&[&["report", of.to_str().unwrap()], more].concat())
    };
    let other = at("other");
    succeeded(&again(&["--lang", "zh", "--out", other.to_str().unwrap()]));
    for name in ["report.html", "report.xlsx"] {
        assert!(page("other", name) == page("zh", name), "{name} in the other language");
        assert!(page("other", name) != page("en", name));
    }
    assert_eq!(names(&other), ["report.html", "report.xlsx"]);
    // Pages elsewhere are not replaced unasked; the run's own are made anew.
    assert_eq!(again(&["--out", other.to_str().unwrap()]).status.code(), Some(2));
    let before = page("en", "report.html");
    fs::remove_file(at("en").join("report.html")).unwrap();
    let said_again = succeeded(&again(&["--lang", "en"]));
    assert!(before == page("en", "report.html"));
    let verdicts = |said: &str| said.split("\nfiles:").next().unwrap().to_owned();
    assert_eq!(verdicts(&said), verdicts(&said_again));
    assert!(succeeded(&again(&["--lang", "zh", "--whole"])).contains("# 方法"));
    let json: serde_json::Value = serde_json::from_str(&succeeded(&again(&["--json"]))).unwrap();
    assert_eq!((json["kind"].as_str(), json["files"].as_array().unwrap().len()), (Some("run"), 2));
}

#[test]
fn a_report_that_cannot_be_rendered_again_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    succeeded(&run(folder.path(), &["--replications", "4"]));
    let refused = |why: &str| {
        let output = civicap(&["report", folder.path().to_str().unwrap(), "--lang", "en"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(why) && said.contains("help:"), "{said}");
    };
    let file = folder.path().join("report.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text.as_bytes()[..text.len() - 100]).unwrap();
    refused("report.json");
    fs::write(&file, text.replacen("2024", "2023", 1)).unwrap();
    refused("changed after it was written");
    fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
    refused("changed after it was written");
    fs::remove_file(&file).unwrap();
    refused("cannot read");
    fs::remove_file(folder.path().join("manifest.json")).unwrap();
    refused("no finished run");
}

#[test]
fn files_of_an_earlier_run_and_of_a_killed_one_do_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    succeeded(&run(folder.path(), &["--replications", "4", "--keep-replications"]));
    fs::create_dir_all(folder.path().join(".civicap-swap-killed/new")).unwrap();
    fs::write(folder.path().join(".civicap-swap-killed/new/summary.csv"), "half").unwrap();
    fs::write(folder.path().join("notes.txt"), "somebody's own").unwrap();
    succeeded(&run(folder.path(), &["--replications", "4", "--overwrite"]));
    let left = names(folder.path());
    assert!(!left.iter().any(|name| name == "replications.parquet" || name.starts_with(".civicap-")), "{left:?}");
    assert!(left.iter().any(|name| name == "notes.txt"));
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_looks_finished() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    succeeded(&run(&out, &["--replications", "4"]));
    let before: Vec<Vec<u8>> = pages(&out);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("civicap"));
    command.arg("run").arg(tiny()).args(["--replications", "100000", "--quiet", "--overwrite", "--out"]).arg(&out);
    let mut child = command.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(400));
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was still at work");
    assert!(before == pages(&out), "the earlier run is as it was");
    succeeded(&run(&out, &["--replications", "4", "--overwrite"]));
}

/// The files of a run in a folder, those of its inputs and what a killed process has left aside left out.
fn pages(folder: &Path) -> Vec<Vec<u8>> {
    let shown = |name: &String| name != "inputs" && !name.starts_with(".civicap-");
    names(folder).into_iter().filter(shown).map(|name| fs::read(folder.join(name)).unwrap()).collect()
}

/// A limit on the size of files stands in for a full disk: some file of the run cannot be written to its end.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_no_half_file_and_an_earlier_run_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let limited = |limit: &str| {
        let script = format!("ulimit -f {limit}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(assert_cmd::cargo::cargo_bin("civicap")).arg("run").arg(tiny());
        command.args(["--replications", "4", "--lang", "en", "--overwrite", "--out"]).arg(&out).output().unwrap()
    };
    // In blocks of 512 bytes or of 1024: no page of 800 kB fits either.
    let refused = limited("200");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot write") && said.contains("report.html") && said.contains("help:"), "{said}");
    assert!(!out.exists(), "nothing is left: {:?}", names(&out));
    succeeded(&run(&out, &["--replications", "4", "--seed", "2"]));
    let before = pages(&out);
    assert_eq!(limited("200").status.code(), Some(1));
    assert!(before == pages(&out), "the earlier run is as it was");
}

/// Whether a folder without the right to write refuses: it does not refuse everybody.
#[cfg(unix)]
fn locked(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).unwrap();
    let refuses = fs::write(folder.join("probe"), "").is_err();
    let _ = fs::remove_file(folder.join("probe"));
    refuses
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_said_before_the_long_work() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    if !locked(folder.path()) {
        eprintln!("no folder is read-only for this user: not looked at");
        return;
    }
    let output = run(folder.path(), &["--replications", "100000"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("cannot write to"), "{said}");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(names(folder.path()).is_empty());
}
