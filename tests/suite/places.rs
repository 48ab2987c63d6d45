//! The life of places and the intakes of projects: a run whose answer a hand computes.

use std::fs;

use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::{RunSummary, intakes, lifetimes};

/// Places are 270 in 2025 and 540 from 2026; entrants fall from 120 (six grades full: 720) to nothing.
const SCENARIO: &str = "
label = \"places\"
[horizon]
start = 2025
end = 2034
[projects.new]
label = \"new\"
opens = 2026-06-01
delay_months = { distribution = \"uniform\", low = 0, high = 12 }
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = { by_year = { 2025 = 60, 2030 = 60, 2031 = 0 } }
entrants_by_chance = false
opening_pupils = [60, 60, 60, 60, 60, 60]
max_class_size = 45
";

const SUPPLY: &str = "facility,area,stage,sector,classes,opens,project
old,district,primary,public,6,,
other,district,primary,public,6,2027-09-01,
new,district,primary,public,6,,new
";

fn plan(scenario: &str, supply: &str) -> Plan {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    fs::write(&file, scenario).unwrap();
    fs::write(folder.path().join("supply.csv"), supply).unwrap();
    let loaded = load(&file, Request::default());
    loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics.list))
}

#[test]
fn a_project_misses_its_intake_as_often_as_its_delay_says() {
    let plan = plan(SCENARIO, SUPPLY);
    let n = 400;
    let options = RunOptions { replications: n, seed: 3, threads: 1 };
    let results = simulate(&plan, options, &(), &false.into()).unwrap();
    let (block, _) = plan.catalogue.blocks().next().unwrap();
    let found = intakes(&plan, &results, block);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].year, found[0].project), (2026, 0));
    // Planned on 1 June, uniform delay of 0 to 12 months: more than 3 months miss 1 September.
    let error = (0.75_f64 * 0.25 / (n as f64 / 2.0)).sqrt();
    assert!((found[0].missed - 0.75).abs() < 4.0 * error, "{}", found[0].missed);
    assert_eq!(found[0].missed, found[0].years_late, "late by more than a year is not possible");
    // The same replications say so themselves, September by September.
    let summary = RunSummary::new(&plan, &results);
    let district = plan.catalogue.district(block);
    let recorded = summary.of(&plan, block, "opening_missed_intake", district, 1).unwrap().mean;
    assert!((recorded - found[0].missed).abs() < 1e-9, "{recorded}");
}

#[test]
fn added_places_are_needed_until_the_pupils_fit_into_the_old_ones() {
    let sure = SCENARIO.replace("{ distribution = \"uniform\", low = 0, high = 12 }", "0");
    let supply = SUPPLY.replace("other,district,primary,public,6,2027-09-01,\n", "");
    // Not staged: six classes of 45 from the first September.
    let supply = supply
        .replace("opens,project", "opens,project,opening")
        .replace(",,\n", ",,,\n")
        .replace(",,new", ",,new,whole");
    let plan = plan(&sure, &supply);
    let results = simulate(&plan, RunOptions { replications: 4, seed: 1, threads: 1 }, &(), &false.into()).unwrap();
    let (block, _) = plan.catalogue.blocks().next().unwrap();
    let rows = lifetimes(&plan, &results, &RunSummary::new(&plan, &results), block);
    assert_eq!(rows.len(), 1, "one area has no rows beside the district");
    let row = &rows[0];
    assert_eq!((row.base, row.added), (270.0, 270.0));
    // 360 pupils until 2030; 300, 240, 180, 120 in 2031 to 2034: more than the old 270 until 2031. Places stand from 2026 on,
    // 9 Septembers; used are 90 in 2026 to 2030 and 30 in 2031.
    assert_eq!(row.last_needed.unwrap().mean, 2031.0);
    assert_eq!(row.ever_needed, Some(1.0));
    let used = f64::from(5 * 90 + 30) / f64::from(9 * 270);
    assert!((row.used.unwrap().mean - used).abs() < 1e-6, "{}", row.used.unwrap().mean);
    // The last shown year stands for ten years on: 120 of 540.
    assert_eq!(row.low_use, (2034, 1.0));
    // Of 360 pupils 90 are without a place in the first year.
    assert_eq!(row.first_risky, Some(2025));
}
