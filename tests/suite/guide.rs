//! What helps a planner to write a scenario: the starter, `explain` and the schema say what the reader reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use civicap::diagnostic::DiagnosticSink;
use civicap::input::lookup::{Found, What, find, inside, places};
use civicap::input::schema::{self, json_of};
use civicap::input::units::unit;
use civicap::input::value::parse;
use civicap::language::Language;
use civicap::scenario::KEYS;
use serde_json::Value;

fn civicap(arguments: &[&str]) -> Output {
    Command::cargo_bin("civicap").unwrap().args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Judges whether documents fit the schema, by a library that knows nothing of civicap.
struct Judge {
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
}

impl Judge {
    fn new(language: Language) -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.add_resource("http://example.org/scenario.json", schema::of(&KEYS, language)).unwrap();
        let index = compiler.compile("http://example.org/scenario.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    /// Why a text does not fit, or nothing.
    fn faults(&self, text: &str) -> Option<String> {
        let faults = DiagnosticSink::default();
        let file = faults.add_file(Path::new("x.toml"), text.to_owned());
        let document: Value = json_of(&parse(text, file, &faults));
        assert_eq!(faults.errors(), 0, "{text}");
        self.schemas.validate(&document, self.index).err().map(|fault| format!("{fault:#}"))
    }
}

/// Every TOML file below a folder.
fn scenarios(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(scenarios(&path));
        } else if path.extension().is_some_and(|e| e == "toml") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_schema_in_the_tree_is_what_the_command_prints() {
    let printed = said(&civicap(&["schema", "--lang", "zh"]));
    let kept = fs::read_to_string(root().join("scenarios/scenario.schema.json")).unwrap();
    assert!(printed == kept, "keys have changed: civicap schema --lang zh > scenarios/scenario.schema.json");
}

#[test]
fn every_scenario_of_the_tree_fits_the_schema_and_names_it() {
    let judge = Judge::new(Language::Zh);
    let found = scenarios(&root().join("scenarios"));
    assert!(found.len() > 20);
    for path in found {
        if path.parent().unwrap().ends_with("fit") {
            continue; // a part of a scenario, made by `civicap calibrate` for others to extend
        }
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(judge.faults(&text), None, "{}", path.display());
        let named = text.lines().next().unwrap().strip_prefix("#:schema ").expect("the first line names the schema");
        assert!(path.parent().unwrap().join(named).is_file(), "{}", path.display());
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let judge = Judge::new(Language::En);
    let sound = "label = \"x\"\n[horizon]\nstart = 2024\nend = 2026\n[health.wards.w]\narrivals_per_day = 20\nbeds = 110\nlos_mean_days = 5\n";
    assert_eq!(judge.faults(sound), None);
    for (from, to) in [
        ("start = 2024", "start = 1024"),
        ("start = 2024", "start = \"2024\""),
        ("end = 2026\n", ""),
        ("label", "labell"),
        ("beds = 110", "beds = 110.5"),
        ("beds = 110", "beds = -1"),
        ("arrivals_per_day = 20", "arrivals_per_day = { distribution = \"normal\", mean = 20 }"),
        ("arrivals_per_day = 20", "arrivals_per_day = { distribution = \"gauss\", mean = 20, sd = 1 }"),
        ("arrivals_per_day = 20", "arrivals_per_day = { valu = 20 }"),
        ("arrivals_per_day = 20", "arrivals_per_day = { value = -20 }"),
        ("arrivals_per_day = 20", "arrivals_per_day = { value = 20, status = \"guessed\" }"),
        ("arrivals_per_day = 20", "arrivals_per_day = true"),
        ("arrivals_per_day = 20", "arrivals_per_day = { by_year = { x = 1 } }"),
        ("[health.wards.w]", "[health.wards.w]\nlos_distribution = \"weird\""),
    ] {
        let text = sound.replacen(from, to, 1);
        assert_ne!(text, sound);
        assert!(judge.faults(&text).is_some(), "the schema takes\n{text}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        fs::write(&path, &text).unwrap();
        assert_eq!(civicap(&["check", path.to_str().unwrap()]).status.code(), Some(2), "the reader takes\n{text}");
    }
    // A variant says only what it changes.
    assert_eq!(judge.faults("extends = \"a.toml\"\n[projects.p]\nopens = 2026-09-01\n"), None);
}

#[test]
fn every_key_is_explained_in_both_languages() {
    let all = places(&KEYS);
    assert!(all.len() > 400, "{}", all.len());
    for (i, place) in all.iter().enumerate() {
        let (help, kind) = match place.what {
            What::Key(key) => (&key.help, Some(&key.kind)),
            What::Column(column) => (&column.help, None),
        };
        assert!(!help.en.is_empty() && help.zh.chars().any(|c| c > '\u{2e00}'), "{}", place.path);
        let lang = ["en", "zh"][i % 2];
        let output = civicap(&["explain", &place.path, "--lang", lang]);
        assert!(output.status.success(), "{}", place.path);
        let said = said(&output);
        assert!(said.contains(if lang == "en" { &*help.en } else { &*help.zh }), "{said}");
        if let Some(kind) = kind {
            let words = kind.words();
            assert!(said.contains(if lang == "en" { &*words.en } else { &*words.zh }), "{said}");
            assert!(kind.range_words().is_none_or(|range| said.contains(&range)), "{said}");
        }
    }
}

#[test]
fn every_unit_has_a_chinese_name() {
    let missing: Vec<&str> = places(&KEYS)
        .iter()
        .filter_map(|place| match place.what {
            What::Key(key) if !key.unit.is_empty() => Some(key.unit),
            _ => None,
        })
        .filter(|name| *name != "cv" && !unit(name).zh.chars().any(|c| c > '\u{2e00}'))
        .collect();
    assert!(missing.is_empty(), "add to src/input/units.rs: {missing:?}");
}

#[test]
fn keys_are_found_by_part_of_their_path_and_by_names_that_planners_gave() {
    let path = |typed: &str| match find(&KEYS, typed) {
        Found::One(place) => place.path,
        other => panic!("{typed}: {other:?}"),
    };
    assert_eq!(path("education.primary"), "education.stages.primary");
    assert_eq!(path("births_per_woman"), "people.births.births_per_woman");
    assert_eq!(path("[projects.derun]"), "projects");
    assert_eq!(path("health.wards.internal.beds"), "health.wards.<name>.beds");
    assert_eq!(path("people.table.age"), "people.table.age");
    assert!(matches!(find(&KEYS, "participation"), Found::Several(places) if places.len() >= 6));
    let Found::Nothing(near) = find(&KEYS, "people.birth.births_per_women") else { panic!("it is misspelt") };
    assert_eq!(near[0], "people.births.births_per_woman");
    let output = civicap(&["explain", "births_per_womn", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("people.births.births_per_woman"));
}

#[test]
fn sections_list_their_keys() {
    for place in places(&KEYS) {
        let What::Key(key) = place.what else { continue };
        if inside(key).is_empty() || place.path.contains('<') {
            continue;
        }
        let said = said(&civicap(&["explain", &place.path, "--lang", "en"]));
        assert!(inside(key).iter().all(|inner| said.contains(inner.name)), "{said}");
    }
    let overview = said(&civicap(&["explain", "--lang", "en"]));
    assert!(KEYS.iter().all(|key| overview.contains(key.name)));
    let laws = said(&civicap(&["explain", "laws", "--lang", "zh"]));
    assert!(["triangular", "by_year", "random_walk_sd", "correlation"].iter().all(|word| laws.contains(word)));
}

#[test]
fn a_new_scenario_checks_and_runs_as_it_is_and_its_language_changes_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let judge = Judge::new(Language::En);
    let mut summaries = Vec::new();
    for lang in ["zh", "en"] {
        let made = folder.path().join("deep").join(lang);
        let output = civicap(&["new", made.to_str().unwrap(), "--lang", lang]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for name in ["scenario.toml", "late.toml"] {
            let file = made.join(name);
            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(judge.faults(&text), None, "{name}");
            let comments = text.lines().filter(|l| l.starts_with('#')).collect::<String>();
            assert_eq!(lang == "zh", comments.chars().any(|c| c > '\u{2e00}'), "{comments}");
            let output = civicap(&["check", file.to_str().unwrap(), "--lang", lang]);
            // One thing is said of it: that its figures are made up.
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.matches("-->").count() == 1, "{said}");
            assert!(said.contains("`civicap new`"), "{said}");
        }
        let out = folder.path().join(format!("run-{lang}"));
        let file = made.join("scenario.toml");
        let arguments = ["run", file.to_str().unwrap(), "--out", out.to_str().unwrap(), "--replications", "8"];
        let output = civicap(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        summaries.push(fs::read(out.join("summary.csv")).unwrap());
    }
    assert!(summaries[0] == summaries[1]);
}

#[test]
fn the_starter_teaches_every_section() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("x");
    assert!(civicap(&["new", made.to_str().unwrap(), "--quiet"]).status.success());
    let text = fs::read_to_string(made.join("scenario.toml")).unwrap();
    for key in
        KEYS.iter().filter(|key| !["extends", "exclude_projects", "observed", "analytic_reference"].contains(&key.name))
    {
        assert!(
            text.contains(&format!("[{}", key.name)) || text.contains(&format!("\n{} =", key.name)),
            "{}",
            key.name
        );
    }
    for word in ["status = ", "source = ", "distribution = ", "by_year", "random_walk_sd", "civicap explain"] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let output = civicap(&["new", folder.path().to_str().unwrap(), "--lang", "en"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("not empty"));
    let file = folder.path().join("mine.txt");
    assert_eq!(civicap(&["new", file.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was added");
}
