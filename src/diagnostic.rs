//! Faults in what a planner wrote: what is wrong, where in which file, and what to write instead.
//!
//! Faults are collected, never thrown: [`DiagnosticSink`] takes them from anywhere in the reading of a scenario, so that nine
//! mistakes give nine messages. Rendering them is the command line's business.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::language::Text;

/// One file that was read, kept so that a message can quote it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user gave it or as another file named it; of words that were typed, where (`--set 1`).
    pub path: PathBuf,
    /// Its whole text.
    pub text: String,
    /// Whether it is no file, but was typed beside one.
    pub typed: bool,
}

/// Which of the files read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A stretch of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can, but the planner should look.
    Warning,
}

/// One fault with its place and its remedy.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// A stable code such as `unknown-key`; each is a constant of [`code`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong, as a lower-case fragment.
    pub message: Text,
    /// What to write instead.
    pub remedy: Text,
}

/// What is wrong and what to write instead, before it has a place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// A stable code of [`code`].
    pub code: &'static str,
    /// What is wrong, as a lower-case fragment.
    pub message: Text,
    /// What to write instead.
    pub remedy: Text,
}

/// The stable codes of faults. A test holds one bad file for each.
pub mod code {
    /// The file is not TOML.
    pub const SYNTAX: &str = "syntax";
    /// The file is written in another version of the format.
    pub const FORMAT: &str = "format";
    /// A file cannot be opened or is not UTF-8.
    pub const FILE: &str = "file";
    /// A key that civicap does not know.
    pub const UNKNOWN_KEY: &str = "unknown-key";
    /// A key that must be given and is not.
    pub const MISSING_KEY: &str = "missing-key";
    /// A value of the wrong kind, such as text for a number.
    pub const WRONG_KIND: &str = "wrong-kind";
    /// A number outside its range.
    pub const OUT_OF_RANGE: &str = "out-of-range";
    /// A word that is not one of the choices.
    pub const UNKNOWN_CHOICE: &str = "unknown-choice";
    /// A name that refers to nothing (an area, a project, a stage).
    pub const UNKNOWN_NAME: &str = "unknown-name";
    /// A law of uncertainty whose parts do not fit together.
    pub const LAW: &str = "law";
    /// A table without a column it needs, or with one it should not have.
    pub const COLUMN: &str = "column";
    /// A text with a character that shows nothing but moves what others show.
    pub const HIDDEN: &str = "hidden-character";
    /// A cell of a table that cannot be read.
    pub const CELL: &str = "cell";
    /// A table with a row missing, given twice or too many.
    pub const ROW: &str = "row";
    /// A map of the areas that cannot be drawn.
    pub const MAP: &str = "map";
    /// `extends` that leads back to itself, too deep, or out of the scenario's folder tree.
    pub const EXTENDS: &str = "extends";
    /// Values that contradict each other.
    pub const CONTRADICTION: &str = "contradiction";
    /// A key or a cell that is read and cannot act.
    pub const IDLE: &str = "idle";
    /// An assumption that the planner should confirm.
    pub const CAUTION: &str = "caution";
}

/// Most errors, and most warnings, that are kept; a hostile file may have millions, and nobody reads more.
const MOST_KEPT: usize = 2_000;

/// The files read and the faults found in them so far.
#[derive(Debug, Default)]
pub struct DiagnosticSink {
    files: RefCell<Vec<SourceFile>>,
    found: RefCell<Vec<Diagnostic>>,
    errors: Cell<usize>,
    warnings: Cell<usize>,
    syntax: Cell<bool>,
}

impl DiagnosticSink {
    /// Remembers a file so that spans can point into it.
    pub fn add_file(&self, path: &Path, text: String) -> FileId {
        self.add(SourceFile { path: path.to_owned(), text, typed: false })
    }

    /// Remembers words that were typed beside the files, so that spans can point into them.
    pub fn add_typed(&self, place: &str, text: String) -> FileId {
        self.add(SourceFile { path: place.into(), text, typed: true })
    }

    fn add(&self, file: SourceFile) -> FileId {
        let mut files = self.files.borrow_mut();
        files.push(file);
        FileId(files.len() as u32 - 1)
    }

    /// Notes an error.
    pub fn error(&self, code: &'static str, span: Span, message: Text, remedy: Text) {
        self.note(Severity::Error, code, span, message, remedy);
    }

    /// Notes a warning.
    pub fn warn(&self, code: &'static str, span: Span, message: Text, remedy: Text) {
        self.note(Severity::Warning, code, span, message, remedy);
    }

    /// Notes what makes a run impossible.
    pub fn refuse(&self, span: Span, finding: Finding) {
        self.note(Severity::Error, finding.code, span, finding.message, finding.remedy);
    }

    /// Notes what the planner should look at.
    pub fn caution(&self, span: Span, finding: Finding) {
        self.note(Severity::Warning, finding.code, span, finding.message, finding.remedy);
    }

    fn note(&self, severity: Severity, code: &'static str, span: Span, message: Text, remedy: Text) {
        let count = if severity == Severity::Error { &self.errors } else { &self.warnings };
        count.set(count.get() + 1);
        if code == code::SYNTAX {
            self.syntax.set(true);
        }
        if count.get() <= MOST_KEPT {
            self.found.borrow_mut().push(Diagnostic { code, severity, span, message, remedy });
        }
    }

    /// How many errors so far.
    pub fn errors(&self) -> usize {
        self.errors.get()
    }

    /// Whether more errors were found than are kept, so that what is said of another is never read.
    pub fn is_full(&self) -> bool {
        self.errors.get() >= MOST_KEPT
    }

    /// Whether any file is not TOML: then what seems missing may only be unreadable.
    pub fn has_syntax_errors(&self) -> bool {
        self.syntax.get()
    }

    /// The line (from 1) in which a span begins.
    pub fn line(&self, span: Span) -> usize {
        let files = self.files.borrow();
        let text = files.get(span.file.0 as usize).map_or("", |file| file.text.as_str());
        let before = &text.as_bytes()[..span.start.min(text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// The path of a file read.
    pub fn path(&self, file: FileId) -> PathBuf {
        self.files.borrow().get(file.0 as usize).map(|f| f.path.clone()).unwrap_or_default()
    }

    /// The folder that names in a file are seen from: its own, and that of the first file for words that were typed.
    pub fn folder(&self, file: FileId) -> PathBuf {
        let files = self.files.borrow();
        let file = files.get(file.0 as usize).filter(|file| !file.typed).or(files.first());
        file.and_then(|file| file.path.parent()).map(Path::to_owned).unwrap_or_default()
    }

    /// Everything found, in the order of files and places, and the files.
    ///
    /// Of a line that is not TOML only that is told: what else was found on it says what the reader made of the rest.
    pub fn finish(self) -> Diagnostics {
        let (files, mut list) = (self.files.into_inner(), self.found.into_inner());
        let (mut errors, mut warnings) = (self.errors.get(), self.warnings.get());
        list.sort_by_key(|d| d.span);
        let garbled: Vec<Span> = list
            .iter()
            .filter(|fault| fault.code == code::SYNTAX)
            .filter_map(|Diagnostic { span, .. }| {
                let line = line_around(&files.get(span.file.0 as usize)?.text, span.start);
                Some(Span { file: span.file, start: line.start, end: line.end })
            })
            .collect();
        list.retain(|fault| {
            let before = garbled.partition_point(|line| (line.file, line.start) <= (fault.span.file, fault.span.start));
            let on_it = before.checked_sub(1).map(|at| garbled[at]).is_some_and(|line| {
                line.file == fault.span.file && fault.span.start <= line.end && fault.code != code::SYNTAX
            });
            if on_it {
                let count = if fault.severity == Severity::Error { &mut errors } else { &mut warnings };
                *count = count.saturating_sub(1);
            }
            !on_it
        });
        // A section that is opened twice says its warnings twice.
        list.dedup_by(|a, b| {
            let same = (a.span, a.code, a.severity) == (b.span, b.code, b.severity) && a.message == b.message;
            let count = if a.severity == Severity::Error { &mut errors } else { &mut warnings };
            *count = count.saturating_sub(usize::from(same));
            same
        });
        Diagnostics { files, list, errors, warnings }
    }
}

/// The line that holds a byte, without its end.
pub(crate) fn line_around(text: &str, at: usize) -> Range<usize> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    start..end
}

/// All faults of a reading, ready to be shown.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// The files that spans point into.
    pub files: Vec<SourceFile>,
    /// The faults in the order of their places: all, or as many as anybody reads.
    pub list: Vec<Diagnostic>,
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings there are.
    pub warnings: usize,
}

impl Diagnostics {
    /// Whether any fault forbids a run.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Line and column (both from 1, columns in characters) of a byte of a file.
    pub fn line_and_column(&self, file: FileId, byte: usize) -> (usize, usize) {
        let text = self.files.get(file.0 as usize).map_or("", |f| f.text.as_str());
        let mut end = byte.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
