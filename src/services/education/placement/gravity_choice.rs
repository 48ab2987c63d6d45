//! Choice by distance, as of kindergartens: families look at places near and less near before any rule sends them anywhere.
//!
//! A child chooses an area (or catchment) at distance `d` with a probability proportional to `exp(-d / scale)`, among those
//! within the distance limit (gravity model with exponential decay; Wilson 1971, Fotheringham and O'Kelly 1989): multinomial by home. Where more choose
//! than there are places at the norm, lots decide; whoever is not taken climbs the ladder like everybody else.
//!
//! What children choose does not depend on how many places there are, and who is turned away is drawn one by one from the end:
//! with a place more, the same children are turned away but one. So a public place more never leaves more without one in the first
//! September.

use crate::random::{Stream, multinomial, multivariate_hypergeometric};

use super::transport::NO_WAY;

/// Who chooses what in one rung. Grids are `home x at`, at being the position of places in their sector.
#[derive(Debug)]
pub(crate) struct GravityChoice {
    homes: usize,
    /// Choices of each home, nearest first, and their weights, for public and for private places.
    reach: [Vec<(usize, f64)>; 2],
    /// Where those of each home end, likewise.
    ends: [Vec<usize>; 2],
    weights: Vec<f64>,
    parts: Vec<u32>,
    firsts: Vec<u32>,
    /// Children who choose, and those of them who come first.
    chosen: Vec<u32>,
    first: Vec<u32>,
}

impl GravityChoice {
    pub(crate) fn new(homes: usize) -> Self {
        let (reach, ends) = (|| Vec::with_capacity(homes * homes), || Vec::with_capacity(homes));
        Self {
            homes,
            reach: [reach(), reach()],
            ends: [ends(), ends()],
            weights: Vec::with_capacity(homes),
            parts: Vec::with_capacity(homes),
            firsts: Vec::with_capacity(homes),
            chosen: vec![0; homes * homes],
            first: vec![0; homes * homes],
        }
    }

    /// Takes over the ways of a September: `near` from homes to the places of each sector, of which there are so many
    /// `places`, and `scale` in metres by home.
    pub(crate) fn update(&mut self, near: &[Vec<u32>; 2], places: [usize; 2], scale: impl Fn(usize) -> f64) {
        for (((reach, ends), near), places) in self.reach.iter_mut().zip(&mut self.ends).zip(near).zip(places) {
            reach.clear();
            ends.clear();
            for (home, ways) in near.chunks_exact(self.homes).enumerate() {
                let start = reach.len();
                let within = ways[..places].iter().enumerate().filter(|(_, way)| **way != NO_WAY);
                reach.extend(within.map(|(at, way)| (at, f64::from(*way))));
                reach[start..].sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                let (scale, nearest) = (scale(home), reach.get(start).map_or(0.0, |(_, way)| *way));
                reach[start..].iter_mut().for_each(|(_, way)| *way = libm::exp((nearest - *way) / scale));
                ends.push(reach.len());
            }
        }
    }

    /// Nobody has chosen yet.
    pub(crate) fn clear(&mut self) {
        self.chosen.fill(0);
        self.first.fill(0);
    }

    /// So many children of a home, `first` of them with the better right, choose.
    pub(crate) fn choose(&mut self, home: usize, private: bool, children: u32, first: u32, stream: &mut Stream) {
        let (reach, ends) = (&self.reach[usize::from(private)], &self.ends[usize::from(private)]);
        let reach = &reach[if home == 0 { 0 } else { ends[home - 1] }..ends[home]];
        self.weights.clear();
        self.weights.extend(reach.iter().map(|(_, weight)| *weight));
        self.parts.resize(reach.len(), 0);
        multinomial(children, &self.weights, &mut self.parts, stream);
        self.firsts.resize(reach.len(), 0);
        multivariate_hypergeometric(&self.parts, first, &mut self.firsts, stream);
        for ((at, _), counts) in reach.iter().zip(self.parts.iter().zip(&self.firsts)) {
            let cell = home * self.homes + at;
            (self.chosen[cell], self.first[cell]) = (*counts.0, *counts.1);
        }
    }

    /// Turns away as many of those who chose some places as are more than these; at random, those who come first last.
    pub(crate) fn turn_away(&mut self, at: usize, places: u32, stream: &mut Stream) {
        let homes = self.homes;
        let cells = || (0..homes).map(|home| home * homes + at);
        let (all, first) = cells().fold((0, 0), |sum, at| (sum.0 + self.chosen[at], sum.1 + self.first[at]));
        let (mut others, mut first) = (all - first, first);
        for _ in places..all {
            let from_first = others == 0;
            let left = if from_first { &mut first } else { &mut others };
            // One of those left, each with the same probability.
            let mut lot = libm::floor(f64::from(*left) * stream.uniform()) as u32;
            *left -= 1;
            for cell in cells() {
                let here = if from_first { self.first[cell] } else { self.chosen[cell] - self.first[cell] };
                if lot < here {
                    self.chosen[cell] -= 1;
                    self.first[cell] -= u32::from(from_first);
                    break;
                }
                lot -= here;
            }
        }
    }

    /// Children of a home who are taken where they chose.
    pub(crate) fn taken(&self, home: usize, at: usize) -> u32 {
        self.chosen[home * self.homes + at]
    }

    /// Those of them who come first, wherever.
    pub(crate) fn taken_first(&self, home: usize) -> u32 {
        self.first[home * self.homes..(home + 1) * self.homes].iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    const LOTS: StreamKey = StreamKey::named("test.choice");

    fn chosen(number: u32) -> GravityChoice {
        let mut choosing = GravityChoice::new(3);
        let near = vec![0, 700, 2_100, 700, 0, NO_WAY, 2_100, NO_WAY, 0];
        choosing.update(&[near.clone(), near], [3, 3], |_| 700.0);
        choosing.clear();
        let mut stream = RngSource::new(3, number).cell(LOTS, 0, 0);
        for (home, children, first) in [(0, 60, 20), (1, 30, 30), (2, 40, 0)] {
            choosing.choose(home, false, children, first, &mut stream);
        }
        choosing
    }

    #[test]
    fn children_choose_by_distance_as_the_exponential_says() {
        let (runs, mut sums) = (4_000, [0.0; 3]);
        for number in 0..runs {
            let choosing = chosen(number);
            assert_eq!((0..3).map(|at| choosing.taken(0, at)).sum::<u32>(), 60);
            assert_eq!(choosing.taken_first(0), 20);
            assert_eq!(choosing.taken(1, 2), 0, "out of reach");
            (0..3).for_each(|at| sums[at] += f64::from(choosing.taken(0, at)) / f64::from(runs));
        }
        let all = 1.0 + libm::exp(-1.0) + libm::exp(-3.0);
        for (found, weight) in sums.into_iter().zip([1.0, libm::exp(-1.0), libm::exp(-3.0)]) {
            let p = weight / all;
            assert!((found - 60.0 * p).abs() < 4.0 * (60.0 * p * (1.0 - p) / f64::from(runs)).sqrt(), "{found}");
        }
    }

    #[test]
    fn with_a_place_more_the_same_are_turned_away_but_one_and_those_who_come_first_are_the_last() {
        for number in 0..30 {
            let mut before: Option<Vec<(u32, u32)>> = None;
            for places in 0..140 {
                let mut choosing = chosen(number);
                let here = |choosing: &GravityChoice| -> Vec<(u32, u32)> {
                    (0..3).map(|home| (choosing.taken(home, 0), choosing.first[home * 3])).collect()
                };
                let (all, first) = here(&choosing).into_iter().fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
                choosing.turn_away(0, places, &mut RngSource::new(9, number).cell(LOTS, 1, 0));
                let taken = here(&choosing);
                assert_eq!(taken.iter().map(|taken| taken.0).sum::<u32>(), places.min(all));
                assert_eq!(taken.iter().map(|taken| taken.1).sum::<u32>(), places.min(first));
                if let Some(before) = before {
                    assert!(before.iter().zip(&taken).all(|(b, t)| b.0 <= t.0 && b.1 <= t.1));
                }
                before = Some(taken);
            }
        }
    }
}
