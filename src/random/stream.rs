//! Keyed, counter-based random streams: what is drawn depends on *what it is for*, never on what was drawn before.
//!
//! A stream is named by (seed, purpose, replication, year, cell). Its words are Philox4x32-10 blocks of a counter, so
//! no state is carried between cells: results are the same bits for any number of threads, any split into shards and
//! any order, and a new draw in one place shifts no other (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers:
//! as easy as 1, 2, 3").
//!
//! Layout: key = seed xor hash(purpose); counter = (block, cell, year, replication).

use rand::rand_core::{Infallible, TryRng};

use super::stream_key::StreamKey;
use super::xoroshiro::Xoroshiro128PlusPlus;

/// The streams of one replication (or of one parameter path: the number is then the path's).
#[derive(Clone, Copy, Debug)]
pub struct RngSource {
    seed: u64,
    number: u32,
}

impl RngSource {
    /// Streams of replication or path `number` under `seed`.
    pub const fn new(seed: u64, number: u32) -> Self {
        Self { seed, number }
    }

    /// The stream of one cell in one year.
    #[inline]
    pub const fn cell(&self, purpose: StreamKey, year: u32, cell: u32) -> Stream {
        let key = self.seed ^ purpose.key();
        let (key, counter) = ([key as u32, (key >> 32) as u32], [0, cell, year, self.number]);
        Stream { key, counter, buffer: [0; 4], used: 4, swift: None }
    }

    /// The first blocks of `N` neighbouring cells, made together in vector registers and left there word by word:
    /// `words[i][at]` is word `i` of what [`Stream::block`] gives first for cell `first + at`, as a number below 2^32.
    #[inline(always)]
    pub fn words<const N: usize>(&self, purpose: StreamKey, year: u32, first: u32) -> [[u64; N]; 4] {
        let mut words = [[0; N]; 4];
        for (at, cell) in words[1].iter_mut().enumerate() {
            *cell = u64::from(first.wrapping_add(at as u32));
        }
        self.philox_together(purpose, year, &mut words);
        words.map(|word| word.map(|word| word & LOW))
    }

    /// [`philox`] of `N` counters, each word in the low half of 64 bits; what stands above it afterwards means nothing.
    /// The first two words of each counter are given.
    ///
    /// The keys are kept for every counter, although they are all alike: so the loop runs in vector registers.
    #[inline(always)]
    fn philox_together<const N: usize>(&self, purpose: StreamKey, year: u32, words: &mut [[u64; N]; 4]) {
        let key = self.seed ^ purpose.key();
        let keys = [[key & LOW; N], [key >> 32; N]];
        let [first, second, third, fourth] = words;
        for at in 0..N {
            let (mut a, mut b, mut c, mut d) = (first[at], second[at], u64::from(year), u64::from(self.number));
            let (mut key, mut other) = (keys[0][at], keys[1][at]);
            for _ in 0..10 {
                let x = (a & LOW) * MULTIPLIER[0] as u64;
                let y = (c & LOW) * MULTIPLIER[1] as u64;
                (a, b, c, d) = ((y >> 32) ^ b ^ key, y, (x >> 32) ^ d ^ other, x);
                (key, other) = (key.wrapping_add(WEYL[0] as u64), other.wrapping_add(WEYL[1] as u64));
            }
            (first[at], second[at], third[at], fourth[at]) = (a, b, c, d);
        }
    }
}

/// One keyed stream of random words. Also a [`rand::Rng`], so any distribution of `rand` can draw from it.
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    buffer: [u32; 4],
    used: u8,
    /// The small generator that takes the place of Philox within a cell, if any.
    swift: Option<Xoroshiro128PlusPlus>,
}

const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// One Philox4x32-10 block.
#[inline]
pub const fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    let mut round = 0;
    while round < 10 {
        let a = MULTIPLIER[0] as u64 * counter[0] as u64;
        let b = MULTIPLIER[1] as u64 * counter[2] as u64;
        counter = [(b >> 32) as u32 ^ counter[1] ^ key[0], b as u32, (a >> 32) as u32 ^ counter[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        round += 1;
    }
    counter
}

const LOW: u64 = 0xffff_ffff;

/// One Philox4x64-10 block: 256 bits for the price of 128, for those who need many.
#[inline]
pub const fn philox_wide(mut counter: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    let mut round = 0;
    while round < 10 {
        let a = 0xD2E7_470E_E14C_6C93_u128 * counter[0] as u128;
        let b = 0xCA5A_8263_9512_1157_u128 * counter[2] as u128;
        counter = [(b >> 64) as u64 ^ counter[1] ^ key[0], b as u64, (a >> 64) as u64 ^ counter[3] ^ key[1], a as u64];
        key = [key[0].wrapping_add(0x9E37_79B9_7F4A_7C15), key[1].wrapping_add(0xBB67_AE85_84CA_A73B)];
        round += 1;
    }
    counter
}

/// The uniform number in (0, 1) that 64 random bits stand for: 53 of them count, never 0 and never 1.
#[inline]
pub const fn unit(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    ((bits >> 11) as f64 + 0.5) * STEP
}

impl Stream {
    #[inline]
    fn refill(&mut self) {
        self.buffer = match &mut self.swift {
            None => philox(self.counter, self.key),
            Some(swift) => {
                let (a, b) = (swift.bits(), swift.bits());
                [a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32]
            }
        };
        self.counter[0] = self.counter[0].wrapping_add(1);
        self.used = 0;
    }

    /// A generator of many bits, started from the next block of this stream.
    #[inline]
    pub fn swift(&mut self) -> Xoroshiro128PlusPlus {
        let [a, b, c, d] = self.block().map(u64::from);
        Xoroshiro128PlusPlus::new([a | b << 32, c | d << 32])
    }

    /// A stream whose words come from a small generator.
    pub(super) const fn from_swift(swift: Xoroshiro128PlusPlus) -> Self {
        Self { key: [0; 2], counter: [0; 4], buffer: [0; 4], used: 4, swift: Some(swift) }
    }

    /// The same stream after its first blocks, which were made elsewhere.
    #[inline]
    #[must_use]
    pub const fn after(mut self, blocks: u32) -> Self {
        debug_assert!(self.swift.is_none(), "invariant: only a counter can be set ahead");
        self.counter[0] = self.counter[0].wrapping_add(blocks);
        self.used = 4;
        self
    }

    /// The next whole block of 128 random bits; what was left of the last one is skipped.
    #[inline]
    pub fn block(&mut self) -> [u32; 4] {
        self.refill();
        self.used = 4;
        self.buffer
    }

    /// The next 32 random bits.
    #[inline]
    pub fn word(&mut self) -> u32 {
        if self.used >= 4 {
            self.refill();
        }
        let word = self.buffer[usize::from(self.used & 3)];
        self.used += 1;
        word
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        if self.used >= 3 {
            self.refill();
        }
        let at = usize::from(self.used & 3);
        self.used += 2;
        u64::from(self.buffer[at]) | u64::from(self.buffer[(at + 1) & 3]) << 32
    }

    /// The next 256 random bits, from Philox4x64-10 under the same name: half as dear by the bit. What was left of the last
    /// block is skipped.
    #[inline]
    pub fn wide_block(&mut self) -> [u64; 4] {
        debug_assert!(self.swift.is_none(), "invariant: blocks are made from a counter");
        let [first, cell, year, number] = self.counter.map(|part| part as u64);
        self.counter[0] = self.counter[0].wrapping_add(1);
        self.used = 4;
        philox_wide([first, cell, year, number], [self.key[0] as u64 | (self.key[1] as u64) << 32, 0])
    }

    /// A uniform number in (0, 1): 53 bits, never 0 and never 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

impl Xoroshiro128PlusPlus {
    /// A stream whose words come from this generator, for the samplers that draw from streams.
    #[inline]
    pub const fn stream(self) -> Stream {
        Stream::from_swift(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (kat_vectors, philox4x32 10 rounds).
    #[test]
    fn philox_gives_the_published_blocks() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    /// Known answers of the same distribution for philox4x64 with 10 rounds.
    #[test]
    fn the_wide_philox_gives_the_published_blocks() {
        assert_eq!(
            philox_wide([0; 4], [0; 2]),
            [0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b]
        );
        assert_eq!(
            philox_wide([u64::MAX; 4], [u64::MAX; 2]),
            [0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0]
        );
    }

    #[test]
    fn words_made_together_are_those_of_each_stream() {
        let (streams, purpose) = (RngSource::new(u64::MAX - 9, 4), StreamKey::named("words"));
        let words = streams.words::<11>(purpose, 2, u32::MAX - 4);
        for (at, first) in words[0].iter().enumerate() {
            let block = streams.cell(purpose, 2, (u32::MAX - 4).wrapping_add(at as u32)).block();
            assert_eq!([*first, words[1][at], words[2][at], words[3][at]], block.map(u64::from));
        }
    }

    #[test]
    fn a_stream_depends_on_every_part_of_its_name() {
        let first = |seed, number, purpose, year, cell| {
            RngSource::new(seed, number).cell(StreamKey::named(purpose), year, cell).bits()
        };
        let base = first(1, 2, "deaths", 3, 4);
        assert_eq!(base, first(1, 2, "deaths", 3, 4));
        for other in [
            first(9, 2, "deaths", 3, 4),
            first(1, 9, "deaths", 3, 4),
            first(1, 2, "births", 3, 4),
            first(1, 2, "deaths", 9, 4),
            first(1, 2, "deaths", 3, 9),
        ] {
            assert_ne!(base, other);
        }
    }
}
