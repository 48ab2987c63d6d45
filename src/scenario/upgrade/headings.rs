//! A CSV table: its heading by the columns that know their former names, and cells that name a metric.
//!
//! The cells are found where the reader of tables finds them (comments, blank lines, quotes), with the bytes that they
//! take.

use std::ops::Range;

use super::edits::{Edit, Edits};
use super::metrics;
use crate::input::Column;

/// Column whose cells name a metric.
const METRIC: &str = "metric";

/// The edits of a table with these columns.
pub(super) fn read(text: &str, columns: &[Column]) -> Edits {
    let mut edits = Edits::default();
    let mut records = Records { text, at: 0 }.filter(|cells| cells.iter().any(|cell| !text[cell.clone()].is_empty()));
    let Some(heading) = records.next() else { return edits };
    let names: Vec<&str> = heading.iter().map(|cell| &text[cell.clone()]).collect();
    let mut current = Vec::with_capacity(names.len());
    for (name, at) in names.iter().zip(&heading) {
        let known = columns.iter().find(|column| column.name == *name);
        let Some(column) = columns.iter().find(|column| known.is_none() && column.formerly.contains(name)) else {
            current.push(*name);
            continue;
        };
        let edit = Edit {
            at: at.clone(),
            from: (*name).to_owned(),
            to: column.name.to_owned(),
            written: column.name.to_owned(),
        };
        if names.contains(&column.name) || current.contains(&column.name) {
            edits.doubled.push(edit);
        } else {
            edits.made.push(edit);
        }
        current.push(column.name);
    }
    if columns.iter().any(|column| column.name == METRIC)
        && let Some(at) = current.iter().position(|name| *name == METRIC)
    {
        edits.made.extend(records.filter_map(|cells| metric(text, cells.get(at)?.clone())));
    }
    edits
}

fn metric(text: &str, at: Range<usize>) -> Option<Edit> {
    let old = &text[at.clone()];
    let new = metrics::now(old)?;
    Some(Edit { at, from: old.to_owned(), to: new.to_owned(), written: new.to_owned() })
}

/// The records of a table, each cell as the bytes of its text without quotes and blanks around it.
struct Records<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Records<'_> {
    type Item = Vec<Range<usize>>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            let line = self.text[self.at..].split_inclusive('\n').next()?;
            if !line.starts_with('#') && !line.trim().is_empty() {
                return Some(self.record());
            }
            self.at += line.len();
        }
        None
    }
}

impl Records<'_> {
    fn record(&mut self) -> Vec<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut cells = Vec::new();
        let (mut start, mut quoted) = (self.at, false);
        loop {
            match bytes.get(self.at) {
                // A quote within a quoted cell is written twice, which opens and closes once more.
                Some(b'"') => quoted = !quoted,
                Some(b',') if !quoted => {
                    cells.push(self.inner(start..self.at));
                    start = self.at + 1;
                }
                Some(b'\n') if !quoted => break,
                None => break,
                Some(_) => {}
            }
            self.at += 1;
        }
        cells.push(self.inner(start..self.at));
        self.at = (self.at + 1).min(self.text.len());
        cells
    }

    /// A cell without the blanks and the quotes around it.
    fn inner(&self, cell: Range<usize>) -> Range<usize> {
        let trimmed = |range: Range<usize>| {
            let text = &self.text[range.clone()];
            let start = range.start + (text.len() - text.trim_start().len());
            start..(start + text.trim().len())
        };
        let bare = trimmed(cell);
        let text = &self.text[bare.clone()];
        if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
            return trimmed(bare.start + 1..bare.end - 1);
        }
        bare
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::required("area", "", ""),
        Column::required("places", "", "").formerly(&["seats"]),
        Column::optional("converts_to", "", "").formerly(&["becomes"]),
    ];

    fn after(text: &str) -> String {
        super::super::edits::edited(std::path::Path::new("t.csv"), "", text, read(text, COLUMNS)).after
    }

    #[test]
    fn the_heading_is_found_below_notes_blank_lines_and_empty_rows() {
        assert_eq!(
            after("# source: seats\n\n,,\narea,seats\nseats,1\n"),
            "# source: seats\n\n,,\narea,places\nseats,1\n"
        );
    }

    #[test]
    fn quotes_blanks_and_line_ends_stay_as_they_were() {
        assert_eq!(
            after("\"area\", \"seats\" ,becomes\r\na,\"1,\n2\",\r\n"),
            "\"area\", \"places\" ,converts_to\r\na,\"1,\n2\",\r\n"
        );
        assert_eq!(after("area,seats"), "area,places");
    }

    #[test]
    fn a_column_that_is_there_under_both_names_is_left() {
        let edits = read("seats,places,area\n1,2,a\n", COLUMNS);
        assert!(edits.made.is_empty());
        assert_eq!(edits.doubled.len(), 1);
    }

    #[test]
    fn unknown_columns_and_other_separators_are_left_alone() {
        for text in ["area;seats\na;1\n", "unknown,area\n1,a\n", "", "# only a note\n", "\"area,seats\n"] {
            assert_eq!(after(text), text);
        }
    }
}
