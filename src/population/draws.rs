//! Exact draws of small counts, until the ground's samplers take over.

use crate::random::{Stream, normal_quantile};

/// Number of successes among `n` with probability `p`: inversion, large means halved (a binomial is a sum of two).
pub(super) fn binomial(n: u32, p: f64, stream: &mut Stream) -> u32 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    if p > 0.5 {
        return n - binomial(n, 1.0 - p, stream);
    }
    if f64::from(n) * p > 32.0 {
        return binomial(n / 2, p, stream) + binomial(n - n / 2, p, stream);
    }
    let odds = p / (1.0 - p);
    let mut mass = libm::exp(f64::from(n) * libm::log1p(-p));
    let mut u = stream.uniform();
    let mut k = 0;
    while u > mass && k < n {
        u -= mass;
        k += 1;
        mass *= odds * f64::from(n - k + 1) / f64::from(k);
    }
    k
}

/// A Poisson number: inversion, large means halved.
pub(super) fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    if mean > 32.0 {
        return poisson(0.5 * mean, stream) + poisson(0.5 * mean, stream);
    }
    let mut mass = libm::exp(-mean);
    let mut u = stream.uniform();
    let mut k = 0_u32;
    while u > mass && k < 1_000 {
        u -= mass;
        k += 1;
        mass *= mean / f64::from(k);
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
