//! Elderly care: textbook lines and stations, and the flagship's network with its people.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::context::ReplicationContext;
use civicap::metric::{BlockId, CellAddress, Record};
use civicap::population;
use civicap::queue::formulae::{attendance, erlang_a, erlang_c, overflow_of_three};
use civicap::random::RngSource;
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::services::service_signals::ServiceSignals;

use crate::support::elderly::{network_only, network_with};

mod counted;
mod entitled;
mod ledgers;
mod lists;
mod meals;

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
        // Also what the stage does not count, which has no value.
        let metric = catalogue.block(block).metrics.iter().position(|one| one.id == metric).unwrap();
        let mut column = Vec::new();
        self.results.column(catalogue, CellAddress { block, metric, row, year }, &mut column);
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
    assert_ratio("must wait", &ran.sums("home", "queued_on_arrival"), &requests, theory.must_wait);
    assert_ratio("list", &ran.sums("home", "mean_queue_length"), &years, theory.queue);
    assert_ratio("give up", &ran.sums("home", "reneged"), &requests, theory.lost);
}

#[test]
fn one_large_home_makes_fewer_wait_than_fourteen_small_ones() {
    let ran = run(&textbook("pooling"), 60);
    for (stage, n) in [("apart", 1), ("pooled", 14)] {
        let theory = erlang_a(11.0 * f64::from(n), 30 * n as u32, 0.4, 0.35).must_wait;
        assert_ratio(stage, &ran.sums(stage, "queued_on_arrival"), &ran.sums(stage, "requests"), theory);
    }
}

#[test]
fn stations_that_share_places_lose_what_the_exact_chain_says() {
    let ran = run(&textbook("stations-overflow"), 100);
    let theory = overflow_of_three([4.0, 5.0, 3.0], [4, 6, 3], 4);
    let together = |metric: &str| {
        let parts = ["north", "middle", "south"].map(|stage| ran.sums(stage, metric));
        (0..100).map(|i| parts.iter().map(|part| part[i]).sum()).collect::<Vec<f64>>()
    };
    let (requests, outside) = (together("requests"), together("outside"));
    assert_ratio("lost", &outside, &requests, theory);
    // Who is not lost is at the own station or on the shared places.
    let served = together("served");
    assert!((0..100).all(|i| served[i] + outside[i] == requests[i]));
}

#[test]
fn the_list_is_as_long_whoever_goes_first() {
    let ran = run(&textbook("two-classes-of-applicants"), 100);
    let theory = erlang_c(25.0, 30);
    for stage in ["in-order", "urgent-first"] {
        let requests = ran.sums(stage, "requests");
        assert_ratio(stage, &ran.sums(stage, "queued_on_arrival"), &requests, theory);
        let waits = ran.sums(stage, "mean_queue_length");
        assert_ratio(stage, &waits, &vec![ran.plan.catalogue.years() as f64; 100], theory * 25.0 / (30.0 - 25.0));
    }
}

#[test]
fn a_day_station_turns_away_what_the_binomial_says() {
    let ran = run(&textbook("day-station"), 100);
    let (full, turned_away) = attendance(60, 0.4, 30);
    let days = vec![250.0 * ran.plan.catalogue.years() as f64; 100];
    assert_ratio("full days", &ran.sums("station", "turnaway_days"), &days, full);
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
                if def.stage == "definitions" {
                    continue;
                }
                if def.stage == "need" {
                    let (old, severe) = (column("people_60_plus"), column("need_severe"));
                    let (in_need, alone) = (column("people_in_need"), column("in_need_alone"));
                    let ways = ["in_homes_share", "in_community_share", "at_home_share"].map(column);
                    assert!((0..old.len()).all(|i| (ways[0][i] + ways[1][i] + ways[2][i] - 1.0).abs() < 1e-6));
                    for i in 0..old.len() {
                        assert!(severe[i] <= in_need[i] && alone[i] <= in_need[i] && in_need[i] <= old[i]);
                    }
                    continue;
                }
                let (served, own, elsewhere) =
                    (column("served"), column("served_own_area"), column("served_out_of_area"));
                assert!((0..served.len()).all(|i| served[i] == own[i] + elsewhere[i]), "{} {row} {year}", def.stage);
                let fates = ["served", "waiting", "reneged_in_time", "outside", "unmet"].map(column);
                for (i, demand) in column("demand").into_iter().enumerate() {
                    let counted = fates.iter().map(|fate| fate[i]).filter(|people| !people.is_nan());
                    assert_eq!(demand, counted.sum::<f64>(), "{} {row} {year}", def.stage);
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

/// All values of two runs, block by block.
fn assert_same(one: &Ran, other: &Ran) {
    for (block, def) in one.plan.catalogue.blocks().filter(|(_, block)| block.service == "elderly") {
        for (at, metric) in def.metrics.iter().enumerate() {
            // What one of them does not count has no value there.
            if !one.plan.catalogue.counts(block, at) || !other.plan.catalogue.counts(block, at) {
                continue;
            }
            for row in 0..=one.plan.catalogue.areas() {
                for year in 0..one.plan.catalogue.years() {
                    let columns = [one, other].map(|ran| ran.column(block, metric.id, row, year));
                    let bits = columns.map(|column| column.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
                    assert_eq!(bits[0], bits[1], "{} {} {row} {year}", def.stage, metric.id);
                }
            }
        }
    }
}

#[test]
fn published_shares_are_those_of_the_residents_at_the_start() {
    let ran = run(&network_only().path().join("scenario.toml"), 4);
    let (block, district) = (ran.block("definitions"), ran.plan.catalogue.areas());
    let old = ran.column(ran.block("need"), "people_60_plus", district, 0);
    for (metric, share) in [
        ("census_cannot_care_for_self", 0.0235),
        ("charls_level_1", 0.078),
        ("charls_level_3", 0.172),
        ("survey_2015", 0.183),
    ] {
        for (people, old) in ran.column(block, metric, district, 0).iter().zip(&old) {
            assert!((people / old - share).abs() < 1e-5, "{metric}: {}", people / old);
        }
    }
}

#[test]
fn the_table_is_shifted_to_the_definition_that_is_named() {
    let folder = network_with(|text| {
        let own = text.lines().find(|line| line.starts_with("definition = ")).unwrap().to_owned();
        let level = text.lines().find(|line| line.starts_with("need_odds_factor = ")).unwrap().to_owned();
        text.replace(&own, "definition = \"charls_level_2\"")
            .replace("counts_as_need = \"moderate\"\n", "")
            .replace(&level, "need_odds_factor = 1")
    });
    let ran = run(&folder.path().join("scenario.toml"), 40);
    let (block, district) = (ran.block("need"), ran.plan.catalogue.areas());
    assert_ratio(
        "in need",
        &ran.column(block, "people_in_need", district, 0),
        &ran.column(block, "people_60_plus", district, 0),
        0.138,
    );
    let notes: Vec<String> = ran.plan.notes().into_iter().map(|note| note.en.into()).collect();
    assert!(notes.iter().any(|note| note.contains("13.80% of 60+")), "{notes:?}");
}

/// The faults of the network with something changed.
fn faults(change: impl Fn(String) -> String) -> (bool, Vec<String>) {
    let folder = network_with(change);
    let loaded = load(&folder.path().join("scenario.toml"), Request::default());
    (loaded.plan.is_some(), loaded.diagnostics.list.iter().map(|d| format!("{} {}", d.code, d.message.en)).collect())
}

fn with(keys: &str) -> impl Fn(String) -> String {
    move |text| text.replace("[elderly]\n", &format!("[elderly]\n{keys}\n"))
}

#[test]
fn faults_of_one_key_hide_none_of_another() {
    let spoilt = |text: String| {
        let keys = "max_registrations = 0\nmax_overflow_km = -1\nderegistration_lag_days = 400\n\
                    prices = { basic = 0.5, ordinary = 0.1, premium = 0.1 }\n\
                    entitled = { registered_only = true, severe = 1.4 }\ntransitions = \"hazards\"";
        let text = with(keys)(text).replace(
            "[elderly.services.short_stay]\n",
            "[elderly.services.short_stay]\nhours = 999\ndays_open = 999\nattendance = 3\npatience_months = -1\n",
        );
        let people = text.replace("[people.housing]\n", "[people.housing]\noverdispersion_cv = -1\n");
        people
            + "\n[people.registration.ages.\"0+\"]\nshare = 7\n\
               \n[elderly.queues.home]\nrequests_per_year = -1\nplaces = 1\nstay_months = 1\npatience_months = -3\n\
               warm_up_years = -2\n"
    };
    let (sound, said) = faults(spoilt);
    assert!(!sound);
    let named = [
        "max_registrations",
        "max_overflow_km",
        "deregistration_lag_days",
        "severe",
        "hours",
        "days_open",
        "attendance",
    ];
    for key in named.into_iter().chain(["share", "requests_per_year", "warm_up_years", "overdispersion_cv"]) {
        assert!(said.iter().any(|message| message.contains(&format!("`{key}`"))), "{key} is not told of: {said:#?}");
    }
    for part in ["the three shares add to 0.700", "do not go together"] {
        assert!(said.iter().any(|message| message.contains(part)), "{part} is not told of: {said:#?}");
    }
    assert_eq!(said.iter().filter(|message| message.contains("`patience_months`")).count(), 2, "{said:#?}");
}

#[test]
fn a_misspelt_definition_and_unfitting_keys_are_refused() {
    let own = |text: String| {
        let own = text.lines().find(|line| line.starts_with("definition = ")).unwrap().to_owned();
        text.replace(&own, "definition = \"charls_level1\"")
    };
    let (sound, said) = faults(own);
    assert!(!sound && said.iter().any(|m| m.starts_with("unknown-choice")), "{said:?}");
    let named = |text: String| {
        let own = text.lines().find(|line| line.starts_with("definition = ")).unwrap().to_owned();
        text.replace(&own, "definition = \"survey_2015\"")
    };
    let (sound, said) = faults(named);
    assert!(!sound && said.iter().any(|m| m.contains("counts people from mild on")), "{said:?}");
    let (sound, said) = faults(with("transitions = \"yearly\""));
    assert!(!sound && said.iter().any(|m| m.contains("transition_table")), "{said:?}");
    let (sound, said) = faults(with("prices = { basic = 0.5, ordinary = 0.3, premium = 0.1 }"));
    assert!(!sound && said.iter().any(|m| m.contains("add to 0.900")), "{said:?}");
}

#[test]
fn more_areas_than_a_line_holds_are_refused_and_not_a_panic() {
    for (keys, most) in [("", 1_023), ("prices = { basic = 1, ordinary = 0, premium = 0 }", 340)] {
        let folder = network_with(with(keys));
        let path = folder.path().join("data/areas.csv");
        let mut areas = std::fs::read_to_string(&path).unwrap();
        (0..=most).for_each(|n| areas += &format!("more_{n},甲,A,1,1\n"));
        std::fs::write(&path, areas).unwrap();
        let loaded = load(&folder.path().join("scenario.toml"), Request::default());
        let said = format!("up to {most} areas");
        assert!(loaded.plan.is_none() && loaded.diagnostics.list.iter().any(|d| d.message.en.contains(&said)));
    }
}

/// A table of transitions of two age groups and both sexes, the same rows for all.
fn transition_table(rows: &[[f64; 5]; 4], years: u32) -> String {
    let mut text = String::new();
    for sex in ["male", "female"] {
        for age in ["60-79", "80+"] {
            for (from, row) in ["none", "mild", "moderate", "severe"].iter().zip(rows) {
                let cells = row.map(|cell| cell.to_string()).join(",");
                text.push_str(&format!("{sex},{age},{from},{cells},{years}\n"));
            }
        }
    }
    text
}

const HEADING: &str = "sex,age,from,none,mild,moderate,severe,dead,years\n";

/// The network with a table of transitions: whether it can be used, what is said, and the folder.
fn with_table(source: &str, table: &str) -> (Option<Plan>, Vec<String>, tempfile::TempDir) {
    let folder = network_with(with(&format!("transitions = \"{source}\"\ntransition_table = \"data/moves.csv\"")));
    std::fs::write(folder.path().join("data/moves.csv"), format!("{HEADING}{table}")).unwrap();
    let loaded = load(&folder.path().join("scenario.toml"), Request::default());
    let said = loaded.diagnostics.list.iter().map(|d| format!("{} {}", d.code, d.message.en)).collect();
    (loaded.plan, said, folder)
}

#[test]
fn yearly_matrices_are_looked_at_before_they_are_believed() {
    // Comes from rates: every level can be reached from every other within a year.
    let sound = [
        [0.930, 0.045, 0.010, 0.003, 0.012],
        [0.150, 0.740, 0.070, 0.015, 0.025],
        [0.030, 0.090, 0.720, 0.110, 0.050],
        [0.008, 0.020, 0.070, 0.752, 0.150],
    ];
    let (plan, said, _folder) = with_table("yearly", &transition_table(&sound, 1));
    let plan = plan.unwrap_or_else(|| panic!("{said:?}"));
    assert!(said.is_empty(), "{said:?}");
    let notes: Vec<String> = plan.notes().into_iter().map(|note| note.en.into()).collect();
    assert!(notes.iter().any(|note| note.contains("all 4 yearly matrices come from rates")), "{notes:?}");

    // A way by mild that is never gone within a year: near to rates, so it is used with a warning.
    let mut near = sound;
    near[0] = [0.945, 0.043, 0.0, 0.0, 0.012];
    let (plan, said, _folder) = with_table("yearly", &transition_table(&near, 1));
    assert!(plan.is_some() && said.iter().any(|m| m.contains("have no valid rates")), "{said:?}");

    // More leave than stay and nobody returns: no rates come near.
    let mut far = sound;
    far[0] = [0.2, 0.0, 0.0, 0.788, 0.012];
    far[3] = [0.8, 0.0, 0.0, 0.05, 0.15];
    let (plan, said, _folder) = with_table("yearly", &transition_table(&far, 1));
    assert!(plan.is_none() && said.iter().any(|m| m.contains("no rates of change")), "{said:?}");

    // Three years that do not follow from one.
    let mut slow = sound;
    slow[0] = [0.925, 0.048, 0.012, 0.003, 0.012];
    let both = transition_table(&sound, 1) + &transition_table(&slow, 3);
    let (plan, said, _folder) = with_table("yearly", &both);
    assert!(plan.is_some() && said.iter().any(|m| m.contains("differ from the matrix of 3 years")), "{said:?}");

    let overlapping = transition_table(&sound, 1).replace("80+", "75+");
    let (plan, said, _folder) = with_table("yearly", &overlapping);
    assert!(plan.is_none() && said.iter().any(|m| m.contains("age 75 is in two groups")), "{said:?}");

    let mut wrong = sound;
    wrong[1][4] = 0.5;
    let (plan, said, _folder) = with_table("yearly", &transition_table(&wrong, 1));
    assert!(plan.is_none() && said.iter().any(|m| m.contains("add to")), "{said:?}");
}

#[test]
fn published_and_own_rates_run_and_keep_every_resident() {
    let rates = [
        [0.0, 0.05, 0.006, 0.001, 0.01],
        [0.15, 0.0, 0.08, 0.01, 0.02],
        [0.02, 0.1, 0.0, 0.13, 0.05],
        [0.0, 0.01, 0.08, 0.0, 0.17],
    ];
    let (plan, said, own) = with_table("hazards", &transition_table(&rates, 1));
    assert!(plan.is_some(), "{said:?}");
    let published = network_with(with("transitions = \"fu_sherris_xu_2021\""));
    for folder in [own, published] {
        let ran = run(&folder.path().join("scenario.toml"), 4);
        let (block, last) = (ran.block("need"), ran.plan.catalogue.years() - 1);
        for row in 0..=ran.plan.catalogue.areas() {
            let column = |metric: &str| ran.column(block, metric, row, last);
            let parts = ["need_mild", "need_moderate", "need_severe"].map(column);
            for (i, old) in column("people_60_plus").iter().enumerate() {
                let in_need: f64 = parts.iter().map(|part| part[i]).sum();
                assert!(in_need > 0.02 * old && in_need < 0.6 * old, "{in_need} of {old}");
            }
        }
    }
}

#[test]
fn prices_that_everybody_can_pay_change_nothing() {
    let plain = run(&network_only().path().join("scenario.toml"), 4);
    let priced =
        run(&network_with(with("prices = { basic = 0, ordinary = 0, premium = 1 }")).path().join("scenario.toml"), 4);
    assert_same(&plain, &priced);
}

#[test]
fn who_can_pay_only_basic_prices_gets_only_basic_beds() {
    let folder = network_with(with("prices = { basic = 1, ordinary = 0, premium = 0 }"));
    let path = folder.path().join("data/elderly_supply.csv");
    let supply: String = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| match line {
            line if line.starts_with('#') => format!("{line}\n"),
            line if line.starts_with("facility,") => format!("{line},price_class\n"),
            line if line.contains(",long_stay_general,") => format!("{line},premium\n"),
            line => format!("{line},\n"),
        })
        .collect();
    std::fs::write(path, supply).unwrap();
    let ran = run(&folder.path().join("scenario.toml"), 4);
    let sums = |stage: &str, metric: &str| ran.sums(stage, metric).iter().sum::<f64>();
    assert_eq!(sums("long_stay_general", "served"), 0.0);
    assert!(sums("long_stay_general", "requests") > 0.0);
    assert_eq!(sums("long_stay_general", "price_excluded"), sums("long_stay_general", "queued_on_arrival"));
    assert!(sums("long_stay_nursing", "served") > 0.0);
    assert_eq!(sums("long_stay_nursing", "price_excluded"), 0.0);
}

#[test]
fn entitlement_that_stays_as_it_is_changes_nothing_and_more_of_it_raises_use_in_proportion() {
    let plain = run(&network_only().path().join("scenario.toml"), 2);
    let factor = |text: String| {
        text.replace("[elderly.services.home_visits]\n", "[elderly.services.home_visits]\nbenefit_use_ratio = 3\n")
    };
    let same = network_with(|text| factor(with("entitled = { severe = 0.4 }")(text)));
    assert_same(&plain, &run(&same.path().join("scenario.toml"), 2));
    let more =
        network_with(|text| factor(with("entitled = { severe = { by_year = { 2024 = 0.4, 2034 = 0.9 } } }")(text)));
    let more = run(&more.path().join("scenario.toml"), 2);
    let (block, district) = (plain.block("home_visits"), plain.plan.catalogue.areas());
    let last = plain.plan.catalogue.years() - 1;
    for year in [0, last] {
        let of = |ran: &Ran| ran.column(block, "expected_users", district, year);
        for (before, after) in of(&plain).iter().zip(of(&more)) {
            // Only people with severe need use more: 1.8 times as much at 90 % against 40 %.
            assert!(if year == 0 { *before == after } else { after > 1.02 * before && after < 1.6 * before });
        }
    }
}

#[test]
fn distance_moves_use_about_and_keeps_the_districts() {
    let plain = run(&network_only().path().join("scenario.toml"), 2);
    // Day places of all but one subdistrict are closed.
    let far =
        |text: String| text.replace("[elderly.services.day]\n", "[elderly.services.day]\ndistance_decay_km = 2\n");
    let folder = network_with(far);
    let path = folder.path().join("data/elderly_supply.csv");
    let supply = std::fs::read_to_string(&path).unwrap();
    let kept = supply.lines().filter(|line| !line.contains(",day,") || line.contains(",yaojia,"));
    std::fs::write(&path, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let ran = run(&folder.path().join("scenario.toml"), 2);
    let (block, areas) = (ran.block("day"), ran.plan.catalogue.areas());
    let yaojia = ran.plan.site.areas.iter().position(|area| area.id == "yaojia").unwrap();
    let use_of = |ran: &Ran, row: usize| ran.column(block, "expected_users", row, 0)[0];
    assert!((use_of(&plain, areas) / use_of(&ran, areas) - 1.0).abs() < 1e-4);
    let scale = use_of(&ran, yaojia) / use_of(&plain, yaojia);
    for area in 0..areas {
        let kilometres = ran.plan.site.kilometres(area, yaojia);
        let factor = use_of(&ran, area) / use_of(&plain, area) / scale;
        assert!((factor - (-kilometres / 2.0).exp()).abs() < 1e-3 * factor, "{area}: {factor} at {kilometres} km");
        let covered = ran.column(block, "circle_covered", area, 0)[0];
        assert_eq!(covered, f64::from(u8::from(kilometres <= 1.0)), "{area}");
    }
}

#[test]
fn people_from_hospital_are_counted_go_first_and_their_waits_are_told() {
    // So few beds that there is a list.
    let folder = network_only();
    let path = folder.path().join("data/elderly_supply.csv");
    let supply = std::fs::read_to_string(&path).unwrap();
    let kept = supply.lines().filter(|line| !line.contains(",long_stay_nursing,") || line.contains(",zhiyuan,"));
    std::fs::write(&path, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let plan = load(&path.parent().unwrap().parent().unwrap().join("scenario.toml"), Request::default()).plan.unwrap();
    let areas = plan.site.areas.len();
    let mut cells = vec![0; plan.catalogue.cells()];
    let mut draw = plan.parameters.blank();
    plan.parameters.draw(1, 0, &mut draw);
    let chance = RngSource::new(1, 0);
    let living = population::PeopleContext { draw: &draw, path: chance, chance };
    let mut people = plan.people.as_ref().unwrap().state();
    people.open(&living);
    let mut state = plan.services[0].1.state();
    let mut signals = ServiceSignals::default();
    let context = ReplicationContext { site: &plan.site, draw: &draw, chance };
    let mut record = Record::new(&plan.catalogue, &mut cells);
    let mut waits = Vec::new();
    for index in 0..plan.site.years() {
        people.advance(&living, index);
        let view = people.view();
        let Some(reported) = view.reported else { continue };
        if reported == 0 {
            state.open(&context, &view);
        }
        signals.step_down = if reported == 0 { Vec::new() } else { vec![3; areas] };
        state.serve(&context, &view, &mut signals, &mut record);
        assert_eq!(signals.step_down_wait_days_next.len(), areas);
        waits.push(signals.step_down_wait_days_next.iter().sum::<f64>() / areas as f64);
        signals.turn();
    }
    record.close();
    let block =
        plan.catalogue.blocks().find(|(_, b)| b.service == "elderly" && b.stage == "long_stay_nursing").unwrap().0;
    let value =
        |metric: &str, year: usize| record.get(block, plan.catalogue.metric(block, metric).unwrap(), areas, year);
    let (mut hospital, mut all) = (0.0, 0.0);
    for (year, days) in waits.iter().enumerate() {
        assert_eq!(value("from_hospital", year), if year == 0 { 0.0 } else { 3.0 * areas as f64 });
        let fates = ["served", "waiting", "reneged_in_time", "outside", "unmet"].map(|metric| value(metric, year));
        assert_eq!(value("demand", year), fates.iter().sum::<f64>());
        hospital += days;
        all += 365.0 / 12.0 * value("mean_wait_months", year);
    }
    assert_eq!(waits[0], 0.0);
    assert!(hospital > 0.0 && hospital < 0.5 * all, "from hospital {hospital}, all {all}");
}

fn civicap(arguments: &[&str]) -> std::process::Output {
    assert_cmd::Command::cargo_bin("civicap").unwrap().args(arguments).args(["--lang", "en"]).output().unwrap()
}

/// A text in which lines of one section are replaced.
fn take_up_of(text: &str, service: &str, take_up: &str) -> String {
    let mut inside = false;
    let lines = text.lines().map(|line| {
        if line.starts_with('[') {
            inside = line == format!("[elderly.services.{service}]");
        }
        if inside && line.starts_with("take_up = ") { format!("take_up = {take_up}\n") } else { format!("{line}\n") }
    });
    lines.collect()
}

#[test]
fn take_up_put_into_a_scenario_comes_out_of_the_fit() {
    // What would be counted in a district whose take-up is 1.3 for nursing beds and, by subdistrict, about 0.7 for home
    // visits: five years of it, so that the error of counting is small.
    let truth = network_with(|text| {
        let text = take_up_of(&text, "long_stay_nursing", "1.3");
        take_up_of(&text, "home_visits", "{ value = 0.7, scale = \"log\", between_areas_sd = 0.2 }")
    });
    let ran = run(&truth.path().join("scenario.toml"), 40);
    let mut csv = "# source: made by the test\n# status: derived\nservice,area,year,places,in_use,waiting\n".to_owned();
    let areas = ran.plan.catalogue.areas();
    let mean = |stage: &str, metric: &str, row: usize, year: usize| {
        let column = ran.column(ran.block(stage), metric, row, year);
        column.iter().sum::<f64>() / column.len() as f64
    };
    for year in 0..2 {
        let of = |metric: &str| mean("long_stay_nursing", metric, areas, year);
        let calendar = ran.plan.site.start + year as i32;
        csv +=
            &format!("long_stay_nursing,,{calendar},{},{},{}\n", of("places"), of("in_use"), of("mean_queue_length"));
    }
    for (row, area) in ran.plan.site.areas.iter().enumerate() {
        // One path of the differences between subdistricts is what a district sees.
        let seen = ran.column(ran.block("home_visits"), "demand", row, 0);
        csv += &format!("home_visits,{},,,{},\n", area.id, 0.5 * (seen[0] + seen[1]));
    }
    let folder = network_only();
    let (table, out) = (folder.path().join("use.csv"), folder.path().join("fit"));
    std::fs::write(&table, csv).unwrap();
    let scenario = folder.path().join("scenario.toml");
    let paths = [&table, &scenario, &out].map(|path| path.to_str().unwrap());
    let done = civicap(&["calibrate", "elderly", paths[0], "--scenario", paths[1], "--out", paths[2]]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let fragment = std::fs::read_to_string(out.join("elderly-fit.toml")).unwrap();
    let value = |service: &str, key: &str| -> f64 {
        let section = fragment.split(&format!("[elderly.services.{service}]")).nth(1).unwrap();
        let number = section.split(&format!("{key} = ")).nth(1).unwrap();
        number.split([',', ' ', '}']).next().unwrap().parse().unwrap()
    };
    // Beds: 2,900 people are counted over two years, and the truth is a mean of 40 paths.
    let nursing = value("long_stay_nursing", "value");
    assert!((nursing / 1.3 - 1.0).abs() < 0.06, "{fragment}");
    // Home visits: the level of one path of 13 subdistricts with a spread of 0.2.
    let visits = value("home_visits", "value");
    assert!((visits / 0.7).ln().abs() < 4.0 * 0.2 / 13.0_f64.sqrt(), "{fragment}");
    assert!((0.08..0.4).contains(&value("home_visits", "between_areas_sd")), "{fragment}");

    // The fragment is a piece of a scenario: a variant with it can be checked.
    let variant = format!("extends = \"scenario.toml\"\n{fragment}");
    std::fs::write(folder.path().join("fitted.toml"), variant).unwrap();
    let checked = civicap(&["check", folder.path().join("fitted.toml").to_str().unwrap()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let again = civicap(&["calibrate", "elderly", paths[0], "--scenario", paths[1], "--out", paths[2]]);
    assert_eq!(again.status.code(), Some(2), "an earlier fragment is not replaced unasked");
}

#[test]
fn figures_of_use_that_contradict_each_other_are_refused() {
    let folder = network_only();
    let (table, scenario) = (folder.path().join("use.csv"), folder.path().join("scenario.toml"));
    for (rows, says) in [
        ("day,,100\nday,yaojia,40\n", "both by area and for the district"),
        ("day,,100\nday,,90\n", "counted twice"),
        ("dya,,100\n", "does not know «dya»"),
        ("day,atlantis,100\n", "does not know"),
        ("", "no figures"),
        ("day,,100,2024.5\n", "is not a whole number"),
        ("day,,100,1999\n", "is not a number in"),
    ] {
        let heading = if rows.contains(",100,") { "service,area,in_use,year" } else { "service,area,in_use" };
        std::fs::write(&table, format!("{heading}\n{rows}")).unwrap();
        let done =
            civicap(&["calibrate", "elderly", table.to_str().unwrap(), "--scenario", scenario.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && said.contains(says), "{rows}: {said}");
    }
    let done = civicap(&["calibrate", "elderly", table.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2));
    let textbook = textbook("erlang-a");
    let done = civicap(&["calibrate", "elderly", table.to_str().unwrap(), "--scenario", textbook.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2));
}
