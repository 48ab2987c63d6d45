//! Who of the comings and goings of an area and sex is registered, everyone's being drawn: the laws of `process/hukou.rs`
//! for a whole row of cohorts.

use super::binomial_kernels::{BinomialLanes, BinomialTables, binomials};
use super::cohort_kernel::{Counts, RowStreams, whole};
use super::noncentral_hypergeometric::{Sums, TwoKinds, own_among_going, units};
use super::simd_rows::{LANES, Lanes, Row, WIDTH, logarithms};
use crate::population::view::AGES;
use crate::random::{Stream, StreamKey, XoroshiroLanes};
use crate::simd::Kernel;

/// One block a cell, which starts a generator: who of its movers is registered, of its leavers, of its dead; of its arrivals,
/// and who acquires registration.
const CELLS: StreamKey = StreamKey::named("people.registered.cells");
/// What a word leaves open.
const ARRIVALS: StreamKey = StreamKey::named("people.registered.arrivals");
const ACQUISITIONS: StreamKey = StreamKey::named("people.registered.taking-up");

/// The cohorts of an area and sex in a year, of which everyone's comings and goings are known.
pub(crate) struct RegisteredRow<'a> {
    pub(crate) streams: RowStreams<'a>,
    pub(crate) people: &'a [u32; AGES],
    pub(crate) registered: &'a [u32; AGES],
    pub(crate) everyone: Drawn<'a>,
    pub(crate) odds: RegisteredOdds,
    /// Expected arrivals, registered and of everyone.
    pub(crate) registered_means: &'a Row,
    pub(crate) means: &'a Row,
    /// Chances of acquiring registration, if there are any.
    pub(crate) acquisition: Option<&'a BinomialTables>,
    pub(crate) own: Counts<'a>,
    pub(crate) acquired: &'a mut [u32],
    pub(crate) sums: &'a mut Sums,
}

/// Rows of the flows of everyone.
#[derive(Clone, Copy)]
pub(crate) struct Drawn<'a> {
    pub(crate) moved: &'a [u32],
    pub(crate) left: &'a [u32],
    pub(crate) died: &'a [u32],
    pub(crate) arrived: &'a [u32],
}

/// Odds of a registered person over those of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisteredOdds {
    pub(crate) moving: f64,
    pub(crate) leaving: f64,
}

impl Kernel for RegisteredRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (mut people, mut registered) = ([0; WIDTH], [0; WIDTH]);
        people[1..=AGES].copy_from_slice(self.people);
        registered[1..=AGES].copy_from_slice(self.registered);
        let Counts { moved, left, died, arrived } = self.own;
        let everyone = [self.everyone.moved, self.everyone.left, self.everyone.died, self.everyone.arrived];
        let streams = self.streams;
        for chunk in 0..WIDTH / LANES {
            let first = chunk * LANES;
            let mut random = XoroshiroLanes::new(&streams.words(CELLS, chunk));
            let [all_moved, all_left, all_died, came] = everyone.map(|flow| &flow.as_chunks::<LANES>().0[chunk]);
            let (mut rest, mut others) = (numbers(&registered[first..]), numbers(&people[first..]));
            (0..LANES).for_each(|at| others[at] -= rest[at]);
            let odds = [self.odds.moving, self.odds.leaving, 1.0];
            let own = [&mut *moved, &mut *left, &mut *died];
            for ((all, odds), own) in [all_moved, all_left, all_died].into_iter().zip(odds).zip(own) {
                let going = all.map(f64::from);
                let cells = TwoKinds { own: &rest, others: &others, going: &going, odds };
                let counts = own_among_going(&cells, &units(&random.bits()), self.sums);
                own[first..first + LANES].copy_from_slice(&whole(&counts));
                for at in 0..LANES {
                    rest[at] -= counts[at];
                    others[at] -= going[at] - counts[at];
                }
            }
            let words = random.bits();
            let (low, high) = (words.map(|word| word & LOW), words.map(|word| word >> 32));
            let more = |purpose| move |at: usize| streams.further(purpose, first + at);
            let means = ExpectedArrivals { own: lanes(self.registered_means, chunk), all: lanes(self.means, chunk) };
            let own = registered_arrivals(came, means, &low, more(ARRIVALS));
            arrived[first..first + LANES].copy_from_slice(&own);
            let acquired = self
                .acquisition
                .map_or([0.0; LANES], |chances| binomials(&others, chances.chunk(chunk), &high, more(ACQUISITIONS)));
            self.acquired[first..first + LANES].copy_from_slice(&whole(&acquired));
        }
    }
}

/// The first of these counts as numbers.
#[inline(always)]
fn numbers(counts: &[u32]) -> Lanes {
    std::array::from_fn(|at| f64::from(counts[at]))
}

/// The lower half of a word.
const LOW: u64 = 0xffff_ffff;

fn lanes(row: &Row, chunk: usize) -> &Lanes {
    &row.as_chunks().0[chunk]
}

/// Expected arrivals of some cohorts: registered, and of everyone.
#[derive(Clone, Copy)]
struct ExpectedArrivals<'a> {
    own: &'a Lanes,
    all: &'a Lanes,
}

/// The registered of those who came: binomial by the share expected. The rarer kind is drawn.
#[inline(always)]
fn registered_arrivals(
    came: &[u32; LANES],
    expected: ExpectedArrivals<'_>,
    words: &[u64; LANES],
    stream: impl Fn(usize) -> Stream,
) -> [u32; LANES] {
    let ExpectedArrivals { own, all } = expected;
    if came.iter().all(|n| *n == 0) || own.iter().all(|mean| *mean <= 0.0) {
        return [0; LANES];
    }
    let (mut rarer, mut kept, mut hazard, mut odds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let mut share = [0.0; LANES];
    for at in 0..LANES {
        share[at] = if all[at] > 0.0 { (own[at] / all[at]).min(1.0) } else { 0.0 };
        rarer[at] = share[at].min(1.0 - share[at]);
        kept[at] = 1.0 - rarer[at];
        odds[at] = rarer[at] / kept[at];
    }
    logarithms(&kept, &mut hazard);
    let hazard = hazard.map(|log| -log);
    let counts = binomials(&came.map(f64::from), BinomialLanes { hazard: &hazard, odds: &odds }, words, stream);
    let counts = whole(&counts);
    std::array::from_fn(|at| if share[at] > 0.5 { came[at] - counts[at] } else { counts[at] })
}
