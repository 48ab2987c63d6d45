//! The commands: a file for each, with its options and the function that carries it out.
//!
//! To add one: a file here with `Options` and a function that returns the exit code, a line in
//! [`Command`](super::args::Command), and a line in [`carry_out`].

pub(crate) mod backtest;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod explain;
pub(crate) mod fit;
pub(crate) mod new;
pub(crate) mod part;
pub(crate) mod projects;
pub(crate) mod run;
pub(crate) mod schema;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::args::Command;
use super::faults;
use crate::language::{Language, Text};
use crate::scenario::{Loaded, Plan, Request, load};

/// Carries out what was typed and returns the exit code.
pub(super) fn carry_out(command: &Command) -> u8 {
    match command {
        Command::Run(options) => run::run(options),
        Command::Check(options) => check::check(options),
        Command::Fit(options) => fit::fit(options),
        Command::Backtest(options) => backtest::backtest(options),
        Command::Compare(options) => compare::compare(options),
        Command::Projects(options) => projects::projects(options),
        Command::Merge(options) => part::merge(options),
        Command::New(options) => new::new(options),
        Command::Explain(options) => explain::explain(options),
        Command::Schema(options) => schema::schema(options),
    }
}

/// The plan of a scenario, or `None` with its faults shown.
fn plan_of(file: &Path, request: Request, language: Language, quiet: bool) -> Option<Plan> {
    heard(load(file, request), language, quiet)
}

/// The plan of what was loaded, or `None` with its faults shown.
fn heard(loaded: Loaded, language: Language, quiet: bool) -> Option<Plan> {
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

/// Whether standard output wants colours.
fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Columns of the terminal as the shell knows them.
fn width() -> u16 {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(140)
}

/// The list of files that were written.
fn files(written: &[PathBuf], language: Language) -> String {
    let heading = match language {
        Language::En => "\nfiles:\n",
        Language::Zh => "\n文件：\n",
    };
    written.iter().fold(heading.to_owned(), |said, file| said + &format!("  {}\n", file.display()))
}

fn say(text: &str) {
    // A closed pipe (`civicap run ... | head`) is no failure of the run.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
