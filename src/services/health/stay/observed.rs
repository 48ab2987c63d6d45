//! Stays as they were counted: patients by days, in bins or one by one.
//!
//! Within a bin all stays are as likely; a bin without width is a stay of exactly so long. Mean, second moment, survivor
//! function, draws and length-biased draws are those of this law itself, not of one fitted to it.

use crate::random::Stream;
use crate::services::health::stay::alias_draw::AliasDraw;

/// Most bins that a law may have.
pub(crate) const MOST: usize = 60_000;

/// Some patients whose stays lie between two times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bin {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) patients: f64,
}

impl Bin {
    const fn middle(self) -> f64 {
        0.5 * (self.from + self.to)
    }

    /// The part of the bin that lies beyond `t`; with `from_t`, the part from `t` on.
    fn beyond(self, t: f64, from_t: bool) -> f64 {
        if t < self.from || (from_t && t == self.from) {
            1.0
        } else if t >= self.to {
            0.0
        } else {
            (self.to - t) / (self.to - self.from)
        }
    }
}

/// A law of mean 1 made of bins.
#[derive(Clone, Debug)]
pub(crate) struct ObservedStays {
    bins: Vec<Bin>,
    /// Which bin someone who comes is of, and someone who is found in bed.
    coming: AliasDraw,
    found: AliasDraw,
    /// Where the survivor function bends or jumps, in the order of time.
    bends: Vec<Bend>,
}

/// A time at which the survivor function bends or jumps.
#[derive(Clone, Copy, Debug)]
struct Bend {
    /// The time, in mean stays.
    time: f64,
    /// The probability of staying at least so long.
    at_least: f64,
    /// The probability of staying longer.
    longer: f64,
}

impl ObservedStays {
    /// The law of these bins, and its mean in their unit; `None` when nobody was counted or nobody stayed.
    pub(crate) fn new(bins: &[Bin]) -> Option<(Self, f64)> {
        let patients: f64 = bins.iter().map(|bin| bin.patients).sum();
        let mean = bins.iter().map(|bin| bin.patients * bin.middle()).sum::<f64>() / patients;
        if !(patients > 0.0 && mean > 0.0) || bins.len() > MOST {
            return None;
        }
        let scaled = bins.iter().filter(|bin| bin.patients > 0.0);
        let bins: Vec<Bin> = scaled
            .map(|bin| Bin { from: bin.from / mean, to: bin.to / mean, patients: bin.patients / patients })
            .collect();
        let (mut coming, mut found) = (AliasDraw::default(), AliasDraw::default());
        coming.set(bins.iter().map(|bin| bin.patients));
        found.set(bins.iter().map(|bin| bin.patients * bin.middle()));
        let mut times: Vec<f64> = bins.iter().flat_map(|bin| [bin.from, bin.to]).collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        let bends = survivors_at(&bins, times);
        Some((Self { bins, coming, found, bends }, mean))
    }

    /// One stay of mean 1 from 32 random bits.
    #[inline]
    pub(crate) fn draw(&self, word: u32) -> f64 {
        let (at, part) = self.coming.draw(word);
        let bin = self.bins[at];
        bin.from + (bin.to - bin.from) * part
    }

    /// The whole stay of somebody found in bed: within a bin its density grows as the stay.
    pub(crate) fn draw_biased(&self, stream: &mut Stream) -> f64 {
        let (at, _) = self.found.draw(stream.word());
        let bin = self.bins[at];
        let (low, high) = (bin.from * bin.from, bin.to * bin.to);
        libm::sqrt(low + (high - low) * stream.uniform())
    }

    /// The probability of staying longer than `t` mean stays: straight between the bends.
    pub(crate) fn survivor(&self, t: f64) -> f64 {
        let next = self.bends.partition_point(|bend| bend.time <= t);
        let Some(last) = next.checked_sub(1).and_then(|at| self.bends.get(at)) else { return 1.0 };
        match self.bends.get(next) {
            Some(next) => last.longer + (next.at_least - last.longer) * (t - last.time) / (next.time - last.time),
            None => 0.0,
        }
    }
}

/// The survivor function at sorted times, ahead of each and after it, in one sweep over the bins by their ends.
fn survivors_at(bins: &[Bin], times: Vec<f64>) -> Vec<Bend> {
    let mut sorted = bins.to_vec();
    sorted.sort_unstable_by(|a, b| a.from.total_cmp(&b.from));
    let mut later: f64 = 0.0;
    // Probability of the bins that start after a given one, summed from the end so that small tails keep their digits.
    let mut after_start: Vec<f64> = sorted
        .iter()
        .rev()
        .map(|bin| {
            later += bin.patients;
            later
        })
        .collect();
    after_start.reverse();
    after_start.push(0.0);
    let mut open: Vec<Bin> = Vec::new();
    let mut started = 0;
    let sum = |open: &[Bin], t, from_t| open.iter().map(|bin| bin.patients * bin.beyond(t, from_t)).sum::<f64>();
    times
        .into_iter()
        .map(|t| {
            while started < sorted.len() && sorted[started].from <= t {
                open.push(sorted[started]);
                started += 1;
            }
            let (at_least, longer) = (sum(&open, t, true), sum(&open, t, false));
            open.retain(|bin| bin.to > t);
            Bend { time: t, at_least: after_start[started] + at_least, longer: after_start[started] + longer }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// Two bins, one inside the other, and a stay of exactly two days.
    fn law() -> (ObservedStays, f64) {
        let bin = |from, to, patients| Bin { from, to, patients };
        ObservedStays::new(&[bin(0.0, 10.0, 5.0), bin(4.0, 6.0, 3.0), bin(2.0, 2.0, 2.0)]).unwrap()
    }

    #[test]
    fn the_survivor_function_is_that_of_the_bins() {
        let (law, mean) = law();
        assert!((mean - 4.4).abs() < 1e-12);
        for (days, longer) in
            [(0.0, 1.0), (1.0, 0.95), (1.999_999, 0.9), (2.0, 0.7), (5.0, 0.4), (7.0, 0.15), (10.0, 0.0)]
        {
            assert!((law.survivor(days / mean) - longer).abs() < 1e-6, "{days}: {}", law.survivor(days / mean));
        }
    }

    #[test]
    fn draws_have_the_moments_of_the_bins_whether_coming_or_found_in_bed() {
        let (law, mean) = law();
        // E[L] = 4.4, E[L^2] = .5 100/3 + .3 (16 + 24 + 36)/3 + .2 4, E[L^3] = .5 250 + .3 (64 + 96 + 144 + 216)/4 + .2 8.
        let (second, third): (f64, f64) = (0.5 * 100.0 / 3.0 + 0.3 * 76.0 / 3.0 + 0.8, 125.0 + 0.3 * 130.0 + 1.6);
        let mut random = RngSource::new(9, 0).cell(StreamKey::named("test.histogram"), 0, 0);
        let n = 400_000;
        let (mut coming, mut found) = (0.0, 0.0);
        for _ in 0..n {
            coming += law.draw(random.word()) * mean / f64::from(n);
            found += law.draw_biased(&mut random) * mean / f64::from(n);
        }
        let spread = |first: f64, second: f64| ((second - first * first) / f64::from(n)).sqrt();
        assert!((coming - 4.4).abs() < 4.0 * spread(4.4, second), "{coming}");
        let biased = second / 4.4;
        assert!((found - biased).abs() < 4.0 * spread(biased, third / 4.4), "{found} is not {biased}");
    }
}
