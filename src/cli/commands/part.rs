//! `civicap run --part I/N` and `civicap merge`: a run made on several machines.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::{complain, run, say, sound, stopped};
use crate::cli::args::OutputArgs;
use crate::cli::manifest::Machine;
use crate::cli::output::{RunFolder, in_words, write_new};
use crate::cli::progress::Bar;
use crate::cli::{exit, interrupt};
use crate::language::{Language, Text};
use crate::run::{Part, PartError, RunOptions, simulate_range};
use crate::scenario::{Plan, Request};
use crate::text;

/// One part of several, as typed: `2/7`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    part: usize,
    of: usize,
}

/// Options of `merge`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The scenario file that the parts were made from
    pub file: PathBuf,
    /// The parts, in any order
    #[arg(required = true)]
    pub parts: Vec<PathBuf>,
    /// Folder for the results [default: runs/<scenario name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results of an earlier run in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// Also write every value of every replication, as replications.parquet
    #[arg(long)]
    pub keep_replications: bool,
    /// Print the verdicts (or the faults of the scenario) as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

impl Share {
    /// Replications of this part of `all`.
    pub(crate) fn replications(self, all: usize) -> usize {
        Part::range(self.part, self.of, all).len()
    }
}

/// Reads `2/7`.
pub(crate) fn share(typed: &str) -> Result<Share, String> {
    let wrong = || format!("`{typed}` is not a part of a run; write 2/7 for the second of seven");
    let (part, of) = typed.split_once('/').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
    let share = Share { part: number(part)?, of: number(of)? };
    (1..=share.of).contains(&share.part).then_some(share).filter(|s| s.of <= 50_000).ok_or_else(wrong)
}

/// `civicap run --part`: simulates the replications of one part and writes them to one file.
pub(crate) fn make(plan: &Plan, options: &run::Options, share: Share, language: Language) -> u8 {
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-parts", plan.name)));
    let folder = match RunFolder::claim(&folder, false) {
        Ok(folder) => folder,
        Err((code, failure)) => return complain(&failure, language, code),
    };
    let replications = options.most_replications() as usize;
    let asked = RunOptions { replications, seed: options.seed, threads: usize::from(options.threads) };
    let range = Part::range(share.part, share.of, replications);
    let bar = Bar::new(plan, range.len(), options, language);
    let results = simulate_range(plan, range.clone(), asked, &bar, interrupt::watch());
    bar.finish();
    let name = format!("part-{}-of-{}.civicap", share.part, share.of);
    let written = results.map_err(|failure| stopped(&failure, &bar, &folder)).and_then(|results| {
        let part = Part::new(plan, &results, &range, replications);
        let bytes = part.to_bytes().map_err(|failure| Text::name(failure.to_string()))?;
        write_new(folder.path(), &name, &bytes)
    });
    match written {
        Ok(file) => {
            if !options.voice.quiet {
                say(&format!("{}\n", file.display()));
            }
            exit::SUCCESS
        }
        Err(failure) => complain(&failure, language, exit::FAILURE),
    }
}

/// `civicap merge`: the run that the parts make together.
pub(crate) fn merge(options: &Options) -> u8 {
    let language = options.voice.language();
    let Some(scenario) = sound(&options.file, Request::default(), language, options.voice.quiet, options.json) else {
        return exit::BAD_INPUT;
    };
    let plan = &scenario.plan;
    let began = Instant::now();
    let mut parts = Vec::with_capacity(options.parts.len());
    for (i, file) in options.parts.iter().enumerate() {
        let shown = file.display();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(reason) => {
                let reason = in_words(&reason);
                let (en, zh) = (&reason.en, &reason.zh);
                let failure = text!("cannot read {shown}: {en}", "无法读取 {shown}：{zh}");
                return complain(&failure, language, exit::BAD_INPUT);
            }
        };
        match Part::from_bytes(&bytes) {
            Ok(part) => parts.push(part),
            Err(error) => return refuse(options, i, &error, language),
        }
    }
    let results = match Part::together(plan, &parts) {
        Ok(results) => results,
        Err((i, error)) => return refuse(options, i, &error, language),
    };
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(&plan.name));
    let folder = match RunFolder::claim(&out, options.overwrite) {
        Ok(folder) => folder,
        Err((code, failure)) => return complain(&failure, language, code),
    };
    let wanted = run::Wanted { replications: options.keep_replications, json: options.json };
    match run::deliver(&scenario, &results, Machine::now(0, began, &options.file), &folder, (language, wanted)) {
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

fn refuse(options: &Options, part: usize, error: &PartError, language: Language) -> u8 {
    let shown = options.parts.get(part).map(|file| file.display().to_string()).unwrap_or_default();
    let zh = in_chinese(error);
    let failure = text!(
        "{shown}: {error}\nhelp: make the parts anew with `civicap run FILE --part I/N`, all with the same scenario, seed, \
         replications and version, and give each once",
        "{shown}：无法合并：{zh}\n改法：用 `civicap run 文件 --part I/N` 重新生成各部分，方案、种子、模拟次数和版本须一致，每部分只给一次"
    );
    complain(&failure, language, exit::BAD_INPUT)
}

fn in_chinese(error: &PartError) -> String {
    match error {
        PartError::Damaged => "不是分部结果文件，或已损坏".to_owned(),
        PartError::Another(_) => "方案、种子、模拟次数或版本与其他部分不同".to_owned(),
        PartError::Missing { from, to } => format!("缺少第 {from} 至 {to} 次模拟"),
        PartError::Twice(number) => format!("第 {number} 次模拟重复"),
    }
}
