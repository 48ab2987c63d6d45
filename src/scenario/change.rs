//! What differs between two scenarios: the keys with other values, and the tables with other rows.
//!
//! Documents are compared as trees after `extends` is resolved, so a variant differs in what it changes and a copy of
//! last year's folder in what was edited; where a value stands in a file does not matter. Names and descriptions of
//! scenarios are no inputs and are left out.

use super::document::{self, KEYS};
use super::request::Source;
use super::table_change::TableChange;
use crate::diagnostic::Diagnostics;
use crate::input::value::{Data, Table, Value};
use crate::input::{KeyDef, LoadSession, ValueKind, file};
use crate::language::Text;
use crate::services::ROSTER;
use crate::text;

/// Longest value shown, in characters.
const LONGEST_SHOWN: usize = 160;

/// One key whose value differs.
#[derive(Clone, Debug)]
pub struct Change {
    /// The key with its sections.
    pub path: Vec<String>,
    /// What it belongs to.
    pub group: Group,
    /// The value before; `None` when the key was not given.
    pub before: Option<String>,
    /// The value now; `None` when the key is not given.
    pub after: Option<String>,
    /// For a table: how its rows differ.
    pub rows: Option<TableChange>,
}

/// What kind of news a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A later count of what there is.
    Count,
    /// Another view of how things go: rates, shares, rules.
    Input,
    /// Another plan: facilities, projects, their opening.
    Plan,
}

impl Cause {
    /// Its name.
    pub const fn label(self) -> Text {
        match self {
            Self::Count => Text::new("new count", "新统计数"),
            Self::Input => Text::new("new input", "新参数"),
            Self::Plan => Text::new("new plan", "新方案"),
        }
    }
}

/// Changes that are switched together, in the order of the file.
#[derive(Clone, Debug)]
pub struct Group {
    order: usize,
    /// Its name.
    pub label: Text,
    /// What kind of news its changes are.
    pub cause: Cause,
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Group {
    /// The group of a key. The years and whoever was counted (residents, pupils) go together: a count of another year
    /// means nothing alone.
    fn of(path: &[String], facilities: bool) -> Self {
        let at = |i: usize| path.get(i).map_or("", String::as_str);
        let group = |order, label, cause| Self { order, label, cause };
        match (at(0), at(1)) {
            ("horizon" | "areas", _)
            | ("people", "" | "table" | "reference_date" | "group_quarters" | "small_area_uncertainty")
            | (_, "enrolment") => group(0, Text::new("years and people counted", "年份与人口基数"), Cause::Count),
            ("people", _) => group(1, Text::new("how people are born, die and move", "生育、死亡与迁移"), Cause::Input),
            (section, _) => match ROSTER.iter().position(|kind| kind.name == section) {
                None if section == "report" => {
                    group(1, Text::new("names and contacts", "署名与联系方式"), Cause::Input)
                }
                None => group(2, Text::new("projects and their opening", "建设项目与启用时间"), Cause::Plan),
                Some(service) => {
                    let (en, zh) = (&ROSTER[service].label.en, &ROSTER[service].label.zh);
                    let order = 3 + 2 * service + usize::from(!facilities);
                    if facilities {
                        group(order, text!("{en}: facilities", "{zh}：设施"), Cause::Plan)
                    } else {
                        group(order, text!("{en}: demand and rules", "{zh}：需求与规则"), Cause::Input)
                    }
                }
            },
        }
    }

    /// Its name with its kind of news.
    pub fn named(&self) -> Text {
        let cause = self.cause.label();
        let (a, b, c, d) = (&self.label.en, &cause.en, &self.label.zh, &cause.zh);
        text!("{a} ({b})", "{c}（{d}）")
    }

    /// Place among the groups.
    pub const fn order(&self) -> usize {
        self.order
    }
}

impl Change {
    /// The key in one word.
    pub fn key(&self) -> String {
        self.path.join(".")
    }
}

/// What changed from the scenario at `before` to the one at `after`, each under its settings, in the order of the file.
///
/// # Errors
/// The faults of either file, when one cannot be read.
pub fn changes(before: Source<'_>, after: Source<'_>) -> Result<Vec<Change>, Diagnostics> {
    let session = LoadSession::default();
    let read = |source: Source<'_>| document::read(&session, source.file, source.settings);
    let documents = (read(before), read(after));
    let (Some(a), Some(b)) = documents else { return Err(session.diagnostics.finish()) };
    let mut walk = Walk { session: &session, path: Vec::new(), found: Vec::new() };
    if let (Data::Table(a), Data::Table(b)) = (&a.data, &b.data) {
        walk.tables(a, b, KEYS.as_slice());
    }
    let mut found = walk.found;
    if session.diagnostics.errors() > 0 {
        return Err(session.diagnostics.finish());
    }
    found.sort_by_key(|change| change.group.order);
    Ok(found)
}

/// Keys of the file as a whole that no number depends on: its words, and figures that results are held against.
const NO_INPUTS: [&str; 4] = ["label", "description", "observed", "analytic_reference"];

struct Walk<'r> {
    session: &'r LoadSession,
    path: Vec<String>,
    found: Vec<Change>,
}

impl Walk<'_> {
    fn tables(&mut self, a: &Table, b: &Table, keys: &'static [KeyDef]) {
        let kind = |key: &str| keys.iter().find(|k| k.name == key).map(|k| &k.kind);
        for entry in &a.entries {
            self.entry(&entry.key, Some(&entry.value), b.get(&entry.key), kind(&entry.key));
        }
        for entry in b.entries.iter().filter(|e| a.get(&e.key).is_none()) {
            self.entry(&entry.key, None, Some(&entry.value), kind(&entry.key));
        }
    }

    fn entry(&mut self, key: &str, a: Option<&Value>, b: Option<&Value>, kind: Option<&'static ValueKind>) {
        if self.path.is_empty() && NO_INPUTS.contains(&key) {
            return;
        }
        self.path.push(key.to_owned());
        match (kind, a.map(|v| &v.data), b.map(|v| &v.data)) {
            (Some(ValueKind::Section(keys)), Some(Data::Table(a)), Some(Data::Table(b))) => self.tables(a, b, keys),
            (Some(ValueKind::Named(keys)), Some(Data::Table(a)), Some(Data::Table(b))) => self.named(a, b, keys),
            (Some(ValueKind::Csv(columns)), Some(Data::Text(_)), Some(Data::Text(_))) => {
                let facilities = columns.iter().any(|c| c.name == "project");
                self.csv(a, b, facilities);
            }
            (kind, _, _) => {
                let facilities =
                    matches!(kind, Some(ValueKind::Csv(columns)) if columns.iter().any(|c| c.name == "project"));
                self.leaf(a, b, facilities);
            }
        }
        self.path.pop();
    }

    fn named(&mut self, a: &Table, b: &Table, keys: &'static [KeyDef]) {
        for entry in &a.entries {
            self.path.push(entry.key.clone());
            match (&entry.value.data, b.get(&entry.key).map(|v| &v.data)) {
                (Data::Table(a), Some(Data::Table(b))) => self.tables(a, b, keys),
                _ => self.leaf(Some(&entry.value), b.get(&entry.key), false),
            }
            self.path.pop();
        }
        for entry in b.entries.iter().filter(|e| a.get(&e.key).is_none()) {
            self.path.push(entry.key.clone());
            self.leaf(None, Some(&entry.value), false);
            self.path.pop();
        }
    }

    fn leaf(&mut self, a: Option<&Value>, b: Option<&Value>, facilities: bool) {
        if a.map(|v| shown(v, true)) == b.map(|v| shown(v, true)) {
            return;
        }
        // A source is worth showing only where it is all that changed.
        let numbers_differ = a.map(|v| shown(v, false)) != b.map(|v| shown(v, false));
        let say = |value: Option<&Value>| value.map(|v| shortened(&shown(v, !numbers_differ)));
        self.note(say(a), say(b), None, facilities);
    }

    fn csv(&mut self, a: Option<&Value>, b: Option<&Value>, facilities: bool) {
        let (Some((old_name, old)), Some((new_name, new))) = (self.table_text(a), self.table_text(b)) else { return };
        if let Some(rows) = TableChange::between(&old, &new) {
            self.note(Some(old_name), Some(new_name), Some(rows), facilities);
        }
    }

    fn table_text(&self, value: Option<&Value>) -> Option<(String, String)> {
        let Value { span, data: Data::Text(name) } = value? else { return None };
        let path = file::resolve(self.session, name, *span)?;
        let (_, text) = file::open(self.session, &path, Some(*span))?;
        Some((name.clone(), text))
    }

    fn note(&mut self, before: Option<String>, after: Option<String>, rows: Option<TableChange>, facilities: bool) {
        let group = Group::of(&self.path, facilities);
        self.found.push(Change { path: self.path.clone(), group, before, after, rows });
    }
}

/// A value as it would be written on one line, with or without its source.
fn shown(value: &Value, with_source: bool) -> String {
    match &value.data {
        Data::Text(text) => format!("\"{text}\""),
        Data::Integer(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Flag(flag) => flag.to_string(),
        Data::Date(date) => date.clone(),
        Data::List(list) => {
            format!("[{}]", list.iter().map(|v| shown(v, with_source)).collect::<Vec<_>>().join(", "))
        }
        Data::Table(table) => {
            let mut parts: Vec<String> = table
                .entries
                .iter()
                .filter(|e| with_source || !matches!(e.key.as_str(), "source" | "status"))
                .map(|e| format!("{} = {}", e.key, shown(&e.value, with_source)))
                .collect();
            // The order of keys means nothing.
            parts.sort();
            // A number with nothing but its source is that number.
            match parts.as_slice() {
                [only] if !with_source && only.starts_with("value = ") => only["value = ".len()..].to_owned(),
                _ => format!("{{ {} }}", parts.join(", ")),
            }
        }
    }
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= LONGEST_SHOWN {
        return words.to_owned();
    }
    words.chars().take(LONGEST_SHOWN - 1).chain(['…']).collect()
}
