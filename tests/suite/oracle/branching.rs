//! The people as a branching process (Pollard 1966): exact mean and covariance of any group, beside the simulation.
//!
//! Without arrivals and uncertainty every person lives apart from all others, so that for weights w and v on the cells
//! of year t: `E[w N_t] = w_0 N_0` and `Cov(w N_t, v N_t) = sum over years s and persons i of Cov(w_{s+1} X_i, v_{s+1} X_i)`,
//! where X_i is what person i leaves a year later and w_s is w carried back one year at a time. A person stays, moves
//! or is gone; a woman bears Poisson numbers at both ends of the year; newborns have their own exits.

use civicap::population::PeopleModel;
use civicap::population::process::exits::{Exits, Risk};
use civicap::population::view::{AGES, FEMALE, People, SEXES};
use civicap::uncertainty::ParameterDraw;

use crate::support::people::{Tables, World, context, exit_inputs, line, read};

/// What one replication of a closed, certain model expects of each person.
struct Branching<'a> {
    model: &'a PeopleModel,
    risks: Vec<[[Risk; AGES + 1]; SEXES]>,
    births_per_woman: f64,
    boys: f64,
}

/// Weights on cells, with the value of a newborn of each area: mean of w, of v, and of w v.
type Newborn = Vec<[f64; 3]>;

impl<'a> Branching<'a> {
    fn new(model: &'a PeopleModel, draw: &ParameterDraw, index: usize) -> Self {
        let mut exits = Exits::new(&model.migration);
        let risks = (0..model.areas)
            .map(|area| {
                exits.prepare(&exit_inputs(model, draw, index, area));
                [0, 1].map(|sex| std::array::from_fn(|slot| exits.risk(sex, slot)))
            })
            .collect();
        let ratio = draw.at(model.fertility.boys_per_girl, index, 0);
        let births_per_woman = draw.at(model.fertility.births_per_woman, index, 0);
        Self { model, risks, births_per_woman, boys: ratio / (1.0 + ratio) }
    }

    /// The areas where a person of a cohort may be a year later, with probabilities; the rest are gone.
    fn places(&self, area: usize, sex: usize, slot: usize) -> Vec<(usize, f64)> {
        let risk = self.risks[area][sex][slot];
        let go = 1.0 - (-risk.hazard).exp();
        let moving = go * (1.0 - risk.death) * (1.0 - risk.leaving);
        let destinations = &self.model.migration.destinations;
        let mut places = vec![(area, 1.0 - go)];
        places.extend(destinations.of(area).map(|e| (destinations.areas[e] as usize, moving * destinations.shares[e])));
        places
    }

    fn newborn(&self, w: &[f64], v: &[f64]) -> Newborn {
        let value = |area: usize| {
            let mut sums = [0.0; 3];
            for sex in 0..SEXES {
                let share = if sex == FEMALE { 1.0 - self.boys } else { self.boys };
                for (place, p) in self.places(area, sex, 0) {
                    let (a, b) = (w[People::cell(place, sex, 0)], v[People::cell(place, sex, 0)]);
                    for (sum, term) in sums.iter_mut().zip([a, b, a * b]) {
                        *sum += share * p * term;
                    }
                }
            }
            sums
        };
        (0..self.model.areas).map(value).collect()
    }

    /// Of one person: mean of w X, mean of v X, and their covariance.
    fn person(&self, (area, sex, age): (usize, usize, usize), w: &[f64], v: &[f64], newborn: &Newborn) -> [f64; 3] {
        let bear = |age: usize| {
            let rate =
                if (15..50).contains(&age) { self.births_per_woman * self.model.fertility.shares[age] } else { 0.0 };
            if sex == FEMALE { 0.5 * rate } else { 0.0 }
        };
        let older = (age + 1).min(AGES - 1);
        let (before, after) = (bear(age), if age + 1 < AGES { bear(age + 1) } else { 0.0 });
        let at_start = newborn[area].map(|x| before * x);
        let places = self.places(area, sex, age + 1);
        let gone = 1.0 - places.iter().map(|(_, p)| p).sum::<f64>();
        let mut sums = [0.0; 3];
        let mut add = |p: f64, mean: [f64; 2], within: f64| {
            sums[0] += p * mean[0];
            sums[1] += p * mean[1];
            sums[2] += p * (mean[0] * mean[1] + within);
        };
        add(gone, [at_start[0], at_start[1]], at_start[2]);
        for (place, p) in places {
            let cell = People::cell(place, sex, older);
            let born = newborn[place].map(|x| after * x);
            add(p, [w[cell] + at_start[0] + born[0], v[cell] + at_start[1] + born[1]], at_start[2] + born[2]);
        }
        [sums[0], sums[1], sums[2] - sums[0] * sums[1]]
    }
}

/// Exact (mean of w, mean of v, covariance) after `years`.
fn exact(world: &World, draw: &ParameterDraw, years: usize, w: &[f64], v: &[f64]) -> [f64; 3] {
    let model = &world.model;
    let cells = (0..model.areas).flat_map(|a| (0..SEXES).flat_map(move |s| (0..AGES).map(move |x| (a, s, x))));
    let (mut w, mut v) = (w.to_vec(), v.to_vec());
    let mut spreads = Vec::new();
    for index in (0..years).rev() {
        let law = Branching::new(model, draw, index);
        let newborn = law.newborn(&w, &v);
        let rows: Vec<[f64; 3]> = cells.clone().map(|cell| law.person(cell, &w, &v, &newborn)).collect();
        spreads.push(rows.iter().map(|r| r[2]).collect::<Vec<_>>());
        w = rows.iter().map(|r| r[0]).collect();
        v = rows.iter().map(|r| r[1]).collect();
    }
    let start: Vec<f64> = model.base.people.counts.iter().map(|n| f64::from(*n)).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    // Means of the years between, forward: every cell's own weight carried back would cost more than this.
    let mut people = start.clone();
    let mut covariance = 0.0;
    for index in 0..years {
        covariance += dot(&people, &spreads[years - 1 - index]);
        people = forward(model, draw, index, &people);
    }
    [dot(&start, &w), dot(&start, &v), covariance]
}

/// Expected people a year later.
fn forward(model: &PeopleModel, draw: &ParameterDraw, index: usize, people: &[f64]) -> Vec<f64> {
    let law = Branching::new(model, draw, index);
    let mut next = vec![0.0; people.len()];
    for area in 0..model.areas {
        for sex in 0..SEXES {
            for age in 0..AGES {
                let n = people[People::cell(area, sex, age)];
                for (place, p) in law.places(area, sex, age + 1) {
                    next[People::cell(place, sex, (age + 1).min(AGES - 1))] += n * p;
                }
            }
        }
    }
    let women = |all: &[f64], area: usize, age: usize| all[People::cell(area, FEMALE, age)];
    let births: Vec<f64> = (0..model.areas)
        .map(|area| {
            let mean = |age: usize| 0.5 * (women(people, area, age) + women(&next, area, age));
            (15..50).map(|age| law.births_per_woman * model.fertility.shares[age] * mean(age)).sum()
        })
        .collect();
    for (area, births) in births.into_iter().enumerate() {
        for sex in 0..SEXES {
            let share = if sex == FEMALE { 1.0 - law.boys } else { law.boys };
            for (place, p) in law.places(area, sex, 0) {
                next[People::cell(place, sex, 0)] += births * share * p;
            }
        }
    }
    next
}

/// Thirteen areas without arrivals and without uncertainty.
fn closed(areas: usize) -> (World, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..areas {
        for sex in ["male", "female"] {
            for (age, persons) in [("0-14", 150 + 10 * area), ("15-49", 500 - 20 * area), ("50-99", 400), ("100+", 1)] {
                people += &format!("a{area},{sex},{age},{persons}\n");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|sex, age| 0.0005 * (1.0 + 0.3 * (1 - sex) as f64) * (0.085 * age as f64).exp());
    tables.births();
    tables.moves(0.5, 1.5);
    let text = r#"
[people]
table = "people.csv"
deaths = { table = "deaths.csv" }
births = { table = "births.csv", births_per_woman = 2.5 }
migration = { table = "moves.csv" }
"#;
    let world = read(text, tables.folder(), &line(areas, 2024, 2024, 2026));
    (world, tables)
}

fn weights(areas: usize, of: impl Fn(usize, usize, usize) -> bool) -> Vec<f64> {
    let mut out = Vec::new();
    for area in 0..areas {
        for sex in 0..SEXES {
            out.extend((0..AGES).map(|age| f64::from(u8::from(of(area, sex, age)))));
        }
    }
    out
}

#[test]
fn simulated_mean_sd_and_covariance_are_those_of_the_branching_process() {
    const AREAS: usize = 13;
    const RUNS: u32 = 1_000;
    let (world, _tables) = closed(AREAS);
    let draw = world.draw(1, 0);
    let groups = [
        weights(AREAS, |area, _, _| area == 0),
        weights(AREAS, |area, _, _| area == 1),
        weights(AREAS, |area, sex, age| area == 3 && sex == FEMALE && (20..35).contains(&age)),
        weights(AREAS, |area, _, age| area == 3 && age < 3),
        weights(AREAS, |_, _, age| age < 3),
        weights(AREAS, |_, sex, age| sex == 0 && age >= 80),
        weights(AREAS, |_, _, _| true),
    ];
    let mut values = vec![Vec::new(); groups.len()];
    let mut state = world.model.state();
    for run in 0..RUNS {
        let context = context(&draw, 20_260, 0, run);
        state.open(&context);
        (0..3).for_each(|year| state.advance(&context, year));
        let counts = &state.view().end.counts;
        for (value, group) in values.iter_mut().zip(&groups) {
            value.push(group.iter().zip(counts).map(|(w, n)| w * f64::from(*n)).sum::<f64>());
        }
    }
    let n = f64::from(RUNS);
    let means: Vec<f64> = values.iter().map(|v| v.iter().sum::<f64>() / n).collect();
    for (a, b) in [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (0, 1), (2, 3), (4, 6), (0, 6), (5, 6)] {
        let [mean, _, covariance] = exact(&world, &draw, 3, &groups[a], &groups[b]);
        let products = values[a].iter().zip(&values[b]).map(|(x, y)| (x - means[a]) * (y - means[b]));
        let found = products.sum::<f64>() / (n - 1.0);
        let (va, vb) =
            (exact(&world, &draw, 3, &groups[a], &groups[a])[2], exact(&world, &draw, 3, &groups[b], &groups[b])[2]);
        let (mean_error, error) = ((va / n).sqrt(), ((va * vb + covariance * covariance) / n).sqrt());
        assert!((means[a] - mean).abs() < 4.0 * mean_error, "group {a}: mean {} for {mean}", means[a]);
        assert!((found - covariance).abs() < 4.0 * error, "groups {a}, {b}: covariance {found} for {covariance}");
    }
}

#[test]
fn with_death_alone_survivors_are_binomial() {
    const PEOPLE: u32 = 60;
    const RUNS: u32 = 4_000;
    let mut tables = Tables::new();
    tables.add("people.csv", &format!("area,sex,age,persons\na0,male,0-69,0\na0,male,70,{PEOPLE}\na0,female,0-70,0\n"));
    tables.deaths(|_, age| 0.0005 * (0.085 * age as f64).exp());
    tables.births();
    let text = r#"
[people]
table = "people.csv"
deaths = { table = "deaths.csv" }
births = { table = "births.csv", births_per_woman = 0 }
"#;
    let world = read(text, tables.folder(), &line(1, 2024, 2024, 2028));
    let draw = world.draw(1, 0);
    let survival = world.model.mortality.life_table(0, 2024, 1.0).survival();
    let p: f64 = (70..75).map(|age| survival[age + 1]).product();
    let mut counts = [0.0; PEOPLE as usize + 1];
    let mut state = world.model.state();
    for run in 0..RUNS {
        let context = context(&draw, 5, 0, run);
        state.open(&context);
        (0..5).for_each(|year| state.advance(&context, year));
        counts[state.view().end.at(0, 0, 75) as usize] += 1.0;
    }
    // Chi-square over the values that are expected at least eight times, the tails as one class.
    let (mut mass, mut chi, mut classes) = ((1.0 - p).powi(PEOPLE as i32), 0.0, 0);
    let (mut seen, mut expected) = (0.0, 0.0);
    for (k, count) in counts.iter().enumerate() {
        let expectation = mass * f64::from(RUNS);
        if expectation >= 8.0 {
            chi += (count - expectation).powi(2) / expectation;
            classes += 1;
            seen += count;
            expected += expectation;
        }
        mass *= p / (1.0 - p) * (PEOPLE as usize - k) as f64 / (k + 1) as f64;
    }
    let rest = f64::from(RUNS) - expected;
    chi += (f64::from(RUNS) - seen - rest).powi(2) / rest;
    // Quantile 0.999 of chi-square (Wilson, Hilferty 1931).
    let d = f64::from(classes);
    let limit = d * (1.0 - 2.0 / (9.0 * d) + 3.09 * (2.0 / (9.0 * d)).sqrt()).powi(3);
    assert!(chi < limit, "chi-square {chi} over {classes} classes, limit {limit}");
}
