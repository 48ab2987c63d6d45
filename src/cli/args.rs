//! What was typed, nothing looked up; and which command carries it out.

use clap::{CommandFactory, Parser, Subcommand};

use super::bilingual::both;
use super::commands::{
    appraise, backtest, calibrate, check, compare, explain, manual, merge, need, new, report, run, schema, score,
    upgrade,
};
use super::output_args::OutputArgs;
use super::talk::Done;

/// Do the planned school places, hospital beds and elderly-care places meet demand: where, when, and how sure are we?
#[derive(Debug, Parser)]
#[command(name = "civicap", version, arg_required_else_help = true, about = both(
    "Do the planned school places, hospital beds and elderly-care places meet demand: where, when, and how sure are we?",
    "规划的学位、床位和养老服务够不够：哪里、何时、有多大把握？"))]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(about = both("Simulate a scenario and write its verdicts, summary and report",
        "运行方案，生成结论、汇总表和报告"))]
    Run(run::Options),
    #[command(about = both("Check a scenario and say what was understood, without simulating",
        "检查方案：说明读懂了什么；有错则指出位置和改法。不做模拟"))]
    Check(check::Options),
    #[command(about = both("Compare plans or finished runs: what changes, how sure that is, and what moved it",
        "比较方案或已完成的运行：变了什么、有多大把握、由什么引起"))]
    Compare(compare::Options),
    #[command(alias = "projects", about = both("What each building project, or a few extra places, are worth: the whole plan against the plan without",
        "各建设项目（或每处增设床位）的价值：全部项目的方案，与逐一去掉一个项目的方案相比"))]
    Appraise(appraise::Options),
    #[command(about = both("What should be built so that every target holds, by when, and the plan with it",
        "应当建什么：使各项目标达标的最少增设、最晚启用与决策时间，并生成增设后的方案"))]
    Need(need::Options),
    #[command(about = both("Put the shards of a run together that `run --shard` made on several machines",
        "合并多台机器用 `run --shard` 分别完成的部分"))]
    Merge(merge::Options),
    #[command(about = both("Render the report of a finished run again, in either language, without simulating",
        "重新生成已完成运行的报告（中文或英文），不再模拟"))]
    Report(report::Options),
    #[command(alias = "fit", about = both("Estimate yields and progression from enrolment, take-up of elderly care from places in use, or births and migration from counts",
        "由在校生数估计入学率和递进率，由在用位数估计养老服务使用系数，或由人口统计估计生育与迁移"))]
    Calibrate(calibrate::Options),
    #[command(about = both("Score forecasts of pupils or residents that would have been made from earlier numbers",
        "用以往数据回测：若当时这样预测在校生或常住人口，会差多少"))]
    Backtest(backtest::Options),
    #[command(about = both("Hold a finished run against what was counted since: error, place in the fan, cover, CRPS, bias",
        "把已完成的运行与其后的实际统计对照：误差、在扇形中的位置、区间覆盖率、CRPS、偏差"))]
    Score(score::Options),
    #[command(about = both("Write a small commented scenario with its tables, to fill in", "新建带注释的入门方案和各表，供填写"))]
    New(new::Options),
    #[command(about = both("Carry older scenarios and their tables over to the names of today",
        "把旧方案及其表改为现行的键名和列名，并列出改动"))]
    Upgrade(upgrade::Options),
    #[command(about = both("Explain a key of a scenario: meaning, unit, range, default, example",
        "解释方案中的键：含义、单位、范围、默认值、写法"))]
    Explain(explain::Options),
    #[command(about = both("Print the JSON Schema of a scenario, for editors", "输出方案文件的 JSON Schema，供编辑器补全"))]
    Schema(schema::Options),
    #[command(about = both("Print completions for a shell", "输出命令行补全脚本"))]
    Completions(manual::Completions),
    #[command(about = both("Print the manual page, or write one for each command", "输出手册页，或为每个命令各写一页"))]
    Man(manual::Man),
}

impl Command {
    /// The language and volume that were asked for.
    pub(super) fn output(&self) -> &OutputArgs {
        match self {
            Self::Run(options) => &options.output,
            Self::Check(options) => &options.output,
            Self::Compare(options) => &options.output,
            Self::Appraise(options) => &options.output,
            Self::Need(options) => &options.output,
            Self::Merge(options) => &options.output,
            Self::Report(options) => &options.output,
            Self::Calibrate(options) => &options.output,
            Self::Backtest(options) => &options.output,
            Self::Score(options) => &options.output,
            Self::New(options) => &options.output,
            Self::Upgrade(options) => &options.output,
            Self::Explain(options) => &options.output,
            Self::Schema(options) => &options.output,
            Self::Completions(options) => &options.output,
            Self::Man(options) => &options.output,
        }
    }

    /// Threads that the command may use; 0 for one a core. Commands that do little alone need none.
    pub(super) fn threads(&self) -> u16 {
        match self {
            Self::Run(options) => options.threads,
            Self::Compare(options) => options.threads,
            Self::Appraise(options) => options.threads,
            Self::Need(options) => options.threads,
            Self::Merge(options) => options.threads,
            Self::Report(options) => options.threads,
            Self::Score(options) => options.threads,
            Self::Calibrate(_) | Self::Backtest(_) => 0,
            Self::Check(_)
            | Self::New(_)
            | Self::Upgrade(_)
            | Self::Explain(_)
            | Self::Schema(_)
            | Self::Completions(_)
            | Self::Man(_) => 1,
        }
    }

    /// Carries out what was typed.
    pub(super) fn carry_out(&self) -> Done {
        match self {
            Self::Run(options) => run::run(options),
            Self::Check(options) => check::check(options),
            Self::Compare(options) => compare::compare(options),
            Self::Appraise(options) => appraise::appraise(options),
            Self::Need(options) => need::need(options),
            Self::Merge(options) => merge::merge(options),
            Self::Report(options) => report::report(options),
            Self::Calibrate(options) => calibrate::calibrate(options),
            Self::Backtest(options) => backtest::backtest(options),
            Self::Score(options) => score::score(options),
            Self::New(options) => new::new(options),
            Self::Upgrade(options) => upgrade::upgrade(options),
            Self::Explain(options) => explain::explain(options),
            Self::Schema(options) => schema::schema(options),
            Self::Completions(options) => manual::completions(options, Arguments::command()),
            Self::Man(options) => manual::man(options, Arguments::command()),
        }
    }
}
