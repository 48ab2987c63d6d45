//! The JSON Schema (draft 2020-12) of a scenario, made from the same [`KeyDef`]s that the reader goes by, so that editors
//! complete, explain and check what a planner writes.
//!
//! It knows kinds, ranges, choices, unknown and missing keys, and the parts of each law. What needs other files (areas,
//! projects, tables) is for `civicap check`. A scenario that `extends` another may leave out anything.

use serde_json::{Map, Value as Json, json};

use super::condition;
use super::distributions::{DistributionDef, LAWS, PROVENANCE, WORDS};
use super::key::{Column, KeyDef, Presence, ValueKind};
use super::units::unit;
use super::value::{Data, Value, literal};
use crate::language::Language;

/// The schema of a file with these keys, its words in one language.
pub fn of(keys: &'static [KeyDef], language: Language) -> Json {
    let writer = Writer { language };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(writer.say("civicap scenario", "civicap 方案")));
    schema.insert(
        "description".to_owned(),
        json!(writer.say(
        "Made by `civicap schema` from the keys that civicap reads; `civicap explain KEY` says the same in a terminal.",
        "由 `civicap schema` 依据程序读取的键生成；在终端可用 `civicap explain 键名` 查看同样的说明。",
    )),
    );
    schema.extend(writer.section(keys));
    // A variant says only what it changes: nothing is missing from a file that extends another.
    schema.insert("if".to_owned(), json!({ "required": ["extends"] }));
    schema.insert("else".to_owned(), required(keys).unwrap_or_else(|| json!({})));
    schema.insert("$defs".to_owned(), writer.definitions());
    Json::Object(schema)
}

/// What a value is in JSON; dates become text.
pub fn json_of(value: &Value) -> Json {
    match &value.data {
        Data::Text(text) | Data::Date(text) => json!(text),
        Data::Integer(number) => json!(number),
        Data::Float(number) => json!(number),
        Data::Flag(flag) => json!(flag),
        Data::List(list) => Json::Array(list.iter().map(json_of).collect()),
        Data::Table(table) => Json::Object(table.entries.iter().map(|e| (e.key.clone(), json_of(&e.value))).collect()),
    }
}

/// The keys that must be given, section by section; `None` when none must.
fn required(keys: &'static [KeyDef]) -> Option<Json> {
    let names: Vec<&str> = keys.iter().filter(|key| key.presence == Presence::Required).map(|key| key.name).collect();
    let mut within = Map::new();
    for key in keys {
        let inner = match key.kind {
            ValueKind::Section(inner) => required(inner),
            ValueKind::Named(inner) => required(inner).map(|each| json!({ "additionalProperties": each })),
            _ => None,
        };
        within.extend(inner.map(|inner| (key.name.to_owned(), inner)));
    }
    let mut all = Map::new();
    if !names.is_empty() {
        all.insert("required".to_owned(), json!(names));
    }
    if !within.is_empty() {
        all.insert("properties".to_owned(), Json::Object(within));
    }
    (!all.is_empty()).then_some(Json::Object(all))
}

#[derive(Clone, Copy)]
struct Writer {
    language: Language,
}

impl Writer {
    const fn say(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn section(self, keys: &'static [KeyDef]) -> Map<String, Json> {
        let properties: Map<String, Json> = keys.iter().map(|key| (key.name.to_owned(), self.property(key))).collect();
        let Json::Object(section) =
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        else {
            unreachable!("invariant: an object was written")
        };
        section
    }

    fn property(self, key: &'static KeyDef) -> Json {
        let mut property = Map::new();
        property.insert("description".to_owned(), json!(self.description(key)));
        property.extend(self.kind(&key.kind));
        if let Presence::Default(text) = key.presence {
            property.insert("default".to_owned(), json_of(&literal(text)));
        }
        Json::Object(property)
    }

    /// Everything that `explain` says, as one paragraph: editors show it at the key.
    fn description(self, key: &KeyDef) -> String {
        let (colon, stop) = (self.say(": ", "："), self.say(".", "。"));
        let mut text = format!("{}{stop}\n\n{}", key.help.get(self.language), key.kind.words().get(self.language));
        if !key.unit.is_empty() {
            text += &format!(
                "{}{}{colon}{}",
                self.say("; ", "；"),
                self.say("unit", "单位"),
                unit(key.unit).get(self.language)
            );
        }
        if let Some(range) = key.kind.range_words() {
            text += &format!("{}{}{colon}{range}", self.say("; ", "；"), self.say("range", "范围"));
        }
        text += &match key.presence {
            Presence::Required => self.say("; must be given", "；必填").to_owned(),
            Presence::Optional => self.say("; may be left out", "；可不写").to_owned(),
            Presence::Default(value) => format!("{}{colon}{value}", self.say("; default", "；默认值")),
        };
        text += stop;
        if !key.acts.is_empty() {
            let needed = condition::words(key.acts);
            text += &format!(" {}{}{stop}", self.say("To act: ", "生效条件："), needed.get(self.language));
        }
        if let ValueKind::Csv(columns) = key.kind {
            let list: Vec<String> = columns.iter().map(|column| self.column(column)).collect();
            text += &format!("\n\n{}\n{}", self.say("Columns:", "各列："), list.join("\n"));
        }
        text
    }

    fn column(self, column: &Column) -> String {
        let may = if column.optional { self.say(" (may be left out)", "（可无此列）") } else { "" };
        format!("- {}{may}{}{}", column.name, self.say(": ", "："), column.help.get(self.language))
    }

    fn kind(self, kind: &ValueKind) -> Map<String, Json> {
        let schema = match kind {
            ValueKind::Text | ValueKind::Csv(_) | ValueKind::GeoJson => json!({ "type": "string" }),
            ValueKind::Label => json!({ "$ref": "#/$defs/label" }),
            ValueKind::Whole(low, high) => sourced("integer", number(*low as f64, *high as f64), "sourced"),
            ValueKind::Number(low, high) => sourced("number", number(*low, *high), "sourced"),
            ValueKind::Uncertain(low, high) => sourced("number", number(*low, *high), "uncertain"),
            ValueKind::Choice(words) => json!({ "enum": words }),
            ValueKind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$" }),
            ValueKind::Flag => json!({ "type": "boolean" }),
            ValueKind::Names => json!({ "type": "array", "items": { "type": "string" } }),
            ValueKind::Numbers(low, high) => json!({ "type": "array", "items": number(*low, *high) }),
            ValueKind::ByYear => json!({
                "type": "object",
                "patternProperties": { "^[0-9]{4}$": { "type": "number" } },
                "additionalProperties": false,
                "minProperties": 1
            }),
            ValueKind::Section(keys) => return self.section(keys),
            ValueKind::Named(keys) => json!({ "type": "object", "additionalProperties": self.section(keys) }),
        };
        let Json::Object(schema) = schema else { unreachable!("invariant: an object was written") };
        schema
    }

    fn definitions(self) -> Json {
        json!({
            "label": {
                "type": ["string", "object"],
                "properties": { "zh": { "type": "string" }, "en": { "type": "string" } },
                "additionalProperties": false,
                "minProperties": 1
            },
            "sourced": self.sourced(),
            "uncertain": self.uncertain(),
        })
    }

    /// `{ value = ..., source = ..., status = ... }`.
    fn sourced(self) -> Json {
        let mut section = self.provenance();
        if let Some(Json::Object(properties)) = section.get_mut("properties") {
            properties.insert("value".to_owned(), json!({ "type": "number" }));
        }
        section.insert("required".to_owned(), json!(["value"]));
        Json::Object(section)
    }

    /// A number by its law, by year or with its spread, and the parts that each law needs.
    fn uncertain(self) -> Json {
        let mut section = self.provenance();
        if let Some(Json::Object(properties)) = section.get_mut("properties") {
            // A law's own sd has no upper limit, so the parts of laws come last.
            for key in WORDS.iter().chain(LAWS.iter().flat_map(|law| law.parts)) {
                properties.insert(key.name.to_owned(), self.bare(key));
            }
            let names: Vec<&str> = LAWS.iter().map(|law| law.name).collect();
            let laws: Vec<String> = LAWS.iter().map(|law| self.law(law)).collect();
            properties.insert("distribution".to_owned(), json!({ "description": laws.join("\n"), "enum": names }));
        }
        section.insert(
            "anyOf".to_owned(),
            json!([{ "required": ["value"] }, { "required": ["by_year"] }, { "required": ["distribution"] }]),
        );
        let needs: Vec<Json> = LAWS
            .iter()
            .map(|law| {
                let parts: Vec<&str> = law.parts.iter().map(|part| part.name).collect();
                json!({
                    "if": { "required": ["distribution"], "properties": { "distribution": { "const": law.name } } },
                    "then": { "required": parts }
                })
            })
            .collect();
        section.insert("allOf".to_owned(), Json::Array(needs));
        Json::Object(section)
    }

    /// A word of an uncertain number, whose own value is a plain number.
    fn bare(self, key: &'static KeyDef) -> Json {
        let mut property = Map::new();
        property.insert("description".to_owned(), json!(key.help.get(self.language)));
        let schema = match key.kind {
            ValueKind::Number(low, high) => number(low, high),
            ValueKind::Whole(low, high) => number(low as f64, high as f64),
            ValueKind::Section(keys) => {
                let parts: Map<String, Json> =
                    keys.iter().map(|part| (part.name.to_owned(), self.bare(part))).collect();
                let names: Vec<&str> = keys.iter().map(|part| part.name).collect();
                json!({ "type": "object", "properties": parts, "required": names, "additionalProperties": false })
            }
            _ => Json::Object(self.kind(&key.kind)),
        };
        property.extend(schema.as_object().cloned().unwrap_or_default());
        Json::Object(property)
    }

    fn law(self, law: &DistributionDef) -> String {
        let parts: Vec<&str> = law.parts.iter().map(|part| part.name).collect();
        format!("- {} ({}){}{}", law.name, parts.join(", "), self.say(": ", "："), law.help.get(self.language))
    }

    /// What both kinds of sourced numbers have. It says nothing of numbers, which may stand in its place.
    fn provenance(self) -> Map<String, Json> {
        let mut section = self.section(PROVENANCE);
        section.remove("type");
        section
    }
}

fn number(low: f64, high: f64) -> Json {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("number"));
    for (word, bound) in [("minimum", low), ("maximum", high)] {
        if bound.abs() < f64::MAX {
            // Whole bounds are written without a point.
            let written = if bound.fract() == 0.0 && bound.abs() < 9e15 { json!(bound as i64) } else { json!(bound) };
            schema.insert(word.to_owned(), written);
        }
    }
    Json::Object(schema)
}

/// A number of a kind and range, or the definition with its `value` held to them. Words about numbers bind numbers only and
/// words about objects bind objects only, so that no choice between two schemas blurs what an editor says.
fn sourced(kind: &str, range: Json, definition: &str) -> Json {
    let mut value = range;
    value["type"] = json!(kind);
    let mut both = value.clone();
    both["type"] = json!([kind, "object"]);
    // Wrapped: some editors look at nothing beside a bare reference.
    both["allOf"] = json!([{ "$ref": format!("#/$defs/{definition}") }]);
    both["properties"] = json!({ "value": value });
    both
}
