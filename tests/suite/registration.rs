//! Local registration: accounts of its own, totals that do not move, laws that are known, and what the services read of it.

use std::path::Path;

use civicap::population::PeopleState;
use civicap::population::process::exits::{ExitInputs, Exits};
use civicap::population::view::{AGES, MALE, People};
use civicap::run::ReplicationWorkspace;
use civicap::scenario::{Request, load};
use proptest::prelude::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::support::people::{Tables, World, context, exit_inputs, line, read, try_read};
use crate::support::plan::{plan, value};

/// How registration is in a district of which everything moves.
#[derive(Clone, Copy, Debug)]
struct Told {
    leaving_odds: f64,
    moving_odds: f64,
    share: f64,
    taking_up: f64,
    of_comers: f64,
    newborn: Option<f64>,
}

impl Told {
    fn text(self) -> String {
        let Self { leaving_odds, moving_odds, share, taking_up, newborn, .. } = self;
        let newborn = newborn.map_or(String::new(), |share| format!("newborn_registered_share = {share}"));
        format!(
            r#"
[people.registration]
areas = "odds.csv"
out_migration_odds = {{ value = {leaving_odds}, sd = 0.2, scale = "log", between_areas_sd = 0.2 }}
internal_migration_odds = {moving_odds}
{newborn}
[people.registration.ages.0-14]
share = {{ value = {share}, sd = 0.1, scale = "logit", between_areas_sd = 0.3 }}
hukou_acquisition_rate = {taking_up}
[people.registration.ages."15+"]
share = {share}
"#
        )
    }
}

/// The district, with groups or without.
fn district(areas: usize, early: bool, told: Option<Told>) -> (String, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..areas {
        for sex in ["male", "female"] {
            for (age, persons) in [("0-14", 60 + 30 * area), ("15-49", 300), ("50-84", 150), ("85+", 9)] {
                people += &format!("a{area},{sex},{age},{persons}\n");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|sex, age| 0.0006 * (1.0 + 0.2 * sex as f64) * (0.09 * age as f64).exp());
    tables.births();
    tables.moves(1.3, 2.0);
    tables.add("homes.csv", "area,year,dwellings,type\na0,2024,40,flat\na0,2026,10,flat\n");
    tables.add("odds.csv", "area,odds\na0,2.5\n");
    let counted = if early { "reference_date = 2023-08-15" } else { "" };
    let comers = told.map_or(String::new(), |told| format!("registered_share = {}", told.of_comers));
    let text = format!(
        r#"
[people]
table = "people.csv"
{counted}
small_area_uncertainty = {{ areas_sd = 0.1, ages_sd = 0.1 }}
deaths = {{ table = "deaths.csv" }}
births = {{ table = "births.csv", births_per_woman = {{ value = 3, sd = 0.1, scale = "log" }} }}
migration = {{ table = "moves.csv", destinations_concentration = 5 }}
[people.in_migration.jobs]
people_per_year = 120
overdispersion_cv = 0.3
{comers}
[people.in_migration.family]
people_per_year = 60
[people.renewal.old_town]
area = "a0"
year = 2024
people = 90
return_after_years = 2
[people.housing]
table = "homes.csv"
{comers}
[people.housing.types.flat]
household_size = 3
share_from_outside = 0.5
occupancy_schedule = [0.5, 0.4]
children_per_100 = [10, 10, 10, 10]
{}
"#,
        told.map_or(String::new(), Told::text)
    );
    (text, tables)
}

fn told() -> impl Strategy<Value = Told> {
    let odds = || prop_oneof![Just(1.0), 0.01..100.0];
    let share = || prop_oneof![Just(0.0), Just(1.0), 0.01..0.99];
    (odds(), odds(), share(), share(), share(), proptest::option::of(share())).prop_map(
        |(leaving_odds, moving_odds, share, taking_up, of_comers, newborn)| Told {
            leaving_odds,
            moving_odds,
            share: f64::clamp(share, 0.01, 0.99),
            taking_up,
            of_comers,
            newborn,
        },
    )
}

fn all(counts: &[u32]) -> i64 {
    counts.iter().map(|n| i64::from(*n)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_registered_have_accounts_of_their_own_and_are_never_more_than_everyone(
        areas in 1_usize..5, early: bool, told in told(), seed: u64,
    ) {
        let (text, tables) = district(areas, early, Some(told));
        let site = line(areas, 2024, 2024, 2028);
        let world = read(&text, tables.folder(), &site);
        let draw = world.draw(seed, 3);
        let context = context(&draw, seed, 3, 7);
        let mut state = world.model.state();
        state.open(&context);
        for year in 0..site.years() {
            state.advance(&context, year);
            prop_assert!(state.balances());
            let (everyone, own) = (state.view(), state.hukou().expect("groups"));
            let view = everyone.registered.expect("groups");
            for (own, all) in [(view.start, everyone.start), (view.end, everyone.end)] {
                prop_assert!(own.counts.iter().zip(&all.counts).all(|(own, all)| own <= all));
            }
            let flows = own.flows();
            let born: u32 = own.born().iter().flatten().sum();
            let came = i64::from(born) + all(&flows.arrived) + all(own.acquired());
            let went = all(&flows.died) + all(&flows.left);
            prop_assert_eq!(all(&view.end.counts), all(&view.start.counts) + came - went);
            prop_assert_eq!(all(&flows.moved_in), all(&flows.moved_out));
            for area in 0..areas {
                let at = |of: &[u32]| i64::from(civicap::population::Flows::total(of, area));
                let born: i64 = own.born()[area].iter().map(|n| i64::from(*n)).sum();
                let gained = born + at(&flows.arrived) + at(own.acquired()) + at(&flows.moved_in);
                let lost = at(&flows.died) + at(&flows.left) + at(&flows.moved_out);
                let of = |people: &People| i64::from(people.of_ages(area, 0..AGES));
                prop_assert_eq!(of(view.end), of(view.start) + gained - lost);
            }
        }
    }

    #[test]
    fn everyone_is_the_same_whether_registered_residents_are_told_apart_or_not(
        early: bool, told in told(), seed: u64,
    ) {
        let site = line(3, 2024, 2024, 2027);
        let run = |told| {
            let (text, tables) = district(3, early, told);
            let world = read(&text, tables.folder(), &site);
            let draw = world.draw(seed, 1);
            let context = context(&draw, seed, 1, 2);
            let mut state = world.model.state();
            state.open(&context);
            let mut years = Vec::new();
            for year in 0..site.years() {
                state.advance(&context, year);
                years.push((state.view().end.clone(), state.flows().clone(), state.view().births.to_vec()));
            }
            years
        };
        prop_assert!(run(Some(told)) == run(None));
    }
}

/// One area with men of one age only, of whom a share is registered; nobody is born, comes or goes within.
fn one_cell(men: u32, share: f64, more: &str) -> (World, Tables) {
    let mut tables = Tables::new();
    tables.add("people.csv", &format!("area,sex,age,persons\na0,male,40,{men}\n"));
    tables.deaths(|_, _| 0.05);
    tables.births();
    tables.moves(4.0, 0.0);
    let text = format!(
        r#"
[people]
table = "people.csv"
deaths = {{ table = "deaths.csv" }}
births = {{ table = "births.csv", births_per_woman = 0 }}
migration = {{ table = "moves.csv" }}
[people.registration]
{more}
[people.registration.ages."0+"]
share = {share}
"#
    );
    (read(&text, tables.folder(), &line(1, 2024, 2024, 2026)), tables)
}

/// The registered and everyone of the cell after so many years, in each of many replications.
fn after(world: &World, years: usize, runs: u32) -> Vec<(u32, u32)> {
    let draw = world.draw(1, 0);
    let mut state: PeopleState<'_> = world.model.state();
    let one = |run| {
        let context = context(&draw, 11, 0, run);
        state.open(&context);
        (0..years).for_each(|year| state.advance(&context, year));
        let view = state.view();
        let of = |people: &People| people.ages(0, MALE).iter().sum::<u32>();
        (of(view.registered.expect("groups").end), of(view.end))
    };
    (0..runs).map(one).collect()
}

/// Chi-square of counts 0 to the most against their masses, thin ones pooled; alpha 0.001.
fn follows(counts: &[u32], mass: impl Fn(u32) -> f64) {
    let (mut statistic, mut bins, mut seen, mut expected) = (0.0, 0, 0.0, 0.0);
    for k in 0..=*counts.iter().max().expect("counts") {
        seen += counts.iter().filter(|n| **n == k).count() as f64;
        expected += mass(k) * counts.len() as f64;
        if expected >= 15.0 {
            statistic += (seen - expected) * (seen - expected) / expected;
            (bins, seen, expected) = (bins + 1, 0.0, 0.0);
        }
    }
    let limit = ChiSquared::new(f64::from(bins)).expect("degrees").inverse_cdf(0.999);
    assert!(bins > 5 && statistic < limit, "chi-square {statistic:.1} over {bins} bins, limit {limit:.1}");
}

fn binomial_mass(n: u32, p: f64, k: u32) -> f64 {
    let (n, k) = (f64::from(n), f64::from(k));
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    (ways + k * p.ln() + (n - k) * (-p).ln_1p()).exp()
}

#[test]
fn registered_people_of_even_odds_are_independent_persons_like_all_others() {
    // Sixty of a hundred are registered: each is still there with the same probability, so that the registered by
    // themselves are binomial, and of those who are still there they are hypergeometric, whatever happened to whom.
    let (world, _tables) = one_cell(100, 0.6, "");
    let found = after(&world, 2, 20_000);
    let n = found.len() as f64;
    let kept = found.iter().map(|(_, all)| f64::from(*all)).sum::<f64>() / n / 100.0;
    let own: Vec<u32> = found.iter().map(|(own, _)| *own).collect();
    // The probability itself is known from the rates: men of 40 and 41 in the years 2024 and 2025.
    let (state, draw) = (&world.model, world.draw(1, 0));
    let survive = |slot: usize| {
        let mut exits = Exits::new(&state.migration);
        exits.prepare(&ExitInputs { can_move: false, ..exit_inputs(state, &draw, 0, 0) });
        (-exits.risk(MALE, slot).hazard).exp()
    };
    let p = survive(41) * survive(42);
    assert!((kept - p).abs() < 4.0 * (p * (1.0 - p) / 100.0 / n).sqrt(), "{kept} are kept, not {p}");
    follows(&own, |k| binomial_mass(60, p, k));
    let standard = |(own, all): &(u32, u32)| {
        let all = f64::from(*all);
        let spread = all * 0.24 * (100.0 - all) / 99.0;
        if spread > 0.0 { (f64::from(*own) - 0.6 * all) / spread.sqrt() } else { 0.0 }
    };
    let mean = found.iter().map(standard).sum::<f64>() / n;
    let variance = found.iter().map(standard).map(|z| z * z).sum::<f64>() / n;
    assert!(mean.abs() < 4.0 / n.sqrt(), "standardised mean {mean}");
    assert!((variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "standardised variance {variance}");
}

#[test]
fn the_more_others_leave_the_more_registered_people_stay() {
    let mean = |odds: &str| {
        let (world, _tables) = one_cell(200, 0.5, odds);
        let found = after(&world, 3, 400);
        found.iter().map(|(own, all)| f64::from(*own) / f64::from(*all)).sum::<f64>() / found.len() as f64
    };
    let [fewer, even, more] = ["out_migration_odds = 0.3", "", "out_migration_odds = 5"].map(mean);
    assert!(fewer + 0.05 < even && even + 0.05 < more, "{fewer} {even} {more}");
    assert!((even - 0.5).abs() < 0.02, "{even}");
}

#[test]
fn what_is_said_of_registration_must_be_whole_and_said_once() {
    let faults = |text: &str, tables: &Tables| {
        try_read(text, tables.folder(), &line(2, 2024, 2024, 2025)).err().expect("faults")
    };
    let told = Told { leaving_odds: 1.0, moving_odds: 1.0, share: 0.5, taking_up: 0.0, of_comers: 0.5, newborn: None };
    let (text, mut tables) = district(2, false, Some(told));
    tables.add("odds.csv", "area,odds\na0,2\na0,3\na9,1\n");
    let broken = text.replace("ages.\"15+\"", "ages.15-60").replace("ages.0-14", "ages.young");
    let found = faults(&broken, &tables);
    for said in ["`young` is no age group", "«a0» is given twice", "`area` does not know «a9»"] {
        assert!(found.contains(said), "{said} is not in {found}");
    }
    tables.add("odds.csv", "area,odds\n");
    for (ages, age) in [("ages.20+", 15), ("ages.10+", 10)] {
        let ages = format!("{}\"{}\"", &ages[..5], &ages[5..]);
        let found = faults(&text.replace("ages.\"15+\"", &ages), &tables);
        assert!(found.contains(&format!("no age group, or more than one, has age {age}")), "{found}");
    }
    let (plain, tables) = district(2, false, None);
    let found =
        faults(&plain.replace("overdispersion_cv = 0.3", "overdispersion_cv = 0.3\nregistered_share = 0.2"), &tables);
    assert!(found.contains("`registered_share` is given, but nobody else's registration is"), "{found}");
}

#[test]
fn the_textbook_town_has_the_registered_people_that_a_hand_computes() {
    let plan = plan("scenarios/textbook/registration.toml");
    let (mut scratch, mut cells, runs) = (ReplicationWorkspace::new(&plan), vec![0; plan.catalogue.cells()], 400);
    let mut sums = [0.0; 4];
    for run in 0..runs {
        scratch.replicate(5, run, &mut cells);
        let of = |metric, year| value(&plan, &cells, ("registration", metric), year);
        assert_eq!(of("registered", 0), 7_200.0);
        assert_eq!(of("without_group_quarters", 0), 12_000.0);
        let found =
            [of("hukou_acquired", 0), of("registered_births", 0), of("registered", 1), of("registered_share_6_11", 1)];
        sums.iter_mut().zip(found).for_each(|(sum, found)| *sum += found / f64::from(runs));
    }
    // 4,800 take it up with 0.1 each; of 105 births 0.62 are registered; by hand in the scenario.
    let n = f64::from(runs);
    for (found, (mean, variance)) in
        sums.into_iter().zip([(480.0, 432.0), (65.1, 65.3), (7_745.1, 500.0), (0.64, 0.09 * 0.4 / 1_200.0)])
    {
        assert!((found - mean).abs() < 4.0 * (variance / n).sqrt(), "{found}, not {mean}");
    }
}

#[test]
fn pupils_are_registered_as_the_residents_of_their_age_are() {
    let plan = plan("scenarios/textbook/registration.toml");
    let (mut scratch, mut cells) = (ReplicationWorkspace::new(&plan), vec![0; plan.catalogue.cells()]);
    for run in 0..20 {
        scratch.replicate(5, run, &mut cells);
        for year in 0..3 {
            let of = |metric| value(&plan, &cells, ("primary", metric), year);
            let (demand, registered, unmet) = (of("demand"), of("demand_registered"), of("unmet"));
            // Every child of 6 to 11 is a pupil. 0.6 are registered at first and 0.1 of the others take it up in a year: by the
            // end of the year that a September lies in, 1 - 0.4 x 0.9^(years + 1) are.
            let share = 1.0 - 0.4 * f64::powi(0.9, year as i32 + 1);
            assert_eq!(demand, 1_200.0);
            let error = 4.0 * f64::sqrt(1_200.0 * 0.25);
            assert!((registered - share * demand).abs() < error, "{registered} of {demand}, not {share}");
            assert!(of("unmet_registered") <= registered.min(unmet));
        }
    }
}

#[test]
fn people_and_a_stage_may_not_both_say_who_is_registered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook");
    let written = std::fs::read_to_string(root.join("registration.toml")).expect("the scenario");
    let written = written
        .replace("../tiny/", "")
        .replace("[education.stages.primary]\n", "[education.stages.primary]\nregistered_share = 0.5\n");
    let folder = tempfile::tempdir().expect("a folder");
    for table in ["people.csv", "births.csv", "deaths.csv", "education_supply.csv"] {
        std::fs::copy(root.join("../tiny").join(table), folder.path().join(table)).expect("a table");
    }
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, written).expect("a file");
    let faults = load(&file, Request::default()).diagnostics.list;
    let said = |words: &str| faults.iter().any(|fault| fault.message.en.contains(words));
    assert!(said("says already which children are registered") && faults.len() == 1, "{faults:?}");
}
