//! `civicap run`: resolve, read, simulate, build, write.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Args;

use super::{complain, plan_of, say};
use crate::cli::args::Voice;
use crate::cli::exit;
use crate::cli::manifest::{Machine, Manifest};
use crate::cli::output::{MANIFEST, RunFolder};
use crate::cli::progress::Bar;
use crate::language::{Language, Text};
use crate::report::{self, html, terminal, tidy};
use crate::run::{Results, RunOptions, simulate};
use crate::scenario::{Plan, Request};
use crate::study::{Digest, headlines, verdicts};

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// Number of replications; pairs of them share one path of the uncertain inputs
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: u32,
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

fn years(typed: &str) -> Result<(i32, i32), String> {
    let wrong = || format!("`{typed}` is not a range of years; write 2024..2035");
    let (from, to) = typed.split_once("..").ok_or_else(wrong)?;
    let year = |text: &str| text.parse::<i32>().ok().filter(|y| (1900..=2200).contains(y)).ok_or_else(wrong);
    Ok((year(from)?, year(to.trim_start_matches('='))?))
}

/// `civicap run`.
pub(crate) fn run(options: &Options) -> u8 {
    let language = options.voice.language();
    let request = Request { years: options.years };
    let Some(plan) = plan_of(&options.file, request, language, options.voice.quiet) else { return exit::BAD_INPUT };
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(&plan.name));
    let folder = match RunFolder::claim(&out, options.overwrite) {
        Ok(folder) => folder,
        Err((code, failure)) => return complain(&failure, language, code),
    };
    let bar = Bar::new(options.replications as usize, language, options.voice.quiet);
    let asked = RunOptions {
        replications: options.replications as usize,
        seed: options.seed,
        threads: usize::from(options.threads),
    };
    let began = Instant::now();
    let results = simulate(&plan, asked, &bar, &AtomicBool::new(false));
    bar.finish();
    let results = match results {
        Ok(results) => results,
        Err(failure) => return complain(&Text::name(failure.to_string()), language, exit::FAILURE),
    };
    let machine = Machine {
        threads: if asked.threads == 0 { rayon::current_num_threads() } else { asked.threads },
        wall_seconds: began.elapsed().as_secs_f64(),
        finished_unix: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs()),
    };
    match deliver(&plan, &results, machine, &folder, language) {
        Ok(said) => {
            if !options.voice.quiet {
                say(&said);
            }
            exit::SUCCESS
        }
        Err(failure) => complain(&failure, language, exit::FAILURE),
    }
}

/// Summarises, writes every file, and returns what the terminal shows.
fn deliver(
    plan: &Plan,
    results: &Results,
    machine: Machine,
    folder: &RunFolder,
    language: Language,
) -> Result<String, Text> {
    let digest = Digest::new(plan, results);
    let verdicts = verdicts(plan, results, &digest);
    let worst: Vec<_> = verdicts.iter().map(|v| (v.block, v.worst_year.0)).collect();
    let headlines = headlines(plan, results, &digest, &worst);
    let manifest = Manifest::new(plan, results, machine).to_json();
    let report = report::build(plan, results, &digest, &verdicts, &headlines);
    folder.void()?;
    let mut files = vec![folder.write("summary.csv", tidy::summary_csv(plan, &digest).as_bytes())?];
    files.push(folder.write("report.html", html::render(&report, language).as_bytes())?);
    files.push(folder.write(MANIFEST, manifest.as_bytes())?);
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut said = terminal::verdicts(&report, language, colour);
    said.push_str(match language {
        Language::En => "\nfiles:\n",
        Language::Zh => "\n文件：\n",
    });
    for file in files {
        said.push_str(&format!("  {}\n", file.display()));
    }
    Ok(said)
}
