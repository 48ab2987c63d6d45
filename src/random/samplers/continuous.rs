//! Continuous laws, drawn by `rand_distr` with the functions of `libm`.

use rand_distr::{Distribution, Gamma, Weibull};

use super::exact_float::ExactFloat;
use crate::random::Stream;

/// A gamma number (Marsaglia and Tsang 2000; below shape 1 by their boost). Mean = shape x scale; a shape that is not
/// above 0 gives 0.
pub fn gamma(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    Gamma::new(ExactFloat(shape), ExactFloat(scale)).map_or(0.0, |law| law.sample(stream).0)
}

/// A Weibull number by inversion; a shape or scale that is not above 0 gives 0. Draws: one uniform.
pub fn weibull(shape: f64, scale: f64, stream: &mut Stream) -> f64 {
    Weibull::new(ExactFloat(scale), ExactFloat(shape)).map_or(0.0, |law| law.sample(stream).0)
}
