//! `civicap report`: the pages of a finished run, comparison or study of projects again, without simulating.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{complain, say};
use crate::cli::args::OutputArgs;
use crate::cli::output::{MANIFEST, claim, write_new};
use crate::cli::{colour, exit, json, pages, screen};
use crate::language::{Language, Text};
use crate::report::record::{self, RecordKind, Refusal};
use crate::report::{Report, terminal};
use crate::text;

/// Options of `report`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of a finished run, comparison or study of projects
    pub run: PathBuf,
    /// Another folder for the pages [default: the run's own, where they take the place of those made before]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace pages in the folder named by --out
    #[arg(long)]
    pub overwrite: bool,
    /// Print the whole report, not only the verdicts
    #[arg(long, conflicts_with = "json")]
    pub whole: bool,
    /// Print the names of the files as JSON
    #[arg(long)]
    pub json: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: OutputArgs,
}

/// `civicap report`.
pub(crate) fn report(options: &Options) -> u8 {
    let language = options.voice.language();
    match dispatch(options, language) {
        Ok(said) => {
            if !options.voice.quiet {
                say(&said);
            }
            exit::SUCCESS
        }
        Err((code, failure)) => complain(&failure, language, code),
    }
}

fn dispatch(options: &Options, language: Language) -> Result<String, (u8, Text)> {
    let (kind, report) = kept(&options.run).map_err(|failure| (exit::BAD_INPUT, failure))?;
    let mut files = Vec::new();
    let rendered = pages::render(kind, &report, language).map_err(|failure| (exit::FAILURE, failure))?;
    let folder = options.out.as_ref().unwrap_or(&options.run);
    for (name, _) in &rendered {
        claim(folder, name, options.overwrite || options.out.is_none())?;
    }
    for (name, bytes) in rendered {
        files.push(write_new(folder, &name, &bytes).map_err(|failure| (exit::FAILURE, failure))?);
    }
    if options.json {
        return Ok(json::rendered(kind, &files));
    }
    let said = if options.whole {
        terminal::render(&report, language, colour::on_stdout(), screen::width())
    } else {
        pages::in_short(kind, &report, language)
    };
    Ok(said + &pages::list(&files, language))
}

/// The report that a finished run has kept.
fn kept(folder: &Path) -> Result<(RecordKind, Report), Text> {
    let shown = folder.display();
    if !folder.join(MANIFEST).is_file() {
        return Err(text!(
            "{shown} holds no finished run\nhelp: name the folder that `civicap run`, `compare` or `projects` wrote, with its manifest.json",
            "{shown} 中没有已完成的运行\n改法：请指定 `civicap run`、`compare` 或 `projects` 生成的、含 manifest.json 的文件夹"
        ));
    }
    let file = folder.join(pages::RECORD);
    let shown = file.display();
    let text = fs::read_to_string(&file).map_err(|reason| {
        text!(
            "cannot read {shown}: {reason}\nhelp: simulate once more with --overwrite, with this version of civicap",
            "无法读取 {shown}：{reason}\n改法：用本版本的 civicap 加 --overwrite 重新运行一次"
        )
    })?;
    record::read(&text).map_err(|refusal| {
        let own = env!("CARGO_PKG_VERSION");
        match refusal {
            Refusal::OtherFormat(other) => text!(
                "{shown} was written by civicap {other}, in a form that civicap {own} does not read\nhelp: render it with \
                 that version, or simulate once more with this one and --overwrite",
                "{shown} 由 civicap {other} 写成，civicap {own} 无法读取该格式\n改法：用原版本生成报告，或用本版本加 --overwrite 重新运行"
            ),
            Refusal::Damaged => text!(
                "{shown} is damaged, or was changed after it was written\nhelp: bring back the file as it was, or simulate \
                 once more with --overwrite",
                "{shown} 已损坏或被改动\n改法：恢复原文件，或加 --overwrite 重新运行"
            ),
        }
    })
}
