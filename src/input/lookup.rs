//! Finding a key by what a planner types: its whole path, a part of it, or something misspelt.

use super::{Column, KeyDef, ValueKind, nearest};
use crate::language::Text;

/// What stands for a name that the planner chooses, in the path of a key.
pub const ANY_NAME: &str = "<name>";

/// A key of the scenario, or a column of one of its tables, with its whole path.
#[derive(Clone, Debug)]
pub struct Place {
    /// The sections it stands in and its own name, joined by dots.
    pub path: String,
    /// What stands there.
    pub what: What,
}

impl Place {
    /// What it says of itself.
    pub const fn help(&self) -> &'static Text {
        match self.what {
            What::Key(key) => &key.help,
            What::Column(column) => &column.help,
        }
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// A key.
    Key(&'static KeyDef),
    /// A column of the table that the key names.
    Column(&'static Column),
}

/// What came of a search.
#[derive(Clone, Debug)]
pub enum Found {
    /// The one that was meant.
    One(Place),
    /// Several that what was typed fits.
    Several(Vec<Place>),
    /// None; these are spelt alike, nearest first.
    Nothing(Vec<String>),
}

/// Every key and column below `keys`, in the order of their declaration.
pub fn places(keys: &'static [KeyDef]) -> Vec<Place> {
    let mut all = Vec::new();
    collect(keys, "", &mut all);
    all
}

fn collect(keys: &'static [KeyDef], above: &str, all: &mut Vec<Place>) {
    for key in keys {
        let path = if above.is_empty() { key.name.to_owned() } else { format!("{above}.{}", key.name) };
        all.push(Place { path: path.clone(), what: What::Key(key) });
        match &key.kind {
            ValueKind::Section(inner) => collect(inner, &path, all),
            ValueKind::Named(inner) => collect(inner, &format!("{path}.{ANY_NAME}"), all),
            ValueKind::Csv(columns) => {
                let column = |c: &'static Column| Place { path: format!("{path}.{}", c.name), what: What::Column(c) };
                all.extend(columns.iter().map(column));
            }
            _ => {}
        }
    }
}

/// The keys directly within a key that is a section.
pub fn inside(key: &KeyDef) -> &'static [KeyDef] {
    match key.kind {
        ValueKind::Section(keys) | ValueKind::Named(keys) => keys,
        _ => &[],
    }
}

/// Finds what was typed: a whole path (any name may stand for [`ANY_NAME`]), or parts of it in order, the last one whole
/// (`education.primary` for `education.stages.primary`); or a Chinese word that their explanations use.
pub fn find(keys: &'static [KeyDef], typed: &str) -> Found {
    let typed = typed.trim().trim_matches(['[', ']', '.']);
    let words: Vec<&str> = typed.split('.').map(str::trim).collect();
    let all = places(keys);
    if let Some(place) = all.iter().find(|place| is_path(&place.path, &words)) {
        return Found::One(place.clone());
    }
    // `projects.school_1` means what every project may say.
    let named = |place: &&Place| matches!(place.what, What::Key(KeyDef { kind: ValueKind::Named(_), .. }));
    if let Some((_, above)) = words.split_last()
        && let Some(place) = all.iter().filter(named).find(|place| is_path(&place.path, above))
        && !all.iter().any(|other| fits(&other.path, &words))
    {
        return Found::One(place.clone());
    }
    let mut fitting: Vec<Place> = all.iter().filter(|place| fits(&place.path, &words)).cloned().collect();
    // A key goes before the columns of tables of the same name.
    if fitting.iter().any(|place| matches!(place.what, What::Key(_))) {
        fitting.retain(|place| matches!(place.what, What::Key(_)));
    }
    // A word of the field, such as 学位, means the keys that speak of it.
    if fitting.is_empty() && !typed.is_ascii() {
        fitting = all.iter().filter(|place| place.help().zh.contains(typed)).cloned().collect();
    }
    match fitting.len() {
        0 => Found::Nothing(alike(&all, typed, &words)),
        1 => Found::One(fitting.remove(0)),
        _ => Found::Several(fitting),
    }
}

/// Whether the words are the whole path.
fn is_path(path: &str, words: &[&str]) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    parts.len() == words.len() && parts.iter().zip(words).all(|(part, word)| part == word || *part == ANY_NAME)
}

fn fits(path: &str, words: &[&str]) -> bool {
    let mut parts = path.rsplit('.');
    if parts.next() != words.last().copied() {
        return false;
    }
    words.iter().rev().skip(1).all(|word| parts.any(|part| part == *word))
}

fn alike(all: &[Place], typed: &str, words: &[&str]) -> Vec<String> {
    const MOST: usize = 5;
    let last = words.last().copied().unwrap_or_default();
    let mut scored: Vec<(f64, &str)> = all
        .iter()
        .map(|place| {
            let name = place.path.rsplit('.').next().unwrap_or_default();
            let whole = strsim::jaro_winkler(typed, &place.path);
            (whole.max(strsim::jaro_winkler(last, name)), place.path.as_str())
        })
        .filter(|(likeness, _)| *likeness > 0.82)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut near: Vec<String> = scored.into_iter().take(MOST).map(|(_, path)| path.to_owned()).collect();
    if near.is_empty() {
        near.extend(nearest(typed, all.iter().map(|place| place.path.as_str())).map(str::to_owned));
    }
    near
}
