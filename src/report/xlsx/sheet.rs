//! One sheet: parts below each other, every table native, its picture below it.

use rust_xlsxwriter::{
    ColNum, IgnoreError, RowNum, Table as NativeTable, TableColumn, TableStyle, Url, Worksheet, XlsxError,
};

use super::super::document::{Block, Caption, Cell, Column, Report, Row, Shade, Table, VerdictCard};
use super::super::{number, tabulate, terminal, words};
use super::chart;
use super::outline::{Part, Sheet};
use super::placed::Placed;
use super::style::{self, Ground, clean};
use crate::language::{Language, Text};

/// Columns of a line of words, in characters of a digit's width.
const LINE: usize = 120;

/// Narrowest and widest columns.
const WIDTHS: (f64, f64) = (8.0, 60.0);

/// Width up to which a heading stays on one line.
const HEADING: f64 = 18.0;

/// Width of the button of a filter.
const BUTTON: f64 = 3.0;

/// Height of a line, and of the highest row there is, in points.
const LINE_HEIGHT: f64 = 15.0;
const HIGHEST: f64 = 409.0;

/// Longest heading of a native table, in UTF-16 units.
const LONGEST_HEADING: usize = 250;

/// Rows over which a picture stands.
const PICTURE_ROWS: RowNum = 18;

/// Rows above a table's headings that may stay in sight with them.
const MOST_FROZEN: RowNum = 8;

/// Writes one sheet; `names` are those of all sheets.
pub(super) fn write(
    sheet: &mut Worksheet,
    planned: &Sheet<'_>,
    names: &[String],
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_name(&planned.name)?.set_tab_color(style::tab(planned.family));
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let mut page = Page { sheet, name: &planned.name, names, language, row: 0, widths: Vec::new(), tables: Vec::new() };
    page.line(&planned.title, &style::title())?;
    if let Some(subtitle) = &planned.subtitle {
        page.lines(subtitle, &style::remark())?;
    }
    page.row += 1;
    for part in &planned.parts {
        page.part(part)?;
    }
    page.finish()
}

/// A4, as spreadsheets number papers.
const A4: u8 = 9;

struct Page<'s> {
    sheet: &'s mut Worksheet,
    name: &'s str,
    names: &'s [String],
    language: Language,
    /// The next free row.
    row: RowNum,
    /// Widths that columns need.
    widths: Vec<f64>,
    /// Rows of headings of the tables written, with the widths of their headings.
    tables: Vec<(RowNum, Vec<f64>)>,
}

impl Page<'_> {
    fn part(&mut self, part: &Part<'_>) -> Result<(), XlsxError> {
        match part {
            Part::Block(block) => self.block(block),
            Part::Verdicts(cards, links) => self.verdicts(cards, links),
            Part::Caveats(list) => self.table(&tabulate::caveats(list)).map(|_| ()),
            Part::Facts(report) => self.facts(report),
            Part::Contents(sheets) => self.contents(sheets),
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), XlsxError> {
        let language = self.language;
        match block {
            Block::Heading(text) => {
                self.row += 1;
                self.line(&clean(text.get(language)), &style::caption(14))
            }
            Block::Prose(text) => {
                self.lines(text.get(language), &style::remark())?;
                self.row += 1;
                Ok(())
            }
            Block::Caveat(caveat) => {
                let weight = words::weight(caveat.weight);
                self.line(weight.get(language), &style::caption(11))?;
                self.lines(caveat.says.get(language), &style::remark())?;
                let advice = format!("{}{}", words::ADVICE.get(language), caveat.advice.get(language));
                self.lines(&advice, &style::remark())?;
                self.row += 1;
                Ok(())
            }
            Block::Method(method) => {
                self.line(&clean(method.title.get(language)), &style::caption(14))?;
                for line in method.text.get(language).lines() {
                    let title = line.trim_start_matches('#');
                    let format = if title.len() < line.len() { style::caption(12) } else { style::remark() };
                    self.lines(title.trim_start(), &format)?;
                }
                self.row += 1;
                Ok(())
            }
            Block::Pyramid(people) => self.figure(block, &tabulate::mirrored(people)),
            block => match tabulate::table_of(block) {
                Some(table) => self.figure(block, &table),
                None => Ok(()),
            },
        }
    }

    fn verdicts(&mut self, cards: &[VerdictCard], links: &[Option<usize>]) -> Result<(), XlsxError> {
        let Some(first) = self.table(&tabulate::verdicts(cards))? else { return Ok(()) };
        for ((row, card), link) in (first..).zip(cards).zip(links) {
            let words = clean(tabulate::verdict_words(card).get(self.language));
            self.sheet.write_string_with_format(row, 2, words, &style::rank(card.rank))?;
            if let Some(target) = link.and_then(|at| self.names.get(at)) {
                let stage = clean(card.stage.get(self.language));
                self.link(row, 1, target, &stage)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, row: RowNum, column: ColNum, target: &str, words: &str) -> Result<(), XlsxError> {
        // Names of sheets have no quotation marks.
        let url = Url::new(format!("internal:'{target}'!A1")).set_text(words);
        self.sheet.write_url_with_format(row, column, url, &style::link()).map(|_| ())
    }

    fn facts(&mut self, report: &Report) -> Result<(), XlsxError> {
        let rows = report
            .facts
            .iter()
            .map(|fact| Row::new(vec![Cell::Text(fact.label.clone()), Cell::Text(fact.value.clone())]));
        let columns = vec![Column::new(words::FACT.clone()), Column::new(words::VALUE.clone())];
        self.table(&Table { caption: Caption::new(words::THE_RUN.clone()), columns, rows: rows.collect() }).map(|_| ())
    }

    fn contents(&mut self, sheets: &[(usize, String)]) -> Result<(), XlsxError> {
        let rows = sheets.iter().map(|(at, title)| {
            Row::new(vec![
                Cell::Text(Text::name(self.names.get(*at).cloned().unwrap_or_default())),
                Cell::Text(Text::name(title.clone())),
            ])
        });
        let columns = vec![Column::new(words::SHEET.clone()), Column::new(words::HOLDS.clone())];
        let table = Table { caption: Caption::new(words::CONTENTS.clone()), columns, rows: rows.collect() };
        let Some(first) = self.table(&table)? else { return Ok(()) };
        for (row, (at, _)) in (first..).zip(sheets) {
            if let Some(name) = self.names.get(*at) {
                self.link(row, 0, name, name)?;
            }
        }
        Ok(())
    }

    /// A table with its picture.
    fn figure(&mut self, block: &Block, table: &Table) -> Result<(), XlsxError> {
        let Some(first) = self.table(table)? else { return Ok(()) };
        let rows = (first, first + table.rows.len() as RowNum - 1);
        let placed = Placed { sheet: self.name, headings: first - 1, rows };
        if let Some(picture) = chart::of(block, placed, self.language) {
            self.sheet.insert_chart(self.row, 0, &picture)?;
            self.row += PICTURE_ROWS + 1;
        }
        Ok(())
    }

    /// A table with its caption; the first row of its numbers, if it has any.
    fn table(&mut self, table: &Table) -> Result<Option<RowNum>, XlsxError> {
        self.line(&clean(tabulate::heading(&table.caption).get(self.language)), &style::caption(12))?;
        if let Some(takeaway) = &table.caption.takeaway {
            self.lines(takeaway.get(self.language), &style::remark())?;
        }
        if table.rows.is_empty() || table.columns.is_empty() {
            self.line(number::DASH, &style::remark())?;
            self.row += 1;
            return Ok(None);
        }
        let headings = self.row;
        let widths = self.native(table)?;
        let largest = largest(table);
        for (row, cells) in (headings + 1..).zip(&table.rows) {
            self.tall(row, cells)?;
            for (column, cell) in cells.cells.iter().enumerate() {
                let shade = table.columns.get(column).map_or(Shade::Plain, |c| c.shade);
                self.cell(row, column, cell, shade, largest, cells.whole)?;
            }
        }
        self.tables.push((headings, widths));
        self.row = headings + table.rows.len() as RowNum + 2;
        Ok(Some(headings + 1))
    }

    /// The headings and the frame of a native table; the widths of the headings.
    fn native(&mut self, table: &Table) -> Result<Vec<f64>, XlsxError> {
        let headings = headings(&table.columns, self.language);
        let widths: Vec<f64> = headings.iter().map(|heading| style::width(heading)).collect();
        for (column, width) in widths.iter().enumerate() {
            self.widen(column, width.min(HEADING) + BUTTON);
        }
        let columns: Vec<TableColumn> = headings
            .into_iter()
            .map(|heading| TableColumn::new().set_header(heading).set_header_format(style::heading()))
            .collect();
        let native = NativeTable::new().set_columns(&columns).set_style(TableStyle::Light1).set_banded_rows(false);
        let last = (self.row + table.rows.len() as RowNum, columns.len() as ColNum - 1);
        self.sheet.add_table(self.row, 0, last.0, last.1, &native)?;
        // Years are names here.
        self.sheet.ignore_error_range(self.row, 0, self.row, last.1, IgnoreError::NumberStoredAsText)?;
        Ok(widths)
    }

    /// Makes a row as high as its longest text needs: not every program does so by itself. Text that wraps stands in a
    /// column of the greatest width.
    fn tall(&mut self, row: RowNum, cells: &Row) -> Result<(), XlsxError> {
        let texts = cells.cells.iter().filter_map(|cell| match cell {
            Cell::Text(text) => Some(clean(text.get(self.language))),
            _ => None,
        });
        let of = |text: String| text.lines().map(|line| lines_of(style::width(line), WIDTHS.1 - 1.0)).sum();
        self.high(row, texts.map(of).fold(1.0, f64::max))
    }

    fn high(&mut self, row: RowNum, lines: f64) -> Result<(), XlsxError> {
        if lines > 1.0 {
            self.sheet.set_row_height(row, (lines * LINE_HEIGHT).min(HIGHEST))?;
        }
        Ok(())
    }

    fn cell(
        &mut self,
        row: RowNum,
        column: usize,
        cell: &Cell,
        shade: Shade,
        largest: f64,
        whole: bool,
    ) -> Result<(), XlsxError> {
        let at = column as ColNum;
        match cell {
            Cell::Text(text) => {
                let words = clean(text.get(self.language));
                self.widen(column, style::width(&words) + 1.0);
                self.sheet.write_string_with_format(row, at, &words, &style::text(&words, whole))?;
            }
            Cell::Number(value, measure) => {
                let ground = match (shade, tabulate::shade(*value, shade, largest)) {
                    (Shade::Risk, Some(class)) => Ground::Risk(class),
                    (Shade::Amount, Some(class)) => Ground::Amount(class),
                    _ => Ground::Plain,
                };
                self.widen(column, style::width(&number::measured(*value, *measure)) + 1.5);
                let format = style::number(*measure, ground, whole);
                if value.is_finite() {
                    self.sheet.write_number_with_format(row, at, *value, &format)?;
                } else {
                    self.sheet.write_blank(row, at, &format)?;
                }
            }
            Cell::Empty => {
                self.sheet.write_blank(row, at, &style::text("", whole))?;
            }
        }
        Ok(())
    }

    /// One line of words, over the cells to its right.
    fn line(&mut self, words: &str, format: &rust_xlsxwriter::Format) -> Result<(), XlsxError> {
        let quoted = style::text(words, false);
        let format = if quoted == style::text("", false) { format.clone() } else { format.clone().set_quote_prefix() };
        self.sheet.write_string_with_format(self.row, 0, words, &format)?;
        self.row += 1;
        Ok(())
    }

    /// Words in as many lines as they need.
    fn lines(&mut self, words: &str, format: &rust_xlsxwriter::Format) -> Result<(), XlsxError> {
        let words = clean(words);
        for line in words.lines().flat_map(|line| terminal::wrapped(line, LINE)) {
            self.line(line.trim_end(), format)?;
        }
        Ok(())
    }

    fn widen(&mut self, column: usize, needed: f64) {
        if self.widths.len() <= column {
            self.widths.resize(column + 1, WIDTHS.0);
        }
        self.widths[column] = self.widths[column].max(needed.min(WIDTHS.1));
    }

    fn finish(mut self) -> Result<(), XlsxError> {
        for (column, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(column as ColNum, *width)?;
        }
        for (row, headings) in std::mem::take(&mut self.tables) {
            let lines = headings.iter().zip(&self.widths).map(|(needed, width)| lines_of(*needed, width - BUTTON));
            self.high(row, lines.fold(1.0, f64::max))?;
            self.tables.push((row, headings));
        }
        match self.tables.iter().map(|(row, _)| *row).collect::<Vec<_>>()[..] {
            [headings] if headings <= MOST_FROZEN => {
                self.sheet.set_freeze_panes(headings + 1, 1)?;
                self.sheet.set_repeat_rows(headings, headings)?;
            }
            [] => {
                self.sheet.set_freeze_panes(1, 0)?;
            }
            _ => {
                self.sheet.set_freeze_panes(1, 1)?;
            }
        }
        Ok(())
    }
}

/// Lines that a text of one width takes in another.
fn lines_of(needed: f64, width: f64) -> f64 {
    (needed / width).ceil().max(1.0)
}

/// Headings with their units, unique whatever their case, as native tables want them.
fn headings(columns: &[Column], language: Language) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    let mut headings = Vec::with_capacity(columns.len());
    for column in columns {
        let heading = clean(column.heading.get(language)).replace('\n', " ");
        let heading = match &column.unit {
            Some(unit) => format!("{heading} ({})", clean(unit.get(language)).replace('\n', " ")),
            None => heading,
        };
        let heading = heading.trim();
        let plain = if heading.is_empty() { number::DASH.to_owned() } else { cut(heading) };
        let mut unique = plain.clone();
        let mut number = 2;
        while taken.contains(&unique.to_lowercase()) {
            unique = format!("{plain} ({number})");
            number += 1;
        }
        taken.push(unique.to_lowercase());
        headings.push(unique);
    }
    headings
}

fn cut(words: &str) -> String {
    words.chars().take(LONGEST_HEADING / 2).collect()
}

/// The largest number that is shaded by amount.
fn largest(table: &Table) -> f64 {
    let shaded = |row: &Row| {
        let cells = row.cells.iter().zip(&table.columns);
        cells.filter(|(_, c)| c.shade == Shade::Amount).filter_map(|(cell, _)| cell.value()).fold(0.0, f64::max)
    };
    table.rows.iter().map(shaded).fold(0.0, f64::max)
}
