//! Reading a table whole: its cells, then what only all rows together can show.

use std::path::Path;

use super::csv_table::{self, Sheet};
use super::key::Column;
use super::load_session::LoadSession;
use super::{file, inert_keys, row_keys};
use crate::diagnostic::FileId;

/// Opens and reads a table that stands alone, such as one named on the command line; `None` if it cannot be used.
pub fn open_table<'a>(session: &'a LoadSession, path: &Path, columns: &[Column]) -> Option<Sheet<'a>> {
    let (file, text) = file::open(session, path, None)?;
    read(session, file, &text, columns)
}

/// Reads a table whose text is known already, as if it were the file of that name; `None` if it cannot be used.
pub fn table_of_text<'a>(session: &'a LoadSession, name: &str, text: &str, columns: &[Column]) -> Option<Sheet<'a>> {
    read(session, session.diagnostics.add_file(Path::new(name), text.to_owned()), text, columns)
}

/// Reads a table with these columns; `None` if its heading is not usable.
pub(crate) fn read<'a>(session: &'a LoadSession, file: FileId, text: &str, columns: &[Column]) -> Option<Sheet<'a>> {
    let sheet = csv_table::parse(session, file, text, columns)?;
    row_keys::refuse_repeats(&sheet, columns);
    inert_keys::note_idle_cells(&sheet, columns);
    Some(sheet)
}
