//! `civicap upgrade`: an older scenario in the words of today.
//!
//! Keys and columns know what they were called ([`KeyDef::formerly`](crate::input::KeyDef), `Column::formerly`); nothing
//! else is needed to carry a file over. Only the renamed words are replaced, at the bytes where they stand: comments,
//! layout, line ends and quotes stay as they were, and so does whatever is unknown or faulty otherwise.
//!
//! Order: the scenario, then the file that it `extends`, and so on; then the tables that these name, each file once. The
//! files are returned, not written: whether the disk is touched is for the command line to decide.

mod edits;
mod headings;
mod keys;
mod metrics;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use self::edits::edited;
pub use self::edits::{Replaced, UpgradedFile};
use super::document::KEYS;
use crate::diagnostic::{Diagnostics, Span};
use crate::input::value::parse;
use crate::input::{Column, LoadSession, file};

/// The files of the scenario at `path`, each carried over to the names of today.
///
/// # Errors
/// The faults, when the scenario cannot be read or is no TOML.
pub fn upgrade(path: &Path) -> Result<Vec<UpgradedFile>, Diagnostics> {
    let mut walk = Walk { files: Vec::new(), seen: BTreeSet::new() };
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        next = walk.document(&path)?;
    }
    Ok(walk.files)
}

/// The files found so far.
struct Walk {
    files: Vec<UpgradedFile>,
    seen: BTreeSet<PathBuf>,
}

impl Walk {
    /// Whether a file was not seen yet: two keys may name one table.
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
    }

    /// Carries over one document and its tables; the file that it extends.
    fn document(&mut self, path: &Path) -> Result<Option<PathBuf>, Diagnostics> {
        let session = LoadSession::default();
        let first = self.files.is_empty();
        if !self.is_new(path) {
            return Ok(None);
        }
        let Some((id, text)) = file::open_as_written(&session, path, None) else {
            // A base that cannot be read is a fault of the scenario for `check` to tell.
            return if first { Err(session.diagnostics.finish()) } else { Ok(None) };
        };
        let (mark, body) = apart(&text);
        let Some(found) = keys::read(body, KEYS.as_slice()) else {
            parse(body, id, &session.diagnostics);
            return if session.diagnostics.errors() > 0 { Err(session.diagnostics.finish()) } else { Ok(None) };
        };
        self.files.push(edited(path, mark, body, found.edits));
        let span = |at: &Range<usize>| Span { file: id, start: at.start, end: at.end };
        for table in &found.tables {
            if let Some(path) = file::resolve(&session, &table.name, span(&table.at)) {
                self.table(&path, table.columns);
            }
        }
        Ok(found.extends.and_then(|(name, at)| file::resolve(&session, &name, span(&at))))
    }

    /// Carries over one table. One that cannot be read is left for `check` to tell.
    fn table(&mut self, path: &Path, columns: &'static [Column]) {
        if !self.is_new(path) {
            return;
        }
        if let Some((_, text)) = file::open_as_written(&LoadSession::default(), path, None) {
            let (mark, body) = apart(&text);
            self.files.push(edited(path, mark, body, headings::read(body, columns)));
        }
    }
}

/// A byte-order mark, and the text after it.
fn apart(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::input::lookup::inside;
    use crate::input::{KeyDef, ValueKind};

    /// Every section of the scenario with its keys.
    fn sections(keys: &'static [KeyDef], path: &str, visit: &mut impl FnMut(&str, &'static [KeyDef])) {
        visit(path, keys);
        for key in keys {
            sections_below(key, path, visit);
        }
    }

    fn sections_below(key: &'static KeyDef, path: &str, visit: &mut impl FnMut(&str, &'static [KeyDef])) {
        let inner = inside(key);
        if !inner.is_empty() {
            sections(inner, &format!("{path}.{}", key.name), visit);
        }
    }

    /// Otherwise a file could not be carried over without knowing its format, and twice would be more than once.
    #[test]
    fn no_former_name_is_a_present_one_of_the_same_section_or_of_two_keys() {
        sections(KEYS.as_slice(), "", &mut |path, keys| {
            let mut known: BTreeMap<&str, usize> = keys.iter().map(|key| (key.name, 0)).collect();
            assert_eq!(known.len(), keys.len(), "{path}: a key twice");
            for (i, key) in keys.iter().enumerate() {
                for old in key.formerly {
                    assert!(
                        known.insert(old, i).is_none(),
                        "{path}: `{old}`, once `{}`, is something else too",
                        key.name
                    );
                }
                if let ValueKind::Csv(columns) = key.kind {
                    let mut known: Vec<&str> = columns.iter().map(|column| column.name).collect();
                    known.extend(columns.iter().flat_map(|column| column.formerly));
                    let all = known.len();
                    known.sort_unstable();
                    known.dedup();
                    assert_eq!(known.len(), all, "{path}.{}: a column twice", key.name);
                }
            }
        });
    }
}
