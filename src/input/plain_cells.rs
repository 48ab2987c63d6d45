//! A CSV table as plain cells, for telling two versions of it apart. Comments and blank lines are left out.

/// Headings and rows of a table; rows that are not CSV are left out, for whoever reads the table in earnest says so.
pub(crate) fn rows(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = reader
        .records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>())
        .filter(|row| row.iter().any(|cell| !cell.is_empty()));
    let headings = rows.next().unwrap_or_default();
    (headings, rows.collect())
}
