//! Reports: hostile names stay text, both languages are whole, forms agree, and the page works in a real browser.

mod browser;
mod example;
mod record;
mod sha256;
mod workbook;

use civicap::language::{Language, Text};
use civicap::report::document::Block;
use civicap::report::{Report, html, tabulate, terminal};

use example::example;

const BOTH: [Language; 2] = [Language::En, Language::Zh];

/// Markup, a script's end, a template sign, a Markdown link, a terminal escape.
const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{b}[x](javascript:alert(3))\u{1b}[2J\u{2028}";

/// The example with every name replaced.
fn hostile() -> Report {
    let bad = || Text::name(HOSTILE);
    let mut report = example();
    report.title = bad();
    report.subtitle = bad();
    for fact in &mut report.facts {
        (fact.label, fact.value) = (bad(), bad());
    }
    for section in &mut report.sections {
        section.title = bad();
        section.key = HOSTILE.to_owned();
        for block in &mut section.blocks {
            poison(block, &bad);
        }
    }
    report
}

fn poison(block: &mut Block, bad: &dyn Fn() -> Text) {
    match block {
        Block::Heading(text) | Block::Prose(text) => *text = bad(),
        Block::Verdicts(cards) => {
            for card in cards {
                (card.service, card.stage, card.sentence, card.promise) = (bad(), bad(), bad(), Some(bad()));
                card.see = Some(HOSTILE.to_owned());
                if let Some(worst) = &mut card.worst_area {
                    worst.area = bad();
                }
            }
        }
        Block::Caveat(caveat) => (caveat.says, caveat.advice) = (bad(), bad()),
        Block::Table(table) | Block::Reference(table) => {
            table.caption.title = bad();
            table.columns.iter_mut().for_each(|c| (c.heading, c.unit) = (bad(), Some(bad())));
            table.rows.iter_mut().for_each(|r| r.cells[0] = civicap::report::document::Cell::Text(bad()));
        }
        Block::FanChart(fan) => {
            (fan.caption.title, fan.caption.unit, fan.caption.takeaway) = (bad(), Some(bad()), Some(bad()));
            (fan.demand_label, fan.places_label) = (bad(), bad());
            fan.openings.iter_mut().for_each(|o| o.label = bad());
        }
        Block::Stack(stack) => {
            stack.caption.unit = Some(bad());
            stack.parts.iter_mut().for_each(|p| p.label = bad());
        }
        Block::HeatMap(map) => map.rows.iter_mut().for_each(|r| r.label = bad()),
        Block::TileMap(map) => {
            map.tiles.iter_mut().for_each(|t| t.label = bad());
            map.frames.iter_mut().for_each(|f| f.label = bad());
        }
        Block::Bars(bars) => bars.bars.iter_mut().for_each(|b| (b.label, b.note) = (bad(), Some(bad()))),
        Block::Pyramid(pyramid) => {
            pyramid.ages.iter_mut().for_each(|a| HOSTILE.clone_into(a));
            pyramid.moments.iter_mut().for_each(|m| m.label = bad());
        }
        Block::Inputs(inputs) => inputs.rows.iter_mut().for_each(|r| {
            (r.key, r.source) = (HOSTILE.to_owned(), bad());
            (r.value, r.unit) = (bad(), Some(bad()));
        }),
        Block::Method(method) => (method.title, method.text) = (bad(), bad()),
    }
}

/// The page without the embedded library, whose text is not ours.
fn own_part(page: &str) -> String {
    let library = include_str!("../../../src/report/html/vendor/echarts.common.min.js");
    assert!(page.contains(library), "the library is embedded whole");
    page.replace(library, "")
}

/// Words a reader sees or hears: no scripts, no styles, no tags.
fn words_of(page: &str) -> String {
    let own = own_part(page);
    let body = own.split("<body>").nth(1).unwrap().split("<script").next().unwrap();
    let mut words = String::new();
    for piece in body.split('<') {
        words.push(' ');
        words.push_str(piece.split_once('>').map_or("", |(_, text)| text));
    }
    words
}

#[test]
fn hostile_names_stay_text_in_html() {
    for language in BOTH {
        let page = own_part(&html::render(&hostile(), language));
        assert!(!page.contains("<img"), "a name became an element");
        assert!(!page.contains("alert(1)</script>"), "a name ended a script");
        assert!(!page.contains("href=\"javascript"), "a name became a link");
        assert_eq!(page.matches("<script").count(), 3, "data, library and our own script");
        assert_eq!(page.matches("</script").count(), 3);
    }
}

#[test]
fn hostile_names_cannot_move_the_cursor_of_a_terminal() {
    for language in BOTH {
        let said =
            terminal::render(&hostile(), language, false, 120) + &terminal::verdicts(&hostile(), language, false, 100);
        assert!(!said.chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn every_text_of_a_document_is_read_in_both_languages() {
    let report = example();
    for (language, other) in [(Language::En, Language::Zh), (Language::Zh, Language::En)] {
        let page = html::render(&report, language);
        assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        for section in &report.sections {
            assert!(page.contains(section.title.get(language)));
            let words = words_of(&page).replace("中国人口普查分县资料2020", "");
            assert!(!words.contains(section.title.get(other)), "{}", section.title.get(other));
        }
    }
}

#[test]
fn a_chinese_page_has_no_english_sentence() {
    let words = words_of(&html::render(&example(), Language::Zh));
    let mut run = Vec::new();
    for word in words.split_whitespace() {
        let english = word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == ',' || c == '.');
        if english {
            run.push(word);
        } else {
            run.clear();
        }
        // Sources are quoted as the planner wrote them; civicap and Apache ECharts are names.
        let quoted = ["World", "census", "subdistrict", "Population", "ratio", "split", "assumed"];
        assert!(run.len() < 3 || run.iter().any(|w| quoted.contains(w)), "English in a Chinese page: {run:?}");
    }
}

#[test]
fn an_english_page_has_no_chinese_words_of_ours() {
    let words = words_of(&html::render(&example(), Language::En));
    // The one Chinese text of the English example is the title of a source.
    let left: String = words
        .replace("中国人口普查分县资料2020", "")
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .collect();
    assert!(left.is_empty(), "Chinese in an English page: {left}");
}

#[test]
fn html_and_terminal_show_the_same_numbers() {
    let report = example();
    for language in BOTH {
        let page = html::render(&report, language);
        let words = words_of(&page);
        let said = terminal::render(&report, language, false, 400);
        for table in report.sections.iter().flat_map(|s| &s.blocks).filter_map(tabulate::table_of) {
            for cell in table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.value().is_some()) {
                let number = escaped(&civicap::report::number::cell(cell, language));
                // A cell of its own, or one end of a tornado's bar.
                let forms = [format!(">{number}</"), format!(">{number} –"), format!("– {number}</")];
                assert!(forms.iter().any(|form| page.contains(form)), "{number} is not in the page");
            }
        }
        for number in ["61,679", "1,234"] {
            assert_eq!(words.contains(number), said.contains(number), "{number}");
        }
        // Every number that the terminal shows is one that the page shows.
        for number in said
            .split(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
            .filter(|n| n.contains(',') && n.len() > 4)
        {
            assert!(words.contains(number.trim_matches(&[',', '.'][..])), "{number} is only in the terminal");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('<', "&#60;").replace('>', "&#62;")
}

#[test]
fn a_page_loads_nothing() {
    for language in BOTH {
        let page = own_part(&html::render(&example(), language));
        for load in
            ["http://", "https://", "src=\"", "@import", "url(", "fetch(", "XMLHttpRequest", "<iframe", "<object"]
        {
            assert!(!page.contains(load), "the page has {load}");
        }
        assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"), "and its policy forbids it");
    }
}

/// Otherwise a browser would not run the page's own scripts, or would run somebody else's.
#[test]
fn the_policy_of_a_page_lets_its_own_texts_run_and_no_other() {
    let page = html::render(&example(), Language::En);
    let policy = page.split("Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut texts = 0;
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        for text in page.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()) {
            let hash = sha256::base64(text.as_bytes());
            assert!(policy.contains(&format!("'sha256-{hash}'")), "{open} {hash}: {policy}");
            texts += 1;
        }
    }
    assert_eq!((texts, policy.matches("sha256-").count()), (3, 3));
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!own_part(&page).contains(" style="), "an element has a style of its own, which the policy stops");
}

#[test]
fn every_picture_has_its_table_and_a_name() {
    for language in BOTH {
        let page = own_part(&html::render(&example(), language));
        let figures: Vec<&str> = page.split("<figure").skip(1).map(|f| f.split("</figure>").next().unwrap()).collect();
        let drawn = |b: &&Block| tabulate::table_of(b).is_some();
        let blocks = example().sections.iter().flat_map(|s| s.blocks.iter().filter(drawn).cloned()).count();
        assert_eq!(figures.len(), blocks);
        for figure in figures {
            assert!(
                figure.contains("<table") && figure.contains("<figcaption") && figure.contains("<caption"),
                "{figure}"
            );
            assert!(!figure.contains("role=\"img\"") || figure.contains("aria-labelledby"), "{figure}");
        }
    }
}

#[test]
fn terminal_columns_line_up_under_chinese_names() {
    let said = terminal::render(&example(), Language::Zh, false, 100);
    for line in said.lines() {
        assert!(
            width(line) <= 100 || line.contains('|') || line.starts_with("每年"),
            "{} columns: {line}",
            width(line)
        );
    }
    let heads: Vec<usize> = said.lines().filter(|l| l.contains("街道 ") && l.contains('%')).map(width).collect();
    assert!(heads.len() >= 13, "{said}");
}

#[test]
fn no_number_is_broken_at_80_columns() {
    use civicap::report::document::{Caption, Cell, Column, Row, Section, Table};
    let columns: Vec<Column> =
        (0..14).map(|i| Column::new(Text::name(format!("a heading of some words {i}")))).collect();
    let row = |r: usize| {
        let name = Cell::Text(Text::name("a project with a rather long name"));
        let numbers = (1..14).map(move |c| Cell::count(1_234_567.0 + (100 * r + c) as f64));
        Row::new(std::iter::once(name).chain(numbers).collect())
    };
    let table = Table { caption: Caption::new(Text::name("wide")), columns, rows: (0..5).map(row).collect() };
    let mut report = example();
    let blocks = vec![Block::Table(table)];
    report.sections = vec![Section { key: "wide".to_owned(), title: Text::name("wide"), blocks }];
    let said = terminal::render(&report, Language::En, false, 80);
    for (r, c) in (0..5).flat_map(|r| (1..14).map(move |c| (r, c))) {
        let number = civicap::report::number::whole(1_234_567.0 + (100 * r + c) as f64);
        assert!(said.contains(&number), "{number} is broken: {said}");
    }
    let table = said.split("# wide").nth(1).unwrap();
    assert!(table.lines().all(|line| width(line) <= 80), "{table}");
}

/// Columns of a terminal: Chinese characters take two.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum()
}

#[test]
fn colour_is_only_where_it_was_asked_for() {
    let report = example();
    assert!(!terminal::verdicts(&report, Language::En, false, 100).contains('\u{1b}'));
    assert!(terminal::verdicts(&report, Language::En, true, 100).contains("\u{1b}[1;31m✕ falls short\u{1b}[0m"));
}

#[test]
fn verdicts_come_first() {
    for language in BOTH {
        let words = words_of(&html::render(&example(), language));
        let first = example().sections[0].title.get(language).to_owned();
        let second = example().sections[1].blocks.iter().find_map(|b| match b {
            Block::Prose(text) => Some(text.get(language).to_owned()),
            _ => None,
        });
        assert!(words.find(&first) < words.find(&second.unwrap()));
        assert!(terminal::verdicts(&example(), language, false, 100).starts_with('✓'));
    }
}

/// Writes the example where a person can look at it: `cargo test --test suite look -- --ignored`.
#[test]
#[ignore = "for the eyes: writes pages into the folder named by LOOK"]
fn look() {
    let folder = std::path::PathBuf::from(std::env::var_os("LOOK").expect("LOOK names a folder"));
    for (name, language) in [("en", Language::En), ("zh", Language::Zh)] {
        std::fs::write(folder.join(format!("{name}.html")), html::render(&example(), language)).unwrap();
        std::fs::write(folder.join(format!("{name}.txt")), terminal::render(&example(), language, false, 100)).unwrap();
    }
}
