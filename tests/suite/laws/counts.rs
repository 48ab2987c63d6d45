//! Laws of single counts: binomial, Poisson, hypergeometric.

use super::{assert_follows, assert_mean, stream, streams};
use civicap::random::{binomial, hypergeometric, noncentral_hypergeometric, noncentral_hypergeometric_at, poisson};
use statrs::distribution::{Binomial, Discrete, Poisson};

const DRAWS: usize = 200_000;

/// Mean plus and minus ten standard deviations and a margin for skew, inside [0, most].
fn bounds(mean: f64, sd: f64, most: u32) -> (u32, u32) {
    let least = (mean - 10.0 * sd).max(0.0) as u32;
    (least, ((mean + 10.0 * sd + 20.0) as u32).min(most))
}

fn binomial_follows(case: u32, n: u32, p: f64) {
    let mut next = streams(case);
    let draws: Vec<u32> = (0..DRAWS).map(|_| binomial(n, p, &mut next())).collect();
    assert!(draws.iter().all(|&k| k <= n));
    let (least, most) = bounds(f64::from(n) * p, (f64::from(n) * p * (1.0 - p)).sqrt(), n);
    let law = Binomial::new(p, u64::from(n)).unwrap();
    assert_follows(&format!("binomial({n}, {p})"), &draws, least, most, |k| law.pmf(k));
}

#[test]
fn binomial_follows_its_law_by_inversion_and_by_rejection() {
    let cases = [
        (1, 0.3),
        (2, 0.5),
        (7, 0.5),
        (19, 0.5),
        (20, 0.5),
        (21, 0.5),
        (30, 0.33),
        (2_000, 0.0124),
        (2_000, 0.0126),
        (51, 0.4999),
        (49, 0.5),
        (30, 0.34),
        (100, 0.0999),
        (100, 0.1001),
        (300, 0.004),
        (2_000, 0.004_99),
        (2_000, 0.005_01),
        (2_000, 0.02),
        (400, 0.11),
        (1_000, 0.5),
        (50, 0.97),
        (40, 0.75),
        (2_000, 0.999_5),
        (2_000, 0.996),
        (20_000, 0.9995),
        (65_536, 1e-4),
        (65_537, 1e-4),
        (100_000, 0.3),
    ];
    for (case, (n, p)) in (0..).zip(cases) {
        binomial_follows(case, n, p);
    }
}

#[test]
fn binomial_follows_its_law_beyond_a_million() {
    for (case, (n, p)) in (100..).zip([(2_000_000, 1e-6), (5_000_000, 1e-5), (3_000_000, 0.999_999), (1_500_000, 0.4)])
    {
        binomial_follows(case, n, p);
    }
}

#[test]
fn binomial_of_certain_cases_is_certain_and_draws_nothing() {
    let mut s = stream(1);
    let untouched = s.clone().bits();
    for (n, p, answer) in
        [(0, 0.5, 0), (9, 0.0, 0), (9, -1.0, 0), (9, f64::NAN, 0), (9, 1.0, 9), (9, 2.0, 9), (u32::MAX, 1.0, u32::MAX)]
    {
        assert_eq!(binomial(n, p, &mut s), answer);
    }
    assert_eq!(s.bits(), untouched);
}

#[test]
fn binomial_of_hardly_any_chance_keeps_its_mean() {
    let mut s = stream(2);
    assert!((0..DRAWS).all(|_| binomial(1_000, 1e-15, &mut s) == 0), "n p is 1e-12");
    assert!((0..DRAWS).all(|_| binomial(1_000, 1.0 - 1e-15, &mut s) == 1_000), "n (1 - p) is 1e-12");
    let draws: Vec<f64> = (0..5_000_000).map(|_| f64::from(binomial(1_000, 1e-8, &mut s))).collect();
    assert_mean("binomial(1000, 1e-8)", &draws, 1e-5, 1e-5_f64.sqrt());
}

#[test]
fn binomial_of_four_thousand_million_keeps_its_mean() {
    for (case, p) in (3..).zip([1e-9, 1e-3, 0.5, 0.999_999_999]) {
        let mut s = stream(case);
        let n = f64::from(u32::MAX);
        let draws: Vec<f64> = (0..DRAWS).map(|_| f64::from(binomial(u32::MAX, p, &mut s))).collect();
        assert_mean(&format!("binomial(max, {p})"), &draws, n * p, (n * p * (1.0 - p)).sqrt());
        let squares: Vec<f64> = draws.iter().map(|k| (k - n * p).powi(2)).collect();
        let variance = n * p * (1.0 - p);
        // fourth moment of the binomial: 3 v^2 + v (1 - 6 p q)
        let spread = (2.0 * variance * variance + variance * (1.0 - 6.0 * p * (1.0 - p))).sqrt();
        assert_mean(&format!("variance of binomial(max, {p})"), &squares, variance, spread);
    }
}

#[test]
fn poisson_follows_its_law_on_both_sides_of_the_switch() {
    let means = [1e-3, 0.1, 0.7, 3.0, 9.999, 12.5, 24.999, 25.0, 25.001, 37.0, 150.0, 2_500.0, 1e6];
    for (case, mean) in (200..).zip(means) {
        let mut next = streams(case);
        let draws: Vec<u32> = (0..DRAWS).map(|_| poisson(mean, &mut next())).collect();
        let (least, most) = bounds(mean, mean.sqrt(), u32::MAX);
        let law = Poisson::new(mean).unwrap();
        assert_follows(&format!("poisson({mean})"), &draws, least, most, |k| law.pmf(k));
    }
}

#[test]
fn poisson_of_nothing_is_nothing() {
    let mut s = stream(10);
    for mean in [0.0, -1.0, f64::NAN, 1e-15] {
        assert_eq!(poisson(mean, &mut s), 0);
    }
}

/// ln of the ways to choose k of n (the reference crate's own law overflows beyond some hundred thousand).
fn log_ways(n: f64, k: f64) -> f64 {
    libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
}

#[test]
fn hypergeometric_follows_its_law_on_both_sides_of_the_switch() {
    let cases = [
        (5, 5, 5),
        (1, 9, 4),
        (16, 400, 100),
        (17, 400, 100),
        (17, 1_000_000, 200),
        (400, 17, 300),
        (30, 40, 35),
        (30, 40, 60),
        (100, 900, 16),
        (100, 900, 17),
        (900, 100, 983),
        (900, 100, 984),
        (500_000, 500_000, 500_000),
        (1_000_000, 500, 30_000),
        (300, 600_000, 400_000),
    ];
    for (case, (good, bad, draws)) in (400..).zip(cases) {
        let mut next = streams(case);
        let drawn: Vec<u32> = (0..DRAWS).map(|_| hypergeometric(good, bad, draws, &mut next())).collect();
        let stock = f64::from(good) + f64::from(bad);
        let share = f64::from(good) / stock;
        let mean = f64::from(draws) * share;
        let sd = (mean * (1.0 - share) * (stock - f64::from(draws)) / (stock - 1.0)).sqrt();
        let (least, most) = bounds(mean, sd, good.min(draws));
        let (good, bad, taken) = (f64::from(good), f64::from(bad), f64::from(draws));
        let probability = |k: u64| {
            let k = k as f64;
            if taken - k > bad {
                return 0.0;
            }
            (log_ways(good, k) + log_ways(bad, taken - k) - log_ways(stock, taken)).exp()
        };
        assert_follows(&format!("hypergeometric({good}, {bad}, {draws})"), &drawn, least, most, probability);
    }
}

#[test]
fn hypergeometric_of_certain_cases_is_certain_and_draws_nothing() {
    let mut s = stream(12);
    let untouched = s.clone().bits();
    for (good, bad, draws, answer) in
        [(0, 5, 3, 0), (5, 0, 3, 3), (5, 5, 0, 0), (5, 7, 12, 5), (5, 7, 99, 5), (0, 0, 4, 0)]
    {
        assert_eq!(hypergeometric(good, bad, draws, &mut s), answer);
    }
    assert_eq!(s.bits(), untouched);
}

/// Exact masses of Fisher's law, from 0 to `draws`: every term of it, over their sum.
fn fisher_masses(good: u32, bad: u32, draws: u32, odds: f64) -> Vec<f64> {
    let (g, b, d) = (f64::from(good), f64::from(bad), f64::from(draws));
    let logs: Vec<f64> = (0..=draws)
        .map(|x| {
            let k = f64::from(x);
            if x > good || d - k > b { f64::NEG_INFINITY } else { log_ways(g, k) + log_ways(b, d - k) + k * odds.ln() }
        })
        .collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    logs.iter().map(|log| (log - most).exp() / total).collect()
}

const UNEVEN: [(u32, u32, u32, f64); 14] = [
    (1, 1, 1, 0.25),
    (5, 5, 5, 3.0),
    (190, 110, 10, 0.4),
    (190, 110, 10, 1.0),
    (3, 400, 60, 25.0),
    (400, 3, 60, 0.02),
    (30, 40, 60, 6.0),
    (30, 40, 69, 0.1),
    (50, 50, 50, 1e-6),
    (50, 50, 50, 1e6),
    (900, 100, 500, 0.3),
    (20_000, 10_000, 9_000, 1.7),
    (500_000, 500_000, 500_000, 0.8),
    (1_000_000, 500, 30_000, 0.01),
];

#[test]
fn fishers_law_is_followed_at_any_odds() {
    for (case, (good, bad, draws, odds)) in (600..).zip(UNEVEN) {
        let mut next = streams(case);
        let drawn: Vec<u32> =
            (0..DRAWS).map(|_| noncentral_hypergeometric(good, bad, draws, odds, &mut next())).collect();
        let exact = fisher_masses(good, bad, draws, odds);
        let mean: f64 = exact.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
        let variance: f64 = exact.iter().enumerate().map(|(k, p)| (k as f64 - mean).powi(2) * p).sum();
        let (least, most) = bounds(mean, variance.sqrt(), good.min(draws));
        let least = least.saturating_sub(20);
        let name = format!("noncentral_hypergeometric({good}, {bad}, {draws}, {odds})");
        assert_follows(&name, &drawn, least, most, |k| exact[k as usize]);
    }
}

/// An even grid of uniform numbers, so that shares are the law's own.
#[test]
fn every_number_of_fishers_law_has_its_share_of_the_uniforms() {
    const STEPS: u32 = 200_000;
    for (good, bad, draws, odds) in UNEVEN.into_iter().filter(|law| law.0 < 1_000) {
        let exact = fisher_masses(good, bad, draws, odds);
        let mut shares = vec![0.0; exact.len()];
        for step in 0..STEPS {
            let u = (f64::from(step) + 0.5) / f64::from(STEPS);
            let taken = noncentral_hypergeometric_at(good, bad, draws, odds, u);
            assert!(taken <= good.min(draws) && draws - taken <= bad);
            shares[taken as usize] += 1.0 / f64::from(STEPS);
        }
        for (k, (share, exact)) in shares.iter().zip(&exact).enumerate() {
            assert!((share - exact).abs() < 2e-5, "({good}, {bad}, {draws}, {odds}), {k}: {share} {exact}");
        }
    }
}

#[test]
fn fishers_law_of_certain_cases_is_certain_and_draws_nothing() {
    let mut s = stream(14);
    let untouched = s.clone().bits();
    for odds in [0.0, 1.0, 7.0] {
        for (good, bad, draws, answer) in [(0, 5, 3, 0), (5, 0, 3, 3), (5, 5, 0, 0), (5, 7, 12, 5), (5, 7, 99, 5)] {
            assert_eq!(noncentral_hypergeometric(good, bad, draws, odds, &mut s), answer);
        }
    }
    assert_eq!(s.bits(), untouched);
    for u in [1e-9, 0.5, 1.0 - 1e-9] {
        assert_eq!(noncentral_hypergeometric_at(50, 30, 40, 0.0, u), 10, "good ones only when no bad one is left");
        assert_eq!(
            noncentral_hypergeometric_at(50, 30, 40, f64::INFINITY, u),
            40,
            "bad ones only when no good one is left"
        );
    }
}
