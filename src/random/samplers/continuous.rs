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

/// A gamma number (Marsaglia and Tsang 2000; below shape 1 by their boost). Mean = shape x scale; a shape that is not
/// above 0 gives 0.
pub fn gamma(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    if shape.is_nan() || shape <= 0.0 {
        return 0.0;
    }
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

/// A beta number with shapes `a` and `b`, from two gammas. A shape that is not above 0 counts as the limit 0: `a` gives
/// 0, else `b` gives 1.
pub fn beta(a: f64, b: f64, stream: &mut Stream) -> f64 {
    let mut replay = stream.clone();
    let x = gamma(a, 1.0, stream);
    let y = gamma(b, 1.0, stream);
    if x + y > 0.0 {
        return x / (x + y);
    }
    if a.is_nan() || a <= 0.0 {
        return 0.0;
    }
    if b.is_nan() || b <= 0.0 {
        return 1.0;
    }
    // Both are too small for a number (shapes below about 0.003): the same draws again, as logarithms.
    let log_x = log_gamma(a, &mut replay);
    let log_y = log_gamma(b, &mut replay);
    1.0 / (1.0 + libm::exp(log_y - log_x))
}

/// The logarithm of the gamma number of scale 1 and a shape below 1 that [`gamma`] makes of the same draws.
fn log_gamma(shape: f64, stream: &mut Stream) -> f64 {
    let log_boost = libm::log(stream.uniform()) / shape;
    libm::log(gamma(shape + 1.0, 1.0, stream)) + log_boost
}
