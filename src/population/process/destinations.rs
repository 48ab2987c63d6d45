//! Where those go who move to another area of the district.
//!
//! From each area a path has its own lasting shares of destinations, Dirichlet around the shares that people and distance
//! suggest (`people(j) / (1 + km)`), so that counts are Dirichlet-multinomial over paths; new dwellings draw their share of
//! the movers.
//!
//! A mover takes one random byte. Of the 256 bytes a destination owns as many as its share holds whole; the few that are
//! left (half as many as there are destinations) stand for what the shares have beyond whole bytes, and a mover who meets
//! one of them is sent by 64 further bits under that law. So the law is exact, and a mover costs a look into a table.

use std::ops::Range;

use crate::population::kernel::cohort_kernel::{DESTINATION_BYTES, FirstBytes, RowStreams};
use crate::population::kernel::simd_rows::{LANES, WIDTH};
use crate::population::state::cohorts::Flows;
use crate::random::{RngSource, StreamKey, gamma};

const DESTINATIONS: StreamKey = StreamKey::named("people.destinations");
/// What a byte leaves open: a block for each mover of a cell.
const TIES: StreamKey = StreamKey::named("people.ways.ties");

/// Where movers within the district go: for every area its likely destinations, likeliest first.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// First entry of each area in the lists, and one past the last.
    pub offsets: Vec<usize>,
    /// Destination areas.
    pub areas: Vec<u32>,
    /// Expected shares, adding to 1 for each origin.
    pub shares: Vec<f64>,
    /// Concentration of the path's shares around them; infinite for none.
    pub concentration: f64,
    /// Name of each entry's stream: of the area that people leave and of that where they go.
    pub streams: Vec<StreamKey>,
}

/// What gravity shares are made of.
#[derive(Clone, Copy, Debug)]
pub struct Gravity<'a> {
    /// Keys of the areas.
    pub ids: &'a [&'a str],
    /// People of each area.
    pub people: &'a [f64],
    /// How many destinations are kept for each area.
    pub most: usize,
    /// Concentration of a path's shares; infinite for none.
    pub concentration: f64,
}

impl Destinations {
    /// Gravity shares from people and kilometres, kept for the likeliest destinations of each area.
    ///
    /// An area more changes the shares of those that may go there; the draws of the others are named by both areas, and
    /// stay.
    pub fn gravity(of: &Gravity<'_>, kilometres: impl Fn(usize, usize) -> f64) -> Self {
        let n = of.people.len();
        let mut all = Self { offsets: vec![0; n + 1], concentration: of.concentration, ..Self::default() };
        if of.most == 0 {
            return all;
        }
        let known = |from: usize, to: usize| from != to && kilometres(from, to).is_finite();
        let any_distance = (0..n).any(|from| (0..n).any(|to| known(from, to)));
        let mut pulls: Vec<(f64, usize)> = Vec::new();
        for from in 0..n {
            pulls.clear();
            for to in (0..n).filter(|&to| to != from && of.people[to] > 0.0 && (!any_distance || known(from, to))) {
                let distance = if any_distance { kilometres(from, to) } else { 0.0 };
                pulls.push((of.people[to] / (1.0 + distance), to));
            }
            // Areas that pull alike stand in the order of their names, wherever they stand in a table.
            pulls.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| of.ids[a.1].cmp(of.ids[b.1])));
            pulls.truncate(of.most);
            let total: f64 = pulls.iter().map(|p| p.0).sum();
            all.areas.extend(pulls.iter().map(|p| p.1 as u32));
            all.shares.extend(pulls.iter().map(|p| p.0 / total));
            let named = |to: usize| StreamKey::named(of.ids[from]).and(of.ids[to]);
            all.streams.extend(pulls.iter().map(|p| named(p.1)));
            all.offsets[from + 1] = all.areas.len();
        }
        all
    }

    /// The entries of an area.
    pub fn of(&self, area: usize) -> Range<usize> {
        self.offsets[area]..self.offsets[area + 1]
    }

    /// Whether people of this area can move within the district.
    pub fn any(&self, area: usize) -> bool {
        !self.of(area).is_empty()
    }

    /// Fills the lasting shares of a path.
    pub fn draw(&self, path: &RngSource, shares: &mut [f64]) {
        shares.copy_from_slice(&self.shares);
        if !self.concentration.is_finite() {
            return;
        }
        for area in 0..self.offsets.len() - 1 {
            let range = self.of(area);
            let mut total = 0.0;
            for entry in range.clone() {
                let mut stream = path.cell(DESTINATIONS.with(self.streams[entry]), 0, 0);
                shares[entry] = gamma(self.concentration * self.shares[entry], 1.0, &mut stream);
                total += shares[entry];
            }
            // All gammas can underflow only when the concentration is absurdly small.
            if total > 0.0 {
                shares[range].iter_mut().for_each(|s| *s /= total);
            } else {
                shares[range.clone()].copy_from_slice(&self.shares[range]);
            }
        }
    }

    /// Fills the year's weights: the path's shares, with a part `pulled` of the movers going where new dwellings are filled
    /// (`filling`, people by area).
    pub fn weigh(&self, shares: &[f64], pulled: f64, filling: &[f64], weights: &mut DestinationWeights) {
        if self.areas.is_empty() {
            return;
        }
        for area in 0..self.offsets.len() - 1 {
            let range = self.of(area);
            let new: f64 =
                if pulled > 0.0 { range.clone().map(|e| filling[self.areas[e] as usize]).sum() } else { 0.0 };
            let pulled = if new > 0.0 { pulled } else { 0.0 };
            for entry in range.clone() {
                let by_dwellings = if pulled > 0.0 { filling[self.areas[entry] as usize] / new } else { 0.0 };
                weights.shares[entry] = (1.0 - pulled) * shares[entry] + pulled * by_dwellings;
            }
            weights.share_bytes(self, area);
        }
    }
}

/// Where the movers of a year go, ready to be drawn.
#[derive(Clone, Debug)]
pub struct DestinationWeights {
    /// By area and byte the destination that owns it, as the first cell of its flows.
    owners: Vec<u32>,
    /// Shares of entries.
    shares: Vec<f64>,
    /// What they have beyond whole bytes, cumulated.
    beyond: Vec<f64>,
}

/// Number of bytes.
const BYTES: usize = 256;

/// Bytes of a block.
const OF_A_BLOCK: u32 = 16;

/// A byte that nobody owns.
const NOBODY: u32 = u32::MAX;

impl DestinationWeights {
    /// Room for the weights of all areas.
    pub fn new(destinations: &Destinations) -> Self {
        let areas = if destinations.areas.is_empty() { 0 } else { destinations.offsets.len().saturating_sub(1) };
        let entries = destinations.areas.len();
        Self { owners: vec![NOBODY; areas * BYTES], shares: vec![0.0; entries], beyond: vec![0.0; entries] }
    }

    /// Gives the bytes of an area to its destinations by their shares.
    fn share_bytes(&mut self, destinations: &Destinations, area: usize) {
        let owners = &mut self.owners[area * BYTES..(area + 1) * BYTES];
        let (mut owned, mut sum) = (0, 0.0);
        for entry in destinations.of(area) {
            let bytes = self.shares[entry] * BYTES as f64;
            // Rounding of the shares may not take a byte more than there are.
            let whole = (bytes as usize).min(BYTES - owned);
            owners[owned..owned + whole].fill(first_flow(destinations.areas[entry]));
            owned += whole;
            sum += (bytes - whole as f64).max(0.0);
            self.beyond[entry] = sum;
        }
        owners[owned..].fill(NOBODY);
    }

    /// Where those go who move from an area; `None` where nobody can.
    pub(super) fn from<'a>(&'a self, destinations: &'a Destinations, area: usize) -> Option<Origin<'a>> {
        if !destinations.any(area) {
            return None;
        }
        let owners = &self.owners[area * BYTES..(area + 1) * BYTES];
        let entries = destinations.of(area);
        Some(Origin {
            owners: owners.try_into().expect("invariant: an owner for every byte"),
            beyond: &self.beyond[entries.clone()],
            areas: &destinations.areas[entries],
        })
    }
}

/// Where those go who move from one area.
pub(crate) struct Origin<'a> {
    owners: &'a [u32; BYTES],
    beyond: &'a [f64],
    areas: &'a [u32],
}

/// The movers of an area and sex, by cohort.
#[derive(Clone, Copy)]
pub(super) struct MoverRow<'a> {
    pub(super) streams: &'a RowStreams<'a>,
    pub(super) area: usize,
    pub(super) sex: usize,
    /// The first random bytes of each cohort's movers.
    pub(super) bytes: &'a FirstBytes,
}

/// The movers of one cohort.
#[derive(Clone, Copy)]
struct Movers<'a> {
    /// The streams of its row.
    streams: &'a RowStreams<'a>,
    /// Its slot in the row.
    slot: usize,
    /// How many of them move.
    count: u32,
    /// The first block of their random bytes.
    bytes: [u64; 2],
}

impl Movers<'_> {
    /// A block of their random bytes.
    fn block(&self, position: u32) -> [u64; 2] {
        bytes_of(self.streams, self.slot, position)
    }
}

impl Origin<'_> {
    /// Sends all movers of an area and sex on, the newborn apart.
    pub(super) fn send_row(&self, row: &MoverRow<'_>, flows: &mut Flows) {
        let first = Flows::cell(row.area, row.sex, 0);
        for (chunk, movers) in flows.moved_out[first..first + WIDTH].as_chunks::<LANES>().0.iter().enumerate() {
            for (at, count) in movers.iter().copied().enumerate().filter(|(_, count)| *count > 0) {
                let slot = chunk * LANES + at;
                let bytes = row.bytes[chunk].map(|half| half[at]);
                let movers = Movers { streams: row.streams, slot, count, bytes };
                self.send(&movers, &mut flows.moved_in[row.sex * WIDTH + slot..]);
            }
        }
    }

    /// Sends the newborn who move on.
    pub(super) fn send_newborn(&self, streams: &RowStreams<'_>, sex: usize, cell: usize, flows: &mut Flows) {
        let count = flows.moved_out[cell];
        if count > 0 {
            let movers = Movers { streams, slot: 0, count, bytes: bytes_of(streams, 0, 0) };
            self.send(&movers, &mut flows.moved_in[sex * WIDTH..]);
        }
    }

    /// Sends the movers of a cohort on; `moved_in` begins with its cohort of the first area.
    #[inline]
    fn send(&self, movers: &Movers<'_>, moved_in: &mut [u32]) {
        self.send_block(movers, 0..movers.count.min(OF_A_BLOCK), movers.bytes, moved_in);
        if movers.count > OF_A_BLOCK {
            self.send_more(movers, moved_in);
        }
    }

    #[inline]
    fn send_block(&self, of: &Movers<'_>, movers: Range<u32>, bytes: [u64; 2], moved_in: &mut [u32]) {
        let middle = movers.end.min(movers.start + OF_A_BLOCK / 2);
        for (mut half, movers) in bytes.into_iter().zip([movers.start..middle, middle..movers.end]) {
            for mover in movers {
                // A byte that nobody owns is beyond all flows.
                let to = self.owners[(half & 0xff) as usize];
                half >>= 8;
                if let Some(came) = moved_in.get_mut(to as usize) {
                    *came += 1;
                } else {
                    moved_in[self.by_more_bits(of, mover)] += 1;
                }
            }
        }
    }

    #[cold]
    fn send_more(&self, movers: &Movers<'_>, moved_in: &mut [u32]) {
        for position in 1..movers.count.div_ceil(OF_A_BLOCK) {
            let first = position * OF_A_BLOCK;
            let some = first..movers.count.min(first + OF_A_BLOCK);
            self.send_block(movers, some, movers.block(position), moved_in);
        }
    }

    /// The first flow of the destination of a mover whose byte nobody owns.
    #[cold]
    fn by_more_bits(&self, of: &Movers<'_>, mover: u32) -> usize {
        let more = of.streams.further(TIES, of.slot).after(mover).uniform();
        let at = more * self.beyond.last().copied().unwrap_or(0.0);
        let entry = self.beyond.partition_point(|sum| *sum <= at).min(self.beyond.len() - 1);
        first_flow(self.areas[entry]) as usize
    }
}

/// A block of the random bytes of the movers of a cohort.
fn bytes_of(streams: &RowStreams<'_>, slot: usize, position: u32) -> [u64; 2] {
    let [a, b, c, d] = streams.further(DESTINATION_BYTES, slot).after(position).block().map(u64::from);
    [a | b << 32, c | d << 32]
}

const fn first_flow(area: u32) -> u32 {
    Flows::cell(area as usize, 0, 0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movers_spread_over_destinations_as_their_shares_say() {
        // Shares that own many bytes, few, less than one, and none.
        let shares = [0.5, 0.3, 0.1987, 0.0013, 0.0];
        let destinations = Destinations {
            offsets: vec![0, 5, 5, 5, 5, 5, 5],
            areas: vec![1, 2, 3, 4, 5],
            shares: shares.to_vec(),
            concentration: f64::INFINITY,
            streams: Vec::new(),
        };
        let mut weights = DestinationWeights::new(&destinations);
        destinations.weigh(&shares, 0.0, &[0.0; 6], &mut weights);
        let moved = [0, 1, 15, 16, 17, 40];
        let (runs, all) = (4_000, moved.iter().sum::<u32>());
        let mut sums = [0.0; 6];
        for run in 0..runs {
            let chance = RngSource::new(3, run);
            for (cell, count) in (0..).zip(moved) {
                let mut moved_in = vec![0; Flows::cell(6, 0, 0)];
                let streams = RowStreams { chance: &chance, area: StreamKey::named("a"), year: 1, first: cell };
                let movers = Movers { streams: &streams, slot: 0, count, bytes: bytes_of(&streams, 0, 0) };
                weights.from(&destinations, 0).expect("somebody can move").send(&movers, &mut moved_in);
                assert_eq!(moved_in.iter().sum::<u32>(), count);
                for (area, sum) in sums.iter_mut().enumerate() {
                    *sum += f64::from(moved_in[Flows::cell(area, 0, 0)]);
                }
            }
        }
        let n = f64::from(runs) * f64::from(all);
        for (sum, p) in sums[1..].iter().zip(shares) {
            let error = 4.0 * libm::sqrt(n * p * (1.0 - p));
            assert!((sum - n * p).abs() <= error, "{sum} for {}", n * p);
        }
        assert_eq!(sums[0], 0.0);
    }
}
