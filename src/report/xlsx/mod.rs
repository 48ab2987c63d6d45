//! The report as a workbook: numbers stay numbers, so that planners can go on computing with them.
//!
//! Sheets, in this order: the first section (verdicts), one sheet for each section, the long tables by area and year of each
//! service, all warnings, what the run was, and where to find what. Nothing without content gets a sheet. Each table is
//! a native table with its own filter and with number formats; charts stand below their tables, are native and read their table's cells, so a
//! number that is changed moves its picture. A sheet with one table keeps that table's headings in sight.
//!
//! Names come from planners and are only ever written as strings: no formula, no link, nothing that a spreadsheet
//! evaluates. Those that begin like a formula carry the mark of quoted text, so that editing them changes nothing
//! either. The same report gives the same bytes: the workbook's date of creation is a constant.

mod chart;
mod outline;
mod placed;
mod sheet;
mod style;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::outline::outline;
use super::document::Report;
use crate::language::Language;

/// The bytes of the workbook in one language.
///
/// # Errors
/// When the report has more rows or columns than a workbook takes.
pub fn render(report: &Report, language: Language) -> Result<Vec<u8>, XlsxError> {
    let sheets = outline(report, language);
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = style::clean(report.title.get(language));
    workbook
        .set_properties(&DocProperties::new().set_title(title).set_author("civicap").set_creation_datetime(&created));
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    for planned in &sheets {
        sheet::write(workbook.add_worksheet(), planned, &names, language)?;
    }
    workbook.save_to_buffer()
}
