//! Years before the question, and people whom projects move: known totals are met, and renewal empties and fills an area.

use civicap::population::PeopleState;
use civicap::population::view::{AGES, People};
use civicap::scenario::{Plan, Request, load};

use crate::support::people::{Tables, context};

const HEAD: &str = r#"
label = "past and plans"
[horizon]
base_year = 2021
start = 2023
end = 2027
[areas]
table = "areas.csv"
neighbours = "neighbours.csv"
"#;

/// Three areas of which everything moves; `more` are further keys and sections of the people.
fn scenario(tables: &mut Tables, more: &str, (leaving, within, arrivals): (f64, f64, f64)) -> Result<Plan, String> {
    tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
    let births = "{ value = 1.1, sd = 0.1, scale = \"log\", from = 2024 }";
    scenario_of(tables, more, (leaving, within, arrivals), births)
}

/// The same with the deaths that stand in the tables already, and with these births a woman.
fn scenario_of(
    tables: &mut Tables,
    more: &str,
    (leaving, within, arrivals): (f64, f64, f64),
    births: &str,
) -> Result<Plan, String> {
    tables.add("areas.csv", "id,label_zh,label_en\na0,甲,A\na1,乙,B\na2,丙,C\n");
    tables.add("neighbours.csv", "a,b,kilometres\na0,a1,2\na1,a2,3\n");
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..3 {
        for sex in ["male", "female"] {
            for (age, persons) in [("0-14", 1_500), ("15-49", 6_000 + 900 * area), ("50-84", 3_000), ("85+", 120)] {
                people += &format!("a{area},{sex},{age},{persons}\n");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.add("students.csv", "area,sex,age,persons\na0,male,18-21,700\na0,female,18-21,500\n");
    tables.births();
    tables.moves(leaving, within);
    tables.add("homes.csv", "area,year,dwellings,type\na2,2021,60,flat\n");
    let text = format!(
        r#"{HEAD}
[people]
table = "people.csv"
reference_date = 2020-11-01
{more}
[people.group_quarters]
table = "students.csv"
[people.deaths]
table = "deaths.csv"
[people.births]
table = "births.csv"
births_per_woman = {births}
[people.migration]
table = "moves.csv"
[people.in_migration.jobs]
people_per_year = {arrivals}
overdispersion_cv = 0.1
[people.housing]
table = "homes.csv"
delay_distribution = [0.5, 0.5]
[people.housing.types.flat]
household_size = 3
share_from_outside = 0.5
occupancy_schedule = [0.5, 0.5]
children_per_100 = [10, 10, 10, 10]
"#
    );
    tables.add("scenario.toml", &text);
    let loaded = load(&tables.folder().join("scenario.toml"), Request::default());
    let said: Vec<String> = loaded.diagnostics.list.iter().map(|d| d.message.en.to_string()).collect();
    loaded.plan.ok_or_else(|| said.join("; "))
}

/// Means over replications of what `measure` finds after each simulated year, with their standard errors.
fn means<const N: usize>(
    plan: &Plan,
    runs: u32,
    measure: impl Fn(&PeopleState<'_>) -> [f64; N],
) -> Vec<[(f64, f64); N]> {
    let people = plan.people.as_ref().expect("people");
    let (mut state, mut draw) = (people.state(), plan.parameters.blank());
    let mut sums = vec![[(0.0, 0.0); N]; plan.site.years()];
    for run in 0..runs {
        plan.parameters.draw(5, run, &mut draw);
        let context = context(&draw, 5, run, run);
        state.open(&context);
        for (year, sums) in sums.iter_mut().enumerate() {
            state.advance(&context, year);
            for (sum, value) in sums.iter_mut().zip(measure(&state)) {
                *sum = (sum.0 + value, sum.1 + value * value);
            }
        }
    }
    let n = f64::from(runs);
    let mean = |(sum, squares): (f64, f64)| (sum / n, ((squares / n - (sum / n).powi(2)).max(0.0) / n).sqrt());
    sums.into_iter().map(|year| year.map(mean)).collect()
}

fn residents(people: &People, area: usize) -> f64 {
    f64::from(people.of_ages(area, 0..AGES))
}

/// Births, deaths and residents of the district at the end of the year, with the stock.
fn totals(state: &PeopleState<'_>) -> [f64; 3] {
    let view = state.view();
    let births = view.births.iter().map(|n| f64::from(*n)).sum();
    let deaths = state.flows().died.iter().map(|n| f64::from(*n)).sum();
    let end = (0..3).map(|area| residents(view.end, area) + residents(view.group_quarters, area)).sum();
    [births, deaths, end]
}

const KNOWN: &str = "year,area,residents,births,deaths\n2021,,68000,400,330\n2022,,,430,\n2023,,66500,,350\n";

#[test]
fn the_mean_of_the_replications_meets_the_totals_that_are_known() {
    let mut tables = Tables::new();
    tables.add("known.csv", KNOWN);
    let plan = scenario(&mut tables, "control_totals = \"known.csv\"", (1.0, 1.0, 1_500.0)).expect("no faults");
    let found = means(&plan, 400, totals);
    for (year, at, known) in
        [(0, 0, 400.0), (0, 1, 330.0), (0, 2, 68_000.0), (1, 0, 430.0), (2, 1, 350.0), (2, 2, 66_500.0)]
    {
        let (mean, error) = found[year][at];
        assert!((mean - known).abs() < 4.0 * error + 2e-3 * known, "year {year}, total {at}: {mean} for {known}");
    }
    let people = plan.people.as_ref().expect("people");
    assert_eq!(people.alignment.at(3, 0), people.alignment.at(4, 2), "years that nobody knows are left alone");
    assert_eq!(people.alignment.at(1, 0).deaths, 1.0, "what is not given is left alone");
    let derived: Vec<&str> = plan
        .inputs
        .iter()
        .filter(|i| i.path.starts_with("people.control_totals "))
        .map(|i| i.shown.en.as_ref())
        .collect();
    assert_eq!(derived.len(), 3, "{derived:?}");
}

#[test]
fn totals_of_areas_are_met_area_by_area() {
    let mut tables = Tables::new();
    tables.add("known.csv", "year,area,residents,births\n2021,a0,21900,120\n2021,a1,22000,180\n2021,a2,24300,\n");
    let plan = scenario(&mut tables, "control_totals = \"known.csv\"", (1.0, 1.0, 1_500.0)).expect("no faults");
    let found = means(&plan, 400, |state| {
        let view = state.view();
        let end = |area: usize| residents(view.end, area) + residents(view.group_quarters, area);
        [end(0), end(1), end(2), f64::from(view.births[0]), f64::from(view.births[1])]
    });
    for (at, known) in [21_900.0, 22_000.0, 24_300.0, 120.0, 180.0].into_iter().enumerate() {
        let (mean, error) = found[0][at];
        assert!((mean - known).abs() < 4.0 * error + 2e-3 * known, "total {at}: {mean} for {known}");
    }
}

#[test]
fn known_totals_are_met_where_projects_move_people_out_and_back() {
    let mut tables = Tables::new();
    tables.add("known.csv", KNOWN);
    let projects = "control_totals = \"known.csv\"
[people.renewal.now]
area = \"a0\"
year = 2021
people = 4000
return_after_years = 1
return_share = 0.7
rehoused_locally_share = 0.3
delay_distribution = [0.5, 0.5]
[people.renewal.before]
area = \"a1\"
year = 2020
people = 3000
return_after_years = 1
return_share = 0.9
rehoused_locally_share = 0.2
";
    let plan = scenario(&mut tables, projects, (1.0, 1.0, 1_500.0)).expect("no faults");
    let found = means(&plan, 400, totals);
    for (year, at, known) in
        [(0, 0, 400.0), (0, 1, 330.0), (0, 2, 68_000.0), (1, 0, 430.0), (2, 1, 350.0), (2, 2, 66_500.0)]
    {
        let (mean, error) = found[year][at];
        assert!((mean - known).abs() < 4.0 * error + 2e-3 * known, "year {year}, total {at}: {mean} for {known}");
    }
}

#[test]
fn a_variant_that_leaves_the_known_years_alone_is_aligned_as_its_base() {
    let mut tables = Tables::new();
    tables.add("known.csv", KNOWN);
    let base = scenario(&mut tables, "control_totals = \"known.csv\"", (1.0, 1.0, 1_500.0)).expect("no faults");
    let file = tables.folder().join("variant.toml");
    let births = r#"births_per_woman = { by_year = { 2024 = 1.1, 2025 = 1.5 }, sd = 0.1, scale = "log", from = 2024 }"#;
    std::fs::write(&file, format!("extends = \"scenario.toml\"\n[people.births]\n{births}\n")).expect("a file");
    let variant = load(&file, Request::default()).plan.expect("no faults");
    let of = |plan: &Plan| plan.people.as_ref().expect("people").alignment.clone();
    assert_eq!(of(&base), of(&variant));
}

#[test]
fn faults_of_known_totals_are_all_told() {
    let mut tables = Tables::new();
    tables.add(
        "known.csv",
        "year,area,residents,births\n2019,,5,\n2021,,,\n2022,,60000,\n2022,a1,9000,\n2022,a9,9000,\n",
    );
    let said = scenario(&mut tables, "control_totals = \"known.csv\"", (1.0, 1.0, 1_500.0)).expect_err("faults");
    for part in [
        "2019 is not simulated",
        "the row of 2021 holds no total",
        "2022 has totals both of the district and of areas",
        "«a9»",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    tables.add("known.csv", "year,residents\n2021,680000\n");
    let said = scenario(&mut tables, "control_totals = \"known.csv\"", (1.0, 1.0, 1_500.0)).expect_err("faults");
    assert!(said.contains("the totals of 2021 cannot be met"), "{said}");
}

const RENEWAL: &str = r#"
[people.renewal.old_town]
area = "a1"
year = 2023
people = 4000
rehoused_locally_share = 0.4
return_share = 0.75
return_after_years = 2
delay_distribution = [0.5, 0.5]
"#;

#[test]
fn renewal_moves_people_out_and_brings_some_back_in_time_or_late() {
    // Nobody moves of himself, is born or dies, so that the project alone is seen.
    let rates = (0.0, 1e-9, 0.0);
    let mut tables = Tables::new();
    tables.deaths(|_, _| 0.0);
    let without = scenario_of(&mut tables, "", rates, "0").expect("no faults");
    let with = scenario_of(&mut tables, RENEWAL, rates, "0").expect("no faults");
    let by_area = |state: &PeopleState<'_>| [0, 1, 2].map(|area| residents(state.view().end, area));
    let (with, without) = (means(&with, 300, by_area), means(&without, 300, by_area));
    let difference = |year: usize, area: usize| with[year][area].0 - without[year][area].0;
    let district = |year: usize| (0..3).map(|area| difference(year, area)).sum::<f64>();
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.03 * 4_000.0, "{found} for {expected}");
    // Years are 2021, ...: before, out in 2023, half back in 2025, all in 2026.
    near(difference(1, 1), 0.0);
    near(difference(2, 1), -4_000.0);
    near(district(2), -2_400.0);
    near(difference(3, 1), -4_000.0);
    near(difference(4, 1), -4_000.0 + 1_500.0);
    near(district(4), -2_400.0 + 900.0);
    near(difference(5, 1), -4_000.0 + 3_000.0);
    near(district(5), -2_400.0 + 1_800.0);
    near(difference(6, 1), difference(5, 1));
}
