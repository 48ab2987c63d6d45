//! What happens in a year to the cohorts of one area and sex: who moves, who of the others leaves, who of the rest dies, and
//! who arrives.
//!
//! Cohorts are worked on a few at a time, in step ([`super::binomial_kernels`]); each draws from the stream of its own cell.

use super::binomial_kernels::{BinomialTables, binomials, poissons};
use super::simd_rows::{LANES, Lanes, Row, WIDTH};
use crate::population::view::AGES;
use crate::random::{RngSource, Stream, StreamKey};
use crate::simd::Kernel;

/// One block a cell, a word for each of: who moves, who leaves, who dies, who arrives.
const CELLS: StreamKey = StreamKey::named("people.cells");
/// The bytes of the movers of a cell: where each goes.
pub(crate) const DESTINATION_BYTES: StreamKey = StreamKey::named("people.ways");
/// What a word leaves open.
const MOVES: StreamKey = StreamKey::named("people.moves");
const DEPARTURES: StreamKey = StreamKey::named("people.departures");
const DEATHS: StreamKey = StreamKey::named("people.deaths");
const ARRIVALS: StreamKey = StreamKey::named("people.arrivals");

/// Random bytes of the movers of each cohort: as many as one block has, in halves.
pub(crate) type FirstBytes = [[[u64; LANES]; 2]; WIDTH / LANES];

/// Where the streams of a row of cohorts stand: the name of its area, the year word, and the cell of its first cohort within
/// the area (the others follow). So no other area moves them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowStreams<'a> {
    pub(crate) chance: &'a RngSource,
    pub(crate) area: StreamKey,
    pub(crate) year: u32,
    pub(crate) first: u32,
}

impl RowStreams<'_> {
    /// The first blocks of the cells of a chunk, word by word.
    #[inline(always)]
    pub(crate) fn words(&self, purpose: StreamKey, chunk: usize) -> [[u64; LANES]; 4] {
        self.chance.words(purpose.with(self.area), self.year, self.first + (chunk * LANES) as u32)
    }

    /// The stream of one cell for what one word cannot decide.
    #[cold]
    pub(crate) fn further(&self, purpose: StreamKey, cohort: usize) -> Stream {
        self.chance.cell(purpose.with(self.area), self.year, self.first + cohort as u32)
    }
}

/// How the risks of all cohorts of one sex are drawn: who moves, who of the others leaves, who of the rest dies. The order of
/// these conditional chances changes nothing: together they are the multinomial law of competing risks.
#[derive(Clone, Debug)]
pub(crate) struct ExitTables {
    pub(crate) moving: BinomialTables,
    pub(crate) leaving: BinomialTables,
    pub(crate) dying: BinomialTables,
}

/// The cohorts of an area and sex in a year.
pub(crate) struct CohortRow<'a> {
    pub(crate) streams: RowStreams<'a>,
    pub(crate) people: &'a [u32; AGES],
    pub(crate) risks: &'a ExitTables,
    /// Expected arrivals.
    pub(crate) means: &'a Row,
    pub(crate) counts: Counts<'a>,
    pub(crate) bytes: &'a mut FirstBytes,
}

/// Where the counts of a year go: rows of flows.
pub(crate) struct Counts<'a> {
    pub(crate) moved: &'a mut [u32],
    pub(crate) left: &'a mut [u32],
    pub(crate) died: &'a mut [u32],
    pub(crate) arrived: &'a mut [u32],
}

impl Kernel for CohortRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut people = [0; WIDTH];
        people[1..=AGES].copy_from_slice(self.people);
        let Counts { moved, left, died, arrived } = self.counts;
        let flows = lanes(moved).zip(lanes(left)).zip(lanes(died)).zip(lanes(arrived));
        let risks = self.risks.moving.lanes().zip(self.risks.leaving.lanes()).zip(self.risks.dying.lanes());
        let means = self.means.as_chunks().0;
        let chunks = people.as_chunks().0.iter().zip(risks).zip(means).zip(flows).zip(self.bytes);
        for (chunk, ((((people, ((moving, leaving), dying)), means), flows), bytes)) in chunks.enumerate() {
            let streams = self.streams;
            let words = streams.words(CELLS, chunk);
            let more = |purpose| move |at: usize| streams.further(purpose, chunk * LANES + at);
            let (((moved, left), died), arrived) = flows;
            let all: Lanes = people.map(f64::from);
            let unmoved = take(&all, &binomials(&all, moving, &words[0], more(MOVES)), moved);
            let settled = take(&unmoved, &binomials(&unmoved, leaving, &words[1], more(DEPARTURES)), left);
            take(&settled, &binomials(&settled, dying, &words[2], more(DEATHS)), died);
            take(&settled, &poissons(means, &words[3], more(ARRIVALS)), arrived);
            if moved.iter().any(|n| *n > 0) {
                let [a, b, c, d] = streams.words(DESTINATION_BYTES, chunk);
                *bytes = [halves(&a, &b), halves(&c, &d)];
            }
        }
    }
}

#[inline(always)]
fn halves(low: &[u64; LANES], high: &[u64; LANES]) -> [u64; LANES] {
    std::array::from_fn(|at| low[at] | high[at] << 32)
}

fn lanes(row: &mut [u32]) -> impl Iterator<Item = &mut [u32; LANES]> {
    row.as_chunks_mut().0.iter_mut()
}

/// Whole numbers below 2^32 as counts.
#[inline(always)]
pub(crate) fn whole(counts: &Lanes) -> [u32; LANES] {
    /// 2^52: a whole number added to it stands in its low bits.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    counts.map(|count| (count + WHOLE).to_bits() as u32)
}

/// Writes down those who are counted, and gives the others.
#[inline(always)]
fn take(people: &Lanes, counts: &Lanes, flow: &mut [u32; LANES]) -> Lanes {
    *flow = whole(counts);
    std::array::from_fn(|at| people[at] - counts[at])
}
