//! A progress bar on a terminal; nothing in a pipe.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::language::Language;
use crate::report::{interim, number};
use crate::run::{Progress, Results};
use crate::scenario::Plan;
use crate::study::{RunSummary, largest_error, verdicts};

/// What a bar shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// Replications that will be made, at most.
    pub replications: usize,
    /// Largest Monte Carlo standard error of the shortage probabilities that is small enough.
    pub target_mcse: Option<f64>,
    /// Whether nothing is to be shown.
    pub quiet: bool,
    /// The language.
    pub language: Language,
}

/// Replications done, the time that is left, and what can be said so far.
pub(super) struct Bar<'p> {
    line: ProgressBar,
    done: AtomicU64,
    plan: &'p Plan,
    language: Language,
    target_mcse: Option<f64>,
}

impl<'p> Bar<'p> {
    /// A bar, silent when standard error is no terminal.
    pub(super) fn new(plan: &'p Plan, shown: Shown) -> Self {
        let Shown { replications, target_mcse, quiet, language } = shown;
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(replications as u64), target);
        let pattern = match language {
            Language::En => "{bar:30} {pos}/{len} replications, {left} left\n{msg}",
            Language::Zh => "{bar:30} 已完成 {pos}/{len} 次模拟，剩余 {left}\n{msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(pattern) {
            bar.set_style(style.with_key("left", left(language)));
        }
        Self { line: bar, done: AtomicU64::new(0), plan, language, target_mcse }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.line.finish_and_clear();
    }

    /// Replications done, and all that were asked for.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.line.length().unwrap_or(0))
    }
}

impl Progress for Bar<'_> {
    fn done(&self, count: usize) {
        let done = self.done.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        self.line.set_position(done);
    }

    fn enough(&self, so_far: &Results) -> bool {
        if self.line.is_hidden() && self.target_mcse.is_none() {
            return false;
        }
        let summary = RunSummary::for_verdicts(self.plan, so_far);
        let verdicts = verdicts(self.plan, so_far, &summary);
        let error = largest_error(self.plan, so_far, &verdicts);
        self.line.set_message(interim::lines(self.plan, &verdicts, so_far.replications(), error, self.language));
        self.target_mcse.is_some_and(|asked| error <= asked)
    }
}

/// The time that is left, as the language says it.
fn left(language: Language) -> impl Fn(&ProgressState, &mut dyn Write) + Clone + Send + Sync + 'static {
    move |state, to| {
        let _ = to.write_str(number::duration(state.eta().as_secs()).get(language));
    }
}

/// Replications done over several runs, and the time that is left.
pub(super) struct Runs {
    line: ProgressBar,
    done: AtomicU64,
}

impl Runs {
    /// A bar for so many replications altogether; silent when standard error is no terminal or `quiet` is asked for.
    pub(super) fn new(replications: usize, language: Language, quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let line = ProgressBar::with_draw_target(Some(replications as u64), target);
        let pattern = match language {
            Language::En => "{bar:30} {pos}/{len} replications of all runs, {left} left\n{msg}",
            Language::Zh => "{bar:30} 各次运行共完成 {pos}/{len} 次模拟，剩余 {left}\n{msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(pattern) {
            line.set_style(style.with_key("left", left(language)));
        }
        Self { line, done: AtomicU64::new(0) }
    }

    /// Says which run it is now.
    pub(super) fn now(&self, run: &str) {
        self.line.set_message(run.to_owned());
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.line.finish_and_clear();
    }
}

impl Progress for Runs {
    fn done(&self, count: usize) {
        let done = self.done.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        self.line.set_position(done);
    }
}
