//! How long people stay: laws of a length of stay in continuous time.
//!
//! Every law is a unit law of mean 1 times the mean stay, so that a trend in stays keeps its shape. The stay of someone
//! already in bed at an opening census is length-biased, and what is left of it uniform on it: its mean is
//! E[L^2] / 2 E[L] (Cox 1962), not E[L] / 2.

use crate::services::health::stay::law::{Family, Mixture, StayLaw};
use std::sync::Arc;

use crate::random::{Stream, normal_quantile};
use crate::services::health::stay::draws::Normal;
use crate::services::health::stay::observed::ObservedStays;
use crate::services::health::stay::survival_table::SurvivalTable;

/// A stay as planners state it: mean and spread in days, and the same of the share that stays long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatedStay {
    /// Mean stay of ordinary patients.
    pub(crate) mean: f64,
    /// Coefficient of variation.
    pub(crate) cv: f64,
    /// Those who stay long.
    pub(crate) long: Option<LongStays>,
}

/// Patients who stay long beside others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LongStays {
    /// Share of all patients.
    pub(crate) share: f64,
    /// Mean stay, days.
    pub(crate) mean: f64,
    /// Coefficient of variation.
    pub(crate) cv: f64,
}

/// Cells of the table of quantiles, and how many at each end are drawn exactly.
const CELLS: u32 = 4_096;
const OUTER: u32 = 16;

/// A law of stay with its mean.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    law: StayLaw,
    /// Quantiles of the unit law at k / 4,096, for a lognormal law; shared by all who have the law.
    quantiles: Option<Arc<[f32; CELLS as usize + 1]>>,
    /// The survivor function, for the closed form.
    survivors: Arc<SurvivalTable>,
    /// Mean, hours.
    pub(crate) mean: f64,
    normal: Normal,
}

impl Stay {
    /// The law of a family with this mean (hours) and coefficient of variation.
    pub(crate) fn new(family: Family, mean: f64, cv: f64) -> Self {
        Self::of(StayLaw::new(family, cv), mean)
    }

    /// The law that planners stated, of a family, in hours.
    pub(crate) fn stated(family: Family, stated: StatedStay) -> Self {
        const DAY: f64 = 24.0;
        let StatedStay { mean, cv, long } = stated;
        let Some(LongStays { share, mean: long_mean, cv: long_cv }) = long.filter(|long| long.share > 0.0) else {
            return Self::new(family, mean * DAY, cv);
        };
        let whole = (1.0 - share) * mean + share * long_mean;
        let parts = [(StayLaw::new(family, cv), mean / whole), (StayLaw::new(family, long_cv), long_mean / whole)];
        Self::of(StayLaw::Mixture(Arc::new(Mixture { share, parts })), whole * DAY)
    }

    /// Stays as they were counted; their mean is the table's.
    pub(crate) fn observed(histogram: ObservedStays, mean: f64) -> Self {
        Self::of(StayLaw::Observed(Arc::new(histogram)), mean)
    }

    fn of(law: StayLaw, mean: f64) -> Self {
        let quantiles = match law {
            StayLaw::Lognormal { mu, sigma } => Some(Arc::new(std::array::from_fn(|k| {
                let p = (k as f64 / f64::from(CELLS)).clamp(1e-12, 1.0 - 1e-12);
                libm::exp(mu + sigma * normal_quantile(p)) as f32
            }))),
            _ => None,
        };
        let survivors = Arc::new(SurvivalTable::new(law.clone()));
        Self { law, quantiles, survivors, mean, normal: Normal::new() }
    }

    /// Whether stays come from a table of quantiles.
    pub(crate) const fn has_table(&self) -> bool {
        self.quantiles.is_some()
    }

    /// One unit stay from 32 random bits. A lognormal one by its quantiles, straight between 4,096 of them and exact in the
    /// outermost cells: the distribution function is right to 3e-7. Other laws draw from `more`.
    #[inline]
    pub(crate) fn sample_table(&self, bits: u32, more: &mut Stream) -> f64 {
        const WITHIN: u32 = 32 - CELLS.trailing_zeros();
        let cell = bits >> WITHIN;
        let Some(quantiles) = &self.quantiles else { return self.sample_exact(bits, more) };
        if cell.wrapping_sub(OUTER) >= CELLS - 2 * OUTER {
            return self.sample_exact(bits, more);
        }
        let (low, high) = (quantiles[cell as usize], quantiles[cell as usize + 1]);
        let part = ((bits << CELLS.trailing_zeros()) as f32 + 2_048.0) * (1.0 / 4_294_967_296.0);
        f64::from(low + (high - low) * part)
    }

    #[cold]
    fn sample_exact(&self, bits: u32, more: &mut Stream) -> f64 {
        match &self.law {
            StayLaw::Lognormal { mu, sigma } => {
                libm::exp(mu + sigma * normal_quantile((f64::from(bits) + 0.5) / 4_294_967_296.0))
            }
            _ => self.draw(1.0, more),
        }
    }

    /// One stay, hours, when the mean is `mean` hours, from 64 random bits; where they do not do, `more` gives the rest.
    #[inline]
    pub(crate) fn draw_exactly(&self, mean: f64, bits: u64, more: &mut Stream) -> f64 {
        mean * self.law.draw(self.normal, bits, more)
    }

    /// One stay, hours, when the mean is `mean` hours.
    pub(crate) fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        let bits = stream.bits();
        self.draw_exactly(mean, bits, stream)
    }

    /// The law of mean 1.
    #[cfg(test)]
    pub(crate) fn law(&self) -> StayLaw {
        self.law.clone()
    }

    /// What is left, in hours, of the stay of somebody found in bed.
    pub(crate) fn draw_residual(&self, mean: f64, stream: &mut Stream) -> f64 {
        let whole = self.law.draw_biased(self.normal, stream);
        mean * whole * stream.uniform()
    }

    /// What is left, in hours, of a stay that has lasted `so_far` hours, when the mean is `mean` hours: by inversion of the
    /// survivor function. Who has stayed longer than the law knows of leaves at once.
    pub(crate) fn draw_rest(&self, mean: f64, so_far: f64, stream: &mut Stream) -> f64 {
        /// Halvings of the time in which the end is looked for: to less than a second in a year.
        const HALVINGS: u32 = 48;
        let left = stream.uniform() * self.survivor(so_far, mean);
        if left <= 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (so_far, so_far.max(mean) * 2.0);
        while self.survivor(high, mean) > left && high < 1e9 {
            (low, high) = (high, high * 2.0);
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.survivor(middle, mean) > left { low = middle } else { high = middle }
        }
        high - so_far
    }

    /// Probability of staying longer than `hours` when the mean is `mean` hours.
    #[inline]
    pub(crate) fn survivor(&self, hours: f64, mean: f64) -> f64 {
        self.survivors.at(hours / mean)
    }
}
