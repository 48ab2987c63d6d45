//! The run: every replication of a plan, on any number of threads, with the same bits.
//!
//! Replications come in pairs: `2k` and `2k + 1` share parameter path `k` and differ in chance events only. The spread
//! within pairs is chance, the spread between pairs the parameters' share, and the two add to the whole.

mod replication;
mod results;

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

pub use replication::Scratch;
pub use results::Results;

use crate::scenario::Plan;

/// What a run is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct RunOptions {
    /// Number of replications.
    pub replications: usize,
    /// Seed of all randomness.
    pub seed: u64,
    /// Threads; 0 for one a core.
    pub threads: usize,
}

/// Told how far a run has come; called from any thread.
pub trait Progress: Sync {
    /// `count` more replications are done.
    fn done(&self, count: usize);
}

impl Progress for () {
    fn done(&self, _count: usize) {}
}

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

/// Replications that one piece of work holds; an even number keeps pairs together.
const BLOCK: usize = 4;

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
    let cells = plan.catalogue.cells();
    let mut values = vec![0_u32; cells * options.replications];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build()?;
    pool.install(|| {
        values.par_chunks_mut((cells * BLOCK).max(1)).enumerate().for_each_init(
            || Scratch::new(plan),
            |scratch, (block, rows)| {
                for (i, row) in rows.chunks_mut(cells.max(1)).enumerate() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    scratch.replicate(options.seed, (block * BLOCK + i) as u32, row);
                    progress.done(1);
                }
            },
        );
    });
    if stop.load(Ordering::Relaxed) {
        return Err(RunError::Stopped);
    }
    Ok(Results::new(values, cells, options.replications, options.seed))
}
