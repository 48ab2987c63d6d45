//! `civicap fit`: estimates inputs on a table, says them, and writes them as a piece of a scenario.

pub(super) mod education;
mod elderly;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::args::OutputArgs;
use crate::cli::exit;
use crate::cli::output::{claim, write_new};
use crate::language::Text;

/// Options of `fit`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to estimate
    #[arg(value_enum)]
    pub what: What,
    /// Table (.csv): births and enrolment by year, area and grade (education); places in use by service (elderly)
    pub file: PathBuf,
    /// Scenario whose people and shares of use the take-up belongs to (elderly only)
    #[arg(long, value_name = "FILE", required_if_eq("what", "elderly"))]
    pub scenario: Option<PathBuf>,
    /// Folder for a scenario fragment with the estimates
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace an earlier fragment in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// What can be estimated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    /// Yields and grade progression (入学率与年级递进率)
    Education,
    /// Take-up of elderly care from places in use (由在用位数估计养老服务使用系数)
    Elderly,
}

/// What was written, in words, or why not, with the exit code.
type Delivered = Result<Text, (u8, Text)>;

/// `civicap fit`.
pub(crate) fn fit(options: &Options) -> u8 {
    match options.what {
        What::Education => education::fit(options),
        What::Elderly => elderly::fit(options),
    }
}

/// Writes texts into a folder, where the one called `main` must not be of another's making.
fn deliver(folder: &Path, main: &str, overwrite: bool, texts: &[(&str, &str)]) -> Delivered {
    claim(folder, main, overwrite)?;
    let mut files = String::new();
    for (name, text) in texts {
        let written = write_new(folder, name, text.as_bytes()).map_err(|failure| (exit::FAILURE, failure))?;
        files.push_str(&format!("  {}\n", written.display()));
    }
    Ok(Text::owned(format!("\nfiles:\n{files}"), format!("\n文件：\n{files}")))
}

/// The name of a file, for provenance.
fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
