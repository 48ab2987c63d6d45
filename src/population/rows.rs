//! Functions of a whole row of cohorts at once, without branches, so that the loops run in vector registers.

use std::sync::LazyLock;

use super::lifetable::SLOTS;

/// Numbers by cohort slot of one area and sex.
pub(super) type Row = [f64; SLOTS];

/// `exp(-x)` for every `x` of a row: 2^k times a polynomial of degree 13 on half a binary order (relative error below
/// 1e-15). Beyond 700 it is taken as 700.
#[inline]
pub(super) fn exp_minus(row: &Row, out: &mut Row) {
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

/// The natural logarithm of every number of a row (above 0 and finite): the binary order times ln 2, and the series of
/// `2 artanh(s)` with `s = (m - 1) / (m + 1)` on m between the roots of 1/2 and 2 (error below 1e-15 of the larger part).
#[inline]
pub(super) fn logarithms(row: &Row, out: &mut Row) {
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

/// `1 - exp(-h)` for every hazard of a row, given `stay = exp(-h)`; small hazards by their series, which loses no digit.
#[inline]
pub(super) fn going(hazards: &Row, stay: &Row, out: &mut Row) {
    const SMALL: f64 = 0.01;
    for ((out, h), stay) in out.iter_mut().zip(hazards).zip(stay) {
        let series = h * (1.0 - h / 2.0 * (1.0 - h / 3.0 * (1.0 - h / 4.0 * (1.0 - h / 5.0 * (1.0 - h / 6.0)))));
        *out = if *h < SMALL { series } else { 1.0 - stay };
    }
}

/// Logarithms of factorials that are looked up.
const TABLE: usize = 8_192;

static LOG_FACTORIALS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let mut sum = 0.0;
    let log = |k: usize| if k == 0 { 0.0 } else { libm::log(k as f64) };
    (0..TABLE).map(|k| (sum += log(k), sum).1).collect()
});

/// Logarithms of factorials: looked up, or by the series of Stirling.
#[derive(Clone, Copy)]
pub(super) struct LogFactorials(&'static [f64]);

impl LogFactorials {
    pub(super) fn get() -> Self {
        Self(&LOG_FACTORIALS)
    }

    #[inline]
    pub(super) fn of(self, k: u32) -> f64 {
        self.0.get(k as usize).copied().unwrap_or_else(|| stirling(f64::from(k)))
    }
}

/// ln k! to 1e-16 of itself for k of thousands.
#[cold]
fn stirling(k: f64) -> f64 {
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    (k + 0.5) * libm::log(k) - k + HALF_LN_TWO_PI + 1.0 / (12.0 * k) - 1.0 / (360.0 * k * k * k)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_row_logarithm_is_the_logarithm() {
        let row: Row = std::array::from_fn(|i| libm::exp(0.731 * (i as f64 - 90.0)));
        let mut out = [0.0; SLOTS];
        logarithms(&row, &mut out);
        for (x, found) in row.iter().zip(out) {
            let exact = libm::log(*x);
            assert!((found - exact).abs() < 4e-16 * exact.abs().max(1.0), "ln {x} = {found}, not {exact}");
        }
        let (near, mut out) = ([1.0 + 1e-9; SLOTS], [0.0; SLOTS]);
        logarithms(&near, &mut out);
        assert!((out[0] / libm::log1p(near[0] - 1.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn small_and_large_hazards_keep_their_digits() {
        let hazards: Row = std::array::from_fn(|i| libm::exp(-18.0 + 0.21 * i as f64));
        let (mut stay, mut out) = ([0.0; SLOTS], [0.0; SLOTS]);
        exp_minus(&hazards, &mut stay);
        going(&hazards, &stay, &mut out);
        for (h, found) in hazards.iter().zip(out) {
            assert!((found / -libm::expm1(-h) - 1.0).abs() < 2e-14, "1 - exp(-{h}) = {found}");
        }
    }

    #[test]
    fn factorials_go_on_beyond_the_table() {
        let logs = LogFactorials::get();
        assert_eq!((logs.of(0), logs.of(1)), (0.0, 0.0));
        for k in [2, 170, 8_191, 8_192, 100_000] {
            let exact = libm::lgamma(f64::from(k) + 1.0);
            assert!((logs.of(k) / exact - 1.0).abs() < 1e-14, "ln {k}!");
        }
    }
}
