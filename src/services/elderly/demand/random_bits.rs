//! Random words of one cell, from wide blocks of its stream: the cheapest random bits there are.

use crate::random::{Stream, unit};

/// Uniform part of 1 for one of the 32-bit words.
const WORD: f64 = 1.0 / 4_294_967_296.0;

/// Words in turn from blocks of 256 bits.
#[derive(Clone, Debug)]
pub(crate) struct RandomBits {
    /// For draws that need a stream of their own length.
    pub stream: Stream,
    block: [u64; 4],
    /// Quarters of the block already used.
    used: usize,
    /// What is left of a quarter that is taken in pieces of 16 bits, and how many.
    bits: u64,
    left: u32,
}

impl RandomBits {
    pub(crate) const fn of(stream: Stream) -> Self {
        Self { stream, block: [0; 4], used: 4, bits: 0, left: 0 }
    }

    #[inline]
    fn quarter(&mut self) -> u64 {
        if self.used >= 4 {
            self.block = self.stream.wide_block();
            self.used = 0;
        }
        let bits = self.block[self.used & 3];
        self.used += 1;
        bits
    }

    /// The next 16 random bits.
    #[inline]
    pub(crate) fn piece(&mut self) -> u32 {
        if self.left == 0 {
            (self.bits, self.left) = (self.quarter(), 4);
        }
        let piece = self.bits as u32 & 0xffff;
        self.bits >>= 16;
        self.left -= 1;
        piece
    }

    /// A uniform number in (0, 1), 53 bits.
    #[inline]
    pub(crate) fn uniform(&mut self) -> f64 {
        unit(self.quarter())
    }

    /// One of `count` (not 0), each as likely: exact to 2^-32.
    #[inline]
    pub(crate) fn below(&mut self, count: u32) -> u32 {
        let word = self.piece() << 16 | self.piece();
        ((u64::from(word) * u64::from(count)) >> 32) as u32
    }
}

/// Whether the event of probability `p` happens, by 32 of the bits of a block.
#[inline]
pub(crate) fn happens(word: u32, p: f64) -> bool {
    (f64::from(word) + 0.5) * WORD < p
}
