//! Laws of durations, shares and factors.

use super::{assert_distributed, stream};
use civicap::random::{beta, exponential, gamma, lognormal, normal_cdf, standard_normal, weibull};
use statrs::distribution::{Beta, ContinuousCDF, Gamma};

const DRAWS: usize = 100_000;

fn draws(case: u32, mut draw: impl FnMut(&mut civicap::random::Stream) -> f64) -> Vec<f64> {
    let mut s = stream(case);
    (0..DRAWS).map(|_| draw(&mut s)).collect()
}

#[test]
fn a_standard_normal_is_normal() {
    assert_distributed("normal", draws(600, standard_normal), normal_cdf);
}

#[test]
fn exponential_weibull_and_lognormal_follow_their_laws() {
    assert_distributed("exponential", draws(610, exponential), |x| 1.0 - (-x).exp());
    for shape in [0.4, 1.0, 3.5] {
        assert_distributed("weibull", draws(611, |s| weibull(shape, 7.0, s)), |x| 1.0 - (-(x / 7.0).powf(shape)).exp());
    }
    for sigma in [0.1, 1.2] {
        assert_distributed("lognormal", draws(612, |s| lognormal(1.6, sigma, s)), |x| {
            normal_cdf((x.ln() - 1.6) / sigma)
        });
    }
}

#[test]
fn gamma_follows_its_law_for_small_and_large_shapes() {
    for (case, shape) in (620..).zip([0.05, 0.3, 0.999, 1.0, 1.7, 20.0, 5_000.0]) {
        let law = Gamma::new(shape, 0.5).unwrap();
        assert_distributed(&format!("gamma({shape})"), draws(case, |s| gamma(shape, 2.0, s)), |x| law.cdf(x));
    }
}

#[test]
fn beta_follows_its_law_for_small_and_large_parameters() {
    for (case, (a, b)) in (640..).zip([(0.2, 0.3), (1.0, 1.0), (0.5, 8.0), (2.0, 5.0), (900.0, 30.0)]) {
        let law = Beta::new(a, b).unwrap();
        assert_distributed(&format!("beta({a}, {b})"), draws(case, |s| beta(a, b, s)), |x| law.cdf(x));
    }
}

#[test]
fn beta_of_hardly_any_parameter_is_a_toss() {
    let shares = draws(650, |s| beta(1e-9, 3e-9, s));
    assert!(shares.iter().all(|share| *share < 1e-6 || *share > 1.0 - 1e-6));
    super::assert_mean("beta(1e-9, 3e-9)", &shares, 0.25, 0.1875_f64.sqrt());
}

#[test]
fn numbers_without_a_law_are_zero() {
    let mut s = stream(660);
    for (shape, scale) in [(0.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0)] {
        assert_eq!(gamma(shape, scale, &mut s), 0.0);
    }
    assert_eq!(beta(0.0, 1.0, &mut s), 0.0);
    assert_eq!(beta(1.0, 0.0, &mut s), 1.0);
}
