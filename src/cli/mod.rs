//! The command line: the only room that reads arguments, prints, writes files and decides exit codes.

mod args;
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

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

/// Every command and option, as the documentation may show them.
pub fn command() -> clap::Command {
    args::Arguments::command()
}

/// Runs the command that was typed and returns its exit code.
pub fn run() -> ExitCode {
    interrupt::bear_limits();
    ExitCode::from(commands::carry_out(&args::Arguments::parse().command))
}
