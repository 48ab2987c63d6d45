//! `civicap backtest`: scores forecasts on rolling origins of a table, says the scores and writes them.

use std::path::{Path, PathBuf};

use clap::Args;

use super::fit::education::{read, too_short};
use super::{complain, say};
use crate::cli::args::OutputArgs;
use crate::cli::exit;
use crate::cli::output::{claim, write_new};
use crate::language::Text;
use crate::report::scores;
use crate::services::education::calibration::{self, BacktestOptions};
use crate::text;

/// Options of `backtest`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Table of births and enrolment by year, area and grade (.csv)
    pub file: PathBuf,
    /// Paths of each forecast
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub paths: u32,
    /// Seed of the paths
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// File for the scores (.csv)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace an earlier file of scores
    #[arg(long)]
    pub overwrite: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap backtest`.
pub(crate) fn backtest(options: &Options) -> u8 {
    let language = options.voice.language();
    let Some(table) = read(&options.file, language) else { return exit::BAD_INPUT };
    let asked = BacktestOptions { paths: options.paths as usize, seed: options.seed };
    let tested = match calibration::backtest(&table, asked) {
        Ok(tested) => tested,
        Err(short) => return complain(&too_short(short), language, exit::BAD_INPUT),
    };
    let mut said = scores::scored(&tested, language);
    if let Some(path) = &options.out {
        match write_scores(path, &scores::scores_csv(&tested), options.overwrite) {
            Ok(written) => said.push_str(&format!("\n  {}\n", written.display())),
            Err((code, failure)) => return complain(&failure, language, code),
        }
    }
    if !options.voice.quiet {
        say(&said);
    }
    exit::SUCCESS
}

fn write_scores(path: &Path, csv: &str, overwrite: bool) -> Result<PathBuf, (u8, Text)> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = path.display();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| (exit::BAD_INPUT, text!("{shown} is not the name of a file", "{shown} 不是文件名")))?;
    claim(folder, name, overwrite)?;
    write_new(folder, name, csv.as_bytes()).map_err(|failure| (exit::FAILURE, failure))
}
