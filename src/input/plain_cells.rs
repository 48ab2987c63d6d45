//! CSV as plain cells: how its records are read, two versions of a table told apart, and a cell written. Comments and blank
//! lines are left out.

use std::borrow::Cow;

/// A cell as CSV has it: quoted where it must be (RFC 4180), and where it would begin a comment.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) || text.starts_with('#') {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

/// The records of a table as planners write them: comments after `#`, rows of any length, blanks around cells.
pub(super) fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// Headings and rows of a table; rows that are not CSV are left out, for whoever reads the table in earnest says so.
pub(crate) fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = reader(text);
    let mut rows = reader
        .records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>())
        .filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let headings = rows.next().unwrap_or_default();
    (headings, rows.collect())
}
