//! The samplers follow their laws, at ordinary and at extreme parameters, on both sides of every change of algorithm.
//!
//! Fixed seeds; each chi-square test fails by chance with probability 0.0001, the whole file with less than 0.01.

use civicap::random::{
    AliasTable, Binomial, RngSource, Stream, StreamKey, binomial, competing_exits, gamma, hypergeometric, multinomial,
    multivariate_hypergeometric, normal_cdf, normal_quantile, poisson, standard_normal, weibull,
};
use statrs::distribution::{ChiSquared, ContinuousCDF};

const DRAWS: u32 = 200_000;
const TEST: StreamKey = StreamKey::named("test.samplers");

fn stream(cell: u32) -> Stream {
    RngSource::new(20_240_101, 0).cell(TEST, 0, cell)
}

/// Chi-square of whole numbers against a law, cells with few expected pooled into their neighbour.
fn assert_law(name: &str, mut draw: impl FnMut() -> u32, mass: impl Fn(u32) -> f64) {
    let mut counts = std::collections::BTreeMap::<u32, u32>::new();
    for _ in 0..DRAWS {
        *counts.entry(draw()).or_default() += 1;
    }
    let (low, high) = (*counts.keys().next().unwrap(), *counts.keys().last().unwrap());
    let (mut statistic, mut cells) = (0.0, 0);
    let (mut expected, mut observed, mut covered) = (0.0, 0.0, 0.0);
    for x in low..=high {
        let probability = mass(x);
        covered += probability;
        expected += probability * f64::from(DRAWS);
        observed += f64::from(*counts.get(&x).unwrap_or(&0));
        if expected >= 20.0 {
            statistic += (observed - expected).powi(2) / expected;
            cells += 1;
            (expected, observed) = (0.0, 0.0);
        }
    }
    // What was never seen must be rare: seeing none of it has probability exp(-draws x missing).
    assert!((1.0 - covered) * f64::from(DRAWS) < 15.0, "{name}: {} of the law never drawn", 1.0 - covered);
    if cells < 2 {
        return;
    }
    let limit = ChiSquared::new(f64::from(cells - 1)).unwrap().inverse_cdf(0.9999);
    // The pooled remainder adds at most one more cell of small expectation.
    assert!(statistic < limit + 4.0, "{name}: chi-square {statistic:.1} over {cells} cells, limit {limit:.1}");
}

fn binomial_mass(n: u32, p: f64, x: u32) -> f64 {
    if x > n {
        return 0.0;
    }
    let (n, x) = (f64::from(n), f64::from(x));
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(n - x + 1.0);
    (choose + x * p.ln() + (n - x) * (-p).ln_1p()).exp()
}

fn poisson_mass(mean: f64, x: u32) -> f64 {
    (f64::from(x) * mean.ln() - mean - libm::lgamma(f64::from(x) + 1.0)).exp()
}

#[test]
fn binomial_numbers_follow_their_law() {
    let cases = [
        (1, 0.5),
        (1, 1e-3),
        (7, 0.5),
        (20, 0.3),
        (1_000, 0.001),
        (1_000, 0.0119),
        (1_000, 0.0121),
        (40, 0.7),
        (2_000, 0.05),
        (100, 0.9999),
        (1_000, 0.999),
        (5_000_000, 1e-9),
        (5_000_000, 2e-6),
        (3_000_000, 1e-4),
        (4_000_000_000, 1e-9),
        (24, 0.5),
        (25, 0.49),
    ];
    for (i, (n, p)) in cases.into_iter().enumerate() {
        let mut s = stream(i as u32);
        assert_law(&format!("binomial({n}, {p})"), || binomial(n, p, &mut s), |x| binomial_mass(n, p, x));
    }
}

#[test]
fn a_huge_binomial_has_its_mean_and_variance() {
    let mut s = stream(100);
    let (n, p) = (2_000_000_000_u32, 0.37);
    let mean = f64::from(n) * p;
    let sd = (mean * (1.0 - p)).sqrt();
    let z: Vec<f64> = (0..DRAWS).map(|_| (f64::from(binomial(n, p, &mut s)) - mean) / sd).collect();
    let count = f64::from(DRAWS);
    let average = z.iter().sum::<f64>() / count;
    let variance = z.iter().map(|z| z * z).sum::<f64>() / count;
    assert!(average.abs() < 4.0 / count.sqrt(), "{average}");
    assert!((variance - 1.0).abs() < 4.0 * (2.0 / count).sqrt(), "{variance}");
}

#[test]
fn certain_and_impossible_events_are_certain_and_impossible() {
    let mut s = stream(200);
    for n in [0, 1, 17, 1_000_000] {
        assert_eq!((binomial(n, 0.0, &mut s), binomial(n, 1.0, &mut s)), (0, n));
        assert_eq!((binomial(n, -1.0, &mut s), binomial(n, 1.5, &mut s)), (0, n));
        assert_eq!(binomial(n, f64::NAN, &mut s), 0);
    }
    assert_eq!((poisson(0.0, &mut s), poisson(-1.0, &mut s)), (0, 0));
    assert_eq!(
        (hypergeometric(5, 0, 3, &mut s), hypergeometric(0, 5, 3, &mut s), hypergeometric(5, 5, 20, &mut s)),
        (3, 0, 5)
    );
}

#[test]
fn a_kept_binomial_gives_the_same_numbers() {
    for (n, p) in [(0, 0.3), (50, 0.02), (50, 0.98), (500, 0.4)] {
        let (kept, mut a, mut b) = (Binomial::new(n, p), stream(300), stream(300));
        for _ in 0..1_000 {
            assert_eq!(kept.draw(&mut a), binomial(n, p, &mut b));
        }
    }
}

#[test]
fn poisson_numbers_follow_their_law() {
    for (i, mean) in [1e-6, 0.01, 1.0, 9.99, 10.01, 35.0, 1_000.0].into_iter().enumerate() {
        let mut s = stream(400 + i as u32);
        assert_law(&format!("poisson({mean})"), || poisson(mean, &mut s), |x| poisson_mass(mean, x));
    }
}

#[test]
fn lottery_counts_are_hypergeometric() {
    let cases =
        [(5, 5, 5), (1, 99, 10), (300, 200, 100), (900, 100, 980), (40_000, 60_000, 5_000), (999_000, 1_000, 500_000)];
    for (i, (good, bad, draws)) in cases.into_iter().enumerate() {
        let mut s = stream(600 + i as u32);
        let log_choose = |n: u32, k: f64| {
            libm::lgamma(f64::from(n) + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(f64::from(n) - k + 1.0)
        };
        let mass = |x: u32| {
            let (x, d) = (f64::from(x), f64::from(draws));
            (log_choose(good, x) + log_choose(bad, d - x) - log_choose(good + bad, d)).exp()
        };
        assert_law(
            &format!("hypergeometric({good}, {bad}, {draws})"),
            || hypergeometric(good, bad, draws, &mut s),
            mass,
        );
    }
}

#[test]
fn parts_add_to_the_whole() {
    let mut s = stream(700);
    for n in [0, 1, 13, 100_000] {
        let mut parts = [0; 5];
        multinomial(n, &[0.0, 3.0, 1e-12, 2.0, 0.0], &mut parts, &mut s);
        assert_eq!(parts.iter().sum::<u32>(), n);
        assert_eq!((parts[0], parts[4]), (0, 0));
        multivariate_hypergeometric(&[3, 0, 50_000, 7, 60_000], n, &mut parts, &mut s);
        assert_eq!(parts.iter().sum::<u32>(), n);
        let (first, second) = competing_exits(n, 0.3, 0.7, &mut s);
        assert_eq!(first + second, n);
    }
}

#[test]
fn competing_exits_are_trinomial_in_each_part() {
    let mut s = stream(800);
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..DRAWS {
        let (first, second) = competing_exits(400, 0.004, 0.03, &mut s);
        firsts.push(first);
        seconds.push(second);
    }
    let mut drawn = firsts.iter().copied();
    assert_law("first exit", || drawn.next().unwrap(), |x| binomial_mass(400, 0.004, x));
    let mut drawn = seconds.iter().copied();
    assert_law("second exit", || drawn.next().unwrap(), |x| binomial_mass(400, 0.03, x));
}

/// Kolmogorov-Smirnov at alpha 0.0001 (critical value 2.225 / sqrt n).
fn assert_continuous(name: &str, mut draw: impl FnMut() -> f64, cdf: impl Fn(f64) -> f64) {
    let mut values: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
    values.sort_by(f64::total_cmp);
    let n = f64::from(DRAWS);
    let distance = values.iter().enumerate().fold(0.0_f64, |worst, (i, x)| {
        let at = cdf(*x);
        worst.max((at - i as f64 / n).abs()).max(((i + 1) as f64 / n - at).abs())
    });
    assert!(distance < 2.225 / n.sqrt(), "{name}: distance {distance}");
}

#[test]
fn continuous_numbers_follow_their_laws() {
    let mut s = stream(1_000);
    assert_continuous("normal", || standard_normal(&mut s), normal_cdf);
    assert_continuous("weibull", || weibull(1.7, 3.0, &mut s), |x| 1.0 - (-(x / 3.0).powf(1.7)).exp());
    for (shape, scale) in [(0.3, 2.0), (1.0, 1.0), (2.5, 0.1), (400.0, 3.0)] {
        let law = statrs::distribution::Gamma::new(shape, 1.0 / scale).unwrap();
        assert_continuous(&format!("gamma({shape})"), || gamma(shape, scale, &mut s), |x| law.cdf(x));
    }
}

#[test]
fn the_normal_quantile_inverts_the_distribution_function() {
    for i in 1..200 {
        let x = f64::from(i - 100) / 13.0;
        let p = normal_cdf(x);
        if p > 1e-12 && p < 1.0 - 1e-12 {
            assert!((normal_quantile(p) - x).abs() < 1e-7 * x.abs().max(1.0) / p.min(1.0 - p).max(1e-4), "at {x}");
        }
    }
    assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
}

#[test]
fn alias_tables_draw_their_weights() {
    let weights = [0.0, 3.0, 1.0, 0.5, 5.5];
    let table = AliasTable::new(&weights).unwrap();
    let mut s = stream(1_100);
    assert_law("alias", || table.draw(&mut s) as u32, |x| weights[x as usize] / 10.0);
    assert!(
        AliasTable::new(&[0.0]).is_none() && AliasTable::new(&[-1.0, 2.0]).is_none() && AliasTable::new(&[]).is_none()
    );
}

/// Numbers as every machine draws them: a change here is a value change and belongs in the changelog.
#[test]
fn the_numbers_drawn_do_not_move() {
    let mut s = stream(0);
    let whole = [
        binomial(50, 0.1, &mut s),
        binomial(5_000, 0.3, &mut s),
        poisson(4.0, &mut s),
        poisson(400.0, &mut s),
        hypergeometric(60, 40, 30, &mut s),
    ];
    let real = [
        standard_normal(&mut s),
        gamma(2.5, 1.0, &mut s),
        gamma(0.4, 3.0, &mut s),
        gamma(1.0, 2.0, &mut s),
        weibull(1.7, 3.0, &mut s),
    ];
    assert_eq!(format!("{whole:?} {real:?}"), include_str!("golden/samplers.txt").trim_end());
}
