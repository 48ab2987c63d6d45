//! `civicap report`: the pages of a finished run, comparison or appraisal again, without simulating.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::bilingual::both;
use crate::cli::output_args::{OpenArgs, OutputArgs};
use crate::cli::run_folder::{RunFolder, SingleFile, open_finished};
use crate::cli::talk::{Done, Failure, print};
use crate::cli::{colour, json, report_files, terminal_width, values, visible};
use crate::language::Text;
use crate::report::report_json::{self, RecordKind, Refusal};
use crate::report::{Report, terminal};
use crate::text;

/// Options of `report`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The folder of a finished run, comparison or appraisal", "已完成的运行、比较或项目价值的文件夹"))]
    pub run: PathBuf,
    #[arg(long, value_name = "DIR", help = both(
        "Another folder for the pages [default: the run's own, where they take the place of those made before]",
        "报告写入另一文件夹 [默认：运行所在文件夹，替换原有报告]"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace pages in the folder named by --out", "替换 --out 所指文件夹中的报告"))]
    pub overwrite: bool,
    #[arg(long, default_value_t = 0, value_parser = values::threads, allow_negative_numbers = true,
        help = both("Threads; 0 for one a core", "线程数；0 为每个处理器核心一个 [默认：0]"))]
    pub threads: u16,
    #[arg(long, conflicts_with = "json", help = both("Print the whole report, not only the verdicts", "输出整份报告，而不只是结论"))]
    pub whole: bool,
    #[arg(long, help = both("Print the names of the files as JSON", "以 JSON 输出文件名"))]
    pub json: bool,
    #[command(flatten)]
    pub forms: FormArgs,
    #[command(flatten)]
    pub then: OpenArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

const NO_BRIEF: Text = Text::new(
    "a brief is made of a run, and this folder holds a comparison or an appraisal\nhelp: name the folder of `civicap run`",
    "简报只能由一次运行生成，而该文件夹为比较或项目价值的结果\n改法：请指定 `civicap run` 的结果文件夹",
);

/// Forms of a report that are made when they are asked for.
#[derive(Debug, Args)]
pub(crate) struct FormArgs {
    #[arg(long, help = both("Also write a brief of two to four pages for people who decide, as brief.docx",
        "另写一份供决策者阅读的简报（2—4 页，brief.docx）"))]
    pub brief: bool,
}

/// `civicap report`.
pub(crate) fn report(options: &Options) -> Done {
    let language = options.output.language();
    let (kind, report) = kept(&options.run).map_err(Failure::bad_input)?;
    let mut pages = report_files::render(kind, &report, language).map_err(Failure::failed)?.to_vec();
    if options.forms.brief {
        if kind != RecordKind::Run {
            return Err(Failure::bad_input(NO_BRIEF));
        }
        pages.push(report_files::brief(&report, language).map_err(Failure::failed)?);
    }
    let files = match &options.out {
        Some(folder) => written_elsewhere(folder, &pages, options.overwrite)?,
        None => written_again(&options.run, &pages)?,
    };
    if options.then.open {
        report_files::open(kind, options.out.as_deref().unwrap_or(&options.run))?;
    }
    if options.output.quiet {
        return Ok(());
    }
    if options.json {
        return print(&json::rendered(kind, &files));
    }
    let said = if options.whole {
        terminal::render(&report, language, colour::on_stdout(), terminal_width::width())
    } else {
        report_files::in_short(kind, &report, language)
    };
    print(&(said + &report_files::list(&files, language)))
}

/// The pages in another folder.
fn written_elsewhere(folder: &Path, pages: &[(String, Vec<u8>)], overwrite: bool) -> Done<Vec<PathBuf>> {
    let mut claimed = Vec::with_capacity(pages.len());
    for (name, _) in pages {
        claimed.push(SingleFile::claim(folder, name, |_| overwrite)?);
    }
    let written = claimed.iter().zip(pages).map(|(file, (_, bytes))| file.write(bytes));
    written.collect::<Result<_, _>>().map_err(Failure::failed)
}

/// The pages in the folder of the run, in one step with its manifest.
fn written_again(run: &Path, pages: &[(String, Vec<u8>)]) -> Done<Vec<PathBuf>> {
    let mut folder = RunFolder::claim_finished(run)?;
    let mut files = Vec::with_capacity(pages.len());
    for (name, bytes) in pages {
        files.push(folder.write(name, bytes).map_err(Failure::failed)?);
    }
    folder.seal_again().map_err(Failure::failed)?;
    Ok(files)
}

/// The report that a finished run has kept.
fn kept(folder: &Path) -> Result<(RecordKind, Report), Text> {
    let run = open_finished(folder)?;
    let shown = visible::path(&folder.join(report_files::RECORD));
    let bytes = run.read(report_files::RECORD)?;
    let text = String::from_utf8_lossy(&bytes);
    report_json::read(&text).map_err(|refusal| {
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
