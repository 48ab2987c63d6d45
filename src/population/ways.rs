//! Which way each of the few who go from a cohort goes: random bytes, compared a block at a time.
//!
//! A person takes one byte; only a byte that equals the first byte of a bound between two ways needs more bits, so that
//! the law is exact.

use super::lifetable::SLOTS;
use crate::random::{Purpose, Stream, Streams, binomial};

/// The ways of those who go: death, out, within, and where to.
const WAYS: Purpose = Purpose::named("people.ways");
/// What a byte leaves open.
const TIES: Purpose = Purpose::named("people.ways.ties");

/// Most people that are told apart one by one.
const ONE_BY_ONE: u32 = 64;

/// Bytes in a block.
const LANES: usize = 16;

/// Most blocks that are made ahead for a cohort.
const MOST_AHEAD: u32 = 6;

/// The first blocks of the bytes of a row of cohorts, made together.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    asked: Vec<(u32, u32)>,
    blocks: Vec<[u64; 2]>,
    ends: [u32; SLOTS],
}

impl Ahead {
    pub(super) fn new() -> Self {
        let most = SLOTS * MOST_AHEAD as usize;
        Self { asked: Vec::with_capacity(most), blocks: Vec::with_capacity(most), ends: [0; SLOTS] }
    }

    /// Makes what `gone` people of each cohort are likely to need, when the share `moving` of them go on to a destination.
    pub(super) fn make(
        &mut self,
        chance: &Streams,
        (year, first): (u32, u32),
        gone: &[u32; SLOTS],
        moving: &[f64; SLOTS],
    ) {
        self.asked.clear();
        for slot in 0..SLOTS {
            let people = if gone[slot] > ONE_BY_ONE { 0 } else { gone[slot] };
            let bytes = people + (f64::from(people) * moving[slot]) as u32;
            let blocks = bytes.div_ceil(LANES as u32).min(MOST_AHEAD);
            self.asked.extend((0..blocks).map(|position| (first + slot as u32, position)));
            self.ends[slot] = self.asked.len() as u32;
        }
        chance.blocks(WAYS, year, &self.asked, &mut self.blocks);
    }

    /// The blocks of a cohort.
    #[inline]
    pub(super) fn of(&self, slot: usize) -> &[[u64; 2]] {
        let from = if slot == 0 { 0 } else { self.ends[slot - 1] };
        &self.blocks[from as usize..self.ends[slot] as usize]
    }
}

/// Random bytes of one cohort, a block at a time: what was made ahead, then what follows it.
pub(super) struct Bytes<'a> {
    ahead: &'a [[u64; 2]],
    stream: Stream,
    ties: Stream,
    block: [u64; 2],
    used: usize,
}

impl<'a> Bytes<'a> {
    /// The bytes of a cell, of which `ahead` are the first blocks.
    #[inline]
    pub(super) const fn new(chance: &Streams, (year, cell): (u32, u32), ahead: &'a [[u64; 2]]) -> Self {
        let stream = chance.cell(WAYS, year, cell).after(ahead.len() as u32);
        Self { ahead, stream, ties: chance.cell(TIES, year, cell), block: [0; 2], used: LANES }
    }

    #[inline]
    fn refill(&mut self) {
        if let Some((block, rest)) = self.ahead.split_first() {
            self.block = *block;
            self.ahead = rest;
        } else {
            self.follow();
        }
        self.used = 0;
    }

    #[cold]
    fn follow(&mut self) {
        let [a, b, c, d] = self.stream.block().map(u64::from);
        self.block = [a | b << 32, c | d << 32];
    }

    /// The next byte.
    #[inline]
    pub(super) fn byte(&mut self) -> u8 {
        if self.used == LANES {
            self.refill();
        }
        let byte = self.block[self.used >> 3 & 1] >> (8 * (self.used & 7));
        self.used += 1;
        byte as u8
    }

    /// The 56 bits after `byte`, as the number that both make.
    pub(super) fn widen(&mut self, byte: u8) -> u64 {
        (0..7).fold(u64::from(byte), |number, _| number << 8 | u64::from(self.byte()))
    }

    /// Divides `gone` people into (died, left, moved) with probabilities `death` of the first and `leaving` of the
    /// second among the others.
    #[inline]
    pub(super) fn divide(&mut self, gone: u32, death: f64, leaving: f64) -> (u32, u32, u32) {
        if gone > ONE_BY_ONE {
            return self.divide_many(gone, death, leaving);
        }
        let bounds = [death * 256.0, (death + (1.0 - death) * leaving) * 256.0];
        let firsts = bounds.map(|b| b.min(255.0) as u8);
        let (one, two) = (Bound::new(firsts[0]), Bound::new(firsts[1]));
        let mut below = [0_u32; 2];
        let mut rest = gone;
        while rest > 0 {
            self.refill();
            let room = rest.min(LANES as u32);
            let mut ties = 0;
            for (half, eight) in self.block.into_iter().enumerate() {
                // Bytes beyond the people count as the largest, which is below no bound.
                let inside = room.saturating_sub(8 * half as u32).min(8);
                let bytes = eight | u64::MAX.checked_shl(8 * inside).unwrap_or(0);
                below[0] += one.below(bytes);
                below[1] += two.below(bytes);
                ties |= one.equal(bytes) | two.equal(bytes);
            }
            if ties > 0 {
                self.settle(room as usize, firsts, bounds, &mut below);
            }
            self.used = room as usize;
            rest -= room;
        }
        (below[0], below[1] - below[0], gone - below[1])
    }

    #[cold]
    fn divide_many(&mut self, gone: u32, death: f64, leaving: f64) -> (u32, u32, u32) {
        let died = binomial(gone, death, &mut self.ties);
        let left = binomial(gone - died, leaving, &mut self.ties);
        (died, left, gone - died - left)
    }

    /// Draws the fraction beyond each byte that equals the first byte of a bound.
    #[cold]
    fn settle(&mut self, room: usize, firsts: [u8; 2], bounds: [f64; 2], below: &mut [u32; 2]) {
        for byte in self.block.into_iter().flat_map(u64::to_le_bytes).take(room) {
            if byte == firsts[0] || byte == firsts[1] {
                let exact = f64::from(byte) + self.ties.uniform();
                below[0] += u32::from(byte == firsts[0] && exact < bounds[0]);
                below[1] += u32::from(byte == firsts[1] && exact < bounds[1]);
            }
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = ONES << 7;

/// The first byte of a bound, in each of eight bytes.
#[derive(Clone, Copy)]
struct Bound {
    bytes: u64,
    without_tops: u64,
}

impl Bound {
    #[inline]
    const fn new(first: u8) -> Self {
        let bytes = first as u64 * ONES;
        Self { bytes, without_tops: bytes & !TOPS }
    }

    /// How many of eight bytes are below it: borrows of a subtraction byte by byte (Warren 2012, section 2-18).
    #[inline]
    const fn below(self, bytes: u64) -> u32 {
        let differences = (bytes | TOPS) - self.without_tops;
        let smaller = ((!bytes & self.bytes) | (!(bytes ^ self.bytes) & !differences)) & TOPS;
        ((smaller >> 7).wrapping_mul(ONES) >> 56) as u32
    }

    /// Not 0 if any of eight bytes equals it (a zero byte of their difference; Mycroft 1987).
    #[inline]
    const fn equal(self, bytes: u64) -> u64 {
        let differences = bytes ^ self.bytes;
        differences.wrapping_sub(ONES) & !differences & TOPS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_and_found() {
        for bytes in [[0, 1, 127, 128, 200, 255, 255, 3], [129, 0, 0, 77, 128, 127, 254, 9]] {
            let eight = u64::from_le_bytes(bytes);
            for first in 0..=255 {
                let bound = Bound::new(first);
                assert_eq!(bound.below(eight) as usize, bytes.iter().filter(|b| **b < first).count(), "below {first}");
                assert_eq!(bound.equal(eight) != 0, bytes.contains(&first), "equal to {first}");
            }
        }
    }

    #[test]
    fn few_people_divide_as_the_multinomial_law_says() {
        // Probabilities between bytes, so that ties matter.
        for (gone, death, leaving) in
            [(1, 0.3, 0.5), (20, 0.0501, 0.5503), (63, 0.003, 0.999), (7, 1.0, 0.2), (9, 0.0, 1.0), (80, 0.2, 0.3)]
        {
            let (mut sums, runs) = ([0.0; 3], 40_000);
            for run in 0..runs {
                let mut bytes = Bytes::new(&Streams::new(2, run), (0, gone), &[]);
                let (died, left, moved) = bytes.divide(gone, death, leaving);
                assert_eq!(died + left + moved, gone);
                sums = [sums[0] + f64::from(died), sums[1] + f64::from(left), sums[2] + f64::from(moved)];
            }
            let n = f64::from(runs) * f64::from(gone);
            for (sum, p) in sums.into_iter().zip([death, (1.0 - death) * leaving, (1.0 - death) * (1.0 - leaving)]) {
                let error = 4.0 * libm::sqrt(n * p * (1.0 - p)) + 1e-6 * n;
                assert!((sum - n * p).abs() <= error, "{sum} for {} of {gone}", n * p);
            }
        }
    }

    #[test]
    fn blocks_made_ahead_are_those_that_would_follow() {
        let chance = Streams::new(3, 4);
        let (mut gone, moving) = ([0; SLOTS], [0.6; SLOTS]);
        gone[5] = 40;
        let mut ahead = Ahead::new();
        ahead.make(&chance, (2, 100), &gone, &moving);
        let (mut with, mut without) = (Bytes::new(&chance, (2, 105), ahead.of(5)), Bytes::new(&chance, (2, 105), &[]));
        assert!(ahead.of(5).len() == 4 && ahead.of(6).is_empty());
        assert_eq!(with.divide(40, 0.1, 0.4), without.divide(40, 0.1, 0.4));
        assert!((0..80).all(|_| with.byte() == without.byte()));
    }
}
