//! `civicap fit education`: estimates yields and progression on a table, says them, writes them as a scenario fragment.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{complain, say};
use crate::calibration::{self, Names, TooShort};
use crate::cli::args::Voice;
use crate::cli::output::{claim, write_new};
use crate::cli::{exit, faults};
use crate::input::{Reading, file, open_table};
use crate::language::{Language, Text};
use crate::report::scores;
use crate::services::education::enrolment::{COLUMNS, Enrolment};
use crate::text;

/// Name of the fragment in its folder.
const FRAGMENT: &str = "education-fit.toml";

/// Name of the table of differences beside it.
const DIFFERENCES: &str = "education-differences.csv";

/// Name of the copy of the table beside it.
const ENROLMENT: &str = "enrolment.csv";

/// Options of `fit`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to estimate
    #[arg(value_enum)]
    pub what: What,
    /// Table of births and enrolment by year, area and grade (.csv)
    pub file: PathBuf,
    /// Folder for a scenario fragment with the estimates
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace an earlier fragment in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// What every command understands.
    #[command(flatten)]
    pub voice: Voice,
}

/// What can be estimated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    /// Yields and grade progression (入学率与年级递进率)
    Education,
}

/// `civicap fit education`.
pub(crate) fn fit(options: &Options) -> u8 {
    let language = options.voice.language();
    let Some(table) = read(&options.file, language) else { return exit::BAD_INPUT };
    let fitted = match calibration::fit(&table) {
        Ok(fitted) => fitted,
        Err(short) => return complain(&too_short(short), language, exit::BAD_INPUT),
    };
    let mut said = scores::fitted(&table, &fitted, language);
    if let Some(folder) = &options.out {
        match deliver(options, folder, &table, &fitted) {
            Ok(files) => said.push_str(files.get(language)),
            Err((code, failure)) => return complain(&failure, language, code),
        }
    }
    if !options.voice.quiet {
        say(&said);
    }
    exit::SUCCESS
}

/// Writes the fragment, its differences and a copy of the table, so that the folder stands alone.
fn deliver(
    options: &Options,
    folder: &Path,
    table: &Enrolment,
    fitted: &calibration::Fitted,
) -> Result<Text, (u8, Text)> {
    let name = options.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let fragment = fitted.fragment(table, Names { enrolment: ENROLMENT, differences: DIFFERENCES, source: &name });
    claim(folder, FRAGMENT, options.overwrite)?;
    let reading = Reading::default();
    let copied = file::open(&reading, &options.file, None).map(|(_, text)| text).unwrap_or_default();
    let mut files = String::new();
    for (name, text) in [(ENROLMENT, &copied), (DIFFERENCES, &fragment.differences), (FRAGMENT, &fragment.toml)] {
        let written = write_new(folder, name, text.as_bytes()).map_err(|failure| (exit::FAILURE, failure))?;
        files.push_str(&format!("  {}\n", written.display()));
    }
    let left_out = fragment.left_out.join(", ");
    let (mut en, mut zh) = (format!("\nfiles:\n{files}"), format!("\n文件：\n{files}"));
    if !left_out.is_empty() {
        en.push_str(&format!("! left out of the fragment, since the table has not all their grades: {left_out}\n"));
        zh.push_str(&format!("! 下列学段在表中年级不全，未写入片段：{left_out}\n"));
    }
    Ok(Text::owned(en, zh))
}

/// The table of a file, or `None` with its faults shown.
pub(super) fn read(path: &Path, language: Language) -> Option<Enrolment> {
    let reading = Reading::default();
    let table = open_table(&reading, path, COLUMNS).and_then(|sheet| Enrolment::read(&sheet, None));
    let errors = reading.faults.errors();
    let found = reading.faults.finish();
    if !found.list.is_empty() {
        faults::show(&found, language);
    }
    table.filter(|_| errors == 0)
}

/// What to say of a series that is too short.
pub(super) fn too_short(short: TooShort) -> Text {
    let TooShort { years, needed } = short;
    text!(
        "the table has {years} year(s) of enrolment in a row that can be compared; {needed} are needed\nhelp: add earlier years, and births back to the cohorts of the youngest grade",
        "表中可前后比较的在校生年份只有 {years} 年，至少需要 {needed} 年\n改法：补充更早的年份，以及最低年级对应批次的出生数"
    )
}
