//! One person at a time, each with a registration of their own, beside the engine of cells.
//!
//! How many of a cell move, leave and die is told person by person without regard to registration. Who of them it was is
//! found as Fisher's law says: everyone of the cell goes or not by the odds of their group, again and again until as many
//! go as did. Each arrival brings its own registration, each of those who stay without it may take it up, and a child has
//! that of its mother.

use civicap::population::process::exits::Exits;
use civicap::population::view::{AGES, FEMALE, MALE, SEXES};
use civicap::population::{PeopleContext, PeopleModel};
use civicap::random::{RngSource, Stream, StreamKey};

use super::persons::{agree, pick, poisson};
use crate::support::people::{Tables, World, context, exit_inputs, line, read};

const AREAS: usize = 2;
const YEARS: usize = 3;
const RUNS: u32 = 1_500;
const MOVING_ODDS: f64 = 2.5;
const LEAVING_ODDS: f64 = 4.0;
const TAKING_UP: f64 = 0.08;
const OF_COMERS: f64 = 0.3;

#[derive(Clone, Copy)]
struct Person {
    area: usize,
    sex: usize,
    age: usize,
    registered: bool,
}

fn district() -> (World, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..AREAS {
        for sex in ["male", "female"] {
            for (age, persons) in [("0-14", 40), ("15-49", 120 + 60 * area), ("50-84", 60), ("85+", 4)] {
                people += &format!("a{area},{sex},{age},{persons}\n");
            }
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|sex, age| 0.002 * (1.0 + 0.4 * (1 - sex) as f64) * (0.08 * age as f64).exp().min(300.0));
    tables.births();
    tables.moves(1.5, 2.5);
    let text = format!(
        r#"
[people]
table = "people.csv"
deaths = {{ table = "deaths.csv" }}
births = {{ table = "births.csv", births_per_woman = 3.5 }}
migration = {{ table = "moves.csv" }}
[people.in_migration.jobs]
people_per_year = 40
registered_share = {OF_COMERS}
[people.registration]
internal_migration_odds = {MOVING_ODDS}
out_migration_odds = {LEAVING_ODDS}
[people.registration.ages.0-39]
share = 0.5
hukou_acquisition_rate = {TAKING_UP}
[people.registration.ages."40+"]
share = 0.8
hukou_acquisition_rate = {TAKING_UP}
"#
    );
    let world = read(&text, tables.folder(), &line(AREAS, 2024, 2024, 2024 + YEARS as i32 - 1));
    (world, tables)
}

/// What becomes of a person in a year.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Moves,
    Leaves,
    Dies,
}

/// Who of a cell goes, when `going` of those who have stayed so far do and each of those without registration has `odds`
/// times the odds of the others: everyone tries until the number is right.
fn choose(cell: &[Person], fates: &mut [Fate], (going, way, odds): (usize, Fate, f64), stream: &mut Stream) {
    let here: Vec<usize> = (0..cell.len()).filter(|i| fates[*i] == Fate::Stays).collect();
    let level = (going as f64 + 0.3) / (here.len() - going) as f64 / odds.sqrt();
    if going == here.len() {
        here.iter().for_each(|i| fates[*i] = way);
        return;
    }
    loop {
        let goes = |person: &Person, stream: &mut Stream| {
            let own = level * if person.registered { 1.0 } else { odds };
            stream.uniform() < own / (1.0 + own)
        };
        let gone: Vec<usize> = here.iter().copied().filter(|i| goes(&cell[*i], stream)).collect();
        if gone.len() == going {
            gone.iter().for_each(|i| fates[*i] = way);
            return;
        }
    }
}

struct Individuals<'a> {
    model: &'a PeopleModel,
    context: PeopleContext<'a>,
    /// By year and area.
    exits: &'a [Exits],
    stream: Stream,
    people: Vec<Person>,
    taken_up: u32,
}

impl Individuals<'_> {
    fn year(&mut self, index: usize) {
        let before = std::mem::take(&mut self.people);
        let mut after = Vec::new();
        self.taken_up = 0;
        for at in 0..AREAS * SEXES * AGES {
            let (area, sex, age) = (at / (SEXES * AGES), at / AGES % SEXES, at % AGES);
            let cell: Vec<Person> =
                before.iter().copied().filter(|p| (p.area, p.sex, p.age) == (area, sex, age)).collect();
            self.live(&cell, age + 1, index, true, &mut after);
        }
        self.arrive(index, &mut after);
        let fertility = &self.model.fertility;
        let rate = self.context.draw.at(fertility.births_per_woman, index, 0);
        let boys = fertility.boy_share(self.context.draw, index, 0);
        let mut born = Vec::new();
        for mother in before.iter().chain(&after).filter(|p| p.sex == FEMALE) {
            for _ in 0..poisson(0.5 * rate * fertility.shares[mother.age], &mut self.stream) {
                let sex = if self.stream.uniform() < boys { MALE } else { FEMALE };
                born.push(Person { sex, age: 0, ..*mother });
            }
        }
        for at in 0..AREAS * SEXES {
            let cell: Vec<Person> =
                born.iter().copied().filter(|p| (p.area, p.sex) == (at / SEXES, at % SEXES)).collect();
            self.live(&cell, 0, index, false, &mut after);
        }
        self.people = after;
    }

    /// Lets the people of a cell live through the year; those who are still here go to `after`.
    fn live(&mut self, cell: &[Person], slot: usize, index: usize, taking_up: bool, after: &mut Vec<Person>) {
        let Some(first) = cell.first() else { return };
        let risk = self.exits[index * AREAS + first.area].risk(first.sex, slot);
        let mut counts = [0; 3];
        for _ in cell {
            if self.stream.uniform() >= (-risk.hazard).exp() {
                let dies = self.stream.uniform() < risk.death;
                let way = if dies { 2 } else { usize::from(self.stream.uniform() < risk.leaving) };
                counts[way] += 1;
            }
        }
        let mut fates = vec![Fate::Stays; cell.len()];
        choose(cell, &mut fates, (counts[0], Fate::Moves, MOVING_ODDS), &mut self.stream);
        choose(cell, &mut fates, (counts[1], Fate::Leaves, LEAVING_ODDS), &mut self.stream);
        choose(cell, &mut fates, (counts[2], Fate::Dies, 1.0), &mut self.stream);
        for (person, fate) in cell.iter().zip(fates) {
            let age = if slot == 0 { 0 } else { slot.min(AGES - 1) };
            let mut person = Person { age, ..*person };
            match fate {
                Fate::Leaves | Fate::Dies => continue,
                Fate::Moves => person.area = self.destination(person.area),
                Fate::Stays => {
                    if taking_up && !person.registered && self.stream.uniform() < TAKING_UP {
                        person.registered = true;
                        self.taken_up += 1;
                    }
                }
            }
            after.push(person);
        }
    }

    fn destination(&mut self, area: usize) -> usize {
        let destinations = &self.model.migration.destinations;
        let entries = destinations.of(area);
        let shares = destinations.shares[entries.clone()].iter().copied();
        destinations.areas[entries.start + pick(shares, 1.0, &mut self.stream)] as usize
    }

    fn arrive(&mut self, index: usize, after: &mut Vec<Person>) {
        let opening = &self.model.base.people;
        let residents: Vec<f64> = (0..AREAS).map(|area| f64::from(opening.of_ages(area, 0..AGES))).collect();
        let driver = &self.model.migration.in_migration[0];
        for (area, people) in residents.iter().enumerate() {
            let expected = self.context.draw.at(driver.people_per_year, index, area);
            for _ in 0..poisson(expected * people / residents.iter().sum::<f64>(), &mut self.stream) {
                let cell = pick(driver.profile.iter().flatten().copied(), 1.0, &mut self.stream);
                let (sex, slot) = (cell / (AGES + 1), cell % (AGES + 1));
                let registered = self.stream.uniform() < OF_COMERS;
                after.push(Person { area, sex, age: slot.min(AGES - 1), registered });
            }
        }
    }
}

/// What is compared: registered residents of an area, children under 3, people over 60, women of 20-34 in the other area,
/// who took it up.
fn measures(count: impl Fn(usize, usize, usize) -> u32, taken_up: u32) -> [f64; 5] {
    let sum = |areas: std::ops::Range<usize>, sexes: std::ops::Range<usize>, ages: std::ops::Range<usize>| -> f64 {
        let cells = areas.flat_map(|a| sexes.clone().map(move |s| (a, s)));
        cells.map(|(a, s)| ages.clone().map(|x| f64::from(count(a, s, x))).sum::<f64>()).sum()
    };
    [
        sum(0..1, 0..SEXES, 0..AGES),
        sum(0..AREAS, 0..SEXES, 0..3),
        sum(0..AREAS, 0..SEXES, 60..AGES),
        sum(1..2, FEMALE..FEMALE + 1, 20..35),
        f64::from(taken_up),
    ]
}

#[test]
fn registered_people_followed_one_by_one_are_as_many_as_the_cells_hold() {
    const REFERENCE: StreamKey = StreamKey::named("reference of registered individuals");
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
        let context = context(&draw, 79, 0, run);
        state.open(&context);
        let opening = state.view().end.clone();
        let registered = state.view().registered.expect("groups").end.clone();
        (0..YEARS).for_each(|year| state.advance(&context, year));
        let end = state.view().registered.expect("groups").end;
        let taken_up = state.hukou().expect("groups").acquired().iter().sum();
        let found = measures(|a, s, x| end.at(a, s, x), taken_up);
        cells.iter_mut().zip(found).for_each(|(values, value)| values.push(value));

        let mut people = Vec::new();
        for at in 0..AREAS * SEXES * AGES {
            let (area, sex, age) = (at / (SEXES * AGES), at / AGES % SEXES, at % AGES);
            for person in 0..opening.at(area, sex, age) {
                people.push(Person { area, sex, age, registered: person < registered.at(area, sex, age) });
            }
        }
        let stream = RngSource::new(80, run).cell(REFERENCE, 0, 0);
        let mut all = Individuals { model, context, exits: &exits, stream, people, taken_up: 0 };
        (0..YEARS).for_each(|year| all.year(year));
        let mut counts = vec![0; AREAS * SEXES * AGES];
        for person in all.people.iter().filter(|p| p.registered) {
            counts[(person.area * SEXES + person.sex) * AGES + person.age] += 1;
        }
        let found = measures(|a, s, x| counts[(a * SEXES + s) * AGES + x], all.taken_up);
        persons.iter_mut().zip(found).for_each(|(values, value)| values.push(value));
    }
    for (measure, (a, b)) in cells.iter_mut().zip(&mut persons).enumerate() {
        agree(measure, a, b);
    }
}
