//! The threads of a command: as many as were asked for, or as many as the system gives.
//!
//! Everything that is done side by side (replications, summaries, pages) is done by one pool. One thread is the command's
//! own, and nothing is started. Only `--threads` decides: `RAYON_NUM_THREADS` is no option of civicap.

use std::num::NonZero;
use std::thread::available_parallelism;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// What `work` makes when it has `asked` threads (0: one a core) or as many of them as can be started.
pub(super) fn with<T: Send>(asked: u16, work: impl FnOnce() -> T + Send) -> T {
    let wanted = match asked {
        0 => available_parallelism().map_or(1, NonZero::get),
        asked => usize::from(asked),
    };
    match pool(wanted) {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// A pool of as many threads as there are to be had; `None` for the command's own.
fn pool(wanted: usize) -> Option<ThreadPool> {
    let mut threads = wanted;
    while threads > 1 {
        if let Ok(pool) = ThreadPoolBuilder::new().num_threads(threads).build() {
            return Some(pool);
        }
        threads /= 2;
    }
    // The command's thread becomes the only one of a pool, so that nothing starts the pool of the whole process. That it
    // is one already happens in tests only.
    ThreadPoolBuilder::new().num_threads(1).use_current_thread().build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_is_the_thread_that_asks() {
        let own = std::thread::current().id();
        assert_eq!(with(1, || (std::thread::current().id(), rayon::current_num_threads())), (own, 1));
    }
}
