//! Where a table stands in a workbook, for the picture that is drawn of it.

use rust_xlsxwriter::RowNum;

/// Where a table stands.
#[derive(Clone, Copy)]
pub(super) struct Placed<'s> {
    pub sheet: &'s str,
    /// The row of headings.
    pub headings: RowNum,
    /// First and last row of numbers.
    pub rows: (RowNum, RowNum),
}
