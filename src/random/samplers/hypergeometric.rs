//! Drawing without replacement: lotteries.

use super::factorial::ln_factorial;
use crate::random::Stream;

/// How many of `draws` taken without replacement from `good + bad` are good. More draws than there are take all.
///
/// Exact inversion from the mode outwards, the larger of the two neighbouring masses first (Kachitvichyanukul and
/// Schmeiser 1985 compare such schemes). Draws: one uniform.
pub fn hypergeometric(good: u32, bad: u32, draws: u32, stream: &mut Stream) -> u32 {
    let total = u64::from(good) + u64::from(bad);
    if u64::from(draws) >= total {
        return good;
    }
    if good == 0 || draws == 0 {
        return 0;
    }
    if bad == 0 {
        return draws;
    }
    let lowest = draws.saturating_sub(bad);
    let highest = good.min(draws);
    let (g, b, d) = (f64::from(good), f64::from(bad), f64::from(draws));
    let mode = libm::floor((d + 1.0) * (g + 1.0) / (g + b + 2.0));
    let mode = (mode as u32).clamp(lowest, highest);
    let at_mode = libm::exp(log_choose(g, f64::from(mode)) + log_choose(b, d - f64::from(mode)) - log_choose(g + b, d));
    loop {
        let mut u = stream.uniform() - at_mode;
        if u <= 0.0 {
            return mode;
        }
        let (mut low, mut high) = (mode, mode);
        let (mut below, mut above) = (at_mode, at_mode);
        while low > lowest || high < highest {
            if high < highest {
                let k = f64::from(high);
                above *= (g - k) * (d - k) / ((k + 1.0) * (b - d + k + 1.0));
                high += 1;
                u -= above;
                if u <= 0.0 {
                    return high;
                }
            }
            if low > lowest {
                let k = f64::from(low);
                below *= k * (b - d + k) / ((g - k + 1.0) * (d - k + 1.0));
                low -= 1;
                u -= below;
                if u <= 0.0 {
                    return low;
                }
            }
        }
        // Rounding left a gap of about 1e-12: draw again.
    }
}

fn log_choose(n: f64, k: f64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// Takes `draws` without replacement from classes of these sizes; `taken` receives the number from each class.
pub fn multivariate_hypergeometric(sizes: &[u32], draws: u32, taken: &mut [u32], stream: &mut Stream) {
    let mut rest: u32 = sizes.iter().sum();
    let mut left = draws.min(rest);
    for (size, part) in sizes.iter().zip(taken.iter_mut()) {
        rest -= size;
        *part = hypergeometric(*size, rest, left, stream);
        left -= *part;
    }
}
