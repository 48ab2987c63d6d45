//! What was typed, nothing looked up.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::commands::{backtest, check, compare, explain, fit, manual, new, part, projects, report, run, schema};
use crate::language::Language;

/// Do the planned school places, hospital beds and elderly-care places meet demand: where, when, and how sure are we?
///
/// 规划的学位、床位和养老服务够不够：哪里、何时、有多大把握？
#[derive(Debug, Parser)]
#[command(name = "civicap", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate a scenario and write its verdicts, summary and report (运行方案并生成报告)
    Run(run::Options),
    /// Check a scenario and say what was understood, without simulating (检查方案文件)
    Check(check::Options),
    /// Compare plans or finished runs: what changes, how sure that is, and what moved it (比较方案)
    Compare(compare::Options),
    /// What each building project is worth: the whole plan against the plan without it (各项目的价值)
    Projects(projects::Options),
    /// Put the parts of a run together that `run --part` made on several machines (合并分机运行的结果)
    Merge(part::Options),
    /// Render the report of a finished run again, in either language, without simulating (重新生成报告)
    Report(report::Options),
    /// Estimate yields and progression from enrolment, or take-up of elderly care from places in use (由数据估计参数)
    Fit(fit::Options),
    /// Score forecasts on rolling origins of births and enrolment (滚动起点回测预测精度)
    Backtest(backtest::Options),
    /// Write a small commented scenario with its tables, to fill in (新建入门方案)
    New(new::Options),
    /// Explain a key of a scenario: meaning, unit, range, default, example (解释方案中的键)
    Explain(explain::Options),
    /// Print the JSON Schema of a scenario, for editors (输出方案文件的 JSON Schema)
    Schema(schema::Options),
    /// Print completions for a shell (输出命令补全脚本)
    Completions(manual::Completions),
    /// Print the manual page, or write one for each command (输出手册页)
    Man(manual::Man),
}

/// How civicap speaks.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Language of reports and messages [default: from the locale]
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Say nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// A language as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// The language to speak before anything is understood: the one that `--lang` names, otherwise the system's.
pub(super) fn language_of(typed: &[OsString]) -> Language {
    let words: Vec<&str> = typed.iter().filter_map(|word| word.to_str()).collect();
    let named = words.iter().enumerate().find_map(|(i, word)| match word.strip_prefix("--lang")? {
        "" => words.get(i + 1).copied(),
        rest => rest.strip_prefix('='),
    });
    let lang = named.and_then(|name| Lang::from_str(name, false).ok());
    OutputArgs { lang, quiet: false }.language()
}

impl OutputArgs {
    /// The language to speak.
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Zh,
            Some(Lang::En) => Language::En,
            None => Language::of_locale(&sys_locale::get_locale().unwrap_or_default()),
        }
    }
}
