//! Laws of durations, shares and factors.

use super::{assert_distributed, stream};
use civicap::random::{gamma, normal_cdf, standard_normal, weibull};
use statrs::distribution::{ContinuousCDF, Gamma};

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
fn weibull_follows_its_law() {
    for shape in [0.4, 1.0, 3.5] {
        assert_distributed("weibull", draws(611, |s| weibull(shape, 7.0, s)), |x| 1.0 - (-(x / 7.0).powf(shape)).exp());
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
fn numbers_without_a_law_are_zero() {
    let mut s = stream(660);
    for (shape, scale) in [(0.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0)] {
        assert_eq!(gamma(shape, scale, &mut s), 0.0);
    }
    assert_eq!(weibull(0.0, 1.0, &mut s), 0.0);
}
