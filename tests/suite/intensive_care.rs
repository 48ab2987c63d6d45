//! Intensive care inside a stay: thinned and delayed admissions, exactly counted, that change nothing else.

use std::path::{Path, PathBuf};

use civicap::queue::formulae;
use civicap::scenario::{Request, load};

use crate::support::health::{Ran, assert_mean, ratio, run, textbook};

const ICU: &str = "intensive_care_icu";

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("label = \"x\"\n[horizon]\nstart = 2024\nend = 2027\n{text}")).unwrap();
    path
}

/// A ward that is often full, with people who wait and people whom another ward takes.
fn crowded(ward: &str, more: &str) -> String {
    format!(
        "[health.wards.ward]\narrivals_per_day = 4\nurgent_per_day = 2\nbeds = 30\nlos_mean_days = 5\nlos_cv = 1.1\n\
         waiting = \"queue\"\nwait_limit_days = 1\noverflow_to = [\"other\"]\n{ward}\n\
         [health.wards.other]\narrivals_per_day = 1\nbeds = 8\nlos_mean_days = 5\n{ward}\n{more}\n"
    )
}

fn every_value(ran: &Ran, stage: &str) -> Vec<Vec<Vec<f64>>> {
    let (catalogue, block) = (&ran.plan.catalogue, ran.block(stage));
    let counted = catalogue.block(block).metrics.iter().filter(|metric| catalogue.metric(block, metric.id).is_some());
    counted.map(|metric| ran.years(stage, metric.id)).collect()
}

#[test]
fn patients_of_a_ward_with_room_find_the_intensive_care_beds_full_as_erlang_b_says() {
    let ran = run(&textbook("intensive-care"), 100);
    let refused = ratio(&ran.mean(ICU, "refused"), &ran.mean(ICU, "demand"));
    assert_mean("without a bed", &refused, formulae::erlang_b(8.0, 10));
    assert_mean("in use", &ran.mean(ICU, "occupied_beds"), 8.0 * (1.0 - formulae::erlang_b(8.0, 10)));
    assert_eq!(ran.total(ICU, "queued"), 0.0);
}

#[test]
fn thinned_admissions_fill_intensive_care_as_the_closed_form_says_whenever_the_need_begins() {
    let folder = tempfile::tempdir().unwrap();
    for at_once in [0.0, 0.7, 1.0] {
        let text = std::fs::read_to_string(textbook("intensive-care")).unwrap();
        let text = text.replace("beds = 10\n", "beds = 200\n").replace("end = 2033", "end = 2028");
        let text = text.replace("patients_of", &format!("direct_admission_share = {at_once}\npatients_of"));
        let path = folder.path().join("room.toml");
        std::fs::write(&path, text).unwrap();
        let ran = run(&path, 100);
        assert_eq!(ran.total(ICU, "refused"), 0.0);
        assert_mean("census", &ran.mean(ICU, "occupied_beds"), 8.0);
        assert_mean("needs", &ratio(&ran.mean(ICU, "demand"), &ran.mean("ward", "served")), 0.1);
        assert!(ran.years(ICU, "offered_load").iter().flatten().all(|beds| (beds - 8.0).abs() < 1e-3));
        // Poisson(8): P(N <= 13) = .9658, P(N <= 14) = .9827; the promise allows 2 %.
        assert!(ran.years(ICU, "beds_needed").iter().flatten().all(|beds| *beds == 14.0));
    }
}

#[test]
fn needs_follow_admissions_of_those_who_waited_or_went_elsewhere_too() {
    let folder = tempfile::tempdir().unwrap();
    let units = "[health.intensive_care.icu]\npatients_of = [\"ward\", \"other\"]\nbeds = 3\nlos_mean_days = 3\n";
    let shares = "intensive_elective_share = 0.2\nintensive_urgent_share = 0.2";
    let ran = run(&write(folder.path(), "a.toml", &crowded(shares, units)), 200);
    let (ward, other) = (ran.mean("ward", "served"), ran.mean("other", "served"));
    assert!(ran.total("ward", "queued_share") > 0.0 && ran.total("ward", "diverted") > 0.0);
    let admitted: Vec<f64> = ward.iter().zip(&other).map(|(a, b)| a + b).collect();
    assert_mean("needs", &ratio(&ran.mean(ICU, "demand"), &admitted), 0.2);
    // Little (1961), where some wait: beds in use are admissions a day times the mean stay.
    let (used, served) = (ran.mean(ICU, "occupied_beds"), ran.mean(ICU, "served"));
    assert!(ran.total(ICU, "queued") > 0.0 && ran.total(ICU, "refused") > 0.0);
    let gap: Vec<f64> = used.iter().zip(&served).map(|(used, served)| used - 3.0 * served / 365.25).collect();
    assert_mean("L - lambda W", &gap, 0.0);
    // Nobody is lost between the years: those who waited before are the last year's end.
    let sum = |metric: &str, year: usize| -> f64 { ran.years(ICU, metric)[year].iter().sum() };
    for year in 1..4 {
        let ended = sum("served", year) + sum("refused", year) + sum("waiting", year);
        assert_eq!(sum("waiting", year - 1) + sum("demand", year), ended);
    }
}

#[test]
fn intensive_care_changes_no_other_number() {
    let folder = tempfile::tempdir().unwrap();
    let without = run(&write(folder.path(), "without.toml", &crowded("", "")), 20);
    let unit = "[health.intensive_care.icu]\npatients_of = [\"ward\"]\nbeds = 3\nlos_mean_days = 3\n\
                [health.intensive_care.high]\npatients_of = [\"other\"]\nbeds = 1\nlos_mean_days = 3\n";
    let with = run(&write(folder.path(), "with.toml", &crowded("intensive_elective_share = 0.2", unit)), 20);
    for stage in ["ward", "other"] {
        for (a, b) in every_value(&without, stage)
            .iter()
            .flatten()
            .flatten()
            .zip(every_value(&with, stage).iter().flatten().flatten())
        {
            assert_eq!(a.to_bits(), b.to_bits(), "{stage}");
        }
    }
    assert!(with.total(ICU, "demand") > 0.0);
    // Nor does one unit change another's.
    let fewer = unit.replacen("beds = 3", "beds = 1", 1);
    let fewer = run(&write(folder.path(), "fewer.toml", &crowded("intensive_elective_share = 0.2", &fewer)), 20);
    assert_eq!(every_value(&with, "intensive_care_high"), every_value(&fewer, "intensive_care_high"));
    assert_eq!(with.years(ICU, "demand"), fewer.years(ICU, "demand"), "the same patients need it");
}

#[test]
fn faults_of_intensive_care_are_told_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let unit = |of: &str, more: &str| {
        format!("[health.intensive_care.icu]\npatients_of = [{of}]\nlos_mean_days = 3\n{more}\n")
    };
    let share = "intensive_elective_share = 0.2";
    for (text, fault) in [
        (crowded(share, &unit("\"ward\", \"nowhere\"", "beds = 3")), "nowhere"),
        (crowded(share, &unit("\"ward\", \"ward\", \"other\"", "beds = 3")), "already have"),
        (crowded(share, &unit("\"ward\", \"other\"", "")), "how many beds"),
        (crowded(share, &unit("", "beds = 3")), "nobody's"),
        (crowded(share, &unit("\"ward\"", "beds = 3")), "«other»"),
        (crowded("", &unit("\"ward\"", "beds = 3")), "nobody ever needs"),
        (crowded(share, ""), "no unit takes them"),
    ] {
        let loaded = load(&write(folder.path(), "x.toml", &text), Request::default());
        assert!(loaded.plan.is_none(), "{fault}");
        let told = loaded.diagnostics.list.iter().any(|found| found.message.en.contains(fault));
        assert!(told, "{fault}: {:?}", loaded.diagnostics.list);
    }
}
