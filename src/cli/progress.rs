//! A progress bar on a terminal; nothing in a pipe.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::language::Language;
use crate::run::Progress;

/// Replications done and the time that is left.
pub(super) struct Bar {
    bar: ProgressBar,
    done: AtomicU64,
}

impl Bar {
    /// A bar for `replications`; silent when standard error is no terminal or `quiet` is asked for.
    pub(super) fn new(replications: usize, language: Language, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(replications as u64), target);
        let pattern = match language {
            Language::En => "{bar:30} {pos}/{len} replications, {eta} left",
            Language::Zh => "{bar:30} 已完成 {pos}/{len} 次模拟，剩余 {eta}",
        };
        if let Ok(style) = ProgressStyle::with_template(pattern) {
            bar.set_style(style);
        }
        Self { bar, done: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn done(&self, count: usize) {
        let done = self.done.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        self.bar.set_position(done);
    }
}
