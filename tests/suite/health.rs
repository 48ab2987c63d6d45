//! Beds: what textbooks say of wards, from the scenarios of `scenarios/textbook`, and laws of the network of tiers.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::metric::BlockId;
use civicap::queue::formulae;
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};

/// A scenario of the textbook folder, run.
struct Ran {
    plan: Plan,
    results: Results,
}

fn textbook(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook").join(format!("{name}.toml"))
}

fn run(path: &Path, replications: usize) -> Ran {
    let loaded = load(path, Request::default());
    assert!(loaded.plan.is_some(), "{}: {:?}", path.display(), loaded.diagnostics.list);
    let plan = loaded.plan.unwrap();
    let options = RunOptions { replications, seed: 20_241_123, threads: 0 };
    let results = simulate(&plan, options, &(), &AtomicBool::new(false)).unwrap();
    Ran { plan, results }
}

impl Ran {
    fn block(&self, stage: &str) -> BlockId {
        self.plan.catalogue.blocks().find(|(_, block)| block.stage == stage).unwrap().0
    }

    /// District values of a metric by replication, one row for each year.
    fn years(&self, stage: &str, metric: &str) -> Vec<Vec<f64>> {
        let catalogue = &self.plan.catalogue;
        let block = self.block(stage);
        let metric = catalogue.metric(block, metric).unwrap();
        let row = catalogue.district(block);
        (0..catalogue.years())
            .map(|year| {
                let mut column = Vec::new();
                self.results.column(catalogue, (block, metric, row, year), &mut column);
                column
            })
            .collect()
    }

    /// The mean over years, for each replication.
    fn mean(&self, stage: &str, metric: &str) -> Vec<f64> {
        let years = self.years(stage, metric);
        (0..self.results.replications()).map(|r| years.iter().map(|y| y[r]).sum::<f64>() / years.len() as f64).collect()
    }

    /// The sum over years and replications.
    fn total(&self, stage: &str, metric: &str) -> f64 {
        self.years(stage, metric).iter().flatten().sum()
    }
}

/// Asserts that the mean of independent values is what theory says, within four standard errors.
fn assert_mean(what: &str, values: &[f64], theory: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
    eprintln!("{what}: {mean:.6} against {theory:.6}, {:+.2} standard errors of {error:.2e}", (mean - theory) / error);
    assert!((mean - theory).abs() <= 4.0 * error, "{what}: {mean} is not {theory} within four times {error}");
}

/// Ratio of sums, with one value for each replication so that its spread can be measured.
fn ratio(part: &[f64], whole: &[f64]) -> Vec<f64> {
    let mean = whole.iter().sum::<f64>() / whole.len() as f64;
    let theory = part.iter().sum::<f64>() / whole.iter().sum::<f64>();
    // Linearised, so that the mean of the values is the ratio of the sums.
    part.iter().zip(whole).map(|(p, w)| theory + (p - theory * w) / mean).collect()
}

#[test]
fn a_loss_ward_refuses_what_erlang_b_says_whatever_the_stay() {
    for (name, load, beds) in [
        ("erlang-b-8-10", 8.0, 10),
        ("erlang-b-18-20", 18.0, 20),
        ("erlang-b-27-30", 27.0, 30),
        ("erlang-b-27-30-gamma", 27.0, 30),
        ("erlang-b-27-30-exponential", 27.0, 30),
        ("erlang-b-5-4", 5.0, 4),
        ("erlang-b-10-10", 10.0, 10),
        ("erlang-b-100-110", 100.0, 110),
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
        assert_mean("P(wait)", &ran.mean("ward", "wait_share"), formulae::erlang_c(load, beds));
        let wait = 5.0 * formulae::erlang_c_mean_wait(load, beds);
        assert_mean("mean wait", &ran.mean("ward", "wait_mean_days"), wait);
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
    assert_mean("urgent", &ran.mean("ward", "urgent_wait_mean_days"), 0.016_929_107_2);
    assert_mean("others", &ran.mean("ward", "planned_wait_mean_days"), 0.186_220_177_8);
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
    let ran = run(&textbook("tandem"), 200);
    let refused = ratio(&ran.mean("acute", "unmet"), &ran.mean("acute", "demand"));
    assert_mean("refused", &refused, 0.091_661_48);
    assert_mean("blocked", &ran.mean("rehabilitation", "blocked_beds"), 1.573_891_25);
}

#[test]
fn requests_end_in_one_way_only() {
    for name in ["erlang-b-10-10", "erlang-c-8-10", "finite-waiting", "overflow", "tandem"] {
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
