//! Showing faults: file, line, column, the offending text and a remedy, as the Rust compiler does.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::colour;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
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
    let title = level.primary_title(fault.message.get(language)).id(fault.code);
    let group = Group::with_title(title);
    let group = match diagnostics.files.get(fault.span.file.0 as usize) {
        Some(file) => {
            let (start, end) = (fault.span.start.min(file.text.len()), fault.span.end.min(file.text.len()));
            let path = file.path.to_string_lossy().into_owned();
            group.element(
                Snippet::source(file.text.as_str()).path(path).annotation(AnnotationKind::Primary.span(start..end)),
            )
        }
        None => group,
    };
    group.element(help.message(fault.remedy.get(language)))
}
