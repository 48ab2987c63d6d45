//! Continuous laws.

use super::normal::standard_normal;
use crate::random::Stream;

/// An exponential number with mean 1. Draws: one uniform.
#[inline]
pub fn exponential(stream: &mut Stream) -> f64 {
    -libm::log(stream.uniform())
}

/// A lognormal number: exp(mu + sigma z). Draws: one uniform.
#[inline]
pub fn lognormal(mu: f64, sigma: f64, stream: &mut Stream) -> f64 {
    libm::exp(mu + sigma * standard_normal(stream))
}

/// A Weibull number by inversion. Draws: one uniform.
#[inline]
pub fn weibull(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    scale * libm::pow(exponential(stream), 1.0 / shape)
}

/// A gamma number (Marsaglia and Tsang 2000; below shape 1 by their boost). Mean = shape x scale.
pub fn gamma(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(stream.uniform(), 1.0 / shape);
        return gamma(shape + 1.0, scale, stream) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let z = standard_normal(stream);
        let t = 1.0 + c * z;
        if t <= 0.0 {
            continue;
        }
        let cube = t * t * t;
        let u = stream.uniform();
        if libm::log(u) < 0.5 * z * z + d - d * cube + d * libm::log(cube) {
            return d * cube * scale;
        }
    }
}

/// A beta number with shapes `a` and `b`, from two gammas.
pub fn beta(a: f64, b: f64, stream: &mut Stream) -> f64 {
    let x = gamma(a, 1.0, stream);
    let y = gamma(b, 1.0, stream);
    if x + y > 0.0 { x / (x + y) } else { a / (a + b) }
}
