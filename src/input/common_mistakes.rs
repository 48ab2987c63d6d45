//! Slips of the hand: what a planner most likely meant by text that is no TOML, or by a cell that is no number.
//!
//! A Chinese keyboard gives full-width marks and digits, Excel gives dates with slashes and numbers with separators, a
//! report gives percentages. Each is recognised and answered with what to write in its place.

use std::ops::Range;

use crate::dates::{Date, Day};
use crate::diagnostic::line_around;
use crate::language::Text;
use crate::text;

/// A recognised slip: where it stands, what is wrong, what to write.
pub(super) struct Hint {
    pub at: Range<usize>,
    pub message: Text,
    pub remedy: Text,
}

/// What the TOML reader says and what a planner is told of it: a part of its message, the fault and the remedy.
const SAID: &[(&str, Text, Text)] = &[
    (
        "duplicate key",
        Text::new("this key or section is written twice", "这个键或分节写了两次"),
        Text::new("keep one of the two, or bring their keys together", "请只保留一处，或把内容合并到一处"),
    ),
    (
        "escape",
        Text::new("a backslash begins a special character in TOML", "TOML 中反斜杠 `\\` 有特殊含义"),
        Text::new("write paths with `/`, such as \"data/areas.csv\"", "路径请用 `/`，例如 \"data/areas.csv\""),
    ),
    (
        "unclosed table",
        Text::new("the bracket of this section is not closed", "分节的方括号没有闭合"),
        Text::new("write `[name]` on a line of its own", "请写成 `[名称]`，单独一行"),
    ),
    (
        "unclosed array",
        Text::new("the bracket of this list is not closed", "列表的方括号没有闭合"),
        Text::new("write `[1, 2, 3]`", "请写成 `[1, 2, 3]`"),
    ),
    (
        "unclosed inline table",
        Text::new("the brace is not closed", "花括号没有闭合"),
        Text::new("write `{ value = 1, status = \"assumed\" }`", "请写成 `{ value = 1, status = \"assumed\" }`"),
    ),
    (
        "missing comma",
        Text::new("a comma is missing here", "此处缺少逗号"),
        Text::new("put `,` between the parts", "各项之间请用 `,` 隔开"),
    ),
    ("extra comma", Text::new("there is a comma too many here", "此处多了一个逗号"), Text::new("remove it", "请删去")),
    (
        "key with no value",
        Text::new("this key has no value", "这个键没有值"),
        Text::new("write `key = value`; a comment begins with `#`", "请写成 `键 = 值`；注释以 `#` 开头"),
    ),
    (
        "literal string",
        Text::new("a quote is not closed, or is missing", "引号没有成对"),
        Text::new("put text between two `\"`", "文字前后各写一个 `\"`"),
    ),
    (
        "basic string",
        Text::new("a quote is not closed, or is missing", "引号没有成对"),
        Text::new("put text between two `\"`", "文字前后各写一个 `\"`"),
    ),
    (
        "leading zero",
        Text::new("this number begins with 0", "数字以 0 开头"),
        Text::new("leave out the leading 0", "请去掉开头的 0"),
    ),
    (
        "recurs",
        Text::new("this is nested too deep", "嵌套过深"),
        Text::new("take out brackets and braces that are not needed", "请去掉多余的括号"),
    ),
];

/// What is wrong where the TOML reader stopped at `at` and said `said`.
pub(super) fn syntax(text: &str, at: Range<usize>, said: &str) -> Hint {
    let line = line_around(text, at.start);
    if let Some(slip) = full_width(text, line.clone()) {
        return slip;
    }
    let piece = text.get(at.clone()).unwrap_or("").trim();
    if let Some((message, remedy)) = number(piece).or_else(|| separated(&text[line])) {
        return Hint { at, message, remedy };
    }
    if said.contains("must be quoted") && !piece.is_empty() {
        let message = text!("text must stand between double quotes", "文字须放在英文双引号内");
        return Hint { at, message, remedy: text!("write \"{piece}\"", "请写 \"{piece}\"") };
    }
    for (part, message, remedy) in SAID {
        if said.contains(part) {
            return Hint { at, message: message.clone(), remedy: remedy.clone() };
        }
    }
    Hint {
        at,
        message: text!("this is not TOML: {said}", "此处不符合 TOML 语法（{said}）"),
        remedy: Text::new(
            "write `key = value`, text between double quotes, sections as `[name]`",
            "请写成 `键 = 值`；文字放在双引号内；分节写作 `[名称]`",
        ),
    }
}

/// What is wrong with a piece that should be a number or a date, and what to write; `None` if it is like neither.
pub(super) fn number(piece: &str) -> Option<(Text, Text)> {
    let plain: String = piece.chars().map(|c| half_width(c).unwrap_or(c)).collect();
    let plain = plain.trim();
    if plain != piece && plain.parse::<f64>().is_ok() {
        return Some((
            text!("«{piece}» is written with full-width characters", "“{piece}”是全角数字"),
            text!("write {plain}", "请改用半角：{plain}"),
        ));
    }
    if let Some(found) = date_as_meant(piece) {
        return Some(found);
    }
    if let Some(share) = plain.strip_suffix('%').and_then(|percent| percent.trim().parse::<f64>().ok()) {
        let share = of_percent(share);
        return Some((
            text!("«{piece}» is a percentage", "“{piece}”写成了百分数"),
            text!("write it as a share: {share}", "请写成小数：{share}"),
        ));
    }
    if let Some(found) = separated(plain) {
        return Some(found);
    }
    let digits = plain.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')?;
    let (digits, unit) = plain.split_at(digits);
    let is_unit = unit.trim().chars().all(char::is_alphabetic) && !matches!(unit.trim(), "e" | "E");
    (is_unit && digits.parse::<f64>().is_ok()).then(|| {
        (
            text!("«{piece}» is a number with a unit", "“{piece}”在数字后写了单位"),
            text!("write the number alone: {digits}", "请只写数字：{digits}"),
        )
    })
}

/// What to write for a date that is not in the form that is wanted; `None` where it is, or is like no date.
pub(super) fn date_as_meant(piece: &str) -> Option<(Text, Text)> {
    let plain: String = piece.chars().map(|c| half_width(c).unwrap_or(c)).collect();
    let date = date(plain.trim()).map(|day| day.to_string()).filter(|date| date != piece)?;
    Some((
        text!("«{piece}» is no date in this form", "“{piece}”不是规定的日期写法"),
        text!("write {date}", "请写 {date}"),
    ))
}

/// The share that a percentage is, without the digits that dividing adds.
pub(super) fn of_percent(percent: f64) -> f64 {
    (percent * 1e8).round() / 1e10
}

/// A number with separators of thousands: alone, or as the value of a line `key = 1,200`.
fn separated(written: &str) -> Option<(Text, Text)> {
    let value = written.split('#').next()?.rsplit('=').next()?.trim();
    let mut groups = value.split(',');
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| (1..=3).contains(&g.len()) && digits(g))?;
    let rest: Vec<&str> = groups.collect();
    (!rest.is_empty() && rest.iter().all(|g| g.len() == 3 && digits(g))).then(|| {
        let whole = format!("{first}{}", rest.concat());
        (
            text!("«{value}» has separators of thousands", "“{value}”带有千分位逗号"),
            text!("write {whole}", "请写 {whole}"),
        )
    })
}

/// The day that is written in any form with the year first.
pub(super) fn day_of(cell: &str) -> Option<Day> {
    date(cell.trim())
}

/// A date with the year first, written as Excel or a letter writes it.
fn date(written: &str) -> Option<Day> {
    let parts: Vec<&str> = written.split(['/', '-', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts[..] {
        [year, month] if written.contains(['/', '-', '年']) => (year, month, "1"),
        [year, month, day] => (year, month, day),
        _ => return None,
    };
    Day::new(Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? })
        .filter(|day| (1900..=2200).contains(&day.year()))
}

/// The first full-width mark or digit of a line outside quotes and comments.
fn full_width(text: &str, line: Range<usize>) -> Option<Hint> {
    let mut quoted = None;
    for (at, c) in text[line.clone()].char_indices() {
        match (quoted, c) {
            (Some(mark), c) if c == mark => quoted = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quoted = Some(c),
            (None, '#') => return None,
            (None, c) => {
                if half_width(c).is_some() {
                    let start = line.start + at;
                    return Some(full_width_at(&text[start..line.end], start));
                }
            }
        }
    }
    None
}

/// The slip of full-width characters at the start of `rest`: one mark, or all digits of a number.
fn full_width_at(rest: &str, start: usize) -> Hint {
    let one = rest.chars().next().map_or(0, char::len_utf8);
    let digits = rest.find(|c| !half_width(c).is_some_and(|c| c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let found = &rest[..digits.max(one)];
    let meant: String = found.chars().filter_map(half_width).collect();
    Hint {
        at: start..start + found.len(),
        message: text!(
            "«{found}» is full-width; TOML knows only half-width marks",
            "“{found}”是全角字符，此处只认半角"
        ),
        remedy: text!("write `{meant}` (with the keyboard switched to English)", "请在英文输入法下改写为 `{meant}`"),
    }
}

/// The half-width character that a full-width one stands for.
pub(super) fn half_width(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        '\u{3000}' => ' ',
        '“' | '”' | '「' | '」' => '"',
        '‘' | '’' => '\'',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '、' => ',',
        '。' => '.',
        _ => return None,
    })
}

/// The nearest of `known` to a misspelt `word`, when one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_and_reports_write_is_told_in_the_form_that_is_wanted() {
        for (written, meant) in [
            ("2026/9/1", "2026-09-01"),
            ("2026-9-1", "2026-09-01"),
            ("2026年9月1日", "2026-09-01"),
            ("2026年9月", "2026-09-01"),
            ("2026.9.1", "2026-09-01"),
            ("45%", "0.45"),
            ("2.5％", "0.025"),
            ("1,200", "1200"),
            ("１２", "12"),
            ("2025年", "2025"),
            ("24班", "24"),
        ] {
            let (message, remedy) = number(written).unwrap_or_else(|| panic!("{written} is not known"));
            assert!(message.zh.contains(written) && remedy.zh.contains(meant), "{written}: {}", remedy.zh);
            assert!(remedy.en.contains(meant), "{written}: {}", remedy.en);
        }
        for sound in ["12", "abc", "", "-", "data/areas.csv", "1e18", "2026/13/1", "0x10"] {
            assert!(number(sound).is_none(), "{sound}");
        }
    }
}
