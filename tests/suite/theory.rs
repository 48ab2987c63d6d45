//! Scenarios of textbooks say what theory gives, and the run is held against it before the reader's eyes.

use std::path::Path;

use crate::support::health::{run, textbook};
use civicap::language::Language;
use civicap::report::terminal;
use civicap::scenario::{Request, load};
use civicap::study::{RunSummary, hold, verdicts};

/// Queues of the textbook folder, with as many replications as tell a wrong result from a right one.
const QUEUES: [(&str, usize); 26] = [
    ("erlang-b-8-10", 30),
    ("erlang-b-18-20", 30),
    ("erlang-b-27-30", 30),
    ("erlang-b-27-30-gamma", 30),
    ("erlang-b-27-30-exponential", 30),
    ("erlang-b-27-30-mixture", 30),
    ("erlang-b-27-30-counted", 30),
    ("erlang-b-5-4", 30),
    ("erlang-b-10-10", 30),
    ("erlang-b-100-110", 30),
    ("erlang-b-200-210", 20),
    ("erlang-c-8-10", 60),
    ("erlang-c-100-110", 60),
    ("finite-waiting", 40),
    ("priority", 60),
    ("from-empty", 200),
    ("long-stay", 200),
    ("weekday-census", 200),
    ("overflow", 60),
    ("tandem", 60),
    ("tandem-9", 60),
    ("readmission", 30),
    ("discharge-mornings", 30),
    ("intensive-care", 30),
    ("day-station", 100),
    ("stations-overflow", 60),
];

#[test]
fn every_queue_of_the_textbooks_comes_out_as_its_scenario_says() {
    for (name, replications) in QUEUES {
        let ran = run(&textbook(name), replications);
        let held = hold(&ran.plan, &ran.results);
        assert!(!held.is_empty() && held.len() == ran.plan.theory.len(), "{name} says what theory gives");
        assert!(ran.plan.description.is_some(), "{name} says what it shows");
        for held in held {
            let (label, errors) = (&held.result.label.en, held.errors());
            assert!(errors.abs() <= 4.0, "{name}, {label}: {} is {errors:.2} standard errors off", held.mean);
            // A result that chance hides teaches nothing.
            assert!(held.mcse < 0.1 * held.mean.abs(), "{name}, {label}: {} with error {}", held.mean, held.mcse);
        }
    }
}

/// The scenario of a loss ward with these results of theory.
fn with_theory(folder: &Path, theory: &str) -> std::path::PathBuf {
    let path = folder.join("ward.toml");
    let text = format!(
        "label = \"x\"\ndescription = \"A full ward refuses.\"\n[horizon]\nstart = 2024\nend = 2025\n\
         [health.wards.ward]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 5\n{theory}\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn the_terminal_shows_theory_beside_what_came_out() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |expected: &str| {
        let theory = format!(
            "[analytic_reference.refused]\nlabel = \"Refused (Erlang)\"\nmetric = \"unmet\"\nof = \"demand\"\nexpected = {expected}"
        );
        let ran = run(&with_theory(folder.path(), &theory), 60);
        let summary = RunSummary::new(&ran.plan, &ran.results);
        let verdicts = verdicts(&ran.plan, &ran.results, &summary);
        let report = civicap::report::build(&ran.plan, &ran.results, &summary, &verdicts, &[]);
        terminal::verdicts(&report, Language::En, false, 100)
    };
    let right = shown("0.2145823431");
    for words in
        ["A full ward refuses.", "Refused (Erlang)", "0.2146", "1 of 1 results lie within four standard errors"]
    {
        assert!(right.contains(words), "«{words}» is not in {right}");
    }
    assert!(!right.contains("far too narrow"), "theory speaks of chance alone: {right}");
    assert!(shown("0.25").contains("0 of 1 results"), "a wrong theory is not confirmed");
}

#[test]
fn faults_of_theory_are_told_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let theory = "[analytic_reference.a]\nlabel = \"a\"\nmetric = \"refusals\"\nexpected = 1\n\
                  [analytic_reference.b]\nlabel = \"b\"\nmetric = \"unmet\"\nof = \"asked\"\nexpected = 1\n\
                  [analytic_reference.c]\nlabel = \"c\"\nmetric = \"unmet\"\nof = \"demand\"\nweight = \"demand\"\nexpected = 1\n\
                  [analytic_reference.d]\nlabel = \"d\"\nmetric = \"unmet\"\nyear = 2030\nexpected = 1\n\
                  [analytic_reference.e]\nlabel = \"e\"\nmetric = \"unmet\"\n";
    let loaded = load(&with_theory(folder.path(), theory), Request::default());
    let told: Vec<&str> = loaded.diagnostics.list.iter().map(|fault| fault.message.en.as_ref()).collect();
    for part in [
        "no stage meant here measures «refusals»",
        "no stage meant here measures «asked»",
        "weighed and divided at once",
        "2030 is no reported year",
        "does not say `expected`",
    ] {
        assert!(told.iter().any(|message| message.contains(part)), "«{part}» is not among {told:#?}");
    }
    assert_eq!(told.len(), 5, "{told:#?}");
}
