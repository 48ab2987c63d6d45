//! The command line: the only room that reads arguments, prints, writes files and decides exit codes.

mod args;
mod chinese;
mod colour;
mod commands;
mod exit;
mod faults;
mod interrupt;
mod json;
mod kept;
mod manifest;
mod memory;
mod output;
mod pages;
mod progress;
mod screen;
mod starter;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::language::Language;

/// Every command and option, as the documentation may show them.
pub fn command() -> clap::Command {
    args::Arguments::command()
}

/// Runs the command that was typed and returns its exit code.
pub fn run() -> ExitCode {
    interrupt::ignore_file_limit_signal();
    let typed: Vec<OsString> = std::env::args_os().collect();
    let chinese = args::language_of(&typed) == Language::Zh;
    let command = if chinese { chinese::speak(command()) } else { command() };
    let read = command.try_get_matches_from(typed).and_then(|found| args::Arguments::from_arg_matches(&found));
    match read {
        Ok(arguments) => ExitCode::from(commands::dispatch(&arguments.command)),
        Err(fault) => {
            // Help and the version go to standard output, faults to standard error.
            let _ = match chinese::fault(&fault).filter(|_| chinese) {
                Some(said) => std::io::stderr().write_all(said.as_bytes()),
                None => fault.print(),
            };
            ExitCode::from(if fault.use_stderr() { exit::BAD_INPUT } else { exit::SUCCESS })
        }
    }
}
