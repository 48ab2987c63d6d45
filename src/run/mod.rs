//! The run: every replication of a plan, on any number of threads, with the same bits.
//!
//! Replications come in pairs: `2k` and `2k + 1` share parameter path `k` and differ in chance events only. The spread
//! within pairs is chance, the spread between pairs the parameters' share, and the two add to the whole.
//!
//! They are made in rounds that end at fixed numbers of replications, whatever the threads. After each round somebody
//! may look at what there is, show it, or find that it is enough: so a run that stops early stops at the same number on
//! every machine.

mod packed_columns;
mod replication;
mod results;
mod shard;

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

pub use replication::ReplicationWorkspace;
use results::ROUND;
pub use results::{REVISION, Results};
pub use shard::{ShardError, ShardResults};

use crate::scenario::Plan;

/// What a run is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Number of replications; the most that are made when somebody may find fewer enough.
    pub replications: usize,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads; 0 for those of the pool that it is called in, otherwise one a core.
    pub threads: usize,
}

/// Told how far a run has come.
pub trait Progress: Sync {
    /// `count` more replications are done; called from any thread.
    fn done(&self, _count: usize) {}

    /// A round has ended: the results so far, in order. `true` when they are enough.
    fn enough(&self, _so_far: &Results) -> bool {
        false
    }
}

impl Progress for () {}

/// Why a run gave no results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The threads could not be started.
    #[error("cannot start the threads of the run: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Somebody asked it to stop.
    #[error("the run was stopped")]
    Stopped,
}

/// Replications that one piece of work holds: a pair, so that both share the drawn path's cache.
const BLOCK: usize = 2;

/// Ends of the first rounds, in replications: soon enough to look at, few enough not to wait often.
const FIRST_ROUNDS: [usize; 2] = [16, 64];

/// Simulates a plan. The result depends on the plan, the seed and the number of replications only.
///
/// # Errors
/// When the threads cannot be started, or when `stop` became true on the way.
pub fn simulate(
    plan: &Plan,
    options: RunOptions,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Results, RunError> {
    simulate_range(plan, 0..options.replications, options, progress, stop)
}

/// Simulates replications `range` of a run, to be put together with the rest elsewhere ([`ShardResults`]).
///
/// # Errors
/// As [`simulate`].
pub fn simulate_range(
    plan: &Plan,
    range: Range<usize>,
    options: RunOptions,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<Results, RunError> {
    let pool = own_pool(options.threads)?;
    let threads = pool.as_ref().map_or_else(rayon::current_num_threads, ThreadPool::current_num_threads);
    let hands: Vec<Mutex<ReplicationWorkspace<'_>>> =
        (0..threads).map(|_| Mutex::new(ReplicationWorkspace::new(plan))).collect();
    let cells = plan.catalogue.cells();
    let mut results = Results::none(cells, options.seed);
    let mut rows = Vec::new();
    for (from, end) in rounds(range.len()) {
        rows.clear();
        rows.resize(cells * (end - from), 0);
        let from = range.start + from;
        within(pool.as_ref(), || {
            rows.par_chunks_mut((cells * BLOCK).max(1)).enumerate().for_each(|(block, rows)| {
                // Each thread has its own scratch, so nobody waits for the lock.
                let hand = &hands[rayon::current_thread_index().unwrap_or(0)];
                let mut scratch = hand.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for (i, row) in rows.chunks_mut(cells.max(1)).enumerate() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    scratch.replicate(options.seed, (from + block * BLOCK + i) as u32, row);
                    progress.done(1);
                }
            });
            results.append(&rows);
        });
        if stop.load(Ordering::Relaxed) {
            return Err(RunError::Stopped);
        }
        if progress.enough(&results) {
            break;
        }
    }
    Ok(results)
}

/// Threads of a run's own; `None` where it is to use those of the pool that it is called in.
fn own_pool(threads: usize) -> Result<Option<ThreadPool>, RunError> {
    if threads == 0 && rayon::current_thread_index().is_some() {
        return Ok(None);
    }
    Ok(Some(ThreadPoolBuilder::new().num_threads(threads).build()?))
}

fn within<T: Send>(pool: Option<&ThreadPool>, work: impl FnOnce() -> T + Send) -> T {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Rounds of a run of `replications`: first replication and end of each.
fn rounds(replications: usize) -> impl Iterator<Item = (usize, usize)> {
    let ends = FIRST_ROUNDS.into_iter().chain((1..).map(|i| i * ROUND));
    let mut from = 0;
    ends.map_while(move |end| {
        let round = (from, end.min(replications));
        from = round.1;
        (round.0 < round.1).then_some(round)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_cover_every_replication_once() {
        for replications in [0, 1, 2, 15, 16, 17, 128, 129, 1_000, 100_000] {
            let mut next = 0;
            for (from, end) in rounds(replications) {
                assert_eq!(from, next);
                assert!(end > from && from.is_multiple_of(2), "pairs stay together");
                next = end;
            }
            assert_eq!(next, replications);
        }
    }
}
