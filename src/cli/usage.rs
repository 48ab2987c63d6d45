//! What is wrong with what was typed, in both languages, and the help in Chinese.
//!
//! Commands and options say what they are for where they are declared ([`super::bilingual`]); here is what clap itself says.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::visible;
use crate::language::Language;

/// The help of a command tree in Chinese: headings, and no lists that clap makes of English words.
pub(super) fn in_chinese(mut command: Command) -> Command {
    command.build();
    command
        .help_template("{about}\n\n用法：{usage}\n\n命令：\n{subcommands}\n\n选项：\n{options}\n")
        .mut_args(plain)
        .mut_subcommands(|command| {
            let takes = command.get_positionals().next().is_some();
            let positionals = if takes { "参数：\n{positionals}\n\n" } else { "" };
            let command = if command.get_name() == "help" {
                command.about("显示本说明，或某个命令的说明")
            } else {
                command
            };
            command
                .help_template(format!("{{about}}\n\n用法：{{usage}}\n\n{positionals}选项：\n{{options}}\n"))
                .mut_args(plain)
        })
}

/// An argument without the English lists of what it takes; what clap adds by itself, in Chinese.
fn plain(argument: Arg) -> Arg {
    let argument = argument.hide_default_value(true).hide_possible_values(true);
    match argument.get_id().as_str() {
        "help" => argument.help("显示说明").long_help("显示说明"),
        "version" => argument.help("显示版本").long_help("显示版本"),
        _ => argument,
    }
}

/// What is wrong with what was typed; `None` where clap's own words must do.
pub(super) fn fault(error: &Error, language: Language) -> Option<String> {
    match language {
        Language::En => None,
        Language::Zh => chinese(error),
    }
}

fn chinese(error: &Error) -> Option<String> {
    let said = |kind: ContextKind| error.get(kind).map(words);
    let argument = said(ContextKind::InvalidArg).unwrap_or_default();
    let value = said(ContextKind::InvalidValue).unwrap_or_default();
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(said)
        .map(|meant| format!("是否想写 `{meant}`？"));
    // What the reader of the value says to write instead.
    let wanted = std::error::Error::source(error).map(ToString::to_string);
    let choices = || said(ContextKind::ValidValue).map(|list| format!("请从下列中选一：{list}"));
    let (wrong, remedy) = match error.kind() {
        ErrorKind::UnknownArgument => (format!("没有 `{argument}` 这个参数"), meant),
        ErrorKind::InvalidSubcommand => {
            (format!("没有 `{}` 这个命令", said(ContextKind::InvalidSubcommand).unwrap_or_default()), meant)
        }
        ErrorKind::InvalidValue if value.is_empty() => (format!("`{argument}` 后面没有写值"), choices()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            (format!("`{argument}` 不能写“{value}”"), wanted.or(meant).or_else(choices))
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
    Some(visible::message(&format!("错误：{wrong}\n改法：{remedy}\n")))
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(words) => words.join("、"),
        other => other.to_string(),
    }
}
