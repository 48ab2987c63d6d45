//! Scenarios and tables for commands: read once, their faults shown.

use std::path::{Path, PathBuf};

use super::progress::Bar;
use super::run_folder::RunFolder;
use super::talk::{Done, Failure, print};
use super::{diagnostics, json};
use crate::diagnostic::SourceFile;
use crate::language::{Language, Text};
use crate::run::RunError;
use crate::scenario::{Loaded, Plan, Request, load};
use crate::text;

/// A sound scenario and the files that it was read from.
pub(super) struct Sound {
    /// The plan.
    pub plan: Plan,
    /// The files, the scenario first; what was typed beside them is in the plan.
    pub files: Vec<SourceFile>,
}

impl Sound {
    /// Paths of the files that were read.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }
}

/// How faults are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// The language.
    pub language: Language,
    /// Whether warnings are left out.
    pub quiet: bool,
    /// Whether faults go to standard output as JSON.
    pub json: bool,
}

/// A sound scenario, or the failure after its faults were shown.
pub(super) fn sound(file: &Path, request: Request, shown: Shown) -> Done<Sound> {
    let loaded = load(file, request);
    if !shown.json {
        show(&loaded, shown);
    } else if loaded.plan.is_none() {
        print(&json::checked(&loaded.diagnostics, None, shown.language))?;
    }
    match loaded.plan {
        Some(plan) => {
            let files = loaded.diagnostics.files.into_iter().filter(|file| !file.typed);
            Ok(Sound { plan, files: files.collect() })
        }
        None => Err(Failure::shown()),
    }
}

/// The plan of what was loaded, or the failure after its faults were shown.
pub(super) fn plan_of(loaded: Loaded, shown: Shown) -> Done<Plan> {
    show(&loaded, shown);
    loaded.plan.ok_or_else(Failure::shown)
}

fn show(loaded: &Loaded, shown: Shown) {
    let worth_saying = loaded.diagnostics.has_errors() || (!shown.quiet && !loaded.diagnostics.list.is_empty());
    if worth_saying {
        diagnostics::show(&loaded.diagnostics, shown.language);
    }
}

/// A run that gave no results: how far it came, and how many replications `--resume` may go on from.
pub(super) fn stopped(failure: &RunError, bar: &Bar<'_>, folder: Option<(&RunFolder, usize)>) -> Failure {
    if !matches!(failure, RunError::Stopped) {
        return failed(failure);
    }
    let (done, all) = bar.counts();
    if let Some((_, kept)) = folder.filter(|(_, kept)| *kept > 0) {
        return Failure::failed(text!(
            "stopped after {done} of {all} replications, of which {kept} are kept\nhelp: the same command with --resume goes on from there",
            "已停止：完成 {done}/{all} 次模拟，已保留 {kept} 次\n改法：原命令加 --resume 可由此继续"
        ));
    }
    Failure::failed(if folder.is_some_and(|(folder, _)| folder.holds_a_run()) {
        text!(
            "stopped after {done} of {all} replications; nothing of them is kept, and the earlier results are as they were",
            "已停止：完成 {done}/{all} 次模拟，本次结果未保存；原有结果保持不变"
        )
    } else {
        text!(
            "stopped after {done} of {all} replications; nothing is kept",
            "已停止：完成 {done}/{all} 次模拟，未保存任何结果"
        )
    })
}

/// Runs that gave no results.
pub(super) fn failed(failure: &RunError) -> Failure {
    Failure::failed(match failure {
        RunError::Stopped => Text::new("stopped; nothing is kept", "已停止，未保存任何结果"),
        RunError::Threads(_) => Text::new(
            "the system gives no thread for the run\nhelp: write --threads 1, or close other programs",
            "系统无法为运行提供线程\n改法：请写 --threads 1，或关闭其他程序",
        ),
        RunError::DoesNotClose { replication, stage, metric, area, year, rule } => {
            let [en, zh] = rule.says();
            text!(
                "{metric} of {stage}, {area}, {year}, in replication {replication}: {en}; nothing is kept\nhelp: this is a \
                 fault of the program, not of the scenario: please report it with the scenario",
                "第 {replication} 次模拟 {stage}（{area}，{year} 年）的 {metric}：{zh}；未保存任何结果\n\
                 改法：这是程序的错误而非方案的错误，请连同方案反馈"
            )
        }
    })
}
