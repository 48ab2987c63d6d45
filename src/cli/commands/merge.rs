//! `civicap merge`: the run that its shards make together.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::{run, shard};
use crate::cli::bilingual::both;
use crate::cli::loading::{Shown, sound};
use crate::cli::manifest::Machine;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::read_plain;
use crate::cli::setting_args::SettingArgs;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{memory, values, visible};
use crate::run::{ShardError, ShardResults};
use crate::text;

/// Largest shard that is read, in bytes.
const LARGEST: u64 = 64 << 30;

/// Options of `merge`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The scenario file that the shards were made from", "各部分所用的方案文件"))]
    pub file: PathBuf,
    #[arg(required = true, help = both("The shards, or folders of them, in any order", "各部分的文件或所在文件夹，次序不限"))]
    pub shards: Vec<PathBuf>,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, value_name = "DIR", help = both("Folder for the results [default: runs/<scenario name>]",
        "结果文件夹 [默认：runs/<方案名>]"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace the results of an earlier run in the folder", "替换文件夹中原有的结果"))]
    pub overwrite: bool,
    #[arg(long, help = both("Also write every value of every replication, as replications.parquet",
        "另存每次模拟的全部数值（replications.parquet）"))]
    pub keep_replications: bool,
    #[arg(long, help = both("Print the verdicts (or the faults of the scenario) as JSON", "以 JSON 输出结论（或方案的错误）"))]
    pub json: bool,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap merge`.
pub(crate) fn merge(options: &Options) -> Done {
    let language = options.output.language();
    let shown = Shown { language, quiet: options.output.quiet, json: options.json };
    let scenario = sound(&options.file, options.setting.request(), shown)?;
    let plan = &scenario.plan;
    let began = Instant::now();
    let files = listed(&options.shards)?;
    let mut parts = Vec::with_capacity(files.len());
    for file in &files {
        let bytes = read_plain(file, LARGEST).map_err(Failure::bad_input)?;
        parts.push(ShardResults::from_bytes(&bytes).map_err(|error| refused(file, &error))?);
    }
    let replications = parts.iter().map(ShardResults::replications).sum();
    memory::ask(plan, &memory::Needs { replications, held_at_once: 2 })?;
    let results = ShardResults::together(plan, &parts).map_err(|(at, error)| refused(&files[at], &error))?;
    drop(parts);
    let wanted = run::Wanted { replications: options.keep_replications, json: options.json, language };
    let out = options.out.clone().unwrap_or_else(|| run::default_folder(plan));
    let mut folder = run::claim(&scenario, &out, options.overwrite.into(), wanted)?;
    let said = run::deliver(&scenario, &results, &Machine::now(began, &options.file), &mut folder, wanted)?;
    if options.output.quiet { Ok(()) } else { print(&said) }
}

/// The files that were named, and those of the folders that were.
fn listed(named: &[PathBuf]) -> Done<Vec<PathBuf>> {
    let mut files = Vec::with_capacity(named.len());
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut inside: Vec<PathBuf> =
            entries.filter(|file| file.extension().is_some_and(|it| it == shard::ENDING)).collect();
        if inside.is_empty() {
            let shown = visible::path(path);
            return Err(Failure::bad_input(text!(
                "the folder {shown} holds no shards\nhelp: name the folder that `civicap run --shard I/N` wrote to, or the files",
                "文件夹 {shown} 中没有分部结果\n改法：请指定 `civicap run --shard I/N` 的输出文件夹，或其中的文件"
            )));
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

fn refused(file: &Path, error: &ShardError) -> Failure {
    let shown = visible::path(file);
    let zh = in_chinese(error);
    Failure::bad_input(text!(
        "{shown}: {error}\nhelp: make the shards anew with `civicap run FILE --shard I/N`, all with the same scenario, seed, \
         replications and version, and give each once",
        "{shown}：无法合并：{zh}\n改法：用 `civicap run 文件 --shard I/N` 重新生成各部分，方案、种子、模拟次数和版本须一致，每部分只给一次"
    ))
}

fn in_chinese(error: &ShardError) -> String {
    match error {
        ShardError::Damaged => "不是分部结果文件，或已损坏".to_owned(),
        ShardError::Another(_) => "方案、种子、模拟次数或版本与其他部分不同".to_owned(),
        ShardError::Missing { from, to } => format!("缺少第 {from} 至 {to} 次模拟"),
        ShardError::Twice(number) => format!("第 {number} 次模拟重复"),
    }
}
