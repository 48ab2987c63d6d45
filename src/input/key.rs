//! What a section of a scenario may say: its keys, declared once as data.
//!
//! The same list drives the reader (unknown keys, ranges, units, defaults), `civicap explain` and the JSON Schema.

use crate::language::Text;

/// One key of a section.
#[derive(Debug)]
pub struct KeyDef {
    /// The key as written in the file.
    pub name: &'static str,
    /// What kind of value it takes.
    pub kind: Kind,
    /// Unit of a number, empty when it has none.
    pub unit: &'static str,
    /// Whether it must be given.
    pub presence: Presence,
    /// What it means.
    pub help: Text,
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
pub enum Kind {
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
    /// A CSV file with these columns.
    Csv(&'static [Column]),
    /// A section with these keys.
    Section(&'static [KeyDef]),
    /// Sections named by the planner, each with these keys.
    Named(&'static [KeyDef]),
}

/// A column of a CSV table.
#[derive(Debug)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Whether the table may do without it.
    pub optional: bool,
    /// What it holds, with its unit.
    pub help: Text,
}

impl Column {
    /// A column that must be there.
    pub const fn required(name: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { name, optional: false, help: Text::new(en, zh) }
    }

    /// A column that may be missing.
    pub const fn optional(name: &'static str, en: &'static str, zh: &'static str) -> Self {
        Self { name, optional: true, help: Text::new(en, zh) }
    }
}

impl KeyDef {
    /// A key that must be given.
    pub const fn required(
        name: &'static str,
        kind: Kind,
        unit: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, kind, unit, presence: Presence::Required, help: Text::new(en, zh) }
    }

    /// A key that may be left out.
    pub const fn optional(
        name: &'static str,
        kind: Kind,
        unit: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, kind, unit, presence: Presence::Optional, help: Text::new(en, zh) }
    }

    /// A key with a stated default.
    pub const fn default(
        name: &'static str,
        kind: Kind,
        unit: &'static str,
        value: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, kind, unit, presence: Presence::Default(value), help: Text::new(en, zh) }
    }
}
