//! `civicap need`: on systems with an exact answer it is that answer, and never one less; what is written is what was tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use assert_cmd::Command;
use civicap::metric::CellAddress;
use civicap::need::{Base, Grown, Need, Needed, Trials, find};
use civicap::queue::formulae::{erlang_a, erlang_b};
use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};

/// A scenario in a folder of its own.
struct Case {
    folder: tempfile::TempDir,
    plan: Plan,
    base: Base,
}

impl Case {
    fn new(scenario: &str, tables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scenario.toml");
        fs::write(&path, format!("format = 2\nlabel = \"x\"\n{scenario}")).unwrap();
        for (name, text) in tables {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let loaded = load(&path, Request::default());
        let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics.list));
        let base = Base::new(&path, "need", &plan);
        Self { folder, plan, base }
    }

    fn need(&self, replications: usize) -> Need {
        let options = RunOptions { replications, seed: 7, threads: 0 };
        let stop = AtomicBool::new(false);
        find(&mut Trials::new(&self.plan, &self.base, options, &(), &stop)).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("scenario.toml")
    }

    fn row<'n>(&self, need: &'n Need, stage: &str) -> &'n Needed {
        let of = |row: &&Needed| self.plan.catalogue.block(row.target.block).stage == stage;
        need.rows.iter().find(of).unwrap()
    }
}

/// The least number of places that a formula allows.
fn least(allowed: impl Fn(u32) -> bool) -> u32 {
    (0..100_000).find(|places| allowed(*places)).unwrap()
}

/// A ward whose promise is about refusals alone. Half of the years keep it when its mean does: stays are short, so that a year
/// tells the mean from the next bed's.
fn loss_ward(load: f64, beds: u32, refused: f64, arrivals: f64) -> String {
    let stay = load / arrivals;
    format!(
        "[horizon]\nstart = 2024\nend = 2024\n[health.service_target]\nrefused_share_at_most = {refused}\n\
         crowded_days_at_most = 1\nconfidence = 0.5\n\
         [health.wards.ward]\narrivals_per_day = {arrivals}\nbeds = {beds}\nlos_distribution = \"exponential\"\n\
         los_mean_days = {stay}\nwaiting = \"loss\"\n"
    )
}

#[test]
fn least_beds_of_a_loss_ward_are_those_of_erlang() {
    // More arrivals where theory gives two numbers that lie close to the promise.
    for (load, refused, arrivals) in [
        (8.0, 0.01, 100.0),
        (8.0, 0.02, 50.0),
        (8.0, 0.05, 200.0),
        (27.0, 0.01, 100.0),
        (27.0, 0.02, 100.0),
        (27.0, 0.05, 100.0),
        (100.0, 0.01, 900.0),
        (100.0, 0.02, 300.0),
        (100.0, 0.05, 150.0),
    ] {
        let exact = least(|beds| erlang_b(load, beds) <= refused);
        let case = Case::new(&loss_ward(load, exact - 2, refused, arrivals), &[]);
        let need = case.need(24);
        assert_eq!(case.row(&need, "ward").units(), Some(2), "load {load}, {refused} refused, {exact} beds");
    }
}

#[test]
fn least_places_of_a_queue_whose_members_give_up_are_those_of_palm() {
    for may_leave in [0.3, 0.1, 0.02] {
        let (stay, patience) = (12.0 / 0.05, 12.0 / 0.057);
        let exact = least(|places| places > 0 && erlang_a(7_800.0, places, stay, patience).lost <= may_leave);
        let case = Case::new(
            &format!(
                "[horizon]\nstart = 2024\nend = 2024\n[elderly.service_target]\nunmet_share_at_most = {may_leave}\n\
                 confidence = 0.5\n[elderly.queues.home]\nrequests_per_year = 7800\nplaces = {}\nstay_months = 0.05\n\
                 patience_months = 0.057\nwarm_up_years = 1\n",
                exact - 2
            ),
            &[],
        );
        let need = case.need(40);
        assert_eq!(case.row(&need, "home").units(), Some(2), "{may_leave} may leave, {exact} places");
    }
}

#[test]
fn beds_of_a_ward_that_overflows_are_the_fewest_of_both_together() {
    let exact = least(|beds| erlang_b(8.0, beds) <= 0.02);
    let ward = "los_distribution = \"exponential\"\nlos_mean_days = 0.08\n";
    let own = exact - 4 - 2;
    let case = Case::new(
        &format!(
            "[horizon]\nstart = 2024\nend = 2024\n[health.service_target]\nrefused_share_at_most = 0.02\n\
             crowded_days_at_most = 1\nconfidence = 0.5\n\
             [health.wards.own]\narrivals_per_day = 100\nbeds = {own}\n{ward}overflow_to = [\"shared\"]\n\
             [health.wards.shared]\narrivals_per_day = 0\nbeds = 4\n{ward}"
        ),
        &[],
    );
    let need = case.need(24);
    assert_eq!(case.row(&need, "own").units(), Some(2));
    assert_eq!(case.row(&need, "shared").units(), Some(0), "nobody asks it first");
}

const SCHOOLS: &str = "facility,area,stage,sector,classes\nold,district,primary,public,24\n";

/// A primary school with four classes of 45 in each grade, and as many entrants a year as is said.
fn school(entrants: &str, more: &str) -> String {
    format!(
        "[horizon]\nstart = 2024\nend = 2036\n{more}\n[education]\nsupply = \"schools.csv\"\n\
         [education.service_target]\nunmet_share_at_most = 0\nstretched_share_at_most = 0\n\
         [education.stages.primary]\nentrants_per_year = {entrants}\nentrants_by_chance = false\nexisting_capacity_factor = 1\n"
    )
}

#[test]
fn classes_for_a_known_intake_are_those_that_hold_it() {
    for (entrants, lumps) in [(180, 0), (181, 1), (225, 1), (226, 2), (270, 2), (271, 3)] {
        let case = Case::new(&school(&entrants.to_string(), ""), &[("schools.csv", SCHOOLS)]);
        let need = case.need(4);
        let row = case.row(&need, "primary");
        // One class of 45 in each of six grades.
        assert_eq!(row.units(), Some(6 * lumps), "{entrants} entrants");
        if lumps > 0 {
            assert!(row.size.with.iter().all(|kept| kept.share == 1.0));
            let less = row.size.with_one_less.as_ref().unwrap();
            assert!(less.iter().any(|kept| kept.share == 0.0), "one lump less is one too few for {entrants}");
        }
    }
}

#[test]
fn a_lump_of_the_scenario_is_what_is_built() {
    let building = "[building]\nlead_time_months = 30\n[building.stages.primary]\nlump = 12\n";
    let case = Case::new(&school("181", building), &[("schools.csv", SCHOOLS)]);
    let need = case.need(2);
    assert_eq!(case.row(&need, "primary").units(), Some(12));
}

#[test]
fn the_latest_opening_is_that_of_the_first_year_that_needs_it_less_the_delay() {
    let step = "{ by_year = { 2024 = 180, 2030 = 180, 2031 = 225, 2036 = 225 } }";
    for (delay, opens) in [(0, 2031), (4, 2030), (12, 2030), (13, 2029)] {
        let case =
            Case::new(&school(step, &format!("[openings]\ndelay_months = {delay}")), &[("schools.csv", SCHOOLS)]);
        let need = case.need(2);
        let opening = case.row(&need, "primary").opening.as_ref().unwrap();
        assert_eq!((opening.opens, opening.in_time), ((opens, 9), true), "{delay} months late");
        assert_eq!(opening.decide, (opens - 2, 9), "two years to build");
        assert_eq!((opening.needed, opening.kept_from), ((2031, 2036), Some(2024)));
    }
}

#[test]
fn what_no_opening_can_mend_any_more_is_told() {
    let rooms_of_a_grade = format!("{}flexible_classrooms = false\n", school("225", ""));
    let case = Case::new(&rooms_of_a_grade, &[("schools.csv", SCHOOLS)]);
    let need = case.need(2);
    let opening = case.row(&need, "primary").opening.as_ref().unwrap();
    // From 2026 on one grade more a year has its class; the sixth in 2031.
    assert!(!opening.in_time && opening.opens == (2026, 9), "{opening:?}");
    assert_eq!(opening.kept_from, Some(2031));
}

#[test]
fn what_building_cannot_bring_is_not_attainable() {
    let stage = "staffed_share = 0\n";
    let case = Case::new(&format!("{}{stage}", school("200", "")), &[("schools.csv", SCHOOLS)]);
    let need = case.need(2);
    let row = case.row(&need, "primary");
    assert_eq!((row.units(), row.size.at_most()), (None, 0.0));
}

#[test]
fn the_written_plan_is_what_was_tried_and_its_places_move_nobody_else() {
    let ward = "[health.wards.ward]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 5\n";
    let case = Case::new(&format!("{}{ward}", school("226", "")), &[("schools.csv", SCHOOLS)]);
    let need = case.need(16);
    let variant = case.base.variant(
        Grown { plan: &case.plan, points: &need.points, additions: &need.standing },
        "standing",
        &case.plan.label,
    );
    fs::create_dir(&case.base.folder).unwrap();
    let path = case.base.folder.join("standing.toml");
    fs::write(&path, &variant.scenario).unwrap();
    variant.tables.iter().for_each(|(name, text)| fs::write(case.base.folder.join(name), text).unwrap());
    let loaded = load(&path, Request::default());
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics.list));
    let options = RunOptions { replications: 16, seed: 7, threads: 0 };
    let stop = AtomicBool::new(false);
    let results = simulate(&plan, options, &(), &stop).unwrap();
    for (stage, kept) in
        [("primary", &case.row(&need, "primary").size.with), ("ward", &case.row(&need, "ward").size.with)]
    {
        let (block, _) = plan.catalogue.blocks().find(|(_, block)| block.stage == stage).unwrap();
        let metric = plan.catalogue.metric(block, "target_missed").unwrap();
        let mut column = Vec::new();
        for (year, kept) in kept.iter().enumerate() {
            let at = CellAddress { block, metric, row: plan.catalogue.district(block), year };
            results.column(&plan.catalogue, at, &mut column);
            assert_eq!(1.0 - column.iter().sum::<f64>() / 16.0, kept.share, "{stage}, {}", kept.year);
        }
    }
    // Requests are those of the plan as it was, one by one.
    let before = simulate(&case.plan, options, &(), &stop).unwrap();
    let (block, _) = plan.catalogue.blocks().find(|(_, block)| block.stage == "ward").unwrap();
    let demand = plan.catalogue.metric(block, "demand").unwrap();
    let of = |plan: &Plan, results: &civicap::run::Results| {
        let mut column = Vec::new();
        let at = CellAddress { block, metric: demand, row: plan.catalogue.district(block), year: 9 };
        results.column(&plan.catalogue, at, &mut column);
        column
    };
    assert_eq!(of(&plan, &results), of(&case.plan, &before));
}

#[test]
fn further_rows_are_rows_of_the_table() {
    let one = format!("{SCHOOLS}new,district,primary,public,6\n");
    let together = Case::new(&school("226", ""), &[("schools.csv", &one)]);
    // Other columns in another order.
    let more = "classes,sector,facility,stage,area,class_size\n6,public,new,primary,district,\n";
    let scenario = school("226", "")
        .replace("supply = \"schools.csv\"", "supply = \"schools.csv\"\nadditional_supply = \"more.csv\"");
    let apart = Case::new(&scenario, &[("schools.csv", SCHOOLS), ("more.csv", more)]);
    let options = RunOptions { replications: 4, seed: 3, threads: 0 };
    let run = |plan: &Plan| simulate(plan, options, &(), &AtomicBool::new(false)).unwrap().by_replication();
    assert_eq!(run(&together.plan), run(&apart.plan));
    // What the table has already is not added twice.
    fs::write(apart.folder.path().join("more.csv"), SCHOOLS).unwrap();
    let loaded = load(&apart.path(), Request::default());
    assert!(loaded.plan.is_none() && loaded.diagnostics.errors == 1, "{:?}", loaded.diagnostics.list);
    // A plan found on top of it keeps its rows.
    fs::write(apart.folder.path().join("more.csv"), more).unwrap();
    let need = apart.need(2);
    let variant = apart.base.variant(
        Grown { plan: &apart.plan, points: &need.points, additions: &need.dated },
        "dated",
        &apart.plan.label,
    );
    assert!(variant.tables[0].1.contains("\n6,public,new,primary,district,"), "{}", variant.tables[0].1);
}

#[test]
fn bad_terms_of_building_are_faults_with_a_remedy() {
    let building = "[building.stages.primry]\nlump = 12\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenario.toml");
    fs::write(folder.path().join("schools.csv"), SCHOOLS).unwrap();
    fs::write(&path, format!("format = 2\nlabel = \"x\"\n{}", school("181", building))).unwrap();
    let output = need(&path, &[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("primry") && said.contains("write one of: primary"), "{said}");
}

fn need(path: &Path, more: &[&str]) -> std::process::Output {
    Command::cargo_bin("civicap").unwrap().arg("need").arg(path).args(["--lang", "en"]).args(more).output().unwrap()
}

#[test]
fn the_command_leaves_plans_that_run_where_they_lie() {
    let case = Case::new(&school("226", ""), &[("schools.csv", SCHOOLS)]);
    let output = need(&case.path(), &["--replications", "4"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("12 classes") && said.contains("dated.toml"), "{said}");
    for name in ["need.csv", "need-curve.csv", "need.html", "need.xlsx", "standing.toml", "dated-education.csv"] {
        assert!(case.base.folder.join(name).is_file(), "{name}");
    }
    let out = case.folder.path().join("out");
    let mut run = Command::cargo_bin("civicap").unwrap();
    let plan = case.base.folder.join("standing.toml");
    run.arg("run").arg(&plan).args(["--replications", "4", "--lang", "en", "--out"]).arg(&out);
    let said = String::from_utf8(run.output().unwrap().stdout).unwrap();
    assert!(said.contains("meets demand"), "{said}");
    // Results are replaced only when that is asked for.
    assert_eq!(need(&case.path(), &["--replications", "4"]).status.code(), Some(2));
    let json = need(&case.path(), &["--replications", "4", "--overwrite", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let primary = &json["targets"][0];
    assert_eq!((primary["least_units"].as_u64(), primary["stage"].as_str()), (Some(12), Some("primary")));
}

#[test]
fn a_scenario_without_places_to_add_to_says_so() {
    let people =
        "[horizon]\nstart = 2024\nend = 2025\n[elderly.stations.day]\nenrolled = 10\nplaces = 12\nattendance = 0.5\n";
    let case = Case::new(people, &[]);
    let kept = case.need(4);
    assert_eq!(case.row(&kept, "day").units(), Some(0), "nothing is missing");
    let output = need(&case.path(), &["--replications", "4"]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("nothing is missing"));
}
