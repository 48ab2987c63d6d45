//! A section of a scenario seen through the keys it may have.

use std::borrow::Cow;

use super::common_mistakes::{self, nearest};
use super::key::{KeyDef, Presence, ValueKind};
use super::load_session::{InputEntry, LoadSession};
use super::messages::{self, first_of};
use super::provenance::both_languages;
use super::units::unit;
use super::value::{self, Data, Entry, Table, Value};
use crate::dates::Day;
use crate::diagnostic::{Finding, Span, code};
use crate::language::Text;
use crate::text;
use crate::uncertainty::{Provenance, Status};

/// What begins a formula in a workbook.
pub(crate) const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Where a section stands: its path in today's words and in those of the first format.
struct Location {
    path: String,
    origin: String,
}

/// A table of the file together with the keys it may have.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    /// Where everything found is gathered.
    pub session: &'a LoadSession,
    /// The sections it stands in, joined by dots; empty for the whole file.
    pub path: String,
    /// The same in the words of the first format of scenarios, under which uncertain numbers are drawn.
    origin: String,
    /// Where it stands.
    pub span: Span,
    pub(super) table: Cow<'a, Table>,
    pub(super) keys: &'static [KeyDef],
}

impl<'a> Section<'a> {
    /// Opens a value as a section, noting keys that are not in `keys`. A value that is no table is a fault.
    pub fn open(session: &'a LoadSession, path: String, value: &'a Value, keys: &'static [KeyDef]) -> Option<Self> {
        let origin = path.clone();
        Self::open_cow(session, Location { path, origin }, Cow::Borrowed(value), keys)
    }

    fn open_cow(
        session: &'a LoadSession,
        location: Location,
        value: Cow<'a, Value>,
        keys: &'static [KeyDef],
    ) -> Option<Self> {
        let span = value.span;
        let table = match value {
            Cow::Borrowed(Value { data: Data::Table(table), .. }) => Cow::Borrowed(table),
            Cow::Owned(Value { data: Data::Table(table), .. }) => Cow::Owned(table),
            other => {
                wrong_kind(session, &location.path, &other, &Text::new("a section", "一个表（分节）"));
                return None;
            }
        };
        let Location { path, origin } = location;
        let section = Self { session, path, origin, span, table, keys };
        if section.path.is_empty() {
            session.set_scenario(&section.table);
        }
        section.note_unknown_keys();
        // What a key by its older name would let act is not known before it has its new one.
        if !keys.iter().any(|def| section.has_by_older_name(def.name)) {
            section.note_idle_keys();
        }
        Some(section)
    }

    fn note_unknown_keys(&self) {
        for entry in &self.table.entries {
            if self.keys.iter().any(|k| k.name == entry.key) {
                continue;
            }
            let key = &entry.key;
            let place = if self.path.is_empty() { String::new() } else { format!("[{}] ", self.path) };
            if let Some(def) = self.keys.iter().find(|k| k.formerly.contains(&key.as_str())) {
                self.session.diagnostics.refuse(entry.key_span, messages::renamed_key(&place, key, def.name));
                continue;
            }
            let known: Vec<&str> = self.keys.iter().map(|k| k.name).collect();
            // What is written already is not what was meant.
            let open = known.iter().copied().filter(|known| self.table.get(known).is_none());
            let remedy = nearest(key, open).map_or_else(
                || {
                    let list = known.join(", ");
                    text!("remove it; known keys here: {list}", "请删去；此处可用的键：{list}")
                },
                |meant| text!("did you mean `{meant}`?", "是否想写 `{meant}`？"),
            );
            let message = text!("{place}unknown key `{key}`", "{place}未知的键 `{key}`");
            self.session.diagnostics.error(code::UNKNOWN_KEY, entry.key_span, message, remedy);
        }
    }

    /// The full key of `key` in this section.
    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The full key of `key` in the words of the first format: a renamed key goes on drawing what it always drew.
    pub(super) fn origin_of(&self, key: &str) -> String {
        let name = self.def(key).first_name();
        if self.origin.is_empty() { name.to_owned() } else { format!("{}.{name}", self.origin) }
    }

    fn location_of(&self, key: &str) -> Location {
        Location { path: self.path_of(key), origin: self.origin_of(key) }
    }

    pub(super) fn def(&self, key: &str) -> &'static KeyDef {
        self.keys
            .iter()
            .find(|k| k.name == key)
            .expect("invariant: a reader asks only for keys that its section declares")
    }

    /// Whether the planner wrote this key, or wrote it by an older name: that it is called otherwise now is told already, and
    /// that it is missing would be told beside it.
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some() || self.has_by_older_name(key)
    }

    fn has_by_older_name(&self, key: &str) -> bool {
        let def = self.keys.iter().find(|def| def.name == key);
        let is_older = |old: &&&str| self.keys.iter().all(|def| def.name != **old) && self.table.get(old).is_some();
        def.is_some_and(|def| def.formerly.iter().any(|old| is_older(&old)))
    }

    /// What `read` makes of a key that may be left out; inside, `None` where it is.
    pub fn if_given<T>(&self, key: &str, read: impl FnOnce(&Self, &str) -> Option<T>) -> Option<Option<T>> {
        if self.has(key) { read(self, key).map(Some) } else { Some(None) }
    }

    /// Whether the planner wrote this key in a section of this one.
    pub fn has_within(&self, section: &str, key: &str) -> bool {
        self.table.get(section).is_some_and(|v| matches!(&v.data, Data::Table(table) if table.get(key).is_some()))
    }

    /// Where the key's value stands, or the section when it is not given.
    pub fn span_of(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.span, |v| v.span)
    }

    /// Where a key of a section of this one stands, or that section, or this one where neither is given.
    pub(crate) fn span_within(&self, section: &str, key: &str) -> Span {
        let Some(value) = self.table.get(section) else { return self.span };
        let entry = match &value.data {
            Data::Table(table) => table.entries.iter().find(|entry| entry.key == key),
            _ => None,
        };
        entry.map_or(value.span, |entry| entry.key_span)
    }

    /// Notes at a key (or at the section when the key is not given) what makes a run impossible.
    pub(crate) fn error(&self, key: &str, finding: Finding) {
        self.session.diagnostics.refuse(self.span_of(key), finding);
    }

    /// Notes at a key (or at the section when the key is not given) what the planner should look at.
    pub(crate) fn warn(&self, key: &str, finding: Finding) {
        self.session.diagnostics.caution(self.span_of(key), finding);
    }

    /// Notes a fault at a key (or at the section when the key is not given).
    pub fn fault(&self, code: &'static str, key: &str, message: Text, remedy: Text) {
        self.session.diagnostics.error(code, self.span_of(key), message, remedy);
    }

    /// The value of a key, its default, or `None` (noting a fault if it is required).
    pub(super) fn value(&self, key: &str) -> Option<(Cow<'_, Value>, bool)> {
        if let Some(value) = self.table.get(key) {
            return Some((Cow::Borrowed(value), false));
        }
        let def = self.def(key);
        match def.presence {
            Presence::Optional => None,
            Presence::Default(text) => Some((Cow::Owned(default_value(text, self.span)), true)),
            // Of a key in its older form its new name is told already.
            Presence::Required if self.has_by_older_name(key) => None,
            Presence::Required if self.session.diagnostics.has_syntax_errors() => None,
            Presence::Required => {
                let (path, help) = (&self.path, &def.help);
                let place =
                    if path.is_empty() { Text::new("the scenario", "方案") } else { text!("[{path}]", "[{path}] ") };
                let (en, zh, meaning, sense) = (&place.en, &place.zh, &help.en, &help.zh);
                let unit = unit(def.unit);
                let bracketed = |word: &str| if word.is_empty() { String::new() } else { format!(" [{word}]") };
                let (unit_en, unit_zh) = (bracketed(&unit.en), bracketed(&unit.zh));
                let written = match def.kind {
                    ValueKind::Section(_) | ValueKind::Named(_) => format!("[{}]", self.path_of(key)),
                    _ => format!("{key} = ..."),
                };
                self.session.diagnostics.error(
                    code::MISSING_KEY,
                    self.span,
                    text!("{en} does not say `{key}`", "{zh}缺少 `{key}`"),
                    text!("add `{written}`: {meaning}{unit_en}", "请补上 `{written}`：{sense}{unit_zh}"),
                );
                None
            }
        }
    }

    /// Text.
    pub fn text(&self, key: &str) -> Option<String> {
        let (value, _) = self.value(key)?;
        match &value.data {
            Data::Text(text) => Some(text.clone()),
            _ => self.wrong(key, &value, &Text::new("text between quotes", "引号内的文字")),
        }
    }

    /// A label: text, or `{ zh = "...", en = "..." }`.
    pub fn label(&self, key: &str) -> Option<Text> {
        let label = self.label_in(key)?;
        if key == "label" {
            self.session.add_name(&self.path, &label);
        }
        Some(label)
    }

    fn label_in(&self, key: &str) -> Option<Text> {
        let (value, _) = self.value(key)?;
        let expected = Text::new("text, or { zh = \"...\", en = \"...\" }", "文字，或 { zh = \"...\", en = \"...\" }");
        both_languages(&value).or_else(|| self.wrong(key, &value, &expected))
    }

    /// The `label` of a section that the planner has named, or else that name.
    pub(crate) fn label_or(&self, name: &str) -> Option<Text> {
        if self.has("label") { self.label("label") } else { Some(Text::name(name)) }
    }

    /// One of the words of its key, as its position among them.
    pub fn choice(&self, key: &str) -> Option<usize> {
        let (value, _) = self.value(key)?;
        let ValueKind::Choice(words) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared a choice")
        };
        let Data::Text(word) = &value.data else {
            return self.wrong(key, &value, &Text::new("one word between quotes", "引号内的一个词"));
        };
        words.iter().position(|w| w == word).or_else(|| {
            self.unknown(code::UNKNOWN_CHOICE, key, value.span, word, words);
            None
        })
    }

    fn unknown(&self, code: &'static str, key: &str, span: Span, word: &str, words: &[&str]) {
        let list = first_of(words);
        let remedy = nearest(word, words.iter().copied()).map_or_else(
            || text!("write one of: {list}", "请从下列中选一：{list}"),
            |meant| text!("did you mean `{meant}`? Known: {list}", "是否想写 `{meant}`？可用：{list}"),
        );
        let message = text!("`{key}` does not know «{word}»", "`{key}` 不认识“{word}”");
        self.session.diagnostics.error(code, span, message, remedy);
    }

    /// A name that must be one of `known` (areas, projects), as its position among them.
    pub fn name_of(&self, key: &str, known: &[&str]) -> Option<usize> {
        let span = self.span_of(key);
        let name = self.text(key)?;
        known.iter().position(|k| *k == name).or_else(|| {
            self.unknown(code::UNKNOWN_NAME, key, span, &name, known);
            None
        })
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> Option<bool> {
        let (value, _) = self.value(key)?;
        match value.data {
            Data::Flag(flag) => Some(flag),
            _ => self.wrong(key, &value, &Text::new("true or false", "true 或 false")),
        }
    }

    /// A date.
    pub fn day(&self, key: &str) -> Option<Day> {
        let (value, _) = self.value(key)?;
        let written = match &value.data {
            Data::Date(date) | Data::Text(date) => date.clone(),
            _ => return self.wrong(key, &value, &Text::new("a date such as 2025-09-01", "日期，例如 2025-09-01")),
        };
        let fault = match Day::parse(&written) {
            Ok(day) => return Some(day),
            Err(fault) => fault,
        };
        let finding = messages::no_date(&self.path_of(key), &written, fault, false);
        self.session.diagnostics.refuse(value.span, Finding { code: code::WRONG_KIND, ..finding });
        None
    }

    /// A date, as months since year 0 plus the part of the month gone (day 1 = 0.0): 2025-09-01 is 2025 x 12 + 8.
    pub fn month(&self, key: &str) -> Option<f64> {
        self.day(key).map(Day::moment)
    }

    /// A list of texts with their places.
    pub fn names(&self, key: &str) -> Option<Vec<(String, Span)>> {
        let (value, _) = self.value(key)?;
        let expected = Text::new("a list of texts, such as [\"a\", \"b\"]", "文字列表，例如 [\"甲\", \"乙\"]");
        let Data::List(list) = &value.data else { return self.wrong(key, &value, &expected) };
        let mut names = Vec::with_capacity(list.len());
        for item in list {
            match &item.data {
                Data::Text(text) => names.push((text.clone(), item.span)),
                _ => return self.wrong(key, item, &expected),
            }
        }
        Some(names)
    }

    /// A list of numbers within the range of its key.
    pub fn numbers(&self, key: &str) -> Option<Vec<f64>> {
        let (value, defaulted) = self.value(key)?;
        let ValueKind::Numbers(low, high) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared numbers")
        };
        let expected = Text::new("a list of numbers, such as [1, 2.5]", "数字列表，例如 [1, 2.5]");
        let Data::List(list) = &value.data else { return self.wrong(key, &value, &expected) };
        let mut numbers = Vec::with_capacity(list.len());
        for item in list {
            let number = match item.data {
                Data::Integer(n) => n as f64,
                Data::Float(n) => n,
                _ => return self.wrong(key, item, &expected),
            };
            if !(low..=high).contains(&number) {
                return self.out_of_range(key, item.span, &number.to_string(), &low.to_string(), &high.to_string());
            }
            numbers.push(number);
        }
        self.record(key, format!("{numbers:?}"), value.span, defaulted);
        Some(numbers)
    }

    /// A section within this one, if it is given (or has a default).
    pub fn section(&self, key: &str) -> Option<Section<'_>> {
        let (value, _) = self.value(key)?;
        let ValueKind::Section(keys) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared a section")
        };
        Section::open_cow(self.session, self.location_of(key), value, keys)
    }

    /// The sections that the planner named under this key, with their names.
    pub fn named(&self, key: &str) -> Vec<(String, Section<'_>)> {
        let Some((value, _)) = self.value(key) else { return Vec::new() };
        let ValueKind::Named(keys) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared named sections")
        };
        let Cow::Borrowed(Value { data: Data::Table(table), .. }) = value else {
            self.wrong::<()>(key, &value, &Text::new("sections such as [name]", "若干分节，例如 [名称]"));
            return Vec::new();
        };
        table
            .entries
            .iter()
            .filter(|entry| self.is_a_name(entry))
            .filter_map(|entry| {
                let Location { path, origin } = self.location_of(key);
                let name = &entry.key;
                let location = Location { path: format!("{path}.{name}"), origin: format!("{origin}.{name}") };
                let section = Section::open_cow(self.session, location, Cow::Borrowed(&entry.value), keys);
                section.map(|section| (entry.key.clone(), section))
            })
            .collect()
    }

    /// Whether a name may stand for a section: it goes into workbooks, where `=` begins a formula.
    fn is_a_name(&self, entry: &Entry) -> bool {
        let name = &entry.key;
        let plain = !name.trim().is_empty() && !name.starts_with(FORMULA);
        if !plain {
            self.session.diagnostics.error(
                code::UNKNOWN_NAME,
                entry.key_span,
                text!("«{name}» cannot be a name", "“{name}”不能用作名称"),
                Text::new("begin it with a letter, a digit or a Chinese character", "请以字母、数字或汉字开头"),
            );
        }
        plain
    }

    fn record(&self, key: &str, shown: String, span: Span, defaulted: bool) {
        let provenance = Provenance { source: Text::default(), status: Status::Assumed, defaulted };
        self.record_with(key, shown, span, provenance);
    }

    pub(super) fn record_with(&self, key: &str, shown: String, span: Span, provenance: Provenance) {
        let shown = Text::name(shown);
        let entry =
            InputEntry { path: self.path_of(key), shown, unit: self.def(key).unit, provenance, span, parameter: None };
        self.session.add_input(entry);
    }

    pub(super) fn wrong<T>(&self, key: &str, value: &Value, expected: &Text) -> Option<T> {
        wrong_kind(self.session, &self.path_of(key), value, expected);
        None
    }

    pub(super) fn out_of_range<T>(&self, key: &str, span: Span, found: &str, low: &str, high: &str) -> Option<T> {
        let def = self.def(key);
        let (unit, help, sense) = (unit(def.unit), &def.help.en, &def.help.zh);
        let (unit_en, unit_zh) = (&unit.en, &unit.zh);
        let range = match (low, high) {
            (low, "inf" | "9223372036854775807") => format!("≥ {low}"),
            ("-inf", high) => format!("≤ {high}"),
            (low, high) => format!("{low} … {high}"),
        };
        self.session.diagnostics.error(
            code::OUT_OF_RANGE,
            span,
            text!("`{key}` = {found} is outside {range} {unit_en}", "`{key}` = {found} 超出允许范围 {range} {unit_zh}"),
            match as_share(found, high) {
                Some(share) => text!(
                    "write a number in {range}, a percentage as a share ({found} % is {share}): {help}",
                    "请写 {range} 之内的数，百分数写成小数（{found}% 即 {share}）：{sense}"
                ),
                None => text!("write a number in {range}: {help}", "请写 {range} 之内的数：{sense}"),
            },
        );
        None
    }
}

/// The share that a number beyond 1 was most likely meant for, where at most 1 is allowed.
fn as_share(found: &str, high: &str) -> Option<f64> {
    let percent: f64 = found.parse().ok().filter(|percent| (1.0..=100.0).contains(percent))?;
    (high == "1").then(|| common_mistakes::of_percent(percent))
}

fn wrong_kind(session: &LoadSession, path: &str, value: &Value, expected: &Text) {
    let (found, expects, need) = (value.kind(), &expected.en, &expected.zh);
    let (found_en, found_zh) = (&found.en, &found.zh);
    let meant = match &value.data {
        Data::Text(text) if text.parse::<f64>().is_ok() => {
            Some(text!("leave out the quotes: {text}", "请去掉引号：{text}"))
        }
        Data::Text(text) => common_mistakes::number(text).map(|(_, remedy)| remedy),
        _ => None,
    };
    session.diagnostics.error(
        code::WRONG_KIND,
        value.span,
        text!("`{path}` is {found_en}, but {expects} is needed", "`{path}` 写成了{found_zh}，需要的是{need}"),
        meant.unwrap_or_else(|| text!("write {expects}", "请写{need}")),
    );
}

fn default_value(text: &'static str, span: Span) -> Value {
    fn place(value: &mut Value, span: Span) {
        value.span = span;
        match &mut value.data {
            Data::List(list) => list.iter_mut().for_each(|v| place(v, span)),
            Data::Table(table) => table.entries.iter_mut().for_each(|e| {
                e.key_span = span;
                place(&mut e.value, span);
            }),
            _ => {}
        }
    }
    let mut value = value::literal(text);
    place(&mut value, span);
    value
}

/// Months since year 0 of a date, if it is one.
pub(crate) fn parse_month(written: &str) -> Option<f64> {
    Day::parse(written).ok().map(Day::moment)
}
