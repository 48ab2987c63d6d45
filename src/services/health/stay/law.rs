//! Laws of a length of stay.
//!
//! Every law is a unit law of mean 1, which is multiplied by the mean stay, so that a trend in stays keeps its shape. The
//! stay of someone already in bed at an opening census is length-biased, and what is left of it uniform on it: its mean is
//! E[L^2] / 2 E[L] (Cox 1962), not E[L] / 2.

use std::sync::Arc;

use crate::random::{Stream, exp, gamma, weibull};
use crate::services::health::stay::draws::Normal;
use crate::services::health::stay::observed::ObservedStays;

/// A law of mean 1: one of a family, a mixture of two, or stays as they were observed.
#[derive(Clone, Debug)]
pub(crate) enum StayLaw {
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
    Observed(Arc<ObservedStays>),
}

/// Two kinds of patients, such as those who go home and those who stay long.
#[derive(Clone, Debug)]
pub(crate) struct Mixture {
    /// Share of the second kind.
    pub(crate) share: f64,
    /// Laws of mean 1, and their means relative to the mean of all.
    pub(crate) parts: [(StayLaw, f64); 2],
}

impl Mixture {
    /// Shares of both kinds among those who come.
    pub(crate) const fn shares(&self) -> [f64; 2] {
        [1.0 - self.share, self.share]
    }
}

/// The families of laws that a scenario may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Lognormal,
    Gamma,
    Weibull,
    Exponential,
    Fixed,
}

impl Family {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Lognormal, Self::Gamma, Self::Weibull, Self::Exponential, Self::Fixed];

    /// What scenarios call them, in the order of [`Family::ALL`].
    pub(crate) const WORDS: &[&str] = &{
        let mut words = [""; Self::ALL.len()];
        let mut at = 0;
        while at < words.len() {
            words[at] = Self::ALL[at].word();
            at += 1;
        }
        words
    };

    /// What scenarios call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Lognormal => "lognormal",
            Self::Gamma => "gamma",
            Self::Weibull => "weibull",
            Self::Exponential => "exponential",
            Self::Fixed => "fixed",
        }
    }

    /// The coefficient of variation that every law of the family has; `None` where planners say it.
    pub(crate) const fn own_cv(self) -> Option<f64> {
        match self {
            Self::Lognormal | Self::Gamma | Self::Weibull => None,
            Self::Exponential => Some(1.0),
            Self::Fixed => Some(0.0),
        }
    }
}

impl StayLaw {
    /// The law of a family with mean 1 and this coefficient of variation.
    pub(crate) fn new(family: Family, cv: f64) -> Self {
        match family {
            // The law has its own coefficient of variation.
            Family::Exponential => Self::Exponential,
            _ if cv <= 0.0 => Self::Fixed,
            Family::Lognormal => {
                let variance = libm::log1p(cv * cv);
                Self::Lognormal { mu: -0.5 * variance, sigma: libm::sqrt(variance) }
            }
            Family::Gamma => Self::Gamma { shape: 1.0 / (cv * cv) },
            Family::Weibull => {
                let shape = weibull_shape(cv);
                Self::Weibull { shape, scale: 1.0 / libm::tgamma(1.0 + 1.0 / shape) }
            }
            Family::Fixed => Self::Fixed,
        }
    }

    /// One stay of mean 1 from 64 random bits; where they do not do, `more` gives the rest.
    #[inline]
    pub(crate) fn draw(&self, normal: Normal, bits: u64, more: &mut Stream) -> f64 {
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
    pub(crate) fn draw_biased(&self, normal: Normal, stream: &mut Stream) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    const DRAWS: u32 = 40_000;

    /// Mean and standard deviation of draws.
    fn moments(draw: impl Fn(&mut Stream) -> f64) -> [f64; 2] {
        let mut stream = RngSource::new(11, 0).cell(StreamKey::named("test.stay-law"), 0, 0);
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..DRAWS {
            let stay = draw(&mut stream);
            (sum, squares) = (sum + stay, squares + stay * stay);
        }
        let mean = sum / f64::from(DRAWS);
        [mean, libm::sqrt((squares / f64::from(DRAWS) - mean * mean).max(0.0))]
    }

    /// Within four standard errors (a false alarm in 10,000 by family); the spread within 5 %, which is more.
    #[test]
    fn every_family_has_mean_1_its_own_spread_and_longer_stays_in_bed() {
        let normal = Normal::new();
        for family in Family::ALL {
            let cv = family.own_cv().unwrap_or(0.8);
            let law = StayLaw::new(family, cv);
            let [mean, sd] = moments(|stream| law.draw(normal, stream.bits(), stream));
            let error = 4.0 / libm::sqrt(f64::from(DRAWS));
            assert!((mean - 1.0).abs() <= error * sd + 1e-12, "{family:?}: mean {mean}");
            assert!((sd - cv).abs() <= 0.05 * cv, "{family:?}: spread {sd}, not {cv}");
            let [found, spread] = moments(|stream| law.draw_biased(normal, stream));
            assert!((found - (1.0 + cv * cv)).abs() <= error * spread + 1e-12, "{family:?}: found in bed {found}");
        }
    }
}
