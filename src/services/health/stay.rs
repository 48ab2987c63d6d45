//! How long people stay: laws of a length of stay in continuous time.
//!
//! Every law is a unit law of mean 1 times the mean stay, so that a trend in stays keeps its shape. The stay of someone
//! already in bed at an opening census is length-biased, and what is left of it uniform on it: its mean is
//! E[L^2] / 2 E[L] (Cox 1962), not E[L] / 2.

use std::sync::Arc;

use super::draws::Normal;
use super::histogram::Histogram;
use super::survivors::Survivors;
use crate::random::{Stream, exp, gamma, normal_quantile, weibull};

/// A law of mean 1: the families in the order of [`LAWS`], a mixture of two, or stays as they were observed.
#[derive(Clone, Debug)]
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
    /// Some stay by another law than the others.
    Mixture(Arc<Mixture>),
    /// Stays as they were counted.
    Observed(Arc<Histogram>),
}

/// Two kinds of patients, such as those who go home and those who stay long.
#[derive(Clone, Debug)]
pub(super) struct Mixture {
    /// Share of the second kind.
    pub(super) share: f64,
    /// Laws of mean 1, and their means relative to the mean of all.
    pub(super) parts: [(Law, f64); 2],
}

impl Mixture {
    /// Shares of both kinds among those who come.
    pub(super) const fn shares(&self) -> [f64; 2] {
        [1.0 - self.share, self.share]
    }
}

/// A stay as planners state it: mean and spread in days, and the same of the share that stays long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated {
    /// Mean stay of ordinary patients.
    pub(super) mean: f64,
    /// Coefficient of variation.
    pub(super) cv: f64,
    /// Share of patients who stay long, their mean stay and its coefficient of variation.
    pub(super) long: Option<(f64, f64, f64)>,
}

/// Cells of the table of quantiles, and how many at each end are drawn exactly.
const CELLS: u32 = 4_096;
const OUTER: u32 = 16;

/// The words of a scenario for the families.
pub(super) const LAWS: &[&str] = &["lognormal", "gamma", "weibull", "exponential", "fixed"];

/// A law of stay with its mean.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    law: Law,
    /// Quantiles of the unit law at k / 4,096, for a lognormal law; shared by all who have the law.
    quantiles: Option<Arc<[f32; CELLS as usize + 1]>>,
    /// The survivor function, for the closed form.
    survivors: Arc<Survivors>,
    /// Mean, hours.
    pub(super) mean: f64,
    normal: Normal,
}

impl Stay {
    /// The law of family `LAWS[family]` with this mean (hours) and coefficient of variation.
    pub(super) fn new(family: usize, mean: f64, cv: f64) -> Self {
        Self::of(Law::new(family, cv), mean)
    }

    /// The law that planners stated, of family `LAWS[family]`, in hours.
    pub(super) fn stated(family: usize, stated: Stated) -> Self {
        const DAY: f64 = 24.0;
        let Stated { mean, cv, long } = stated;
        let Some((share, long_mean, long_cv)) = long.filter(|long| long.0 > 0.0) else {
            return Self::new(family, mean * DAY, cv);
        };
        let whole = (1.0 - share) * mean + share * long_mean;
        let parts = [(Law::new(family, cv), mean / whole), (Law::new(family, long_cv), long_mean / whole)];
        Self::of(Law::Mixture(Arc::new(Mixture { share, parts })), whole * DAY)
    }

    /// Stays as they were counted; their mean is the table's.
    pub(super) fn observed(histogram: Histogram, mean: f64) -> Self {
        Self::of(Law::Observed(Arc::new(histogram)), mean)
    }

    fn of(law: Law, mean: f64) -> Self {
        let quantiles = match law {
            Law::Lognormal { mu, sigma } => Some(Arc::new(std::array::from_fn(|k| {
                let p = (k as f64 / f64::from(CELLS)).clamp(1e-12, 1.0 - 1e-12);
                libm::exp(mu + sigma * normal_quantile(p)) as f32
            }))),
            _ => None,
        };
        let survivors = Arc::new(Survivors::new(law.clone()));
        Self { law, quantiles, survivors, mean, normal: Normal::new() }
    }

    /// Whether stays come from a table of quantiles.
    pub(super) const fn has_table(&self) -> bool {
        self.quantiles.is_some()
    }

    /// One unit stay from 32 random bits. A lognormal one by its quantiles, straight between 4,096 of them and exact in the
    /// outermost cells: the distribution function is right to 3e-7. Other laws draw from `more`.
    #[inline]
    pub(super) fn draw_brisk(&self, bits: u32, more: &mut Stream) -> f64 {
        const WITHIN: u32 = 32 - CELLS.trailing_zeros();
        let cell = bits >> WITHIN;
        let Some(quantiles) = &self.quantiles else { return self.draw_slowly(bits, more) };
        if cell.wrapping_sub(OUTER) >= CELLS - 2 * OUTER {
            return self.draw_slowly(bits, more);
        }
        let (low, high) = (quantiles[cell as usize], quantiles[cell as usize + 1]);
        let part = ((bits << CELLS.trailing_zeros()) as f32 + 2_048.0) * (1.0 / 4_294_967_296.0);
        f64::from(low + (high - low) * part)
    }

    #[cold]
    fn draw_slowly(&self, bits: u32, more: &mut Stream) -> f64 {
        match &self.law {
            Law::Lognormal { mu, sigma } => {
                libm::exp(mu + sigma * normal_quantile((f64::from(bits) + 0.5) / 4_294_967_296.0))
            }
            _ => self.draw(1.0, more),
        }
    }

    /// One stay, hours, when the mean is `mean` hours, from 64 random bits; where they do not do, `more` gives the rest.
    #[inline]
    pub(super) fn draw_exactly(&self, mean: f64, bits: u64, more: &mut Stream) -> f64 {
        mean * self.law.draw(self.normal, bits, more)
    }

    /// One stay, hours, when the mean is `mean` hours.
    pub(super) fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        let bits = stream.bits();
        self.draw_exactly(mean, bits, stream)
    }

    /// The law of mean 1.
    #[cfg(test)]
    pub(super) fn law(&self) -> Law {
        self.law.clone()
    }

    /// What is left, in hours, of the stay of somebody found in bed.
    pub(super) fn draw_residual(&self, mean: f64, stream: &mut Stream) -> f64 {
        let whole = self.law.draw_biased(self.normal, stream);
        mean * whole * stream.uniform()
    }

    /// Probability of staying longer than `hours` when the mean is `mean` hours.
    #[inline]
    pub(super) fn survivor(&self, hours: f64, mean: f64) -> f64 {
        self.survivors.at(hours / mean)
    }
}

impl Law {
    /// The law of family `LAWS[family]` with mean 1 and this coefficient of variation.
    fn new(family: usize, cv: f64) -> Self {
        match LAWS[family] {
            _ if cv <= 0.0 => Self::Fixed,
            "lognormal" => {
                let variance = libm::log1p(cv * cv);
                Self::Lognormal { mu: -0.5 * variance, sigma: libm::sqrt(variance) }
            }
            "gamma" => Self::Gamma { shape: 1.0 / (cv * cv) },
            "weibull" => {
                let shape = weibull_shape(cv);
                Self::Weibull { shape, scale: 1.0 / libm::tgamma(1.0 + 1.0 / shape) }
            }
            "exponential" => Self::Exponential,
            _ => Self::Fixed,
        }
    }

    /// One stay of mean 1 from 64 random bits; where they do not do, `more` gives the rest.
    #[inline]
    fn draw(&self, normal: Normal, bits: u64, more: &mut Stream) -> f64 {
        match self {
            Self::Lognormal { mu, sigma } => exp(mu + sigma * normal.draw(bits, more)),
            Self::Gamma { shape } => gamma(*shape, 1.0 / shape, more),
            Self::Weibull { shape, scale } => weibull(*shape, *scale, more),
            Self::Exponential => exponential(bits),
            Self::Fixed => 1.0,
            Self::Observed(stays) => stays.draw(bits as u32),
            Self::Mixture(mixture) => {
                let (law, mean) = &mixture.parts[usize::from(more.uniform() < mixture.share)];
                mean * law.draw(normal, bits, more)
            }
        }
    }

    /// The whole stay of somebody found in bed: the longer, the likelier.
    fn draw_biased(&self, normal: Normal, stream: &mut Stream) -> f64 {
        match self {
            Self::Lognormal { mu, sigma } => exp(mu + sigma * sigma + sigma * normal.draw(stream.bits(), stream)),
            Self::Gamma { shape } => gamma(shape + 1.0, 1.0 / shape, stream),
            Self::Weibull { shape, scale } => scale * libm::pow(gamma(1.0 + 1.0 / shape, 1.0, stream), 1.0 / shape),
            Self::Exponential => gamma(2.0, 1.0, stream),
            Self::Fixed => 1.0,
            Self::Observed(stays) => stays.draw_biased(stream),
            Self::Mixture(mixture) => {
                // Among those in bed, a kind has its share times its mean.
                let found = mixture.share * mixture.parts[1].1;
                let (law, mean) = &mixture.parts[usize::from(stream.uniform() < found)];
                mean * law.draw_biased(normal, stream)
            }
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
