//! The command line in Chinese: what each command and option is for, and what is wrong with what was typed.
//!
//! The declarations carry the English help; here stands the Chinese of each, by its name. A test finds what is missing.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

const ABOUT: &str = "规划的学位、床位和养老服务够不够：哪里、何时、有多大把握？";

/// What each command does.
const COMMANDS: &[(&str, &str)] = &[
    ("run", "运行方案，生成结论、汇总表和报告"),
    ("check", "检查方案：说明读懂了什么；有错则指出位置和改法。不做模拟"),
    ("compare", "比较方案或已完成的运行：变了什么、有多大把握、由什么引起"),
    ("projects", "各建设项目的价值：全部项目的方案，与逐一去掉一个项目的方案相比"),
    ("merge", "合并多台机器用 `run --part` 分别完成的部分"),
    ("report", "重新生成已完成运行的报告（中文或英文），不再模拟"),
    ("fit", "由在校生数估计入学率和递进率，或由在用位数估计养老服务使用系数"),
    ("backtest", "用历年出生与在校生数滚动回测预测精度"),
    ("new", "新建带注释的入门方案和各表，供填写"),
    ("explain", "解释方案中的键：含义、单位、范围、默认值、写法"),
    ("schema", "输出方案文件的 JSON Schema，供编辑器补全"),
    ("completions", "输出命令行补全脚本"),
    ("man", "输出手册页，或为每个命令各写一页"),
    ("help", "显示本说明，或某个命令的说明"),
];

/// What each argument means: the command (empty for any), the argument, the help.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("", "help", "显示说明（-h 为简要说明）"),
    ("", "version", "显示版本"),
    ("", "lang", "报告和提示的语言：zh 中文，en 英文 [默认：随系统]"),
    ("", "quiet", "除错误外不作提示"),
    ("", "seed", "随机种子；种子相同，在任何机器、任何线程数下所得数字都相同 [默认：1]"),
    ("", "threads", "线程数；0 为每个处理器核心一个 [默认：0]"),
    ("", "overwrite", "替换文件夹中原有的结果"),
    ("", "json", "以 JSON 输出，供程序读取"),
    ("", "file", "方案文件（.toml）"),
    ("run", "replications", "模拟次数 [默认：1000]；每两次共用一组不确定输入的取值"),
    (
        "run",
        "precision",
        "各学段（层级）最差年份不足概率的标准误都不超过此值时停止（0.01 即一个百分点）；此时 --replications 为次数上限 [默认：10000]",
    ),
    ("run", "part", "只做 N 份中的第 I 份，再由 `civicap merge` 合并：多台机器，结果逐字节相同"),
    ("run", "years", "只显示这些年份，须在方案的年份之内，例如 2026..2030"),
    ("run", "out", "结果文件夹 [默认：runs/<方案名>]"),
    ("run", "keep_replications", "另存每次模拟的全部数值（replications.parquet）"),
    ("run", "json", "以 JSON 输出结论（或方案的错误）"),
    ("check", "json", "以 JSON 输出错误和读懂的内容"),
    ("compare", "plans", "方案文件（.toml）或已完成运行的文件夹；第一个为基准"),
    ("compare", "replications", "每个方案的模拟次数 [默认：与第一个已完成的运行相同，否则 1000]"),
    ("compare", "seed", "随机种子 [默认：与第一个已完成的运行相同，否则 1]"),
    ("compare", "explain", "把变动的输入分组逐一替换，说明各结论由什么引起；每组多运行一次"),
    ("compare", "out", "结果文件夹 [默认：runs/compare-<各方案名>]"),
    ("projects", "replications", "每次运行的模拟次数；全部项目运行一次，每个项目各再运行一次 [默认：200]"),
    (
        "projects",
        "more_places",
        "不看项目，而看每处（每一层级、每一专科）多设 N 张床位值多少，一次一处 [不写 N 即为 1]",
    ),
    ("projects", "out", "结果文件夹 [默认：runs/<方案名>-projects]"),
    ("merge", "file", "各部分所用的方案文件"),
    ("merge", "parts", "各部分，次序不限"),
    ("merge", "out", "结果文件夹 [默认：runs/<方案名>]"),
    ("merge", "keep_replications", "另存每次模拟的全部数值（replications.parquet）"),
    ("report", "run", "已完成的运行、比较或项目价值的文件夹"),
    ("report", "out", "报告写入另一文件夹 [默认：运行所在文件夹，替换原有报告]"),
    ("report", "overwrite", "替换 --out 所指文件夹中的报告"),
    ("report", "whole", "输出整份报告，而不只是结论"),
    ("report", "json", "以 JSON 输出文件名"),
    ("fit", "what", "估计什么：education 为入学率与年级递进率，elderly 为养老服务使用系数"),
    ("fit", "file", "数据表（.csv）：education 用分年、区域、年级的出生与在校生数；elderly 用各服务的在用位数"),
    ("fit", "scenario", "使用系数所属的方案（仅 elderly）"),
    ("fit", "out", "把估计结果写成方案片段的文件夹"),
    ("backtest", "file", "分年、区域、年级的出生与在校生数（.csv）"),
    ("backtest", "paths", "每次预测的路径数 [默认：500]"),
    ("backtest", "out", "得分文件（.csv）"),
    ("new", "folder", "要新建的文件夹；须不存在或为空"),
    (
        "explain",
        "key",
        "键（如 people.births.births_per_woman）、分节（如 education.primary）、表的列（如 people.table.age）或 laws（分布）；不写则列出全部分节",
    ),
    ("completions", "shell", "命令行环境：bash、elvish、fish、powershell 或 zsh"),
    ("man", "out", "把 civicap.1 和各命令的手册页写入此文件夹"),
];

/// What to write where the value of an option is refused.
const VALUES: &[(&str, &str)] = &[
    ("--replications", "请写 2 到 100,000 的整数"),
    ("--precision", "请写 0.001 到 0.5 之间的数，例如 0.01（一个百分点）"),
    ("--part", "请写 2/7 的形式：七份中的第二份"),
    ("--years", "请写 2024..2035 的形式"),
    ("--threads", "请写 0 到 1024 的整数；0 为每个处理器核心一个"),
    ("--seed", "请写非负整数"),
    ("--paths", "请写 20 到 100,000 的整数"),
    ("--lang", "请写 zh（中文）或 en（英文）"),
];

/// The help of a command tree in Chinese.
pub(super) fn speak(mut command: Command) -> Command {
    command.build();
    command
        .about(ABOUT)
        .long_about(ABOUT)
        .help_template("{about}\n\n用法：{usage}\n\n命令：\n{subcommands}\n\n选项：\n{options}\n")
        .mut_args(|argument| explained(argument, ""))
        .mut_subcommands(|command| {
            let name = command.get_name().to_owned();
            let about = COMMANDS.iter().find(|(known, _)| *known == name).map_or("", |(_, about)| about);
            let takes = command.get_positionals().next().is_some();
            let positionals = if takes { "参数：\n{positionals}\n\n" } else { "" };
            command
                .about(about)
                .long_about(about)
                .help_template(format!("{{about}}\n\n用法：{{usage}}\n\n{positionals}选项：\n{{options}}\n"))
                .mut_args(|argument| explained(argument, &name))
        })
}

/// An argument with its Chinese help, in place of the English one and of English lists of what it takes.
fn explained(argument: Arg, command: &str) -> Arg {
    let id = argument.get_id().as_str();
    let of = |wanted: &str| ARGUMENTS.iter().find(|(c, a, _)| *c == wanted && *a == id).map(|(_, _, help)| *help);
    match of(command).or_else(|| of("")) {
        Some(help) => argument.help(help).long_help(help).hide_default_value(true).hide_possible_values(true),
        None => argument,
    }
}

/// What is wrong with what was typed; `None` where clap's own words must do.
pub(super) fn fault(error: &Error) -> Option<String> {
    let said = |kind: ContextKind| error.get(kind).map(words);
    let argument = said(ContextKind::InvalidArg).unwrap_or_default();
    let value = said(ContextKind::InvalidValue).unwrap_or_default();
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(said)
        .map(|meant| format!("是否想写 `{meant}`？"));
    let (wrong, remedy) = match error.kind() {
        ErrorKind::UnknownArgument => (format!("没有 `{argument}` 这个参数"), meant),
        ErrorKind::InvalidSubcommand => {
            (format!("没有 `{}` 这个命令", said(ContextKind::InvalidSubcommand).unwrap_or_default()), meant)
        }
        ErrorKind::InvalidValue if value.is_empty() => (format!("`{argument}` 后面没有写值"), wanted(&argument)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let choices = said(ContextKind::ValidValue).map(|list| format!("请从下列中选一：{list}"));
            (format!("`{argument}` 不能写“{value}”"), wanted(&argument).or(meant).or(choices))
        }
        ErrorKind::MissingRequiredArgument => (format!("缺少 {argument}"), None),
        ErrorKind::TooFewValues => (format!("`{argument}` 的个数不够"), None),
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg).unwrap_or_default();
            (format!("`{argument}` 不能与 `{other}` 同时使用"), Some("请只保留其中一个".to_owned()))
        }
        ErrorKind::MissingSubcommand => ("没有写命令".to_owned(), None),
        _ => return None,
    };
    let remedy = remedy.unwrap_or_else(|| "请看 civicap --help，或 civicap help 命令名".to_owned());
    Some(format!("错误：{wrong}\n改法：{remedy}\n"))
}

/// What an option takes.
fn wanted(argument: &str) -> Option<String> {
    let option = argument.split(' ').next()?;
    VALUES.iter().find(|(known, _)| *known == option).map(|(_, remedy)| (*remedy).to_owned())
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(words) => words.join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(help: Option<String>) -> bool {
        help.is_some_and(|help| help.chars().any(|c| c > '\u{2e00}'))
    }

    #[test]
    fn every_command_and_argument_is_explained_in_chinese() {
        let command = speak(crate::cli::command());
        let mut seen = 0;
        for inner in command.get_subcommands().filter(|c| c.get_name() != "help") {
            assert!(is_chinese(inner.get_about().map(ToString::to_string)), "{}", inner.get_name());
            for argument in inner.get_arguments() {
                let (name, id) = (inner.get_name(), argument.get_id());
                assert!(is_chinese(argument.get_help().map(ToString::to_string)), "{name} {id}");
                let english = argument.get_long_help().map(ToString::to_string);
                assert!(is_chinese(english), "{name} {id}");
                seen += 1;
            }
        }
        assert!(seen > 60, "{seen} arguments");
    }

    #[test]
    fn no_explanation_is_of_something_that_is_not_there() {
        let mut command = crate::cli::command();
        command.build();
        for (of, id, _) in ARGUMENTS {
            let has = |c: &Command| c.get_arguments().any(|a| a.get_id() == id);
            let found = if of.is_empty() {
                has(&command) || command.get_subcommands().any(has)
            } else {
                command.find_subcommand(of).is_some_and(has)
            };
            assert!(found, "{of} {id}");
        }
    }
}
