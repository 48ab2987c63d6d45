//! `civicap backtest`: forecasts from what was known then, scored against what came; the scores are said and written.

mod options;
mod people;
mod scored;

use std::path::PathBuf;

pub(crate) use options::Options;

use options::What;
use scored::Scored;

use super::calibrate::education::{read, too_short};
use crate::cli::run_folder::SingleFile;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::visible;
use crate::language::Language;
use crate::report::scores;
use crate::services::education::calibration::{self, BacktestOptions};

/// `civicap backtest`.
pub(crate) fn backtest(options: &Options) -> Done {
    let language = options.output.language();
    let reads: Vec<_> = std::iter::once(&options.file).chain(&options.scenario).map(PathBuf::as_path).collect();
    let claim = |path: &PathBuf| SingleFile::claim_table(path, &reads, options.overwrite);
    let claimed = options.out.as_ref().map(claim).transpose()?;
    let mut scored = match (options.what, &options.scenario) {
        (What::Education, _) => education(options, language)?,
        (What::People, Some(scenario)) => people::backtest(options, scenario, language)?,
        // The reader of arguments asks for the scenario.
        (What::People, None) => Scored { said: String::new(), table: String::new() },
    };
    if let Some(file) = claimed {
        let written = file.write(scored.table.as_bytes()).map_err(Failure::failed)?;
        scored.said.push_str(&format!("\n  {}\n", visible::path(&written)));
    }
    if options.output.quiet { Ok(()) } else { print(&scored.said) }
}

fn education(options: &Options, language: Language) -> Done<Scored> {
    let read = read(&options.file, language)?;
    let asked = BacktestOptions { paths: options.paths as usize, seed: options.seed };
    let tested = calibration::backtest(&read.table, asked).map_err(|short| Failure::bad_input(too_short(short)))?;
    Ok(Scored { said: scores::scored(&tested, language), table: scores::scores_csv(&tested) })
}
