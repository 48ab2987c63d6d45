//! Counts of a whole row of cohorts at once: binomial and Poisson numbers by inversion from zero, several cells in step.
//!
//! Both laws have masses that follow one another: `mass(x) = mass(x - 1) (ahead / x - odds)`, with `ahead = (n + 1) odds`
//! and `odds = p / (1 - p)` for a binomial number, `ahead = mean` and `odds = 0` for a Poisson one (Devroye 1986, II.2.1
//! and X.1). A cell takes 32 random bits. They name an interval of uniform numbers; where it does not lie within the part of
//! one count (about one draw in 10^8), more bits decide, so that the law is exact up to rounding (1e-12). Large means
//! go to the ground's rejection samplers.

use super::simd_rows::{LANES, Lanes, Row, WIDTH, exp_minus};
use crate::random::{Stream, binomial, poisson};

/// Largest mean that is searched.
const WIDEST: f64 = 64.0;

/// Most people of a cell that is searched: the logarithm of the share who stay is known to 1e-16 only.
const MOST: f64 = 1_048_576.0;

/// Counts after which a search gives up: a mean of 64 reaches it with probability 1e-36.
const STEPS: usize = 200;

/// Steps between two looks at whether all cells are done.
const STRIDE: usize = 4;

/// 1 / x for every step.
const INVERSE: [f64; STEPS + 1] = {
    let (mut inverse, mut x) = ([0.0; STEPS + 1], 1);
    while x <= STEPS {
        inverse[x] = 1.0 / x as f64;
        x += 1;
    }
    inverse
};

/// Width of the interval that 32 bits name.
const GRAIN: f64 = 1.0 / 4_294_967_296.0;

/// What may happen to each person of a cohort, by cohort: the two forms of its probability that the search needs.
#[derive(Clone, Debug)]
pub(crate) struct BinomialTables {
    /// Minus the logarithm of the probability that it does not happen to a person.
    pub(crate) hazard: Row,
    /// Probability that it happens over the probability that it does not.
    pub(crate) odds: Row,
}

impl BinomialTables {
    /// It happens to nobody.
    pub(crate) const NONE: Self = Self { hazard: [0.0; WIDTH], odds: [0.0; WIDTH] };

    /// Its lanes, from the first cohorts on.
    #[inline(always)]
    pub(crate) fn lanes(&self) -> impl Iterator<Item = BinomialLanes<'_>> {
        let lanes = self.hazard.as_chunks().0.iter().zip(self.odds.as_chunks().0);
        lanes.map(|(hazard, odds)| BinomialLanes { hazard, odds })
    }

    /// The lanes of one chunk.
    #[inline(always)]
    pub(crate) fn chunk(&self, chunk: usize) -> BinomialLanes<'_> {
        BinomialLanes { hazard: &self.hazard.as_chunks().0[chunk], odds: &self.odds.as_chunks().0[chunk] }
    }

    /// Its lanes, to be filled.
    #[inline(always)]
    pub(crate) fn lanes_mut(&mut self) -> impl Iterator<Item = BinomialLanesMut<'_>> {
        let lanes = self.hazard.as_chunks_mut().0.iter_mut().zip(self.odds.as_chunks_mut().0);
        lanes.map(|(hazard, odds)| BinomialLanesMut { hazard, odds })
    }
}

/// Neighbouring cohorts of [`BinomialTables`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct BinomialLanes<'a> {
    pub(crate) hazard: &'a Lanes,
    pub(crate) odds: &'a Lanes,
}

/// The same, to be filled.
#[derive(Debug)]
pub(crate) struct BinomialLanesMut<'a> {
    pub(crate) hazard: &'a mut Lanes,
    pub(crate) odds: &'a mut Lanes,
}

/// Masses of a law that follow one another: that of zero, and the two numbers that lead from one to the next.
#[derive(Clone, Copy, Debug)]
struct Masses<T> {
    /// Mass of zero; [`BEYOND`] where the cell is not searched.
    none: T,
    ahead: T,
    odds: T,
}

/// To how many of `people` something happens whose hazard and odds are given, one random word a cell; `stream` draws for a
/// cell what one word cannot decide.
#[inline(always)]
pub(crate) fn binomials(
    people: &Lanes,
    chance: BinomialLanes<'_>,
    words: &[u64; LANES],
    stream: impl Fn(usize) -> Stream,
) -> Lanes {
    let BinomialLanes { hazard, odds } = chance;
    let (mut exponents, mut ahead, mut none) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for at in 0..LANES {
        exponents[at] = people[at] * hazard[at];
        ahead[at] = (people[at] + 1.0) * odds[at];
    }
    exp_minus(&exponents, &mut none);
    for at in 0..LANES {
        let beyond = people[at] * odds[at] > WIDEST || people[at] > MOST;
        none[at] = if beyond { BEYOND } else { none[at] };
    }
    let (mut counts, open) = search(words, Masses { none: &none, ahead: &ahead, odds });
    if open.iter().any(|open| *open) {
        for at in (0..LANES).filter(|at| open[*at]) {
            let masses = Masses { none: none[at], ahead: ahead[at], odds: odds[at] };
            counts[at] = one_binomial(words[at], people[at], masses, &mut stream(at));
        }
    }
    counts
}

/// A Poisson number for each mean, one random word a cell; `stream` draws for a cell what one word cannot decide.
#[inline(always)]
pub(crate) fn poissons(means: &Lanes, words: &[u64; LANES], stream: impl Fn(usize) -> Stream) -> Lanes {
    let mut none = [0.0; LANES];
    exp_minus(means, &mut none);
    for at in 0..LANES {
        none[at] = if means[at] > WIDEST { BEYOND } else { none[at] };
    }
    let (mut counts, open) = search(words, Masses { none: &none, ahead: means, odds: &[0.0; LANES] });
    if open.iter().any(|open| *open) {
        for at in (0..LANES).filter(|at| open[*at]) {
            counts[at] = one_poisson(words[at], means[at], none[at], &mut stream(at));
        }
    }
    counts
}

/// Stands for the probability of zero of a cell that is not searched: it ends the search at once.
const BEYOND: f64 = 2.0;

#[cold]
fn one_binomial(word: u64, people: f64, masses: Masses<f64>, stream: &mut Stream) -> f64 {
    let searched = if masses.none < BEYOND { refine(word, masses, stream) } else { None };
    let found = searched.filter(|x| *x <= people);
    found.unwrap_or_else(|| f64::from(binomial(people as u32, masses.odds / (1.0 + masses.odds), stream)))
}

#[cold]
fn one_poisson(word: u64, mean: f64, none: f64, stream: &mut Stream) -> f64 {
    let searched = if none < BEYOND { refine(word, Masses { none, ahead: mean, odds: 0.0 }, stream) } else { None };
    searched.unwrap_or_else(|| f64::from(poisson(mean, stream)))
}

/// The counts whose parts of (0, 1) hold the intervals that words name, and which cells are still open: those whose
/// interval reaches into the next part, and those that are not searched.
#[inline(always)]
fn search(words: &[u64; LANES], masses: Masses<&Lanes>) -> (Lanes, [bool; LANES]) {
    /// 2^52: its low bits under a whole number below 2^32 make that number a float.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    const ONE: u64 = 1.0_f64.to_bits();
    let Masses { none, ahead, odds } = masses;
    let mut rest = words.map(|word| (f64::from_bits(word | WHOLE.to_bits()) - WHOLE) * GRAIN);
    let (mut mass, mut counts) = (*none, [0.0; LANES]);
    for inverses in INVERSE[1..].as_chunks::<STRIDE>().0 {
        for inverse in inverses {
            for at in 0..LANES {
                rest[at] -= mass[at];
                // A cell that is done has no mass any more, and so stays as it is.
                let on = if rest[at] > 0.0 { u64::MAX } else { 0 };
                counts[at] += f64::from_bits(ONE & on);
                let next = mass[at] * (ahead[at] * inverse - odds[at]);
                mass[at] = f64::from_bits(next.to_bits() & on);
            }
        }
        let going_on = rest.map(|rest| u64::from(rest > 0.0)).iter().fold(0, |any, on| any | on);
        if going_on == 0 {
            break;
        }
    }
    let open = std::array::from_fn(|at| rest[at] > -GRAIN || none[at] >= BEYOND);
    (counts, open)
}

/// The count that a word and further bits decide; `None` where rounding lost it.
fn refine(word: u64, masses: Masses<f64>, stream: &mut Stream) -> Option<f64> {
    let (mut rest, mut mass, mut x) = ((word as f64 + stream.uniform()) * GRAIN, masses.none, 0.0);
    while rest > mass {
        rest -= mass;
        x += 1.0;
        mass *= masses.ahead / x - masses.odds;
        if mass <= 1e-290 {
            return None;
        }
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    const TEST: StreamKey = StreamKey::named("test.draws");

    fn streams(cell: usize) -> Stream {
        RngSource::new(1, 1).cell(TEST, 0, cell as u32)
    }

    /// Shares of the counts that words give that are spread evenly over all there are: the parts of (0, 1) must have the
    /// law's probabilities.
    fn shares(draw: impl Fn(&[u64; LANES]) -> Lanes) -> Vec<f64> {
        const ALL: usize = 200_000;
        let (mut shares, step) = (vec![0.0; 700], (1_u64 << 32) as f64 / ALL as f64);
        for first in (0..ALL).step_by(LANES) {
            let counts = draw(&std::array::from_fn(|at| (((first + at) as f64 + 0.5) * step) as u64));
            counts.iter().for_each(|x| shares[*x as usize] += 1.0 / ALL as f64);
        }
        shares
    }

    /// A chance of every cell: hazard and odds.
    struct Coin([f64; LANES], [f64; LANES]);

    impl Coin {
        fn lanes(&self) -> BinomialLanes<'_> {
            BinomialLanes { hazard: &self.0, odds: &self.1 }
        }
    }

    fn coin(p: f64) -> Coin {
        Coin([-libm::log1p(-p); LANES], [p / (1.0 - p); LANES])
    }

    #[test]
    fn the_search_gives_the_binomial_law() {
        for (n, p) in [(1, 0.5), (3, 0.8), (40, 0.02), (120, 0.3), (60, 0.5), (90, 1e-9), (17, 0.5), (1_000_000, 2e-5)]
        {
            let coin = coin(p);
            let whole = f64::from(n);
            let found = shares(|words| binomials(&[whole; LANES], coin.lanes(), words, streams));
            for k in 0..=n.min(600) {
                let x = f64::from(k);
                let ways = libm::lgamma(whole + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(whole - x + 1.0);
                let exact = libm::exp(ways + x * libm::log(p) + (whole - x) * libm::log1p(-p));
                assert!((found[k as usize] - exact).abs() < 2e-5, "n {n}, p {p}, k {k}: {} {exact}", found[k as usize]);
            }
        }
    }

    #[test]
    fn the_search_gives_the_poisson_law() {
        for mean in [1e-6, 0.4, 1.0, 7.3, 25.0, 63.9] {
            let found = shares(|words| poissons(&[mean; LANES], words, streams));
            for (k, found) in found.iter().enumerate() {
                let exact = libm::exp(k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0));
                assert!((found - exact).abs() < 2e-5, "mean {mean}, k {k}: {found} {exact}");
            }
        }
    }

    #[test]
    fn cells_do_not_touch_each_other() {
        let words = std::array::from_fn(|at| 400_000_000 * at as u64 + 17);
        for people in [[0.0, 3.0, 700.0, 2e6, 90.0, 1.0, 33.0, 5.0], [7.0; LANES], [900.0; LANES]] {
            let odds = [0.3, 1e-9, 0.05, 1e-3, 4.0, 0.0, 0.2, 1e304];
            let coin = Coin(odds.map(libm::log1p), odds);
            let together = binomials(&people, coin.lanes(), &words, streams);
            for cell in 0..LANES {
                let alone: Lanes = std::array::from_fn(|at| if at == cell { people[at] } else { 0.0 });
                let counts = binomials(&alone, coin.lanes(), &words, streams);
                assert_eq!(counts[cell], together[cell], "cell {cell}");
                assert!(counts.iter().enumerate().all(|(at, x)| at == cell || *x == 0.0));
                assert!(together[cell] <= people[cell]);
            }
        }
    }

    #[test]
    fn what_a_word_leaves_open_is_decided_by_more_bits() {
        let of = |coin: &Coin, word: u64, run: u32| {
            let stream = |cell: usize| RngSource::new(5, run).cell(TEST, 0, cell as u32);
            binomials(&[1.0; LANES], coin.lanes(), &[word; LANES], stream)
        };
        // A fair coin: the interval of the word below the middle ends there, that of the middle begins there.
        let middle = 1_u64 << 31;
        assert_eq!(of(&coin(0.5), middle - 2, 0), [0.0; LANES]);
        assert_eq!(of(&coin(0.5), middle + 1, 0), [1.0; LANES]);
        // 2^33 / 3 = 2863311530 + 2/3: where two thirds are zero, the boundary divides the interval of a word.
        let third = coin(1.0 / 3.0);
        let word = 2_863_311_530;
        assert_eq!((of(&third, word - 1, 0), of(&third, word + 1, 0)), ([0.0; LANES], [1.0; LANES]));
        let runs = 20_000;
        let ones: f64 = (0..runs).map(|run| of(&third, word, run).iter().sum::<f64>()).sum();
        let n = f64::from(runs) * LANES as f64;
        assert!((ones / n - 1.0 / 3.0).abs() < 4.0 * libm::sqrt(2.0 / 9.0 / n), "{}", ones / n);
    }

    #[test]
    fn certainty_and_nobody_are_kept() {
        let last = [u64::from(u32::MAX); LANES];
        let never = Coin([0.0; LANES], [0.0; LANES]);
        assert_eq!(binomials(&[9.0; LANES], never.lanes(), &last, streams), [0.0; LANES]);
        let certain = Coin([700.0; LANES], [1e304; LANES]);
        assert_eq!(binomials(&[7.0; LANES], certain.lanes(), &last, streams), [7.0; LANES]);
        assert_eq!(poissons(&[0.0; LANES], &last, streams), [0.0; LANES]);
    }
}
