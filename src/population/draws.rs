//! Draws of small counts by inversion from quantities that a year has ready, beside the ground's general samplers.
//!
//! Inversion walks up the probabilities from 0 (Devroye 1986, X.4.1). Its cost grows with the mean, so that large means
//! go to the ground's rejection samplers.

use super::lifetable::SLOTS;
use crate::random::{Stream, binomial, poisson};

/// Largest mean that is inverted from 0.
const LARGEST_MEAN: f64 = 40.0;

/// 1/k, so that a step needs no division.
static RECIPROCALS: [f64; 256] = {
    let mut table = [0.0; 256];
    let mut k = 1;
    while k < 256 {
        table[k] = 1.0 / k as f64;
        k += 1;
    }
    table
};

#[inline]
fn reciprocal(k: u32) -> f64 {
    RECIPROCALS.get(k as usize).copied().unwrap_or_else(|| 1.0 / f64::from(k))
}

/// `exp(-x)` for every `x` of a row, without branches so that the loop runs in vector registers: 2^k times a polynomial
/// of degree 13 on half a binary order (relative error below 1e-15). Beyond 700 it is taken as 700.
#[inline]
pub(super) fn exp_minus(row: &[f64; SLOTS], out: &mut [f64; SLOTS]) {
    const PER_BINARY_ORDER: f64 = std::f64::consts::LOG2_E;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    /// 1.5 x 2^52: adding it leaves a whole number in the low bits.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    for (out, x) in out.iter_mut().zip(row) {
        let x = -x.min(700.0);
        let shifted = x * PER_BINARY_ORDER + WHOLE;
        let order = shifted - WHOLE;
        let r = (x - order * LN2_HIGH) - order * LN2_LOW;
        let mut p = 1.0 / 6_227_020_800.0;
        for factorial in [
            479_001_600.0,
            39_916_800.0,
            3_628_800.0,
            362_880.0,
            40_320.0,
            5_040.0,
            720.0,
            120.0,
            24.0,
            6.0,
            2.0,
            1.0,
            1.0,
        ] {
            p = p * r + 1.0 / factorial;
        }
        *out = p * f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    }
}

/// Number among `n` people who go, each with hazard `hazard` (probability `1 - exp(-hazard)`, odds `exp(hazard) - 1`).
/// `none` is `exp(-n hazard)` and `u` a uniform number, both made for the whole row; a large mean draws anew.
#[inline]
pub(super) fn going((n, hazard, odds): (u32, f64, f64), (none, u): (f64, f64), stream: impl FnOnce() -> Stream) -> u32 {
    if f64::from(n) * hazard > LARGEST_MEAN {
        binomial(n, odds / (1.0 + odds), &mut stream())
    } else {
        walk(n, odds, none, u)
    }
}

/// A Poisson number, in the same way: `none` is `exp(-mean)`.
#[inline]
pub(super) fn arriving(mean: f64, (none, u): (f64, f64), stream: impl FnOnce() -> Stream) -> u32 {
    if mean > LARGEST_MEAN { poisson(mean, &mut stream()) } else { walk_poisson(mean, none, u) }
}

/// Most people that are told apart one by one.
const ONE_BY_ONE: u32 = 64;

/// Divides `gone` people into (died, left, moved) with probabilities `death` of the first and `leaving` of the second
/// among the others.
///
/// Few people take one random byte each, compared with the bounds of the three ways; only a byte equal to a bound's
/// first byte needs more bits, so that the law is exact.
#[inline]
pub(super) fn divide(gone: u32, death: f64, leaving: f64, stream: &mut Stream) -> (u32, u32, u32) {
    if gone > ONE_BY_ONE {
        let died = binomial(gone, death, stream);
        let left = binomial(gone - died, leaving, stream);
        return (died, left, gone - died - left);
    }
    let bounds = [death * 256.0, (death + (1.0 - death) * leaving) * 256.0];
    let firsts = bounds.map(|b| (b as u32).min(256));
    let (mut below, mut ties) = ([0_u32; 2], 0_u32);
    let mut bytes = [0_u8; ONE_BY_ONE as usize];
    let blocks = (gone as usize).div_ceil(16);
    for part in bytes.chunks_exact_mut(16).take(blocks) {
        for (four, word) in part.chunks_exact_mut(4).zip(stream.block()) {
            four.copy_from_slice(&word.to_le_bytes());
        }
    }
    for byte in &bytes[..gone as usize] {
        let byte = u32::from(*byte);
        below[0] += u32::from(byte < firsts[0]);
        below[1] += u32::from(byte < firsts[1]);
        ties += u32::from((byte == firsts[0]) | (byte == firsts[1]));
    }
    if ties > 0 {
        for byte in &bytes[..gone as usize] {
            let byte = u32::from(*byte);
            if byte == firsts[0] || byte == firsts[1] {
                let exact = f64::from(byte) + stream.uniform();
                below[0] += u32::from(byte == firsts[0] && exact < bounds[0]);
                below[1] += u32::from(byte == firsts[1] && exact < bounds[1]);
            }
        }
    }
    (below[0], below[1] - below[0], gone - below[1])
}

/// Walks up a binomial law from its probability of 0.
#[inline]
fn walk(n: u32, odds: f64, none: f64, mut u: f64) -> u32 {
    let (mut mass, mut rest, mut k) = (none, f64::from(n), 0);
    while u > mass && k < n {
        u -= mass;
        k += 1;
        mass *= odds * rest * reciprocal(k);
        rest -= 1.0;
    }
    k
}

/// Walks up a Poisson law from its probability of 0.
#[inline]
fn walk_poisson(mean: f64, none: f64, mut u: f64) -> u32 {
    let (mut mass, mut k) = (none, 0);
    while u > mass && mass > 0.0 {
        u -= mass;
        k += 1;
        mass *= mean * reciprocal(k);
    }
    k
}
