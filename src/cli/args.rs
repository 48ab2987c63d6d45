//! What was typed, nothing looked up.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::language::Language;

/// Do the planned school places, hospital beds and elderly-care places meet demand: where, when, and how sure are we?
///
/// 规划的学位、床位和养老服务够不够：哪里、何时、有多大把握？
#[derive(Debug, Parser)]
#[command(name = "civicap", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate a scenario and write its verdicts, summary and report (运行方案并生成报告)
    Run(Run),
    /// Check a scenario and say what was understood, without simulating (检查方案文件)
    Check(Check),
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// Number of replications [default: 1000]; pairs of them share one path of the uncertain inputs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: Option<u32>,
    /// Stop as soon as every stage's worst-year risk of shortage has a Monte Carlo standard error of at most this
    /// (0.01 is one point); `--replications` is then the most to make [default: 10000]
    #[arg(long, value_name = "ERROR", value_parser = precision)]
    pub precision: Option<f64>,
    /// Seed of all randomness; the same seed gives the same numbers on any machine and any number of threads
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
    /// Years to show, within the scenario's horizon
    #[arg(long, value_name = "A..B", value_parser = years)]
    pub years: Option<(i32, i32)>,
    /// Folder for the results [default: runs/<scenario name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results of an earlier run in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: Voice,
}

impl Run {
    /// Replications to make, or the most to make until they are precise enough.
    pub(super) fn most_replications(&self) -> u32 {
        self.replications.unwrap_or(if self.precision.is_some() { 10_000 } else { 1_000 })
    }
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// What every command understands.
    #[command(flatten)]
    pub voice: Voice,
}

/// How civicap speaks.
#[derive(Debug, Args)]
pub(super) struct Voice {
    /// Language of reports and messages [default: from the locale]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Say nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// A language as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Voice {
    /// The language to speak.
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => Language::of_locale(&sys_locale::get_locale().unwrap_or_default()),
        }
    }
}

fn years(typed: &str) -> Result<(i32, i32), String> {
    let wrong = || format!("`{typed}` is not a range of years; write 2024..2035");
    let (from, to) = typed.split_once("..").ok_or_else(wrong)?;
    let year = |text: &str| text.parse::<i32>().ok().filter(|y| (1900..=2200).contains(y)).ok_or_else(wrong);
    Ok((year(from)?, year(to.trim_start_matches('='))?))
}

fn precision(typed: &str) -> Result<f64, String> {
    let wrong = || format!("`{typed}` is not a standard error between 0.001 and 0.5; write 0.01 for one point");
    typed.parse::<f64>().ok().filter(|error| (0.001..=0.5).contains(error)).ok_or_else(wrong)
}
