//! The `civicap` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    civicap::cli::run()
}
