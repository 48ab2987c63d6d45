//! `civicap backtest`: scores forecasts on rolling origins of a table, says the scores and writes them.

use std::path::{Path, PathBuf};

use clap::Args;

use super::calibrate::education::{read, too_short};
use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::SingleFile;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{values, visible};
use crate::report::scores;
use crate::services::education::calibration::{self, BacktestOptions};
use crate::text;

/// Options of `backtest`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("Table of births and enrolment by year, area and grade (.csv)", "分年、区域、年级的出生与在校生数（.csv）"))]
    pub file: PathBuf,
    #[arg(long, default_value_t = 500, value_parser = values::paths, allow_negative_numbers = true,
        help = both("Paths of each forecast", "每次预测的路径数 [默认：500]"))]
    pub paths: u32,
    #[arg(long, default_value_t = 1, value_parser = values::seed, allow_negative_numbers = true,
        help = both("Seed of the paths", "随机种子 [默认：1]"))]
    pub seed: u64,
    #[arg(long, value_name = "FILE", help = both("File for the scores (.csv)", "得分文件（.csv）"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace an earlier file of scores", "替换原有的得分文件"))]
    pub overwrite: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap backtest`.
pub(crate) fn backtest(options: &Options) -> Done {
    let language = options.output.language();
    let read = read(&options.file, language)?;
    let claimed = options.out.as_deref().map(|path| claim(path, options)).transpose()?;
    let asked = BacktestOptions { paths: options.paths as usize, seed: options.seed };
    let tested = calibration::backtest(&read.table, asked).map_err(|short| Failure::bad_input(too_short(short)))?;
    let mut said = scores::scored(&tested, language);
    if let Some(file) = claimed {
        let written = file.write(scores::scores_csv(&tested).as_bytes()).map_err(Failure::failed)?;
        said.push_str(&format!("\n  {}\n", visible::path(&written)));
    }
    if options.output.quiet { Ok(()) } else { print(&said) }
}

fn claim(path: &Path, options: &Options) -> Done<SingleFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = visible::path(path);
    let name = path.file_name().and_then(|name| name.to_str());
    let name =
        name.ok_or_else(|| Failure::bad_input(text!("{shown} is not the name of a file", "{shown} 不是文件名")))?;
    // The table itself is never replaced by its scores.
    let own = |file: &Path| file.canonicalize().ok() == options.file.canonicalize().ok();
    SingleFile::claim(folder, name, |file| options.overwrite && file.is_file() && !own(file))
}
