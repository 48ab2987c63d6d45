//! A start with the people who were counted, against what exponential stays say of them.

use std::fs;

use crate::support::health::{assert_mean, run};

fn ran(lines: &str, replications: usize) -> crate::support::health::Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenario.toml");
    let head = "label = \"x\"\n[horizon]\nstart = 2025\nend = 2027\n";
    fs::write(&path, format!("{head}{lines}")).unwrap();
    run(&path, replications)
}

/// Nobody asks: of 50 in a place the mean over a year is 50 (1 - exp(-e)) / e of stays that end at rate e, whoever has been
/// there for how long.
#[test]
fn residents_who_were_counted_leave_at_the_rate_of_stays() {
    let lines = "[elderly.queues.q]\nrequests_per_year = 0\nplaces = 60\nstay_months = 24\nstart = \"counted\"\nopening_residents = 50\n";
    let seen = ran(lines, 400).years("q", "in_use");
    let (rate, mut before) = (0.5, 50.0);
    for (year, seen) in seen.iter().enumerate() {
        let mean = before * (1.0 - f64::exp(-rate)) / rate;
        assert_mean(&format!("in use in year {year}"), seen, mean);
        before *= f64::exp(-rate);
    }
}

/// People on the list take what is free, and are no more than were counted.
#[test]
fn who_waits_takes_what_is_free() {
    let lines = "[elderly.queues.q]\nrequests_per_year = 0\nplaces = 10\nstay_months = 1200\nstart = \"counted\"\nopening_residents = 4\nopening_waiting = 20\n";
    let ran = ran(lines, 20);
    let first = |metric: &str| ran.years("q", metric)[0].clone();
    let (here, list) = (first("in_use"), first("mean_queue_length"));
    assert!(here.iter().all(|people| (9.0..=10.0).contains(people)), "{here:?}");
    assert!(list.iter().all(|people| (12.0..=14.0).contains(people)), "{list:?}");
}
