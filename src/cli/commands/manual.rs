//! `civicap completions` and `civicap man`, made from the same declarations as the help.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use super::{complain, say};
use crate::cli::args::{Arguments, OutputArgs};
use crate::cli::exit;
use crate::text;

/// Options of `completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write civicap.1 and a page for each command into this folder instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap completions`.
pub(crate) fn completions(options: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "civicap", &mut script);
    say(&String::from_utf8_lossy(&script));
    exit::SUCCESS
}

/// `civicap man`.
pub(crate) fn man(options: &Man) -> u8 {
    let language = options.voice.language();
    let Some(folder) = &options.out else {
        let mut page = Vec::new();
        // Writing to memory cannot fail.
        let _ = Page::new(Arguments::command()).render(&mut page);
        say(&String::from_utf8_lossy(&page));
        return exit::SUCCESS;
    };
    let shown = folder.display();
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    match written {
        Ok(()) => exit::SUCCESS,
        Err(reason) => {
            let failure = text!("cannot write to {shown}: {reason}", "无法写入 {shown}：{reason}");
            complain(&failure, language, exit::FAILURE)
        }
    }
}
