//! The probability of staying longer than a given time, from a table.
//!
//! The closed form and the tier by the day ask for it some hundred thousand times in a replication. The table has 64 cells
//! between a time and its double, from 1/1024 to 128 mean stays, and in each the cubic with the function's values and
//! slopes at both ends (Hermite). Outside, and for laws too narrow for it, the function itself is asked.

use statrs::distribution::{Continuous, ContinuousCDF, Gamma};

use crate::random::normal_cdf;
use crate::services::health::stay::law::{Mixture, StayLaw};

/// Octaves below and above the mean stay.
const BELOW: u64 = 10;
const ABOVE: u64 = 7;
/// Cells of an octave, as a power of two.
const PARTS: u32 = 6;
const WITHIN: u32 = 52 - PARTS;
const FIRST: u64 = (1023 - BELOW) << PARTS;
const CELLS: usize = ((BELOW + ABOVE) << PARTS) as usize;

/// The survivor function of a law of mean 1.
#[derive(Clone, Debug)]
pub(crate) struct SurvivalTable {
    law: StayLaw,
    /// Coefficients of the cubic in each cell; empty for a law that is asked itself.
    cubics: Vec<[f64; 4]>,
}

impl SurvivalTable {
    pub(crate) fn new(law: StayLaw) -> Self {
        let cubics =
            if is_smooth(&law) { (0..CELLS as u64).map(|cell| cubic(&law, cell)).collect() } else { Vec::new() };
        Self { law, cubics }
    }

    /// The probability of staying longer than `t` mean stays; right to 1e-7.
    #[inline]
    pub(crate) fn at(&self, t: f64) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << WITHIN) as f64;
        if t <= 0.0 {
            return 1.0;
        }
        let bits = t.to_bits();
        let Some([a, b, c, d]) = self.cubics.get((bits >> WITHIN).wrapping_sub(FIRST) as usize) else {
            return survivor(&self.law, t);
        };
        let part = (bits & ((1 << WITHIN) - 1)) as f64 * STEP;
        a + part * (b + part * (c + part * d))
    }
}

/// Whether the table does: not for laws with nearly all of their mass within one cell or two.
fn is_smooth(law: &StayLaw) -> bool {
    match law {
        StayLaw::Lognormal { sigma, .. } => *sigma > 0.2,
        StayLaw::Gamma { shape } => *shape < 25.0,
        StayLaw::Weibull { shape, .. } => *shape < 5.0,
        StayLaw::Exponential => true,
        StayLaw::Fixed | StayLaw::Observed(_) => false,
        StayLaw::Mixture(mixture) => mixture.parts.iter().all(|(law, _)| is_smooth(law)),
    }
}

/// The cubic of a cell as a polynomial in the part of the cell.
fn cubic(law: &StayLaw, cell: u64) -> [f64; 4] {
    let edge = |cell: u64| f64::from_bits((FIRST + cell) << WITHIN);
    let (from, to) = (edge(cell), edge(cell + 1));
    let width = to - from;
    let (a, b) = (survivor(law, from), -density(law, from) * width);
    let (end, slope) = (survivor(law, to), -density(law, to) * width);
    [a, b, 3.0 * (end - a) - 2.0 * b - slope, 2.0 * (a - end) + b + slope]
}

/// The probability of staying longer than `t > 0` mean stays.
pub(crate) fn survivor(law: &StayLaw, t: f64) -> f64 {
    match law {
        StayLaw::Lognormal { mu, sigma } => normal_cdf((mu - libm::log(t)) / sigma),
        StayLaw::Gamma { shape } => Gamma::new(*shape, *shape).map_or(0.0, |law| law.sf(t)),
        StayLaw::Weibull { shape, scale } => libm::exp(-libm::pow(t / scale, *shape)),
        StayLaw::Exponential => libm::exp(-t),
        StayLaw::Fixed => f64::from(t < 1.0),
        StayLaw::Observed(stays) => stays.survivor(t),
        StayLaw::Mixture(mixture) => mixed(mixture, |law, mean| survivor(law, t / mean)),
    }
}

fn mixed(mixture: &Mixture, of: impl Fn(&StayLaw, f64) -> f64) -> f64 {
    mixture.shares().iter().zip(&mixture.parts).map(|(share, (law, mean))| share * of(law, *mean)).sum()
}

fn density(law: &StayLaw, t: f64) -> f64 {
    match law {
        StayLaw::Lognormal { mu, sigma } => {
            let z = (libm::log(t) - mu) / sigma;
            libm::exp(-0.5 * z * z) / (t * sigma * libm::sqrt(std::f64::consts::TAU))
        }
        StayLaw::Gamma { shape } => Gamma::new(*shape, *shape).map_or(0.0, |law| law.pdf(t)),
        StayLaw::Weibull { shape, scale } => shape / t * libm::pow(t / scale, *shape) * survivor(law, t),
        StayLaw::Exponential => libm::exp(-t),
        StayLaw::Fixed | StayLaw::Observed(_) => 0.0,
        StayLaw::Mixture(mixture) => mixed(mixture, |law, mean| density(law, t / mean) / mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::health::stay::law::Family;
    use crate::services::health::stay::length_of_stay::{LongStays, StatedStay, Stay};

    #[test]
    fn the_table_is_the_function() {
        for family in Family::ALL {
            for cv in [0.05, 0.3, 0.45, 1.0, 1.2, 3.0] {
                for long in [None, Some(LongStays { share: 0.08, mean: 40.0, cv: 0.7 })] {
                    let law = Stay::stated(family, StatedStay { mean: 5.0, cv, long }).law();
                    let table = SurvivalTable::new(law.clone());
                    for k in -1500..900 {
                        let t = f64::exp2(f64::from(k) * 0.007_3);
                        let error = (table.at(t) - survivor(&law, t)).abs();
                        assert!(error < 1e-7, "{family:?} {cv} at {t}: {error}");
                    }
                }
            }
        }
    }
}
