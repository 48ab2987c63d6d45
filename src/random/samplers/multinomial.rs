//! Splitting whole numbers over classes.

use super::binomial::binomial;
use crate::random::Stream;

/// Splits `n` over classes in proportion to `weights` (need not add to 1; none negative). The parts add to `n` exactly;
/// if all weights are 0, the last class takes all. Conditional binomials.
pub fn multinomial(n: u32, weights: &[f64], parts: &mut [u32], stream: &mut Stream) {
    debug_assert_eq!(weights.len(), parts.len());
    let mut left = n;
    let mut weight: f64 = weights.iter().sum();
    let last = weights.len().saturating_sub(1);
    for (i, (w, part)) in weights.iter().zip(parts.iter_mut()).enumerate() {
        *part = if i == last {
            left
        } else if left == 0 || weight <= 0.0 {
            0
        } else {
            binomial(left, w / weight, stream)
        };
        left -= *part;
        weight -= w;
    }
}

/// Of `n` people, how many leave by the first and how many by the second of two competing exits with probabilities
/// `first` and `second` (together at most 1): a trinomial, as one binomial of all exits, then a split of the few.
#[inline]
pub fn competing_exits(n: u32, first: f64, second: f64, stream: &mut Stream) -> (u32, u32) {
    let both = first + second;
    let exits = binomial(n, both, stream);
    if exits == 0 {
        return (0, 0);
    }
    let of_first = binomial(exits, first / both, stream);
    (of_first, exits - of_first)
}
