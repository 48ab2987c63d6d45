//! Logarithms of factorials, which the masses of counts are made of.

use std::sync::LazyLock;

/// Factorials that are looked up.
const TABLE: usize = 2_048;

static LOGARITHMS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let mut sum = 0.0;
    let log = |k: usize| if k == 0 { 0.0 } else { libm::log(k as f64) };
    (0..TABLE).map(|k| (sum += log(k), sum).1).collect()
});

/// ln k! of a whole number, to 1e-14 of itself: looked up, or by the series of Stirling.
#[inline]
pub(super) fn ln_factorial(k: f64) -> f64 {
    LOGARITHMS.get(k as usize).copied().unwrap_or_else(|| stirling(k))
}

fn stirling(k: f64) -> f64 {
    const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
    (k + 0.5) * libm::log(k) - k + HALF_LN_TWO_PI + 1.0 / (12.0 * k) - 1.0 / (360.0 * k * k * k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials_go_on_beyond_the_table() {
        assert_eq!((ln_factorial(0.0), ln_factorial(1.0)), (0.0, 0.0));
        for k in [2.0, 170.0, 2_047.0, 2_048.0, 100_000.0, 4e9] {
            assert!((ln_factorial(k) / libm::lgamma(k + 1.0) - 1.0).abs() < 1e-14, "ln {k}!");
        }
    }
}
