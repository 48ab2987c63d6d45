//! What a section of a scenario may say: its keys, declared once as data.
//!
//! The same list drives the reader (unknown keys, ranges, units, defaults), `civicap explain` and the JSON Schema.

use crate::language::Text;
use crate::text;

/// Something that must hold for a key or a column to act. Keys are those of the same section, columns those of the same row.
#[derive(Clone, Copy, Debug)]
pub enum Condition {
    /// This key is given.
    Given(&'static str),
    /// This key is not given.
    Missing(&'static str),
    /// This key is one of these words, written or by its default.
    Is(&'static str, &'static [&'static str]),
    /// This flag says so, written or by its default.
    Flag(&'static str, bool),
    /// This number is above another, written or by its default; a number that is uncertain is taken to be.
    Above(&'static str, f64),
    /// The scenario has this section or key, by its whole path.
    Scenario(&'static str),
    /// The scenario says one of these words at this path.
    ScenarioSays(&'static str, &'static [&'static str]),
    /// At least one of these holds.
    AnyOf(&'static [Condition]),
}

/// One key of a section.
#[derive(Debug)]
pub struct KeyDef {
    /// The key as written in the file.
    pub name: &'static str,
    /// What kind of value it takes.
    pub kind: ValueKind,
    /// Unit of a number, empty when it has none.
    pub unit: &'static str,
    /// Whether it must be given.
    pub presence: Presence,
    /// What it means.
    pub help: Text,
    /// Who says that its default is right, in English and Chinese; empty where it is civicap's own assumption.
    pub cited: [&'static str; 2],
    /// What it was called in older formats of the scenario; empty where it always had this name.
    pub formerly: &'static [&'static str],
    /// What must hold for it to act; empty where it always does.
    pub acts: &'static [Condition],
}

/// Whether a key must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may be left out, and nothing is assumed then.
    Optional,
    /// If left out, this TOML value is taken, and the report lists it as assumed.
    Default(&'static str),
}

/// What kind of value a key takes.
#[derive(Debug)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A label in one or both languages.
    Label,
    /// A whole number in a range (both ends included).
    Whole(i64, i64),
    /// A fixed number in a range (both ends included).
    Number(f64, f64),
    /// A number that may be uncertain, in a range (both ends included).
    Uncertain(f64, f64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A date.
    Date,
    /// True or false.
    Flag,
    /// A list of texts.
    Names,
    /// A list of numbers in a range.
    Numbers(f64, f64),
    /// Numbers by year: `{ 2024 = 1.0, 2030 = 1.1 }`.
    ByYear,
    /// A CSV file with these columns.
    Csv(&'static [Column]),
    /// A GeoJSON file with the outlines of the areas.
    GeoJson,
    /// A section with these keys.
    Section(&'static [KeyDef]),
    /// Sections named by the planner, each with these keys.
    Named(&'static [KeyDef]),
}

impl ValueKind {
    /// What may be written, in the words of a planner.
    pub fn words(&self) -> Text {
        match self {
            Self::Text => Text::new("text", "文字"),
            Self::Label => Text::new("a name, or { zh = ..., en = ... }", "名称，或 { zh = ..., en = ... }"),
            Self::Whole(..) => Text::new("a whole number", "整数"),
            Self::Number(..) => Text::new("a number", "数值"),
            Self::Uncertain(..) => Text::new("a number that may be uncertain", "数值（可写成分布）"),
            Self::Choice(words) => {
                let list = words.join(", ");
                text!("one of: {list}", "选一：{list}")
            }
            Self::Date => Text::new("a date such as 2026-09-01", "日期，如 2026-09-01"),
            Self::Flag => Text::new("true or false", "true（是）或 false（否）"),
            Self::Names => Text::new("a list of texts", "文字列表"),
            Self::Numbers(..) => Text::new("a list of numbers", "数值列表"),
            Self::ByYear => Text::new("numbers by year", "逐年数值"),
            Self::Csv(_) => Text::new("the name of a CSV table", "CSV 表的文件名"),
            Self::GeoJson => Text::new("the name of a GeoJSON file", "GeoJSON 文件名"),
            Self::Section(_) => Text::new("a section", "分节"),
            Self::Named(_) => Text::new("sections that you name", "自行命名的若干分节"),
        }
    }

    /// The range of its numbers (both ends included), if it has numbers and they are bounded.
    pub fn range(&self) -> Option<(f64, f64)> {
        let (low, high) = match self {
            Self::Whole(low, high) => (*low as f64, *high as f64),
            Self::Number(low, high) | Self::Uncertain(low, high) | Self::Numbers(low, high) => (*low, *high),
            _ => return None,
        };
        (low > f64::MIN || high < f64::MAX).then_some((low, high))
    }

    /// The range in a planner's words: `0 … 1`, `≥ 0`.
    pub fn range_words(&self) -> Option<String> {
        let (low, high) = self.range()?;
        Some(match (low > f64::MIN, high < f64::MAX) {
            (true, true) => format!("{} … {}", written(low), written(high)),
            (true, false) => format!("≥ {}", written(low)),
            _ => format!("≤ {}", written(high)),
        })
    }
}

/// A bound of a range; large ones with their thousands apart.
fn written(number: f64) -> String {
    if number.fract() != 0.0 || number.abs() < 10_000.0 {
        return number.to_string();
    }
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0.0 { format!("-{text}") } else { text }
}

/// What a column says of which row is which: no two rows of a table may have the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKey {
    /// Nothing.
    None,
    /// Its cell is part of the key.
    Cell,
    /// Its cell is an age or a group of ages; groups of rows that are else alike must not overlap.
    Ages,
}

/// A column of a CSV table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Whether the table may do without it.
    pub optional: bool,
    /// What it holds, with its unit.
    pub help: Text,
    /// What it was called in older formats of the scenario; empty where it always had this name.
    pub formerly: &'static [&'static str],
    /// Whether it is part of what makes a row unique.
    pub row_key: RowKey,
    /// What must hold in a row for its cell to act; empty where it always does.
    pub acts: &'static [Condition],
}

impl Column {
    /// A column that must be there.
    pub const fn required(name: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { name, optional: false, help: Text::new(en, zh), formerly: &[], row_key: RowKey::None, acts: &[] }
    }

    /// A column that may be missing.
    pub const fn optional(name: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { name, optional: true, help: Text::new(en, zh), formerly: &[], row_key: RowKey::None, acts: &[] }
    }

    /// The column as part of what makes a row unique: rows alike in all such columns are refused.
    #[must_use]
    pub const fn key(mut self) -> Self {
        self.row_key = RowKey::Cell;
        self
    }

    /// The column of ages as part of what makes a row unique: rows that are else alike must not share an age.
    #[must_use]
    pub const fn key_of_ages(mut self) -> Self {
        self.row_key = RowKey::Ages;
        self
    }

    /// The column with what must hold in a row for its cell to act.
    #[must_use]
    pub const fn acts_when(mut self, conditions: &'static [Condition]) -> Self {
        self.acts = conditions;
        self
    }

    /// The column with the names that it had in older formats.
    #[must_use]
    pub const fn formerly(mut self, names: &'static [&'static str]) -> Self {
        self.formerly = names;
        self
    }
}

impl KeyDef {
    /// A key that must be given.
    pub const fn required(
        name: &'static str,
        kind: ValueKind,
        unit: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            unit,
            presence: Presence::Required,
            help: Text::new(en, zh),
            cited: ["", ""],
            formerly: &[],
            acts: &[],
        }
    }

    /// A key that may be left out.
    pub const fn optional(
        name: &'static str,
        kind: ValueKind,
        unit: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            unit,
            presence: Presence::Optional,
            help: Text::new(en, zh),
            cited: ["", ""],
            formerly: &[],
            acts: &[],
        }
    }

    /// A key with a stated default.
    pub const fn default(
        name: &'static str,
        kind: ValueKind,
        unit: &'static str,
        value: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            unit,
            presence: Presence::Default(value),
            help: Text::new(en, zh),
            cited: ["", ""],
            formerly: &[],
            acts: &[],
        }
    }

    /// The key with the source of its default.
    #[must_use]
    pub const fn cited(mut self, en: &'static str, zh: &'static str) -> Self {
        self.cited = [en, zh];
        self
    }

    /// What it was called in the first format of the scenario.
    pub(crate) fn first_name(&self) -> &'static str {
        self.formerly.first().copied().unwrap_or(self.name)
    }

    /// The key with what must hold for it to act. A planner who writes it where one of these does not hold is warned.
    #[must_use]
    pub const fn acts_when(mut self, conditions: &'static [Condition]) -> Self {
        self.acts = conditions;
        self
    }

    /// The key with the names that it had in older formats of the scenario, the oldest first: `civicap upgrade` and the fault of an unknown
    /// key know them.
    #[must_use]
    pub const fn formerly(mut self, names: &'static [&'static str]) -> Self {
        self.formerly = names;
        self
    }
}
