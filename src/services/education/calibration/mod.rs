//! Calibration: what a series of births and enrolment says about yields, progression and their uncertainty, and how well
//! forecasts made from it would have done.
//!
//! Table of births and enrolment ([`Enrolment`](crate::services::education::enrolment::Enrolment)) -> ratios of each grade
//! to its source ([`Ratios`]), without blips -> levels that look back with several memories ([`SmoothingChoice`]) -> forecasts from any
//! year on -> their errors at all leads -> lasting and walking shocks ([`ShockVariance`]) -> a scenario fragment
//! ([`Fitted::fragment`]) or scores on rolling origins ([`backtest`]). The method and what was measured on real series are in the
//! method text of the education service.
//!
//! Everything here is plain arithmetic on logarithms, in a fixed order; the only random numbers are the paths of a
//! backtest.

mod area_scale;
mod backtest;
mod fitted;
mod forecast;
mod fragment;
mod history;
mod model_averaging;
mod outliers;
mod ratios;
mod requirements;
mod residuals;
mod shock_variance;
mod smoothing;

pub use backtest::{Backtest, BacktestOptions, LEADS, ScoredGrades, backtest};
pub use fitted::{Fitted, fit};
pub use fragment::{Fragment, FragmentNames};
pub use ratios::{Ratios, Source};
pub use requirements::TooShort;
pub use residuals::Residuals;
pub use shock_variance::ShockVariance;
pub use smoothing::{SmoothingChoice, SmoothingWeights};
