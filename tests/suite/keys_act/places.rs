//! The keys that may stand in a scenario, and what is written there.

use civicap::input::value::{Data, Table, Value};
use civicap::input::{KeyDef, ValueKind};
use civicap::scenario::KEYS;

/// A key that may stand in a scenario.
pub(super) struct KeyPlace {
    /// Its path in the scenario, as TOML writes it.
    pub path: String,
    /// Its path in the schema, where names that a planner gives are `*`.
    pub declared: String,
    /// Its declaration.
    pub def: &'static KeyDef,
    /// What is written there.
    pub value: Option<Value>,
    /// Whether its section is there.
    pub in_section: bool,
}

/// Keys that say what a scenario is and not what is simulated.
const OF_THE_FILE: &[&str] = &["label", "description", "format", "extends"];

pub(super) fn places_of(document: &Table) -> Vec<KeyPlace> {
    let mut places = Vec::new();
    collect(Some(document), KEYS.as_slice(), "", "", &mut places);
    places
}

fn collect(table: Option<&Table>, keys: &'static [KeyDef], path: &str, declared: &str, places: &mut Vec<KeyPlace>) {
    for def in keys.iter().filter(|def| !OF_THE_FILE.contains(&def.name)) {
        let value = table.and_then(|table| table.get(def.name));
        let inner = match value.map(|value| &value.data) {
            Some(Data::Table(inner)) => Some(inner),
            _ => None,
        };
        let (path, declared) = (below(path, def.name), below(declared, def.name));
        match &def.kind {
            ValueKind::Section(keys) => collect(inner, keys, &path, &declared, places),
            ValueKind::Named(keys) => {
                for entry in inner.into_iter().flat_map(|inner| &inner.entries) {
                    let Data::Table(one) = &entry.value.data else { continue };
                    collect(Some(one), keys, &below(&path, &entry.key), &below(&declared, "*"), places);
                }
            }
            ValueKind::Label | ValueKind::GeoJson => {}
            _ => places.push(KeyPlace { path, declared, def, value: value.cloned(), in_section: table.is_some() }),
        }
    }
}

fn below(path: &str, key: &str) -> String {
    let bare = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-*".contains(&b));
    let key = if bare { key.to_owned() } else { format!("\"{key}\"") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
