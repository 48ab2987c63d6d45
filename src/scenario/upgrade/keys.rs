//! A TOML document: every key where it stands, by the declarations of the scenario.
//!
//! The document is followed event by event, not as a tree: a section that is opened in several headings
//! (`[people.moves.within]`, `[people.moves.leaving]`) has its name in each of them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, EventReceiver, RecursionGuard, parse_document};
use toml_parser::{ParseError, Source};

use super::super::analytic_reference;
use super::edits::{Edit, Edits, NamedTable};
use super::metrics;
use crate::input::distributions::{LAWS, PROVENANCE, WORDS};
use crate::input::{KeyDef, ValueKind};
use crate::scenario::document::FORMAT;

/// Deepest nesting that is followed, as the reader of scenarios has it.
const DEEPEST: u32 = 80;

/// The key that says which format a scenario is written in.
const FORMAT_KEY: &str = "format";

/// The key that names the file which a variant changes.
const EXTENDS: &str = "extends";

/// Keys of a result of theory that name a metric.
const METRIC_KEYS: [&str; 3] = ["metric", "weight", "of"];

/// What a document says.
pub(super) struct Found {
    pub edits: Edits,
    pub tables: Vec<NamedTable>,
    pub extends: Option<(String, Range<usize>)>,
}

/// The keys of a document that have other names now; `None` when it is no TOML.
pub(super) fn read(text: &str, keys: &'static [KeyDef]) -> Option<Found> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    let mut faults: Vec<ParseError> = Vec::new();
    {
        let mut collect = |event: Event| events.push(event);
        let mut guarded = RecursionGuard::new(&mut collect, DEEPEST);
        parse_document(&tokens, &mut guarded as &mut dyn EventReceiver, &mut faults);
    }
    if !faults.is_empty() {
        return None;
    }
    let root = Place { shape: Shape::Section(keys), path: Vec::new() };
    let mut document = Document {
        source,
        root: root.clone(),
        section: root.clone(),
        open: Vec::new(),
        here: root,
        renames: Vec::new(),
        present: BTreeMap::new(),
        values: Vec::new(),
        first: None,
        format: None,
        faults: Vec::new(),
    };
    for event in &events {
        document.follow(event);
    }
    document.faults.is_empty().then(|| document.finish(keys))
}

/// What may stand at a place.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// These keys.
    Section(&'static [KeyDef]),
    /// Names of the planner, each a section with these keys.
    Named(&'static [KeyDef]),
    /// The words of a number that may be uncertain.
    Number,
    /// The value of this key, which stands in a section with those keys.
    Value(&'static KeyDef, &'static [KeyDef]),
    /// Something else.
    Unknown,
}

/// A place in the document: what may stand there, and its path in the words of today.
#[derive(Clone, Debug)]
struct Place {
    shape: Shape,
    path: Vec<String>,
}

impl Place {
    /// The place that a key leads to, and its name of today where that differs.
    fn step(&self, key: &str) -> (Self, Option<&'static str>) {
        let known = |keys: &'static [KeyDef]| {
            let current = keys.iter().find(|def| def.name == key);
            current.map(|def| (def, None)).or_else(|| {
                let former = keys.iter().find(|def| def.formerly.contains(&key))?;
                Some((former, Some(former.name)))
            })
        };
        let shape_of = |def: &'static KeyDef, among: &'static [KeyDef]| match def.kind {
            ValueKind::Section(keys) => Shape::Section(keys),
            ValueKind::Named(keys) => Shape::Named(keys),
            ValueKind::Whole(..) | ValueKind::Number(..) | ValueKind::Uncertain(..) => Shape::Number,
            _ => Shape::Value(def, among),
        };
        let (shape, renamed) = match self.shape {
            Shape::Section(keys) => {
                known(keys).map_or((Shape::Unknown, None), |(def, renamed)| (shape_of(def, keys), renamed))
            }
            Shape::Named(keys) => (Shape::Section(keys), None),
            Shape::Number => [WORDS, PROVENANCE]
                .into_iter()
                .chain(LAWS.iter().map(|law| law.parts))
                .find_map(|keys| known(keys).map(|(def, renamed)| (shape_of(def, keys), renamed)))
                .unwrap_or((Shape::Unknown, None)),
            Shape::Value(..) | Shape::Unknown => (Shape::Unknown, None),
        };
        let mut path = self.path.clone();
        path.push(renamed.unwrap_or(key).to_owned());
        (Self { shape, path }, renamed)
    }
}

/// A key that has another name now.
struct Rename {
    edit: Edit,
    /// Its path in the words of today.
    path: Vec<String>,
}

/// A text value whose meaning is known.
struct TextValue {
    text: String,
    at: Range<usize>,
    def: &'static KeyDef,
    among: &'static [KeyDef],
}

struct Document<'t> {
    source: Source<'t>,
    root: Place,
    /// Where the keys of the present section stand.
    section: Place,
    /// Places around the present one: inline tables and lists that are open.
    open: Vec<Place>,
    /// Where the next key leads from, or where the next value stands.
    here: Place,
    renames: Vec<Rename>,
    /// Every place that is written under a name, with the names that it is written under.
    present: BTreeMap<Vec<String>, Vec<String>>,
    values: Vec<TextValue>,
    /// Where the first key or section begins.
    first: Option<usize>,
    /// Where the value of `format` stands.
    format: Option<Range<usize>>,
    /// What is wrong within keys and values.
    faults: Vec<ParseError>,
}

impl Document<'_> {
    fn follow(&mut self, event: &Event) {
        let span = event.span();
        let at = span.start()..span.end();
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.first.get_or_insert(at.start);
                self.here = self.root.clone();
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => self.section = self.here.clone(),
            EventKind::SimpleKey => self.key(event, at),
            EventKind::InlineTableOpen | EventKind::ArrayOpen => self.open.push(self.here.clone()),
            EventKind::InlineTableClose | EventKind::ArrayClose => {
                self.open.pop();
                self.back();
            }
            EventKind::ValueSep => self.back(),
            EventKind::Scalar => self.scalar(event, at),
            EventKind::Newline if self.open.is_empty() => self.here = self.section.clone(),
            _ => {}
        }
    }

    /// To where the next key of the innermost table leads from.
    fn back(&mut self) {
        self.here = self.open.last().unwrap_or(&self.section).clone();
    }

    fn key(&mut self, event: &Event, at: Range<usize>) {
        self.first.get_or_insert(at.start);
        let Some(name) = self.decoded(event) else { return };
        let (place, renamed) = self.here.step(&name);
        let names = self.present.entry(place.path.clone()).or_default();
        if !names.contains(&name) {
            names.push(name.clone());
        }
        if let Some(new) = renamed {
            let written = match event.encoding() {
                Some(Encoding::LiteralString) => format!("'{new}'"),
                Some(_) => format!("\"{new}\""),
                None => new.to_owned(),
            };
            let edit = Edit { at, from: name, to: new.to_owned(), written };
            self.renames.push(Rename { edit, path: place.path.clone() });
        }
        self.here = place;
    }

    fn scalar(&mut self, event: &Event, at: Range<usize>) {
        if self.here.path == [FORMAT_KEY] {
            self.format = Some(at.clone());
        }
        let Some(raw) = self.source.get(event) else { return };
        if raw.is_empty() {
            self.faults.push(ParseError::new("no value"));
        }
        let mut text = String::new();
        // What kind of value it is was said by its quotes.
        let _ = raw.decode_scalar(&mut text, &mut self.faults);
        if let (Shape::Value(def, among), Some(_)) = (self.here.shape, event.encoding()) {
            self.values.push(TextValue { text, at, def, among });
        }
    }

    fn decoded(&mut self, event: &Event) -> Option<String> {
        let mut name = String::new();
        self.source.get(event)?.decode_key(&mut name, &mut self.faults);
        Some(name)
    }

    fn finish(self, keys: &'static [KeyDef]) -> Found {
        let mut edits = Edits::default();
        for rename in self.renames {
            // Of a key that is there under several names, the one of today stays, or else the first.
            let names = &self.present[&rename.path];
            let kept = names.iter().find(|name| **name == rename.edit.to).or(names.first());
            let alone = kept == Some(&rename.edit.from);
            if alone { edits.made.push(rename.edit) } else { edits.doubled.push(rename.edit) }
        }
        let text = self.source.input();
        if keys.iter().any(|key| key.name == FORMAT_KEY) {
            edits.made.extend(format_edit(text, self.format, self.first));
        }
        let (mut tables, mut extends) = (Vec::new(), None);
        for TextValue { text: value, at, def, among } in self.values {
            match def.kind {
                ValueKind::Csv(columns) => tables.push(NamedTable { name: value, at, columns }),
                ValueKind::Text if def.name == EXTENDS && std::ptr::eq(among, keys) => extends = Some((value, at)),
                ValueKind::Text if is_result(among) && METRIC_KEYS.contains(&def.name) => {
                    let Some(new) = metrics::now(&value) else { continue };
                    let written = text[at.clone()].replacen(&value, new, 1);
                    edits.made.push(Edit { at, from: value, to: new.to_owned(), written });
                }
                _ => {}
            }
        }
        Found { edits, tables, extends }
    }
}

/// Whether a section is a result of theory, whose keys name metrics.
fn is_result(keys: &[KeyDef]) -> bool {
    keys.len() == analytic_reference::RESULT.len()
        && keys.iter().zip(analytic_reference::RESULT).all(|(a, b)| a.name == b.name)
}

/// The line that says the format, where it is missing or another.
fn format_edit(text: &str, given: Option<Range<usize>>, first: Option<usize>) -> Option<Edit> {
    if let Some(at) = given {
        let old = &text[at.clone()];
        let older = old.parse::<i64>().is_ok_and(|number| number < FORMAT);
        let to = format!("{FORMAT_KEY} = {FORMAT}");
        return older.then(|| Edit { from: format!("{FORMAT_KEY} = {old}"), to, written: FORMAT.to_string(), at });
    }
    let at = above_notes(text, first.unwrap_or(text.len()));
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = format!("{FORMAT_KEY} = {FORMAT}");
    let begin = if at > 0 && !text[..at].ends_with('\n') { end } else { "" };
    Some(Edit { at: at..at, from: String::new(), to: line.clone(), written: format!("{begin}{line}{end}") })
}

/// Where a line may be put before the key at `first` without coming between it and the notes that belong to it; notes at
/// the very top belong to the whole file.
fn above_notes(text: &str, first: usize) -> usize {
    let own = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let mut at = own;
    while at > 0 {
        let above = text[..at - 1].rfind('\n').map_or(0, |at| at + 1);
        if !text[above..at].trim_start().starts_with('#') {
            return at;
        }
        at = above;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAVING: &[KeyDef] =
        &[KeyDef::required("rate", ValueKind::Uncertain(0.0, 1.0), "", "", "").formerly(&["level"])];
    const MOVES: &[KeyDef] = &[KeyDef::required("out", ValueKind::Section(LEAVING), "", "", "").formerly(&["leaving"])];
    const NAMED: &[KeyDef] = &[KeyDef::required("beds", ValueKind::Whole(0, 9), "", "", "").formerly(&["places"])];
    const KEYS: &[KeyDef] = &[
        KeyDef::required("migration", ValueKind::Section(MOVES), "", "", "").formerly(&["moves"]),
        KeyDef::required("wards", ValueKind::Named(NAMED), "", "", "").formerly(&["lines"]),
    ];

    fn after(text: &str) -> String {
        let found = read(text, KEYS).unwrap();
        super::super::edits::edited(std::path::Path::new("s.toml"), "", text, found.edits).after
    }

    #[test]
    fn every_heading_dotted_key_and_inline_table_follows() {
        let text =
            "[moves.leaving]\nlevel = 1 # level\n[ moves . 'leaving' ]\n[[lines.\"moves\"]]\nplaces = { value = 1 }\n";
        let now =
            "[migration.out]\nrate = 1 # level\n[ migration . 'out' ]\n[[wards.\"moves\"]]\nbeds = { value = 1 }\n";
        assert_eq!(after(text), now);
        assert_eq!(after("moves.leaving.level = 1\r\n"), "migration.out.rate = 1\r\n");
        assert_eq!(
            after("moves = { leaving = { level = [1, 2], x = 3 }, y = 1 }"),
            "migration = { out = { rate = [1, 2], x = 3 }, y = 1 }"
        );
        assert_eq!(after("\"moves\".leaving = 1"), "\"migration\".out = 1");
    }

    #[test]
    fn what_is_unknown_or_elsewhere_is_left_alone() {
        for text in [
            "level = 1\n",
            "[x.moves]\nlevel = 1\n",
            "[migration]\nplaces = 1\n",
            "a = [\n { moves = 1 },\n]\n",
            "[wards.lines]\n",
        ] {
            assert_eq!(after(text), text);
        }
    }

    #[test]
    fn a_key_that_is_there_under_both_names_is_left_and_told() {
        let text = "[migration.out]\nrate = 1\nlevel = 2\n";
        assert_eq!(after(text), text);
        assert_eq!(read(text, KEYS).unwrap().edits.doubled.len(), 1);
    }

    #[test]
    fn carrying_over_twice_is_carrying_over_once() {
        let once = after("# note\n[moves.leaving]\nlevel = { value = 0.1, sd = 0.2 }\n[lines.a]\nplaces=3");
        assert_eq!(after(&once), once);
    }

    #[test]
    fn the_format_stands_above_the_notes_of_the_first_key() {
        let put = |text: &str| {
            let found = read(text, KEYS).unwrap();
            let edit = format_edit(text, None, text.find(['l', '[']));
            assert!(found.edits.made.is_empty());
            let edits = Edits { made: edit.into_iter().collect(), doubled: Vec::new() };
            super::super::edits::edited(std::path::Path::new("s.toml"), "", text, edits).after
        };
        assert_eq!(put("label = 1\n"), "format = 2\nlabel = 1\n");
        assert_eq!(put("# 1\n# 2\nlabel = 1\r\n"), "# 1\n# 2\nformat = 2\r\nlabel = 1\r\n");
        assert_eq!(put("# 1\n\n# 2\nlabel = 1\n"), "# 1\n\nformat = 2\n# 2\nlabel = 1\n");
        assert_eq!(put("\n[x]\n"), "\nformat = 2\n[x]\n");
    }

    #[test]
    fn no_toml_is_refused_and_deep_nesting_does_no_harm() {
        assert!(read("a = \n", KEYS).is_none());
        assert!(read(&format!("a = {}", "[".repeat(100_000)), KEYS).is_none());
    }
}
