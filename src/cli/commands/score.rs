//! `civicap score`: a finished run held against what was counted since.
//!
//! The run is made again from its inputs, so that every count meets all replications and not a few quantiles. It is the
//! comparison of `[observed]`, with the table named on the command line.

use std::path::PathBuf;

use clap::Args;

use super::compare::member::{Numbers, resolve};
use crate::cli::bilingual::both;
use crate::cli::loading::{Shown, failed};
use crate::cli::output_args::OutputArgs;
use crate::cli::progress::Runs;
use crate::cli::run_folder::SingleFile;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{diagnostics, interrupt, json, memory, terminal_width, values, visible};
use crate::language::Language;
use crate::report::{terminal, tidy};
use crate::run::{RunOptions, simulate};
use crate::scenario::{ObservedSet, Plan, Request, read_observed};
use crate::text;

/// Options of `score`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The folder of a finished run, or a scenario file (.toml)", "已完成运行的文件夹，或方案文件（.toml）"))]
    pub run: PathBuf,
    #[arg(help = both(
        "Table of what was counted (.csv): service, stage, metric, area, year, value, as in summary.csv",
        "实际统计表（.csv）：service、stage、metric、area、year、value，写法同 summary.csv"))]
    pub observed: PathBuf,
    #[arg(long, value_name = "N", value_parser = values::replications, allow_negative_numbers = true, help = both(
        "Replications [default: those of the finished run, otherwise 1000]", "模拟次数 [默认：与已完成的运行相同，否则 1000]"))]
    pub replications: Option<u32>,
    #[arg(long, value_parser = values::seed, allow_negative_numbers = true, help = both(
        "Seed of all randomness [default: that of the finished run, otherwise 1]", "随机种子 [默认：与已完成的运行相同，否则 1]"))]
    pub seed: Option<u64>,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, value_name = "FILE", help = both("File for a row of scores for each count (.csv)", "逐项得分文件（.csv）"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace an earlier file of scores", "替换原有的得分文件"))]
    pub overwrite: bool,
    #[arg(long, help = both("Print the scores as JSON", "以 JSON 输出得分"))]
    pub json: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap score`.
pub(crate) fn score(options: &Options) -> Done {
    let language = options.output.language();
    let entry =
        resolve(&options.run, &Request::default(), Shown { language, quiet: options.output.quiet, json: false })?;
    let Numbers::Plan(plan, _) = &entry.numbers else {
        let file = &entry.member.file;
        return Err(Failure::bad_input(text!(
            "the inputs of the run in {file} are gone or were changed, so that it cannot be made again\nhelp: bring back its scenario as it was, or score the scenario file itself",
            "{file} 中该次运行的输入已缺失或被改动，无法重新运行\n改法：恢复原方案，或直接对方案文件评分"
        )));
    };
    let sets = [counted(options, plan)?];
    let run = RunOptions {
        replications: options.replications.or(entry.earlier.as_ref().map(|e| e.replications)).unwrap_or(1_000) as usize,
        seed: options.seed.or(entry.earlier.as_ref().map(|e| e.seed)).unwrap_or(1),
        threads: 0,
    };
    memory::ask(plan, &memory::Needs { replications: run.replications, held_at_once: 1 })?;
    let reads: Vec<_> = entry.reads.iter().chain([&options.observed]).map(PathBuf::as_path).collect();
    let claim = |path: &PathBuf| SingleFile::claim_table(path, &reads, options.overwrite);
    let claimed = options.out.as_ref().map(claim).transpose()?;
    let bar = Runs::new(run.replications, language, options.output.quiet);
    let results = simulate(plan, run, &bar, interrupt::watch()).map_err(|failure| failed(&failure))?;
    bar.finish();
    let mut said = if options.json {
        json::scored(plan, &results, &sets)
    } else {
        terminal::against(plan, &results, &sets, language, terminal_width::width())
    };
    if let Some(file) = claimed {
        let table = tidy::observed_csv(plan, &results, &sets);
        let written = file.write(table.as_bytes()).map_err(Failure::failed)?;
        if !options.json {
            said.push_str(&format!("\n  {}\n", visible::path(&written)));
        }
    }
    if options.output.quiet { Ok(()) } else { print(&said) }
}

/// What was counted, or the failure after the faults of its table were shown.
fn counted(options: &Options, plan: &Plan) -> Done<ObservedSet> {
    let language: Language = options.output.language();
    let read = read_observed(&options.observed, &plan.site, &plan.catalogue);
    if !read.diagnostics.list.is_empty() {
        diagnostics::show(&read.diagnostics, language);
    }
    let set = read.set.ok_or_else(Failure::shown)?;
    if set.rows.is_empty() {
        let file = visible::path(&options.observed);
        return Err(Failure::bad_input(text!(
            "{file} holds no count\nhelp: give a row for each number, with service, stage, metric, area, year and value",
            "{file} 中没有统计数\n改法：每个数一行，给出 service、stage、metric、area、year、value"
        )));
    }
    Ok(set)
}
