//! What changed in a CSV table from one version to the next: rows added, rows removed, cells changed.
//!
//! Rows have no key of their own: a row that went and a row that came are the same row changed when they agree in more
//! than half of their cells, where earlier columns (names, areas, ages) count more than later ones (numbers).

use crate::input::plain_cells::rows;

/// Above this many pairs of rows they are not matched, only counted: it would take too long and nobody would read it.
const MOST_PAIRS: usize = 4_000_000;

/// One row with other cells than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// The cells that tell which row: those that stayed the same, up to the third.
    pub row: String,
    /// Column, cell before, cell now.
    pub cells: Vec<(String, String, String)>,
}

/// How two versions of a table differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableChange {
    /// Columns that only the earlier version has.
    pub columns_removed: Vec<String>,
    /// Columns that only the later version has.
    pub columns_added: Vec<String>,
    /// Rows that went, as written.
    pub removed: Vec<String>,
    /// Rows that came, as written.
    pub added: Vec<String>,
    /// Rows that stayed, with other cells.
    pub changed: Vec<RowChange>,
}

impl TableChange {
    /// The difference of two texts; `None` when they hold the same rows in any order.
    pub(super) fn between(before: &str, after: &str) -> Option<Self> {
        let (old_headings, old) = rows(before);
        let (new_headings, new) = rows(after);
        let without = |these: &[String], others: &[String]| -> Vec<String> {
            these.iter().filter(|h| !others.contains(h)).cloned().collect()
        };
        let shared: Vec<String> = old_headings.iter().filter(|h| new_headings.contains(h)).cloned().collect();
        let (old, new) = (in_columns(&old_headings, &old, &shared), in_columns(&new_headings, &new, &shared));
        let (gone, came) = (beyond(&old, &new), beyond(&new, &old));
        let mut change = Self {
            columns_removed: without(&old_headings, &new_headings),
            columns_added: without(&new_headings, &old_headings),
            ..Self::default()
        };
        change.match_rows(&shared, gone, came);
        (change != Self::default()).then_some(change)
    }

    fn match_rows(&mut self, columns: &[String], gone: Vec<Vec<String>>, came: Vec<Vec<String>>) {
        let mut came: Vec<Option<Vec<String>>> = came.into_iter().map(Some).collect();
        let few = gone.len().saturating_mul(came.len()) <= MOST_PAIRS;
        for old in gone {
            let twin = if few { nearest(&old, &came) } else { None };
            match twin.and_then(|at| came[at].take()) {
                Some(new) => self.changed.push(row_change(columns, &old, &new)),
                None => self.removed.push(old.join(",")),
            }
        }
        self.added = came.into_iter().flatten().map(|row| row.join(",")).collect();
    }
}

/// The rows with their cells in the order of `columns`.
fn in_columns(headings: &[String], rows: &[Vec<String>], columns: &[String]) -> Vec<Vec<String>> {
    let at: Vec<usize> = columns.iter().filter_map(|c| headings.iter().position(|h| h == c)).collect();
    rows.iter().map(|row| at.iter().map(|&i| row.get(i).cloned().unwrap_or_default()).collect()).collect()
}

/// The rows of `these` that `others` do not have, each as often as it is missing, in the order of the file.
fn beyond(these: &[Vec<String>], others: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut counts = std::collections::BTreeMap::new();
    for row in others {
        *counts.entry(row).or_insert(0_usize) += 1;
    }
    let mut left = Vec::new();
    for row in these {
        match counts.get_mut(row) {
            Some(count) if *count > 0 => *count -= 1,
            _ => left.push(row.clone()),
        }
    }
    left
}

/// The row that agrees best with `old`, if it agrees in more than half.
fn nearest(old: &[String], came: &[Option<Vec<String>>]) -> Option<usize> {
    let whole = old.len() * (old.len() + 1) / 2;
    let mut best = (whole / 2, None);
    for (at, row) in came.iter().enumerate() {
        let Some(row) = row else { continue };
        let agreement = old.iter().zip(row).enumerate().filter(|(_, (a, b))| a == b).map(|(i, _)| old.len() - i).sum();
        if agreement > best.0 {
            best = (agreement, Some(at));
        }
    }
    best.1
}

fn row_change(columns: &[String], old: &[String], new: &[String]) -> RowChange {
    let cells = columns
        .iter()
        .zip(old.iter().zip(new))
        .filter(|(_, (a, b))| a != b)
        .map(|(column, (a, b))| (column.clone(), a.clone(), b.clone()))
        .collect();
    let same = old.iter().zip(new).filter(|(a, b)| a == b && !a.is_empty()).map(|(a, _)| a.as_str());
    RowChange { row: same.take(3).collect::<Vec<_>>().join(", "), cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "# source: x\nschool,area,classes\na,north,24\nb,south,36\nc,south,12\n";

    #[test]
    fn the_same_rows_in_another_order_are_no_change() {
        let after = "school,area,classes\nc,south,12\na,north,24\n# remark\nb,south,36\n";
        assert_eq!(TableChange::between(BEFORE, after), None);
    }

    #[test]
    fn a_changed_cell_an_added_and_a_removed_row_are_told_apart() {
        let after = "school,area,classes\na,north,30\nb,south,36\nd,west,18\n";
        let change = TableChange::between(BEFORE, after).unwrap();
        let cells = vec![("classes".to_owned(), "24".to_owned(), "30".to_owned())];
        assert_eq!(change.changed, vec![RowChange { row: "a, north".to_owned(), cells }]);
        assert_eq!((change.removed, change.added), (vec!["c,south,12".to_owned()], vec!["d,west,18".to_owned()]));
    }

    #[test]
    fn columns_that_come_and_go_are_named() {
        let change = TableChange::between("a,b\n1,2\n", "a,c\n1,3\n").unwrap();
        assert_eq!((change.columns_removed, change.columns_added), (vec!["b".to_owned()], vec!["c".to_owned()]));
        assert!(change.changed.is_empty() && change.removed.is_empty());
    }
}
