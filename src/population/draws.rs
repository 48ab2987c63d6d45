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

/// How many of eight bytes are below a bound: each byte in 16 bits of its own, where subtracting the bound from it
/// plus 256 keeps the ninth bit unless it is smaller.
#[inline]
const fn bytes_below(bytes: u64, bound: u8) -> u32 {
    const BYTE: u64 = 0x00ff_00ff_00ff_00ff;
    const NINTH: u64 = 0x0100_0100_0100_0100;
    const ONES: u64 = 0x0001_0001_0001_0001;
    let bounds = bound as u64 * ONES;
    let even = (((bytes & BYTE) | NINTH) - bounds) & NINTH;
    let odd = (((bytes >> 8 & BYTE) | NINTH) - bounds) & NINTH;
    8 - (((even + odd) >> 8).wrapping_mul(ONES) >> 48) as u32
}

/// Not 0 if any of eight bytes equals `first` (a zero byte of their difference; Mycroft 1987).
#[inline]
const fn any_equal(bytes: u64, first: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let differences = bytes ^ (first as u64 * ONES);
    differences.wrapping_sub(ONES) & !differences & (ONES << 7)
}

/// Bytes in a block.
const LANES: usize = 16;

/// Random bytes of one cell, a block at a time.
pub(super) struct Bytes {
    stream: Stream,
    block: [u8; LANES],
    used: usize,
}

impl Bytes {
    pub(super) const fn new(stream: Stream) -> Self {
        Self { stream, block: [0; LANES], used: LANES }
    }

    #[inline]
    fn refill(&mut self) {
        for (four, word) in self.block.chunks_exact_mut(4).zip(self.stream.block()) {
            four.copy_from_slice(&word.to_le_bytes());
        }
        self.used = 0;
    }

    /// The next byte.
    #[inline]
    pub(super) fn byte(&mut self) -> u8 {
        if self.used == LANES {
            self.refill();
        }
        let byte = self.block[self.used & (LANES - 1)];
        self.used += 1;
        byte
    }

    /// The 56 bits after `byte`, as the number that both make.
    #[inline]
    pub(super) fn widen(&mut self, byte: u8) -> u64 {
        u64::from(byte) << 56 | self.stream.bits() >> 8
    }

    /// Divides `gone` people into (died, left, moved) with probabilities `death` of the first and `leaving` of the
    /// second among the others.
    ///
    /// Few people take one byte each, compared with the bounds of the three ways, 16 at a time; only a byte equal to the
    /// first byte of a bound needs more bits, so that the law is exact.
    #[inline]
    pub(super) fn divide(&mut self, gone: u32, death: f64, leaving: f64) -> (u32, u32, u32) {
        if gone > ONE_BY_ONE {
            let died = binomial(gone, death, &mut self.stream);
            let left = binomial(gone - died, leaving, &mut self.stream);
            return (died, left, gone - died - left);
        }
        let bounds = [death * 256.0, (death + (1.0 - death) * leaving) * 256.0];
        let firsts = bounds.map(|b| b.min(255.0) as u8);
        let mut below = [0_u32; 2];
        let mut rest = gone;
        while rest > 0 {
            self.refill();
            let room = rest.min(LANES as u32) as u8;
            let mut ties = 0;
            for (half, eight) in self.block.chunks_exact(8).enumerate() {
                let inside = room.saturating_sub(8 * half as u8).min(8);
                // Bytes beyond the people count as the largest, which is below no bound.
                let beyond = u64::MAX.checked_shl(8 * u32::from(inside)).unwrap_or(0);
                let bytes = u64::from_le_bytes(eight.try_into().expect("invariant: eight bytes")) | beyond;
                for (below, first) in below.iter_mut().zip(firsts) {
                    *below += bytes_below(bytes, first);
                    ties |= any_equal(bytes, first);
                }
            }
            if ties > 0 {
                self.settle(room, firsts, bounds, &mut below);
            }
            self.used = usize::from(room);
            rest -= u32::from(room);
        }
        (below[0], below[1] - below[0], gone - below[1])
    }

    /// Draws the fraction beyond each byte that equals the first byte of a bound.
    #[cold]
    fn settle(&mut self, room: u8, firsts: [u8; 2], bounds: [f64; 2], below: &mut [u32; 2]) {
        for byte in &self.block[..usize::from(room)] {
            if *byte == firsts[0] || *byte == firsts[1] {
                let exact = f64::from(*byte) + self.stream.uniform();
                below[0] += u32::from(*byte == firsts[0] && exact < bounds[0]);
                below[1] += u32::from(*byte == firsts[1] && exact < bounds[1]);
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn bytes_are_counted_and_found() {
        let bytes = u64::from_le_bytes([0, 1, 127, 128, 200, 255, 255, 3]);
        let count = |bound: u8| bytes.to_le_bytes().iter().filter(|b| **b < bound).count() as u32;
        for bound in 0..=255 {
            assert_eq!(bytes_below(bytes, bound), count(bound), "below {bound}");
            assert_eq!(any_equal(bytes, bound) != 0, bytes.to_le_bytes().contains(&bound), "equal to {bound}");
        }
    }

    #[test]
    fn the_row_exponential_is_the_exponential() {
        let row = std::array::from_fn(|i| 0.41 * i as f64);
        let mut out = [0.0; SLOTS];
        exp_minus(&row, &mut out);
        for (x, found) in row.iter().zip(out) {
            assert!((found / libm::exp(-x) - 1.0).abs() < 4e-15, "exp(-{x}) = {found}");
        }
    }

    #[test]
    fn few_people_divide_as_the_multinomial_law_says() {
        // Probabilities between bytes, so that ties matter.
        for (gone, death, leaving) in
            [(1, 0.3, 0.5), (20, 0.0501, 0.5503), (63, 0.003, 0.999), (7, 1.0, 0.2), (9, 0.0, 1.0)]
        {
            let (mut sums, runs) = ([0.0; 3], 40_000);
            for run in 0..runs {
                let mut bytes = Bytes::new(Streams::new(2, run).cell(Purpose::named("test"), 0, gone));
                let (died, left, moved) = bytes.divide(gone, death, leaving);
                assert_eq!(died + left + moved, gone);
                sums = [sums[0] + f64::from(died), sums[1] + f64::from(left), sums[2] + f64::from(moved)];
            }
            let n = f64::from(runs) * f64::from(gone);
            for (sum, p) in sums.into_iter().zip([death, (1.0 - death) * leaving, (1.0 - death) * (1.0 - leaving)]) {
                let error = 4.0 * libm::sqrt(n * p * (1.0 - p)) + 1e-6 * n;
                assert!((sum - n * p).abs() <= error, "{sum} for {} of {gone}", n * p);
            }
        }
    }
}
