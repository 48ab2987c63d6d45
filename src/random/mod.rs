//! Randomness: keyed streams and exact samplers.

pub mod stream;

pub use stream::{Purpose, Stream, Streams};

/// Standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / core::f64::consts::SQRT_2)
}

/// Standard normal quantile.
pub fn normal_quantile(p: f64) -> f64 {
    -core::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p)
}
