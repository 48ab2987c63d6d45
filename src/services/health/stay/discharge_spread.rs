//! On which later days people leave: many draws at once from the law of a stay in whole days.
//!
//! Ten random bits pick one of 1,024 cells. A day with probability p has the whole part of 1,024 p of them; what that
//! leaves over (three or four in a hundred draws) is drawn from the law of the remainders, so that the mixture of both is
//! the law itself (condensed tables: Marsaglia, Tsang, Wang 2004).

use crate::random::Xoroshiro128PlusPlus;
use crate::services::health::stay::alias_draw::AliasDraw;

const CELLS: usize = 1_024;
/// A cell that stands for the law of the remainders; days from here on are only drawn from it.
const REST: u8 = 255;

/// The law of the number of days between coming and leaving.
#[derive(Clone, Debug)]
pub(crate) struct DischargeSpread {
    cells: Box<[u8; CELLS]>,
    rest: AliasDraw,
    /// Scratch of the set-up.
    remainders: Vec<f64>,
}

impl DischargeSpread {
    pub(crate) fn new() -> Self {
        Self { cells: Box::new([REST; CELLS]), rest: AliasDraw::default(), remainders: Vec::new() }
    }

    /// Sets the law: `beyond` is the probability of leaving later than on the k-th day, falling; nobody stays beyond the
    /// last.
    pub(crate) fn set(&mut self, beyond: &[f64]) {
        let (mut before, mut filled) = (1.0, 0);
        self.remainders.clear();
        for (day, &after) in beyond.iter().enumerate() {
            let after = if day + 1 == beyond.len() { 0.0 } else { after };
            let share = (before - after) * CELLS as f64;
            let whole = if day < usize::from(REST) { (share as usize).min(CELLS - filled) } else { 0 };
            self.cells[filled..filled + whole].fill(day as u8);
            self.remainders.push((share - whole as f64).max(0.0));
            filled += whole;
            before = after;
        }
        self.cells[filled..].fill(REST);
        self.rest.set(self.remainders.iter().copied());
    }

    /// Adds `count` people to the days on which they leave; the first of `future` is the day on which they come.
    pub(crate) fn add(&self, count: u32, future: &mut [u32], random: &mut Xoroshiro128PlusPlus) {
        const WORD: u32 = 6;
        let near = future.first_chunk_mut::<256>().expect("invariant: departures reach ahead of the longest stay");
        let aside = std::mem::take(&mut near[usize::from(REST)]);
        let mut add = |bits: u64| near[usize::from(self.cells[bits as usize & (CELLS - 1)])] += 1;
        for _ in 0..count / WORD {
            let word = random.bits();
            add(word);
            add(word >> 10);
            add(word >> 20);
            add(word >> 30);
            add(word >> 40);
            add(word >> 50);
        }
        let mut word = if count.is_multiple_of(WORD) { 0 } else { random.bits() };
        for _ in 0..count % WORD {
            add(word);
            word >>= 10;
        }
        let rest = std::mem::replace(&mut near[usize::from(REST)], aside);
        for _ in 0..rest {
            future[self.rest.draw((random.bits() >> 32) as u32).0] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// Chi-square of a million draws against the law, days with fewer than 20 expected together; alpha 0.001.
    #[test]
    fn people_leave_on_the_days_of_the_law() {
        // Half leave within two days, the others slowly, some after more than 255 days.
        let beyond: Vec<f64> = (0..700)
            .map(|day| 0.5 * f64::exp(-f64::from(day + 1)) + 0.5 * f64::exp(-f64::from(day + 1) / 90.0))
            .collect();
        let mut spread = DischargeSpread::new();
        spread.set(&beyond);
        let mut future = vec![0; 1_024];
        let mut random = RngSource::new(3, 0).cell(StreamKey::named("test.spread"), 0, 0).swift();
        for count in [1, 5, 12, 100, 999_882] {
            spread.add(count, &mut future, &mut random);
        }
        assert_eq!(future.iter().sum::<u32>(), 1_000_000);
        let (mut chi, mut cells, mut rest, mut rest_seen) = (0.0, 0.0, 0.0, 0.0);
        let mut before = 1.0;
        for (day, seen) in future.iter().enumerate() {
            let after = if day >= 699 { 0.0 } else { beyond[day] };
            let expected = 1e6 * (before - after);
            before = after;
            if expected < 20.0 {
                (rest, rest_seen) = (rest + expected, rest_seen + f64::from(*seen));
            } else {
                chi += (f64::from(*seen) - expected).powi(2) / expected;
                cells += 1.0;
            }
        }
        if rest > 0.0 {
            chi += (rest_seen - rest).powi(2) / rest;
        } else {
            assert_eq!(rest_seen, 0.0);
        }
        // The 0.999 quantile of chi-square with many degrees of freedom (Wilson and Hilferty 1931).
        let spread = 2.0 / (9.0 * cells);
        assert!(chi < cells * (1.0 - spread + 3.09 * f64::sqrt(spread)).powi(3), "{chi} with {cells} cells");
    }
}
