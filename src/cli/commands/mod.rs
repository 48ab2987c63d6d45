//! The commands: a file for each, with its options and the function that carries it out.
//!
//! To add one: a file here with `Options` and a function that returns the exit code, a line in
//! [`Command`](super::args::Command), and a line in [`dispatch`].

pub(crate) mod backtest;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod explain;
pub(crate) mod fit;
pub(crate) mod manual;
pub(crate) mod new;
pub(crate) mod part;
pub(crate) mod projects;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;

use std::io::Write;
use std::path::Path;

use super::args::Command;
use super::output::RunFolder;
use super::progress::Bar;
use super::{faults, json};
use crate::diagnostic::SourceFile;
use crate::language::{Language, Text};
use crate::run::RunError;
use crate::scenario::{Loaded, Plan, Request, load};
use crate::text;

/// Carries out what was typed and returns the exit code.
pub(super) fn dispatch(command: &Command) -> u8 {
    match command {
        Command::Run(options) => run::run(options),
        Command::Check(options) => check::check(options),
        Command::Fit(options) => fit::fit(options),
        Command::Backtest(options) => backtest::backtest(options),
        Command::Compare(options) => compare::compare(options),
        Command::Projects(options) => projects::projects(options),
        Command::Merge(options) => part::merge(options),
        Command::Report(options) => report::report(options),
        Command::New(options) => new::new(options),
        Command::Explain(options) => explain::explain(options),
        Command::Schema(options) => schema::schema(options),
        Command::Completions(options) => manual::completions(options),
        Command::Man(options) => manual::man(options),
    }
}

/// A sound scenario and the files that it was read from.
struct Sound {
    plan: Plan,
    files: Vec<SourceFile>,
}

/// A scenario, or `None` with its faults shown; as JSON on standard output if that is asked for.
fn sound(file: &Path, request: Request, language: Language, quiet: bool, as_json: bool) -> Option<Sound> {
    let loaded = load(file, request);
    if as_json {
        if loaded.plan.is_none() {
            say(&json::checked(&loaded.diagnostics, loaded.plan.as_ref(), language));
        }
    } else {
        show(&loaded, language, quiet);
    }
    Some(Sound { plan: loaded.plan?, files: loaded.diagnostics.files })
}

/// What to say of a run that gave no results: how far it came, and that nothing of it is kept.
fn stopped(failure: &RunError, bar: &Bar<'_>, folder: &RunFolder) -> Text {
    let earlier = folder.holds_a_run();
    folder.abandon();
    if !matches!(failure, RunError::Stopped) {
        return failed(failure);
    }
    let (done, all) = bar.counts();
    if earlier {
        return text!(
            "stopped after {done} of {all} replications; nothing of them is kept, and the earlier results are as they were",
            "已停止：完成 {done}/{all} 次模拟，本次结果未保存；原有结果保持不变"
        );
    }
    text!(
        "stopped after {done} of {all} replications; nothing is kept",
        "已停止：完成 {done}/{all} 次模拟，未保存任何结果"
    )
}

/// What to say of runs that gave no results.
fn failed(failure: &RunError) -> Text {
    match failure {
        RunError::Stopped => Text::new("stopped; nothing is kept", "已停止，未保存任何结果"),
        RunError::Threads(reason) => text!(
            "cannot start the threads of the run: {reason}\nhelp: ask for fewer with --threads",
            "无法启动运行线程：{reason}\n改法：用 --threads 减少线程数"
        ),
    }
}

/// The plan of a scenario, or `None` with its faults shown.
fn plan_of(file: &Path, request: Request, language: Language, quiet: bool) -> Option<Plan> {
    heard(load(file, request), language, quiet)
}

/// The plan of what was loaded, or `None` with its faults shown.
fn heard(loaded: Loaded, language: Language, quiet: bool) -> Option<Plan> {
    show(&loaded, language, quiet);
    loaded.plan
}

fn show(loaded: &Loaded, language: Language, quiet: bool) {
    let worth_saying = loaded.diagnostics.has_errors() || (!quiet && !loaded.diagnostics.list.is_empty());
    if worth_saying {
        faults::show(&loaded.diagnostics, language);
    }
}

fn complain(failure: &Text, language: Language, code: u8) -> u8 {
    let _ = writeln!(std::io::stderr(), "civicap: {}", failure.get(language));
    code
}

fn say(text: &str) {
    // A closed pipe (`civicap run ... | head`) is no failure of the run.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
