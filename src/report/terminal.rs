//! The report as text for a terminal: verdicts first, then tables whose columns line up with Chinese names in them.
//!
//! Everything reads without colour (ranks have marks and words); colour is added only when asked for. Control characters
//! in names are shown as `�`, so that a name cannot move the cursor.

use comfy_table::{
    Cell as Written, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle, Width,
};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::document::{
    Block, Caveat, Cell, FanChart, OBSERVED, Report, Row, THEORY, Table, VerdictCard, VerdictLevel, Weight,
};
use super::sections::observed;
use super::{number, sentences, tabulate, words};
use crate::language::Language;
use crate::run::Results;
use crate::scenario::{ObservedSet, Plan};

/// Columns of a paragraph that reads well.
pub const WIDTH: u16 = 100;

/// Columns of the fan chart's table that fit a terminal: year, 5, 50 and 95 % of demand, median of places, openings.
const FAN_COLUMNS: [usize; 6] = [0, 1, 4, 7, 9, 11];

/// Longest text of a cell, in characters: a table is laid out in the square of that. Scenarios have no text that is longer; a
/// report that was read back may.
const LONGEST_CELL: usize = 5_000;

/// Most bytes of what stands beside theory and counts that are shown unasked, and a table more.
const MOST_BESIDE: usize = 40_000;

/// A rule under the headings and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The verdicts, warnings that are serious, and how the run stands against theory and what was counted, in `width` columns but no
/// more than read well.
pub fn verdicts(report: &Report, language: Language, colour: bool, width: u16) -> String {
    let page = Page { language, colour, width: width.clamp(40, WIDTH) };
    let mut out = String::new();
    for block in report.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Verdicts(cards) => page.verdicts(&mut out, cards),
            Block::Caveat(caveat) if caveat.weight == Weight::Serious => page.caveat(&mut out, caveat),
            _ => {}
        }
    }
    let beside = |key: &str| key == THEORY || key == OBSERVED;
    let end = out.len() + MOST_BESIDE;
    for block in report.sections.iter().filter(|section| beside(&section.key)).flat_map(|section| &section.blocks) {
        if out.len() > end {
            page.paragraph(&mut out, words::REST_IN_REPORT.get(language), 0);
            break;
        }
        page.block(&mut out, block);
    }
    out
}

/// The sections of the given keys in `width` columns, one after another.
pub fn sections(report: &Report, keys: &[&str], language: Language, colour: bool, width: u16) -> String {
    let page = Page { language, colour, width: width.max(40) };
    let mut out = String::new();
    for section in report.sections.iter().filter(|section| keys.contains(&section.key.as_str())) {
        for block in &section.blocks {
            page.block(&mut out, block);
        }
    }
    out
}

/// A run beside sets of figures that were counted, in `width` columns.
pub fn against(plan: &Plan, results: &Results, sets: &[ObservedSet], language: Language, width: u16) -> String {
    let page = Page { language, colour: false, width: width.max(40) };
    let mut out = String::new();
    for block in &observed::blocks(plan, results, sets) {
        page.block(&mut out, block);
    }
    out
}

/// The whole report in `width` columns.
pub fn render(report: &Report, language: Language, colour: bool, width: u16) -> String {
    let page = Page { language, colour, width: width.max(40) };
    let mut out = format!("{}\n", page.strong(&clean(report.title.get(language))));
    page.paragraph(&mut out, report.subtitle.get(language), 0);
    for fact in &report.facts {
        page.paragraph(&mut out, &format!("{}: {}", fact.label.get(language), fact.value.get(language)), 0);
    }
    for section in &report.sections {
        let title = clean(section.title.get(language));
        out.push_str(&format!("\n{}\n", page.strong(&format!("# {title}"))));
        for block in &section.blocks {
            page.block(&mut out, block);
        }
    }
    out
}

/// How to write: language, colour, width.
#[derive(Clone, Copy)]
struct Page {
    language: Language,
    colour: bool,
    width: u16,
}

impl Page {
    fn block(self, out: &mut String, block: &Block) {
        match block {
            Block::Heading(text) => {
                out.push_str(&format!("\n{}\n", self.strong(&format!("## {}", clean(text.get(self.language))))));
            }
            Block::Prose(text) => self.paragraph(out, text.get(self.language), 0),
            Block::Verdicts(cards) => self.verdicts(out, cards),
            Block::Caveat(caveat) => self.caveat(out, caveat),
            Block::Method(method) => {
                let title = clean(method.title.get(self.language));
                out.push_str(&format!("\n{}\n", self.strong(&title)));
                out.push_str(&clean(method.text.get(self.language)));
                out.push('\n');
            }
            Block::FanChart(fan) => self.table(out, &narrowed(fan)),
            Block::Table(_)
            | Block::Reference(_)
            | Block::Stack(_)
            | Block::HeatMap(_)
            | Block::TileMap(_)
            | Block::Bars(_)
            | Block::Pyramid(_)
            | Block::Inputs(_) => {
                if let Some(table) = tabulate::table_of(block) {
                    self.table(out, &table);
                }
            }
        }
    }

    fn verdicts(self, out: &mut String, cards: &[VerdictCard]) {
        for card in cards {
            let rank = sentences::standing(card.rank, card.close_to);
            let mark = format!("{} {}", words::mark(card.rank), rank.get(self.language));
            let (service, stage) = (clean(card.service.get(self.language)), clean(card.stage.get(self.language)));
            out.push_str(&format!(
                "{}  {}\n",
                self.coloured(&mark, card.rank),
                self.strong(&format!("{service} · {stage}"))
            ));
            self.paragraph(out, card.sentence.get(self.language), 4);
        }
    }

    fn caveat(self, out: &mut String, caveat: &Caveat) {
        let weight = words::weight(caveat.weight);
        out.push_str(&format!("\n! {}\n", self.strong(weight.get(self.language))));
        self.paragraph(out, caveat.says.get(self.language), 2);
        let advice = format!("{}{}", words::ADVICE.get(self.language), caveat.advice.get(self.language));
        self.paragraph(out, &advice, 2);
    }

    fn paragraph(self, out: &mut String, words: &str, indent: usize) {
        let words = clean(words);
        for line in words.lines().flat_map(|line| wrapped(line, usize::from(self.width).saturating_sub(indent))) {
            out.push_str(&" ".repeat(indent));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    fn table(self, out: &mut String, table: &Table) {
        let heading = clean(tabulate::heading(&table.caption).get(self.language));
        out.push_str(&format!("\n{}\n", self.strong(&heading)));
        if let Some(takeaway) = &table.caption.takeaway {
            self.paragraph(out, takeaway.get(self.language), 0);
        }
        for columns in self.that_fit(table) {
            self.grid(out, table, &columns);
        }
    }

    /// The columns of a table in groups that fit beside each other without breaking a number, each with the first column.
    fn that_fit(self, table: &Table) -> Vec<Vec<usize>> {
        let needs: Vec<usize> = (0..table.columns.len()).map(|column| self.least_width(table, column)).collect();
        let first = needs.first().copied().unwrap_or(0);
        let mut groups = vec![vec![0]];
        let mut used = first;
        for (column, need) in needs.iter().enumerate().skip(1) {
            if used + need > usize::from(self.width) && groups.last().is_some_and(|group| group.len() > 1) {
                groups.push(vec![0]);
                used = first;
            }
            if let Some(group) = groups.last_mut() {
                group.push(column);
            }
            used += need;
        }
        groups
    }

    /// Columns of the terminal that a column of a table needs: numbers whole, words broken between them.
    fn least_width(self, table: &Table, column: usize) -> usize {
        const LONGEST_WORD: usize = 14;
        // A space at either side, and one between columns.
        const PADDING: usize = 3;
        let longest = |words: &str| words.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0).min(LONGEST_WORD);
        let heading = table.columns.get(column).map_or(0, |column| longest(column.heading.get(self.language)).min(10));
        let cells = table.rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| match cell {
            Cell::Number(..) => number::cell(cell, self.language).width(),
            Cell::Text(text) => longest(text.get(self.language)),
            Cell::Empty => 0,
        });
        cells.fold(heading, usize::max) + PADDING
    }

    fn grid(self, out: &mut String, table: &Table, columns: &[usize]) {
        let mut grid = Grid::new();
        grid.load_style(STYLE).set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_width(self.width);
        grid.set_header(columns.iter().filter_map(|column| table.columns.get(*column)).map(|column| {
            let heading = in_cell(column.heading.get(self.language));
            column
                .unit
                .as_ref()
                .map_or_else(|| heading.clone(), |unit| format!("{heading}\n{}", in_cell(unit.get(self.language))))
        }));
        for row in &table.rows {
            let cells = columns.iter().filter_map(|column| row.cells.get(*column).cloned()).collect();
            grid.add_row(self.cells(&Row { cells, whole: row.whole }));
        }
        for (at, column) in columns.iter().enumerate() {
            if let Some(column_of_grid) = grid.column_mut(at) {
                let least = self.least_width(table, *column) as u16 - 1;
                column_of_grid.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
            }
        }
        push_lines(out, &grid, 0);
    }

    fn cells(self, row: &Row) -> Vec<Written> {
        let mut cells: Vec<Written> = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            let written = Written::new(in_cell(&number::cell(cell, self.language)));
            cells.push(match cell {
                Cell::Number(..) => written.set_alignment(CellAlignment::Right),
                Cell::Text(_) | Cell::Empty => written,
            });
        }
        cells
    }

    fn strong(self, words: &str) -> String {
        if self.colour { format!("\u{1b}[1m{words}\u{1b}[0m") } else { words.to_owned() }
    }

    fn coloured(self, words: &str, rank: VerdictLevel) -> String {
        let code = match rank {
            VerdictLevel::Meets => 32,
            VerdictLevel::AtRisk => 33,
            VerdictLevel::FallsShort => 31,
            VerdictLevel::Unstable => 35,
        };
        if self.colour { format!("\u{1b}[1;{code}m{words}\u{1b}[0m") } else { words.to_owned() }
    }
}

fn push_lines(out: &mut String, table: &Grid, indent: usize) {
    for line in table.lines() {
        out.push_str(&" ".repeat(indent));
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// The columns of a fan chart that fit.
fn narrowed(chart: &FanChart) -> Table {
    let table = tabulate::fan_chart(chart);
    let kept: Vec<usize> = if chart.places.is_empty() { vec![0, 1, 4, 7, 8] } else { FAN_COLUMNS.to_vec() };
    let pick =
        |row: &Row| Row { cells: kept.iter().filter_map(|&i| row.cells.get(i).cloned()).collect(), whole: row.whole };
    Table {
        columns: kept.iter().filter_map(|&i| table.columns.get(i).cloned()).collect(),
        rows: table.rows.iter().map(pick).collect(),
        caption: table.caption,
    }
}

/// Lines of at most `width` columns. English breaks after spaces, Chinese between any two characters unless the second
/// is a closing mark, which must not begin a line.
pub(super) fn wrapped(words: &str, width: usize) -> Vec<&str> {
    let (mut lines, mut start, mut columns) = (Vec::new(), 0, 0);
    let mut last_break = None;
    let mut before = ' ';
    for (at, c) in words.char_indices() {
        let wide = |c: char| c.width() == Some(2);
        if at > start && (before == ' ' || wide(before) || wide(c)) && !CLOSING.contains(c) && !OPENING.contains(before)
        {
            last_break = Some(at);
        }
        columns += c.width().unwrap_or(0);
        if columns > width
            && c != ' '
            && !CLOSING.contains(c)
            && let Some(end) = last_break.take()
        {
            lines.push(&words[start..end]);
            start = end;
            columns = words[start..at].width() + c.width().unwrap_or(0);
        }
        before = c;
    }
    lines.push(&words[start..]);
    lines
}

/// Marks that never begin a line; they may hang over its end.
const CLOSING: &str = "，。；：！？、）》」』”’%";

/// Marks that never end a line.
const OPENING: &str = "（《「『“‘";

/// The words of a cell, cut where there are too many.
fn in_cell(words: &str) -> String {
    match words.char_indices().nth(LONGEST_CELL) {
        Some((at, _)) => clean(&words[..at]) + "…",
        None => clean(words),
    }
}

/// Words without control characters, apart from line ends.
pub(super) fn clean(words: &str) -> String {
    words.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
