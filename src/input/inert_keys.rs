//! Warns of keys and cells that are written and cannot act.

use super::condition::{Surroundings, lacking, number, says_the_same, value_of};
use super::csv_table::{Row, Sheet};
use super::distributions::WORDS;
use super::key::{Column, KeyDef, Presence};
use super::load_session::LoadSession;
use super::messages;
use super::section::Section;
use super::value::{Data, Table, Value, literal};
use crate::language::Text;

/// Keys with their values, and the keys there may be.
struct Within<'a> {
    table: &'a Table,
    keys: &'a [KeyDef],
    session: &'a LoadSession,
}

impl Surroundings for Within<'_> {
    fn is_given(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    fn is_one_of(&self, key: &str, words: &[&str]) -> bool {
        let is_word = |value: &Value| matches!(&value.data, Data::Text(text) if words.contains(&text.as_str()));
        value_of(self.table, self.keys, key, is_word).unwrap_or(false)
    }

    fn is_flagged(&self, key: &str, flag: bool) -> bool {
        let says = |value: &Value| matches!(value.data, Data::Flag(found) if found == flag);
        value_of(self.table, self.keys, key, says).unwrap_or(false)
    }

    fn is_above(&self, key: &str, least: f64) -> bool {
        let above = |value: &Value| match &value.data {
            Data::Table(_) => true,
            Data::List(list) => list.iter().any(|one| number(&one.data).is_some_and(|number| number > least)),
            data => number(data).is_some_and(|number| number > least),
        };
        value_of(self.table, self.keys, key, above).unwrap_or(false)
    }

    fn scenario_has(&self, path: &str) -> bool {
        self.session.scenario_has(path)
    }

    fn scenario_says(&self, path: &str, words: &[&str]) -> bool {
        self.session.scenario_says(path, words)
    }
}

impl Within<'_> {
    /// Warns of every key that is given and cannot act, as far as other keys decide that; `name` gives a key its full name.
    fn note_idle_keys(&self, name: impl Fn(&str) -> String) {
        for entry in &self.table.entries {
            let Some(def) = self.keys.iter().find(|def| def.name == entry.key && !def.acts.is_empty()) else {
                continue;
            };
            let as_without =
                matches!(def.presence, Presence::Default(text) if says_the_same(&entry.value, &literal(text)));
            if let Some(needed) = lacking(def.acts, self).filter(|_| !as_without) {
                self.session.diagnostics.caution(entry.key_span, messages::idle(&name(def.name), &needed));
            }
        }
    }
}

/// Warns of words beside an uncertain number that cannot act.
pub(super) fn note_idle_words(section: &Section<'_>, key: &str, table: &Table) {
    let within = Within { table, keys: WORDS, session: section.session };
    within.note_idle_keys(|word| format!("{}.{word}", section.path_of(key)));
}

impl Section<'_> {
    /// Warns of every key that is given and cannot act, as far as other keys decide that.
    pub(super) fn note_idle_keys(&self) {
        let within = Within { table: &self.table, keys: self.keys, session: self.session };
        within.note_idle_keys(|key| self.path_of(key));
    }

    /// Warns of a key that is given and cannot act in this scenario; `needed` says what would let it act. Says nothing of a key
    /// that is not given.
    pub fn note_idle(&self, key: &str, needed: &Text) {
        let says_default = |value: &Value| {
            let def = self.keys.iter().find(|def| def.name == key);
            matches!(def.map(|def| def.presence), Some(Presence::Default(text)) if says_the_same(value, &literal(text)))
        };
        let entry = self.table.entries.iter().find(|entry| entry.key == key);
        if let Some(entry) = entry.filter(|entry| !says_default(&entry.value)) {
            self.session.diagnostics.caution(entry.key_span, messages::idle(&self.path_of(key), needed));
        }
    }
}

impl Surroundings for Row<'_> {
    fn is_given(&self, column: &str) -> bool {
        !self.text(column).is_empty()
    }

    fn is_one_of(&self, column: &str, words: &[&str]) -> bool {
        words.contains(&self.text(column))
    }

    fn is_flagged(&self, column: &str, flag: bool) -> bool {
        self.text(column).parse() == Ok(flag)
    }

    fn is_above(&self, column: &str, least: f64) -> bool {
        self.text(column).parse::<f64>().is_ok_and(|number| number > least)
    }

    fn scenario_has(&self, path: &str) -> bool {
        self.session().scenario_has(path)
    }

    fn scenario_says(&self, path: &str, words: &[&str]) -> bool {
        self.session().scenario_says(path, words)
    }
}

/// Warns of cells that cannot act: once for each column, at the first.
pub(super) fn note_idle_cells(sheet: &Sheet<'_>, columns: &[Column]) {
    for column in columns.iter().filter(|column| !column.acts.is_empty()) {
        let idle = |row: &Row<'_>| {
            let given = !row.text(column.name).is_empty();
            given.then(|| lacking(column.acts, row)).flatten()
        };
        if let Some((row, needed)) = sheet.rows().find_map(|row| Some((row, idle(&row)?))) {
            row.warn(column.name, messages::idle(column.name, &needed));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::code;
    use crate::input::value::parse;
    use crate::input::{Column, Condition, KeyDef, LoadSession, Section, ValueKind, table_of_text};

    const KEYS: &[KeyDef] = &[
        KeyDef::default("waiting", ValueKind::Choice(&["loss", "queue"]), "", "\"loss\"", "", ""),
        KeyDef::optional("limit", ValueKind::Number(0.0, 9.0), "", "", "")
            .acts_when(&[Condition::Is("waiting", &["queue"])]),
        KeyDef::default("share", ValueKind::Uncertain(0.0, 1.0), "", "0", "", ""),
        KeyDef::optional("to", ValueKind::Text, "", "", "").acts_when(&[Condition::Above("share", 0.0)]),
        KeyDef::default("fast", ValueKind::Flag, "", "false", "", "").acts_when(&[
            Condition::Missing("limit"),
            Condition::AnyOf(&[Condition::Scenario("people.registration"), Condition::Given("to")]),
        ]),
        KeyDef::optional("people", ValueKind::Section(PEOPLE), "", "", ""),
    ];
    const PEOPLE: &[KeyDef] = &[KeyDef::optional("registration", ValueKind::Number(0.0, 9.0), "", "", "")];

    /// Remedies of the warnings of a section.
    fn idle(text: &str) -> Vec<String> {
        let session = LoadSession::default();
        let file = session.diagnostics.add_file("x.toml".as_ref(), text.to_owned());
        let value = parse(text, file, &session.diagnostics);
        Section::open(&session, String::new(), &value, KEYS).unwrap();
        let found = session.diagnostics.finish();
        assert!(found.list.iter().all(|d| d.code == code::IDLE), "{:?}", found.list);
        found.list.into_iter().map(|d| d.remedy.en.into_owned()).collect()
    }

    #[test]
    fn a_key_that_cannot_act_is_warned_of_with_what_lets_it_act() {
        assert!(idle("limit = 4")[0].contains("`waiting = \"queue\"`"));
        assert!(idle("waiting = \"queue\"\nlimit = 4").is_empty());
        assert!(idle("to = \"a\"\nshare = 0")[0].contains("`share` above 0"));
        assert!(idle("to = \"a\"\nshare = { value = 0.2, sd = 0.1 }").is_empty());
        assert!(idle("fast = true")[0].contains("`[people.registration]` or give `to`"));
        assert!(idle("fast = true\n[people]\nregistration = 1").is_empty());
    }

    #[test]
    fn a_key_that_says_what_holds_without_it_is_no_matter() {
        assert!(idle("fast = false").is_empty());
    }

    #[test]
    fn a_column_whose_cells_cannot_act_is_warned_of_once() {
        const COLUMNS: &[Column] = &[
            Column::optional("long_share", "", ""),
            Column::optional("long_days", "", "").acts_when(&[Condition::Given("long_share")]),
        ];
        let count = |text: &str| {
            let session = LoadSession::default();
            table_of_text(&session, "x.csv", text, COLUMNS).unwrap();
            session.diagnostics.finish().list.len()
        };
        assert_eq!(count("long_share,long_days\n,40\n,50\n"), 1);
        assert_eq!(count("long_share,long_days\n0.1,40\n,\n"), 0);
    }
}
