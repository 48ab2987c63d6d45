//! What planners write by a slip of the hand is told in their language with the place and with what to write instead, once.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A starter scenario with one text of one of its files replaced.
struct Slipped {
    folder: tempfile::TempDir,
}

impl Slipped {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = folder.path().join("district");
        let new = Command::cargo_bin("civicap").unwrap().args(["new", "--lang", "zh"]).arg(&made).output().unwrap();
        assert!(new.status.success());
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("district").join(name)
    }

    /// Puts `to` in the place of `from`, checks in a language, and puts `from` back; returns exit code and what was said.
    fn check(&self, name: &str, from: &str, to: &str, lang: &str) -> (Option<i32>, String) {
        let path = self.path(name);
        let sound = fs::read_to_string(&path).unwrap();
        assert!(sound.contains(from), "{name} has no {from}");
        fs::write(&path, sound.replacen(from, to, 1)).unwrap();
        let said = self.said(&["check", "scenario.toml"], lang);
        fs::write(&path, sound).unwrap();
        said
    }

    fn said(&self, arguments: &[&str], lang: &str) -> (Option<i32>, String) {
        let mut command = Command::cargo_bin("civicap").unwrap();
        let output = command.current_dir(self.path("")).args(arguments).args(["--lang", lang]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!said.contains("panicked"), "{said}");
        (output.status.code(), said)
    }
}

/// Line (from 1) of a text in a file.
fn line_of(path: &Path, text: &str) -> usize {
    let whole = fs::read_to_string(path).unwrap();
    whole[..whole.find(text).unwrap()].matches('\n').count() + 1
}

const SCHOOLS: &str = "data/education_supply.csv";

/// What is written in place of what, in which file, and what the remedy must hold in both languages.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("scenario.toml", "base = 2024", "base ＝ 2024", "`=`"),
    ("scenario.toml", "\"data/education_supply.csv\"", "“data/education_supply.csv”", "`\"`"),
    ("scenario.toml", "value = 1.08,", "value = 1.08，", "`,`"),
    ("scenario.toml", "start = 2025", "start = ２０２５", "`2025`"),
    ("scenario.toml", "start = 2025", "start = 2025年", "2025"),
    ("scenario.toml", "start = 2025", "start = \"2025\"", "2025"),
    ("scenario.toml", "[education.service_target]", "【education.service_target】", "`[`"),
    ("scenario.toml", "opens = 2026-09-01", "opens = 2026/9/1", "2026-09-01"),
    ("scenario.toml", "opens = 2026-09-01", "opens = 2026-9-1", "2026-09-01"),
    ("scenario.toml", "opens = 2026-09-01", "opens = 2026年9月1日", "2026-09-01"),
    ("scenario.toml", "{ value = 0.02,", "{ value = 2%,", "0.02"),
    ("scenario.toml", "{ value = 0.02,", "{ value = 2,", "0.02"),
    ("scenario.toml", "\"data/population.csv\"", "data/population.csv", "\"data/population.csv\""),
    ("scenario.toml", "\"data/population.csv\"", "\"data\\population.csv\"", "`/`"),
    ("scenario.toml", "\"data/population.csv\"", "\"data/populatoin.csv\"", "`population.csv`"),
    ("scenario.toml", "[education.service_target]", "[education.service_target", "`["),
    ("scenario.toml", "base = 2024", "base = 2024\nbase = 2025", ""),
    (SCHOOLS, ",30,30,", ",３０,30,", "30"),
    (SCHOOLS, ",30,30,", ",30班,30,", "30"),
    (SCHOOLS, ",30,30,", ",99999999999,30,", "4,294,967,296"),
    (SCHOOLS, "facility,label_zh", "facility，label_zh", "CSV UTF-8"),
];

#[test]
fn every_slip_is_told_once_with_its_line_and_what_to_write() {
    let district = Slipped::new();
    for (name, from, to, remedy) in SLIPS {
        let line = line_of(&district.path(name), from) + to.matches('\n').count();
        for (lang, error, help) in [("zh", "错误[", "改法: "), ("en", "error[", "help: ")] {
            let (code, said) = district.check(name, from, to, lang);
            assert_eq!(code, Some(2), "{to}: {said}");
            assert_eq!(said.matches(error).count(), 1, "{to}: {said}");
            assert!(said.contains(&format!("{name}:{line}:")), "{to} at {line}: {said}");
            let written = said.split_once(help).expect("a remedy").1;
            assert!(written.contains(remedy), "{to}: {said}");
            // The words of a library, and of the system, are in one language.
            let words = said.lines().find(|l| l.starts_with(error)).unwrap();
            assert!(lang == "en" || !(words.contains("expected") || words.contains("os error")), "{words}");
        }
    }
}

#[test]
fn a_faulty_project_is_one_fault_and_its_schools_are_none() {
    let district = Slipped::new();
    let (code, said) = district.check("scenario.toml", "opens = 2026-09-01", "opens = \"soon\"", "en");
    assert_eq!((code, said.matches("error[").count()), (Some(2), 1), "{said}");
    assert!(!said.contains("warning["), "a date that cannot be read is before no year: {said}");
    fs::write(district.path("v.toml"), "extends = \"scenario.toml\"\n[projects.new_scholl]\nopens = 2027-09-01\n")
        .unwrap();
    let (code, said) = district.said(&["check", "v.toml"], "zh");
    assert_eq!((code, said.matches("错误[").count()), (Some(2), 1), "{said}");
    assert!(said.contains("[projects.new_school]") && said.contains("v.toml:2"), "{said}");
}

#[test]
fn a_project_that_opened_before_the_first_year_is_warned_of() {
    let district = Slipped::new();
    let (code, said) = district.check("scenario.toml", "opens = 2026-09-01", "opens = 2006-09-01", "zh");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("提醒[caution]") && said.contains("new_school") && said.contains("2024"), "{said}");
}

#[test]
fn tables_are_read_as_spreadsheets_save_them() {
    let district = Slipped::new();
    let (code, sound) = district.said(&["check", "scenario.toml"], "en");
    assert_eq!(code, Some(0), "{sound}");
    // Dates with slashes, and the empty rows below a table.
    let table = fs::read_to_string(district.path(SCHOOLS)).unwrap();
    assert!(table.contains("2026-09-01"));
    let saved = table.replace("2026-09-01", "2026/9/1") + &",".repeat(10) + "\n" + &",".repeat(10) + "\n";
    fs::write(district.path(SCHOOLS), saved).unwrap();
    assert_eq!(district.said(&["check", "scenario.toml"], "en"), (Some(0), sound));
    // Other separators, and a workbook by the name of a table, are no CSV.
    for (bytes, told) in [
        (table.replace(',', ";").into_bytes(), "`;`"),
        (table.replace(',', "\t").into_bytes(), "tabs"),
        (b"PK\x03\x04\xff\xff\x00\x01".to_vec(), "a workbook"),
    ] {
        fs::write(district.path(SCHOOLS), bytes).unwrap();
        let (code, said) = district.said(&["check", "scenario.toml"], "en");
        assert_eq!((code, said.matches("error[").count()), (Some(2), 1), "{said}");
        assert!(said.contains(told) && said.contains("CSV UTF-8"), "{said}");
    }
}

#[test]
fn the_total_below_the_areas_is_no_area() {
    let district = Slipped::new();
    for total in ["合计", "Total"] {
        let areas = fs::read_to_string(district.path("data/areas.csv")).unwrap();
        let last = areas.trim_end().lines().last().unwrap().to_owned();
        let (code, said) = district.check("data/areas.csv", &last, &format!("{last}\n{total},,,,"), "zh");
        assert_eq!((code, said.matches("错误[").count()), (Some(2), 1), "{said}");
        assert!(said.contains(&format!("“{total}”")) && said.contains("请删去此行"), "{said}");
    }
}

#[test]
fn a_folder_in_place_of_a_scenario_is_answered_with_the_scenario_in_it() {
    let district = Slipped::new();
    for lang in ["zh", "en"] {
        let (code, said) = district.said(&["check", "."], lang);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("./scenario.toml"), "{said}");
    }
}

#[test]
fn an_unknown_status_of_a_table_is_told_with_its_line_and_the_words_there_are() {
    let district = Slipped::new();
    let table = "data/areas.csv";
    let line = line_of(&district.path(table), "# status: assumed");
    for lang in ["zh", "en"] {
        let (code, said) = district.check(table, "# status: assumed", "# status: guessed", lang);
        let faults = said.matches("error[").count() + said.matches("错误[").count();
        assert_eq!((code, faults), (Some(2), 1), "{said}");
        let place = format!("areas.csv:{line}");
        for told in [place.as_str(), "guessed", "published", "derived", "assumed"] {
            assert!(said.contains(told), "no {told} in {said}");
        }
    }
    // Spreadsheets fill the line up with the commas of empty cells.
    let (code, said) = district.check(table, "# status: assumed", "# status: derived,,,,", "zh");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_source_is_said_in_the_language_of_the_report() {
    let district = Slipped::new();
    for (name, from, to) in [
        ("data/areas.csv", "# source: ", "# source_zh: 区划代码表\n# source: list of division codes "),
        (
            "scenario.toml",
            "source = \"入门示例，编造\"",
            "source = { zh = \"本区台账\", en = \"ledger of the district\" }",
        ),
    ] {
        let path = district.path(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
    let words = [("zh", ["区划代码表", "本区台账"]), ("en", ["list of division codes", "ledger of the district"])];
    for (lang, here) in words {
        let arguments = ["run", "scenario.toml", "--replications", "2", "--out", lang];
        let (code, said) = district.said(&arguments, lang);
        assert_eq!(code, Some(0), "{said}");
        let page = fs::read_to_string(district.path(lang).join("report.html")).unwrap();
        for (other, words) in words {
            let found = words.map(|word| page.contains(word));
            assert_eq!(found, [other == lang; 2], "{lang}: {here:?}");
        }
    }
}

/// Names of publications stay in their own language, so one Chinese character is enough.
#[test]
fn every_source_that_the_flagship_names_is_there_in_chinese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    for scenario in ["scenario.toml", "by-registration.toml", "high-birth.toml", "late-openings.toml"] {
        let loaded = civicap::scenario::load(&root.join(scenario), civicap::scenario::Request::default());
        assert!(loaded.plan.is_some(), "{scenario}: {:?}", loaded.diagnostics.list);
        let plan = loaded.plan.unwrap();
        let missing = plan.inputs.iter().filter(|input| {
            let source = &input.provenance.source;
            !source.en.is_empty() && !source.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        });
        let keys: Vec<&str> = missing.map(|input| input.path.as_str()).collect();
        assert!(keys.is_empty(), "{scenario}: {keys:?}");
    }
}
