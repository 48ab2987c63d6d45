//! What `civicap backtest` may be asked.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::values;

/// Options of `backtest`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(value_enum, help = both("What to forecast", "预测什么：education 为在校生，people 为常住人口"))]
    pub what: What,
    #[arg(help = both(
        "Table (.csv): births and enrolment by year, area and grade (education); counts by date, area, sex and age (people)",
        "数据表（.csv）：education 用分年、区域、年级的出生与在校生数；people 用分时点、区域、性别、年龄的人数"))]
    pub file: PathBuf,
    #[arg(long, value_name = "FILE", required_if_eq("what", "people"), help = both(
        "Scenario whose death rates and age patterns are used (people only)", "采用其死亡率与年龄模式的方案（仅 people）"))]
    pub scenario: Option<PathBuf>,
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

/// What can be forecast.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    /// Pupils, on rolling origins (在校生，滚动回测)
    Education,
    /// Residents, on later counts or on areas left out (常住人口，用以后的统计或留出的区域检验)
    People,
}
