//! CSV tables: `# source:`, `# source_zh:` and `# status:` lines, a heading, rows; every fault points at its cell.

use std::cell::Cell;

use super::common_mistakes::{self, nearest};
use super::key::Column;
use super::load_session::LoadSession;
use super::messages::{self, first_of};
use super::names::Names;
use super::plain_cells::reader;
use super::provenance::{either, unknown_status};
use super::statistics_habits;
use super::text_bounds;
use super::value::note_hidden;
use crate::dates::Day;
use crate::diagnostic::{FileId, Finding, Span, code};
use crate::language::Text;
use crate::text;
use crate::uncertainty::{Provenance, Status};

/// Largest table: the 40,000 townships of China by sex and age group have half as many cells.
const MOST_CELLS: usize = 10_000_000;

/// So many names are searched from the first every time.
const FEW_NAMES: usize = 8;

/// Years that a column of years may hold.
const FIRST_YEAR: f64 = 1900.0;
const LAST_YEAR: f64 = 2200.0;

/// A table that was read.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Source and status from the `#` lines at its top.
    pub provenance: Provenance,
    /// The heading, for faults of the table as a whole.
    pub span: Span,
    session: &'a LoadSession,
    headings: Vec<String>,
    rows: Vec<Cells>,
    /// Where the last name was found among those known: tables are sorted, so the next is near.
    last_name: Cell<usize>,
}

#[derive(Debug)]
struct Cells {
    span: Span,
    cells: Vec<(String, Span)>,
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    sheet: &'a Sheet<'a>,
    index: usize,
}

/// Reads a table with these columns; `None` if its heading is not usable.
pub(super) fn parse<'a>(session: &'a LoadSession, file: FileId, text: &str, columns: &[Column]) -> Option<Sheet<'a>> {
    let mut reader = reader(text);
    let mut lines = Vec::new();
    let mut count = 0;
    for record in reader.records() {
        match record {
            // Spreadsheets save the empty rows below a table with it.
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => {
                count += record.len();
                lines.push(cells(file, text, &record));
            }
            Err(fault) => {
                let at = fault.position().map_or(0, |p| p.byte() as usize);
                let span = Span { file, start: at, end: (at + 1).min(text.len()) };
                let message = text!("this row is not CSV: {fault}", "此行不是合法的 CSV：{fault}");
                let remedy = Text::new("close every quote; one row a line", "请补全引号；每行一条记录");
                session.diagnostics.error(code::CELL, span, message, remedy);
            }
        }
        if count > MOST_CELLS {
            let span = lines.last().map_or(Span { file, start: 0, end: 0 }, |line: &Cells| line.span);
            let message = text!("the table has more than {MOST_CELLS} cells", "表中单元格超过 {MOST_CELLS} 个");
            let remedy = Text::new("leave out rows and columns that are not used", "请删去不用的行和列");
            session.diagnostics.error(code::ROW, span, message, remedy);
            return None;
        }
    }
    for (cell, span) in lines.iter().flat_map(|line| &line.cells) {
        note_hidden(cell, *span, &session.diagnostics);
        text_bounds::note_long(cell, text_bounds::LONGEST, *span, &session.diagnostics);
    }
    let mut lines = lines.into_iter();
    let Some(heading) = lines.next() else {
        let list = columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",");
        session.diagnostics.error(
            code::COLUMN,
            Span { file, start: 0, end: 0 },
            Text::new("the table is empty", "表是空的"),
            text!("start it with the heading {list}", "请以表头 {list} 开始"),
        );
        return None;
    };
    let sheet = Sheet {
        provenance: provenance(session, file, text),
        span: heading.span,
        session,
        headings: heading.cells.iter().map(|(name, _)| name.clone()).collect(),
        rows: lines.collect(),
        last_name: Cell::new(0),
    };
    if !sheet.heading_fits(&heading, columns) {
        return None;
    }
    Some(sheet)
}

/// What statistics offices write in place of a number, or of a year; `None` where it is something else.
fn no_number(column: &str, cell: &str, is_year: bool) -> Option<Finding> {
    if statistics_habits::is_mark(cell) {
        return Some(statistics_habits::mark_where_a_number_is_needed(column, cell));
    }
    let day = || common_mistakes::day_of(cell).map(Day::year);
    let year = is_year.then(|| statistics_habits::school_year(cell).or_else(day)).flatten()?;
    Some(statistics_habits::not_a_year(cell, year))
}

/// A per cent where a share is wanted, which ends at 1; `None` where it is something else.
fn percent_for_share(column: &str, cell: &str, is_share: bool) -> Option<Finding> {
    let percent = cell.parse::<f64>().ok().filter(|number| *number > 1.0 && *number <= 100.0)?;
    let share = common_mistakes::of_percent(percent);
    is_share.then(|| messages::percent_for_share(column, cell, share))
}

/// What parts the cells of a heading, where it is not a comma.
fn separator(headings: &[String]) -> Option<(&'static str, &'static str)> {
    let parted_by = |mark: char| headings.iter().any(|heading| heading.contains(mark));
    [(';', "`;`", "分号"), ('\t', "tabs", "制表符"), ('，', "full-width commas `，`", "全角逗号“，”")]
        .into_iter()
        .find(|(mark, ..)| parted_by(*mark))
        .map(|(_, en, zh)| (en, zh))
}

fn cells(file: FileId, text: &str, record: &csv::StringRecord) -> Cells {
    let start = record.position().map_or(0, |p| p.byte() as usize);
    // The position is where reading went on: skip the lines in between (comments, blank lines).
    let start = skip_comments(text, start);
    let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
    let whole = Span { file, start, end };
    let line = &text[start..end];
    let quoted = line.contains('"');
    let mut at = start;
    let mut pieces = line.split(',');
    let cells = record
        .iter()
        .map(|cell| {
            if quoted {
                return (cell.to_owned(), whole);
            }
            let length = pieces.next().map_or(0, str::len);
            let span = Span { file, start: at.min(end), end: (at + length).min(end) };
            at += length + 1;
            (cell.to_owned(), span)
        })
        .collect();
    Cells { span: whole, cells }
}

fn skip_comments(text: &str, mut at: usize) -> usize {
    while at < text.len() && text.is_char_boundary(at) {
        let line = text[at..].lines().next().unwrap_or("");
        if !line.trim().is_empty() && !line.starts_with('#') {
            break;
        }
        match text[at..].find('\n') {
            Some(n) => at += n + 1,
            None => break,
        }
    }
    at.min(text.len())
}

/// What the `#` lines at the top say. The status of a table with an unknown word counts as assumed; the fault stops the run.
fn provenance(session: &LoadSession, file: FileId, text: &str) -> Provenance {
    let head = |key: &str| {
        text.lines().take_while(|line| line.starts_with('#')).find_map(|line| {
            let (name, value) = line.trim_start_matches('#').split_once(':')?;
            // Spreadsheets fill the line up with empty cells.
            (name.trim() == key).then(|| value.trim_end_matches([',', ' ']).trim())
        })
    };
    let place = |said: &str| {
        let start = said.as_ptr() as usize - text.as_ptr() as usize;
        Span { file, start, end: start + said.len() }
    };
    let source = |key: &str| {
        let said = head(key)?;
        text_bounds::note_long(said, text_bounds::LONGEST_SOURCE, place(said), &session.diagnostics);
        Some(said.to_owned())
    };
    let (plain, en, zh) = (source("source"), source("source_en"), source("source_zh"));
    let source = either(en.or_else(|| plain.clone()), zh.or(plain)).unwrap_or_default();
    let status = head("status")
        .and_then(|word| Status::of_word(word).or_else(|| unknown_status(&session.diagnostics, word, place(word))));
    Provenance { source, status: status.unwrap_or(Status::Assumed), defaulted: false }
}

impl<'a> Sheet<'a> {
    fn heading_fits(&self, heading: &Cells, columns: &[Column]) -> bool {
        let diagnostics = &self.session.diagnostics;
        let before = diagnostics.errors();
        if let Some((en, zh)) = separator(&self.headings) {
            diagnostics.refuse(self.span, messages::separator(en, zh));
            return false;
        }
        let has = |name: &str| self.headings.iter().any(|h| h == name);
        let missing = |c: &&Column| !c.optional && !has(c.name) && !c.formerly.iter().any(|old| has(old));
        for column in columns.iter().filter(missing) {
            diagnostics.refuse(self.span, messages::no_column(column));
        }
        for (name, span) in heading.cells.iter().filter(|(name, _)| columns.iter().all(|c| c.name != name)) {
            let renamed = columns.iter().find(|c| c.formerly.contains(&name.as_str()));
            let finding = renamed.map_or_else(
                || messages::unknown_column(name, columns, &self.headings),
                |column| messages::renamed_column(name, column.name),
            );
            diagnostics.refuse(*span, finding);
        }
        for row in self.rows.iter().filter(|r| r.cells.len() != self.headings.len()) {
            diagnostics.refuse(row.span, messages::cells_of_row(row.cells.len(), self.headings.len()));
        }
        diagnostics.errors() == before
    }

    /// Puts the rows of another table of the same columns after its own.
    pub(super) fn append(&mut self, other: Self) {
        for heading in &other.headings {
            if !self.headings.contains(heading) {
                self.headings.push(heading.clone());
                self.rows.iter_mut().for_each(|row| row.cells.push((String::new(), row.span)));
            }
        }
        for row in other.rows {
            let cell = |heading: &String| {
                let at = other.headings.iter().position(|own| own == heading);
                at.and_then(|at| row.cells.get(at).cloned()).unwrap_or((String::new(), row.span))
            };
            let cells = self.headings.iter().map(cell).collect();
            self.rows.push(Cells { span: row.span, cells });
        }
    }

    /// The rows in the order of the file.
    pub fn rows(&'a self) -> impl Iterator<Item = Row<'a>> {
        (0..self.rows.len()).map(move |index| Row { sheet: self, index })
    }

    /// Whether the table has this column.
    pub fn has(&self, column: &str) -> bool {
        self.headings.iter().any(|h| h == column)
    }

    /// Whether more faults were found than anybody reads.
    pub(super) fn is_full(&self) -> bool {
        self.session.diagnostics.is_full()
    }

    /// Notes what the planner should look at in the table as a whole.
    pub fn caution(&self, finding: Finding) {
        self.session.diagnostics.caution(self.span, finding);
    }

    /// Notes a fault of the table as a whole.
    pub fn fault(&self, message: Text, remedy: Text) {
        self.session.diagnostics.error(code::ROW, self.span, message, remedy);
    }

    /// Notes of the table as a whole what makes a run impossible.
    pub(crate) fn error(&self, finding: Finding) {
        self.session.diagnostics.refuse(self.span, finding);
    }

    /// Notes of the table as a whole what the planner should look at.
    pub(crate) fn warn(&self, finding: Finding) {
        self.session.diagnostics.caution(self.span, finding);
    }
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> (&'a str, Span) {
        let row = &self.sheet.rows[self.index];
        self.sheet
            .headings
            .iter()
            .position(|h| h == column)
            .and_then(|at| row.cells.get(at))
            .map_or(("", row.span), |(text, span)| (text.as_str(), *span))
    }

    /// Where everything found is gathered.
    pub(crate) fn session(&self) -> &'a LoadSession {
        self.sheet.session
    }

    /// Its line in the file, from 1.
    pub fn line(&self) -> usize {
        self.sheet.session.diagnostics.line(self.sheet.rows[self.index].span)
    }

    /// Where a cell stands.
    pub fn span(&self, column: &str) -> Span {
        self.cell(column).1
    }

    /// The text of a cell; empty when the table has no such column.
    pub fn text(&self, column: &str) -> &'a str {
        self.cell(column).0
    }

    /// What `read` makes of a cell that may be empty; inside, `None` where it is.
    pub fn if_given<T>(&self, column: &str, read: impl FnOnce(&Self, &str) -> Option<T>) -> Option<Option<T>> {
        match self.text(column) {
            "" => Some(None),
            // A word may be the name of a project.
            mark if statistics_habits::is_mark(mark) && !mark.chars().all(char::is_alphabetic) => {
                self.error(column, statistics_habits::mark_where_empty_would_do(column, mark));
                None
            }
            _ => read(self, column).map(Some),
        }
    }

    /// Notes a fault at a cell.
    pub fn fault(&self, column: &str, message: Text, remedy: Text) {
        self.sheet.session.diagnostics.error(code::CELL, self.cell(column).1, message, remedy);
    }

    /// Notes at a cell what makes a run impossible.
    pub fn error(&self, column: &str, finding: Finding) {
        self.sheet.session.diagnostics.refuse(self.cell(column).1, finding);
    }

    /// Notes at a cell what the planner should look at.
    pub fn warn(&self, column: &str, finding: Finding) {
        self.sheet.session.diagnostics.caution(self.cell(column).1, finding);
    }

    /// A number within a range (both ends included). An empty cell is a fault.
    pub fn number(&self, column: &str, low: f64, high: f64) -> Option<f64> {
        let (text, _) = self.cell(column);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && (low..=high).contains(&number) => Some(number),
            _ => {
                if let Some(finding) = no_number(column, text, FIRST_YEAR <= low && high <= LAST_YEAR) {
                    self.error(column, finding);
                    return None;
                }
                if let Some((message, remedy)) = common_mistakes::number(text) {
                    self.fault(column, message, remedy);
                    return None;
                }
                if let Some(finding) = percent_for_share(column, text, low == 0.0 && high == 1.0) {
                    self.error(column, finding);
                    return None;
                }
                let range = if high.is_finite() { format!("{low} … {high}") } else { format!("≥ {low}") };
                self.fault(
                    column,
                    text!(
                        "`{column}` = «{text}» is not a number in {range}",
                        "`{column}` =“{text}”不是 {range} 之内的数"
                    ),
                    text!(
                        "write a number in {range}, without unit or separators",
                        "请写 {range} 之内的数，不带单位和千分位"
                    ),
                );
                None
            }
        }
    }

    /// A whole number that counts something.
    pub fn count(&self, column: &str) -> Option<u32> {
        let (text, _) = self.cell(column);
        text.parse::<u32>().ok().or_else(|| {
            if let Some(finding) = no_number(column, text, false) {
                self.error(column, finding);
                return None;
            }
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let (message, remedy) = common_mistakes::number(text).unwrap_or_else(|| {
                if digits {
                    return (
                        text!("`{column}` = «{text}» is too large", "`{column}` =“{text}”过大"),
                        Text::new("write a whole number below 4,294,967,296", "请写小于 4,294,967,296 的整数"),
                    );
                }
                (
                    text!("`{column}` = «{text}» is not a whole number from 0", "`{column}` =“{text}”不是非负整数"),
                    Text::new("write a whole number without separators", "请写不带千分位的非负整数"),
                )
            });
            self.fault(column, message, remedy);
            None
        })
    }

    /// A date; inside, `None` for an empty cell.
    pub fn day(&self, column: &str) -> Option<Option<Day>> {
        let (text, _) = self.cell(column);
        if text.is_empty() {
            return Some(None);
        }
        match Day::parse(text) {
            Ok(day) => Some(Some(day)),
            Err(_) if statistics_habits::is_mark(text) => {
                self.error(column, statistics_habits::mark_where_empty_would_do(column, text));
                None
            }
            Err(fault) => {
                self.error(column, messages::no_date(column, text, fault, true));
                None
            }
        }
    }

    /// A name that must be one of `known`, as its position among them.
    pub fn name_of(&self, column: &str, known: &[&str]) -> Option<usize> {
        let (name, span) = self.cell(column);
        let near = self.sheet.last_name.get().min(known.len());
        let found = known[near..].iter().position(|k| *k == name).map(|at| near + at);
        let found = found.or_else(|| known[..near].iter().position(|k| *k == name));
        if known.len() > FEW_NAMES {
            self.sheet.last_name.set(found.unwrap_or(0));
        }
        found.or_else(|| self.unknown(column, name, span, &mut known.iter().copied()))
    }

    /// A name that must be one of many `known` ones, as its position among them.
    pub fn find(&self, column: &str, known: &Names) -> Option<usize> {
        let (name, span) = self.cell(column);
        known.position(name).or_else(|| self.unknown(column, name, span, &mut known.iter()))
    }

    /// Notes that a name is not known. Once more faults are found than are shown, nobody looks for what was meant.
    fn unknown<T>(&self, column: &str, name: &str, span: Span, known: &mut dyn Iterator<Item = &str>) -> Option<T> {
        let diagnostics = &self.sheet.session.diagnostics;
        let known: Vec<&str> = if diagnostics.is_full() { Vec::new() } else { known.collect() };
        let list = first_of(&known);
        let remedy = nearest(name, known.iter().copied()).map_or_else(
            || text!("write one of: {list}", "请从下列中选一：{list}"),
            |meant| text!("did you mean `{meant}`?", "是否想写 `{meant}`？"),
        );
        let message = text!("`{column}` does not know «{name}»", "`{column}` 不认识“{name}”");
        diagnostics.error(code::UNKNOWN_NAME, span, message, remedy);
        None
    }
}
