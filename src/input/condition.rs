//! Under what a key acts: conditions on other keys, declared beside it as data.
//!
//! A key that is read, checked and then not used lets a planner believe in a rule that is not there. [`KeyDef::acts_when`]
//! says what must hold for the key to act; where it does not, `check` warns at the key and says what would let it act. The same
//! conditions stand in `civicap explain` and in the JSON Schema. A key that says just what holds without it is not warned of.
//! What depends on more than other keys (a name, a table) is said by the reader itself, with
//! [`Section::note_idle`](super::Section::note_idle).

use super::key::{Condition, KeyDef, Presence};
use super::value::{Data, Table, Value, literal};
use crate::language::Text;
use crate::text;

/// Where conditions are looked up: a section of the file or a row of a table.
pub(super) trait Surroundings {
    /// Whether a key is given.
    fn is_given(&self, key: &str) -> bool;
    /// Whether a key is one of these words.
    fn is_one_of(&self, key: &str, words: &[&str]) -> bool;
    /// Whether a flag says so.
    fn is_flagged(&self, key: &str, flag: bool) -> bool;
    /// Whether a number is above another.
    fn is_above(&self, key: &str, least: f64) -> bool;
    /// Whether the scenario has a section or key.
    fn scenario_has(&self, path: &str) -> bool;
    /// Whether the scenario says one of these words at a path.
    fn scenario_says(&self, path: &str, words: &[&str]) -> bool;
}

impl Condition {
    pub(super) fn holds(&self, here: &dyn Surroundings) -> bool {
        match self {
            Self::Given(key) => here.is_given(key),
            Self::Missing(key) => !here.is_given(key),
            Self::Is(key, words) => here.is_one_of(key, words),
            Self::Flag(key, flag) => here.is_flagged(key, *flag),
            Self::Above(key, least) => here.is_above(key, *least),
            Self::Scenario(path) => here.scenario_has(path),
            Self::ScenarioSays(path, words) => here.scenario_says(path, words),
            Self::AnyOf(several) => several.iter().any(|one| one.holds(here)),
        }
    }

    /// What to write so that it holds.
    fn words(&self) -> Text {
        match self {
            Self::Given(key) => text!("give `{key}`", "写明 `{key}`"),
            Self::Missing(key) => text!("leave out `{key}`", "不写 `{key}`"),
            Self::Is(key, words) => {
                let list = words.join("\" / \"");
                text!("write `{key} = \"{list}\"`", "写 `{key} = \"{list}\"`")
            }
            Self::Flag(key, flag) => text!("write `{key} = {flag}`", "写 `{key} = {flag}`"),
            Self::Above(key, least) => text!("give `{key}` above {least}", "使 `{key}` 大于 {least}"),
            Self::Scenario(path) => text!("add `[{path}]`", "加入 `[{path}]`"),
            Self::ScenarioSays(path, words) => {
                let list = words.join("\" / \"");
                text!("write `{path} = \"{list}\"`", "写 `{path} = \"{list}\"`")
            }
            Self::AnyOf(several) => listed(several.iter(), " or ", "，或"),
        }
    }

    /// The keys of the same section that it names.
    pub fn keys(&self) -> Vec<&'static str> {
        match self {
            Self::Given(key) | Self::Missing(key) | Self::Is(key, _) | Self::Flag(key, _) | Self::Above(key, _) => {
                vec![key]
            }
            Self::Scenario(_) | Self::ScenarioSays(..) => Vec::new(),
            Self::AnyOf(several) => several.iter().flat_map(Self::keys).collect(),
        }
    }
}

fn listed<'a>(conditions: impl IntoIterator<Item = &'a Condition>, en: &str, zh: &str) -> Text {
    let words: Vec<Text> = conditions.into_iter().map(Condition::words).collect();
    let joined = |part: fn(&Text) -> &str, mark: &str| words.iter().map(part).collect::<Vec<_>>().join(mark);
    Text::owned(joined(|text| &text.en, en), joined(|text| &text.zh, zh))
}

/// What to write so that all conditions hold; empty where there is none.
pub fn words(conditions: &[Condition]) -> Text {
    listed(conditions, " and ", "，并")
}

/// What to write so that those hold which do not; `None` where all do.
pub(super) fn lacking(conditions: &[Condition], here: &dyn Surroundings) -> Option<Text> {
    let open: Vec<&Condition> = conditions.iter().filter(|condition| !condition.holds(here)).collect();
    (!open.is_empty()).then(|| listed(open, " and ", "，并"))
}

/// The value of a key as the reader takes it: what is written, or else its default.
pub(super) fn value_of<T>(table: &Table, keys: &[KeyDef], key: &str, look: impl Fn(&Value) -> T) -> Option<T> {
    if let Some(value) = table.get(key) {
        return Some(look(value));
    }
    let def = keys.iter().find(|def| def.name == key)?;
    match def.presence {
        Presence::Default(text) => Some(look(&literal(text))),
        _ => None,
    }
}

/// Whether two values say the same, wherever they stand; of tables nobody asks.
pub(super) fn says_the_same(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Text(a), Data::Text(b)) => a == b,
        (Data::Flag(a), Data::Flag(b)) => a == b,
        (Data::List(a), Data::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says_the_same(a, b)),
        (a, b) => number(a).is_some() && number(a) == number(b),
    }
}

/// A number that is written as such.
pub(super) fn number(data: &Data) -> Option<f64> {
    match data {
        Data::Integer(n) => Some(*n as f64),
        Data::Float(n) => Some(*n),
        _ => None,
    }
}
