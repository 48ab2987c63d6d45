//! The scenario that `civicap new` writes, in either language from one template.
//!
//! Lines of a template that begin with `#en ` or `#zh ` are comments of that language; `⟦en|zh⟧` stands for words in it.
//! Tables explain their own columns, in the words of the declarations that the reader goes by.

use crate::input::lookup::{ANY_NAME, Found, What, find};
use crate::input::schema;
use crate::input::value::{Data, Table, Value, parse};
use crate::input::{KeyDef, LoadSession, Presence, ValueKind};
use crate::language::Language;
use crate::scenario::KEYS;

const SCENARIO: &str = include_str!("scenario.template");
const LATE: &str = include_str!("late.template");

/// The tables: name, the key that names them, their rows.
const TABLES: &[(&str, &str, &str)] = &[
    ("areas", "areas.table", include_str!("tables/areas.csv")),
    ("neighbours", "areas.neighbours", include_str!("tables/neighbours.csv")),
    ("population", "people.table", include_str!("tables/population.csv")),
    ("mortality", "people.deaths.table", include_str!("tables/mortality.csv")),
    ("fertility", "people.births.table", include_str!("tables/fertility.csv")),
    ("migration", "people.migration.table", include_str!("tables/migration.csv")),
    ("housing", "people.housing.table", include_str!("tables/housing.csv")),
    ("education_supply", "education.supply", include_str!("tables/education_supply.csv")),
    ("health_demand", "health.demand", include_str!("tables/health_demand.csv")),
    ("health_stay", "health.length_of_stay", include_str!("tables/health_stay.csv")),
    ("health_choice", "health.choice", include_str!("tables/health_choice.csv")),
    ("health_inflow", "health.non_resident_demand", include_str!("tables/health_inflow.csv")),
    ("health_supply", "health.supply", include_str!("tables/health_supply.csv")),
    ("elderly_need", "elderly.need", include_str!("tables/elderly_need.csv")),
    ("living", "elderly.living", include_str!("tables/living.csv")),
    ("elderly_supply", "elderly.supply", include_str!("tables/elderly_supply.csv")),
];

/// The file that makes a folder a scenario; it is last in the list of [`files`].
pub(crate) const MAIN: &str = "scenario.toml";

/// Every file of the starter, by its path within the folder.
pub(crate) fn files(language: Language) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        TABLES.iter().map(|(name, key, rows)| (format!("data/{name}.csv"), table(key, rows, language))).collect();
    files.push(("scenario.schema.json".to_owned(), schema(language)));
    files.push(("late.toml".to_owned(), filled(LATE, language)));
    files.push((MAIN.to_owned(), filled(SCENARIO, language)));
    files
}

/// The JSON Schema of a scenario as text, one line for each word so that changes are easy to see.
pub(crate) fn schema(language: Language) -> String {
    format!("{:#}\n", schema::of(KEYS.as_slice(), language))
}

/// A template in one language.
fn filled(template: &str, language: Language) -> String {
    let (own, other) = match language {
        Language::En => ("#en", "#zh"),
        Language::Zh => ("#zh", "#en"),
    };
    let mut text = String::with_capacity(template.len());
    for line in template.lines().filter(|line| !line.starts_with(other)) {
        match line.strip_prefix(own) {
            Some(comment) => text.push_str(&format!("#{comment}")),
            None => text.push_str(&worded(line, language)),
        }
        text.push('\n');
    }
    text
}

/// A line with `⟦en|zh⟧` replaced by the words of the language.
fn worded(line: &str, language: Language) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (words, left) = after.split_once('⟧').unwrap_or((after, ""));
        let (en, zh) = words.split_once('|').unwrap_or((words, words));
        text.push_str(before);
        text.push_str(match language {
            Language::En => en,
            Language::Zh => zh,
        });
        rest = left;
    }
    text + rest
}

/// A table with its provenance and columns explained. A byte-order mark tells spreadsheets that it is UTF-8.
fn table(key: &str, rows: &str, language: Language) -> String {
    let say = |en: &'static str, zh: &'static str| match language {
        Language::En => en,
        Language::Zh => zh,
    };
    let mut text = format!(
        "\u{feff}# source: {}\n# status: assumed\n",
        say("made up for this starter; replace it", "入门示例，编造，请替换")
    );
    if let Found::One(place) = find(KEYS.as_slice(), key)
        && let What::Key(KeyDef { kind: ValueKind::Csv(columns), help, .. }) = place.what
    {
        text.push_str(&format!("# {}\n", help.get(language)));
        let heading = rows.lines().next().unwrap_or_default();
        for column in columns.iter().filter(|column| heading.split(',').any(|name| name == column.name)) {
            text.push_str(&format!("#   {}{}{}\n", column.name, say(": ", "："), column.help.get(language)));
        }
    }
    text + rows
}

/// How a key is written: as the starter does, or else made from its kind.
pub(crate) fn example(path: &str, key: &KeyDef, language: Language) -> String {
    let text = filled(SCENARIO, language);
    let session = LoadSession::default();
    let file = session.diagnostics.add_file(std::path::Path::new(MAIN), String::new());
    let document = parse(&text, file, &session.diagnostics);
    if let Data::Table(table) = &document.data
        && let Some((section, value)) = written(table, path, key.name)
    {
        let line = format!("{} = {}", key.name, &text[value.span.start..value.span.end]);
        return if section.is_empty() { line } else { format!("[{section}]\n{line}") };
    }
    let line = format!("{} = {}", key.name, made(key, language));
    match path.rsplit_once('.') {
        Some((section, _)) => format!("[{}]\n{line}", section.replace(ANY_NAME, "name")),
        None => line,
    }
}

/// Where the starter writes this key, under whatever name of a named section: the section and the value.
fn written<'a>(table: &'a Table, path: &str, name: &str) -> Option<(String, &'a Value)> {
    let Some((first, rest)) = path.split_once('.') else {
        return (path == name).then(|| table.get(name)).flatten().map(|value| (String::new(), value));
    };
    table.entries.iter().filter(|entry| first == ANY_NAME || entry.key == first).find_map(|entry| {
        let Data::Table(inner) = &entry.value.data else { return None };
        let (section, value) = written(inner, rest, name)?;
        let section = if section.is_empty() { entry.key.clone() } else { format!("{}.{section}", entry.key) };
        Some((section, value))
    })
}

/// A value of the right kind within the range: the default where there is one.
fn made(key: &KeyDef, language: Language) -> String {
    let within = |low: f64, high: f64| {
        let nice = if low == 0.0 && high == 1.0 { 0.5 } else { 1.0 };
        if (low..=high).contains(&nice) { nice } else { low }
    };
    let source = match language {
        Language::En => "who says so",
        Language::Zh => "数据出处",
    };
    match (&key.kind, key.presence) {
        (ValueKind::Uncertain(..), Presence::Default(value)) if !value.starts_with('{') => {
            format!("{{ value = {value}, source = \"{source}\", status = \"assumed\" }}")
        }
        (_, Presence::Default(value)) => value.to_owned(),
        (ValueKind::Uncertain(low, high), _) => {
            format!("{{ value = {}, source = \"{source}\", status = \"assumed\" }}", within(*low, *high))
        }
        (ValueKind::Number(low, high), _) => within(*low, *high).to_string(),
        (ValueKind::Whole(1900, 2200), _) => "2024".to_owned(),
        (ValueKind::Whole(low, high), _) => within(*low as f64, *high as f64).to_string(),
        (ValueKind::Numbers(low, high), _) => format!("[{}]", within(*low, *high)),
        (ValueKind::Choice(words), _) => format!("\"{}\"", words.first().copied().unwrap_or_default()),
        (ValueKind::Label, _) => "{ zh = \"名称\", en = \"Name\" }".to_owned(),
        (ValueKind::Date, _) => "2026-09-01".to_owned(),
        (ValueKind::Flag, _) => "true".to_owned(),
        (ValueKind::Names, _) => "[\"name\"]".to_owned(),
        (ValueKind::Csv(_), _) => format!("\"data/{}.csv\"", key.name),
        (ValueKind::GeoJson, _) => format!("\"{}.geojson\"", key.name),
        (ValueKind::ByYear, _) => "{ 2024 = 1.0, 2030 = 1.1 }".to_owned(),
        (ValueKind::Text, _) => "\"name\"".to_owned(),
        (ValueKind::Section(_) | ValueKind::Named(_), _) => "{}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;
    use crate::input::Section;
    use crate::input::lookup::places;

    #[test]
    fn words_of_the_other_language_are_left_out() {
        for (language, other) in [(Language::En, "编造"), (Language::Zh, "made up for this starter\"")] {
            for (name, text) in files(language) {
                assert!(!text.contains('⟦') && !text.contains("#en") && !text.contains("#zh"), "{name}");
                let sources = text.lines().filter(|line| line.contains("source = "));
                assert!(sources.clone().all(|line| !line.contains(other)), "{name}");
            }
        }
    }

    /// What `explain` shows as an example is read without fault as what the key is.
    #[test]
    fn examples_are_read_without_fault() {
        for place in places(KEYS.as_slice()) {
            let What::Key(key) = place.what else { continue };
            if matches!(key.kind, ValueKind::ByYear | ValueKind::Section(_) | ValueKind::Named(_)) {
                continue;
            }
            let example = example(&place.path, key, Language::Zh);
            let session = LoadSession::default();
            let line = example.lines().last().unwrap_or_default();
            let document = parse(line, FileId(0), &session.diagnostics);
            let section = Section::open(&session, String::new(), &document, std::slice::from_ref(key)).unwrap();
            let read = match key.kind {
                ValueKind::Text | ValueKind::Csv(_) | ValueKind::GeoJson => section.text(key.name).is_some(),
                ValueKind::Label => section.label(key.name).is_some(),
                ValueKind::Whole(..) => section.whole(key.name).is_some(),
                ValueKind::Number(..) => section.number(key.name).is_some(),
                ValueKind::Uncertain(..) => section.uncertain(key.name).is_some(),
                ValueKind::Choice(_) => section.choice(key.name).is_some(),
                ValueKind::Date => section.month(key.name).is_some(),
                ValueKind::Flag => section.flag(key.name).is_some(),
                ValueKind::Names => section.names(key.name).is_some(),
                ValueKind::Numbers(..) => section.numbers(key.name).is_some(),
                ValueKind::ByYear | ValueKind::Section(_) | ValueKind::Named(_) => false,
            };
            assert!(read && session.diagnostics.errors() == 0, "{}: {example}", place.path);
        }
    }
}
