//! The rates of Fu, Sherris and Xu (2021, CEPAR working paper 2021/03), static model: CLHLS 1998-2014, disability in
//! activities of daily living (ADL), ages 65 and over.
//!
//! Each rate is `exp(beta + slope (floor(age) - 65) / 10 + female)`, a year.

/// Constant, slope for ten years of age, difference of women.
type Law = [f64; 3];

const ONSET: Law = [-4.8152, 0.6012, 0.2054];
const RECOVERY: Law = [-2.2187, -0.2496, 0.1180];
const DEATH_ABLE: Law = [-3.6924, 0.7669, -0.2473];
const DEATH_DISABLED: Law = [-2.2249, 0.4294, -0.1641];

/// Yearly rates of one sex at one age.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublishedRates {
    /// Becoming disabled.
    pub onset: f64,
    /// Recovering.
    pub recovery: f64,
    /// Death without disability.
    pub death_able: f64,
    /// Death with disability.
    pub death_disabled: f64,
}

impl PublishedRates {
    /// The rates at a whole age; `sex` is 0 for men, 1 for women. Below 65 the lines are drawn on.
    pub(crate) fn at(age: usize, sex: usize) -> Self {
        let tens = (age as f64 - 65.0) / 10.0;
        let rate = |[constant, slope, female]: Law| libm::exp(constant + slope * tens + female * sex as f64);
        Self {
            onset: rate(ONSET),
            recovery: rate(RECOVERY),
            death_able: rate(DEATH_ABLE),
            death_disabled: rate(DEATH_DISABLED),
        }
    }
}
