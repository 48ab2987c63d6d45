//! How many of one kind are among those of a cell who go, several cells in step: Fisher's noncentral hypergeometric law,
//! as [`crate::random::noncentral_hypergeometric`] draws it for one cell.
//!
//! Masses relative to that of the least possible count follow one another by ratios, without factorials; they are summed up
//! first, and then those are counted whose sum a uniform number of 52 bits exceeds (Liao and Rosen 2001 begin at the mode;
//! from the end the cells of a row go in step). Cells of many steps, and those whose masses grow beyond all bounds, are
//! left to the sampler of [`crate::random`]. Exact up to rounding (1e-15).

use super::simd_rows::{LANES, Lanes};
use crate::random::noncentral_hypergeometric_at;

/// Most steps that are taken together.
const STEPS: usize = 64;

/// Sums of masses, one count after another.
pub(crate) type Sums = [Lanes; STEPS + 1];

/// No sums yet.
pub(crate) const NO_SUMS: Sums = [[0.0; LANES]; STEPS + 1];

/// Steps between two looks at whether masses still count.
const STRIDE: usize = 4;

/// Masses below this part of the sum count for nothing, as they fall ever faster.
const NOTHING: f64 = 1e-18;

/// Cells of people of two kinds of whom some go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TwoKinds<'a> {
    /// People of the kind that is counted.
    pub(crate) own: &'a Lanes,
    /// The other people.
    pub(crate) others: &'a Lanes,
    /// People of both kinds who go: no more than there are.
    pub(crate) going: &'a Lanes,
    /// Odds of going of one of the own over those of one of the others.
    pub(crate) odds: f64,
}

/// How many of the own are among those who go, by uniform numbers `u`.
#[inline(always)]
pub(crate) fn own_among_going(cells: &TwoKinds<'_>, u: &Lanes, sums: &mut Sums) -> Lanes {
    let TwoKinds { own, others, going, odds } = *cells;
    let (mut least, mut width) = ([0.0; LANES], [0.0; LANES]);
    for at in 0..LANES {
        least[at] = (going[at] - others[at]).max(0.0);
        width[at] = own[at].min(going[at]) - least[at];
    }
    let most = width.iter().fold(0.0_f64, |most, width| most.max(*width));
    if most <= 0.0 {
        return least;
    }
    let steps = (most as usize).min(STEPS);
    let (mut mass, mut sum) = ([1.0; LANES], [1.0; LANES]);
    // (own - x)(going - x) and (x + 1)(others - going + x + 1) at the count x at hand, and by how much they change with it:
    // whole numbers, so that sums of differences are exact.
    let (mut ways, mut ways_by, mut back, mut back_by) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for at in 0..LANES {
        let (x, room) = (least[at], others[at] - going[at] + least[at]);
        ways[at] = (own[at] - x) * (going[at] - x);
        ways_by[at] = 2.0 * x + 1.0 - own[at] - going[at];
        back[at] = (x + 1.0) * (room + 1.0);
        back_by[at] = x + room + 3.0;
    }
    sums[0] = sum;
    let mut taken = 0;
    while taken < steps {
        for at in 0..LANES {
            // At the most there can be no way is left, and the mass stays 0.
            mass[at] *= odds * ways[at] / back[at];
            sum[at] += mass[at];
            ways[at] += ways_by[at];
            back[at] += back_by[at];
            ways_by[at] += 2.0;
            back_by[at] += 2.0;
        }
        taken += 1;
        sums[taken] = sum;
        if taken % STRIDE == 0 && (0..LANES).all(|at| mass[at] <= NOTHING * sum[at]) {
            break;
        }
    }
    let mut counts = least;
    let target: Lanes = std::array::from_fn(|at| u[at] * sum[at]);
    for sum in &sums[..taken] {
        for at in 0..LANES {
            counts[at] += if sum[at] < target[at] { 1.0 } else { 0.0 };
        }
    }
    let lost = |at: &usize| width[*at] > STEPS as f64 || !sum[*at].is_finite();
    if (0..LANES).any(|at| lost(&at)) {
        for at in (0..LANES).filter(lost) {
            counts[at] = one_cell(cells, at, u[at]);
        }
    }
    counts
}

#[cold]
fn one_cell(cells: &TwoKinds<'_>, at: usize, u: f64) -> f64 {
    let [own, others, going] = [cells.own, cells.others, cells.going].map(|people| people[at] as u32);
    f64::from(noncentral_hypergeometric_at(own, others, going, cells.odds, u))
}

/// Uniform numbers in (0, 1): 52 of the 64 bits count.
#[inline(always)]
pub(crate) fn units(bits: &[u64; LANES]) -> Lanes {
    const ONE: u64 = 1.0_f64.to_bits();
    const HALF: f64 = f64::EPSILON / 2.0;
    bits.map(|bits| f64::from_bits(bits >> 12 | ONE) - 1.0 + HALF)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [(f64, f64, f64); LANES] = [
        (190.0, 110.0, 10.0),
        (3.0, 400.0, 60.0),
        (0.0, 5.0, 3.0),
        (5.0, 0.0, 3.0),
        (30.0, 40.0, 69.0),
        (700.0, 300.0, 250.0),
        (7.0, 7.0, 0.0),
        (1.0, 1.0, 1.0),
    ];

    #[test]
    fn nobody_goes_who_is_not_there_at_any_odds() {
        let [own, others, going] = [0, 1, 2].map(|part| CASES.map(|(a, b, c)| [a, b, c][part]));
        let mut sums = NO_SUMS;
        for odds in [1.0, 0.2, 7.0, 1e-9, 1e9] {
            for step in 0..4_000 {
                let u = (f64::from(step) + 0.5) / 4_000.0;
                let found = own_among_going(
                    &TwoKinds { own: &own, others: &others, going: &going, odds },
                    &[u; LANES],
                    &mut sums,
                );
                for at in 0..LANES {
                    let (least, most) = ((going[at] - others[at]).max(0.0), own[at].min(going[at]));
                    assert!((least..=most).contains(&found[at]), "cell {at}: {} of {least} to {most}", found[at]);
                }
            }
        }
    }

    #[test]
    fn the_sums_give_the_law_of_fisher() {
        const STEPS: u32 = 100_000;
        let [own, others, going] = [0, 1, 2].map(|part| CASES.map(|(a, b, c)| [a, b, c][part]));
        let mut sums = NO_SUMS;
        for odds in [1.0, 0.2, 7.0] {
            let mut shares = vec![[0.0; LANES]; 300];
            for step in 0..STEPS {
                let u = (f64::from(step) + 0.5) / f64::from(STEPS);
                let found = own_among_going(
                    &TwoKinds { own: &own, others: &others, going: &going, odds },
                    &[u; LANES],
                    &mut sums,
                );
                for at in 0..LANES {
                    shares[found[at] as usize][at] += 1.0 / f64::from(STEPS);
                }
            }
            for (at, (own, others, going)) in CASES.into_iter().enumerate() {
                let log = |k: f64| {
                    let ways =
                        |n: f64, k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
                    let possible = k <= own && going - k <= others && k <= going;
                    if possible {
                        ways(own, k) + ways(others, going - k) + k * libm::log(odds)
                    } else {
                        f64::NEG_INFINITY
                    }
                };
                let logs: Vec<f64> = (0..300).map(|k| log(f64::from(k))).collect();
                let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let total: f64 = logs.iter().map(|log| libm::exp(log - most)).sum();
                for (k, (share, log)) in shares.iter().zip(&logs).enumerate() {
                    let exact = libm::exp(log - most) / total;
                    assert!((share[at] - exact).abs() < 4e-5, "odds {odds}, cell {at}, {k}: {} {exact}", share[at]);
                }
            }
        }
    }

    #[test]
    fn bits_make_a_number_between_zero_and_one() {
        let of = |bits: u64| units(&[bits; LANES])[0];
        assert!(of(0) > 0.0 && of(u64::MAX) < 1.0);
        assert!((of(1 << 63) - 0.5).abs() < 1e-15);
    }
}
