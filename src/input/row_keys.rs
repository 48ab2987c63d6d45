//! Rows given twice: by the columns that make a row unique, so that no table adds what was pasted twice, or lets the last row win.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::csv_table::{Row, Sheet};
use super::key::{Column, RowKey};
use super::messages;
use crate::dates::Day;

/// An age group: first age and the first beyond it.
type Ages = std::ops::Range<u32>;

/// A row with its ages.
struct Aged<'a> {
    ages: Ages,
    row: Row<'a>,
}

/// Refuses rows that have the key of an earlier one, with the lines of both.
pub(super) fn refuse_repeats(sheet: &Sheet<'_>, columns: &[Column]) {
    let in_table = |kind: RowKey| {
        let wanted = columns.iter().filter(move |column| column.row_key == kind && sheet.has(column.name));
        wanted.map(|column| column.name).collect::<Vec<_>>()
    };
    let (cells, ages) = (in_table(RowKey::Cell), in_table(RowKey::Ages));
    match (cells.as_slice(), ages.first()) {
        ([], None) => {}
        (cells, None) => refuse_same(sheet, cells),
        (cells, Some(column)) => refuse_overlaps(sheet, cells, column),
    }
}

/// What a cell says, whatever way it is written: a number or a date in another form is the same.
fn said(written: &str) -> String {
    if let Ok(day) = Day::parse(written) {
        return day.to_string();
    }
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => written.to_owned(),
    }
}

fn key_of(row: &Row<'_>, cells: &[&str]) -> Vec<String> {
    cells.iter().map(|column| said(row.text(column))).collect()
}

impl Sheet<'_> {
    /// Refuses rows that say the same in all these columns as an earlier one, with the lines of both.
    pub(crate) fn refuse_rows_alike_in(&self, columns: &[&str]) {
        refuse_same(self, columns);
    }
}

fn refuse_same(sheet: &Sheet<'_>, cells: &[&str]) {
    let mut first: HashMap<Vec<String>, Row<'_>> = HashMap::with_capacity(sheet.rows().count());
    for row in sheet.rows() {
        match first.entry(key_of(&row, cells)) {
            Entry::Vacant(place) => _ = place.insert(row),
            Entry::Occupied(before) if !sheet.is_full() => {
                row.error(cells[0], messages::row_given_twice(cells, before.get().line()));
            }
            Entry::Occupied(_) => {}
        }
    }
}

fn refuse_overlaps(sheet: &Sheet<'_>, cells: &[&str], column: &str) {
    let mut groups: HashMap<Vec<String>, Vec<Aged<'_>>> = HashMap::new();
    let mut order = Vec::new();
    for row in sheet.rows() {
        let Some(ages) = ages(row.text(column)) else { continue };
        let key = key_of(&row, cells);
        let group = groups.entry(key.clone()).or_insert_with(|| {
            order.push(key);
            Vec::new()
        });
        group.push(Aged { ages, row });
    }
    for key in order {
        let Some(mut group) = groups.remove(&key) else { continue };
        group.sort_by_key(|aged| aged.ages.start);
        let mut before: Option<&Aged<'_>> = None;
        for aged in &group {
            if let Some(other) = before.filter(|other| aged.ages.start < other.ages.end) {
                note_overlap(sheet, column, cells, [aged, other]);
            }
            // The one that reaches furthest overlaps whatever another does.
            before = before.filter(|other| other.ages.end >= aged.ages.end).or(Some(aged));
        }
    }
}

/// Two rows share an age: told at the lower of them.
fn note_overlap(sheet: &Sheet<'_>, column: &str, cells: &[&str], pair: [&Aged<'_>; 2]) {
    if sheet.is_full() {
        return;
    }
    let [a, b] = pair;
    let (upper, lower) = if a.row.span(column) < b.row.span(column) { (a, b) } else { (b, a) };
    let line = upper.row.line();
    if a.ages == b.ages {
        lower.row.error(column, messages::row_given_twice(&[cells, &[column]].concat(), line));
    } else {
        let (written, other) = (lower.row.text(column), upper.row.text(column));
        lower.row.error(column, messages::ages_overlap(written, other, line));
    }
}

/// The ages of `7`, `60-64` or `85+`; `None` for what is no age, which its reader says.
fn ages(written: &str) -> Option<Ages> {
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|age| *age < 1_000);
    if let Some(from) = written.strip_suffix('+') {
        return number(from).map(|from| from..u32::MAX);
    }
    let (from, to) = written.split_once('-').unwrap_or((written, written));
    number(from).zip(number(to)).filter(|(from, to)| from <= to).map(|(from, to)| from..to + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{LoadSession, table_of_text};

    const AGED: &[Column] = &[
        Column::required("sex", "", "").key(),
        Column::required("age", "", "").key_of_ages(),
        Column::required("n", "", ""),
    ];
    const DATED: &[Column] = &[Column::required("place", "", "").key(), Column::optional("opens", "", "").key()];

    /// Lines of the faults of a table, and the line that each names.
    fn faults(columns: &[Column], text: &str) -> Vec<(usize, String)> {
        let session = LoadSession::default();
        table_of_text(&session, "table.csv", text, columns).unwrap();
        let found = session.diagnostics.finish();
        let line = |d: &crate::diagnostic::Diagnostic| found.line_and_column(d.span.file, d.span.start).0;
        found.list.iter().map(|d| (line(d), d.message.en.to_string())).collect()
    }

    #[test]
    fn no_two_rows_of_a_group_share_an_age() {
        for (rows, repeats) in [
            ("male,0-4,1\nmale,5+,1\nfemale,0+,1\n", vec![]),
            ("male,0+,1\nfemale,0+,1\nmale,0+,2\n", vec![(4, "line 2")]),
            ("male,40+,1\nmale,0+,1\n", vec![(3, "line 2")]),
            ("male,0-99,1\nmale,3,1\nmale,7-9,1\n", vec![(3, "line 2"), (4, "line 2")]),
            ("male,0-4,1\nmale,4,1\n", vec![(3, "line 2")]),
        ] {
            let found = faults(AGED, &format!("sex,age,n\n{rows}"));
            assert_eq!(found.len(), repeats.len(), "{rows}: {found:?}");
            for ((line, said), (expected, named)) in found.iter().zip(&repeats) {
                assert_eq!(line, expected, "{rows}");
                assert!(said.contains(named), "{said}");
            }
        }
    }

    #[test]
    fn a_row_is_given_twice_however_its_dates_and_numbers_are_written() {
        let twice = "place,opens\na,2025-09-01\nb,2025-09-01\na,2026-09-01\na,2025/9/1\n";
        let found = faults(DATED, twice);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == 5 && found[0].1.contains("line 2"), "{found:?}");
        assert!(faults(DATED, "place\na\nb\n").is_empty(), "a column that is not there tells nothing apart");
        assert_eq!(faults(DATED, "place\na\na\n").len(), 1);
    }
}
