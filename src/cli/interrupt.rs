//! Ctrl-C: a run is asked to stop, and stops after the replications in hand.

use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// Turns Ctrl-C (and a request to end from the system) into a wish that a run looks at between replications, from now on.
/// Where no handler can be set the system ends the process itself, which leaves no half file either.
pub(super) fn watch() -> &'static AtomicBool {
    let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    &STOP
}

/// Whether somebody has asked to stop.
pub(super) fn asked() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Lets a file that outgrows the limit of this process (`ulimit -f`) be refused like one on a full disk; otherwise the
/// system ends the process without a word.
#[cfg(unix)]
pub(super) fn ignore_file_limit_signal() {
    let seen = std::sync::Arc::new(AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, seen);
}

#[cfg(not(unix))]
pub(super) fn ignore_file_limit_signal() {}
