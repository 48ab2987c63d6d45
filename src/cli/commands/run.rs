//! `civicap run`: resolve, read, simulate, build, write.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::{Sound, complain, part, say, sound, stopped};
use crate::cli::args::OutputArgs;
use crate::cli::manifest::{Machine, Manifest};
use crate::cli::output::RunFolder;
use crate::cli::progress::Bar;
use crate::cli::{exit, interrupt, json, kept, memory, pages};
use crate::language::{Language, Text};
use crate::report::record::RecordKind;
use crate::report::{self, dictionary, parquet, tidy};
use crate::run::{Results, RunOptions, simulate};
use crate::scenario::{Plan, Request};
use crate::study::{RunSummary, headlines, largest_error, verdicts};
use crate::text;

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// Number of replications [default: 1000]; pairs of them share one path of the uncertain inputs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: Option<u32>,
    /// Stop as soon as every stage's worst-year risk of shortage has a Monte Carlo standard error of at most this
    /// (0.01 is one point); `--replications` is then the most to make [default: 10000]
    #[arg(long, value_name = "ERROR", value_parser = precision)]
    pub precision: Option<f64>,
    /// Make only part I of N, for `civicap merge` to put together: several machines, the same bytes
    #[arg(long, value_name = "I/N", value_parser = part::share, conflicts_with = "precision")]
    pub part: Option<part::Share>,
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
    /// Also write every value of every replication, as replications.parquet
    #[arg(long, conflicts_with = "part")]
    pub keep_replications: bool,
    /// Print the verdicts (or the faults of the scenario) as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

impl Options {
    /// Replications to make, or the most to make until they are precise enough.
    pub(crate) fn most_replications(&self) -> u32 {
        self.replications.unwrap_or(if self.precision.is_some() { 10_000 } else { 1_000 })
    }
}

impl Options {
    /// Replications that this machine makes.
    fn share_of_replications(&self) -> usize {
        let all = self.most_replications() as usize;
        self.part.map_or(all, |share| share.replications(all))
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

/// `civicap run`.
pub(crate) fn run(options: &Options) -> u8 {
    let language = options.voice.language();
    let request = Request { years: options.years };
    let Some(scenario) = sound(&options.file, request, language, options.voice.quiet, options.json) else {
        return exit::BAD_INPUT;
    };
    let plan = &scenario.plan;
    if let Some(failure) = memory::refusal(plan, options.share_of_replications(), usize::from(options.threads)) {
        return complain(&failure, language, exit::BAD_INPUT);
    }
    if let Some(share) = options.part {
        return part::make(plan, options, share, language);
    }
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(&plan.name));
    let folder = match RunFolder::claim(&out, options.overwrite) {
        Ok(folder) => folder,
        Err((code, failure)) => return complain(&failure, language, code),
    };
    let replications = options.most_replications() as usize;
    let asked = RunOptions { replications, seed: options.seed, threads: usize::from(options.threads) };
    let bar = Bar::new(plan, replications, options, language);
    let began = Instant::now();
    let results = simulate(plan, asked, &bar, interrupt::watch());
    bar.finish();
    let results = match results {
        Ok(results) => results,
        Err(failure) => return complain(&stopped(&failure, &bar, &folder), language, exit::FAILURE),
    };
    let machine = Machine::now(asked.threads, began, &options.file);
    let wanted = Wanted { replications: options.keep_replications, json: options.json };
    match deliver(&scenario, &results, machine, &folder, (language, wanted)) {
        Ok(mut said) => {
            if let Some(asked) = options.precision
                && !options.json
            {
                said.insert_str(0, &precision_reached(plan, &results, asked, language));
            }
            if !options.voice.quiet {
                say(&said);
            }
            exit::SUCCESS
        }
        Err(failure) => {
            folder.abandon();
            complain(&failure, language, exit::FAILURE)
        }
    }
}

/// What is wanted beside the files that every run leaves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    /// The values of all replications.
    pub replications: bool,
    /// Verdicts as JSON in place of words.
    pub json: bool,
}

/// Summarises, writes every file, and returns what the terminal shows, or JSON if that is asked for.
pub(super) fn deliver(
    scenario: &Sound,
    results: &Results,
    machine: Machine,
    folder: &RunFolder,
    (language, wanted): (Language, Wanted),
) -> Result<String, Text> {
    let plan = &scenario.plan;
    let digest = RunSummary::new(plan, results);
    let verdicts = verdicts(plan, results, &digest);
    let worst: Vec<_> = verdicts.iter().map(|v| (v.block, v.worst_year.0)).collect();
    let headlines = headlines(plan, results, &digest, &worst);
    let report = report::build(plan, results, &digest, &verdicts, &headlines);
    let mut files = vec![folder.write("summary.csv", tidy::summary_csv(plan, &digest).as_bytes())?];
    files.push(folder.write("dictionary.csv", dictionary::csv(plan).as_bytes())?);
    files.push(folder.write_with("summary.parquet", |to| parquet::summary(plan, results, &digest, to))?);
    files.extend(pages::write(folder, RecordKind::Run, &report, language)?);
    if !plan.observed.is_empty() {
        files.push(folder.write("observed.csv", tidy::observed_csv(plan, results).as_bytes())?);
    }
    if wanted.replications {
        files.push(folder.write_with("replications.parquet", |to| parquet::replications(plan, results, to))?);
    }
    let inputs = kept::copy(folder, &scenario.files)?;
    if interrupt::asked() {
        return Err(text!("stopped before anything was written", "已停止，未写入任何文件"));
    }
    let manifest = Manifest::new(plan, results, (inputs, folder.names()), machine).to_json();
    files.push(folder.seal(manifest.as_bytes())?);
    if wanted.json {
        return Ok(json::ran(plan, &verdicts, results.replications(), &files, language));
    }
    Ok(pages::in_short(RecordKind::Run, &report, language) + &pages::list(&files, language))
}

/// How many replications the precision asked for has taken, and whether it was reached.
fn precision_reached(plan: &Plan, results: &Results, asked: f64, language: Language) -> String {
    let verdicts = verdicts(plan, results, &RunSummary::for_verdicts(plan, results));
    let (error, asked) = (100.0 * largest_error(plan, results, &verdicts), 100.0 * asked);
    let n = results.replications();
    let said = if error <= asked {
        text!(
            "{n} replications: the risks stated are within {error:.2} points (standard error; asked {asked:.2}).",
            "共 {n} 次模拟：所述不足概率的标准误不超过 {error:.2} 个百分点（要求 {asked:.2}）。"
        )
    } else {
        text!(
            "{n} replications were not enough: the risks stated have a standard error of up to {error:.2} points \
             (asked {asked:.2}); give more with --replications.",
            "{n} 次模拟仍不够：所述不足概率的标准误最大为 {error:.2} 个百分点（要求 {asked:.2}）；请用 --replications 增加次数。"
        )
    };
    format!("{}\n\n", said.get(language))
}
