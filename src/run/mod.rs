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
pub use results::{REPLICATIONS, REVISION, Results};
pub use shard::{ShardError, ShardResults};

use crate::metric::{Breach, Ledger, Rule};
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

/// Where rounds are kept while a run goes on, so that it can go on from them when it was stopped.
pub trait RoundStore: Sync {
    /// The round of replications `range` as an earlier run has left it.
    fn recall(&self, _range: &Range<usize>) -> Option<ShardResults> {
        None
    }

    /// A round that was made.
    fn keep(&self, _round: ShardResults) {}
}

impl RoundStore for () {}

/// Why a run gave no results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The threads could not be started.
    #[error("cannot start the threads of the run: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// Somebody asked it to stop.
    #[error("the run was stopped")]
    Stopped,
    /// A replication does not hold what must hold of every one: a fault of the program.
    #[error("replication {replication}: {metric} of {stage} in {area}, {year}: {}", rule.says()[0])]
    DoesNotClose {
        /// Which replication.
        replication: usize,
        /// The stage, tier or level.
        stage: String,
        /// The metric.
        metric: &'static str,
        /// The area; `all` for the district.
        area: String,
        /// The year.
        year: i32,
        /// What does not hold.
        rule: Rule,
    },
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

/// The same, going on from the rounds that `store` knows and keeping the new ones there.
///
/// # Errors
/// As [`simulate`].
pub fn resume(
    plan: &Plan,
    options: RunOptions,
    progress: &dyn Progress,
    store: &dyn RoundStore,
    stop: &AtomicBool,
) -> Result<Results, RunError> {
    go_on(plan, 0..options.replications, options, Told { progress, store }, stop)
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
    go_on(plan, range, options, Told { progress, store: &() }, stop)
}

/// Who is told of the rounds of a run.
#[derive(Clone, Copy)]
struct Told<'a> {
    progress: &'a dyn Progress,
    store: &'a dyn RoundStore,
}

fn go_on(
    plan: &Plan,
    range: Range<usize>,
    options: RunOptions,
    told: Told<'_>,
    stop: &AtomicBool,
) -> Result<Results, RunError> {
    let Told { progress, store } = told;
    let pool = own_pool(options.threads)?;
    let threads = pool.as_ref().map_or_else(rayon::current_num_threads, ThreadPool::current_num_threads);
    let hands: Vec<Mutex<ReplicationWorkspace<'_>>> =
        (0..threads).map(|_| Mutex::new(ReplicationWorkspace::new(plan))).collect();
    let cells = plan.catalogue.cells();
    let mut results = Results::none(cells, options.seed);
    let mut rows = Vec::new();
    let first_breach: Mutex<Option<(usize, Breach)>> = Mutex::new(None);
    for (from, end) in rounds(range.len()) {
        let numbers = range.start + from..range.start + end;
        if let Some(round) = store.recall(&numbers) {
            round.add_to(&mut results);
            progress.done(numbers.len());
            if progress.enough(&results) {
                break;
            }
            continue;
        }
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
                    let number = from + block * BLOCK + i;
                    scratch.replicate(options.seed, number as u32, row);
                    if let Some(breach) = Ledger::of(&plan.catalogue, row).first_breach() {
                        let mut first = first_breach.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        *first = first.filter(|(earlier, _)| *earlier < number).or(Some((number, breach)));
                    }
                    progress.done(1);
                }
            });
            results.append(&rows);
        });
        if stop.load(Ordering::Relaxed) {
            return Err(RunError::Stopped);
        }
        if let Some((replication, breach)) = *first_breach.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(does_not_close(plan, replication, breach));
        }
        store.keep(ShardResults::last_round(plan, &results, &numbers));
        if progress.enough(&results) {
            break;
        }
    }
    Ok(results)
}

/// The names of what a replication breaks.
fn does_not_close(plan: &Plan, replication: usize, breach: Breach) -> RunError {
    let block = plan.catalogue.block(breach.block);
    let district = breach.row == plan.catalogue.district(breach.block);
    RunError::DoesNotClose {
        replication,
        stage: block.stage.clone(),
        metric: block.metrics[breach.metric].id,
        area: if district { "all".to_owned() } else { plan.site.areas[breach.row].id.clone() },
        year: plan.site.start + breach.year as i32,
        rule: breach.rule,
    }
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
