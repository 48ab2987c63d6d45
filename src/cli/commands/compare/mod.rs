//! `civicap compare`: what changes from one plan to others, how sure that is, and what moved it.

mod explain;
mod member;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::Serialize;

use self::member::{Entry, Numbers, resolve};
use super::{complain, failed, say};
use crate::cli::args::OutputArgs;
use crate::cli::manifest::{Earlier, Machine};
use crate::cli::output::RunFolder;
use crate::cli::progress::Runs;
use crate::cli::{exit, interrupt, json, pages};
use crate::language::{Language, Text};
use crate::report::record::RecordKind;
use crate::report::{self, Compared, Member, Origin, Versus, tidy_comparison};
use crate::run::{Results, RunOptions, simulate};
use crate::scenario::{Plan, changes};
use crate::study::RunSummary;
use crate::study::comparison::{Actuals, Counted, Recorded, Side, common_years, compare as difference, headlines};
use crate::text;

/// Options of `compare`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Scenario files (.toml) or folders of finished runs; the first is the baseline
    #[arg(required = true, num_args = 2..)]
    pub plans: Vec<PathBuf>,
    /// Replications of each plan [default: those of the first finished run, otherwise 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub replications: Option<u32>,
    /// Seed of all randomness [default: that of the first finished run, otherwise 1]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Threads; 0 for one a core
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub threads: u16,
    /// Switch groups of changed inputs one after another, to say what moved each verdict; one more run for each group
    #[arg(long)]
    pub explain: bool,
    /// Folder for the results [default: runs/compare-<names>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace earlier results in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// Print what changes as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// Longest default name of a folder, in characters.
const LONGEST_NAME: usize = 80;

/// An exit code with what to say, or nothing when it was said already.
type Failed = (u8, Option<Text>);

/// `civicap compare`.
pub(crate) fn compare(options: &Options) -> u8 {
    let language = options.voice.language();
    match dispatch(options, language) {
        Ok(said) => {
            if !options.voice.quiet {
                say(&said);
            }
            exit::SUCCESS
        }
        Err((code, Some(failure))) => complain(&failure, language, code),
        Err((code, None)) => code,
    }
}

fn dispatch(options: &Options, language: Language) -> Result<String, Failed> {
    let began = Instant::now();
    let mut entries = Vec::with_capacity(options.plans.len());
    for typed in &options.plans {
        let entry = resolve(typed, language, options.voice.quiet).map_err(|failure| (exit::BAD_INPUT, failure))?;
        entries.push(entry);
    }
    tell_apart(&mut entries);
    in_common(&entries)?;
    let out = options.out.clone().unwrap_or_else(|| {
        let names: Vec<&str> = entries.iter().map(|e| e.member.name.as_str()).collect();
        let name: String = format!("compare-{}", names.join("-")).chars().take(LONGEST_NAME).collect();
        PathBuf::from("runs").join(name)
    });
    let folder = RunFolder::claim(&out, options.overwrite).map_err(|(code, failure)| (code, Some(failure)))?;
    let compared = Study::new(options, &entries, language).run(&entries).inspect_err(|_| folder.abandon())?;
    let machine = Machine::now(usize::from(options.threads), began, &options.plans[0]);
    deliver(&compared, &entries, machine, &folder, (language, options.json)).map_err(|failure| {
        folder.abandon();
        (exit::FAILURE, Some(failure))
    })
}

/// Names and labels that are the same twice get a number.
fn tell_apart(entries: &mut [Entry]) {
    for i in 1..entries.len() {
        let (before, rest) = entries.split_at_mut(i);
        let member = &mut rest[0].member;
        let number = i + 1;
        if before.iter().any(|e| e.member.name == member.name) {
            member.name = format!("{}-{number}", member.name);
        }
        if before.iter().any(|e| e.member.label == member.label) {
            let (en, zh) = (&member.label.en, &member.label.zh);
            member.label = text!("{en} ({number})", "{zh}（{number}）");
        }
    }
}

fn years_of(entry: &Entry) -> (i32, i32) {
    match &entry.numbers {
        Numbers::Plan(plan, _) => (plan.shown_from, plan.site.end),
        Numbers::Summary(recorded) => recorded.years(),
    }
}

/// Every plan must share years with the first.
fn in_common(entries: &[Entry]) -> Result<(), Failed> {
    let a = years_of(&entries[0]);
    for entry in &entries[1..] {
        let b = years_of(entry);
        if a.0.max(b.0) > a.1.min(b.1) {
            let (file, a0, a1, b0, b1) = (&entry.member.file, a.0, a.1, b.0, b.1);
            let said = text!(
                "{file} shows {b0}-{b1}, the baseline {a0}-{a1}: they have no year in common",
                "{file} 的年份为 {b0}–{b1}，基准方案为 {a0}–{a1}，没有共同年份"
            );
            return Err((exit::BAD_INPUT, Some(said)));
        }
    }
    Ok(())
}

/// The simulations of a comparison: one seed, one number of replications, one bar.
struct Study {
    asked: RunOptions,
    explain: bool,
    bar: Runs,
    language: Language,
}

/// A plan with what came of it, or the summary of a finished run.
enum Ran<'e> {
    Simulated(&'e Plan, Results, RunSummary),
    Recorded(&'e Recorded),
}

impl Ran<'_> {
    fn side(&self) -> Side<'_> {
        match self {
            Self::Simulated(plan, results, digest) => Side::Simulated(plan, results, digest),
            Self::Recorded(recorded) => Side::Recorded(recorded),
        }
    }
}

impl Study {
    fn new(options: &Options, entries: &[Entry], language: Language) -> Self {
        let earlier = entries.iter().find_map(|e| e.earlier.as_ref());
        let replications = options.replications.or(earlier.map(|e| e.replications)).unwrap_or(1_000) as usize;
        let seed = options.seed.or(earlier.map(|e| e.seed)).unwrap_or(1);
        let asked = RunOptions { replications, seed, threads: usize::from(options.threads) };
        let simulated = entries.iter().filter(|e| e.member.origin.is_simulated()).count();
        let bar = Runs::new(replications * simulated, language, options.voice.quiet);
        Self { asked, explain: options.explain, bar, language }
    }

    fn run(&self, entries: &[Entry]) -> Result<Compared, Failed> {
        let (first, others) = entries.split_first().expect("invariant: two plans at least are named");
        let baseline = self.ran(first)?;
        let mut compared = Compared {
            baseline: self.member(first, &baseline),
            others: Vec::with_capacity(others.len()),
            seed: self.asked.seed,
            replications: self.asked.replications,
        };
        for entry in others {
            let ran = self.ran(entry)?;
            compared.others.push(self.versus((first, &baseline), (entry, &ran))?);
        }
        self.bar.finish();
        Ok(compared)
    }

    fn ran<'e>(&self, entry: &'e Entry) -> Result<Ran<'e>, Failed> {
        match &entry.numbers {
            Numbers::Plan(plan, _) => {
                self.bar.now(entry.member.label.get(self.language));
                self.simulated(plan).map(|(results, digest)| Ran::Simulated(plan, results, digest))
            }
            Numbers::Summary(recorded) => Ok(Ran::Recorded(recorded)),
        }
    }

    /// The plan with how far it is from the finished run that it repeats.
    fn member(&self, entry: &Entry, ran: &Ran<'_>) -> Member {
        let as_then = |e: &Earlier| e.seed == self.asked.seed && e.replications as usize == self.asked.replications;
        let recorded = entry.recorded.as_ref().filter(|_| entry.earlier.as_ref().is_some_and(as_then));
        let drift = match (ran, recorded) {
            (Ran::Simulated(plan, _, digest), Some(recorded)) => Some(recorded.drift(plan, digest)),
            _ => None,
        };
        Member { drift, ..entry.member.clone() }
    }

    fn simulated(&self, plan: &Plan) -> Result<(Results, RunSummary), Failed> {
        let results = simulate(plan, self.asked, &self.bar, interrupt::watch())
            .map_err(|failure| (exit::FAILURE, Some(failed(&failure))))?;
        let digest = RunSummary::new(plan, &results);
        Ok((results, digest))
    }

    fn versus(&self, a: (&Entry, &Ran<'_>), b: (&Entry, &Ran<'_>)) -> Result<Versus, Failed> {
        let (before, after) = (a.1.side(), b.1.side());
        let years = common_years(before, after).expect("invariant: years in common were looked for");
        let comparison = difference(before, after, years);
        let headlines = headlines(&comparison);
        // A file whose faults were not shown has none: both were loaded before.
        let differing = a.0.file.as_deref().zip(b.0.file.as_deref()).and_then(|(a, b)| changes(a, b).ok());
        let steps = match &differing {
            Some(differing) if self.explain => explain::steps(self, (&comparison, &headlines), differing, a, b)?,
            _ => Vec::new(),
        };
        Ok(Versus {
            member: self.member(b.0, b.1),
            actuals: Actuals::of(&comparison),
            counted: counted_since(a.1, b.1),
            same_frame: same_frame(a.1, b.1),
            comparison,
            headlines,
            changes: differing,
            steps,
        })
    }
}

/// What the second plan has observed and the first has not, as the first foresaw it.
fn counted_since(a: &Ran<'_>, b: &Ran<'_>) -> Vec<Counted> {
    match (a, b) {
        (Ran::Simulated(plan, results, _), Ran::Simulated(after, ..)) => Counted::since((plan, results), after),
        _ => Vec::new(),
    }
}

/// Whether both plans draw for the same areas from the same year on.
fn same_frame(a: &Ran<'_>, b: &Ran<'_>) -> bool {
    match (a, b) {
        (Ran::Simulated(a, ..), Ran::Simulated(b, ..)) => {
            a.site.first_year == b.site.first_year && a.site.area_ids() == b.site.area_ids()
        }
        _ => false,
    }
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    kind: &'static str,
    civicap: &'static str,
    plans: Vec<Plans<'a>>,
    seed: u64,
    replications: usize,
    files: Vec<String>,
    run: Machine,
}

#[derive(Serialize)]
struct Plans<'a> {
    name: &'a str,
    file: &'a str,
    scenario_hash: Option<&'a str>,
    numbers: &'static str,
    /// Version that made the finished run, when it is one.
    civicap: Option<&'a str>,
}

fn plans(entries: &[Entry]) -> Vec<Plans<'_>> {
    entries
        .iter()
        .map(|entry| Plans {
            name: &entry.member.name,
            file: &entry.member.file,
            scenario_hash: match &entry.numbers {
                Numbers::Plan(plan, _) => Some(&plan.hash),
                Numbers::Summary(_) => entry.earlier.as_ref().map(|e| e.scenario_hash.as_str()),
            },
            numbers: match entry.member.origin {
                Origin::Simulated => "simulated",
                Origin::Again => "simulated again",
                Origin::Kept => "simulated again (inputs kept with the run)",
                Origin::SummaryOfChanged => "summary (scenario changed)",
                Origin::SummaryOfMissing => "summary (scenario missing)",
            },
            civicap: entry.earlier.as_ref().map(|e| e.civicap.as_str()),
        })
        .collect()
}

fn deliver(
    compared: &Compared,
    entries: &[Entry],
    machine: Machine,
    folder: &RunFolder,
    (language, as_json): (Language, bool),
) -> Result<String, Text> {
    let report = report::comparison(compared);
    let mut files = vec![folder.write("comparison.csv", tidy_comparison::comparison_csv(compared).as_bytes())?];
    files.extend(pages::write(folder, RecordKind::Comparison, &report, language)?);
    let manifest = Manifest {
        format: 1,
        kind: "comparison",
        civicap: env!("CARGO_PKG_VERSION"),
        plans: plans(entries),
        seed: compared.seed,
        replications: compared.replications,
        files: folder.names(),
        run: machine,
    };
    let manifest = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    files.push(folder.seal(manifest.as_bytes())?);
    if as_json {
        return Ok(json::compared(compared, &files, language));
    }
    Ok(pages::in_short(RecordKind::Comparison, &report, language) + &pages::list(&files, language))
}
