//! Calibration of people: what a simulated place was made of comes out of its counts, and what it writes runs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use civicap::input::{LoadSession, table_of_text};
use civicap::population::calibration::{COLUMNS, Counts, Estimate, Schedules, estimate, read_counts};
use civicap::population::view::{AGES, People, SEXES};

use crate::support::people::{Tables, World, context, line, read};

const AREAS: usize = 40;
const BIRTHS_PER_WOMAN: f64 = 1.6;

/// A district of equal areas whose migration differs between them by this much.
fn world(between_areas_sd: f64) -> (World, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..AREAS {
        for sex in ["male", "female"] {
            for (ages, persons) in [("0-14", 9_000), ("15-49", 24_000), ("50-69", 9_000), ("70+", 3_000)] {
                writeln!(people, "a{area},{sex},{ages},{persons}").expect("text");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|sex, age| 0.0004 * (1.0 + 0.2 * sex as f64) * (0.09 * age as f64).exp());
    tables.births();
    tables.moves(1.0, 0.0);
    let text = format!(
        r#"
[people]
table = "people.csv"
deaths = {{ table = "deaths.csv" }}
births = {{ table = "births.csv", births_per_woman = {BIRTHS_PER_WOMAN} }}
migration = {{ table = "moves.csv", out_migration_factor = {{ value = 1.0, scale = "log", between_areas_sd = {between_areas_sd} }} }}
[people.in_migration.all]
people_per_year = {{ value = 140000, scale = "log", between_areas_sd = {between_areas_sd} }}
"#
    );
    let site = line(AREAS, 2024, 2024, 2033);
    let world = read(&text, tables.folder(), &site);
    (world, tables)
}

/// The counts of one path on the Januaries of 2024 and 2034, read from a table.
fn counted(world: &World) -> (Counts, f64) {
    let draw = world.draw(3, 5);
    let context = context(&draw, 3, 5, 5);
    let mut state = world.model.state();
    state.open(&context);
    let (mut text, mut births) = ("date,area,sex,age,persons\n".to_owned(), 0.0);
    for year in 0..10 {
        state.advance(&context, year);
        if year == 0 {
            write(&mut text, 2024, state.view().start);
        }
        births += f64::from(state.view().births.iter().sum::<u32>());
    }
    write(&mut text, 2034, state.view().end);
    let session = LoadSession::default();
    let schedules = Schedules::of(&world.model, &world.parameters);
    let sheet = table_of_text(&session, "counts.csv", &text, COLUMNS).expect("a table");
    (read_counts(&sheet, &schedules.lived()).expect("counts"), births)
}

fn write(text: &mut String, year: i32, people: &People) {
    for area in 0..AREAS {
        for (sex, word) in ["male", "female"].iter().enumerate() {
            for age in 0..AGES {
                let open = if age + 1 == AGES { "+" } else { "" };
                writeln!(text, "{year},a{area},{word},{age}{open},{}", people.at(area, sex, age)).expect("text");
            }
        }
    }
}

fn found(world: &World, counts: &Counts) -> Estimate {
    let areas: Vec<usize> = (0..AREAS).collect();
    let schedules = Schedules::of(&world.model, &world.parameters);
    estimate(counts, counts.pairs()[0], &areas, &schedules)
}

#[test]
fn births_and_migration_put_into_a_place_come_out_of_its_counts() {
    let (world, _tables) = world(0.0);
    let (counts, _) = counted(&world);
    let found = found(&world, &counts);
    assert!((found.births_per_woman / BIRTHS_PER_WOMAN - 1.0).abs() < 0.04, "{}", found.births_per_woman);
    let come: f64 = found.arrivals_of_areas.iter().sum();
    assert!((come / 140_000.0 - 1.0).abs() < 0.1, "{come} a year come, 140,000 did");
    // Chance alone is no spread.
    assert!(found.spreads.measured && found.spreads.migration < 0.05, "{:?}", found.spreads);
}

#[test]
fn spreads_put_between_areas_come_out_of_their_counts() {
    let (world, _tables) = world(0.3);
    let (counts, _) = counted(&world);
    let found = found(&world, &counts);
    // The walk takes the part of the variance that is assumed to be its: lasting sd and walk together are the 0.3 that lasted.
    let squares: f64 = (1..=10).map(|year| f64::from(year * year)).sum();
    let reach = (found.spreads.migration.powi(2) + squares / 100.0 * found.spreads.migration_walk.powi(2)).sqrt();
    // Forty areas: the standard error of a spread is a ninth of it.
    assert!((reach / 0.3 - 1.0).abs() < 0.4, "{reach} for 0.3: {:?}", found.spreads);
}

/// A table of counts as a file.
fn table(folder: &Path, counts: &Counts) -> PathBuf {
    let mut text = "date,area,sex,age,persons\n".to_owned();
    for (date, (_, written)) in counts.dates.iter().enumerate() {
        for (area, name) in counts.areas.iter().enumerate() {
            for (sex, word) in ["male", "female"].iter().enumerate().take(SEXES) {
                let ages = counts.ages(date, area, sex);
                for from in (0..100).step_by(5) {
                    let (last, ages) = if from == 95 {
                        ("+".to_owned(), &ages[from..])
                    } else {
                        (format!("-{}", from + 4), &ages[from..from + 5])
                    };
                    writeln!(text, "{written},{name},{word},{from}{last},{}", ages.iter().sum::<f64>()).expect("text");
                }
            }
        }
    }
    let file = folder.join("counts.csv");
    fs::write(&file, text).expect("a file");
    file
}

fn civicap(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("civicap")
        .expect("the program")
        .args(arguments)
        .args(["--lang", "en"])
        .output()
        .expect("it runs")
}

#[test]
fn what_calibration_writes_is_a_sound_scenario_and_a_backtest_scores_it() {
    let (world, _tables) = world(0.3);
    let (counts, _) = counted(&world);
    let folder = tempfile::tempdir().expect("a folder");
    let table = table(folder.path(), &counts);
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia-2010/scenario.toml");
    let (table, scenario) = (table.to_str().expect("text"), scenario.to_str().expect("text"));
    let out = folder.path().join("fit");
    let done = civicap(&["calibrate", "people", table, "--scenario", scenario, "--out", out.to_str().expect("text")]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let checked = civicap(&["check", out.join("people-fit.toml").to_str().expect("text")]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let scores = folder.path().join("scores.csv");
    let done = civicap(&[
        "backtest",
        "people",
        table,
        "--scenario",
        scenario,
        "--paths",
        "40",
        "--out",
        scores.to_str().expect("text"),
    ]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let written = fs::read_to_string(scores).expect("scores");
    let totals = written.lines().find(|line| line.starts_with("totals,")).expect("totals");
    assert_eq!(totals.split(',').nth(1), Some("40"), "every area is forecast once: {totals}");
}

#[test]
fn counts_that_cannot_be_compared_are_faults_with_a_remedy() {
    let (world, _tables) = world(0.0);
    let schedules = Schedules::of(&world.model, &world.parameters);
    for (rows, fault) in [
        ("2010,a,male,0+,5\n2010,a,female,0+,5\n", "holds 1 count(s)"),
        ("2010,a,male,0+,5\n2010,a,female,0+,5\n2020,a,male,0+,5\n", "«a» has no row of female on 2020"),
        (
            "2010,a,male,0+,5\n2010,a,female,0+,5\n2019-07-01,a,male,0+,5\n2019-07-01,a,female,0+,5\n",
            "no whole number of years",
        ),
        ("spring,a,male,0+,5\n", "«spring» is no day or year"),
    ] {
        let session = LoadSession::default();
        let text = format!("date,area,sex,age,persons\n{rows}");
        let sheet = table_of_text(&session, "counts.csv", &text, COLUMNS).expect("a table");
        assert!(read_counts(&sheet, &schedules.lived()).is_none());
        let said: String = session.diagnostics.finish().list.iter().map(|d| d.message.en.to_string() + "\n").collect();
        assert!(said.contains(fault), "{fault} is not in:\n{said}");
    }
}
