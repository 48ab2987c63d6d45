//! Binomial numbers whose probability is kept while the number of trials changes from draw to draw.
//!
//! Inversion from the mode up and down in turn, so that the cost grows with the standard deviation and not with the mean
//! (Devroye 1986, II.2.1 and X.4). One uniform number decides; exact up to 1e-13, where sums of probabilities are rounded.

use super::binomial::binomial;
use super::exp::exp;
use super::factorial::ln_factorial;
use crate::random::Stream;

/// Largest variance that is searched; wider laws go to rejection.
const WIDEST: f64 = 400.0;

/// Below this nothing is left to search: what rounding lost is drawn anew.
const NOTHING: f64 = 1e-17;

/// A probability with what draws of binomial numbers need of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct BinomialChance {
    p: f64,
    stay: f64,
    /// `-ln(1 - p)`.
    hazard: f64,
    log_odds: f64,
}

impl BinomialChance {
    /// The probability `p` (below 0 counts as 0, above 1 as 1).
    pub fn new(p: f64) -> Self {
        let p = p.clamp(0.0, 1.0);
        let (stay, hazard) = (1.0 - p, -libm::log1p(-p.min(1.0 - 1e-16)));
        Self { p, stay, hazard, log_odds: libm::log(p.max(f64::MIN_POSITIVE)) + hazard }
    }

    /// How many of `n` for the uniform number `u`; `again` is drawn from where a law is too wide to search, and for what
    /// rounding lost.
    #[inline]
    pub fn draw(&self, n: u32, u: f64, again: &mut Stream) -> u32 {
        let trials = f64::from(n);
        let mean = trials * self.p;
        // Where the mode is 0: (1 - p)^n >= 1 - np (Bernoulli), so that most rare events are decided without the power.
        if n == 0 || self.p <= 0.0 || (u <= 1.0 - mean && mean + self.p < 1.0) {
            return 0;
        }
        if self.p >= 1.0 {
            return n;
        }
        let found = if mean * self.stay <= WIDEST { self.search(n, u) } else { None };
        found.unwrap_or_else(|| binomial(n, self.p, again))
    }

    #[inline]
    fn search(&self, n: u32, mut u: f64) -> Option<u32> {
        let trials = f64::from(n);
        let mode = (((trials + 1.0) * self.p) as u32).min(n);
        let middle = f64::from(mode);
        let ways = ln_factorial(trials) - ln_factorial(middle) - ln_factorial(trials - middle);
        let at_mode = exp(ways + middle * self.log_odds - trials * self.hazard);
        if u <= at_mode {
            return Some(mode);
        }
        u -= at_mode;
        let odds = self.p / self.stay;
        let (mut up, mut down) = (at_mode, at_mode);
        let (mut more, mut fewer) = (middle, middle);
        loop {
            // Above n and below 0 the products are 0.
            up *= odds * (trials - more) / (more + 1.0);
            more += 1.0;
            if u <= up {
                return Some(more as u32);
            }
            u -= up;
            down *= fewer / (odds * (trials - fewer + 1.0));
            fewer -= 1.0;
            if u <= down {
                return Some(fewer as u32);
            }
            u -= down;
            if up + down < NOTHING {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// An even grid of uniform numbers, so that shares are the law's own.
    #[test]
    fn every_number_has_its_share_of_the_uniforms() {
        for (n, p) in [(1, 0.5), (3, 0.999), (40, 0.02), (300, 0.4), (250, 0.95), (90, 1e-9), (17, 0.5), (5_000, 0.03)]
        {
            let chance = BinomialChance::new(p);
            let mut again = RngSource::new(1, 1).cell(StreamKey::named("test"), 0, 0);
            let (mut shares, steps) = (vec![0.0; n as usize + 1], 200_000);
            for step in 0..steps {
                let u = (f64::from(step) + 0.5) / f64::from(steps);
                shares[chance.draw(n, u, &mut again) as usize] += 1.0 / f64::from(steps);
            }
            let whole = f64::from(n);
            for (k, share) in shares.iter().enumerate() {
                let x = k as f64;
                let ways = libm::lgamma(whole + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(whole - x + 1.0);
                let exact = libm::exp(ways + x * libm::log(p) + (whole - x) * libm::log1p(-p));
                assert!((share - exact).abs() < 2e-5, "n {n}, p {p}, k {k}: {share} {exact}");
            }
        }
    }

    #[test]
    fn certainty_nobody_and_wide_laws_are_kept() {
        let mut stream = RngSource::new(1, 1).cell(StreamKey::named("test"), 0, 0);
        let mut draw = |n, p: f64| BinomialChance::new(p).draw(n, 0.999_999, &mut stream);
        assert_eq!((draw(0, 0.5), draw(7, 0.0), draw(7, 1.0), draw(9, -1.0), draw(9, 2.0)), (0, 0, 7, 0, 9));
        let wide = draw(1_000_000, 0.5);
        assert!((497_000..503_000).contains(&wide), "{wide}");
    }
}
