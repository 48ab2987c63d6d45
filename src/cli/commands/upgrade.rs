//! `civicap upgrade`: carries older scenarios over to the names of today, and says what it changed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::run_folder::{Replacement, replace_all};
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{diagnostics, visible};
use crate::language::{Language, Text};
use crate::scenario::{Replaced, UpgradedFile, upgrade as upgraded};
use crate::text;

/// Options of `upgrade`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(required = true, value_name = "FILE", help = both(
        "Scenario files (.toml); the files that they extend and their tables are carried over with them",
        "方案文件（.toml）；所引用的基础方案和各表一并改"))]
    pub files: Vec<PathBuf>,
    #[arg(long, help = both("Change nothing; exit with 2 if something would change", "不改动文件；需要改动时退出码为 2"))]
    pub check: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap upgrade`.
pub(crate) fn upgrade(options: &Options) -> Done {
    let language = options.output.language();
    let (mut changed, mut said) = (0, String::new());
    for file in &options.files {
        let files = upgraded(file).map_err(|found| {
            diagnostics::show(&found, language);
            Failure::shown()
        })?;
        if !options.check {
            write(&files).map_err(Failure::failed)?;
        }
        changed += files.iter().filter(|file| file.changes()).count();
        for file in &files {
            said.push_str(&told(file, language));
        }
    }
    if !options.output.quiet {
        said.push_str(counted(changed, options.check).get(language));
        print(&said)?;
    }
    if options.check && changed > 0 { Err(Failure::shown()) } else { Ok(()) }
}

/// Writes the files that differ: all of them, or none.
fn write(files: &[UpgradedFile]) -> Result<(), Text> {
    let differing = files.iter().filter(|file| file.changes());
    let replacements: Vec<Replacement<'_>> = differing
        .map(|file| Replacement {
            path: real(&file.path),
            before: file.before.as_bytes(),
            after: file.after.as_bytes(),
        })
        .collect();
    replace_all(&replacements)
}

/// The file itself, where a link names it.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// What was changed in a file, one word a line.
fn told(file: &UpgradedFile, language: Language) -> String {
    let shown = visible::path(&file.path);
    let mut said = String::new();
    for Replaced { line, from, to } in &file.replaced {
        if from.is_empty() {
            said.push_str(&format!("{shown}:{line}: + {to}\n"));
        } else {
            said.push_str(&format!("{shown}:{line}: {from} -> {to}\n"));
        }
    }
    for Replaced { line, from, to } in &file.doubled {
        let left = text!(
            "{shown}:{line}: `{from}` is called `{to}` now, which is there as well; left as it is: keep one of the two\n",
            "{shown}:{line}：`{from}` 现名 `{to}`，而 `{to}` 已另有一处；未改动，请只保留一处\n"
        );
        said.push_str(left.get(language));
    }
    said
}

fn counted(files: usize, only_checked: bool) -> Text {
    match (files, only_checked) {
        (0, _) => Text::new("nothing to change\n", "无需改动\n"),
        (files, true) => text!("{files} file(s) would change\n", "共 {files} 个文件需要改动\n"),
        (files, false) => text!("{files} file(s) changed\n", "共改动 {files} 个文件\n"),
    }
}
