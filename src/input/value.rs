//! A TOML document as a tree in which every key and value remembers its file and place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{common_mistakes, text_bounds};
use crate::diagnostic::{DiagnosticSink, FileId, Span, code, line_around};
use crate::language::Text;
use crate::text;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it was written.
    pub span: Span,
    /// What was written.
    pub data: Data,
}

/// What a value holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text between quotes.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; infinities and NaN arrive here too and are refused by the readers.
    Float(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A date, kept as written (`2025-09-01`).
    Date(String),
    /// `[ ... ]`.
    List(Vec<Value>),
    /// `{ ... }` or `[section]`.
    Table(Table),
}

/// Keys with their values, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One `key = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// What a path of keys joined by dots leads to.
    pub fn at_path(&self, path: &str) -> Option<&Value> {
        let Some((first, rest)) = path.split_once('.') else { return self.get(path) };
        match self.get(first) {
            Some(Value { data: Data::Table(below), .. }) => below.at_path(rest),
            _ => None,
        }
    }

    /// Whether a path of keys joined by dots leads to something.
    pub fn has_path(&self, path: &str) -> bool {
        self.at_path(path).is_some()
    }

    /// Lays `change` over this table: tables merge key by key, anything else is replaced.
    pub fn overlay(&mut self, change: Self) {
        // Looked up, not searched: a section may have as many names as it likes.
        let places: BTreeMap<String, usize> =
            self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        for entry in change.entries {
            let Some(old) = places.get(&entry.key).and_then(|at| self.entries.get_mut(*at)) else {
                self.entries.push(entry);
                continue;
            };
            match (&mut old.value.data, entry.value.data) {
                // A law or a sourced number is one value, not a section to be merged with what it replaces.
                (Data::Table(below), Data::Table(above)) if !above.is_one_value() => below.overlay(above),
                (_, data) => *old = Entry { value: Value { data, span: entry.value.span }, ..entry },
            }
        }
    }

    /// Whether this table is a law, a sourced number or a label, and not a section.
    pub(crate) fn is_one_value(&self) -> bool {
        self.entries
            .iter()
            .any(|e| matches!(e.key.as_str(), "distribution" | "law" | "value" | "by_year" | "zh" | "en"))
    }
}

impl Value {
    /// What kind of value this is, in the words of a message.
    pub fn kind(&self) -> Text {
        match &self.data {
            Data::Text(_) => Text::new("text", "文字"),
            Data::Integer(_) => Text::new("a whole number", "整数"),
            Data::Float(n) if !n.is_finite() => {
                Text::new("infinite or no number (inf, nan)", "无穷大或非数（inf、nan）")
            }
            Data::Float(_) => Text::new("a number", "小数"),
            Data::Flag(_) => Text::new("true or false", "真假值"),
            Data::Date(_) => Text::new("a date", "日期"),
            Data::List(_) => Text::new("a list", "列表"),
            Data::Table(_) => Text::new("a section", "表"),
        }
    }
}

/// The value of one TOML expression that is part of civicap itself, such as a declared default.
pub fn literal(text: &'static str) -> Value {
    let parsed = parse(&format!("it = {text}"), FileId(0), &DiagnosticSink::default());
    let Data::Table(table) = parsed.data else { unreachable!("invariant: a document is a table") };
    table.get("it").cloned().expect("invariant: every declared default is TOML")
}

/// Reads one TOML text. Syntax faults are noted; what could be read is returned all the same.
pub fn parse(text: &str, file: FileId, faults: &DiagnosticSink) -> Value {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut faulty: Vec<_> = errors.iter().map(|error| (error.span().unwrap_or(0..0), error.message())).collect();
    faulty.sort_by_key(|(at, _)| at.start);
    let mut told = 0;
    for (at, said) in faulty {
        // One slip gives many faults on its line; the first says what it is.
        if at.start < told {
            continue;
        }
        let slip = common_mistakes::syntax(text, at, said);
        told = line_around(text, slip.at.start).end + 1;
        let span = Span { file, start: slip.at.start, end: slip.at.end };
        faults.error(code::SYNTAX, span, slip.message, slip.remedy);
    }
    let whole = Span { file, start: document.span().start, end: document.span().end };
    Value { span: whole, data: Data::Table(table(document.get_ref(), file, text_bounds::LONGEST, faults)) }
}

/// Keys and values; `most` is how long the texts of the key above may be.
fn table(source: &DeTable<'_>, file: FileId, most: usize, faults: &DiagnosticSink) -> Table {
    let mut entries: Vec<Entry> = source
        .iter()
        .map(|(key, value)| {
            let key_span = Span { file, start: key.span().start, end: key.span().end };
            note_hidden(key.get_ref(), key_span, faults);
            text_bounds::note_long(key.get_ref(), text_bounds::LONGEST, key_span, faults);
            let most = text_bounds::of_key(key.get_ref(), most);
            let span = Span { file, start: value.span().start, end: value.span().end };
            Entry { key: key.get_ref().to_string(), key_span, value: convert(value.get_ref(), span, most, faults) }
        })
        .collect();
    entries.sort_by_key(|e| e.key_span);
    Table { entries }
}

fn convert(value: &DeValue<'_>, span: Span, most: usize, faults: &DiagnosticSink) -> Value {
    let data = match value {
        DeValue::String(text) => {
            note_hidden(text, span, faults);
            text_bounds::note_long(text, most, span, faults);
            Data::Text(Cow::to_string(text))
        }
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).map_or_else(
            |_| {
                too_large(span, faults);
                Data::Integer(0)
            },
            Data::Integer,
        ),
        DeValue::Float(number) => Data::Float(number.as_str().replace('_', "").parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Data::Flag(*flag),
        DeValue::Datetime(date) => Data::Date(date.to_string()),
        DeValue::Array(list) => Data::List(
            list.iter()
                .map(|v| {
                    convert(
                        v.get_ref(),
                        Span { file: span.file, start: v.span().start, end: v.span().end },
                        most,
                        faults,
                    )
                })
                .collect(),
        ),
        DeValue::Table(inner) => Data::Table(table(inner, span.file, most, faults)),
    };
    Value { span, data }
}

/// Whether a character shows nothing but moves what others show: terminal escapes, marks that turn the direction of text.
pub(super) fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Names and words go to terminals, pages and workbooks: what would move a cursor or turn a line round is refused here once.
pub(super) fn note_hidden(text: &str, span: Span, faults: &DiagnosticSink) {
    let Some(hidden) = text.chars().find(|c| is_hidden(*c)) else { return };
    let number = u32::from(hidden);
    faults.error(
        code::HIDDEN,
        span,
        text!("the text holds a hidden character (U+{number:04X})", "文字中含有不可见的控制字符（U+{number:04X}）"),
        Text::new("delete it and type the text anew", "请删去后重新输入文字"),
    );
}

fn too_large(span: Span, faults: &DiagnosticSink) {
    faults.error(
        code::OUT_OF_RANGE,
        span,
        Text::new("this whole number is too large", "整数过大"),
        Text::new("write a number below 9,000,000,000,000,000,000", "请写小于 9,000,000,000,000,000,000 的数"),
    );
}
