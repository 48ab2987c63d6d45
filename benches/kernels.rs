//! Draws a second of every sampler, each from a fresh keyed stream as in the yearly loop, beside the bare generator and
//! beside `rand_distr`.
#![allow(missing_docs, clippy::unwrap_used)]

use civicap::random::{
    AliasTable, binomial, competing_exits, gamma, hypergeometric, multinomial, poisson, standard_normal, weibull,
};
use civicap::random::{RngSource, Stream, StreamKey};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use rand_distr::Distribution;
use std::hint::black_box;
use std::time::Duration;

const CELLS: u32 = 2_600;
const PURPOSE: StreamKey = StreamKey::named("bench.kernels");

/// One draw for each of the 2,600 cells of a year.
fn a_year<T>(group: &mut BenchmarkGroup<WallTime>, name: &str, mut draw: impl FnMut(u32, &mut Stream) -> T) {
    let mut year = 0;
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            year += 1;
            let streams = RngSource::new(1, year);
            for cell in 0..CELLS {
                black_box(draw(cell, &mut streams.cell(PURPOSE, 2_024, cell)));
            }
        });
    });
}

/// People and chances of the cells: 0 to 2,000 people, chances 1e-4 to 0.1, evenly on the log scale.
fn cells() -> Vec<(u32, f64)> {
    let mut s = RngSource::new(2, 0).cell(PURPOSE, 0, 0);
    (0..CELLS).map(|_| ((s.uniform() * 2_000.0) as u32, 10_f64.powf(-4.0 + 3.0 * s.uniform()))).collect()
}

fn begin<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(CELLS.into()));
    group.sample_size(30).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_millis(700));
    group
}

fn counts(criterion: &mut Criterion) {
    let cells = cells();
    let mut group = begin(criterion, "counts");
    a_year(&mut group, "bare generator", |_, s| s.uniform());
    a_year(&mut group, "binomial, cells of a district", |i, s| {
        let (n, p) = cells[i as usize];
        binomial(n, p, s)
    });
    a_year(&mut group, "rand_distr Binomial, cells of a district", |i, s| {
        let (n, p) = cells[i as usize];
        rand_distr::Binomial::new(n.into(), p).unwrap().sample(s)
    });
    a_year(&mut group, "competing_exits, cells of a district", |i, s| {
        let (n, p) = cells[i as usize];
        competing_exits(n, p * 0.3, p * 0.7, s)
    });
    for mean in [0.1, 1.0, 3.0, 9.0, 11.0, 50.0, 300.0] {
        let p = mean / 1_000.0;
        a_year(&mut group, &format!("binomial(1000, {p})"), |_, s| binomial(1_000, black_box(p), s));
        a_year(&mut group, &format!("rand_distr Binomial(1000, {p})"), |_, s| {
            rand_distr::Binomial::new(1_000, black_box(p)).unwrap().sample(s)
        });
        a_year(&mut group, &format!("poisson({mean})"), |_, s| poisson(black_box(mean), s));
        a_year(&mut group, &format!("rand_distr Poisson({mean})"), |_, s| {
            rand_distr::Poisson::new(black_box(mean)).unwrap().sample(s)
        });
    }
    a_year(&mut group, "hypergeometric(100, 900, 10)", |_, s| hypergeometric(100, 900, 10, s));
    a_year(&mut group, "hypergeometric(300, 900, 200)", |_, s| hypergeometric(300, 900, 200, s));
    group.finish();
}

fn splits_and_durations(criterion: &mut Criterion) {
    let mut group = begin(criterion, "splits and durations");
    let weights: Vec<f64> = (1..=16).map(f64::from).collect();
    let table = AliasTable::new(&weights).unwrap();
    let mut out = [0; 16];
    a_year(&mut group, "multinomial(200) over 16", |_, s| multinomial(200, &weights, &mut out, s));
    a_year(&mut group, "alias table of 16", |_, s| table.draw(s));
    a_year(&mut group, "standard_normal", |_, s| standard_normal(s));
    a_year(&mut group, "rand_distr StandardNormal", |_, s| -> f64 { rand_distr::StandardNormal.sample(s) });
    a_year(&mut group, "weibull(1.7)", |_, s| weibull(1.7, 1.0, s));
    a_year(&mut group, "gamma(0.5)", |_, s| gamma(0.5, 1.0, s));
    a_year(&mut group, "gamma(5)", |_, s| gamma(5.0, 1.0, s));
    a_year(&mut group, "rand_distr Gamma(5)", |_, s| rand_distr::Gamma::new(5.0_f64, 1.0).unwrap().sample(s));
    group.finish();
}

criterion_group!(kernels, counts, splits_and_durations);
criterion_main!(kernels);
