//! What a user waits for: reading a scenario, one replication, a run on 1 to n threads, summaries and a report.
//!
//! Units: replications a second; milliseconds for a scenario or a report. Compare ratios inside one run.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use civicap::language::Language;
use civicap::report::{build, html, tidy};
use civicap::run::{ReplicationWorkspace, Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::{RunSummary, headlines, verdicts};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const TINY: &str = "scenarios/tiny/scenario.toml";
const LIXIA: &str = "scenarios/lixia/scenario.toml";

fn plan(file: &str) -> Plan {
    load(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file), Request::default()).plan.unwrap()
}

fn results(plan: &Plan, replications: usize, threads: usize) -> Results {
    simulate(plan, RunOptions { replications, seed: 1, threads }, &(), &AtomicBool::new(false)).unwrap()
}

fn session(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reading");
    for (name, file) in [("tiny", TINY), ("lixia", LIXIA)] {
        group.bench_function(name, |bencher| bencher.iter(|| black_box(plan(file))));
    }
}

fn replication(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.throughput(Throughput::Elements(1));
    for (name, file) in [("tiny", TINY), ("lixia", LIXIA)] {
        let plan = plan(file);
        let mut scratch = ReplicationWorkspace::new(&plan);
        let mut cells = vec![0; plan.catalogue.cells()];
        let mut number = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                scratch.replicate(1, number, &mut cells);
                number += 1;
            });
        });
    }
}

/// The same 64 replications of the flagship, and ever more of the tiny district, on 1 to n threads.
fn threads(criterion: &mut Criterion) {
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    let mut group = criterion.benchmark_group("threads");
    let lixia = plan(LIXIA);
    group.throughput(Throughput::Elements(64));
    let mut count = 1;
    while count <= most {
        group.bench_with_input(BenchmarkId::new("lixia, 64 replications", count), &count, |bencher, &count| {
            bencher.iter(|| black_box(results(&lixia, 64, count)));
        });
        count *= 2;
    }
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth in replications");
    let tiny = plan(TINY);
    for replications in [1_000, 4_000, 16_000] {
        group.throughput(Throughput::Elements(replications as u64));
        group.bench_with_input(
            BenchmarkId::new("tiny, run and summary", replications),
            &replications,
            |bencher, &n| {
                bencher.iter(|| black_box(RunSummary::new(&tiny, &results(&tiny, n, 1))));
            },
        );
    }
}

/// The tiny district with another last year, and its school split into so many facilities of one class a grade.
fn tiny_with(last_year: i32, schools: usize) -> Plan {
    let folder = tempfile::tempdir().unwrap();
    let tiny = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny");
    for entry in std::fs::read_dir(tiny).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let edit = |name: &str, edited: &dyn Fn(String) -> String| {
        let path = folder.path().join(name);
        std::fs::write(&path, edited(std::fs::read_to_string(&path).unwrap())).unwrap();
    };
    edit("scenario.toml", &|text| text.replace("end = 2026", &format!("end = {last_year}")));
    edit("education_supply.csv", &|text| {
        let head: String =
            text.lines().take_while(|line| !line.starts_with("new_school")).map(|l| format!("{l}\n")).collect();
        let row = |i| format!("school_{i},学校{i},School {i},district,primary,public,6,45,2024-09-01,,\n");
        head + &(0..schools).map(row).collect::<String>()
    });
    let loaded = load(&folder.path().join("scenario.toml"), Request::default());
    loaded.plan.expect("the tiny district stays sound")
}

fn years_and_facilities(criterion: &mut Criterion) {
    let mut one_replication = |name: &str, cases: &[(usize, Plan)]| {
        let mut group = criterion.benchmark_group(name);
        for (size, plan) in cases {
            let (mut scratch, mut cells, mut number) =
                (ReplicationWorkspace::new(plan), vec![0; plan.catalogue.cells()], 0);
            group.throughput(Throughput::Elements(*size as u64));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                bencher.iter(|| {
                    scratch.replicate(1, number, &mut cells);
                    number += 1;
                });
            });
        }
    };
    one_replication("growth in years", &[3, 12, 48].map(|years| (years, tiny_with(2023 + years as i32, 4))));
    one_replication("growth in schools", &[1, 10, 100].map(|schools| (schools, tiny_with(2026, schools))));
}

fn reports(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report of the flagship, 100 replications");
    let plan = plan(LIXIA);
    let results = results(&plan, 100, 0);
    group.bench_function("statistics", |bencher| bencher.iter(|| black_box(RunSummary::new(&plan, &results))));
    let digest = RunSummary::new(&plan, &results);
    let verdicts = verdicts(&plan, &results, &digest);
    let worst: Vec<_> = verdicts.iter().map(|v| (v.block, v.worst_year.0)).collect();
    group.bench_function("where the uncertainty comes from", |bencher| {
        bencher.iter(|| black_box(headlines(&plan, &results, &digest, &worst)));
    });
    let headlines = headlines(&plan, &results, &digest, &worst);
    group.bench_function("summary.csv", |bencher| bencher.iter(|| black_box(tidy::summary_csv(&plan, &digest))));
    group.bench_function("report.html", |bencher| {
        bencher.iter(|| {
            let report = build(&plan, &results, &digest, &verdicts, &headlines);
            black_box(html::render(&report, Language::Zh))
        });
    });
}

fn quick() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .without_plots()
}

criterion_group!(name = benches; config = quick(); targets = session, replication, threads, growth, years_and_facilities, reports);
criterion_main!(benches);
