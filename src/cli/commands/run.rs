//! `civicap run`: resolve, read, simulate, build, write.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::shard;
use crate::cli::bilingual::both;
use crate::cli::kept_rounds::KeptRounds;
use crate::cli::loading::{Shown, Sound, sound, stopped};
use crate::cli::manifest::{Machine, of_run};
use crate::cli::output_args::{OpenArgs, OutputArgs};
use crate::cli::progress::{self, Bar};
use crate::cli::run_folder::{Claim, MANIFEST, RunFolder, open_finished, safe_name};
use crate::cli::setting_args::SettingArgs;
use crate::cli::talk::{Done, Failure, print, remark};
use crate::cli::values::{self, Shard};
use crate::cli::{input_snapshot, interrupt, json as to_json, long_runs, memory, report_files};
use crate::language::{Language, Text};
use crate::report::report_json::RecordKind;
use crate::report::{self, dictionary, parquet, tidy};
use crate::run::{Results, RunOptions, resume};
use crate::scenario::{Plan, Request};
use crate::study::{RunSummary, headlines, largest_error, verdicts};
use crate::text;

/// Options of `run`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Options {
    #[arg(help = both("The scenario file (.toml)", "方案文件（.toml）"))]
    pub file: PathBuf,
    #[arg(long, value_name = "N", value_parser = values::replications, allow_negative_numbers = true, help = both(
        "Number of replications [default: 1000]; pairs of them share one path of the uncertain inputs",
        "模拟次数 [默认：1000]；每两次共用一组不确定输入的取值"))]
    pub replications: Option<u32>,
    #[arg(long, alias = "precision", value_name = "ERROR", value_parser = values::mcse, allow_negative_numbers = true, help = both(
        "Stop as soon as every stage's worst-year risk of shortage has a Monte Carlo standard error of at most this \
         (0.01 is one point); `--replications` is then the most to make [default: 10000]",
        "各学段（层级）最差年份不足概率的标准误都不超过此值时停止（0.01 即一个百分点）；此时 --replications 为次数上限 [默认：10000]"))]
    pub target_mcse: Option<f64>,
    #[arg(long, value_name = "I/N", value_parser = values::shard, conflicts_with = "target_mcse", help = both(
        "Make only shard I of N, for `civicap merge` to put together: several machines, the same bytes",
        "只做 N 份中的第 I 份，再由 `civicap merge` 合并：多台机器，结果逐字节相同"))]
    pub shard: Option<Shard>,
    #[arg(long, hide = true, value_name = "I/N", value_parser = values::shard, conflicts_with_all = ["target_mcse", "shard"],
        help = both("The same under its former name; the file is called as it was then", "同上（旧名）；文件名亦沿用旧名"))]
    pub part: Option<Shard>,
    #[arg(long, default_value_t = 1, value_parser = values::seed, allow_negative_numbers = true, help = both(
        "Seed of all randomness; the same seed gives the same numbers on any machine and any number of threads",
        "随机种子；种子相同，在任何机器、任何线程数下所得数字都相同 [默认：1]"))]
    pub seed: u64,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, value_name = "A..B", value_parser = values::years, allow_hyphen_values = true, help = both(
        "Years to show, within the scenario's horizon", "只显示这些年份，须在方案的年份之内，例如 2026..2030"))]
    pub years: Option<(i32, i32)>,
    #[arg(long, value_name = "DIR", help = both("Folder for the results [default: runs/<scenario name>]",
        "结果文件夹 [默认：runs/<方案名>]"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace results of another scenario, and files of other names, in the folder",
        "替换文件夹中其他方案的结果及同名文件"))]
    pub overwrite: bool,
    #[arg(long, conflicts_with_all = ["shard", "part"], help = both(
        "Go on from what a stopped or earlier run of the same scenario and seed has made, and leave the replications for a later \
         run with more (in DIR.replications): the same bytes as one run",
        "接着此前中断或已完成的运行（方案和种子相同）继续，并保留各次模拟供以后增加次数（存于 DIR.replications）；结果与一次运行逐字节相同"))]
    pub resume: bool,
    #[arg(long, conflicts_with_all = ["shard", "part"], help = both("Also write every value of every replication, as replications.parquet",
        "另存每次模拟的全部数值（replications.parquet）"))]
    pub keep_replications: bool,
    #[arg(long, help = both("Print the verdicts (or the faults of the scenario) as JSON", "以 JSON 输出结论（或方案的错误）"))]
    pub json: bool,
    #[command(flatten)]
    pub then: OpenArgs,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

impl Options {
    /// The shard that is to be made, and what its file is called: scripts of before look for the former name.
    fn shard_asked(&self) -> Option<(Shard, &'static str)> {
        self.shard.map(|shard| (shard, "shard")).or_else(|| self.part.map(|part| (part, "part")))
    }

    /// Replications to make, or the most to make until their error is small enough.
    fn most_replications(&self) -> usize {
        self.replications.unwrap_or(if self.target_mcse.is_some() { 10_000 } else { 1_000 }) as usize
    }
}

/// `civicap run`.
pub(crate) fn run(options: &Options) -> Done {
    let language = options.output.language();
    let request = Request { years: options.years, ..options.setting.request() };
    let shown = Shown { language, quiet: options.output.quiet, json: options.json };
    let scenario = sound(&options.file, request, shown)?;
    let plan = &scenario.plan;
    let replications = options.most_replications();
    let asked = RunOptions { replications, seed: options.seed, threads: 0 };
    if let Some((shard, word)) = options.shard_asked() {
        let out = options.out.clone();
        return shard::make(
            plan,
            &shard::Asked { run: asked, shard, word, out, quiet: options.output.quiet, language },
        );
    }
    memory::ask(plan, &memory::Needs { replications, held_at_once: 1 })?;
    long_runs::warn(plan, replications, language);
    let wanted = Wanted { replications: options.keep_replications, json: options.json, language };
    let out = options.out.clone().unwrap_or_else(|| default_folder(plan));
    let goes_on = options.resume && is_run_of(&out, plan, options.seed);
    let mut folder = claim(&scenario, &out, if goes_on { Earlier::GoesOn } else { options.overwrite.into() }, wanted)?;
    let quiet = options.output.quiet;
    let rounds = KeptRounds::of(&out, plan, options.seed, options.resume);
    if let Some(said) = rounds.remark().filter(|_| !quiet) {
        remark(&said, language);
    }
    let bar = Bar::new(plan, progress::Shown { replications, target_mcse: options.target_mcse, quiet, language });
    let began = Instant::now();
    let results = resume(plan, asked, &bar, &rounds, interrupt::watch());
    bar.finish();
    let results = results.map_err(|failure| stopped(&failure, &bar, Some((&folder, rounds.left()))))?;
    let machine = Machine::now(began, &options.file);
    let mut said = deliver(&scenario, &results, &machine, &mut folder, wanted)?;
    rounds.sealed();
    if let Some(asked) = options.target_mcse
        && !options.json
    {
        said.insert_str(0, &error_reached(plan, &results, asked, language));
    }
    if options.then.open {
        report_files::open(RecordKind::Run, &out)?;
    }
    if quiet { Ok(()) } else { print(&said) }
}

/// Where the results of a plan go when nothing else is asked for.
pub(super) fn default_folder(plan: &Plan) -> PathBuf {
    PathBuf::from("runs").join(safe_name(&plan.name))
}

/// Whether a folder holds a finished run of a plan under a seed, whatever its replications.
fn is_run_of(folder: &Path, plan: &Plan, seed: u64) -> bool {
    let manifest = open_finished(folder).ok().map(|run| run.manifest);
    manifest.is_some_and(|it| it["scenario_hash"].as_str() == Some(&plan.hash) && it["seed"].as_u64() == Some(seed))
}

/// What is to become of an earlier run in the folder.
#[derive(Clone, Copy, Debug)]
pub(super) enum Earlier {
    /// It stays, and the command is refused.
    Stays,
    /// It is replaced, and so are files of others that are in the way.
    Overwritten,
    /// It is the same run, with other replications, and is replaced.
    GoesOn,
}

impl From<bool> for Earlier {
    fn from(overwrite: bool) -> Self {
        if overwrite { Self::Overwritten } else { Self::Stays }
    }
}

/// What is wanted beside the files that every run leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The values of all replications.
    pub replications: bool,
    /// Verdicts as JSON in place of words.
    pub json: bool,
    /// The language.
    pub language: Language,
}

/// The names of files that a run leaves beside its pages and inputs.
mod names {
    pub(super) const SUMMARY: &str = "summary.csv";
    pub(super) const DICTIONARY: &str = "dictionary.csv";
    pub(super) const SUMMARY_PARQUET: &str = "summary.parquet";
    pub(super) const OBSERVED: &str = "observed.csv";
    pub(super) const REPLICATIONS: &str = "replications.parquet";
}

/// Claims a folder for the results of a scenario.
pub(super) fn claim(scenario: &Sound, out: &Path, earlier: Earlier, wanted: Wanted) -> Done<RunFolder> {
    let mut writes = [names::SUMMARY, names::DICTIONARY, names::SUMMARY_PARQUET, report_files::RECORD, MANIFEST]
        .map(str::to_owned)
        .to_vec();
    writes.extend(report_files::names(RecordKind::Run));
    if !scenario.plan.observed.is_empty() {
        writes.push(names::OBSERVED.to_owned());
    }
    if wanted.replications {
        writes.push(names::REPLICATIONS.to_owned());
    }
    writes.extend(input_snapshot::all_names(&scenario.files, &scenario.plan.settings));
    let overwrite = matches!(earlier, Earlier::Overwritten);
    let same = json!({ "kind": null, "scenario": scenario.plan.name });
    let claim = Claim { folder: out, overwrite, writes: &writes, reads: &scenario.paths(), same: Some(&same) };
    if matches!(earlier, Earlier::GoesOn) { RunFolder::claim_again(&claim) } else { RunFolder::claim(&claim) }
}

/// Summarises, writes every file, and returns what the terminal shows, or JSON if that is asked for.
pub(super) fn deliver(
    scenario: &Sound,
    results: &Results,
    machine: &Machine,
    folder: &mut RunFolder,
    wanted: Wanted,
) -> Done<String> {
    let plan = &scenario.plan;
    let summary = RunSummary::new(plan, results);
    let verdicts = verdicts(plan, results, &summary);
    let worst: Vec<_> = verdicts.iter().map(|v| (v.block, v.worst_year.0)).collect();
    let headlines = headlines(plan, results, &summary, &worst);
    let report = report::build(plan, results, &summary, &verdicts, &headlines);
    let written = || -> Result<Vec<PathBuf>, Text> {
        let mut files = vec![folder.write_table(names::SUMMARY, &tidy::summary_csv(plan, &summary))?];
        files.push(folder.write_table(names::DICTIONARY, &dictionary::csv(plan))?);
        files.push(folder.write_with(names::SUMMARY_PARQUET, |to| parquet::summary(plan, results, &summary, to))?);
        files.extend(report_files::write(folder, RecordKind::Run, &report, wanted.language)?);
        if !plan.observed.is_empty() {
            files.push(folder.write_table(names::OBSERVED, &tidy::observed_csv(plan, results, &plan.observed))?);
        }
        if wanted.replications {
            files.push(folder.write_with(names::REPLICATIONS, |to| parquet::replications(plan, results, to))?);
        }
        Ok(files)
    };
    let mut files = written().map_err(Failure::failed)?;
    let inputs = input_snapshot::copy(folder, &scenario.files).map_err(Failure::failed)?;
    input_snapshot::write_settings(folder, &plan.settings, inputs.as_deref()).map_err(Failure::failed)?;
    if interrupt::asked() {
        return Err(Failure::failed(Text::new("stopped before anything was written", "已停止，未写入任何文件")));
    }
    let manifest = of_run(plan, results, inputs.as_deref(), machine);
    files.push(folder.seal(manifest).map_err(Failure::failed)?);
    if wanted.json {
        return Ok(to_json::ran(plan, &verdicts, results.replications(), &files, wanted.language));
    }
    let short = report_files::in_short(RecordKind::Run, &report, wanted.language);
    Ok(short + &report_files::list(&files, wanted.language))
}

/// How many replications the error asked for has taken, and whether it was reached.
fn error_reached(plan: &Plan, results: &Results, asked: f64, language: Language) -> String {
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
