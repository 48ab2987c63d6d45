//! Names: metrics are known by their ids in their own rooms only, and no text uses a name that something had before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use civicap::input::distributions::{LAWS, PROVENANCE, WORDS};
use civicap::input::lookup::{What, inside, places};
use civicap::input::{KeyDef, ValueKind};
use civicap::metric::{Better, MetricDef, Role};
use civicap::scenario::KEYS;
use civicap::services::declared_metrics;

use super::{code, sources};

/// Words outside the services that are ids of metrics by coincidence, each with what it is there.
const NOT_A_METRIC: [(&str, &[&str], &str); 11] = [
    ("cli/json.rs", &["unmet", "unstable"], "names of fields of a verdict"),
    ("cli/starter/mod.rs", &["population"], "the name of a table"),
    ("input/units.rs", &["beds", "children", "classes", "places"], "units of keys"),
    ("metric/unit.rs", &["beds", "places"], "units of metrics"),
    ("report/html/chart.rs", &["demand", "places", "unmet"], "names of series for the script that draws them"),
    ("report/html/view.rs", &["unstable"], "a class of the style sheet"),
    ("report/sections/comparison/attribution.rs", &["outside"], "where a count lies"),
    ("report/sections/comparison/differences.rs", &["places"], "a label"),
    ("report/sections/people.rs", &["places"], "a label"),
    ("report/sentences.rs", &["unstable"], "a verdict"),
    ("metric/definition.rs", &["target_missed"], "the metric that every promise has, declared once for all services"),
];

fn metrics() -> impl Iterator<Item = (&'static str, &'static MetricDef)> {
    declared_metrics().flat_map(|(service, table)| table.iter().map(move |metric| (service, metric)))
}

/// The insides of the string literals of code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            // A quotation mark as a character begins no string.
            let ahead: String = chars.clone().take(3).collect();
            let skipped = if ahead.starts_with("\"'") { 2 } else { 3 * usize::from(ahead == "\\\"'") };
            chars.by_ref().take(skipped).for_each(drop);
        }
        if c != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(inside) = chars.next() {
            match inside {
                '"' => break,
                '\\' => {
                    if let Some(escaped) = chars.next() {
                        text.push(if escaped == '\n' { ' ' } else { escaped });
                    }
                }
                other => text.push(other),
            }
        }
        found.push(text);
    }
    found
}

#[test]
fn metrics_are_known_by_their_ids_in_their_services_only() {
    let ids: BTreeSet<&str> = metrics().map(|(_, metric)| metric.id).collect();
    let excuses: BTreeMap<&str, &[&str]> = NOT_A_METRIC.iter().map(|(file, words, _)| (*file, *words)).collect();
    let (mut found, mut needed) = (Vec::new(), BTreeSet::new());
    for (path, text) in sources() {
        let file = path.to_string_lossy().replace('\\', "/");
        // These rooms declare metrics, keys and columns: their words are what is declared.
        if file.starts_with("services/") || file.starts_with("population/") || file.ends_with("tests.rs") {
            continue;
        }
        let excused = excuses.get(file.as_str()).copied().unwrap_or_default();
        for word in literals(&code(&text)).iter().filter(|word| ids.contains(word.as_str())) {
            if excused.contains(&word.as_str()) {
                needed.insert(format!("{file}: {word}"));
            } else {
                found.push(format!("{file}: {word}"));
            }
        }
    }
    assert!(found.is_empty(), "ask for the role of a metric, not for its id: {found:#?}");
    let excuses =
        NOT_A_METRIC.iter().flat_map(|(file, words, _)| words.iter().map(move |word| format!("{file}: {word}")));
    assert_eq!(needed, excuses.collect(), "excuses that are not needed any more");
}

#[test]
fn the_table_of_renamed_metrics_is_what_the_metrics_say_themselves() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/renamed_metrics.csv");
    let text = fs::read_to_string(file).unwrap();
    let listed: BTreeSet<String> = text.lines().skip(1).map(str::to_owned).collect();
    let declared: BTreeSet<String> = metrics()
        .flat_map(|(service, metric)| metric.formerly.iter().map(move |old| format!("{service},{old},{}", metric.id)))
        .collect();
    assert_eq!(listed, declared);
}

/// The direction that a role has by what it is; `None` where it depends on the metric.
const fn direction_of(role: Role) -> Option<Better> {
    match role {
        Role::Waiting
        | Role::Reneged
        | Role::Outside
        | Role::Unmet
        | Role::TargetMissed
        | Role::Unstable
        | Role::OverNorm
        | Role::RefusedShare
        | Role::CrowdedDays
        | Role::OpeningMissedIntake => Some(Better::Lower),
        Role::Demand
        | Role::Capacity
        | Role::InUse
        | Role::ExpectedUsers
        | Role::OfferedLoad
        | Role::Population
        | Role::AgeGroup
        | Role::Men
        | Role::Women => Some(Better::Neither),
        Role::Utilisation | Role::Served | Role::ServedBy | Role::RequiredCapacity | Role::Detail => None,
    }
}

/// Roles that several metrics of a table may have.
fn may_be_several(role: Role) -> bool {
    [Role::ServedBy, Role::RequiredCapacity, Role::AgeGroup, Role::Men, Role::Women, Role::Detail].contains(&role)
}

#[test]
fn every_metric_has_the_direction_of_its_role_and_no_two_of_a_table_the_same_single_role() {
    for (service, table) in declared_metrics() {
        let mut seen: Vec<Role> = Vec::new();
        for metric in table {
            let (id, role) = (metric.id, metric.role);
            if let Some(better) = direction_of(role) {
                assert_eq!(metric.better, better, "{service}.{id} is {role:?}");
            }
            assert!(may_be_several(role) || !seen.contains(&role), "{service}.{id}: a second {role:?}");
            seen.push(role);
        }
    }
}

/// What keys, columns and metrics are called, and what they were called before.
struct Names {
    present: BTreeSet<&'static str>,
    former: BTreeSet<&'static str>,
}

impl Names {
    fn declared() -> Self {
        let mut names = Self { present: BTreeSet::new(), former: BTreeSet::new() };
        for place in places(KEYS.as_slice()) {
            match place.what {
                What::Key(key) => names.key(key),
                What::Column(column) => names.add(column.name, column.formerly),
            }
        }
        for words in [WORDS, PROVENANCE].into_iter().chain(LAWS.iter().map(|law| law.parts)) {
            words.iter().for_each(|word| names.key(word));
        }
        metrics().for_each(|(_, metric)| names.add(metric.id, metric.formerly));
        names
    }

    fn key(&mut self, key: &'static KeyDef) {
        self.add(key.name, key.formerly);
        if let ValueKind::Choice(words) = key.kind {
            self.present.extend(words);
        }
        inside(key).iter().for_each(|key| self.key(key));
    }

    fn add(&mut self, name: &'static str, formerly: &'static [&'static str]) {
        self.present.insert(name);
        self.former.extend(formerly);
    }

    /// Whether a word of a text is a name of before that is nothing now.
    fn is_stale(&self, word: &str) -> bool {
        self.former.contains(word) && !self.present.contains(word)
    }
}

/// Words that were names of keys and are the names of something else now.
const NAMES_OF_OTHERS: [(&str, &str); 1] = [("completions", "a command")];

/// Commands and options under the names that they had.
const FORMER_COMMANDS: [&str; 5] = ["civicap fit", "civicap projects", "--part", "--more-places", "--precision"];

/// Texts for planners and contributors, each with its file: documents, comments of scenarios, and what the program says.
/// The changelog names what things were called, and so does what is said to those who use these names.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<PathBuf> = ["docs", "scenarios", "benches", "examples", "README.md", "CONTRIBUTING.md", "src"]
        .map(|at| root.join(at))
        .into();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let ending = path.extension().map_or(String::new(), |ending| ending.to_string_lossy().into_owned());
        let says_old_names = ["src/cli/usage.rs", "src/cli/former_names.rs"].contains(&name.as_str());
        let text = match ending.as_str() {
            "md" | "toml" | "template" | "html" => fs::read_to_string(&path).unwrap(),
            "csv" => {
                let text = fs::read_to_string(&path).unwrap();
                text.lines().filter(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n")
            }
            "rs" if !says_old_names => literals(&code(&fs::read_to_string(&path).unwrap())).join("\n"),
            _ => continue,
        };
        found.push((name, text));
    }
    found
}

/// The words of a text that stand for names: in backticks, or as keys of a block of TOML.
fn named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_toml = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_toml = line.contains("```toml");
        } else if in_toml {
            found.extend(line.split_once(" = ").map(|(key, _)| key.trim().to_owned()));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

#[test]
fn no_text_uses_a_name_that_something_had_before() {
    let names = Names::declared();
    assert!(names.former.len() > 150 && names.present.len() > 400, "the names are not seen");
    let mut found = Vec::new();
    for (file, text) in texts() {
        for word in named(&text) {
            // A key may stand with its sections, with a value, or in the brackets of its section.
            let key = word.split('=').next().unwrap_or("").trim().trim_matches(['[', ']']);
            let last = key.rsplit('.').next().unwrap_or("");
            if names.is_stale(last) && !NAMES_OF_OTHERS.iter().any(|(other, _)| *other == last) {
                found.push(format!("{file}: `{word}`"));
            }
        }
        for command in FORMER_COMMANDS {
            let as_a_word =
                |at: usize| !text[at + command.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
            if text.match_indices(command).any(|(at, _)| as_a_word(at)) {
                found.push(format!("{file}: {command}"));
            }
        }
    }
    assert!(found.is_empty(), "former names: {found:#?}");
}

#[test]
fn names_are_found_in_backticks_and_in_blocks_of_toml() {
    let text = "see `people.stock` and `law = \"normal\"`\n```toml\nshort = 3\n```\n`kept`";
    assert_eq!(named(text), ["people.stock", "law = \"normal\"", "short", "kept"]);
    assert_eq!(literals(r#"f("a `b`", '"', "c\"d")"#), ["a `b`", "c\"d"]);
}
