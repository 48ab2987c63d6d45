//! How long people stay: laws of a length of stay in continuous time.
//!
//! Every law is a unit law of mean 1 times the mean stay, so that a trend in stays keeps its shape. The stay of someone
//! already in bed at an opening census is length-biased, and what is left of it uniform on it: its mean is
//! E[L^2] / 2 E[L] (Cox 1962), not E[L] / 2.

use statrs::distribution::{ContinuousCDF, Gamma};

use super::draws::{Normal, exp};
use crate::random::{Stream, normal_cdf};
use crate::random::{gamma, weibull};

/// The families, in the order of [`LAWS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Law {
    /// Lognormal with log mean and log standard deviation.
    Lognormal { mu: f64, sigma: f64 },
    /// Gamma with this shape.
    Gamma { shape: f64 },
    /// Weibull with shape and scale.
    Weibull { shape: f64, scale: f64 },
    /// Exponential.
    Exponential,
    /// Everybody stays equally long.
    Fixed,
}

/// The words of a scenario for the families.
pub(super) const LAWS: &[&str] = &["lognormal", "gamma", "weibull", "exponential", "fixed"];

/// A law of stay with its mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stay {
    law: Law,
    /// Mean, hours.
    pub(super) mean: f64,
    normal: Normal,
}

impl Stay {
    /// The law of family `LAWS[family]` with this mean (hours) and coefficient of variation.
    pub(super) fn new(family: usize, mean: f64, cv: f64) -> Self {
        let law = match LAWS[family] {
            _ if cv <= 0.0 => Law::Fixed,
            "lognormal" => {
                let variance = libm::log1p(cv * cv);
                Law::Lognormal { mu: -0.5 * variance, sigma: libm::sqrt(variance) }
            }
            "gamma" => Law::Gamma { shape: 1.0 / (cv * cv) },
            "weibull" => {
                let shape = weibull_shape(cv);
                Law::Weibull { shape, scale: 1.0 / libm::tgamma(1.0 + 1.0 / shape) }
            }
            "exponential" => Law::Exponential,
            _ => Law::Fixed,
        };
        Self { law, mean, normal: Normal::new() }
    }

    /// One stay for each block of random words, hours, when the mean is `mean` hours. The third and fourth word of a block
    /// are the patient's; where they do not do, `more` gives the rest.
    pub(super) fn draw_each(&self, mean: f64, blocks: &[[u32; 4]], stays: &mut Vec<f64>, more: &mut Stream) {
        let bits = |block: &[u32; 4]| u64::from(block[2]) | u64::from(block[3]) << 32;
        stays.clear();
        match self.law {
            Law::Lognormal { mu, sigma } => {
                stays.extend(blocks.iter().map(|block| mean * exp(mu + sigma * self.normal.draw(bits(block), more))));
            }
            Law::Gamma { shape } => stays.extend(blocks.iter().map(|_| gamma(shape, mean / shape, more))),
            Law::Weibull { shape, scale } => stays.extend(blocks.iter().map(|_| weibull(shape, mean * scale, more))),
            Law::Exponential => stays.extend(blocks.iter().map(|block| mean * exponential(bits(block)))),
            Law::Fixed => stays.extend(blocks.iter().map(|_| mean)),
        }
    }

    /// One stay, hours, when the mean is `mean` hours.
    pub(super) fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        mean * match self.law {
            Law::Lognormal { mu, sigma } => exp(mu + sigma * self.normal.draw(stream.bits(), stream)),
            Law::Gamma { shape } => gamma(shape, 1.0 / shape, stream),
            Law::Weibull { shape, scale } => weibull(shape, scale, stream),
            Law::Exponential => exponential(stream.bits()),
            Law::Fixed => 1.0,
        }
    }

    /// What is left, in hours, of the stay of somebody found in bed.
    pub(super) fn draw_residual(&self, mean: f64, stream: &mut Stream) -> f64 {
        let unit = match self.law {
            Law::Lognormal { mu, sigma } => exp(mu + sigma * sigma + sigma * self.normal.draw(stream.bits(), stream)),
            Law::Gamma { shape } => gamma(shape + 1.0, 1.0 / shape, stream),
            Law::Weibull { shape, scale } => scale * libm::pow(gamma(1.0 + 1.0 / shape, 1.0, stream), 1.0 / shape),
            Law::Exponential => gamma(2.0, 1.0, stream),
            Law::Fixed => 1.0,
        };
        mean * unit * stream.uniform()
    }

    /// Probability of staying longer than `hours` when the mean is `mean` hours.
    pub(super) fn survivor(&self, hours: f64, mean: f64) -> f64 {
        let t = hours / mean;
        if t <= 0.0 {
            return 1.0;
        }
        match self.law {
            Law::Lognormal { mu, sigma } => normal_cdf((mu - libm::log(t)) / sigma),
            Law::Gamma { shape } => Gamma::new(shape, shape).map_or(0.0, |law| law.sf(t)),
            Law::Weibull { shape, scale } => libm::exp(-libm::pow(t / scale, shape)),
            Law::Exponential => libm::exp(-t),
            Law::Fixed => f64::from(t < 1.0),
        }
    }
}

/// An exponential number of mean 1 from 64 random bits.
#[inline]
fn exponential(bits: u64) -> f64 {
    -libm::log(((bits >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64))
}

/// The shape of the Weibull law with this coefficient of variation, by bisection.
fn weibull_shape(cv: f64) -> f64 {
    let ratio = |shape: f64| {
        let first = libm::lgamma(1.0 + 1.0 / shape);
        libm::expm1(libm::lgamma(1.0 + 2.0 / shape) - 2.0 * first)
    };
    let (mut low, mut high) = (0.1, 200.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        // The coefficient of variation falls as the shape grows.
        if ratio(middle) > cv * cv { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
