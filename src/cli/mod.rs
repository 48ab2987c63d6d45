//! The command line: the only room that reads arguments, prints, writes files and decides exit codes.

mod args;
mod bilingual;
mod colour;
mod commands;
mod diagnostics;
mod exit;
mod former_names;
mod input_snapshot;
mod interrupt;
mod json;
mod kept_rounds;
mod loading;
mod long_runs;
mod manifest;
mod memory;
mod output_args;
mod progress;
mod report_files;
mod run_folder;
mod setting_args;
mod starter;
mod system_errors;
mod talk;
mod terminal_width;
mod threads;
mod usage;
mod values;
mod visible;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Error, FromArgMatches};

use crate::input::file::reading_once;
use crate::language::Language;

/// Every command and option, as the documentation may show them.
pub fn command(language: Language) -> clap::Command {
    bilingual::speaking(language, || match language {
        Language::En => args::Arguments::command(),
        Language::Zh => usage::in_chinese(args::Arguments::command()),
    })
}

/// Runs the command that was typed and returns its exit code.
pub fn run() -> ExitCode {
    interrupt::ignore_file_limit_signal();
    threads::expect_refusals();
    let typed: Vec<OsString> = std::env::args_os().collect();
    let (language, formerly) = (output_args::language_of(&typed), former_names::told(&typed));
    let read = bilingual::speaking(language, || {
        let found = command(language).try_get_matches_from(typed)?;
        args::Arguments::from_arg_matches(&found)
    });
    let arguments = match read {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(answer(&error, language)),
    };
    let (command, output) = (&arguments.command, arguments.command.output());
    let language = output.language();
    if !output.quiet {
        formerly.iter().for_each(|said| talk::remark(said, language));
    }
    // A file that is edited meanwhile is read once all the same.
    let done = threads::with(command.threads(), || reading_once(|| command.carry_out()));
    ExitCode::from(done.map_or_else(|failure| talk::report_failure(&failure, language), |()| exit::SUCCESS))
}

/// Answers what clap makes of itself: help and the version go to standard output, faults to standard error.
fn answer(error: &Error, language: Language) -> u8 {
    if !error.use_stderr() {
        let text = error.render();
        let text = if colour::on_stdout() { text.ansi().to_string() } else { text.to_string() };
        return talk::print(&text).map_or_else(|failure| talk::report_failure(&failure, language), |()| exit::SUCCESS);
    }
    let _ = match usage::fault(error, language) {
        Some(said) => std::io::stderr().write_all(said.as_bytes()),
        None if colour::on_stderr() => std::io::stderr().write_all(error.render().ansi().to_string().as_bytes()),
        None => std::io::stderr().write_all(visible::message(&error.render().to_string()).as_bytes()),
    };
    exit::BAD_INPUT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(help: Option<&clap::builder::StyledStr>) -> bool {
        help.is_some_and(|help| help.to_string().chars().any(|c| c > '\u{2e00}'))
    }

    #[test]
    fn every_command_and_argument_is_explained_in_either_language() {
        for language in [Language::En, Language::Zh] {
            let command = command(language);
            let chinese = language == Language::Zh;
            let mut seen = 0;
            for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
                assert_eq!(is_chinese(inner.get_about()), chinese, "{}", inner.get_name());
                for argument in inner.get_arguments() {
                    assert!(argument.get_help().is_some(), "{} {}", inner.get_name(), argument.get_id());
                    assert_eq!(is_chinese(argument.get_help()), chinese, "{} {}", inner.get_name(), argument.get_id());
                    seen += 1;
                }
            }
            assert!(seen > 60, "{seen} arguments");
        }
    }
}
