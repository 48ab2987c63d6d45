//! The commands: a file for each, with its options and the function that carries it out.
//!
//! To add one: a file here with `Options` and a function that returns the exit code, a line in
//! [`Command`](super::args::Command), and a line in [`carry_out`].

pub(crate) mod backtest;
pub(crate) mod check;
pub(crate) mod explain;
pub(crate) mod fit;
pub(crate) mod new;
pub(crate) mod part;
pub(crate) mod run;
pub(crate) mod schema;

use std::io::Write;
use std::path::Path;

use super::args::Command;
use super::faults;
use crate::language::{Language, Text};
use crate::scenario::{Plan, Request, load};

/// Carries out what was typed and returns the exit code.
pub(super) fn carry_out(command: &Command) -> u8 {
    match command {
        Command::Run(options) => run::run(options),
        Command::Check(options) => check::check(options),
        Command::Fit(options) => fit::fit(options),
        Command::Backtest(options) => backtest::backtest(options),
        Command::Merge(options) => part::merge(options),
        Command::New(options) => new::new(options),
        Command::Explain(options) => explain::explain(options),
        Command::Schema(options) => schema::schema(options),
    }
}

/// The plan of a scenario, or `None` with its faults shown.
fn plan_of(file: &Path, request: Request, language: Language, quiet: bool) -> Option<Plan> {
    let loaded = load(file, request);
    let worth_saying = loaded.diagnostics.has_errors() || (!quiet && !loaded.diagnostics.list.is_empty());
    if worth_saying {
        faults::show(&loaded.diagnostics, language);
    }
    loaded.plan
}

fn complain(failure: &Text, language: Language, code: u8) -> u8 {
    let _ = writeln!(std::io::stderr(), "civicap: {}", failure.get(language));
    code
}

fn say(text: &str) {
    // A closed pipe (`civicap run ... | head`) is no failure of the run.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
