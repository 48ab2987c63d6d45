//! The brief: two to four pages for people who decide, as a text document that Word, WPS and LibreOffice open and edit.
//!
//! What is missing first, the matrix of probabilities, one map, a table for each service, what to mind, and the sources. Every
//! number is one that the report holds; the map is a table of shaded cells, so that it can be edited and prints as it is.
//! The same report gives the same bytes.

use std::io::{self, Cursor};

use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, LineSpacing, PageMargin, PageNum, Paragraph, Run, RunFonts, Shading, Table,
    TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

use super::document::{
    Block, Caveat, Cell, HeatMap, InputKind, InputRow, Measure, Report, Shade, TileMap, VerdictCard, VerdictLevel,
    Weight,
};
use super::shades::RISK;
use super::terminal::clean;
use super::{number, sentences, tabulate, words};
use crate::language::{Language, Text};
use crate::text;

/// Twentieths of a point between the margins of an A4 page.
const LINE: usize = 9_900;

/// A4 in twentieths of a point.
const A4: (u32, u32) = (11_906, 16_838);

/// Sizes of letters in half points.
mod size {
    pub(super) const TITLE: usize = 36;
    pub(super) const HEADING: usize = 26;
    pub(super) const BODY: usize = 21;
    pub(super) const SMALL: usize = 16;
}

/// Most sources that the brief names.
const SOURCES: usize = 12;

/// The bytes of the brief in one language.
///
/// # Errors
/// When the document cannot be put together.
pub fn render(report: &Report, language: Language) -> io::Result<Vec<u8>> {
    let brief = Brief { report, language };
    let margin = PageMargin { top: 1000, left: 1000, bottom: 1000, right: 1000, header: 500, footer: 500, gutter: 0 };
    let fonts = RunFonts::new().ascii("Calibri").hi_ansi("Calibri").east_asia("SimSun");
    let footer =
        Footer::new().add_paragraph(Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new()));
    let empty = Docx::new()
        .created_at("2000-01-01T00:00:00Z")
        .updated_at("2000-01-01T00:00:00Z")
        .page_size(A4.0, A4.1)
        .page_margin(margin)
        .default_fonts(fonts)
        .default_size(size::BODY)
        .footer(footer);
    let parts =
        [Brief::head, Brief::answers, Brief::matrix, Brief::map, Brief::services, Brief::caveats, Brief::sources];
    let whole = parts.into_iter().fold(empty, |docx, part| part(&brief, docx));
    let mut bytes = Cursor::new(Vec::new());
    whole.build().pack(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

/// What the brief is made from.
struct Brief<'r> {
    report: &'r Report,
    language: Language,
}

impl<'r> Brief<'r> {
    fn said(&self, text: &Text) -> String {
        clean(text.get(self.language))
    }

    fn blocks(&self) -> impl Iterator<Item = &'r Block> {
        self.report.sections.iter().flat_map(|section| &section.blocks)
    }

    fn cards(&self) -> &'r [VerdictCard] {
        let found = self.blocks().find_map(|block| if let Block::Verdicts(cards) = block { Some(cards) } else { None });
        found.map_or(&[], Vec::as_slice)
    }

    fn head(&self, docx: Docx) -> Docx {
        let facts: Vec<String> =
            self.report.facts.iter().map(|f| format!("{} {}", self.said(&f.label), self.said(&f.value))).collect();
        docx.add_paragraph(words_of(&self.said(&self.report.title), size::TITLE, true))
            .add_paragraph(words_of(&self.said(&self.report.subtitle), size::BODY, false))
            .add_paragraph(words_of(&facts.join("  ·  "), size::SMALL, false))
    }

    /// One line and one sentence for each service.
    fn answers(&self, docx: Docx) -> Docx {
        let mut docx = docx.add_paragraph(heading(&self.said(&words::VERDICTS)));
        for (service, cards) in services(self.cards()) {
            let mut paragraph = Paragraph::new().line_spacing(LineSpacing::new().after(100));
            paragraph =
                paragraph.add_run(Run::new().bold().add_text(format!("{}  ", self.said(service))).color("0B4F6C"));
            if let Some(line) = sentences::tightest(&cards) {
                paragraph = paragraph.add_run(Run::new().bold().add_text(format!("{} ", self.said(&line))));
            }
            docx = docx.add_paragraph(paragraph.add_run(Run::new().add_text(self.said(&sentences::service(&cards)))));
        }
        docx
    }

    /// The first picture of probabilities.
    fn matrix(&self, docx: Docx) -> Docx {
        let found = self.blocks().find_map(|block| if let Block::HeatMap(map) = block { Some(map) } else { None });
        let Some(map) = found else { return docx };
        self.captioned(docx, &map.caption.title).add_table(self.heat(map))
    }

    fn heat(&self, map: &HeatMap) -> Table {
        let table = tabulate::heat_map(map);
        let first = LINE * 30 / 100;
        let rest = (LINE - first) / map.years.len().max(1);
        let widths: Vec<usize> = std::iter::once(first).chain(map.years.iter().map(|_| rest)).collect();
        self.table(&table, &widths)
    }

    /// The map of probabilities of the stage that most likely misses its target.
    fn map(&self, docx: Docx) -> Docx {
        let Some((title, map)) = self.worst_map() else { return docx };
        let Some(frame) = map.frames.get(map.chosen) else { return docx };
        let columns = map.tiles.iter().map(|tile| tile.column).max().unwrap_or(0) as usize + 1;
        let rows = map.tiles.iter().map(|tile| tile.row).max().unwrap_or(0) as usize + 1;
        let mut grid: Vec<Vec<Option<usize>>> = vec![vec![None; columns]; rows];
        for (at, tile) in map.tiles.iter().enumerate() {
            grid[tile.row as usize][tile.column as usize] = Some(at);
        }
        // Areas drawn by their outlines only have no place on a grid.
        if grid.iter().flatten().flatten().count() < map.tiles.len() {
            return docx;
        }
        let empty = |at: usize| grid.iter().all(|row| row[at].is_none());
        let kept: Vec<usize> = (0..columns).filter(|at| !empty(*at)).collect();
        let width = LINE / kept.len().max(1);
        let rows = grid.iter().filter(|row| row.iter().any(Option::is_some)).map(|row| {
            let cell = |at: &usize| {
                row[*at].map_or_else(|| blank(width), |tile| self.tile(map, frame.values.get(tile), tile, width))
            };
            TableRow::new(kept.iter().map(cell).collect()).cant_split()
        });
        let (en, zh, at_en, at_zh) = (&title.en, &title.zh, &frame.label.en, &frame.label.zh);
        let title =
            text!("{en}, {at_en}: probability that the target is missed, by area", "{zh} {at_zh} 年各街道不达标概率");
        self.captioned(docx, &title).add_table(fixed(Table::new(rows.collect()), &vec![width; kept.len()]))
    }

    fn worst_map(&self) -> Option<(Text, &'r TileMap)> {
        let mut cards: Vec<&VerdictCard> = self.cards().iter().filter(|card| card.worst_year.is_some()).collect();
        let risk = |card: &VerdictCard| card.worst_year.map_or(0.0, |(_, p)| p);
        cards.sort_by(|a, b| risk(b).total_cmp(&risk(a)));
        cards.into_iter().find_map(|card| {
            let section = self.report.sections.iter().find(|section| Some(&section.key) == card.see.as_ref())?;
            let below =
                section.blocks.iter().skip_while(|block| !matches!(block, Block::Heading(text) if *text == card.stage));
            let own = below.skip(1).take_while(|block| !matches!(block, Block::Heading(_)));
            own.into_iter().find_map(|block| match block {
                Block::TileMap(map) if map.measure == Measure::Probability => Some((card.stage.clone(), map)),
                _ => None,
            })
        })
    }

    fn tile(&self, map: &TileMap, value: Option<&f64>, tile: usize, width: usize) -> TableCell {
        let value = value.copied().unwrap_or(f64::NAN);
        let shown = number::measured(value, map.measure);
        let colours = colours(value, map.shade);
        let name = Paragraph::new()
            .keep_next(true)
            .add_run(ink(Run::new().size(size::SMALL).add_text(self.said(&map.tiles[tile].label)), colours));
        let figure =
            Paragraph::new().keep_next(true).add_run(ink(Run::new().size(size::BODY).bold().add_text(shown), colours));
        filled(TableCell::new().width(width, WidthType::Dxa).add_paragraph(name).add_paragraph(figure), colours)
    }

    /// A table for each service: what is missing in the tightest year of each stage.
    fn services(&self, mut docx: Docx) -> Docx {
        for (service, cards) in services(self.cards()) {
            let table = gaps(&cards);
            let widths = [22, 18, 9, 11, 16, 14, 10].map(|percent| LINE * percent / 100);
            docx = self.captioned(docx, service).add_table(self.table(&table, &widths));
        }
        docx
    }

    fn caveats(&self, docx: Docx) -> Docx {
        let caveats: Vec<&Caveat> = self
            .blocks()
            .filter_map(|block| if let Block::Caveat(caveat) = block { Some(caveat) } else { None })
            .filter(|caveat| caveat.weight > Weight::Note)
            .collect();
        if caveats.is_empty() {
            return docx;
        }
        let docx = docx.add_paragraph(heading(&self.said(&words::CAVEATS)));
        caveats.into_iter().fold(docx, |docx, caveat| {
            docx.add_paragraph(words_of(&format!("• {}", self.said(&caveat.says)), size::BODY, false))
        })
    }

    /// The sources of what was read or computed, each once.
    fn sources(&self, docx: Docx) -> Docx {
        let lists = self.blocks().filter_map(|block| if let Block::Inputs(list) = block { Some(list) } else { None });
        let rows: Vec<&InputRow> = lists.flat_map(|list| &list.rows).collect();
        let mut sources: Vec<String> = Vec::new();
        // What was counted first.
        for kind in [InputKind::Statistics, InputKind::Derived, InputKind::Judgement] {
            for source in rows.iter().filter(|row| row.kind == kind).map(|row| self.said(&row.source)) {
                if !source.trim().is_empty() && !sources.contains(&source) && sources.len() < SOURCES {
                    sources.push(source);
                }
            }
        }
        if sources.is_empty() {
            return docx;
        }
        let docx = docx.add_paragraph(heading(&self.said(&words::SOURCE)));
        sources.iter().fold(docx, |docx, source| docx.add_paragraph(words_of(source, size::SMALL, false)))
    }

    fn captioned(&self, docx: Docx, title: &Text) -> Docx {
        docx.add_paragraph(heading(&self.said(title)))
    }

    fn table(&self, table: &super::document::Table, widths: &[usize]) -> Table {
        let head = table.columns.iter().zip(widths).map(|(column, width)| {
            let words = self.said(&column.heading);
            let run = Run::new().size(size::SMALL).bold().add_text(words);
            TableCell::new().width(*width, WidthType::Dxa).add_paragraph(tight(Paragraph::new()).add_run(run))
        });
        let mut rows = vec![TableRow::new(head.collect()).cant_split()];
        rows.extend(table.rows.iter().map(|row| {
            let cells = row.cells.iter().zip(&table.columns).zip(widths);
            let cells = cells.map(|((cell, column), width)| self.cell(cell, column.shade, *width));
            TableRow::new(cells.collect()).cant_split()
        }));
        fixed(Table::new(rows), widths)
    }

    fn cell(&self, cell: &Cell, shade: Shade, width: usize) -> TableCell {
        let colours = cell.value().and_then(|value| colours(value, shade));
        let run = ink(Run::new().size(size::SMALL).add_text(clean(&number::cell(cell, self.language))), colours);
        let align = if matches!(cell, Cell::Number(..)) { AlignmentType::Right } else { AlignmentType::Left };
        let paragraph = tight(Paragraph::new()).align(align).add_run(run);
        filled(
            TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Center).add_paragraph(paragraph),
            colours,
        )
    }
}

/// Cards of neighbours of the same service together.
fn services(cards: &[VerdictCard]) -> Vec<(&Text, Vec<&VerdictCard>)> {
    let mut groups: Vec<(&Text, Vec<&VerdictCard>)> = Vec::new();
    for card in cards {
        match groups.last_mut() {
            Some((service, group)) if **service == card.service => group.push(card),
            _ => groups.push((&card.service, vec![card])),
        }
    }
    groups
}

/// The gaps of the stages of a service.
fn gaps(cards: &[&VerdictCard]) -> super::document::Table {
    use super::document::{Caption, Column, Row};
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let rows = cards.iter().map(|card| {
        let gap = card.gap.as_ref();
        let counted = |value: f64| {
            let value = number::whole(value);
            gap.map_or_else(Text::default, |gap| {
                Text::owned(format!("{value} {}", gap.unit.en), format!("{value} {}", gap.unit.zh))
            })
        };
        Row::new(vec![
            Cell::Text(card.stage.clone()),
            Cell::Text(tabulate::verdict_words(card)),
            card.worst_year.map_or(Cell::Empty, |(year, _)| Cell::year(year)),
            card.worst_year.map_or(Cell::Empty, |(_, p)| Cell::probability(p)),
            gap.map_or(Cell::Empty, |gap| Cell::Text(counted(gap.median))),
            gap.map_or(Cell::Empty, |gap| Cell::count(gap.high)),
            card.needed_by.filter(|_| card.rank != VerdictLevel::Meets).map_or(Cell::Empty, Cell::year),
        ])
    });
    super::document::Table {
        caption: Caption::new(Text::default()),
        rows: rows.collect(),
        columns: vec![
            Column::new(words::STAGE.clone()),
            heading("Verdict", "结论"),
            heading("Tightest year", "最紧张年份"),
            heading("Target missed", "不达标概率").shade(Shade::Risk),
            heading("Short, median", "缺口（中位数）"),
            heading("90% of cases at most", "90% 情形不超过"),
            heading("Open by", "最迟增加供给"),
        ],
    }
}

/// Background and ink of a shaded number.
type Colours = Option<(u32, u32)>;

fn colours(value: f64, shade: Shade) -> Colours {
    let class = tabulate::shade(value, shade, 1.0).filter(|_| shade == Shade::Risk)?;
    RISK.get(usize::from(class)).copied()
}

fn filled(cell: TableCell, colours: Colours) -> TableCell {
    match colours {
        Some((ground, _)) => cell.shading(Shading::new().fill(format!("{ground:06X}"))),
        None => cell,
    }
}

fn ink(run: Run, colours: Colours) -> Run {
    match colours {
        Some((_, ink)) => run.color(format!("{ink:06X}")),
        None => run,
    }
}

fn blank(width: usize) -> TableCell {
    TableCell::new().width(width, WidthType::Dxa).add_paragraph(Paragraph::new()).clear_all_border()
}

fn fixed(table: Table, widths: &[usize]) -> Table {
    let narrow = TableCellMargins::new().margin(20, 40, 20, 40);
    table
        .set_grid(widths.to_vec())
        .margins(narrow)
        .layout(TableLayoutType::Fixed)
        .width(widths.iter().sum(), WidthType::Dxa)
}

fn tight(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().before(0).after(0))
}

fn heading(words: &str) -> Paragraph {
    words_of(words, size::HEADING, true).keep_next(true).line_spacing(LineSpacing::new().before(240).after(80))
}

fn words_of(words: &str, size: usize, bold: bool) -> Paragraph {
    let mut run = Run::new().size(size);
    for (at, line) in words.lines().enumerate() {
        run = if at > 0 { run.add_break(BreakType::TextWrapping) } else { run };
        run = run.add_text(line);
    }
    Paragraph::new().line_spacing(LineSpacing::new().after(80)).add_run(if bold { run.bold() } else { run })
}
