//! Elderly care: textbook lines and stations, and the flagship's network with its people.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::metric::BlockId;
use civicap::queue::formulae::{attendance, erlang_a};
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};

use crate::support::elderly::network_only;

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
    let options = RunOptions { replications, seed: 20_241_124, threads: 0 };
    let results = simulate(&plan, options, &(), &AtomicBool::new(false)).unwrap();
    Ran { plan, results }
}

impl Ran {
    fn block(&self, stage: &str) -> BlockId {
        self.plan.catalogue.blocks().find(|(_, block)| block.service == "elderly" && block.stage == stage).unwrap().0
    }

    /// Values of a metric by replication.
    fn column(&self, block: BlockId, metric: &str, row: usize, year: usize) -> Vec<f64> {
        let catalogue = &self.plan.catalogue;
        let metric = catalogue.metric(block, metric).unwrap();
        let mut column = Vec::new();
        self.results.column(catalogue, (block, metric, row, year), &mut column);
        column
    }

    /// The district's sum over years, for each replication.
    fn sums(&self, stage: &str, metric: &str) -> Vec<f64> {
        let (block, years) = (self.block(stage), self.plan.catalogue.years());
        let row = self.plan.catalogue.district(block);
        let mut sums = vec![0.0; self.results.replications()];
        for year in 0..years {
            for (sum, value) in sums.iter_mut().zip(self.column(block, metric, row, year)) {
                *sum += value;
            }
        }
        sums
    }
}

/// Asserts that a ratio of sums over independent replications is what theory says, within four standard errors.
fn assert_ratio(what: &str, part: &[f64], whole: &[f64], theory: f64) {
    let n = part.len() as f64;
    let ratio = part.iter().sum::<f64>() / whole.iter().sum::<f64>();
    let squares: f64 = part.iter().zip(whole).map(|(p, w)| (p - ratio * w).powi(2)).sum();
    let error = (squares / (n - 1.0) * n).sqrt() / whole.iter().sum::<f64>();
    eprintln!("{what}: {ratio:.6} against {theory:.6}, {:+.2} standard errors", (ratio - theory) / error);
    assert!((ratio - theory).abs() <= 4.0 * error, "{what}: {ratio} is not {theory} within four times {error}");
}

#[test]
fn a_home_whose_applicants_give_up_is_erlang_a() {
    let ran = run(&textbook("erlang-a"), 100);
    let theory = erlang_a(13.0, 30, 0.4, 0.35);
    let requests = ran.sums("home", "requests");
    let years = vec![ran.plan.catalogue.years() as f64; 100];
    assert_ratio("must wait", &ran.sums("home", "delayed"), &requests, theory.must_wait);
    assert_ratio("list", &ran.sums("home", "mean_list"), &years, theory.queue);
    assert_ratio("give up", &ran.sums("home", "gave_up"), &requests, theory.lost);
}

#[test]
fn one_large_home_makes_fewer_wait_than_fourteen_small_ones() {
    let ran = run(&textbook("pooling"), 60);
    for (stage, n) in [("apart", 1), ("pooled", 14)] {
        let theory = erlang_a(11.0 * f64::from(n), 30 * n as u32, 0.4, 0.35).must_wait;
        assert_ratio(stage, &ran.sums(stage, "delayed"), &ran.sums(stage, "requests"), theory);
    }
}

#[test]
fn a_day_station_turns_away_what_the_binomial_says() {
    let ran = run(&textbook("day-station"), 100);
    let (full, turned_away) = attendance(60, 0.4, 30);
    let days = vec![250.0 * ran.plan.catalogue.years() as f64; 100];
    assert_ratio("full days", &ran.sums("station", "full_days"), &days, full);
    assert_ratio("turned away", &ran.sums("station", "unmet"), &days, turned_away);
}

#[test]
fn in_the_flagship_everybody_who_asks_is_counted_once_and_every_need_is_a_resident() {
    let folder = network_only();
    let ran = run(&folder.path().join("scenario.toml"), 6);
    let catalogue = &ran.plan.catalogue;
    for (block, def) in catalogue.blocks().filter(|(_, block)| block.service == "elderly") {
        for row in 0..=catalogue.areas() {
            for year in 0..catalogue.years() {
                let column = |metric: &str| ran.column(block, metric, row, year);
                if def.stage == "need" {
                    let (old, severe) = (column("people_60_plus"), column("need_severe"));
                    let (in_need, alone) = (column("people_in_need"), column("in_need_alone"));
                    for i in 0..old.len() {
                        assert!(severe[i] <= in_need[i] && alone[i] <= in_need[i] && in_need[i] <= old[i]);
                    }
                    continue;
                }
                let fates = ["served", "waiting", "left", "outside", "unmet"].map(column);
                for (i, demand) in column("demand").into_iter().enumerate() {
                    assert_eq!(demand, fates.iter().map(|fate| fate[i]).sum::<f64>(), "{} {row} {year}", def.stage);
                }
            }
        }
    }
}

#[test]
fn the_flagships_use_is_what_is_observed() {
    let folder = network_only();
    let ran = run(&folder.path().join("scenario.toml"), 60);
    let (need, district) = (ran.block("need"), ran.plan.catalogue.areas());
    let mean = |block: BlockId, metric: &str| {
        let column = ran.column(block, metric, district, 0);
        column.iter().sum::<f64>() / column.len() as f64
    };
    let old = mean(need, "people_60_plus");
    let homes = ["long_stay_general", "long_stay_nursing", "long_stay_dementia"].map(|stage| ran.block(stage));
    let in_use: f64 = homes.iter().map(|block| mean(*block, "in_use")).sum();
    let places: f64 = homes.iter().map(|block| mean(*block, "places")).sum();
    eprintln!("60+ {old:.0}, in homes {in_use:.0}, places {places:.0}, need {:.0}", mean(need, "people_in_need"));
    assert!((0.01..0.02).contains(&(in_use / old)), "share of people 60+ in homes: {}", in_use / old);
    assert!((0.40..0.60).contains(&(in_use / places)), "occupancy of homes: {}", in_use / places);
}
