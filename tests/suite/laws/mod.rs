//! Samplers against their laws, over extreme arguments, a fresh stream for each draw as in the hot loop: chi-square and Kolmogorov-Smirnov with fixed seeds, alpha 0.001.

mod continuous;
mod counts;
mod splits;

use civicap::random::{RngSource, Stream, StreamKey};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The stream of one test case.
fn stream(case: u32) -> Stream {
    RngSource::new(20_240_901, 0).cell(StreamKey::named("test.samplers"), 0, case)
}

/// A stream for each draw, as the hot loop uses them.
fn streams(case: u32) -> impl FnMut() -> Stream {
    let streams = RngSource::new(20_240_902, case);
    let mut cell = 0;
    move || {
        cell += 1;
        streams.cell(StreamKey::named("test.samplers"), 0, cell)
    }
}

/// Chi-square of drawn counts against `probability(k)`, values from 0 up; thin values are pooled to at least 10 expected.
/// `least` and `most` bound the values looked at one by one (all beyond are pooled at the ends).
fn assert_follows(name: &str, draws: &[u32], least: u32, most: u32, probability: impl Fn(u64) -> f64) {
    let total = draws.len() as f64;
    let mut seen = vec![0_u32; (most - least) as usize + 1];
    for &draw in draws {
        seen[(draw.clamp(least, most) - least) as usize] += 1;
    }
    let mut expected: Vec<f64> = (least..=most).map(|k| total * probability(u64::from(k))).collect();
    let inside: f64 = expected.iter().sum();
    assert!((inside / total - 1.0).abs() < 1e-6, "{name}: {inside} of {total} inside the bounds");
    let last = expected.len() - 1;
    expected[last] += total - inside;
    let (mut statistic, mut bins) = (0.0, 0_u32);
    let (mut pooled_seen, mut pooled_expected) = (0.0, 0.0);
    let mut left = total;
    for (&count, &mean) in seen.iter().zip(&expected) {
        pooled_seen += f64::from(count);
        pooled_expected += mean;
        if pooled_expected >= 10.0 && left - pooled_expected >= 10.0 {
            statistic += (pooled_seen - pooled_expected).powi(2) / pooled_expected;
            left -= pooled_expected;
            bins += 1;
            (pooled_seen, pooled_expected) = (0.0, 0.0);
        }
    }
    if pooled_expected > 0.0 {
        statistic += (pooled_seen - pooled_expected).powi(2) / pooled_expected;
        bins += 1;
    }
    if bins < 2 {
        assert!((pooled_seen - pooled_expected).abs() <= 10.0, "{name}: one bin, {pooled_seen} seen");
        return;
    }
    let limit = ChiSquared::new(f64::from(bins - 1)).unwrap().inverse_cdf(0.999);
    assert!(statistic < limit, "{name}: chi-square {statistic:.1} on {} degrees, limit {limit:.1}", bins - 1);
}

/// Kolmogorov-Smirnov of `draws` against a distribution function; alpha 0.001.
fn assert_distributed(name: &str, mut draws: Vec<f64>, distribution: impl Fn(f64) -> f64) {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let gap = draws.iter().enumerate().fold(0.0_f64, |gap, (i, &x)| {
        let p = distribution(x);
        gap.max((p - i as f64 / n).abs()).max(((i + 1) as f64 / n - p).abs())
    });
    let limit = 1.949_47 / n.sqrt();
    assert!(gap < limit, "{name}: largest gap {gap:.5}, limit {limit:.5}");
}

/// The sample mean lies within four standard errors of the theory.
fn assert_mean(name: &str, draws: &[f64], mean: f64, sd: f64) {
    let n = draws.len() as f64;
    let z = (draws.iter().sum::<f64>() / n - mean) / (sd / n.sqrt());
    assert!(z.abs() < 4.0, "{name}: z = {z:.2} over {n} draws");
}
