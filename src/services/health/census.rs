//! The census without limits, in closed form: what beds would be needed if nobody were turned away.
//!
//! People in bed at midnight are those who came k days ago and are still there (M_t/G/infinity, Palm 1943):
//! m(d) = sum over k of U(d - k) G(k) + P(d - k) H(k), with U and P the means of urgent and listed requests and G, H the
//! probabilities of staying that long. Urgent requests add Poisson variance and that of the gamma effect of each day, listed
//! ones only that of who has left: v(d) = sum of U G + cv^2 (U G)^2 + P H (1 - H). The census then has the law with this mean
//! and variance among the negative binomial, Poisson and binomial (Panjer's class).

use super::read::DAY;
use super::season::Season;
use super::stay::Stay;

/// Mean and variance of a census.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// Stays longer than this many days count no more than one in ten thousand.
const NEGLIGIBLE: f64 = 1e-4;
/// Longest memory, days.
pub(super) const LONGEST: usize = 400;
/// Listed patients come at ten o'clock on average.
const AFTER_TEN: f64 = 14.0;

/// Scratch of the closed form: probabilities of still being there, the longest ago first.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    urgent: Vec<f64>,
    listed: Vec<f64>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { urgent: Vec::with_capacity(LONGEST), listed: Vec::with_capacity(LONGEST) }
    }

    /// The probabilities of being in bed at the midnight k days after the day of arrival's own.
    fn fill(&mut self, stay: &Stay, mean: f64) {
        self.urgent.clear();
        self.listed.clear();
        let mut a = 1.0;
        for day in 0..LONGEST {
            let from = day as f64 * DAY;
            // Simpson's rule over the hour of arrival.
            let [b, c] = [0.5, 1.0].map(|part| stay.survivor(from + part * DAY, mean));
            self.urgent.push((a + 4.0 * b + c) / 6.0);
            self.listed.push(stay.survivor(from + AFTER_TEN, mean));
            if c < NEGLIGIBLE {
                break;
            }
            a = c;
        }
        self.urgent.reverse();
        self.listed.reverse();
    }
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Mean requests a day for the beds of one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Requests {
    /// Urgent ones, which swing with the season.
    pub(super) urgent: f64,
    /// From lists.
    pub(super) listed: f64,
    /// Poisson at an even rate.
    pub(super) even: f64,
}

/// The census on the busiest day of a year of requests whose stays have this law and mean; `day_cv` is that of the effect
/// of a day.
pub(super) fn busiest(
    requests: Requests,
    (stay, mean): (&Stay, f64),
    season: &Season,
    day_cv: f64,
    memory: &mut Memory,
) -> Moments {
    memory.fill(stay, mean);
    let Requests { urgent, listed, even } = requests;
    let days = memory.urgent.len();
    let at_even = even * memory.urgent.iter().sum::<f64>();
    let mean_on = |day: i32| -> f64 {
        let (swings, slots) = season.up_to(day, days);
        urgent * product(swings, &memory.urgent) + listed * product(slots, &memory.listed) + at_even
    };
    // The busiest day lies in the busiest month or shortly after; elsewhere every day need not be looked at.
    let from = season.top as i32 + 10;
    let (mut top, mut mean) = (from, f64::NEG_INFINITY);
    for day in from..(from + 28).min(season.last() + 1) {
        let census = mean_on(day);
        if census > mean {
            (top, mean) = (day, census);
        }
    }
    let (swings, slots) = season.up_to(top, days);
    let came = swings.iter().zip(&memory.urgent).map(|(swing, stays)| urgent * swing * stays);
    let lists = slots.iter().zip(&memory.listed).map(|(slots, stays)| listed * slots * stays * (1.0 - stays));
    let variance = came.map(|came| came + (day_cv * came).powi(2)).sum::<f64>() + lists.sum::<f64>() + at_even;
    Moments { mean, variance }
}

/// The smallest number of beds that a census with these moments exceeds with probability at most `risk`.
pub(super) fn beds_for(moments: Moments, risk: f64) -> f64 {
    const NOTHING: f64 = 1e-14;
    let Moments { mean, variance } = moments;
    if mean <= 0.0 {
        return 0.0;
    }
    // Panjer's recursion p(k) = (a + b / k) p(k - 1), from the middle outwards so that nothing underflows.
    let a = 1.0 - mean / variance.max(1e-9);
    let b = mean * (1.0 - a) - a;
    let factor = |k: f64| (a + b / k).max(0.0);
    let middle = mean.floor();
    let (mut below, mut weight, mut k) = (0.0, 1.0, middle);
    while k > 0.0 && weight > NOTHING {
        weight /= factor(k).max(1e-300);
        below += weight;
        k -= 1.0;
    }
    let (mut above, mut weight, mut k) = (0.0, 1.0, middle + 1.0);
    while weight > NOTHING {
        weight *= factor(k);
        above += weight;
        k += 1.0;
    }
    let total = below + 1.0 + above;
    let (mut tail, mut weight, mut beds) = (above, 1.0, middle);
    while tail > risk * total {
        beds += 1.0;
        weight *= factor(beds);
        tail -= weight;
    }
    beds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beds_for_a_poisson_census_are_its_quantile() {
        // P(Poisson(100) <= 120) = .9773, <= 121 = .9818 (tables).
        assert_eq!(beds_for(Moments { mean: 100.0, variance: 100.0 }, 0.02), 121.0);
        assert_eq!(beds_for(Moments { mean: 2_700.0, variance: 2_700.0 }, 0.5).round(), 2_700.0);
    }

    #[test]
    fn more_spread_needs_more_beds_and_less_spread_fewer() {
        let need = |variance| beds_for(Moments { mean: 100.0, variance }, 0.02);
        assert!(need(150.0) > need(100.0) && need(60.0) < need(100.0));
    }
}
