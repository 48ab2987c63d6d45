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

/// The cell of a stage and grade. What a stream is about beside them (an area, a catchment, a school) is named by its key, so
/// that neither the order of a table nor a row more moves the draws of others.
pub(crate) const fn cell(stage: StageId, grade: usize) -> u32 {
    (stage as usize * 16 + grade) as u32
}

/// The same for one of several draws of a purpose: places at random at one step of the ladder.
pub(crate) const fn lot_cell(stage: StageId, grade: usize, lot: u32) -> u32 {
    cell(stage, grade) + (lot << 8)
}

/// Whole children: `number` (randomly rounded) of whom each counts with `rate`, or more than all where it is above 1.
pub(crate) fn around(number: f64, rate: f64, stream: &mut Stream) -> u32 {
    let whole = libm::floor(number);
    let all = whole as u32 + u32::from(stream.uniform() < number - whole);
    if rate <= 1.0 { binomial(all, rate, stream) } else { all + poisson(f64::from(all) * (rate - 1.0), stream) }
}
