//! Random words of one cell, from wide blocks of its stream: the cheapest random bits there are.

use crate::random::{Stream, unit};

/// Uniform part of 1 for one of the 32-bit words.
const WORD: f64 = 1.0 / 4_294_967_296.0;

/// Words in turn from blocks of 256 bits.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// For draws that need a stream of their own length.
    pub stream: Stream,
    block: [u64; 4],
    /// Halves of the block already used.
    used: usize,
}

impl Words {
    pub(super) const fn of(stream: Stream) -> Self {
        Self { stream, block: [0; 4], used: 8 }
    }

    /// The next 32 random bits.
    #[inline]
    pub(super) fn word(&mut self) -> u32 {
        if self.used >= 8 {
            self.refill();
        }
        let word = self.block[(self.used / 2) & 3] >> (32 * (self.used & 1));
        self.used += 1;
        word as u32
    }

    /// A uniform number in (0, 1), 53 bits.
    #[inline]
    pub(super) fn uniform(&mut self) -> f64 {
        if self.used >= 7 {
            self.refill();
        }
        let at = self.used.div_ceil(2);
        self.used = 2 * at + 2;
        unit(self.block[at & 3])
    }

    #[inline]
    fn refill(&mut self) {
        self.block = self.stream.wide_block();
        self.used = 0;
    }

    /// One of `count` (not 0), each as likely: exact to 2^-32.
    #[inline]
    pub(super) fn below(&mut self, count: u32) -> u32 {
        ((u64::from(self.word()) * u64::from(count)) >> 32) as u32
    }
}

/// Whether the event of probability `p` happens, by 32 of the bits of a block.
#[inline]
pub(super) fn happens(word: u32, p: f64) -> bool {
    (f64::from(word) + 0.5) * WORD < p
}
