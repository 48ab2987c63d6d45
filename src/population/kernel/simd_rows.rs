//! Functions of many cohorts at once, without branches, so that the loops run in vector registers.

use crate::population::view::SLOTS;

/// Cells that are worked on in step.
pub(crate) const LANES: usize = 8;

/// Cells of a row: the cohort slots, and some that nobody is in, so that lanes are full.
pub(crate) const WIDTH: usize = SLOTS.next_multiple_of(LANES);

/// Numbers by cohort slot of one area and sex.
pub(crate) type Row = [f64; WIDTH];

/// Numbers of neighbouring cohorts.
pub(crate) type Lanes = [f64; LANES];

/// `exp(-x)` for every `x`: 2^k times a polynomial of degree 13 on half a binary order (relative error below
/// 1e-15). Beyond 700 it is taken as 700.
#[inline(always)]
pub(crate) fn exp_minus<const N: usize>(row: &[f64; N], out: &mut [f64; N]) {
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

/// The natural logarithm of every number (above 0 and finite): the binary order times ln 2, and the series of
/// `2 artanh(s)` with `s = (m - 1) / (m + 1)` on m between the roots of 1/2 and 2 (error below 1e-15 of the larger part).
#[inline(always)]
pub(crate) fn logarithms<const N: usize>(row: &[f64; N], out: &mut [f64; N]) {
    const ROOT_OF_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 1.0_f64.to_bits();
    const ORDER: u64 = 0x7ff << 52;
    /// 2^52: its low bits under a whole number make that number a float.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    for (out, x) in out.iter_mut().zip(row) {
        let bits = x.to_bits();
        let shifted = bits.wrapping_add(ONE - ROOT_OF_HALF);
        let order = f64::from_bits(shifted >> 52 | WHOLE.to_bits()) - (WHOLE + 1023.0);
        let m = f64::from_bits(bits.wrapping_sub(shifted & ORDER).wrapping_add(ONE));
        let s = (m - 1.0) / (m + 1.0);
        let z = s * s;
        let mut series = 1.0 / 21.0;
        for odd in [19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
            series = series * z + 1.0 / odd;
        }
        *out = order * std::f64::consts::LN_2 + 2.0 * s * series;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_exponential_is_the_exponential() {
        let row: Row = std::array::from_fn(|i| 0.41 * i as f64);
        let mut out = [0.0; WIDTH];
        exp_minus(&row, &mut out);
        for (x, found) in row.iter().zip(out) {
            assert!((found / libm::exp(-x) - 1.0).abs() < 4e-15, "exp(-{x}) = {found}");
        }
    }

    #[test]
    fn the_row_logarithm_is_the_logarithm() {
        let row: Row = std::array::from_fn(|i| libm::exp(0.731 * (i as f64 - 90.0)));
        let mut out = [0.0; WIDTH];
        logarithms(&row, &mut out);
        for (x, found) in row.iter().zip(out) {
            let exact = libm::log(*x);
            assert!((found - exact).abs() < 4e-16 * exact.abs().max(1.0), "ln {x} = {found}, not {exact}");
        }
        let (near, mut out) = ([1.0 + 1e-9; WIDTH], [0.0; WIDTH]);
        logarithms(&near, &mut out);
        assert!((out[0] / libm::log1p(near[0] - 1.0) - 1.0).abs() < 1e-12);
    }
}
