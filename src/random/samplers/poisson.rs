//! The Poisson law.

use super::exp::exp;
use super::factorial::ln_factorial;
use crate::random::Stream;

/// A Poisson number with this mean (0 or less gives 0).
///
/// Inversion below a mean of 10, otherwise transformed rejection (Hörmann 1993, PTRS). The mean must lie below 4e9.
#[inline]
pub fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    if mean <= 0.0 || mean.is_nan() {
        0
    } else if mean < 10.0 {
        inversion(mean, stream)
    } else {
        rejection(mean, stream)
    }
}

#[inline]
fn inversion(mean: f64, stream: &mut Stream) -> u32 {
    let mut u = stream.uniform();
    // exp(-mean) is at least 1 - mean: most rare events are settled without it.
    if u <= 1.0 - mean {
        return 0;
    }
    let none = exp(-mean);
    loop {
        let mut mass = none;
        let mut x = 0_u32;
        while u > mass && mass > 1e-290 {
            u -= mass;
            x += 1;
            mass *= mean / f64::from(x);
        }
        if u <= mass {
            return x;
        }
        u = stream.uniform();
    }
}

fn rejection(mean: f64, stream: &mut Stream) -> u32 {
    let b = 0.931 + 2.53 * libm::sqrt(mean);
    let a = -0.059 + 0.024_83 * b;
    let squeeze = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = stream.uniform() - 0.5;
        let v = stream.uniform();
        let edge = 0.5 - u.abs();
        let k = libm::floor((2.0 * a / edge + b) * u + mean + 0.43);
        if edge >= 0.07 && v <= squeeze {
            return k as u32;
        }
        if k < 0.0 || (edge < 0.013 && v > edge) {
            continue;
        }
        if is_under(mean, k, v, a / (edge * edge) + b, b) {
            return k as u32;
        }
    }
}

/// Whether a point of the hat lies under the law: only one draw in seven asks for the logarithms.
fn is_under(mean: f64, k: f64, v: f64, hat: f64, b: f64) -> bool {
    let scale = 1.1239 + 1.1328 / (b - 3.4);
    libm::log(v * scale / hat) <= -mean + k * libm::log(mean) - ln_factorial(k)
}
