//! `civicap check`: reads a scenario and says what was understood.

use std::path::PathBuf;

use clap::Args;

use super::{plan_of, say};
use crate::cli::args::OutputArgs;
use crate::cli::{exit, json};
use crate::report;
use crate::scenario::{Request, load};

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// Print faults and what was understood as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap check`.
pub(crate) fn check(options: &Options) -> u8 {
    let language = options.voice.language();
    if options.json {
        let loaded = load(&options.file, Request::default());
        say(&json::checked(&loaded.diagnostics, loaded.plan.as_ref(), language));
        return if loaded.plan.is_some() { exit::SUCCESS } else { exit::BAD_INPUT };
    }
    match plan_of(&options.file, Request::default(), language, options.voice.quiet) {
        Some(plan) => {
            if !options.voice.quiet {
                say(&report::understood(&plan, language));
            }
            exit::SUCCESS
        }
        None => exit::BAD_INPUT,
    }
}
