//! Which sheets a workbook has and what stands on each, before anything is written.

use super::super::document::{Block, Caveat, Report, Section, VerdictCard};
use super::super::words;
use super::style::clean;
use crate::language::{Language, Text};

/// Longest name of a sheet that spreadsheets take, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// Characters that names of sheets must not have.
const FORBIDDEN: &[char] = &['[', ']', ':', '*', '?', '/', '\\', '\''];

/// One sheet.
pub(super) struct Sheet<'r> {
    /// Its name, unique and legal.
    pub name: String,
    /// What stands above all.
    pub title: String,
    /// The line under the title.
    pub subtitle: Option<String>,
    /// Number of its section, which colours its tab.
    pub family: usize,
    /// What it holds.
    pub parts: Vec<Part<'r>>,
}

/// One piece of a sheet.
pub(super) enum Part<'r> {
    /// A block of the report.
    Block(&'r Block),
    /// Verdicts, with the sheets that tell more of each.
    Verdicts(&'r [VerdictCard], Vec<Option<usize>>),
    /// Warnings of the whole report, with where they stand.
    Caveats(Vec<(Text, &'r Caveat)>),
    /// Facts about the run.
    Facts(&'r Report),
    /// The other sheets: position and what they hold.
    Contents(Vec<(usize, String)>),
}

/// A sheet with the section it was made from.
struct Draft<'r> {
    sheet: Sheet<'r>,
    section: usize,
}

/// The sheets of a report.
pub(super) fn outline(report: &Report, language: Language) -> Vec<Sheet<'_>> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for (index, section) in all(report).enumerate() {
        drafts.extend(sheet_of(index, section, language));
    }
    if let Some(first) = drafts.first_mut() {
        first.sheet.title = clean(report.title.get(language));
        first.sheet.subtitle = Some(clean(report.subtitle.get(language)));
    }
    let links = links(report, &drafts);
    let mut sheets: Vec<Sheet<'_>> = drafts.into_iter().map(|draft| draft.sheet).collect();
    for part in sheets.iter_mut().flat_map(|sheet| &mut sheet.parts) {
        if let Part::Block(Block::Verdicts(cards)) = part {
            *part = Part::Verdicts(cards, cards.iter().map(|card| find(&links, card)).collect());
        }
    }
    sheets.extend(extra(&words::CAVEATS, caveats(report), report, language));
    let contents = sheets.iter().enumerate().map(|(at, sheet)| (at, sheet.title.clone())).collect();
    sheets.extend(extra(&words::ABOUT, vec![Part::Facts(report), Part::Contents(contents)], report, language));
    name_apart(&mut sheets);
    sheets
}

/// Every section, those for workbooks only at the end.
fn all(report: &Report) -> impl Iterator<Item = &Section> {
    report.sections.iter().chain(&report.appendix)
}

/// A sheet that gathers parts of several sections; none when there are none.
fn extra<'r>(title: &Text, parts: Vec<Part<'r>>, report: &Report, language: Language) -> Option<Sheet<'r>> {
    let title = title.get(language).to_owned();
    let name = title.clone();
    (!parts.is_empty()).then_some(Sheet { name, title, subtitle: None, family: all(report).count(), parts })
}

/// The sheet of one section; none where it holds nothing.
fn sheet_of<'r>(index: usize, section: &'r Section, language: Language) -> Option<Draft<'r>> {
    let title = clean(section.title.get(language));
    let parts: Vec<Part<'r>> = section.blocks.iter().map(Part::Block).collect();
    let sheet = Sheet { name: title.clone(), title, subtitle: None, family: index, parts };
    (!sheet.parts.is_empty()).then_some(Draft { sheet, section: index })
}

/// Where a card may lead: key of the section, position of the sheet.
type Link<'r> = (&'r str, usize);

fn links<'r>(report: &'r Report, drafts: &[Draft<'r>]) -> Vec<Link<'r>> {
    let keys: Vec<&str> = all(report).map(|section| section.key.as_str()).collect();
    drafts.iter().enumerate().map(|(at, draft)| (keys[draft.section], at)).collect()
}

fn find(links: &[Link<'_>], card: &VerdictCard) -> Option<usize> {
    let key = card.see.as_deref()?;
    links.iter().find(|link| link.0 == key).map(|link| link.1)
}

/// All warnings in one table, the weightiest first; nothing when there are none.
fn caveats(report: &Report) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    for section in &report.sections {
        for block in &section.blocks {
            if let Block::Caveat(caveat) = block {
                found.push((section.title.clone(), caveat));
            }
        }
    }
    found.sort_by_key(|(_, caveat)| std::cmp::Reverse(caveat.weight));
    if found.is_empty() { Vec::new() } else { vec![Part::Caveats(found)] }
}

/// Makes names legal, and unique whatever their case.
fn name_apart(sheets: &mut [Sheet<'_>]) {
    let mut taken: Vec<String> = Vec::new();
    for sheet in sheets {
        let legal: String =
            sheet.name.chars().map(|c| if FORBIDDEN.contains(&c) || c == '\n' { ' ' } else { c }).collect();
        // Spreadsheets keep one name for themselves.
        let legal = if legal.trim().is_empty() || legal.trim().eq_ignore_ascii_case("history") {
            "·".to_owned()
        } else {
            legal.trim().to_owned()
        };
        let mut name = cut(&legal, LONGEST_NAME);
        let mut number = 2;
        while taken.contains(&name.to_lowercase()) {
            let end = format!(" ({number})");
            name = cut(&legal, LONGEST_NAME - end.len()) + &end;
            number += 1;
        }
        taken.push(name.to_lowercase());
        sheet.name = name;
    }
}

/// The first `units` UTF-16 units, marked where something is left out.
fn cut(words: &str, units: usize) -> String {
    if words.encode_utf16().count() <= units {
        return words.to_owned();
    }
    let mut left = units - 1;
    let kept: String = words
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        let sheet = |name: &&str| Sheet {
            name: (*name).to_owned(),
            title: String::new(),
            subtitle: None,
            family: 0,
            parts: Vec::new(),
        };
        let mut sheets: Vec<Sheet<'_>> = names.iter().map(sheet).collect();
        name_apart(&mut sheets);
        sheets.into_iter().map(|sheet| sheet.name).collect()
    }

    #[test]
    fn names_of_sheets_are_legal_and_unique() {
        let long = "普通高中与中等职业学校在校学生的学位需求与供给对照情况（按街道分列）汇总";
        let names = named(&[
            "Primary",
            "PRIMARY",
            "primary",
            "a/b:c[d]*?'e",
            "",
            "History",
            long,
            long,
            "𠮷".repeat(40).as_str(),
        ]);
        assert_eq!(names[..4], ["Primary", "PRIMARY (2)", "primary (3)", "a b c d    e"]);
        for name in &names {
            assert!((1..=LONGEST_NAME).contains(&name.encode_utf16().count()), "{name}");
            assert!(!name.contains(FORBIDDEN) && !name.eq_ignore_ascii_case("history"), "{name}");
        }
        let mut unique: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
    }
}
