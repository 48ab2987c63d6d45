//! The keyed random streams of a September, and whole children from a rate.

use crate::random::{RngSource, Stream, StreamKey, binomial, poisson};

/// The random streams of a September.
#[derive(Clone, Copy, Debug)]
pub(crate) struct September {
    pub(crate) chance: RngSource,
    pub(crate) year: u32,
}

impl September {
    /// The stream of a purpose and cell.
    pub(crate) fn stream(&self, purpose: StreamKey, cell: u32) -> Stream {
        self.chance.cell(purpose, self.year, cell)
    }
}

/// The cell of a stage, grade and area that names a random stream.
pub(crate) fn cell(stage: usize, grade: usize, area: usize) -> u32 {
    (((stage * 16 + grade) << 20) + area) as u32
}

/// Whole children: `number` (randomly rounded) of whom each counts with `rate`, or more than all where it is above 1.
pub(crate) fn around(number: f64, rate: f64, stream: &mut Stream) -> u32 {
    let whole = libm::floor(number);
    let all = whole as u32 + u32::from(stream.uniform() < number - whole);
    if rate <= 1.0 { binomial(all, rate, stream) } else { all + poisson(f64::from(all) * (rate - 1.0), stream) }
}
