//! `civicap fit education`: yields and progression from births and enrolment.

use std::path::Path;

use super::{Delivered, Options, deliver};
use crate::cli::commands::{complain, say};
use crate::cli::{exit, faults};
use crate::input::{LoadSession, file, open_table};
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

/// Estimates on a table, says them, and writes them with their differences and a copy of the table, so that the folder
/// stands alone.
pub(super) fn fit(options: &Options) -> u8 {
    let language = options.voice.language();
    let Some(table) = read(&options.file, language) else { return exit::BAD_INPUT };
    let fitted = match calibration::fit(&table) {
        Ok(fitted) => fitted,
        Err(short) => return complain(&too_short(short), language, exit::BAD_INPUT),
    };
    let mut said = scores::fitted(&table, &fitted, language);
    if let Some(folder) = &options.out {
        match write(options, folder, &table, &fitted) {
            Ok(files) => said.push_str(files.get(language)),
            Err((code, failure)) => return complain(&failure, language, code),
        }
    }
    if !options.voice.quiet {
        say(&said);
    }
    exit::SUCCESS
}

fn write(options: &Options, folder: &Path, table: &Enrolment, fitted: &Fitted) -> Delivered {
    let source = super::name_of(&options.file);
    let fragment =
        fitted.fragment(table, FragmentNames { enrolment: ENROLMENT, differences: DIFFERENCES, source: &source });
    let copied = file::open(&LoadSession::default(), &options.file, None).map(|(_, text)| text).unwrap_or_default();
    let texts = [(ENROLMENT, &*copied), (DIFFERENCES, &fragment.differences), (FRAGMENT, &fragment.toml)];
    let Text { en, zh } = deliver(folder, FRAGMENT, options.overwrite, &texts)?;
    let left_out = fragment.left_out.join(", ");
    if left_out.is_empty() {
        return Ok(Text { en, zh });
    }
    Ok(Text::owned(
        format!("{en}! left out of the fragment, since the table has not all their grades: {left_out}\n"),
        format!("{zh}! 下列学段在表中年级不全，未写入片段：{left_out}\n"),
    ))
}

/// The table of a file, or `None` with its faults shown.
pub(in super::super) fn read(path: &Path, language: Language) -> Option<Enrolment> {
    let session = LoadSession::default();
    let table = open_table(&session, path, COLUMNS).and_then(|sheet| Enrolment::read(&sheet, None));
    let errors = session.diagnostics.errors();
    let found = session.diagnostics.finish();
    if !found.list.is_empty() {
        faults::show(&found, language);
    }
    table.filter(|_| errors == 0)
}

/// What to say of a series that is too short.
pub(in super::super) fn too_short(short: TooShort) -> Text {
    let TooShort { years, needed } = short;
    text!(
        "the table has {years} year(s) of enrolment in a row that can be compared; {needed} are needed\nhelp: add earlier years, and births back to the cohorts of the youngest grade",
        "表中可前后比较的在校生年份只有 {years} 年，至少需要 {needed} 年\n改法：补充更早的年份，以及最低年级对应批次的出生数"
    )
}
