//! A September on its path: its draws, its keyed random streams, and whole children from a rate.

use crate::random::{RngSource, Stream, StreamKey, binomial, poisson};
use crate::services::service::ReplicationContext;
use crate::uncertainty::Parameter;

use super::stage::StageId;

/// A September with what its path says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchoolYear<'a> {
    pub(crate) context: &'a ReplicationContext<'a>,
    /// Calendar year of the September.
    pub(crate) year: i32,
    /// Position among the simulated years.
    pub(crate) index: usize,
}

impl SchoolYear<'_> {
    /// An uncertain number of an area in this year.
    pub(crate) fn draw(&self, parameter: Parameter, area: usize) -> f64 {
        self.context.draw.at(parameter, self.index, area)
    }

    /// Its chance.
    pub(crate) const fn september(&self) -> September {
        September { chance: self.context.chance, year: self.year as u32 }
    }
}

/// The random streams of a September.
#[derive(Clone, Copy, Debug)]
pub(crate) struct September {
    pub(crate) chance: RngSource,
    pub(crate) year: u32,
}

impl September {
    /// The stream of a purpose and cell.
    pub(crate) const fn stream(&self, purpose: StreamKey, cell: u32) -> Stream {
        self.chance.cell(purpose, self.year, cell)
    }
}

/// The cell of a stage, grade and area that names a random stream.
pub(crate) const fn cell(stage: StageId, grade: usize, area: usize) -> u32 {
    (((stage as usize * 16 + grade) << 20) + area) as u32
}

/// Whole children: `number` (randomly rounded) of whom each counts with `rate`, or more than all where it is above 1.
pub(crate) fn around(number: f64, rate: f64, stream: &mut Stream) -> u32 {
    let whole = libm::floor(number);
    let all = whole as u32 + u32::from(stream.uniform() < number - whole);
    if rate <= 1.0 { binomial(all, rate, stream) } else { all + poisson(f64::from(all) * (rate - 1.0), stream) }
}
