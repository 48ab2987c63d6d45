//! Showing faults: file, line, column, the offending text and a remedy, as the Rust compiler does.

use std::io::Write;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{colour, visible};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceFile, line_around};
use crate::language::Language;

/// Most faults shown at once: beyond it a planner mends and checks again.
const MOST_SHOWN: usize = 50;

/// Most faults with the same words shown: one wrong name in a table is often wrong in every row.
const MOST_ALIKE: usize = 3;

/// Writes all faults to standard error.
pub(super) fn show(diagnostics: &Diagnostics, language: Language) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(render(diagnostics, language, colour::on_stderr()).as_bytes());
}

/// All faults as text.
pub(super) fn render(diagnostics: &Diagnostics, language: Language, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    let mut shown: Vec<&Diagnostic> = Vec::new();
    for fault in diagnostics.list.iter().take(MOST_SHOWN) {
        let alike = |other: &&&Diagnostic| other.code == fault.code && other.message == fault.message;
        if shown.iter().filter(alike).count() >= MOST_ALIKE {
            continue;
        }
        shown.push(fault);
        text.push_str(&renderer.render(&[group(diagnostics, fault, language)]));
        text.push_str("\n\n");
    }
    let (errors, warnings) = (diagnostics.errors, diagnostics.warnings);
    let left = errors + warnings - shown.len();
    if left > 0 {
        text.push_str(&match language {
            Language::En => format!("... and {left} more of the same kinds\n\n"),
            Language::Zh => format!("……另有 {left} 处同类问题\n\n"),
        });
    }
    let counts = match language {
        Language::En => format!("{errors} error(s), {warnings} warning(s)\n"),
        Language::Zh => format!("共 {errors} 处错误，{warnings} 处提醒\n"),
    };
    text.push_str(&counts);
    text
}

fn group<'a>(diagnostics: &'a Diagnostics, fault: &'a Diagnostic, language: Language) -> Group<'a> {
    let level = match (fault.severity, language) {
        (Severity::Error, Language::En) => Level::ERROR,
        (Severity::Error, Language::Zh) => Level::ERROR.with_name("错误"),
        (Severity::Warning, Language::En) => Level::WARNING,
        (Severity::Warning, Language::Zh) => Level::WARNING.with_name("提醒"),
    };
    let help = match language {
        Language::En => Level::HELP,
        Language::Zh => Level::HELP.with_name("改法"),
    };
    let title = level.primary_title(visible::message(fault.message.get(language))).id(fault.code);
    let group = Group::with_title(title);
    let group = match diagnostics.files.get(fault.span.file.0 as usize) {
        Some(file) => group.element(quoted(file, fault)),
        None => group,
    };
    group.element(help.message(visible::message(fault.remedy.get(language))))
}

/// Longest piece of a line that is quoted before and after the fault, in bytes.
const AROUND: usize = 2_000;

/// The line of a fault, or the part of a long one that is around it, with what is hidden in it made visible.
fn quoted<'a>(file: &SourceFile, fault: &Diagnostic) -> Snippet<'a, Annotation<'a>> {
    let text = &file.text;
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(fault.span.start.min(text.len()));
    let end = boundary(fault.span.end.clamp(start, text.len()).min(start + AROUND));
    let line = line_around(text, start);
    let from = line.start.max(boundary(start.saturating_sub(AROUND)));
    let last = line_around(text, end.max(start));
    let to = last.end.min(boundary((end + AROUND).min(text.len()))).max(end);
    let before = visible::line(&text[from..start]);
    let marked = visible::line(&text[start..end]);
    let shown = format!("{before}{marked}{}", visible::line(&text[end..to]));
    let number = text[..from].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let at = before.len()..before.len() + marked.len();
    // Where only a part of the line is shown, its columns are counted from the first that is.
    Snippet::source(shown)
        .line_start(number)
        .path(visible::path(&file.path))
        .annotation(AnnotationKind::Primary.span(at))
}
