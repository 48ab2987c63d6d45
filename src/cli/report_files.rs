//! The forms of a report in a folder, and what the terminal shows of it: the same for a run that ends now and for one
//! that is rendered again.

use std::path::{Path, PathBuf};

use super::run_folder::RunFolder;
use super::system_errors::in_words;
use super::talk::Failure;
use super::{colour, terminal_width, threads, visible};
use crate::language::{Language, Text};
use crate::report::report_json::{self, RecordKind};
use crate::report::{Report, docx, html, terminal, xlsx};
use crate::text;

/// Name of the file that a report is rendered from again.
pub(super) const RECORD: &str = "report.json";

/// Name of the pages of a kind, without ending.
pub(super) const fn stem(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Run => "report",
        RecordKind::Comparison => "comparison",
        RecordKind::Projects => "projects",
        RecordKind::Need => "need",
    }
}

/// Names of the pages of a kind: what [`render`] makes.
pub(super) fn names(kind: RecordKind) -> [String; 2] {
    [format!("{}.html", stem(kind)), format!("{}.xlsx", stem(kind))]
}

/// Lays a report out for people: the page and the workbook, by name.
///
/// # Errors
/// When the report is larger than a workbook may be.
pub(super) fn render(kind: RecordKind, report: &Report, language: Language) -> Result<[(String, Vec<u8>); 2], Text> {
    let (page, workbook) =
        rayon::join(|| html::render(report, language), || threads::unless_refused(|| xlsx::render(report, language)));
    let workbook = workbook.ok_or_else(|| {
        Text::new(
            "the system gives no thread for the workbook\nhelp: close other programs, or raise the limit (`ulimit -u`)",
            "系统无法为生成工作簿提供线程\n改法：请关闭其他程序，或提高上限（`ulimit -u`）",
        )
    })?;
    let [html, xlsx] = names(kind);
    let workbook = workbook.map_err(|reason| text!("cannot make {xlsx}: {reason}", "无法生成 {xlsx}：{reason}"))?;
    Ok([(html, page.into_bytes()), (xlsx, workbook)])
}

/// Name of the brief.
pub(super) const BRIEF: &str = "brief.docx";

/// Lays a report out as a brief.
///
/// # Errors
/// When the document cannot be put together.
pub(super) fn brief(report: &Report, language: Language) -> Result<(String, Vec<u8>), Text> {
    let bytes = docx::render(report, language)
        .map_err(|reason| text!("cannot make {BRIEF}: {reason}", "无法生成 {BRIEF}：{reason}"))?;
    Ok((BRIEF.to_owned(), bytes))
}

/// Writes a report in all its forms aside, in the folder of a run.
///
/// # Errors
/// When the disk refuses, or the report is larger than a workbook may be.
pub(super) fn write(
    folder: &RunFolder,
    kind: RecordKind,
    report: &Report,
    language: Language,
) -> Result<Vec<PathBuf>, Text> {
    let mut files = Vec::new();
    for (name, bytes) in render(kind, report, language)? {
        files.push(folder.write(&name, &bytes)?);
    }
    files.push(folder.write(RECORD, report_json::write(kind, report).as_bytes())?);
    Ok(files)
}

/// What the terminal shows of a report when nothing else is asked for.
pub(super) fn in_short(kind: RecordKind, report: &Report, language: Language) -> String {
    let chosen = |key: &str| match kind {
        RecordKind::Run => false,
        RecordKind::Comparison => key == "verdicts" || key.starts_with("moved") || key.starts_with("actuals"),
        RecordKind::Projects => key == "projects",
        RecordKind::Need => key == "need",
    };
    if kind == RecordKind::Run {
        return terminal::verdicts(report, language, colour::on_stdout(), terminal_width::width());
    }
    let keys: Vec<&str> = report.sections.iter().map(|s| s.key.as_str()).filter(|key| chosen(key)).collect();
    terminal::sections(report, &keys, language, colour::on_stdout(), terminal_width::width())
}

/// Opens the page of a report in the planner's browser.
///
/// # Errors
/// When the system has nothing to open it with.
pub(super) fn open(kind: RecordKind, folder: &Path) -> Result<(), Failure> {
    let [page, _] = names(kind);
    let page = folder.join(page);
    open::that_detached(&page).map_err(|reason| {
        let (shown, reason) = (visible::path(&page), in_words(&reason));
        let (en, zh) = (&reason.en, &reason.zh);
        Failure::failed(text!(
            "the report is written, but cannot be opened: {en}\nhelp: open {shown} in a browser",
            "报告已写成，但无法自动打开：{zh}\n改法：请用浏览器打开 {shown}"
        ))
    })
}

/// The list of files that were written.
pub(super) fn list(files: &[PathBuf], language: Language) -> String {
    let heading = match language {
        Language::En => "\nfiles:\n",
        Language::Zh => "\n文件：\n",
    };
    files.iter().fold(heading.to_owned(), |said, file| said + &format!("  {}\n", visible::path(file)))
}
