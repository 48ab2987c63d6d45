//! `civicap completions` and `civicap man`, made from the same declarations as the help.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man as Page;

use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::SingleFile;
use crate::cli::talk::{Done, Failure, print};

/// Options of `completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    #[arg(value_enum, help = both("The shell", "命令行环境：bash、elvish、fish、powershell 或 zsh"))]
    pub shell: Shell,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    #[arg(long, value_name = "DIR", help = both("Write civicap.1 and a page for each command into this folder instead",
        "把 civicap.1 和各命令的手册页写入此文件夹"))]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap completions`.
pub(crate) fn completions(options: &Completions, mut command: Command) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "civicap", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// `civicap man`.
pub(crate) fn man(options: &Man, mut command: Command) -> Done {
    let Some(folder) = &options.out else {
        return print(&page(command).1);
    };
    command.build();
    let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help").cloned();
    let pages: Vec<(String, String)> = inner.chain([command.clone()]).map(page).collect();
    for (name, text) in pages {
        // Pages are made anew by every version.
        let file = SingleFile::claim(folder, &name, Path::is_file)?;
        file.write(text.as_bytes()).map_err(Failure::failed)?;
    }
    Ok(())
}

/// The name of a manual page and its text.
fn page(command: Command) -> (String, String) {
    let page = Page::new(command);
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = page.render(&mut text);
    (page.get_filename(), String::from_utf8_lossy(&text).into_owned())
}
