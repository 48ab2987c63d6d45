//! The command line: the only room that reads arguments, prints, writes files and decides exit codes.

mod args;
mod commands;
mod exit;
mod faults;
mod manifest;
mod output;
mod progress;
mod starter;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command that was typed and returns its exit code.
pub fn run() -> ExitCode {
    ExitCode::from(commands::carry_out(&args::Arguments::parse().command))
}
