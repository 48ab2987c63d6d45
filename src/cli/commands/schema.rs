//! `civicap schema`: the JSON Schema of a scenario, for editors.

use clap::Args;

use crate::cli::output_args::OutputArgs;
use crate::cli::starter;
use crate::cli::talk::{Done, print};

/// Options of `schema`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap schema`.
pub(crate) fn schema(options: &Options) -> Done {
    print(&starter::schema(options.output.language()))
}
