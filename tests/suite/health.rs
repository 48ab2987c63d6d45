//! Beds: what textbooks say of wards, from the scenarios of `scenarios/textbook`, and laws of the network of tiers.

use std::path::{Path, PathBuf};

use civicap::queue::formulae;

use crate::support::health::{Ran, assert_mean, ratio, run, textbook};

#[test]
fn a_loss_ward_refuses_what_erlang_b_says_whatever_the_stay() {
    for (name, load, beds) in [
        ("erlang-b-8-10", 8.0, 10),
        ("erlang-b-18-20", 18.0, 20),
        ("erlang-b-27-30", 27.0, 30),
        ("erlang-b-27-30-gamma", 27.0, 30),
        ("erlang-b-27-30-exponential", 27.0, 30),
        ("erlang-b-27-30-mixture", 27.0, 30),
        ("erlang-b-27-30-counted", 27.0, 30),
        ("erlang-b-5-4", 5.0, 4),
        ("erlang-b-10-10", 10.0, 10),
        ("erlang-b-100-110", 100.0, 110),
        ("erlang-b-200-210", 200.0, 210),
    ] {
        let ran = run(&textbook(name), 100);
        let refused = ratio(&ran.mean("ward", "unmet"), &ran.mean("ward", "demand"));
        let blocked = formulae::erlang_b(load, beds);
        assert_mean(name, &refused, blocked);
        assert_mean("census", &ran.mean("ward", "occupied_beds"), load * (1.0 - blocked));
    }
}

#[test]
fn a_queue_waits_as_erlang_c_says() {
    for (name, load, beds) in [("erlang-c-8-10", 8.0, 10), ("erlang-c-100-110", 100.0, 110)] {
        let ran = run(&textbook(name), 200);
        assert_mean("P(wait)", &ran.over_people("ward", "queued_share", "demand"), formulae::erlang_c(load, beds));
        let wait = 5.0 * formulae::erlang_c_mean_wait(load, beds);
        assert_mean("mean wait", &ran.over_people("ward", "mean_wait_days", "demand"), wait);
    }
}

#[test]
fn a_waiting_room_with_an_end_refuses_as_a_birth_death_process_says() {
    let ran = run(&textbook("finite-waiting"), 200);
    let refused = ratio(&ran.mean("ward", "unmet"), &ran.mean("ward", "demand"));
    assert_mean("refused", &refused, 0.045_981_076_7);
}

#[test]
fn urgent_patients_wait_less_as_cobham_says() {
    let ran = run(&textbook("priority"), 200);
    assert_mean("urgent", &ran.over_people("ward", "urgent_mean_wait_days", "demand"), 0.016_929_107_2);
    assert_mean("others", &ran.over_people("ward", "elective_mean_wait_days", "demand"), 0.186_220_177_8);
}

#[test]
fn an_empty_ward_fills_as_the_closed_form_says() {
    let ran = run(&textbook("from-empty"), 400);
    assert_mean("day 10", &ran.mean("ward", "census_day_10"), 83.0981);
    assert_mean("day 30", &ran.mean("ward", "census_day_30"), 97.6364);
}

#[test]
fn a_long_stay_unit_fills_slowly_and_its_census_is_poisson() {
    let ran = run(&textbook("long-stay"), 1000);
    for (metric, census) in [("census_day_30", 76.512), ("census_day_90", 119.966), ("census_day_180", 127.322)] {
        let values = ran.mean("ward", metric);
        assert_mean(metric, &values, census);
        let squares: Vec<f64> = values.iter().map(|v| (v - census).powi(2)).collect();
        assert_mean("variance", &squares, census);
    }
}

#[test]
fn overflow_is_burstier_than_poisson_and_is_counted_exactly() {
    let ran = run(&textbook("overflow"), 200);
    let wards = ["north", "middle", "south"];
    let sum = |metric: &str| -> Vec<f64> {
        let parts: Vec<Vec<f64>> = wards.iter().map(|ward| ran.mean(ward, metric)).collect();
        (0..200).map(|r| parts.iter().map(|p| p[r]).sum()).collect()
    };
    let lost = ratio(&sum("unmet"), &sum("demand"));
    assert_mean("lost", &lost, 0.081_984_30);
}

#[test]
fn patients_keep_the_acute_bed_until_a_step_down_bed_is_free() {
    for (name, refused, blocked) in [("tandem", 0.091_661_48, 1.573_891_25), ("tandem-9", 0.063_118_09, 0.820_603_99)] {
        let ran = run(&textbook(name), 200);
        let found = ratio(&ran.mean("acute", "unmet"), &ran.mean("acute", "demand"));
        assert_mean(&format!("{name}: refused"), &found, refused);
        assert_mean(&format!("{name}: blocked"), &ran.mean("rehabilitation", "blocked_beds"), blocked);
    }
}

#[test]
fn requests_end_in_one_way_only() {
    for name in
        ["erlang-b-10-10", "erlang-c-8-10", "finite-waiting", "overflow", "tandem", "readmission", "discharge-mornings"]
    {
        let ran = run(&textbook(name), 8);
        let stages: Vec<String> = ran.plan.catalogue.blocks().map(|(_, block)| block.stage.clone()).collect();
        for stage in stages {
            let sum = |metric: &str| ran.total(&stage, metric);
            let waiting = ran.years(&stage, "waiting");
            let end: f64 = waiting.last().unwrap().iter().sum();
            let ended = sum("served") + sum("unmet") + sum("outside") + end;
            // Who waited when the first year began was asked before it.
            let before = ended - sum("demand");
            assert!((0.0..=8.0 * 40.0).contains(&before), "{name} {stage}: {before}");
            if waiting.iter().flatten().all(|w| *w == 0.0) {
                assert_eq!(before, 0.0, "{name} {stage}");
            }
        }
    }
}

/// A small consortium without people: two wards that overflow into each other, one of them with a queue.
fn write_scenario(folder: &Path, beds: u32, more: &str) -> PathBuf {
    let path = folder.join(format!("beds-{beds}.toml"));
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2026\n[health.wards.ward]\narrivals_per_day = 4\nbeds = {beds}\n\
         los_mean_days = 5\nlos_cv = 1.1\n{more}\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_further_bed_never_raises_unmet_in_a_loss_ward_with_the_same_patients() {
    let folder = tempfile::tempdir().unwrap();
    // Those admitted to c beds are among those admitted to c + 1, and at most one more is in bed: so every path agrees.
    let unmet = |beds| run(&write_scenario(folder.path(), beds, "[health]\nopening = \"empty\""), 40);
    let runs: Vec<Ran> = [16, 17, 18, 19, 20, 24].into_iter().map(unmet).collect();
    for pair in runs.windows(2) {
        let (few, more) = (pair[0].years("ward", "unmet"), pair[1].years("ward", "unmet"));
        assert_eq!(pair[0].years("ward", "demand"), pair[1].years("ward", "demand"), "the same patients come");
        let sum = |years: &[Vec<f64>], r: usize| years.iter().map(|year| year[r]).sum::<f64>();
        assert!((0..40).all(|r| sum(&more, r) <= sum(&few, r)));
    }
}

#[test]
fn time_in_bed_adds_up_to_the_census_on_every_path() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&write_scenario(folder.path(), 24, "waiting = \"queue\""), 200);
    // Little (1961): mean beds in use = admissions a day x mean stay, over paths.
    let (occupied, served) = (ran.mean("ward", "occupied_beds"), ran.mean("ward", "served"));
    let per_day: Vec<f64> = occupied.iter().zip(&served).map(|(beds, served)| beds - 5.0 * served / 365.333).collect();
    assert_mean("L - lambda W", &per_day, 0.0);
}

#[test]
fn the_closed_form_agrees_with_the_simulation_where_beds_do_not_bind() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&write_scenario(folder.path(), 200, ""), 200);
    assert_eq!(ran.total("ward", "unmet"), 0.0);
    assert_mean("census", &ran.mean("ward", "occupied_beds"), 20.0);
    assert!(ran.years("ward", "offered_load").iter().flatten().all(|beds| (beds - 20.0).abs() < 1e-4));
    // Poisson(20): P(N <= 29) = .9782, P(N <= 30) = .9865; the promise allows 2 %.
    assert!(ran.years("ward", "beds_needed").iter().flatten().all(|beds| *beds == 30.0));
}

/// The flagship's tertiary tier played by the hour and by the day: the same requests, nearly the same use of beds.
#[test]
fn a_tier_by_the_day_agrees_with_the_tier_by_the_hour() {
    let folder = tempfile::tempdir().unwrap();
    let lixia = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for file in std::fs::read_dir(lixia.join("data")).unwrap().map(|f| f.unwrap()) {
        std::fs::copy(file.path(), folder.path().join("data").join(file.file_name())).unwrap();
    }
    let text = std::fs::read_to_string(lixia.join("scenario.toml")).unwrap().replace("end = 2035", "end = 2026");
    let ran = |word: &str| {
        let path = folder.path().join(format!("{word}.toml"));
        std::fs::write(&path, text.replace("engine = \"day\"", &format!("engine = \"{word}\""))).unwrap();
        run(&path, 6)
    };
    let (day, hour) = (ran("day"), ran("hour"));
    // Whether a patient is a resident is drawn for each by the hour, and for all together by the day: the sum agrees.
    let asked = |ran: &Ran, year: usize, r: usize| -> f64 {
        ["demand", "non_resident_demand"].iter().map(|metric| ran.years("tertiary", metric)[year][r]).sum()
    };
    for (year, r) in (0..3).flat_map(|year| (0..6).map(move |r| (year, r))) {
        assert_eq!(asked(&day, year, r), asked(&hour, year, r));
    }
    let mean = |ran: &Ran, metric: &str| ran.mean("tertiary", metric).iter().sum::<f64>() / 6.0;
    assert!((mean(&day, "utilisation") - mean(&hour, "utilisation")).abs() < 0.008);
    assert!((mean(&day, "refused_share") - mean(&hour, "refused_share")).abs() < 0.004);
    assert!((mean(&day, "days_over_92") - mean(&hour, "days_over_92")).abs() < 0.03);
    assert!((mean(&day, "waiting") / mean(&hour, "waiting") - 1.0).abs() < 0.15);
}
