//! `civicap projects`: what each building project is worth, all of them against all but that one; or what a few more places
//! are worth, at one place after the other.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use super::{complain, failed, heard, plan_of, say};
use crate::cli::args::OutputArgs;
use crate::cli::manifest::Machine;
use crate::cli::output::RunFolder;
use crate::cli::progress::Runs;
use crate::cli::{exit, interrupt, json, pages};
use crate::language::{Language, Text};
use crate::report::record::RecordKind;
use crate::report::{self, tidy_comparison};
use crate::run::{RunOptions, simulate};
use crate::scenario::{Plan, Request, load_grown, load_without};
use crate::services::service::ExpandableCapacity;
use crate::study::projects::{Outcome, ProjectValue, Subject, value};

/// Options of `projects`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file (.toml)
    pub file: PathBuf,
    /// Replications of each run; there is one run for the plan and one for each project
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: u32,
    /// Instead of projects: what N more places (beds of a specialty in a tier) are worth, at one place at a time [default: 1]
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub more_places: Option<u32>,
    /// Seed of all randomness
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
    /// Folder for the results [default: runs/<scenario name>-projects, or -more-places]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace earlier results in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// Print what each project is worth as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    kind: &'static str,
    civicap: &'static str,
    scenario: &'a str,
    scenario_hash: &'a str,
    seed: u64,
    replications: u32,
    projects: Vec<&'a str>,
    files: Vec<String>,
    run: Machine,
}

const NO_PROJECT: Text = Text::new(
    "this plan carries out no project\nhelp: add [projects.<name>] to the scenario, or take names out of `exclude_projects`",
    "本方案没有实施任何项目\n改法：在方案中加入 [projects.<名称>]，或从 exclude_projects 中删去项目名",
);

const NOTHING_GROWS: Text = Text::new(
    "this plan has no places that can be given more\nhelp: --more-places adds beds by specialty and tier; give [health] a table of beds (`supply`)",
    "本方案没有可增加的位子\n改法：--more-places 按专科与层级增加床位；请在 [health] 中给出床位表（supply）",
);

/// What is to be valued.
enum Asked {
    /// A project of the plan, which is left out.
    Project(usize),
    /// So many more of some places of a service.
    More(&'static str, ExpandableCapacity, u32),
}

/// Every project that is carried out, or all places that may be given `more`.
fn asked(plan: &Plan, more: Option<u32>) -> Vec<Asked> {
    let Some(more) = more else {
        let built = (0..plan.site.projects.len()).filter(|&project| !plan.site.projects[project].left_out);
        return built.map(Asked::Project).collect();
    };
    let growing = plan
        .services
        .iter()
        .flat_map(|(kind, service)| service.growing().into_iter().map(|growing| Asked::More(kind.name, growing, more)));
    growing.collect()
}

/// `civicap projects`.
pub(crate) fn projects(options: &Options) -> u8 {
    let language = options.voice.language();
    let Some(plan) = plan_of(&options.file, Request::default(), language, options.voice.quiet) else {
        return exit::BAD_INPUT;
    };
    let asked = asked(&plan, options.more_places);
    if asked.is_empty() {
        let none = if options.more_places.is_some() { NOTHING_GROWS } else { NO_PROJECT };
        return complain(&none, language, exit::BAD_INPUT);
    }
    let what = if options.more_places.is_some() { "more-places" } else { "projects" };
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-{what}", plan.name)));
    let folder = match RunFolder::claim(&out, options.overwrite) {
        Ok(folder) => folder,
        Err((code, failure)) => return complain(&failure, language, code),
    };
    let began = Instant::now();
    let values = match values(&plan, &asked, options, language) {
        Ok(values) => values,
        Err((code, failure)) => {
            folder.abandon();
            return complain(&failure, language, code);
        }
    };
    match deliver(&plan, &values, options, began, &folder) {
        Ok(said) => {
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

/// The plan once, then once without each project, or with more at each place.
fn values(
    plan: &Plan,
    asked: &[Asked],
    options: &Options,
    language: Language,
) -> Result<Vec<ProjectValue>, (u8, Text)> {
    let replications = options.replications as usize;
    let how = RunOptions { replications, seed: options.seed, threads: usize::from(options.threads) };
    let bar = Runs::new(replications * (asked.len() + 1), language, options.voice.quiet);
    let run = |plan: &Plan| {
        simulate(plan, how, &bar, interrupt::watch()).map_err(|failure| (exit::FAILURE, failed(&failure)))
    };
    bar.now(plan.label.get(language));
    let results = run(plan)?;
    let whole = Outcome { plan, results: &results };
    let mut values = Vec::with_capacity(asked.len());
    for asked in asked {
        let (subject, loaded) = match asked {
            Asked::Project(project) => {
                let subject = Subject::project(plan, *project);
                let loaded = load_without(&options.file, Request::default(), &subject.id);
                (subject, loaded)
            }
            Asked::More(service, growing, places) => {
                let loaded = load_grown(&options.file, Request::default(), service, growing, *places);
                (Subject::more(growing), loaded)
            }
        };
        bar.now(subject.label.get(language));
        // Warnings of the plan were shown already.
        let Some(other) = heard(loaded, language, true) else {
            bar.finish();
            return Err((exit::BAD_INPUT, Text::name(subject.id)));
        };
        let results = run(&other)?;
        let other = Outcome { plan: &other, results: &results };
        values.push(match asked {
            Asked::Project(_) => value(whole, other, subject),
            Asked::More(..) => value(other, whole, subject),
        });
    }
    bar.finish();
    Ok(values)
}

fn deliver(
    plan: &Plan,
    values: &[ProjectValue],
    options: &Options,
    began: Instant,
    folder: &RunFolder,
) -> Result<String, Text> {
    let language = options.voice.language();
    let report = report::projects(plan, values, (options.replications as usize, options.seed), options.more_places);
    let mut files = vec![folder.write("projects.csv", tidy_comparison::projects_csv(plan, values).as_bytes())?];
    files.extend(pages::write(folder, RecordKind::Projects, &report, language)?);
    let manifest = Manifest {
        format: 1,
        kind: "projects",
        civicap: env!("CARGO_PKG_VERSION"),
        scenario: &plan.name,
        scenario_hash: &plan.hash,
        seed: options.seed,
        replications: options.replications,
        projects: values.iter().map(|v| v.subject.id.as_str()).collect(),
        files: folder.names(),
        run: Machine::now(usize::from(options.threads), began, &options.file),
    };
    let manifest = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    files.push(folder.seal(manifest.as_bytes())?);
    if options.json {
        return Ok(json::projects(plan, values, &files, language));
    }
    Ok(pages::in_short(RecordKind::Projects, &report, language) + &pages::list(&files, language))
}
