//! Levels of the people that every planner knows, and ages that have no row: refused or warned of, with a remedy.

use crate::support::people::{Tables, line, read, try_read};
use crate::support::replay::{case, said, sound};

#[test]
fn ages_without_a_row_are_named() {
    let found = said(&case("rows-of-ages-that-are-missing", "scenario.toml"));
    assert!(found.iter().any(|fault| fault.starts_with("row: ") && fault.contains("male, aged 7")), "{found:#?}");
    assert!(found.iter().any(|fault| fault.starts_with("row: ") && fault.contains("female, aged 6")), "{found:#?}");
    let found = said(&case("rows-of-ages-that-are-missing", "one-sex.toml"));
    assert!(found.iter().any(|fault| fault.contains("no row for any female")), "{found:#?}");
}

#[test]
fn death_rates_per_thousand_are_refused_with_what_was_meant() {
    let found = said(&case("death-rates-per-thousand", "scenario.toml"));
    assert!(found.len() == 2 && found.iter().all(|fault| fault.contains("are these deaths per 1,000?")), "{found:#?}");
    assert!(found[0].contains("write 0.0046"), "{found:#?}");
}

/// One area of 12,000 people; faults of a text that is changed by `change` and of its tables.
fn faults(change: impl Fn(String) -> String, add: impl Fn(&mut Tables)) -> String {
    let mut tables = Tables::new();
    tables.add("people.csv", "area,sex,age,persons\na0,male,0+,6000\na0,female,0+,6000\n");
    tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
    tables.births();
    add(&mut tables);
    let text = "[people]\ntable = \"people.csv\"\ndeaths = { table = \"deaths.csv\" }\nbirths = { table = \"births.csv\", births_per_woman = 1.1 }\n";
    let site = line(1, 2024, 2024, 2026);
    try_read(&change(text.to_owned()), tables.folder(), &site).err().unwrap_or_default()
}

#[test]
fn a_hole_between_ages_of_mothers_is_a_fault() {
    let found = faults(|text| text, |tables| tables.add("births.csv", "age,share\n15-24,0.4\n30-49,0.6\n"));
    assert!(found.contains("no row for ages 25-29, between two others"), "{found}");
}

#[test]
fn a_sound_scenario_says_what_it_understood() {
    assert_eq!(faults(|text| text, |_| {}), "");
    let plan = sound(&case("order-of-rows-moves-the-draws", "scenario.toml"));
    let notes = plan.people.as_ref().expect("people").notes(&plan.parameters);
    assert!(notes[0].en.contains("life expectancy in 2025: ") && notes[0].en.contains("women"), "{}", notes[0].en);
    assert!(notes[1].en.contains("births per woman in 2025: 1.10"), "{}", notes[1].en);
}

#[test]
fn orders_of_magnitude_are_warned_of() {
    let with = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let source = case("death-rates-per-thousand", "");
        for file in ["people.csv", "births.csv"] {
            std::fs::copy(source.join(file), folder.path().join(file)).expect("a table");
        }
        let mut tables = Tables::new();
        tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
        std::fs::copy(tables.folder().join("deaths.csv"), folder.path().join("deaths.csv")).expect("a table");
        let rows: String = ["male", "female"].iter().map(|sex| format!("{sex},0+,1\n")).collect();
        std::fs::write(folder.path().join("ages.csv"), format!("sex,age,weight\n{rows}")).expect("a table");
        let base = std::fs::read_to_string(source.join("scenario.toml")).expect("a scenario");
        let file = folder.path().join("scenario.toml");
        std::fs::write(&file, base + text).expect("a scenario");
        said(&file)
    };
    let found = with("[people.in_migration.all]\npeople_per_year = 1e7\nages = \"ages.csv\"\n");
    assert!(found.len() == 1 && found[0].contains("10000000 people a year come to a district of"), "{found:#?}");
}

#[test]
fn a_scenario_with_ages_of_all_is_read() {
    let mut tables = Tables::new();
    tables.add("people.csv", "area,sex,age,persons\na0,male,0+,0\n");
    tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
    tables.births();
    let text = "[people]\ntable = \"people.csv\"\ndeaths = { table = \"deaths.csv\" }\nbirths = { table = \"births.csv\", births_per_woman = 1.1 }\n";
    // Where nobody lives one row with 0 persons is enough.
    assert_eq!(read(text, tables.folder(), &line(1, 2024, 2024, 2026)).model.persons(), 0);
}
