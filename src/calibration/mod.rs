//! Calibration: what a series of births and enrolment says about yields, progression and their uncertainty, and how well
//! forecasts made from it would have done.
//!
//! Table of births and enrolment ([`Enrolment`](crate::services::education::enrolment::Enrolment)) -> ratios of each grade
//! to its source ([`Ratios`]), without blips -> levels that look back with several memories ([`Choice`]) -> forecasts from any
//! year on -> their errors at all leads -> lasting and walking shocks ([`Spread`]) -> a scenario fragment
//! ([`Fitted::fragment`]) or scores on rolling origins ([`backtest`]). The method and what was measured on real series are in the
//! method text of the education service.
//!
//! Everything here is plain arithmetic on logarithms, in a fixed order; the only random numbers are the paths of a
//! backtest.

mod backtest;
mod blips;
mod choice;
mod fitted;
mod forecast;
mod fragment;
mod history;
mod ratios;
mod residuals;
mod scale;
mod score;
mod spread;
mod take_up;

pub use backtest::{Asked, Backtest, Group, LEADS, backtest};
pub use choice::{Choice, Look};
pub use fitted::{Fitted, fit};
pub use fragment::{Fragment, Names};
pub use ratios::{Ratios, Source};
pub use residuals::Residuals;
pub use score::Score;
pub use spread::{Shocks, Spread};
pub use take_up::{TakeUp, take_up, take_up_fragment};

/// Fewest years of ratios before the first trial forecast.
pub(crate) const SHORTEST_HISTORY: usize = 3;

/// The series is too short for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// Years in which every grade is known, in at least one area.
    pub years: usize,
    /// Years that are needed.
    pub needed: usize,
}
