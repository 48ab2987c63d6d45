//! The workbook read back: the numbers of every table, names that stay text, both languages.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use civicap::language::{Language, Text};
use civicap::report::document::{Block, Cell};
use civicap::report::{Report, tabulate, xlsx};

use super::{BOTH, example::example, hostile};

fn opened(report: &Report, language: Language) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(xlsx::render(report, language).unwrap())).unwrap()
}

fn sheets(report: &Report, language: Language) -> Vec<(String, Range<Data>)> {
    let mut book = opened(report, language);
    book.sheet_names().into_iter().map(|name| (name.clone(), book.worksheet_range(&name).unwrap())).collect()
}

fn floats(range: &Range<Data>) -> Vec<u64> {
    range
        .cells()
        .filter_map(|(_, _, cell)| if let Data::Float(value) = cell { Some(value.to_bits()) } else { None })
        .collect()
}

#[test]
fn the_workbook_has_every_number_of_every_table_with_all_its_digits() {
    let report = example();
    for language in BOTH {
        let mut written: Vec<u64> = sheets(&report, language).iter().flat_map(|(_, range)| floats(range)).collect();
        written.sort_unstable();
        let tables = report.sections.iter().flat_map(|s| &s.blocks).filter_map(tabulate::table_of);
        let mut count = 0;
        for value in tables.flat_map(|table| table.rows).flat_map(|row| row.cells).filter_map(|cell| cell.value()) {
            // Men stand to the left of nought.
            let there = |value: f64| written.binary_search(&value.to_bits()).is_ok();
            assert!(there(value) || there(-value), "{value} is missing");
            count += 1;
        }
        assert!(count > 500, "only {count} numbers were looked for");
    }
}

#[test]
fn a_table_stands_in_its_order_under_its_headings() {
    let report = example();
    let fan = report
        .sections
        .iter()
        .flat_map(|s| &s.blocks)
        .find_map(|b| if let Block::FanChart(f) = b { Some(f) } else { None });
    let table = tabulate::fan_chart(fan.unwrap());
    for language in BOTH {
        let heading = table.columns[1].heading.get(language);
        let all = sheets(&report, language);
        let found = all.iter().find_map(|(_, range)| {
            range.rows().position(|row| row.get(1).is_some_and(|c| *c == heading)).map(|at| (range, at))
        });
        let (range, at) = found.unwrap();
        for (row, cells) in table.rows.iter().zip(range.rows().skip(at + 1)) {
            for (cell, written) in row.cells.iter().zip(cells) {
                match cell {
                    Cell::Number(value, _) => assert_eq!(*written, Data::Float(*value)),
                    Cell::Text(text) => assert_eq!(written.to_string(), text.get(language)),
                    Cell::Empty => assert_eq!(*written, Data::Empty),
                }
            }
        }
    }
}

/// Names that a spreadsheet would compute, run or follow.
const FORMULAE: [&str; 6] =
    ["=1+1", "+1-2", "-2+3", "@SUM(A1:A9)", "=HYPERLINK(\"http://example.com\",\"x\")", "=cmd|' /C calc'!A0"];

#[test]
fn a_name_like_a_formula_stays_text() {
    for name in FORMULAE {
        let mut report = example();
        let bad = || Text::name(name);
        report.title = bad();
        for section in &mut report.sections {
            section.title = bad();
            for block in &mut section.blocks {
                super::poison(block, &bad);
            }
        }
        let mut book = opened(&report, Language::En);
        let mut seen = 0;
        for sheet in book.sheet_names() {
            let formulae = book.worksheet_formula(&sheet).unwrap();
            assert_eq!(formulae.cells().filter(|(_, _, formula)| !formula.is_empty()).count(), 0, "{sheet}");
            let range = book.worksheet_range(&sheet).unwrap();
            seen += range.cells().filter(|(_, _, cell)| **cell == Data::String(name.to_owned())).count();
        }
        assert!(seen > 100, "{name} is written {seen} times");
    }
}

#[test]
fn hostile_names_make_a_workbook_that_opens() {
    for language in BOTH {
        let all = sheets(&hostile(), language);
        let mut names: Vec<String> = all.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len(), "names of sheets are unique");
        for (name, range) in all {
            assert!(name.encode_utf16().count() <= 31, "{name}");
            for (_, _, cell) in range.cells() {
                let Data::String(words) = cell else { continue };
                assert!(!words.chars().any(|c| c.is_control() && c != '\n'), "{words:?}");
            }
        }
    }
}

#[test]
fn a_workbook_speaks_one_language() {
    let report = example();
    for (language, other) in [(Language::En, Language::Zh), (Language::Zh, Language::En)] {
        let all = sheets(&report, language);
        // Names of sheets have no question marks.
        assert_eq!(all[0].0, report.sections[0].title.get(language).trim_end_matches(['?']));
        for section in &report.sections {
            let other = section.title.get(other);
            assert!(all.iter().all(|(name, _)| name != other), "{other}");
            assert!(all.iter().flat_map(|(_, range)| range.cells()).all(|(_, _, cell)| *cell != other), "{other}");
        }
        let caveats = if language == Language::Zh { "注意事项" } else { "Caveats" };
        assert!(all.iter().any(|(name, _)| name == caveats));
    }
}

#[test]
fn the_same_report_gives_the_same_workbook() {
    for language in BOTH {
        assert!(xlsx::render(&example(), language).unwrap() == xlsx::render(&example(), language).unwrap());
    }
}
