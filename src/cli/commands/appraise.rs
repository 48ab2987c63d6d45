//! `civicap appraise`: what each building project is worth, all of them against all but that one; or what extra capacity is
//! worth, at one place after the other.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;

use crate::cli::bilingual::both;
use crate::cli::loading::{Shown, Sound, failed, plan_of, sound};
use crate::cli::manifest::{Machine, of_study};
use crate::cli::output_args::OutputArgs;
use crate::cli::progress::Runs;
use crate::cli::run_folder::{Claim, MANIFEST, RunFolder, safe_name};
use crate::cli::setting_args::SettingArgs;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{interrupt, json as to_json, memory, report_files, values};
use crate::language::{Language, Text};
use crate::report::report_json::RecordKind;
use crate::report::{self, tidy_comparison};
use crate::run::{RunOptions, simulate};
use crate::scenario::{Plan, load_grown, load_without};
use crate::services::service::ExpandableCapacity;
use crate::study::appraisal::{Outcome, ProjectValue, Subject, value};

/// Options of `appraise`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The scenario file (.toml)", "方案文件（.toml）"))]
    pub file: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = values::replications, allow_negative_numbers = true,
        help = both("Replications of each run; there is one run for the plan and one for each project",
            "每次运行的模拟次数；全部项目运行一次，每个项目各再运行一次 [默认：200]"))]
    pub replications: u32,
    #[arg(long, alias = "more-places", value_name = "N", num_args = 0..=1, default_missing_value = "1", value_parser = values::extra_places,
        allow_negative_numbers = true, help = both(
            "Instead of projects: what N extra places (beds of a specialty in a tier) are worth, at one place at a time [default: 1]",
            "不看项目，而看每处（每一层级、每一专科）增设 N 张床位值多少，一次一处 [不写 N 即为 1]"))]
    pub extra_capacity: Option<u32>,
    #[arg(long, default_value_t = 1, value_parser = values::seed, allow_negative_numbers = true,
        help = both("Seed of all randomness", "随机种子；种子相同，所得数字相同 [默认：1]"))]
    pub seed: u64,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, value_name = "DIR", help = both(
        "Folder for the results [default: runs/<scenario name>-projects, or -extra-capacity]",
        "结果文件夹 [默认：runs/<方案名>-projects 或 -extra-capacity]"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace earlier results in the folder", "替换文件夹中原有的结果"))]
    pub overwrite: bool,
    #[arg(long, help = both("Print what each project is worth as JSON", "以 JSON 输出各项目的价值"))]
    pub json: bool,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

const NO_PROJECT: Text = Text::new(
    "this plan carries out no project\nhelp: add [projects.<name>] to the scenario, or take names out of its list of projects to leave out",
    "本方案没有实施任何项目\n改法：在方案中加入 [projects.<名称>]，或从不实施的项目中删去项目名",
);

const NOTHING_GROWS: Text = Text::new(
    "this plan has no places that can be given more\nhelp: --extra-capacity adds beds by specialty and tier; give [health] a table of beds (`supply`)",
    "本方案没有可增加的位子\n改法：--extra-capacity 按专科与层级增加床位；请在 [health] 中给出床位表（supply）",
);

/// Name of the table of values.
const TABLE: &str = "projects.csv";

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

/// `civicap appraise`.
pub(crate) fn appraise(options: &Options) -> Done {
    let language = options.output.language();
    let shown = Shown { language, quiet: options.output.quiet, json: false };
    let scenario = sound(&options.file, options.setting.request(), shown)?;
    let plan = &scenario.plan;
    let asked = asked(plan, options.extra_capacity);
    if asked.is_empty() {
        let none = if options.extra_capacity.is_some() { NOTHING_GROWS } else { NO_PROJECT };
        return Err(Failure::bad_input(none));
    }
    let replications = options.replications as usize;
    memory::ask(plan, &memory::Needs { replications, held_at_once: 2 })?;
    let mut folder = claim(&scenario, options)?;
    let began = Instant::now();
    let values = values(plan, &asked, options, language)?;
    let said = deliver(plan, &values, options, began, &mut folder)?;
    if options.output.quiet { Ok(()) } else { print(&said) }
}

fn claim(scenario: &Sound, options: &Options) -> Done<RunFolder> {
    let what = if options.extra_capacity.is_some() { "extra-capacity" } else { "projects" };
    let name = format!("{}-{what}", safe_name(&scenario.plan.name));
    let out = options.out.clone().unwrap_or_else(|| PathBuf::from("runs").join(name));
    let mut writes = [TABLE, report_files::RECORD, MANIFEST].map(str::to_owned).to_vec();
    writes.extend(report_files::names(RecordKind::Projects));
    let same = json!({ "kind": "projects", "scenario": scenario.plan.name });
    let (reads, overwrite) = (scenario.paths(), options.overwrite);
    RunFolder::claim(&Claim { folder: &out, overwrite, writes: &writes, reads: &reads, same: Some(&same) })
}

/// The plan once, then once without each project, or with more at each place.
fn values(plan: &Plan, asked: &[Asked], options: &Options, language: Language) -> Done<Vec<ProjectValue>> {
    let replications = options.replications as usize;
    let how = RunOptions { replications, seed: options.seed, threads: 0 };
    let bar = Runs::new(replications * (asked.len() + 1), language, options.output.quiet);
    let run = |plan: &Plan| simulate(plan, how, &bar, interrupt::watch()).map_err(|failure| failed(&failure));
    bar.now(plan.label.get(language));
    let results = run(plan)?;
    let whole = Outcome { plan, results: &results };
    let mut values = Vec::with_capacity(asked.len());
    for asked in asked {
        let (subject, loaded) = match asked {
            Asked::Project(project) => {
                let subject = Subject::project(plan, *project);
                let loaded = load_without(&options.file, options.setting.request(), &subject.id);
                (subject, loaded)
            }
            Asked::More(service, growing, places) => {
                let loaded = load_grown(&options.file, options.setting.request(), service, growing, *places);
                (Subject::more(growing), loaded)
            }
        };
        bar.now(subject.label.get(language));
        // Warnings of the plan were shown already.
        let other = plan_of(loaded, Shown { language, quiet: true, json: false }).inspect_err(|_| bar.finish())?;
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
    folder: &mut RunFolder,
) -> Done<String> {
    let language = options.output.language();
    let report = report::appraisal(plan, values, options.replications as usize, options.seed, options.extra_capacity);
    let written = || -> Result<Vec<PathBuf>, Text> {
        let mut files = vec![folder.write_table(TABLE, &tidy_comparison::projects_csv(plan, values))?];
        files.extend(report_files::write(folder, RecordKind::Projects, &report, language)?);
        Ok(files)
    };
    let mut files = written().map_err(Failure::failed)?;
    let machine = Machine::now(began, &options.file);
    let mut manifest = of_study("projects", plan, options.seed, options.replications, &machine);
    manifest.facts["projects"] = values.iter().map(|v| v.subject.id.as_str()).collect();
    files.push(folder.seal(manifest).map_err(Failure::failed)?);
    if options.json {
        return Ok(to_json::appraised(plan, values, &files, language));
    }
    Ok(report_files::in_short(RecordKind::Projects, &report, language) + &report_files::list(&files, language))
}
