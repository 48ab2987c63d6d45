//! Reading a date of a row as a month.

use crate::input::{Row, parse_month};
use crate::language::Text;
use crate::text;

/// The month of a cell; inside, `None` when the cell is empty.
#[expect(clippy::option_option, reason = "a fault and an empty cell are not the same")]
pub(crate) fn month(row: &Row<'_>, column: &str) -> Option<Option<f64>> {
    let written = row.text(column);
    if written.is_empty() {
        return Some(None);
    }
    let month = parse_month(written);
    if month.is_none() {
        row.fault(
            column,
            text!("`{column}` = «{written}» is not a date", "`{column}` =“{written}”不是日期"),
            Text::new("write a date such as 2025-09-01, or leave the cell empty", "请写 2025-09-01 这样的日期，或留空"),
        );
    }
    month.map(Some)
}
