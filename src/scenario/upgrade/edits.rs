//! Replacements of words in a file, and the file before and after them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::input::Column;

/// A file of a scenario, before and after.
#[derive(Debug)]
pub struct UpgradedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it held.
    pub before: String,
    /// What it should hold.
    pub after: String,
    /// The words that were replaced, in the order of the file.
    pub replaced: Vec<Replaced>,
    /// Words that could not be replaced because their new name is there as well.
    pub doubled: Vec<Replaced>,
}

/// A word that has another name now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its line, from 1.
    pub line: usize,
    /// What stood there; empty where a line was added.
    pub from: String,
    /// What stands there now.
    pub to: String,
}

impl UpgradedFile {
    /// Whether anything differs.
    pub fn changes(&self) -> bool {
        self.before != self.after
    }
}

/// One replacement of bytes.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) at: Range<usize>,
    pub(super) from: String,
    pub(super) to: String,
    /// What is written, where it is more than the word: quotes, or a whole line.
    pub(super) written: String,
}

/// The edits of one file and those that had to be left.
#[derive(Debug, Default)]
pub(super) struct Edits {
    pub(super) made: Vec<Edit>,
    pub(super) doubled: Vec<Edit>,
}

/// A table that a document names, and where.
pub(super) struct NamedTable {
    pub(super) name: String,
    pub(super) at: Range<usize>,
    pub(super) columns: &'static [Column],
}

/// A file with its edits made.
pub(super) fn edited(path: &Path, mark: &str, body: &str, mut edits: Edits) -> UpgradedFile {
    edits.made.sort_by_key(|edit| edit.at.start);
    let mut after = mark.to_owned();
    let mut at = 0;
    for edit in &edits.made {
        after.push_str(&body[at..edit.at.start]);
        after.push_str(&edit.written);
        at = edit.at.end;
    }
    after.push_str(&body[at..]);
    let listed = |edits: &[Edit]| {
        let line = |edit: &Edit| body[..edit.at.start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        edits.iter().map(|edit| Replaced { line: line(edit), from: edit.from.clone(), to: edit.to.clone() }).collect()
    };
    let (replaced, doubled) = (listed(&edits.made), listed(&edits.doubled));
    UpgradedFile { path: path.to_owned(), before: format!("{mark}{body}"), after, replaced, doubled }
}
