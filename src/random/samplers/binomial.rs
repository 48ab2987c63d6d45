//! The binomial law.

use super::factorial::ln_factorial;
use crate::random::Stream;

/// Mean below which inversion from 0 is faster than rejection.
const INVERSION_BELOW: f64 = 12.0;

/// A binomial number of `n` trials with success probability `p` (below 0 counts as 0, above 1 as 1).
///
/// Inversion for small means, otherwise transformed rejection (Hörmann 1993, BTRS). Draws: one uniform in inversion;
/// about 1.15 pairs in rejection.
#[inline]
pub fn binomial(n: u32, p: f64, stream: &mut Stream) -> u32 {
    if n == 0 || p <= 0.0 || p.is_nan() {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    if p > 0.5 { n - half(n, 1.0 - p, stream) } else { half(n, p, stream) }
}

#[inline]
fn half(n: u32, p: f64, stream: &mut Stream) -> u32 {
    let mean = f64::from(n) * p;
    if mean >= INVERSION_BELOW {
        return rejection(n, p, stream);
    }
    let u = stream.uniform();
    // (1 - p)^n >= 1 - np (Bernoulli): most rare events are decided without the power.
    if u <= 1.0 - mean { 0 } else { inversion(n, p, none_of(n, p), u, stream) }
}

/// P(0) = (1 - p)^n, to 1e-11 of itself: by squaring, by logarithms where squaring would lose more.
#[inline]
fn none_of(n: u32, p: f64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    if n > 1 << 16 {
        return libm::exp(f64::from(n) * libm::log1p(-p));
    }
    let (mut power, mut square, mut left) = (1.0, 1.0 - p, n);
    while left > 0 {
        // The factor is the square or 1, chosen by a mask: the bits of n are no branch a machine could foresee.
        let mask = u64::from(left & 1).wrapping_neg();
        power *= f64::from_bits(ONE ^ ((ONE ^ square.to_bits()) & mask));
        square *= square;
        left >>= 1;
    }
    power
}

/// The number whose cumulative probability is the first to reach the uniform number `u`.
#[inline]
fn inversion(n: u32, p: f64, none: f64, mut u: f64, stream: &mut Stream) -> u32 {
    if u <= none {
        return 0;
    }
    let odds = p / (1.0 - p);
    let ahead = (f64::from(n) + 1.0) * odds;
    loop {
        let mut mass = none;
        let mut x = 0_u32;
        // The masses add to 1 only up to rounding: a number that falls in the gap (about 1e-15) is drawn again.
        while u > mass {
            u -= mass;
            x += 1;
            if x > n || mass < 1e-290 {
                break;
            }
            mass *= ahead / f64::from(x) - odds;
        }
        if x <= n && mass >= 1e-290 {
            return x;
        }
        u = stream.uniform();
    }
}

fn rejection(n: u32, p: f64, stream: &mut Stream) -> u32 {
    let trials = f64::from(n);
    let spread = libm::sqrt(trials * p * (1.0 - p));
    let b = 1.15 + 2.53 * spread;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let centre = trials * p + 0.5;
    let squeeze = 0.92 - 4.2 / b;
    loop {
        let u = stream.uniform() - 0.5;
        let v = stream.uniform();
        let edge = 0.5 - u.abs();
        let k = libm::floor((2.0 * a / edge + b) * u + centre);
        if edge >= 0.07 && v <= squeeze {
            return k as u32;
        }
        if k < 0.0 || k > trials {
            continue;
        }
        if is_under(trials, p, k, v * (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b)) {
            return k as u32;
        }
    }
}

/// Whether a point of the hat lies under the law: only one draw in seven asks for the logarithms.
fn is_under(trials: f64, p: f64, k: f64, height: f64) -> bool {
    let mode = libm::floor((trials + 1.0) * p);
    let at_mode = ln_factorial(mode) + ln_factorial(trials - mode);
    let log_odds = libm::log(p / (1.0 - p));
    libm::log(height) <= at_mode - ln_factorial(k) - ln_factorial(trials - k) + (k - mode) * log_odds
}

/// A binomial law whose set-up is kept, for cells that are drawn again and again with the same `n` and `p`.
#[derive(Clone, Copy, Debug)]
pub struct Binomial {
    n: u32,
    p: f64,
    none: f64,
}

impl Binomial {
    /// The law of `n` trials with probability `p`.
    pub fn new(n: u32, p: f64) -> Self {
        let p = p.clamp(0.0, 1.0);
        Self { n, p, none: none_of(n, p.min(1.0 - p)) }
    }

    /// One number; the same as [`binomial`] would give.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> u32 {
        let small = self.p.min(1.0 - self.p);
        if self.n > 0 && small > 0.0 && f64::from(self.n) * small < INVERSION_BELOW {
            let x = inversion(self.n, small, self.none, stream.uniform(), stream);
            return if self.p > 0.5 { self.n - x } else { x };
        }
        binomial(self.n, self.p, stream)
    }
}
