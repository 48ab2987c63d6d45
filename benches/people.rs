//! Ten years of people with every process at work: 1, 13, 100 and 1,000 areas of 63,000 residents each.
//!
//! The unit a planner feels: milliseconds for one replication of ten years on one thread. Growth should be linear.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use civicap::input::{KeyDef, LoadSession, Section, ValueKind, value};
use civicap::language::Text;
use civicap::metric::Catalogue;
use civicap::population::view::AGES;
use civicap::population::{self, PeopleContext, PeopleModel};
use civicap::random::{RngSource, Stream, StreamKey};
use civicap::site::{Area, Site};
use civicap::uncertainty::Parameters;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rand_distr::{Binomial, Distribution, Poisson};

const YEARS: i32 = 10;
const RESIDENTS: f64 = 63_000.0;
const ROOT: &[KeyDef] = &[KeyDef::required("people", ValueKind::Section(population::KEYS), "", "people", "人口")];

const SCENARIO: &str = r#"
[people]
table = "people.csv"
[people.deaths]
table = "deaths.csv"
factor = { value = 1.0, sd = 0.08, random_walk_sd = 0.015, scale = "log" }
[people.births]
table = "births.csv"
births_per_woman = { value = 1.0, sd = 0.117, random_walk_sd = 0.046, between_areas_sd = 0.06, scale = "log" }
[people.migration]
table = "moves.csv"
out_migration_factor = { value = 1.0, sd = 0.08, between_areas_sd = 0.08, scale = "log" }
internal_migration_factor = { value = 1.0, sd = 0.15, between_areas_sd = 0.10, scale = "log" }
destinations_concentration = 60
[people.in_migration.all]
people_per_year = { value = ARRIVALS, sd = 0.12, random_walk_sd = 0.03, scale = "log" }
overdispersion_cv = 0.08
areas_concentration = 400
"#;

fn tables(folder: &Path, areas: usize) -> std::io::Result<()> {
    let mut people = "area,sex,age,persons\n".to_owned();
    let (mut deaths, mut moves) = (
        "sex,age,deaths_per_person_year\n".to_owned(),
        "sex,age,out_migration_per_person_year,internal_migration_per_person_year,in_migration_weight\n".to_owned(),
    );
    let shape = |age: f64| 1.0 / (1.0 + ((age - 68.0) / 9.0).exp());
    let whole: f64 = (0..AGES).map(|age| 2.0 * shape(age as f64)).sum();
    for sex in ["male", "female"] {
        for age in 0..AGES {
            let x = age as f64;
            let rate = 0.0002 + 0.000_04 * (0.092 * x).exp();
            writeln!(deaths, "{sex},{age},{rate}").expect("text");
            let young = (-((x - 27.0) / 9.0).powi(2)).exp();
            let (leaving, within) = (0.02 + 0.05 * young, 0.018 + 0.03 * young);
            writeln!(moves, "{sex},{age},{leaving},{within},{}", 0.02 + young).expect("text");
            for area in 0..areas {
                writeln!(people, "a{area},{sex},{age},{}", (RESIDENTS * shape(x) / whole).round()).expect("text");
            }
        }
    }
    let births: Vec<String> = (15..50).map(|age| format!("{age},{}\n", 1.0 / 35.0)).collect();
    fs::write(folder.join("people.csv"), people)?;
    fs::write(folder.join("deaths.csv"), deaths)?;
    fs::write(folder.join("moves.csv"), moves)?;
    fs::write(folder.join("births.csv"), format!("age,share\n{}", births.concat()))
}

fn compile(areas: usize) -> (PeopleModel, Parameters) {
    let folder = tempfile::tempdir().expect("a folder");
    tables(folder.path(), areas).expect("tables");
    let text = SCENARIO.replace("ARRIVALS", &(2_300 * areas).to_string());
    let distance = (0..areas * areas).map(|i| 1.0 + (i / areas).abs_diff(i % areas) as f64).collect();
    let area = |i: usize| Area { id: format!("a{i}"), label: Text::name(format!("a{i}")), tile: None };
    let site = Site {
        areas: (0..areas).map(area).collect(),
        map: None,
        distance,
        first_year: 2024,
        start: 2024,
        end: 2024 + YEARS - 1,
        projects: Vec::new(),
        common_delay: None,
        has_people: true,
        has_registration: false,
    };
    let session = LoadSession::default();
    let file = session.diagnostics.add_file(&folder.path().join("scenario.toml"), text.clone());
    let tree = value::parse(&text, file, &session.diagnostics);
    let mut catalogue = Catalogue::new(areas, YEARS as usize);
    let root = Section::open(&session, String::new(), &tree, ROOT).expect("a table");
    let people = root.section("people").expect("people");
    let model = population::read(&people, &site, &mut catalogue).expect("a scenario without faults");
    (model, Parameters::new(session.parameters(), site.first_year, site.years(), &site.area_ids()))
}

fn ten_years(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("people/ten years");
    group.sample_size(20);
    for areas in [1, 13, 100, 1_000] {
        let (model, parameters) = compile(areas);
        let (mut state, mut draw, mut path) = (model.state(), parameters.blank(), 0);
        group.bench_function(BenchmarkId::from_parameter(areas), |bencher| {
            bencher.iter(|| {
                path += 1;
                parameters.draw(1, path, &mut draw);
                let context =
                    PeopleContext { draw: &draw, path: RngSource::new(1, path), chance: RngSource::new(1, path) };
                state.open(&context);
                for year in 0..YEARS as usize {
                    state.advance(&context, year);
                }
                state.view().births[0]
            });
        });
    }
    group.finish();
}

/// The same ten years as one would write them down: an array for each count, `rand_distr` for each draw, one stream
/// after the other and no paths. What the engine costs beside it is the price (or the gain) of the house.
struct Plain {
    people: Vec<u32>,
    /// Probabilities by sex and age: of dying, of leaving, of moving.
    risks: Vec<[f64; 3]>,
    arrivals: Vec<f64>,
}

impl Plain {
    fn new(model: &PeopleModel) -> Self {
        let risk = |cell: usize| {
            let (sex, age) = (cell / AGES, cell % AGES);
            let m = &model.mortality.rates[sex][age];
            [m, &model.migration.out_rates[sex][age], &model.migration.internal_rates[sex][age]]
                .map(|rate| 1.0 - (-rate).exp())
        };
        let shape = |cell: usize| model.migration.in_migration[0].profile[cell / AGES][cell % AGES];
        Self {
            people: model.base.people.counts.clone(),
            risks: (0..2 * AGES).map(risk).collect(),
            arrivals: (0..2 * AGES).map(|cell| 2_300.0 * shape(cell)).collect(),
        }
    }

    fn year(&mut self, areas: usize, rng: &mut Stream) {
        let cells = 2 * AGES;
        let (mut end, mut women) = (vec![0_u32; self.people.len()], vec![0_u32; areas]);
        for area in 0..areas {
            for cell in 0..cells {
                let mut left = self.people[area * cells + cell];
                women[area] += if cell > AGES && (15..50).contains(&(cell - AGES)) { left } else { 0 };
                let next = if cell % AGES == AGES - 1 { cell } else { cell + 1 };
                for (way, risk) in self.risks[cell].into_iter().enumerate() {
                    let gone = Binomial::new(u64::from(left), risk).expect("a law").sample(rng) as u32;
                    left -= gone;
                    for _ in 0..if way == 2 { gone } else { 0 } {
                        let to = rng.word() as usize % areas;
                        end[to * cells + next] += 1;
                    }
                }
                let came = Poisson::new(self.arrivals[cell].max(1e-9)).expect("a law").sample(rng) as u32;
                end[area * cells + next] += left + came;
            }
        }
        for (area, women) in women.into_iter().enumerate() {
            let births = Poisson::new(f64::from(women.max(1)) / 35.0).expect("a law").sample(rng) as u64;
            let boys = Binomial::new(births, 0.515).expect("a law").sample(rng);
            end[area * cells] += boys as u32;
            end[area * cells + AGES] += (births - boys) as u32;
        }
        self.people = end;
    }
}

fn plain_ten_years(criterion: &mut Criterion) {
    let (model, _) = compile(13);
    let mut rng = RngSource::new(1, 0).cell(StreamKey::named("bench.plain"), 0, 0);
    criterion.bench_function("people/ten years, 13 areas, written plainly", |bencher| {
        bencher.iter(|| {
            let mut plain = Plain::new(&model);
            (0..YEARS).for_each(|_| plain.year(13, &mut rng));
            plain.people[0]
        });
    });
}

criterion_group!(benches, ten_years, plain_ten_years);
criterion_main!(benches);
