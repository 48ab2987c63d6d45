//! Texts of other people: nothing hidden in them reaches a terminal, and none fills it.

use std::fs;
use std::time::{Duration, Instant};

use civicap::language::{Language, Text};
use civicap::report::document::{Block, Caption, Cell, Column, Row, Section, Shade, Table};
use civicap::report::{Report, terminal};

use super::{civicap, said};

#[test]
fn nothing_hidden_in_a_file_reaches_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let ranges = [0x00..=0x1f_u32, 0x7f..=0x9f, 0x200b..=0x200f, 0x2028..=0x202e, 0x2060..=0x2069, 0xfeff..=0xfeff];
    let hidden = |c: char| !matches!(c, '\n' | '\t') && ranges.iter().any(|range| range.contains(&u32::from(c)));
    for c in ranges.clone().into_iter().flatten().step_by(3).filter_map(char::from_u32) {
        for text in [
            format!("label = a{c}b\n"),
            format!("label = \"a{c}b\"\n"),
            format!("la{c}bel = 1\n"),
            format!("label = 1 # a{c}b\n"),
            format!("label = \"x\"\nextends = \"a{c}b.toml\"\n"),
        ] {
            let file = folder.path().join("scenario.toml");
            fs::write(&file, &text).unwrap();
            for more in [&[][..], &["--json"]] {
                let words = ["check", file.to_str().unwrap(), "--lang", "en"];
                let output = civicap(&[&words[..], more].concat());
                assert_eq!(output.status.code(), Some(2), "{text:?}");
                let shown = said(&output) + &String::from_utf8_lossy(&output.stdout);
                assert!(!shown.chars().any(hidden), "{text:?}: {shown:?}");
            }
        }
    }
    #[cfg(unix)]
    {
        let file = folder.path().join("a\u{1b}[2J\u{202e}.toml");
        fs::write(&file, "x = 1\n").unwrap();
        let output = civicap(&["check", file.to_str().unwrap(), "--lang", "en"]);
        assert!(!said(&output).chars().any(hidden), "{:?}", said(&output));
    }
}

#[test]
fn long_texts_are_answered_in_few_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    let long = "x".repeat(1_000_000);
    for text in [format!("label = {long}\n"), format!("{long} = 1\n"), format!("extends = \"{long}\"\n")] {
        fs::write(&file, text).unwrap();
        for lang in ["en", "zh"] {
            let output = civicap(&["check", file.to_str().unwrap(), "--lang", lang]);
            assert_eq!(output.status.code(), Some(2));
            assert!(said(&output).len() < 20_000, "{} bytes", said(&output).len());
        }
    }
}

/// A scenario and, where it is another, its table of areas, with a text in one place.
type Change = fn(&str, &str) -> [String; 2];

/// Every free text of a scenario and its tables, so that nothing which `check` accepts is refused after the long work.
#[test]
fn a_text_that_is_longer_than_can_be_shown_is_refused_by_check_with_its_place() {
    let base = "label = \"x\"\n[horizon]\nstart = 2024\nend = 2025\n[areas]\ntable = \"areas.csv\"\n[health.wards.w]\nbeds = 10\n\
                arrivals_per_day = { value = 1, source = \"s\" }\nlos_mean_days = 5\n";
    let areas = "# source: s\nid,label_zh,label_en\na,甲,A\n";
    let kinds: [(&str, usize, Change); 7] = [
        ("label", 500, |base, x| [base.replacen("\"x\"", &format!("\"{x}\""), 1), String::new()]),
        ("label in two languages", 500, |base, x| {
            [base.replacen("\"x\"", &format!("{{ zh = \"{x}\", en = \"x\" }}"), 1), String::new()]
        }),
        ("name", 500, |base, x| [base.replacen("wards.w]", &format!("wards.\"{x}\"]"), 1), String::new()]),
        ("description", 5_000, |base, x| [format!("description = \"{x}\"\n{base}"), String::new()]),
        ("source", 2_000, |base, x| [base.replacen("\"s\"", &format!("\"{x}\""), 1), String::new()]),
        ("source of a table", 2_000, |base, x| {
            [base.to_owned(), format!("# source: {x}\nid,label_zh,label_en\na,甲,A\n")]
        }),
        ("cell", 500, |base, x| [base.to_owned(), format!("id,label_zh,label_en\na,{x},A\n")]),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    for (kind, most, change) in kinds {
        for (length, refused) in [(10, false), (most, false), (most + 1, true), (33_000, true), (1_000_000, true)] {
            let [scenario, table] = change(base, &"永".repeat(length));
            fs::write(&file, scenario).unwrap();
            fs::write(folder.path().join("areas.csv"), if table.is_empty() { areas } else { &table }).unwrap();
            let output = civicap(&["check", file.to_str().unwrap(), "--lang", "en"]);
            assert_eq!(output.status.code() == Some(2), refused, "{kind} of {length}: {}", said(&output));
            assert!(said(&output).len() < 20_000, "{kind} of {length}: {} bytes", said(&output).len());
            let place = if table.is_empty() { "scenario.toml:" } else { "areas.csv:" };
            assert!(
                !refused || (said(&output).contains("shorten it") && said(&output).contains(place)),
                "{}",
                said(&output)
            );
        }
    }
}

/// A report that was read back may hold anything: names of any length are laid out in time that grows with them.
#[test]
fn the_terminal_lays_out_long_names_in_time_that_grows_with_them() {
    let time = |length: usize| {
        let name = "x".repeat(length);
        let table = Table {
            caption: Caption { title: Text::name("t"), unit: None, takeaway: None },
            columns: vec![Column { heading: Text::name(&name), unit: None, shade: Shade::Plain }],
            rows: vec![Row { cells: vec![Cell::Text(Text::name(&name))], whole: false }],
        };
        let section = Section {
            key: "k".to_owned(),
            title: Text::name(&name),
            blocks: vec![Block::Prose(Text::name(&name)), Block::Table(table)],
        };
        let report = Report {
            title: Text::name(&name),
            subtitle: Text::name(&name),
            facts: Vec::new(),
            appendix: Vec::new(),
            sections: vec![section],
        };
        let began = Instant::now();
        let said = terminal::render(&report, Language::En, false, 100);
        assert!(said.len() >= length);
        began.elapsed()
    };
    time(1_000);
    let (short, long) = (time(100_000), time(1_000_000));
    eprintln!("100,000 characters: {short:?}, 1,000,000: {long:?}");
    assert!(long < 60 * short.max(Duration::from_millis(5)), "{short:?} {long:?}");
}
