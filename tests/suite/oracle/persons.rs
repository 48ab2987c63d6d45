//! One person at a time: the same laws told of individuals, as slow and plain as can be, beside the engine of cells.
//!
//! Each person meets the risks of the year with a uniform number, picks a way, and a destination if need be; each
//! arrival comes with a cohort and an area; each woman bears a Poisson number at half her rate for each end of the year at
//! which she is there; each newborn meets its own risks. Means, spreads and whole distributions must agree.

use civicap::population::process::exits::Exits;
use civicap::population::view::{AGES, FEMALE, MALE, People, SEXES};
use civicap::population::{PeopleContext, PeopleModel};
use civicap::random::{RngSource, Stream, StreamKey, gamma};

use crate::support::people::{Tables, World, context, exit_inputs, line, read};

const AREAS: usize = 2;
const YEARS: usize = 3;
const RUNS: u32 = 1_500;

#[derive(Clone, Copy)]
struct Person {
    area: usize,
    sex: usize,
    age: usize,
}

fn district() -> (World, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..AREAS {
        for sex in ["male", "female"] {
            for (age, persons) in [("0-14", 12), ("15-49", 45 + 30 * area), ("50-84", 30), ("85+", 4)] {
                people += &format!("a{area},{sex},{age},{persons}\n");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|sex, age| 0.002 * (1.0 + 0.4 * (1 - sex) as f64) * (0.08 * age as f64).exp().min(300.0));
    tables.births();
    tables.moves(1.5, 2.5);
    let text = r#"
[people]
table = "people.csv"
deaths = { table = "deaths.csv" }
births = { table = "births.csv", births_per_woman = 3.5 }
migration = { table = "moves.csv" }
[people.in_migration.jobs]
people_per_year = 30
overdispersion_cv = 0.4
"#;
    let world = read(text, tables.folder(), &line(AREAS, 2024, 2024, 2024 + YEARS as i32 - 1));
    (world, tables)
}

/// A Poisson number by counting exponential waits: plain and slow.
pub(super) fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    let (mut waited, mut count) = (-stream.uniform().ln(), 0);
    while waited < mean {
        waited -= stream.uniform().ln();
        count += 1;
    }
    count
}

/// The position that a uniform number picks in proportion to the weights.
pub(super) fn pick(weights: impl Iterator<Item = f64>, total: f64, stream: &mut Stream) -> usize {
    let (mut left, mut last) = (stream.uniform() * total, 0);
    for (i, weight) in weights.enumerate() {
        last = i;
        if left < weight {
            return i;
        }
        left -= weight;
    }
    last
}

struct Individuals<'a> {
    model: &'a PeopleModel,
    context: PeopleContext<'a>,
    /// By year and area.
    exits: &'a [Exits],
    stream: Stream,
    people: Vec<Person>,
    births: u32,
}

impl Individuals<'_> {
    fn year(&mut self, index: usize) {
        let before = self.people.clone();
        // Who is still here, and where; ages are those of the next January.
        let mut after = Vec::new();
        for person in &before {
            let slot = person.age + 1;
            if let Some(area) = self.fate(*person, slot, index) {
                after.push(Person { area, age: (person.age + 1).min(AGES - 1), ..*person });
            }
        }
        self.arrive(index, &mut after);
        self.births = 0;
        let mothers: Vec<Person> = before.iter().chain(&after).copied().filter(|p| p.sex == FEMALE).collect();
        let fertility = &self.model.fertility;
        let rate = self.context.draw.at(fertility.births_per_woman, index, 0);
        let boys = fertility.boy_share(self.context.draw, index, 0);
        for mother in mothers {
            for _ in 0..poisson(0.5 * rate * fertility.shares[mother.age], &mut self.stream) {
                self.births += 1;
                let sex = if self.stream.uniform() < boys { MALE } else { FEMALE };
                let child = Person { area: mother.area, sex, age: 0 };
                after.extend(self.fate(child, 0, index).map(|area| Person { area, ..child }));
            }
        }
        self.people = after;
    }

    /// The area where a person is at the end of the year; `None` when dead or gone.
    fn fate(&mut self, person: Person, slot: usize, index: usize) -> Option<usize> {
        let risk = self.exits[index * AREAS + person.area].risk(person.sex, slot);
        if self.stream.uniform() < (-risk.hazard).exp() {
            return Some(person.area);
        }
        if self.stream.uniform() < risk.death || self.stream.uniform() < risk.leaving {
            return None;
        }
        let destinations = &self.model.migration.destinations;
        let entries = destinations.of(person.area);
        let shares = destinations.shares[entries.clone()].iter().copied();
        Some(destinations.areas[entries.start + pick(shares, 1.0, &mut self.stream)] as usize)
    }

    fn arrive(&mut self, index: usize, after: &mut Vec<Person>) {
        let opening = &self.model.base.people;
        let residents: Vec<f64> = (0..AREAS).map(|area| f64::from(opening.of_ages(area, 0..AGES))).collect();
        let driver = &self.model.migration.in_migration[0];
        for (area, people) in residents.iter().enumerate() {
            let shape = 1.0 / (driver.overdispersion_cv * driver.overdispersion_cv);
            let luck = gamma(shape, 1.0 / shape, &mut self.stream);
            let expected = self.context.draw.at(driver.people_per_year, index, area) * luck;
            let expected = expected * people / residents.iter().sum::<f64>();
            for _ in 0..poisson(expected, &mut self.stream) {
                let cell = pick(driver.profile.iter().flatten().copied(), 1.0, &mut self.stream);
                let (sex, slot) = (cell / (AGES + 1), cell % (AGES + 1));
                // Cohort slots of January: those who came in slot x are x years old then, the last one 100 and over.
                after.push(Person { area, sex, age: slot.min(AGES - 1) });
            }
        }
    }
}

/// What is compared: residents of an area, children under 3, people over 60, women of 20-34 in the other area, births.
fn measures(count: impl Fn(usize, usize, usize) -> f64, births: f64) -> [f64; 5] {
    let sum = |areas: std::ops::Range<usize>, sexes: std::ops::Range<usize>, ages: std::ops::Range<usize>| -> f64 {
        areas
            .flat_map(|a| sexes.clone().map(move |s| (a, s)))
            .map(|(a, s)| ages.clone().map(|x| count(a, s, x)).sum::<f64>())
            .sum()
    };
    [
        sum(0..1, 0..SEXES, 0..AGES),
        sum(0..AREAS, 0..SEXES, 0..3),
        sum(0..AREAS, 0..SEXES, 60..AGES),
        sum(1..2, FEMALE..FEMALE + 1, 20..35),
        births,
    ]
}

#[test]
fn people_followed_one_by_one_are_as_many_as_the_cells_hold() {
    const REFERENCE: StreamKey = StreamKey::named("reference of individuals");
    let (world, _tables) = district();
    let (model, draw) = (&world.model, world.draw(1, 0));
    let exits: Vec<Exits> = (0..YEARS * AREAS)
        .map(|at| {
            let (index, area) = (at / AREAS, at % AREAS);
            let mut exits = Exits::new(&model.migration);
            exits.prepare(&exit_inputs(model, &draw, index, area));
            exits
        })
        .collect();
    let (mut cells, mut persons) = (vec![Vec::new(); 5], vec![Vec::new(); 5]);
    let mut state = model.state();
    for run in 0..RUNS {
        let context = context(&draw, 77, 0, run);
        state.open(&context);
        (0..YEARS).for_each(|year| state.advance(&context, year));
        let births = f64::from(state.view().births.iter().sum::<u32>());
        let end: &People = state.view().end;
        let found = measures(|a, s, x| f64::from(end.at(a, s, x)), births);
        cells.iter_mut().zip(found).for_each(|(values, value)| values.push(value));

        let opening = &model.base.people;
        let everyone = (0..AREAS)
            .flat_map(|area| (0..SEXES).flat_map(move |sex| (0..AGES).map(move |age| Person { area, sex, age })));
        let people = everyone.flat_map(|p| vec![p; opening.at(p.area, p.sex, p.age) as usize]).collect();
        let stream = RngSource::new(78, run).cell(REFERENCE, 0, 0);
        let mut all = Individuals { model, context, exits: &exits, stream, people, births: 0 };
        (0..YEARS).for_each(|year| all.year(year));
        let count = |a, s, x| all.people.iter().filter(|p| (p.area, p.sex, p.age) == (a, s, x)).count() as f64;
        let found = measures(count, f64::from(all.births));
        persons.iter_mut().zip(found).for_each(|(values, value)| values.push(value));
    }
    for (measure, (a, b)) in cells.iter_mut().zip(&mut persons).enumerate() {
        agree(measure, a, b);
    }
}

/// Means and variances within 4 standard errors, and the whole distributions by Kolmogorov and Smirnov's test at 0.001.
pub(super) fn agree(measure: usize, a: &mut [f64], b: &mut [f64]) {
    let n = a.len() as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
    let moment = |v: &[f64], k: i32| v.iter().map(|x| (x - mean(v)).powi(k)).sum::<f64>() / n;
    let error = ((moment(a, 2) + moment(b, 2)) / n).sqrt();
    assert!((mean(a) - mean(b)).abs() < 4.0 * error, "measure {measure}: means {} and {}", mean(a), mean(b));
    let spread = |v: &[f64]| (moment(v, 4) - moment(v, 2).powi(2)) / n;
    let error = (spread(a) + spread(b)).sqrt();
    assert!((moment(a, 2) - moment(b, 2)).abs() < 4.0 * error, "measure {measure}: {} {}", moment(a, 2), moment(b, 2));
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let below = |v: &[f64], x: f64| v.partition_point(|y| *y <= x) as f64 / n;
    let furthest = a.iter().chain(b.iter()).map(|x| (below(a, *x) - below(b, *x)).abs()).fold(0.0, f64::max);
    assert!(furthest < 1.95 * (2.0 / n).sqrt(), "measure {measure}: distributions {furthest} apart");
}
