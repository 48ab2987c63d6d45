//! `civicap need`: what should be built so that every target holds, when it must open, and the plan with it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use crate::cli::bilingual::both;
use crate::cli::loading::{Shown, Sound, failed, sound};
use crate::cli::manifest::{Machine, of_study};
use crate::cli::output_args::OutputArgs;
use crate::cli::progress::Runs;
use crate::cli::run_folder::{Claim, MANIFEST, RunFolder};
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{diagnostics, interrupt, json as to_json, memory, report_files, values, visible};
use crate::language::Text;
use crate::need::{Base, Grown, Need, NeedError, Trials, find};
use crate::report::report_json::RecordKind;
use crate::report::{self, tidy_need};
use crate::run::RunOptions;
use crate::scenario::{Plan, Request};
use crate::text;

/// Options of `need`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The scenario file (.toml)", "方案文件（.toml）"))]
    pub file: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = values::replications, allow_negative_numbers = true,
        help = both("Replications of each run; there are about a dozen runs", "每次运行的模拟次数；共运行十余次 [默认：400]"))]
    pub replications: u32,
    #[arg(long, default_value_t = 1, value_parser = values::seed, allow_negative_numbers = true,
        help = both("Seed of all randomness", "随机种子；种子相同，所得数字相同 [默认：1]"))]
    pub seed: u64,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, value_name = "NAME", value_parser = values::folder_name, help = both(
        "Folder beside the scenario for the results and the plans with more places [default: need, or need-<scenario name>]",
        "结果与增设方案所在的文件夹（位于方案文件旁）[默认：need，或 need-<方案文件名>]"))]
    pub folder: Option<String>,
    #[arg(long, help = both("Replace earlier results in the folder", "替换文件夹中原有的结果"))]
    pub overwrite: bool,
    #[arg(long, help = both("Print what should be built as JSON", "以 JSON 输出应当建什么"))]
    pub json: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

const NOWHERE: Text = Text::new(
    "this scenario has no target to which places can be added\nhelp: give a service its table of facilities (`supply`), or a ward its `beds`",
    "本方案没有可增设位子的目标\n改法：请为某项服务给出设施表（supply），或为病区写 beds",
);

/// Tables of results.
const TABLES: [&str; 2] = ["need.csv", "need-curve.csv"];

/// The plans with more places: names without ending, and what they are called.
const PLANS: [(&str, Text); 2] = [
    ("standing", Text::new("with all that is missing, standing from the first year", "补足全部缺口（自首年起到位）")),
    ("dated", Text::new("with all that is missing, opening as late as may be", "补足全部缺口（按最晚启用时间）")),
];

/// `civicap need`.
pub(crate) fn need(options: &Options) -> Done {
    let language = options.output.language();
    let shown = Shown { language, quiet: options.output.quiet, json: false };
    let scenario = sound(&options.file, Request::default(), shown)?;
    let plan = &scenario.plan;
    let replications = options.replications as usize;
    let base = Base::new(&options.file, &folder_of(options), plan);
    let bar = Runs::new(replications * USUAL_RUNS, language, options.output.quiet);
    let how = RunOptions { replications, seed: options.seed, threads: 0 };
    let mut trials = Trials::new(plan, &base, how, &bar, interrupt::watch());
    if trials.points.is_empty() {
        return Err(Failure::bad_input(NOWHERE));
    }
    memory::ask(plan, &memory::Needs { replications, held_at_once: 3 })?;
    let mut folder = claim(&scenario, &base, options)?;
    let began = Instant::now();
    bar.now(plan.label.get(language));
    let need = find(&mut trials);
    bar.finish();
    let need = need.map_err(|error| match error {
        NeedError::Run(failure) => failed(&failure),
        NeedError::Variant(faults) => {
            diagnostics::show(&faults, language);
            Failure::failed(UNREADABLE)
        }
    })?;
    let said = deliver(plan, &base, &need, options, began, &mut folder)?;
    if options.output.quiet { Ok(()) } else { print(&said) }
}

/// About so many runs are made.
const USUAL_RUNS: usize = 14;

const UNREADABLE: Text = Text::new(
    "the plan with more places has the faults above\nhelp: report them to the authors of civicap, with the scenario",
    "增设后的方案出现上述错误\n改法：请连同方案反馈给 civicap 的作者",
);

/// Name of the folder, beside the scenario: a plan in it extends a file one level up.
fn folder_of(options: &Options) -> String {
    let stem = options.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let usual = || if stem == "scenario" { "need".to_owned() } else { format!("need-{stem}") };
    options.folder.clone().unwrap_or_else(usual)
}

fn claim(scenario: &Sound, base: &Base, options: &Options) -> Done<RunFolder> {
    let mut writes = TABLES.map(str::to_owned).to_vec();
    writes.extend([report_files::RECORD, MANIFEST].map(str::to_owned));
    for (stem, _) in &PLANS {
        writes.push(format!("{stem}.toml"));
        writes.extend(scenario.plan.services.iter().map(|(kind, _)| format!("{stem}-{}.csv", kind.name)));
    }
    writes.extend(report_files::names(RecordKind::Need));
    let reads = scenario.paths();
    // Plans that it wrote may have been worked on since: they are replaced only where that is asked for.
    let overwrite = options.overwrite;
    RunFolder::claim(&Claim { folder: &base.folder, overwrite, writes: &writes, reads: &reads, same: None })
}

fn deliver(
    plan: &Plan,
    base: &Base,
    need: &Need,
    options: &Options,
    began: Instant,
    folder: &mut RunFolder,
) -> Done<String> {
    let language = options.output.language();
    let report = report::need(plan, need, options.replications as usize, options.seed);
    let written = || -> Result<Vec<PathBuf>, Text> {
        let mut files = vec![
            folder.write_table(TABLES[0], &tidy_need::need_csv(plan, need))?,
            folder.write_table(TABLES[1], &tidy_need::curve_csv(plan, need))?,
        ];
        for ((stem, what), additions) in PLANS.iter().zip([&need.standing, &need.dated]) {
            let grown = Grown { plan, points: &need.points, additions };
            files.extend(write_plan(folder, base, grown, stem, what)?);
        }
        files.extend(report_files::write(folder, RecordKind::Need, &report, language)?);
        Ok(files)
    };
    let mut files = written().map_err(Failure::failed)?;
    let machine = Machine::now(began, &options.file);
    let mut manifest = of_study("need", plan, options.seed, options.replications, &machine);
    manifest.facts["runs"] = need.runs.into();
    files.push(folder.seal(manifest).map_err(Failure::failed)?);
    if options.json {
        return Ok(to_json::needed(plan, need, &files, language));
    }
    let mut said = report_files::in_short(RecordKind::Need, &report, language);
    if !need.standing.is_empty() {
        said.push_str(try_it(&base.folder).get(language));
    }
    Ok(said + &report_files::list(&files, language))
}

/// Writes a plan with more places.
fn write_plan(
    folder: &RunFolder,
    base: &Base,
    grown: Grown<'_>,
    stem: &str,
    what: &Text,
) -> Result<Vec<PathBuf>, Text> {
    let (en, zh, what_en, what_zh) = (&grown.plan.label.en, &grown.plan.label.zh, &what.en, &what.zh);
    let label = text!("{en}: {what_en}", "{zh}：{what_zh}");
    let variant = base.variant(grown, stem, &label);
    let mut files = vec![folder.write(&format!("{stem}.toml"), variant.scenario.as_bytes())?];
    for (name, table) in &variant.tables {
        files.push(folder.write(name, table.as_bytes())?);
    }
    Ok(files)
}

/// How to run what was found.
fn try_it(folder: &Path) -> Text {
    let plan = visible::path(&folder.join("dated.toml"));
    text!("\nrun the plan with it:\n  civicap run {plan}\n", "\n运行增设后的方案：\n  civicap run {plan}\n")
}
