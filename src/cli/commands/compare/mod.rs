//! `civicap compare`: what changes from one plan to others, how sure that is, and what moved it.

mod explain;
pub(super) mod member;
mod study;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};

use self::member::{Entry, Numbers, resolve};
use self::study::{Asked, Study};
use crate::cli::bilingual::both;
use crate::cli::loading::Shown;
use crate::cli::manifest::Machine;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::{Claim, MANIFEST, Manifest, RunFolder, safe_name};
use crate::cli::setting_args::SettingArgs;
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{json as to_json, memory, report_files, values};
use crate::language::Text;
use crate::report::report_json::RecordKind;
use crate::report::{self, Compared, Origin, tidy_comparison};
use crate::text;

/// Options of `compare`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(required = true, num_args = 2.., help = both(
        "Scenario files (.toml) or folders of finished runs; the first is the baseline",
        "方案文件（.toml）或已完成运行的文件夹；第一个为基准"))]
    pub plans: Vec<PathBuf>,
    #[arg(long, value_name = "N", value_parser = values::replications, allow_negative_numbers = true, help = both(
        "Replications of each plan [default: those of the first finished run, otherwise 1000]",
        "每个方案的模拟次数 [默认：与第一个已完成的运行相同，否则 1000]"))]
    pub replications: Option<u32>,
    #[arg(long, value_parser = values::seed, allow_negative_numbers = true, help = both(
        "Seed of all randomness [default: that of the first finished run, otherwise 1]",
        "随机种子 [默认：与第一个已完成的运行相同，否则 1]"))]
    pub seed: Option<u64>,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, help = both(
        "Switch groups of changed inputs one after another, to say what moved each verdict; one more run for each group",
        "把变动的输入分组逐一替换，说明各结论由什么引起；每组多运行一次"))]
    pub explain: bool,
    #[arg(long, value_name = "DIR", help = both("Folder for the results [default: runs/compare-<names>]",
        "结果文件夹 [默认：runs/compare-<各方案名>]"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace earlier results in the folder", "替换文件夹中原有的结果"))]
    pub overwrite: bool,
    #[arg(long, help = both("Print what changes as JSON", "以 JSON 输出变化"))]
    pub json: bool,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Name of the table of differences.
const TABLE: &str = "comparison.csv";

/// `civicap compare`.
pub(crate) fn compare(options: &Options) -> Done {
    let language = options.output.language();
    let began = Instant::now();
    let shown = Shown { language, quiet: options.output.quiet, json: false };
    let mut entries = Vec::with_capacity(options.plans.len());
    for typed in &options.plans {
        entries.push(resolve(typed, &options.setting.request(), shown)?);
    }
    tell_apart(&mut entries);
    in_common(&entries)?;
    let study = Study::new(
        &Asked {
            replications: options.replications,
            seed: options.seed,
            explain: options.explain,
            quiet: options.output.quiet,
            language,
        },
        &entries,
    );
    for entry in &entries {
        if let Numbers::Plan(plan, _) = &entry.numbers {
            memory::ask(plan, &memory::Needs { replications: study.replications(), held_at_once: 3 })?;
        }
    }
    let mut folder = claim(&entries, options)?;
    let compared = study.run(&entries)?;
    let machine = Machine::now(began, &options.plans[0]);
    let said = deliver(&compared, &entries, &machine, &mut folder, options)?;
    if options.output.quiet { Ok(()) } else { print(&said) }
}

fn claim(entries: &[Entry], options: &Options) -> Done<RunFolder> {
    let out = options.out.clone().unwrap_or_else(|| {
        let names: Vec<&str> = entries.iter().map(|e| e.member.name.as_str()).collect();
        PathBuf::from("runs").join(safe_name(&format!("compare-{}", names.join("-"))))
    });
    let mut writes = [TABLE, report_files::RECORD, MANIFEST].map(str::to_owned).to_vec();
    writes.extend(report_files::names(RecordKind::Comparison));
    let reads: Vec<PathBuf> = entries.iter().flat_map(|entry| entry.reads.iter().cloned()).collect();
    let plans: Vec<Value> = entries.iter().map(|entry| json!({ "name": entry.member.name })).collect();
    let same = json!({ "kind": "comparison", "plans": plans });
    RunFolder::claim(&Claim {
        folder: &out,
        overwrite: options.overwrite,
        writes: &writes,
        reads: &reads,
        same: Some(&same),
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

/// Every plan must share years with the first.
fn in_common(entries: &[Entry]) -> Done {
    let a = entries[0].years();
    for entry in &entries[1..] {
        let b = entry.years();
        if a.0.max(b.0) > a.1.min(b.1) {
            let (file, a0, a1, b0, b1) = (&entry.member.file, a.0, a.1, b.0, b.1);
            let said = text!(
                "{file} shows {b0}-{b1}, the baseline {a0}-{a1}: they have no year in common\nhelp: compare plans whose \
                 years overlap ([horizon] start and end, or `run --years`)",
                "{file} 的年份为 {b0}–{b1}，基准方案为 {a0}–{a1}，没有共同年份\n改法：请比较年份有重叠的方案（[horizon] 的 start 与 end，或 \
                 `run --years`）"
            );
            return Err(Failure::bad_input(said));
        }
    }
    Ok(())
}

/// What the manifest says of the plans.
fn plans(entries: &[Entry]) -> Vec<Value> {
    let plan = |entry: &Entry| {
        let hash = match &entry.numbers {
            Numbers::Plan(plan, _) => Some(&plan.hash),
            Numbers::Summary(_) => entry.earlier.as_ref().map(|earlier| &earlier.scenario_hash),
        };
        let numbers = match entry.member.origin {
            Origin::Simulated => "simulated",
            Origin::Again => "simulated again",
            Origin::Kept => "simulated again (inputs kept with the run)",
            Origin::SummaryOfChanged => "summary (scenario changed)",
            Origin::SummaryOfMissing => "summary (scenario missing)",
        };
        json!({
            "name": entry.member.name,
            "file": entry.member.file,
            "scenario_hash": hash,
            "numbers": numbers,
            // The version that made the finished run, when it is one.
            "civicap": entry.earlier.as_ref().map(|earlier| &earlier.civicap),
        })
    };
    entries.iter().map(plan).collect()
}

fn deliver(
    compared: &Compared,
    entries: &[Entry],
    machine: &Machine,
    folder: &mut RunFolder,
    options: &Options,
) -> Done<String> {
    let language = options.output.language();
    let report = report::comparison(compared);
    let written = || -> Result<Vec<PathBuf>, Text> {
        let mut files = vec![folder.write_table(TABLE, &tidy_comparison::comparison_csv(compared))?];
        files.extend(report_files::write(folder, RecordKind::Comparison, &report, language)?);
        Ok(files)
    };
    let mut files = written().map_err(Failure::failed)?;
    let facts = json!({ "plans": plans(entries), "seed": compared.seed, "replications": compared.replications });
    let manifest = Manifest { kind: Some("comparison"), facts, run: json!(machine) };
    files.push(folder.seal(manifest).map_err(Failure::failed)?);
    if options.json {
        return Ok(to_json::compared(compared, &files, language));
    }
    Ok(report_files::in_short(RecordKind::Comparison, &report, language) + &report_files::list(&files, language))
}
