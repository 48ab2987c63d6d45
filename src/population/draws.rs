//! Draws of counts by inversion from the mode, from quantities that a year has ready for a whole row of cohorts.
//!
//! The probability of the mode is given; from there the search goes up and down in turn, so that its cost grows with
//! the standard deviation, not the mean (Devroye 1986, II.2.1 and X.4). It is exact up to 1e-11, where the given
//! probability is rounded. Wide laws go to the ground's rejection samplers.

use super::rows::LogFactorials;
use crate::random::{Stream, binomial, poisson};

/// Largest variance that is searched.
const WIDEST: f64 = 300.0;

/// Below this nothing is left to search: what rounding lost is drawn anew.
const NOTHING: f64 = 1e-17;

/// People who may go, each by the same law.
#[derive(Clone, Copy)]
pub(super) struct Going {
    /// People.
    pub(super) n: u32,
    /// Probability of going.
    pub(super) p: f64,
    /// Probability of staying.
    pub(super) stay: f64,
}

impl Going {
    /// The likeliest number.
    #[inline]
    pub(super) fn mode(self) -> u32 {
        (((f64::from(self.n) + 1.0) * self.p) as u32).min(self.n)
    }

    /// Minus the logarithm of the probability of `mode`. `hazard` is `-ln stay`, `log_odds` is `ln (p / stay)`.
    #[inline]
    pub(super) fn exponent(self, mode: u32, (hazard, log_odds): (f64, f64), logs: LogFactorials) -> f64 {
        let ways = logs.of(self.n) - logs.of(mode) - logs.of(self.n - mode);
        f64::from(self.n) * hazard - f64::from(mode) * log_odds - ways
    }

    /// The number for a uniform number `u`; `stream` draws anew what is too wide or was lost in rounding.
    #[inline]
    pub(super) fn draw(self, (mode, at_mode): (u32, f64), u: f64, stream: impl FnOnce() -> Stream) -> u32 {
        let narrow = f64::from(self.n) * self.p * self.stay <= WIDEST;
        let found = if narrow { self.search(mode, at_mode, u) } else { None };
        found.unwrap_or_else(|| binomial(self.n, self.p, &mut stream()))
    }

    #[inline]
    fn search(self, mode: u32, at_mode: f64, mut u: f64) -> Option<u32> {
        if u <= at_mode {
            return Some(mode);
        }
        u -= at_mode;
        let odds = self.p / self.stay.max(f64::MIN_POSITIVE);
        let (mut up, mut down) = (at_mode, at_mode);
        // Numbers of the next steps: goers and stayers after a step up, and after a step down.
        let (mut more, mut fewer) = (f64::from(mode), f64::from(mode));
        let n = f64::from(self.n);
        loop {
            if more < n {
                up *= odds * (n - more) / (more + 1.0);
                more += 1.0;
                if u <= up {
                    return Some(more as u32);
                }
                u -= up;
            } else {
                up = 0.0;
            }
            if fewer > 0.0 {
                down *= fewer / (odds * (n - fewer + 1.0));
                fewer -= 1.0;
                if u <= down {
                    return Some(fewer as u32);
                }
                u -= down;
            } else {
                down = 0.0;
            }
            if up + down < NOTHING {
                return None;
            }
        }
    }
}

/// The likeliest Poisson number and minus the logarithm of its probability.
#[inline]
pub(super) fn poisson_mode(mean: f64, log_mean: f64, logs: LogFactorials) -> (u32, f64) {
    let mode = mean as u32;
    (mode, mean - f64::from(mode) * log_mean + logs.of(mode))
}

/// The Poisson number for a uniform number `u`; `stream` draws anew what is too wide or was lost in rounding.
#[inline]
pub(super) fn arriving(mean: f64, (mode, at_mode): (u32, f64), u: f64, stream: impl FnOnce() -> Stream) -> u32 {
    let found = if mean <= WIDEST { search_poisson(mean, (mode, at_mode), u) } else { None };
    found.unwrap_or_else(|| poisson(mean, &mut stream()))
}

#[inline]
fn search_poisson(mean: f64, (mode, at_mode): (u32, f64), mut u: f64) -> Option<u32> {
    if u <= at_mode {
        return Some(mode);
    }
    u -= at_mode;
    let (mut up, mut down) = (at_mode, at_mode);
    let (mut more, mut fewer) = (f64::from(mode), f64::from(mode));
    loop {
        more += 1.0;
        up *= mean / more;
        if u <= up {
            return Some(more as u32);
        }
        u -= up;
        if fewer > 0.0 {
            down *= fewer / mean;
            fewer -= 1.0;
            if u <= down {
                return Some(fewer as u32);
            }
            u -= down;
        } else {
            down = 0.0;
        }
        if up + down < NOTHING {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    /// Cumulated probabilities in the order of the search cover every number once: u in the middle of each number's part
    /// gives that number, and the parts have the law's probabilities.
    fn shares(draw: impl Fn(f64) -> u32) -> Vec<f64> {
        const STEPS: u32 = 200_000;
        let mut shares = vec![0.0; 400];
        for step in 0..STEPS {
            shares[draw((f64::from(step) + 0.5) / f64::from(STEPS)) as usize] += 1.0 / f64::from(STEPS);
        }
        shares
    }

    fn no_stream() -> Stream {
        Streams::new(1, 1).cell(Purpose::named("test"), 0, 0)
    }

    #[test]
    fn the_search_gives_the_binomial_law() {
        let logs = LogFactorials::get();
        for (n, p) in [(1, 0.5), (3, 0.999), (40, 0.02), (300, 0.4), (250, 0.95), (90, 1e-9), (17, 0.5)] {
            let going = Going { n, p, stay: 1.0 - p };
            let mode = going.mode();
            let log_odds = libm::log(p / (1.0 - p));
            let at_mode = libm::exp(-going.exponent(mode, (-libm::log1p(-p), log_odds), logs));
            let found = shares(|u| going.draw((mode, at_mode), u, no_stream));
            let whole = f64::from(n);
            for k in 0..=n {
                let x = f64::from(k);
                let ways = libm::lgamma(whole + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(whole - x + 1.0);
                let exact = libm::exp(ways + x * log_odds + whole * libm::log1p(-p));
                assert!((found[k as usize] - exact).abs() < 2e-5, "n {n}, p {p}, k {k}: {} {exact}", found[k as usize]);
            }
        }
    }

    #[test]
    fn the_search_gives_the_poisson_law() {
        let logs = LogFactorials::get();
        for mean in [1e-6, 0.4, 1.0, 7.3, 60.0, 250.0] {
            let (mode, exponent) = poisson_mode(mean, libm::log(mean), logs);
            let found = shares(|u| arriving(mean, (mode, libm::exp(-exponent)), u, no_stream));
            for (k, found) in found.iter().enumerate() {
                let exact = libm::exp(k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0));
                assert!((found - exact).abs() < 2e-5, "mean {mean}, k {k}: {found} {exact}");
            }
        }
    }

    #[test]
    fn certainty_and_nobody_are_kept() {
        let draw = |n, p: f64, at_mode| {
            let going = Going { n, p, stay: 1.0 - p };
            going.draw((going.mode(), at_mode), 0.999_999, no_stream)
        };
        assert_eq!((draw(0, 0.5, 1.0), draw(7, 0.0, 1.0), draw(7, 1.0, 1.0)), (0, 0, 7));
        assert_eq!(arriving(0.0, (0, 1.0), 0.999_999, no_stream), 0);
    }
}
