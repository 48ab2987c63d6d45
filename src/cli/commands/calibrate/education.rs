//! `civicap calibrate education`: yields and progression from births and enrolment.

use std::path::Path;

use super::fragment::{self, Piece, Place};
use crate::cli::diagnostics;
use crate::cli::talk::{Done, Failure};
use crate::input::{LoadSession, file, read_table};
use crate::language::{Language, Text};
use crate::report::scores;
use crate::services::education::calibration::{self, Fitted, FragmentNames, TooShort};
use crate::services::education::enrolment::{COLUMNS, Enrolment};
use crate::text;

/// Name of the fragment in its folder.
const FRAGMENT: &str = "education-fit.toml";

/// Name of the table of differences beside it.
const DIFFERENCES: &str = "education-differences.csv";

/// Name of the copy of the table beside it.
const ENROLMENT: &str = "enrolment.csv";

/// A table of enrolment that was read, with its text.
pub(in super::super) struct Read {
    pub table: Enrolment,
    text: String,
}

/// Estimates on a table, says them, and writes them with their differences and a copy of the table, so that the folder
/// stands alone.
pub(super) fn calibrate(table: &Path, place: Option<&Place<'_>>, language: Language) -> Done<String> {
    let read = read(table, language)?;
    let fitted = calibration::fit(&read.table).map_err(|short| Failure::bad_input(too_short(short)))?;
    let mut said = scores::fitted(&read.table, &fitted, language);
    if let Some(place) = place {
        said.push_str(write(place, &read, &fitted)?.get(language));
    }
    Ok(said)
}

fn write(place: &Place<'_>, read: &Read, fitted: &Fitted) -> Done<Text> {
    let source = fragment::name_of(place.table);
    let names = FragmentNames { enrolment: ENROLMENT, differences: DIFFERENCES, source: &source };
    let made = fitted.fragment(&read.table, names);
    let pieces = [
        Piece { name: ENROLMENT, text: &read.text },
        Piece { name: DIFFERENCES, text: &made.differences },
        Piece { name: FRAGMENT, text: &made.toml },
    ];
    let Text { en, zh } = fragment::write(place, &pieces)?;
    let left_out = made.left_out.join(", ");
    if left_out.is_empty() {
        return Ok(Text { en, zh });
    }
    Ok(Text::owned(
        format!("{en}! left out of the fragment, since the table has not all their grades: {left_out}\n"),
        format!("{zh}! 下列学段在表中年级不全，未写入片段：{left_out}\n"),
    ))
}

/// The table of a file, or the failure after its faults were shown.
pub(in super::super) fn read(path: &Path, language: Language) -> Done<Read> {
    let session = LoadSession::default();
    let opened = file::open(&session, path, None);
    let table = opened.and_then(|(id, text)| {
        let sheet = read_table(&session, id, &text, COLUMNS)?;
        Some(Read { table: Enrolment::read(&sheet, None)?, text })
    });
    let errors = session.diagnostics.errors();
    let found = session.diagnostics.finish();
    if !found.list.is_empty() {
        diagnostics::show(&found, language);
    }
    table.filter(|_| errors == 0).ok_or_else(Failure::shown)
}

/// What to say of a series that is too short.
pub(in super::super) fn too_short(short: TooShort) -> Text {
    let TooShort { years, needed } = short;
    text!(
        "the table has {years} year(s) of enrolment in a row that can be compared; {needed} are needed\nhelp: add earlier years, and births back to the cohorts of the youngest grade",
        "表中可前后比较的在校生年份只有 {years} 年，至少需要 {needed} 年\n改法：补充更早的年份，以及最低年级对应批次的出生数"
    )
}
