//! A kept report is the report: every form comes back to the byte, or the record is refused.

use civicap::language::Language;
use civicap::report::document::{Block, Cell, Measure};
use civicap::report::report_json::{FORMAT, RecordKind, Refusal, read, write};
use civicap::report::{Report, html, terminal, xlsx};

use super::{BOTH, example::example, hostile};

/// The example with numbers that JSON has no words for, and some that need all their digits.
fn with_gaps() -> Report {
    let mut report = example();
    let mut odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2, -0.0, 1e-310, 1.797e308].into_iter().cycle();
    for block in report.sections.iter_mut().flat_map(|s| &mut s.blocks) {
        match block {
            Block::HeatMap(map) => map.rows.iter_mut().for_each(|row| row.values[3] = odd.next().unwrap()),
            Block::FanChart(fan) => fan.demand[2][4] = odd.next().unwrap(),
            Block::Table(table) => {
                let column = table.columns.len() - 1;
                let numbers = table.rows.iter_mut().map(|row| &mut row.cells[column]);
                numbers.for_each(|cell| *cell = Cell::Number(odd.next().unwrap(), Measure::Real(3)));
            }
            _ => {}
        }
    }
    report
}

fn forms(report: &Report, language: Language) -> (String, Vec<u8>, String) {
    (
        html::render(report, language),
        xlsx::render(report, language).unwrap(),
        terminal::render(report, language, true, 90),
    )
}

#[test]
fn a_report_that_was_kept_renders_to_the_same_bytes() {
    for report in [example(), with_gaps(), hostile()] {
        let (kind, kept) = read(&write(RecordKind::Comparison, &report)).unwrap();
        assert_eq!(kind, RecordKind::Comparison);
        for language in BOTH {
            assert!(forms(&report, language) == forms(&kept, language));
        }
    }
}

#[test]
fn every_number_comes_back_bit_by_bit() {
    let report = with_gaps();
    let (_, kept) = read(&write(RecordKind::Run, &report)).unwrap();
    let bits = |report: &Report| {
        let mut bits = Vec::new();
        for block in report.sections.iter().flat_map(|s| &s.blocks) {
            match block {
                Block::HeatMap(map) => bits.extend(map.rows.iter().flat_map(|r| &r.values).map(|v| v.to_bits())),
                Block::FanChart(fan) => bits.extend(fan.demand.iter().flatten().map(|v| v.to_bits())),
                _ => {}
            }
        }
        bits
    };
    assert!(bits(&report).len() > 100);
    assert_eq!(bits(&report), bits(&kept));
}

#[test]
fn a_record_that_was_changed_is_refused() {
    let text = write(RecordKind::Run, &example());
    let cut = &text[..text.len() / 2];
    let (before, after) = text.rsplit_once(".0,").unwrap();
    let shortened = format!("{before}.5,{after}");
    let edited = text.replacen("解放路街道", "解放路街", 1);
    for damaged in [
        "",
        "{}",
        "[1]",
        "null",
        cut,
        &shortened,
        &edited,
        &text.replacen("\"kind\":\"run\"", "\"kind\":\"projects\"", 1),
    ] {
        assert!(damaged != text, "the test changes nothing");
        assert!(matches!(read(damaged), Err(Refusal::Damaged)), "{}", &damaged[..damaged.len().min(60)]);
    }
    let other = text.replacen(&format!("\"format\":{FORMAT}"), "\"format\":999", 1);
    let other = other.replacen(env!("CARGO_PKG_VERSION"), "9.8.7", 1);
    assert_eq!(read(&other).unwrap_err(), Refusal::OtherFormat("9.8.7".to_owned()));
    // Another form may look quite different below its head.
    let later = "{\"format\": 3, \"civicap\": \"3.0.0\", \"pages\": []}";
    assert_eq!(read(later).unwrap_err(), Refusal::OtherFormat("3.0.0".to_owned()));
    // Spaces change nothing.
    let spaced: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(read(&format!("{spaced:#}")).is_ok());
}
