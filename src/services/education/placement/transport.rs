//! Least-distance coordination: children without a place go to areas with free ones, as many as can, with the least sum
//! of distances among all ways of placing that many.
//!
//! Minimum-cost flow by successive shortest paths (Ford and Fulkerson 1962; Busacker and Gowen 1960) on the bipartite
//! graph from areas with children to areas with places; where everybody fits into the nearest area, no search is needed.
//! Only areas that take part are searched. Ties go to the area that comes first. Integers throughout: the cost of a way is
//! in metres.

/// A pair of areas between which children are not placed.
pub(crate) const NO_WAY: u32 = u32::MAX;

/// Children sent from one area to another, often none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) children: u32,
}

/// Scratch of the search; no allocation after the first use for a number of areas.
#[derive(Debug, Default)]
pub(crate) struct TransportSolver {
    areas: usize,
    sources: Vec<usize>,
    sinks: Vec<usize>,
    source_cost: Vec<i64>,
    source_from: Vec<usize>,
    sink_cost: Vec<i64>,
    sink_from: Vec<usize>,
    /// Children sent, `from x to`.
    flow: Vec<u32>,
    /// Whether any are sent yet.
    sending: bool,
}

const FAR: i64 = i64::MAX / 4;
const START: usize = usize::MAX;

impl TransportSolver {
    /// Scratch for `areas` areas.
    pub(crate) fn new(areas: usize) -> Self {
        Self {
            areas,
            sources: Vec::with_capacity(areas),
            sinks: Vec::with_capacity(areas),
            source_cost: vec![FAR; areas],
            source_from: vec![START; areas],
            sink_cost: vec![FAR; areas],
            sink_from: vec![START; areas],
            flow: vec![0; areas * areas],
            sending: false,
        }
    }

    /// Number of pairs of areas that the last [`TransportSolver::solve`] looked at.
    pub(crate) fn pairs(&self) -> usize {
        self.sources.len() * self.sinks.len()
    }

    /// One of these pairs.
    pub(crate) fn sent(&self, pair: usize) -> Sent {
        let (from, to) = (self.sources[pair / self.sinks.len()], self.sinks[pair % self.sinks.len()]);
        Sent { from, to, children: self.flow[from * self.areas + to] }
    }

    /// Sends children of `waiting` to places of `free`, lowering both. `metres` is `from x to`, [`NO_WAY`] where none.
    pub(crate) fn solve(&mut self, waiting: &mut [u32], free: &mut [u32], metres: &[u32]) {
        self.sources.clear();
        self.sinks.clear();
        self.sources.extend((0..self.areas).filter(|a| waiting[*a] > 0));
        self.sinks.extend((0..self.areas).filter(|a| free[*a] > 0));
        for &from in &self.sources {
            for &to in &self.sinks {
                self.flow[from * self.areas + to] = 0;
            }
        }
        self.sending = false;
        if self.nearest(waiting, free, metres) {
            return;
        }
        while let Some(sink) = self.shortest(waiting, free, metres) {
            self.send(sink, waiting, free);
            self.sending = true;
        }
    }

    /// Sends everybody to their nearest area with free places, if all fit: nothing can be nearer, and none more be placed.
    fn nearest(&mut self, waiting: &mut [u32], free: &mut [u32], metres: &[u32]) -> bool {
        for &to in &self.sinks {
            self.sink_cost[to] = 0;
        }
        for &from in &self.sources {
            let ways = &metres[from * self.areas..][..self.areas];
            let mut best = NO_WAY;
            self.source_from[from] = START;
            for &to in &self.sinks {
                if ways[to] < best {
                    best = ways[to];
                    self.source_from[from] = to;
                }
            }
            let Some(sent) = self.sink_cost.get_mut(self.source_from[from]) else { continue };
            *sent += i64::from(waiting[from]);
            if *sent > i64::from(free[self.source_from[from]]) {
                return false;
            }
        }
        for &from in &self.sources {
            let to = self.source_from[from];
            if to != START {
                self.flow[from * self.areas + to] = waiting[from];
                free[to] -= waiting[from];
                waiting[from] = 0;
            }
        }
        true
    }

    /// The nearest area with a free place, over ways that may also re-send children already sent (Bellman 1958).
    fn shortest(&mut self, waiting: &[u32], free: &[u32], metres: &[u32]) -> Option<usize> {
        for &from in &self.sources {
            self.source_cost[from] = if waiting[from] > 0 { 0 } else { FAR };
            self.source_from[from] = START;
        }
        for &to in &self.sinks {
            self.sink_cost[to] = FAR;
            self.sink_from[to] = START;
        }
        // Without children sent already there is nothing to re-send, and one pass finds all ways.
        loop {
            self.extend(metres);
            if !self.sending || !self.resend(metres) {
                break;
            }
        }
        let mut best: Option<usize> = None;
        for &to in self.sinks.iter().filter(|to| free[**to] > 0 && self.sink_cost[**to] < FAR) {
            if best.is_none_or(|b| self.sink_cost[to] < self.sink_cost[b]) {
                best = Some(to);
            }
        }
        best
    }

    /// Extends the ways found to areas with places.
    fn extend(&mut self, metres: &[u32]) {
        for &from in self.sources.iter().filter(|from| self.source_cost[**from] < FAR) {
            let ways = &metres[from * self.areas..][..self.areas];
            for &to in &self.sinks {
                let cost = self.source_cost[from] + i64::from(ways[to]);
                if ways[to] != NO_WAY && cost < self.sink_cost[to] {
                    self.sink_cost[to] = cost;
                    self.sink_from[to] = from;
                }
            }
        }
    }

    /// Extends them back to areas whose children could be sent elsewhere; says whether any way became shorter.
    fn resend(&mut self, metres: &[u32]) -> bool {
        let mut changed = false;
        for &to in self.sinks.iter().filter(|to| self.sink_cost[**to] < FAR) {
            for &from in &self.sources {
                let pair = from * self.areas + to;
                if self.flow[pair] == 0 {
                    continue;
                }
                let cost = self.sink_cost[to] - i64::from(metres[pair]);
                if cost < self.source_cost[from] {
                    self.source_cost[from] = cost;
                    self.source_from[from] = to;
                    changed = true;
                }
            }
        }
        changed
    }

    /// Sends as many children as fit along the way found to `sink`.
    fn send(&mut self, sink: usize, waiting: &mut [u32], free: &mut [u32]) {
        let mut amount = free[sink];
        let mut to = sink;
        let first = loop {
            let from = self.sink_from[to];
            let before = self.source_from[from];
            if before == START {
                break from;
            }
            amount = amount.min(self.flow[from * self.areas + before]);
            to = before;
        };
        amount = amount.min(waiting[first]);
        waiting[first] -= amount;
        free[sink] -= amount;
        to = sink;
        loop {
            let from = self.sink_from[to];
            self.flow[from * self.areas + to] += amount;
            let before = self.source_from[from];
            if before == START {
                break;
            }
            self.flow[from * self.areas + before] -= amount;
            to = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// The most children placed and the least metres among all ways of placing them, by trying every way.
    fn every_way(waiting: &[u32], free: &[u32], metres: &[u32], pair: usize) -> (u32, u64) {
        let areas = waiting.len();
        if pair == areas * areas {
            return (0, 0);
        }
        let (from, to) = (pair / areas, pair % areas);
        let most = if metres[pair] == NO_WAY { 0 } else { waiting[from].min(free[to]) };
        let mut best = (0, u64::MAX);
        for sent in 0..=most {
            let (mut left, mut rest) = (waiting.to_vec(), free.to_vec());
            left[from] -= sent;
            rest[to] -= sent;
            let (placed, far) = every_way(&left, &rest, metres, pair + 1);
            let way = (placed + sent, far + u64::from(sent) * u64::from(metres[pair].min(1_000_000)));
            if way.0 > best.0 || (way.0 == best.0 && way.1 < best.1) {
                best = way;
            }
        }
        best
    }

    #[test]
    fn as_many_as_can_are_placed_with_the_least_total_distance() {
        const CASES: StreamKey = StreamKey::named("test.transport");
        let mut transport = TransportSolver::new(3);
        for case in 0..400 {
            let mut stream = RngSource::new(1, case).cell(CASES, 0, 0);
            let mut below = |n: u32| stream.word() % n;
            let waiting: Vec<u32> = (0..3).map(|_| below(4)).collect();
            let free: Vec<u32> = (0..3).map(|_| below(4)).collect();
            let metres: Vec<u32> = (0..9).map(|_| if below(4) == 0 { NO_WAY } else { 1 + below(9) }).collect();
            let (placed, far) = every_way(&waiting, &free, &metres, 0);
            let (mut left, mut rest) = (waiting.clone(), free.clone());
            transport.solve(&mut left, &mut rest, &metres);
            let mut walked = 0;
            for Sent { from, to, children: sent } in (0..transport.pairs()).map(|pair| transport.sent(pair)) {
                assert!(sent == 0 || metres[from * 3 + to] != NO_WAY);
                walked += u64::from(sent) * u64::from(metres[from * 3 + to].min(1_000_000));
            }
            let gone: u32 = waiting.iter().sum::<u32>() - left.iter().sum::<u32>();
            assert_eq!(gone, free.iter().sum::<u32>() - rest.iter().sum::<u32>());
            assert_eq!((gone, walked), (placed, far), "{waiting:?} {free:?} {metres:?}");
        }
    }
}
