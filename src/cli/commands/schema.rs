//! `civicap schema`: the JSON Schema of a scenario, for editors.

use clap::Args;

use super::say;
use crate::cli::args::OutputArgs;
use crate::cli::exit;
use crate::input::schema;
use crate::language::Language;
use crate::scenario::KEYS;

/// Options of `schema`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap schema`.
pub(crate) fn schema(options: &Options) -> u8 {
    say(&text(options.voice.language()));
    exit::SUCCESS
}

/// The schema as text, one line for each word so that changes are easy to see.
pub(crate) fn text(language: Language) -> String {
    format!("{:#}\n", schema::of(KEYS.as_slice(), language))
}
