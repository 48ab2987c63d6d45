//! Whether a yearly matrix of need can come from people who change at any moment: the embedding problem.
//!
//! A matrix P of yearly probabilities is *embeddable* when P = exp(Q) for a generator Q: no rate between levels and no
//! death rate below 0. Where more than half of each level stay in it, the principal logarithm is the only candidate
//! (Cuthbert 1973; Israel, Rosenthal and Wei 2001). If it has negative rates, the nearest generator is taken: row by row
//! the nearest to the logarithm in the sum of squares (Kreinin and Sidelnikova 2001).

use super::levels::{LEVELS, Rates};
use super::matrix::{Matrix, distance, exponential, logarithm};

/// Rates above this are no fault of the matrix but of its rounding.
const ROUNDING: f64 = -1e-9;

/// A rate that a logarithm would need below 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NegativeRate {
    pub from: usize,
    /// `LEVELS` is death.
    pub to: usize,
    pub rate: f64,
}

/// What a yearly matrix says about the rates behind it.
#[derive(Clone, Debug)]
pub(crate) struct Embedding {
    /// Yearly rates: the logarithm, or the nearest that are possible.
    pub rates: Rates,
    /// The most negative rate of the logarithm; `None` for a matrix that can be embedded.
    pub negative: Option<NegativeRate>,
    /// Largest difference between the matrix and the yearly probabilities of `rates`.
    pub distance: f64,
}

impl Embedding {
    /// Looks at the living part of a yearly matrix, whose rows add to 1 or less; `None` where there is no real logarithm.
    pub(crate) fn of(yearly: &Matrix) -> Option<Self> {
        let log = logarithm(yearly)?;
        let mut negative: Option<NegativeRate> = None;
        let mut rates = [[0.0; LEVELS + 1]; LEVELS];
        for (from, row) in log.iter().enumerate() {
            let mut all: [f64; LEVELS + 1] = std::array::from_fn(|to| row.get(to).copied().unwrap_or(0.0));
            all[LEVELS] = -row.iter().sum::<f64>();
            for (to, &rate) in all.iter().enumerate().filter(|(to, _)| *to != from) {
                if rate < ROUNDING && negative.is_none_or(|worst| rate < worst.rate) {
                    negative = Some(NegativeRate { from, to, rate });
                }
            }
            rates[from] = nearest_row(&all, from);
        }
        let distance = distance(&exponential(&living(&rates)), yearly);
        Some(Self { rates, negative, distance })
    }
}

/// The living part of a generator: rates out of each level, and on the diagonal what leaves it.
pub(crate) fn living(rates: &Rates) -> Matrix {
    std::array::from_fn(|from| {
        let out: f64 = rates[from].iter().enumerate().filter(|(to, _)| *to != from).map(|(_, rate)| rate).sum();
        std::array::from_fn(|to| if to == from { -out } else { rates[from][to] })
    })
}

/// The nearest row of a generator to a row that adds to 0: the same amount is taken from every rate that stays above 0.
fn nearest_row(row: &[f64; LEVELS + 1], diagonal: usize) -> [f64; LEVELS + 1] {
    let mut kept = [true; LEVELS + 1];
    loop {
        let count = kept.iter().filter(|k| **k).count() as f64;
        let excess = row.iter().zip(kept).filter(|(_, kept)| *kept).map(|(rate, _)| rate).sum::<f64>() / count;
        let falls = (0..=LEVELS).filter(|to| kept[*to] && *to != diagonal && row[*to] - excess < 0.0);
        let falls: Vec<usize> = falls.collect();
        if falls.is_empty() {
            return std::array::from_fn(|to| if kept[to] && to != diagonal { row[to] - excess } else { 0.0 });
        }
        falls.into_iter().for_each(|to| kept[to] = false);
    }
}
