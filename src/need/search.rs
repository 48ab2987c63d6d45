//! The least number that is enough, found with few trials: a bracket, narrowed by the line between its ends and by halves in turn.

use std::collections::BTreeMap;

use super::judge::is_enough;

/// The search for one number. Trials may be asked for in any order and by others; what is known is what was tried.
#[derive(Clone, Debug)]
pub(super) struct Search {
    guess: u32,
    most: u32,
    wanted: f64,
    /// How surely each number tried is enough.
    tried: BTreeMap<u32, f64>,
}

/// Where a search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This number is to be tried.
    Try(u32),
    /// This is the least that is enough, of those tried.
    Found(u32),
    /// Not even the most is.
    Never,
}

impl Search {
    /// The search for the least number that is enough with probability `wanted`, beginning near `guess`.
    pub(super) fn new(guess: f64, wanted: f64) -> Self {
        let guess = if guess.is_finite() { guess.clamp(1.0, 4096.0) } else { 1.0 };
        let guess = libm::ceil(guess) as u32;
        Self { guess, most: (16 * guess).max(1_024), wanted, tried: BTreeMap::new() }
    }

    /// Notes how surely a number is enough.
    pub(super) fn note(&mut self, number: u32, probability: f64) {
        self.tried.insert(number, probability);
    }

    fn is_enough(&self, probability: f64) -> bool {
        is_enough(probability, self.wanted)
    }

    /// The largest number that is not enough.
    fn low(&self) -> Option<(u32, f64)> {
        self.tried.iter().rev().find(|(_, p)| !self.is_enough(**p)).map(|(n, p)| (*n, *p))
    }

    /// The least number above all that are not enough.
    fn high(&self) -> Option<(u32, f64)> {
        let low = self.low().map(|(number, _)| number);
        self.tried.iter().find(|(number, _)| low.is_none_or(|low| **number > low)).map(|(n, p)| (*n, *p))
    }

    /// Whether a number was enough although a larger one was not.
    pub(super) fn is_torn(&self) -> bool {
        let low = self.low().map_or(0, |(number, _)| number);
        self.tried.iter().any(|(number, p)| *number < low && self.is_enough(*p))
    }

    /// What comes next.
    pub(super) fn next(&self) -> Next {
        match (self.low(), self.high()) {
            (None, None) => Next::Try(self.guess),
            (None, Some((0, _))) => Next::Found(0),
            (None, Some(_)) => Next::Try(0),
            (Some((low, _)), None) if low >= self.most => Next::Never,
            (Some((low, p)), None) => Next::Try(self.further(low, p)),
            (Some((low, _)), Some((high, _))) if high - low <= 1 => Next::Found(high),
            (Some(low), Some(high)) => Next::Try(self.between(low, high)),
        }
    }

    /// A number beyond the largest one that was not enough: where the line through the last two reaches what is wanted.
    fn further(&self, low: u32, p: f64) -> u32 {
        if low < self.guess && self.tried.len() == 1 {
            return self.guess;
        }
        let before = self.tried.range(..low).next_back().map(|(number, p)| (*number, *p));
        let line = before.filter(|(_, q)| p > *q).map(|(number, q)| {
            let slope = (p - q) / f64::from(low - number);
            libm::ceil((self.wanted - p) / slope) as u32
        });
        let step = line.unwrap_or(low).clamp(1, low.max(2));
        (low + step).min(self.most)
    }

    /// A number inside a bracket: on the line between its ends, and every other time its middle.
    fn between(&self, low: (u32, f64), high: (u32, f64)) -> u32 {
        let width = f64::from(high.0 - low.0);
        let share = (self.wanted - low.1) / (high.1 - low.1);
        let halves = self.tried.len().is_multiple_of(2) || !share.is_finite();
        let at = libm::round(width * if halves { 0.5 } else { share }) as u32;
        (low.0 + at).clamp(low.0 + 1, high.0 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_number_is_found_whatever_is_guessed_first() {
        for answer in [0_u32, 1, 2, 7, 40, 333] {
            for guess in [0.0, 1.0, 6.0, 41.0, 300.0, 2_000.0] {
                let mut search = Search::new(guess, 0.9);
                let curve = |n: u32| 1.0 - 0.1 * (f64::from(answer + 1) / f64::from(n + 1)).powi(3);
                let mut tries = 0;
                let found = loop {
                    match search.next() {
                        Next::Try(number) => search.note(number, curve(number)),
                        Next::Found(number) => break number,
                        Next::Never => panic!("{answer} from {guess} was not found"),
                    }
                    tries += 1;
                };
                assert_eq!(found, answer, "from {guess}");
                assert!(tries <= 30, "{tries} tries for {answer} from {guess}");
            }
        }
    }

    #[test]
    fn what_no_number_brings_is_told() {
        let mut search = Search::new(3.0, 0.9);
        loop {
            match search.next() {
                Next::Try(number) => search.note(number, 0.4),
                next => break assert_eq!(next, Next::Never),
            }
        }
    }
}
