//! What happens in a year to the cohorts of one area and sex: who moves, who of the others leaves, who of the rest dies, and
//! who arrives.
//!
//! Cohorts are worked on a few at a time, in step ([`super::draws`]); each draws from the stream of its own cell.

use super::draws::{binomials, poissons};
use super::exits::Risks;
use super::rows::{LANES, Lanes, Row, WIDTH};
use super::view::AGES;
use crate::random::{RngSource, Stream, StreamKey};
use crate::simd::Kernel;

/// One block a cell, a word for each of: who moves, who leaves, who dies, who arrives.
const CELLS: StreamKey = StreamKey::named("people.cells");
/// The bytes of the movers of a cell: where each goes.
pub(super) const WAYS: StreamKey = StreamKey::named("people.ways");
/// What a word leaves open.
const MOVES: StreamKey = StreamKey::named("people.moves");
const DEPARTURES: StreamKey = StreamKey::named("people.departures");
const DEATHS: StreamKey = StreamKey::named("people.deaths");
const ARRIVALS: StreamKey = StreamKey::named("people.arrivals");

/// Random bytes of the movers of each cohort: as many as one block has, in halves.
pub(super) type FirstBytes = [[[u64; LANES]; 2]; WIDTH / LANES];

/// The cohorts of an area and sex in a year.
pub(super) struct Cohorts<'a> {
    pub(super) chance: &'a RngSource,
    /// Year word of the streams, and stream cell of the first cohort.
    pub(super) at: (u32, u32),
    pub(super) people: &'a [u32; AGES],
    pub(super) risks: &'a Risks,
    /// Expected arrivals.
    pub(super) means: &'a Row,
    pub(super) counts: Counts<'a>,
    pub(super) bytes: &'a mut FirstBytes,
}

/// Where the counts of a year go: rows of flows.
pub(super) struct Counts<'a> {
    pub(super) moved: &'a mut [u32],
    pub(super) left: &'a mut [u32],
    pub(super) died: &'a mut [u32],
    pub(super) arrived: &'a mut [u32],
}

impl Kernel for Cohorts<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (year, first) = self.at;
        let mut people = [0; WIDTH];
        people[1..=AGES].copy_from_slice(self.people);
        let Counts { moved, left, died, arrived } = self.counts;
        let flows = lanes(moved).zip(lanes(left)).zip(lanes(died)).zip(lanes(arrived));
        let risks = self.risks.moving.lanes().zip(self.risks.leaving.lanes()).zip(self.risks.dying.lanes());
        let means = self.means.as_chunks().0;
        let chunks = people.as_chunks().0.iter().zip(risks).zip(means).zip(flows).zip(self.bytes);
        for (chunk, ((((people, ((moving, leaving), dying)), means), flows), bytes)) in chunks.enumerate() {
            let first = first + (chunk * LANES) as u32;
            let words = self.chance.words(CELLS, year, first);
            let more = |purpose| move |at: usize| open(self.chance, purpose, year, first + at as u32);
            let (((moved, left), died), arrived) = flows;
            let all: Lanes = people.map(f64::from);
            let unmoved = take(&all, &binomials(&all, moving, &words[0], more(MOVES)), moved);
            let settled = take(&unmoved, &binomials(&unmoved, leaving, &words[1], more(DEPARTURES)), left);
            take(&settled, &binomials(&settled, dying, &words[2], more(DEATHS)), died);
            take(&settled, &poissons(means, &words[3], more(ARRIVALS)), arrived);
            if moved.iter().any(|n| *n > 0) {
                let [a, b, c, d] = self.chance.words::<LANES>(WAYS, year, first);
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

/// The stream of a cell for what one word cannot decide.
#[cold]
fn open(chance: &RngSource, purpose: StreamKey, year: u32, cell: u32) -> Stream {
    chance.cell(purpose, year, cell)
}

/// Whole numbers below 2^32 as counts.
#[inline(always)]
pub(super) fn whole(counts: &Lanes) -> [u32; LANES] {
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
