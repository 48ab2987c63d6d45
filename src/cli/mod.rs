//! The command line: the only room that reads arguments, prints, writes files and decides exit codes.

mod args;
mod commands;
mod exit;
mod faults;
mod manifest;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command that was typed and returns its exit code.
pub fn run() -> ExitCode {
    let code = match args::Arguments::parse().command {
        args::Command::Run(options) => commands::run(&options),
        args::Command::Check(options) => commands::check(&options),
    };
    ExitCode::from(code)
}
