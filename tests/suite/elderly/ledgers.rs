//! Laws that hold whatever a scenario says: lists lose the dead, needs follow their chain in places of any size, draws belong to
//! names.

use civicap::study::VerdictLevel;
use std::path::Path;

use super::{Ran, assert_ratio, run};

/// Copies a case of `tests/suite/cases` so that its files can be changed.
fn case(name: &str) -> tempfile::TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/cases").join(name);
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    folder
}

fn edit(folder: &Path, file: &str, change: impl Fn(String) -> String) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, change(text)).unwrap();
}

const CASE: &str = "waiting-list-longer-than-the-living";

/// Nobody new grows old in this place: who waits and who has a place are never more than the people who may ask, the list
/// empties as they die, and those who wait die too.
#[test]
fn a_list_is_never_longer_than_the_people_who_may_ask() {
    let folder = case(CASE);
    let ran = run(&folder.path().join("scenario.toml"), 20);
    let (block, need) = (ran.block("long_stay_nursing"), ran.block("need"));
    let district = ran.plan.catalogue.district(block);
    let mut died = 0.0;
    for year in 0..ran.plan.catalogue.years() {
        let column = |metric: &str| ran.column(block, metric, district, year);
        let (listed, in_use) = (column("on_list"), column("in_use"));
        let severe = ran.column(need, "need_severe", district, year);
        for i in 0..listed.len() {
            assert!(listed[i] <= severe[i] + 1e-6, "year {year}: {} wait, {} in severe need", listed[i], severe[i]);
            assert!(in_use[i] <= 50.0 + 1e-4);
        }
        died += column("died_waiting").iter().sum::<f64>();
    }
    let last = ran.plan.catalogue.years() - 1;
    let mean = |year: usize| ran.column(block, "on_list", district, year).iter().sum::<f64>() / 20.0;
    assert!(died > 0.0);
    assert!((100.0..200.0).contains(&mean(0)), "about 201 who would use one of 50 places: {}", mean(0));
    assert!(mean(last) < 2.0, "nobody waits for 50 places where 19 would use one: {}", mean(last));
}

/// Rates of need by age and sex, the same at all ages; each level has its own death rate.
const HAZARDS: &str = "sex,age,from,none,mild,moderate,severe,dead\n\
    male,60+,none,,0.10,0.02,0.01,0.03\nmale,60+,mild,0.10,,0.15,0.03,0.05\n\
    male,60+,moderate,0.02,0.08,,0.20,0.10\nmale,60+,severe,0.01,0.02,0.05,,0.25\n\
    female,60+,none,,0.10,0.02,0.01,0.03\nfemale,60+,mild,0.10,,0.15,0.03,0.05\n\
    female,60+,moderate,0.02,0.08,,0.20,0.10\nfemale,60+,severe,0.01,0.02,0.05,,0.25\n";

/// The shares by level after so many years of people who start with the table's, among the living: `p exp(Q t)`.
fn exact_shares(years: f64) -> [f64; 4] {
    let q = [
        [0.0, 0.10, 0.02, 0.01, 0.03],
        [0.10, 0.0, 0.15, 0.03, 0.05],
        [0.02, 0.08, 0.0, 0.20, 0.10],
        [0.01, 0.02, 0.05, 0.0, 0.25],
    ];
    // Small steps of dp/dt = p Q, by Runge and Kutta: far more exact than any simulated mean.
    let slope = |p: [f64; 4]| -> [f64; 4] {
        std::array::from_fn(|to| {
            let gains: f64 = (0..4).filter(|from| *from != to).map(|from| p[from] * q[from][to]).sum();
            let loss: f64 = (0..5).filter(|other| *other != to).map(|other| q[to][other]).sum();
            gains - p[to] * loss
        })
    };
    let (steps, mut p) = (2000, [0.7, 0.1, 0.1, 0.1]);
    let h = years / f64::from(steps);
    for _ in 0..steps {
        let ahead = |k: [f64; 4], part: f64| std::array::from_fn(|i| p[i] + part * h * k[i]);
        let a = slope(p);
        let b = slope(ahead(a, 0.5));
        let c = slope(ahead(b, 0.5));
        let d = slope(ahead(c, 1.0));
        p = std::array::from_fn(|i| p[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]));
    }
    let alive: f64 = p.iter().sum();
    p.map(|share| share / alive)
}

#[test]
fn needs_follow_their_chain_without_bias_in_places_of_any_size() {
    for (persons, replications) in [(25, 3000), (100, 1000), (1000, 200)] {
        let folder = case(CASE);
        std::fs::write(folder.path().join("hazards.csv"), HAZARDS).unwrap();
        let people = format!(
            "area,sex,age,persons\ndistrict,male,0-69,0\ndistrict,female,0-69,0\ndistrict,male,70-79,{persons}\ndistrict,female,70-79,{persons}\n"
        );
        std::fs::write(folder.path().join("people.csv"), people).unwrap();
        edit(folder.path(), "scenario.toml", |text| {
            text.replace("end = 2045", "end = 2030").replace(
                "need_odds_factor = 1",
                "need_odds_factor = 1\ntransitions = \"hazards\"\ntransition_table = \"hazards.csv\"",
            )
        });
        let ran = run(&folder.path().join("scenario.toml"), replications);
        let need = ran.block("need");
        let (severe, old) = (ran.column(need, "need_severe", 0, 5), ran.column(need, "people_60_plus", 0, 5));
        assert_ratio(&format!("severe of {persons}"), &severe, &old, exact_shares(5.0)[3]);
    }
}

/// The district's part of a summary, bit by bit.
fn bits(ran: &Ran, stage: &str) -> Vec<u64> {
    let block = ran.block(stage);
    let row = ran.plan.catalogue.district(block);
    let metrics = ran.plan.catalogue.block(block).metrics;
    let mut found = Vec::new();
    for metric in metrics {
        for year in 0..ran.plan.catalogue.years() {
            found.extend(ran.column(block, metric.id, row, year).iter().map(|value| value.to_bits()));
        }
    }
    found
}

/// Turns the rows of a table round, with its heading left where it is.
fn turned(text: &str) -> String {
    let (head, rows): (Vec<&str>, Vec<&str>) = {
        let lines: Vec<&str> = text.lines().collect();
        let first = lines.iter().position(|line| !line.starts_with('#')).unwrap();
        (lines[..=first].to_vec(), lines[first + 1..].to_vec())
    };
    head.into_iter().chain(rows.into_iter().rev()).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn the_order_of_rows_changes_nothing_and_another_service_moves_no_draw() {
    let two_homes = |text: String| {
        text + "other,另一家,Other,district,district,long_stay_nursing,30,2028-05-10,,\n\
                old,旧院,Old,district,subdistrict,long_stay_nursing,20,,2031-03-01,\n"
    };
    let folder = case(CASE);
    edit(folder.path(), "homes.csv", two_homes);
    let before = run(&folder.path().join("scenario.toml"), 6);
    for table in ["homes.csv", "need.csv", "living.csv"] {
        edit(folder.path(), table, |text| turned(&text));
    }
    let after = run(&folder.path().join("scenario.toml"), 6);
    assert!(bits(&before, "long_stay_nursing") == bits(&after, "long_stay_nursing"), "the order of rows decides");
    edit(folder.path(), "scenario.toml", |text| {
        text + "\n[elderly.services.home_visits]\nsevere = 0.2\ntake_up = 1\n\
                \n[elderly.queues.away]\nrequests_per_year = 5\nplaces = 2\nstay_months = 12\npatience_months = 6\n"
    });
    edit(folder.path(), "homes.csv", |text| text + "visits,上门,Visits,district,station,home_visits,40,,,\n");
    let more = run(&folder.path().join("scenario.toml"), 6);
    assert!(bits(&before, "long_stay_nursing") == bits(&more, "long_stay_nursing"), "another service moves the draws");
}

#[test]
fn rows_given_twice_and_gaps_between_ages_are_refused() {
    let faults = |file: &str, change: &dyn Fn(String) -> String| {
        let folder = case(CASE);
        edit(folder.path(), file, change);
        let loaded =
            civicap::scenario::load(&folder.path().join("scenario.toml"), civicap::scenario::Request::default());
        (loaded.plan.is_some(), loaded.diagnostics.list.len())
    };
    let twice = |text: String| {
        let last = text.lines().last().unwrap().to_owned();
        text + &last + "\n"
    };
    for file in ["homes.csv", "need.csv", "living.csv"] {
        let (sound, count) = faults(file, &twice);
        assert!(!sound && count > 0, "{file}");
    }
    let gap = |text: String| text.replace("male,60+", "male,60-69") + "male,80+,0.2,0.5,0.3\nfemale,80+,0.2,0.5,0.3\n";
    assert!(!faults("living.csv", &gap).0, "ages 70 to 79 have no row");
}

#[test]
fn a_queue_that_nobody_leaves_and_that_is_loaded_above_its_places_is_unstable() {
    let level = |keys: &str| {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "label = \"a queue\"\n[horizon]\nstart = 2025\nend = 2027\n[elderly.queues.home]\nrequests_per_year = 30\nstay_months = 12\n{keys}\n"
        );
        std::fs::write(folder.path().join("scenario.toml"), text).unwrap();
        let ran = run(&folder.path().join("scenario.toml"), 4);
        let summary = civicap::study::RunSummary::new(&ran.plan, &ran.results);
        civicap::study::verdicts(&ran.plan, &ran.results, &summary)[0].rank
    };
    assert_eq!(level("places = 20"), VerdictLevel::Unstable);
    assert_eq!(level("places = 20\npatience_months = 12"), VerdictLevel::FallsShort);
    assert_eq!(level("places = 60"), VerdictLevel::Meets);
    assert_eq!(level("places = 0\npatience_months = 12"), VerdictLevel::FallsShort);
}
