//! Many bits for one cell: a small generator that a keyed stream starts anew for every cell.
//!
//! xoroshiro128++ (Blackman, Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4)), started from
//! one Philox block of the cell's own name. Within the cell a word costs a tenth of Philox; between cells nothing is
//! carried, so results depend on names alone, as with every stream. 128 bits of state taken from 128 keyed bits: two of
//! 10^10 cells start alike with probability 1e-19.

use super::stream_key::StreamKey;

/// The generator of one cell.
#[derive(Clone, Copy, Debug)]
pub struct Xoroshiro128PlusPlus {
    state: [u64; 2],
}

impl Xoroshiro128PlusPlus {
    /// A generator in this state; one of nothing but zeros would stay there.
    pub(super) const fn new(state: [u64; 2]) -> Self {
        Self { state: if state[0] | state[1] == 0 { [1, 0] } else { state } }
    }

    /// Another generator of the same cell, for one of its purposes: its state is this one's, stirred with the purpose's name.
    #[inline]
    #[must_use]
    pub const fn lane(&self, purpose: StreamKey) -> Self {
        let key = purpose.key();
        Self::new([stir(self.state[0] ^ key), stir(self.state[1].wrapping_add(key.rotate_left(32)))])
    }

    /// The next 64 random bits.
    #[inline]
    pub const fn bits(&mut self) -> u64 {
        let [first, mut second] = self.state;
        let word = first.wrapping_add(second).rotate_left(17).wrapping_add(first);
        second ^= first;
        self.state = [first.rotate_left(49) ^ second ^ (second << 21), second.rotate_left(28)];
        word
    }
}

/// The generators of `N` neighbouring cells, worked on in step.
#[derive(Clone, Copy, Debug)]
pub struct XoroshiroLanes<const N: usize> {
    state: [[u64; N]; 2],
}

impl<const N: usize> XoroshiroLanes<N> {
    /// From the first block of each cell, as [`super::RngSource::words`] gives them.
    #[inline(always)]
    pub fn new(words: &[[u64; N]; 4]) -> Self {
        let joined = |low: usize| std::array::from_fn(|at| words[low][at] | words[low + 1][at] << 32);
        Self { state: [joined(0), joined(2)] }
    }

    /// The next 64 random bits of every cell.
    #[inline(always)]
    pub fn bits(&mut self) -> [u64; N] {
        let mut words = [0; N];
        let [firsts, seconds] = &mut self.state;
        for at in 0..N {
            let (first, mut second) = (firsts[at], seconds[at]);
            words[at] = first.wrapping_add(second).rotate_left(17).wrapping_add(first);
            second ^= first;
            (firsts[at], seconds[at]) = (first.rotate_left(49) ^ second ^ (second << 21), second.rotate_left(28));
        }
        words
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the word depends on every bit.
const fn stir(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// Known answers of the authors' reference program, started from the state (1, 2).
    #[test]
    fn the_generator_gives_the_published_words() {
        let mut swift = Xoroshiro128PlusPlus::new([1, 2]);
        let words: Vec<u64> = (0..10).map(|_| swift.bits()).collect();
        assert_eq!(
            words,
            [
                393_217,
                669_327_710_093_319,
                1_732_421_326_133_921_491,
                11_394_790_081_659_126_983,
                9_555_452_776_773_192_676,
                3_586_421_180_005_889_563,
                1_691_397_964_866_707_553,
                10_735_626_796_753_111_697,
                15_216_282_715_349_408_991,
                14_247_243_556_711_267_923
            ]
        );
    }

    #[test]
    fn generators_worked_on_in_step_give_the_words_of_each() {
        let (streams, purpose) = (RngSource::new(9, 2), StreamKey::named("swift.in step"));
        let mut together = XoroshiroLanes::new(&streams.words::<8>(purpose, 3, 40));
        let mut apart: Vec<Xoroshiro128PlusPlus> = (0..8).map(|at| streams.cell(purpose, 3, 40 + at).swift()).collect();
        for _ in 0..5 {
            assert_eq!(together.bits().to_vec(), apart.iter_mut().map(Xoroshiro128PlusPlus::bits).collect::<Vec<_>>());
        }
    }

    #[test]
    fn neighbouring_cells_and_the_lanes_of_a_cell_have_generators_of_their_own() {
        let lanes = [StreamKey::named("swift.one"), StreamKey::named("swift.other")];
        let first = |at: u32| {
            let cell = RngSource::new(1, 0).cell(StreamKey::named("swift"), 0, at / 2).swift();
            cell.lane(lanes[at as usize % 2]).stream().bits()
        };
        let mut words: Vec<u64> = (0..100_000).map(first).collect();
        // Every bit is one in half of the cells, within five standard errors.
        for bit in 0..64 {
            let ones = words.iter().filter(|word| *word >> bit & 1 == 1).count() as f64;
            assert!((ones - 50_000.0).abs() < 5.0 * 158.2, "bit {bit}: {ones}");
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 100_000);
    }
}
