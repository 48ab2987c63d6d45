//! The threads of a command: as many as were asked for, or as many as the system gives.
//!
//! Everything that is done side by side (replications, summaries, pages) is done by one pool. One thread is the command's
//! own, and nothing is started. Only `--threads` decides: `RAYON_NUM_THREADS` is no option of civicap.

use std::cell::Cell;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::thread::available_parallelism;

use rayon::{ThreadPool, ThreadPoolBuilder};

thread_local! {
    /// Whether this thread calls something that stops in its own way when the system gives it no thread.
    static MAY_BE_REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` makes, which starts threads of its own and panics when the system gives none (the maker of workbooks does);
/// `None` if so, without the words of a fault in the program.
pub(super) fn unless_refused<T>(work: impl FnOnce() -> T) -> Option<T> {
    MAY_BE_REFUSED.set(true);
    let made = catch_unwind(AssertUnwindSafe(work)).ok();
    MAY_BE_REFUSED.set(false);
    made
}

/// Lets what [`unless_refused`] calls stop without a word.
pub(super) fn expect_refusals() {
    let usual = take_hook();
    set_hook(Box::new(move |fault| {
        if !MAY_BE_REFUSED.get() {
            usual(fault);
        }
    }));
}

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
    fn whoever_is_refused_a_thread_is_heard() {
        assert_eq!(unless_refused(|| 1), Some(1));
        assert_eq!(unless_refused(|| -> u8 { panic!("failed to spawn thread") }), None);
    }

    #[test]
    fn one_thread_is_the_thread_that_asks() {
        let own = std::thread::current().id();
        assert_eq!(with(1, || (std::thread::current().id(), rayon::current_num_threads())), (own, 1));
    }
}
