//! Uniform numbers of parameter paths, spread evenly: a Latin hypercube in blocks of 64 paths.
//!
//! Each block of 64 consecutive paths takes every sixty-fourth of (0, 1) once, in an order of its own for each number
//! (McKay, Beckman & Conover 1979). One number of one path is exactly uniform, and numbers of different names are
//! independent, so means and probabilities stay unbiased; what an input adds to a result on its own no longer adds to
//! the Monte Carlo error (Stein 1987). The order comes from a keyed permutation, not from a list: a path's numbers
//! depend on its own number only, so that paths can be added, and made in any order on any machine.
//!
//! The standard errors that reports state are those of independent paths: an upper estimate here.

use super::stream::{RngSource, unit};
use super::stream_key::StreamKey;

/// Paths of a block. Three bits for each half of the Feistel network.
const BLOCK: u32 = 64;

/// The uniform numbers of one parameter path.
#[derive(Clone, Copy, Debug)]
pub struct LatinHypercube {
    own: RngSource,
    block: RngSource,
    within: u32,
}

/// What orders the strata of a block.
const ORDER: StreamKey = StreamKey::named("strata.order");

impl LatinHypercube {
    /// Numbers of path `path` under `seed`.
    pub const fn new(seed: u64, path: u32) -> Self {
        Self {
            own: RngSource::new(seed, path),
            block: RngSource::new(seed ^ ORDER.key(), path / BLOCK),
            within: path % BLOCK,
        }
    }

    /// The number in (0, 1) of one purpose, year and cell.
    #[inline]
    pub fn uniform(&self, purpose: StreamKey, year: u32, cell: u32) -> f64 {
        let order = self.block.cell(purpose, year, cell).block();
        let stratum = u64::from(permuted(self.within, order));
        let bits = self.own.cell(purpose, year, cell).bits();
        unit(stratum << 58 | bits >> 6)
    }
}

/// The place of `index` (0 to 63) in the order that 128 random bits stand for: a Feistel network of four rounds whose
/// round functions are tables of eight random threes of bits. Each index alone is uniform over all places.
const fn permuted(index: u32, order: [u32; 4]) -> u32 {
    let (mut left, mut right) = (index >> 3, index & 7);
    let mut round = 0;
    while round < 4 {
        (left, right) = (right, left ^ (order[round] >> (3 * right) & 7));
        round += 1;
    }
    left << 3 | right
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURPOSE: StreamKey = StreamKey::named("test.strata");

    #[test]
    fn every_block_of_64_paths_takes_every_64th_once() {
        for (block, cell) in [(0, 0), (1, 0), (7, 3)] {
            let mut taken = [false; 64];
            for path in block * 64..(block + 1) * 64 {
                let u = LatinHypercube::new(5, path).uniform(PURPOSE, 2_024, cell);
                assert!(!std::mem::replace(&mut taken[(u * 64.0) as usize], true));
            }
        }
    }

    #[test]
    fn one_path_alone_is_uniform_over_seeds() {
        // Chi-square with 63 degrees of freedom; 0.1 % point 103.4.
        for path in [0, 17, 63] {
            let mut counts = [0_u32; 64];
            let n = 64_000;
            for seed in 0..n {
                counts[(LatinHypercube::new(seed, path).uniform(PURPOSE, 0, 0) * 64.0) as usize] += 1;
            }
            let expected = n as f64 / 64.0;
            let chi: f64 = counts.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
            assert!(chi < 103.4, "path {path}: {chi}");
        }
    }

    #[test]
    fn orders_of_different_names_are_independent() {
        // Correlation of two numbers over 6,400 paths: standard error 1/80.
        let n = 6_400;
        let mean: f64 = (0..n)
            .map(|path| {
                let strata = LatinHypercube::new(9, path);
                (strata.uniform(PURPOSE, 0, 0) - 0.5) * (strata.uniform(PURPOSE, 0, 1) - 0.5) * 12.0
            })
            .sum::<f64>()
            / f64::from(n);
        assert!(mean.abs() < 4.0 / 80.0, "{mean}");
    }

    #[test]
    fn a_sum_of_inputs_is_known_far_better_than_from_independent_paths() {
        // Mean over one block of ten numbers: independent paths give a variance of 10 / (12 x 64) over seeds.
        let blocks = 400;
        let squares: f64 = (0..blocks)
            .map(|seed| {
                let sum: f64 = (0..64)
                    .map(|path| {
                        (0..10).map(|cell| LatinHypercube::new(seed, path).uniform(PURPOSE, 0, cell) - 0.5).sum::<f64>()
                    })
                    .sum();
                (sum / 64.0).powi(2)
            })
            .sum();
        let independent = 10.0 / (12.0 * 64.0);
        assert!(squares / blocks as f64 <= independent / 1_000.0);
    }
}
