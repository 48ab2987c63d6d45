//! One function for each command: resolve, read, simulate, build, write.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::args::{Check, Run};
use super::manifest::{Machine, Manifest};
use super::output::{MANIFEST, RunFolder};
use super::progress::Bar;
use super::{exit, faults};
use crate::language::{Language, Text};
use crate::report::{self, html, terminal, tidy};
use crate::run::{Results, RunOptions, simulate};
use crate::scenario::{Plan, Request, load};
use crate::study::{Digest, headlines, verdicts};

/// `civicap run`.
pub(super) fn run(options: &Run) -> u8 {
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
    if !plan.observed.is_empty() {
        files.push(folder.write("observed.csv", tidy::observed_csv(plan, results).as_bytes())?);
    }
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

/// `civicap check`.
pub(super) fn check(options: &Check) -> u8 {
    let language = options.voice.language();
    match plan_of(&options.file, Request::default(), language, options.voice.quiet) {
        Some(plan) => {
            if !options.voice.quiet {
                say(&report::understood(&plan, language));
            }
            exit::SUCCESS
        }
        None => exit::BAD_INPUT,
    }
}

/// The plan of a scenario, or `None` with its faults shown.
fn plan_of(file: &Path, request: Request, language: Language, quiet: bool) -> Option<Plan> {
    let loaded = load(file, request);
    let worth_saying = loaded.diagnostics.has_errors() || (!quiet && !loaded.diagnostics.list.is_empty());
    if worth_saying {
        faults::show(&loaded.diagnostics, language);
    }
    loaded.plan
}

fn complain(failure: &Text, language: Language, code: u8) -> u8 {
    let _ = writeln!(std::io::stderr(), "civicap: {}", failure.get(language));
    code
}

fn say(text: &str) {
    // A closed pipe (`civicap run ... | head`) is no failure of the run.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
