//! How long education takes for one replication: all stages of the flagship's supply, 13 areas, 12 years, with people given.
#![allow(missing_docs, dead_code, reason = "shares the builders of the suite")]

use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../tests/suite/support/education.rs"]
mod support;

use civicap::population::view::{FEMALE, MALE, People};
use support::World;

const SCENARIO: &str = "
[horizon]
start = 2024
end = 2035
[areas]
table = \"areas.csv\"
neighbours = \"neighbours.csv\"
[education]
supply = \"supply.csv\"
[education.stages.childcare]
participation = { value = 0.1, sd = 0.3 }
private_share = 0.6
[education.stages.preschool]
participation = { value = 0.94, sd = 0.3, between_areas_sd = 0.2 }
private_share = 0.35
choice_decay_km = 0.4
[education.stages.primary]
yield_per_resident = { value = 1.0, sd = 0.02, between_areas_sd = 0.04 }
progression = { value = 1.0, cycle = { persistence = 0.6, sd = 0.01 } }
surge_class_size = 60
[education.stages.junior]
share_of_leavers = 0.985
enrolled_per_resident = 0.97
surge_class_size = 60
[education.stages.senior_general]
share_of_leavers = 0.61
enrolled_per_resident = 0.59
[education.stages.senior_vocational]
share_of_leavers = 0.31
enrolled_per_resident = 0.3
";

/// Relative sizes of the thirteen areas.
const SIZES: [f64; 13] = [0.042, 0.062, 0.048, 0.024, 0.03, 0.05, 0.064, 0.044, 0.054, 0.062, 0.28, 0.11, 0.13];

/// Children of the district by single age in 2024, rising to the cohorts born in 2014-2017 and falling since.
fn children(age: i32, year: i32) -> f64 {
    match year - age {
        ..2008 => 7_000.0,
        2008..2014 => 9_500.0,
        2014..2018 => 12_000.0,
        2018..2021 => 8_500.0,
        _ => 6_000.0,
    }
}

fn people(year: i32) -> People {
    let mut people = People::nobody(SIZES.len());
    for (area, size) in SIZES.iter().enumerate() {
        for age in 0..25 {
            for sex in [MALE, FEMALE] {
                people.counts[People::cell(area, sex, age)] = (children(age as i32, year) * size / 2.0) as u32;
            }
        }
    }
    people
}

fn flagship(c: &mut Criterion) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/lixia/data/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).expect("a table of the flagship");
    let (areas, neighbours) = (read("areas.csv"), read("neighbours.csv"));
    // Projects are the scenario's; here every facility opens as its row says.
    let supply: String = read("education_supply.csv")
        .lines()
        .map(|line| match (line.starts_with('#') || line.starts_with("facility"), line.rsplit_once(',')) {
            (false, Some((rest, _))) => format!("{rest},\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let tables = [("areas.csv", &*areas), ("neighbours.csv", &*neighbours), ("supply.csv", &*supply)];
    let world = World::new(SCENARIO, &tables, true);
    let years: Vec<People> = (2024..=2036).map(people).collect();
    let mut replication = world.replication();
    let mut number = 0;
    c.bench_function("education, 6 stages x 13 areas x 12 years", |b| {
        b.iter(|| {
            number += 1;
            replication.run(number, |year| &years[(year - 2024) as usize]);
        });
    });
}

criterion_group!(benches, flagship);
criterion_main!(benches);
