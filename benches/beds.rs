//! Speed of beds: one ward beside a plain hand-written event list of the same work, and the three tiers of the flagship.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;
use std::path::Path;

use civicap::context::ReplicationContext;
use civicap::input::{LoadSession, Section, value};
use civicap::metric::{Catalogue, Record};
use civicap::population::view::{AGES, People, YearView};
use civicap::random::{RngSource, Stream, StreamKey, standard_normal};
use civicap::run::ReplicationWorkspace;
use civicap::scenario::{self, Request, load};
use civicap::services::health;
use civicap::services::service::Service;
use civicap::services::service_signals::ServiceSignals;
use civicap::site::{self, Site};
use civicap::uncertainty::Parameters;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand_distr::{Distribution, Exp1};

/// Ten years of 20 requests a day.
const PATIENTS: u64 = 20 * 3653;

/// What one would write by hand: a heap of departures, a queue, one event after the other.
fn plain_ward(stream: &mut Stream) -> f64 {
    let (mu, sigma) = (5.0_f64.ln() - 0.5 * 2.44_f64.ln(), 2.44_f64.ln().sqrt());
    let mut departures: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
    let mut queue: VecDeque<(f64, f64)> = VecDeque::new();
    let (mut now, mut census, mut census_days) = (0.0, 0_u32, 0.0);
    for _ in 0..PATIENTS {
        let arrival = now + Distribution::<f64>::sample(&Exp1, stream) / 20.0;
        let stay = (mu + sigma * standard_normal(stream)).exp();
        while let Some(&Reverse(bits)) = departures.peek() {
            let departure = f64::from_bits(bits);
            if departure > arrival {
                break;
            }
            departures.pop();
            census_days += f64::from(census) * (departure - now);
            now = departure;
            if let Some((_, waiting_stay)) = queue.pop_front() {
                departures.push(Reverse((now + waiting_stay).to_bits()));
            } else {
                census -= 1;
            }
        }
        census_days += f64::from(census) * (arrival - now);
        now = arrival;
        if census < 110 {
            census += 1;
            departures.push(Reverse((now + stay).to_bits()));
        } else {
            queue.push_back((now, stay));
        }
    }
    census_days
}

fn ward(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook/ward-lognormal.toml");
    let loaded = load(&path, Request::default());
    let plan = loaded.plan.expect("the ward scenario is sound");
    let mut scratch = ReplicationWorkspace::new(&plan);
    let mut cells = vec![0; plan.catalogue.cells()];
    let mut group = criterion.benchmark_group("ward");
    group.throughput(Throughput::Elements(PATIENTS));
    let mut number = 0;
    group.bench_function(BenchmarkId::new("civicap", "20 a day, 110 beds"), |bench| {
        bench.iter(|| {
            number += 1;
            scratch.replicate(1, number, &mut cells);
            black_box(&cells);
        });
    });
    let streams = RngSource::new(1, 1);
    group.bench_function(BenchmarkId::new("plain event list", "20 a day, 110 beds"), |bench| {
        bench.iter(|| {
            number += 1;
            black_box(plain_ward(&mut streams.cell(StreamKey::named("plain"), number, 0)))
        });
    });
    group.finish();
}

/// The people of a table, as they are on one day.
fn people(path: &Path, areas: &[&str]) -> People {
    let text = std::fs::read_to_string(path).expect("the flagship's tables are there");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let heading: Vec<&str> = lines.next().expect("a heading").split(',').collect();
    let column = |name: &str| heading.iter().position(|h| *h == name).expect("a column");
    let mut people = People::nobody(areas.len());
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let area = areas.iter().position(|a| *a == cells[column("area")]).expect("an area");
        let sex = usize::from(cells[column("sex")] == "female");
        let age = cells[column("age")];
        let (from, to) = match (age.strip_suffix('+'), age.split_once('-')) {
            (Some(from), _) => (from.parse().expect("an age"), AGES - 1),
            (None, Some((from, to))) => (from.parse().expect("an age"), to.parse().expect("an age")),
            (None, None) => (age.parse().expect("an age"), age.parse().expect("an age")),
        };
        let count: u32 = cells[column("persons")].parse().expect("a count");
        let width = (to - from + 1) as u32;
        for at in from..=to {
            people.counts[People::cell(area, sex, at)] += count / width;
        }
    }
    people
}

/// The beds of the flagship with the people of the census, who stay as they are.
struct Flagship {
    site: Site,
    catalogue: Catalogue,
    parameters: Parameters,
    service: Box<dyn Service>,
    people: People,
    stock: People,
    births: Vec<u32>,
}

fn flagship() -> Flagship {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    let path = folder.join("scenario.toml");
    let text = std::fs::read_to_string(&path).expect("the flagship is there");
    let session = LoadSession::default();
    let file = session.diagnostics.add_file(&path, text.clone());
    let document = value::parse(&text, file, &session.diagnostics);
    let root = Section::open(&session, String::new(), &document, scenario::KEYS.as_slice()).expect("a document");
    let site::Areas { list: areas, map, distance } = site::read_areas(root.section("areas").as_ref()).expect("areas");
    let site = Site {
        areas,
        map,
        distance,
        first_year: 2024,
        start: 2024,
        end: 2035,
        projects: site::read_projects(&root, None),
        common_delay: None,
        has_people: true,
        has_registration: false,
    };
    let mut catalogue = Catalogue::new(site.areas.len(), site.reported_years());
    let service = (health::KIND.read)(&root.section("health").expect("beds"), &site, &mut catalogue);
    let parameters = Parameters::new(session.parameters(), 2024, site.years(), &site.area_ids());
    let ids = site.area_ids();
    let (people, stock) =
        (people(&folder.join("data/population.csv"), &ids), people(&folder.join("data/students.csv"), &ids));
    let births = vec![5_500 / site.areas.len() as u32; site.areas.len()];
    Flagship { service: service.expect("beds without faults"), site, catalogue, parameters, people, stock, births }
}

fn network(criterion: &mut Criterion) {
    let flagship = flagship();
    let mut cells = vec![0; flagship.catalogue.cells()];
    let mut draw = flagship.parameters.blank();
    let mut state = flagship.service.state();
    let mut replicate = |number: u32| {
        flagship.parameters.draw(1, number / 2, &mut draw);
        let chance = RngSource::new(1, number);
        let context = ReplicationContext { site: &flagship.site, draw: &draw, chance };
        let mut record = Record::new(&flagship.catalogue, &mut cells);
        let mut signals = ServiceSignals::default();
        for index in 0..flagship.site.years() {
            let (start, end) = (&flagship.people, &flagship.people);
            let (group_quarters, births) = (&flagship.stock, flagship.births.as_slice());
            let year = 2024 + index as i32;
            let view = YearView {
                year,
                index,
                reported: Some(index),
                start,
                end,
                group_quarters,
                births,
                registered: None,
                flows: None,
            };
            if index == 0 {
                state.open(&context, &view);
            }
            state.serve(&context, &view, &mut signals, &mut record);
        }
        record.close();
        let demand = |block| -> f64 {
            (0..12).map(|y| record.get(block, 0_usize, 13, y) + record.get(block, 10_usize, 13, y)).sum()
        };
        let tiers = flagship.catalogue.blocks().filter(|(_, block)| block.promise.is_some());
        tiers.map(|(block, _)| demand(block)).sum::<f64>()
    };
    let patients = (0..8).map(&mut replicate).sum::<f64>() / 8.0;
    let mut group = criterion.benchmark_group("three tiers, 12 years");
    group.sample_size(10).throughput(Throughput::Elements(patients as u64));
    let mut number = 0;
    group.bench_function("flagship", |bench| {
        bench.iter(|| {
            number += 1;
            black_box(replicate(number))
        });
    });
    group.finish();
}

criterion_group!(benches, ward, network);
criterion_main!(benches);
