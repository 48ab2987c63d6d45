//! Draws of small counts by inversion from quantities that a year has ready, beside the ground's general samplers.
//!
//! Inversion walks up the probabilities from 0 (Devroye 1986, X.4.1). Its cost grows with the mean, so that large means
//! are halved: a binomial is a sum of two, and so is a Poisson number.

use crate::random::{Stream, normal_quantile};

/// Largest mean that is inverted from 0.
const LARGEST_MEAN: f64 = 40.0;

/// 1/k, so that a step needs no division.
static RECIPROCALS: [f64; 256] = {
    let mut table = [0.0; 256];
    let mut k = 1;
    while k < 256 {
        table[k] = 1.0 / k as f64;
        k += 1;
    }
    table
};

#[inline]
fn reciprocal(k: u32) -> f64 {
    RECIPROCALS.get(k as usize).copied().unwrap_or_else(|| 1.0 / f64::from(k))
}

/// Number among `n` people who go, each with hazard `hazard`: probability `1 - exp(-hazard)`, odds `exp(hazard) - 1`.
#[inline]
pub(super) fn going(n: u32, hazard: f64, odds: f64, stream: &mut Stream) -> u32 {
    let exponent = f64::from(n) * hazard;
    if exponent > LARGEST_MEAN {
        return if n == 1 { 1 } else { going(n / 2, hazard, odds, stream) + going(n - n / 2, hazard, odds, stream) };
    }
    walk(n, odds, libm::exp(-exponent), stream.uniform())
}

/// Number among a few people with probability `p`; the other probability is raised by repeated multiplication.
#[inline]
pub(super) fn among(n: u32, p: f64, stream: &mut Stream) -> u32 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p > 0.5 {
        return if p >= 1.0 { n } else { n - among(n, 1.0 - p, stream) };
    }
    if f64::from(n) * p > LARGEST_MEAN {
        return among(n / 2, p, stream) + among(n - n / 2, p, stream);
    }
    let stay = 1.0 - p;
    let (mut mass, mut square, mut power) = (1.0, stay, n);
    while power > 0 {
        if power & 1 == 1 {
            mass *= square;
        }
        square *= square;
        power >>= 1;
    }
    walk(n, p / stay, mass, stream.uniform())
}

/// Walks up a binomial law from its probability of 0.
#[inline]
fn walk(n: u32, odds: f64, none: f64, mut u: f64) -> u32 {
    let (mut mass, mut rest, mut k) = (none, f64::from(n), 0);
    while u > mass && k < n {
        u -= mass;
        k += 1;
        mass *= odds * rest * reciprocal(k);
        rest -= 1.0;
    }
    k
}

/// Number among `n` with probability `p`.
pub(super) fn binomial(n: u32, p: f64, stream: &mut Stream) -> u32 {
    among(n, p, stream)
}

/// A Poisson number.
#[inline]
pub(super) fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    if mean > LARGEST_MEAN {
        return poisson(0.5 * mean, stream) + poisson(0.5 * mean, stream);
    }
    let (mut mass, mut u, mut k) = (libm::exp(-mean), stream.uniform(), 0);
    while u > mass && mass > 0.0 {
        u -= mass;
        k += 1;
        mass *= mean * reciprocal(k);
    }
    k
}

/// A gamma number (Marsaglia and Tsang 2000).
pub(super) fn gamma(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(stream.uniform(), 1.0 / shape);
        return gamma(shape + 1.0, scale, stream) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let z = normal_quantile(stream.uniform());
        let v = (1.0 + c * z) * (1.0 + c * z) * (1.0 + c * z);
        if v > 0.0 && libm::log(stream.uniform()) < 0.5 * z * z + d - d * v + d * libm::log(v) {
            return d * v * scale;
        }
    }
}
