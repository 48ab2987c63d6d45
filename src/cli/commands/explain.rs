//! `civicap explain`: what a key of a scenario means, from the same declarations that the reader goes by.

use clap::Args;
use unicode_width::UnicodeWidthStr;

use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::starter;
use crate::cli::talk::{Done, Failure, print};
use crate::input::condition::words;
use crate::input::distributions::{LAWS, PROVENANCE, WORDS};
use crate::input::lookup::{Found, Place, What, find, inside};
use crate::input::units::unit;
use crate::input::{Column, KeyDef, Presence, ValueKind};
use crate::language::{Language, Text};
use crate::scenario::KEYS;
use crate::text;

/// Options of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both(
        "A key such as people.births.births_per_woman, a section such as education.primary, a column such as \
         people.table.age, or `laws`; left out: all sections",
        "键（如 people.births.births_per_woman）、分节（如 education.primary）、表的列（如 people.table.age）或 laws（分布）；\
         不写则列出全部分节"))]
    pub key: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap explain`.
pub(crate) fn explain(options: &Options) -> Done {
    let page = Page { language: options.output.language() };
    let Some(typed) = options.key.as_deref() else {
        return print(&page.overview());
    };
    match find(KEYS.as_slice(), typed) {
        Found::One(place) => print(&page.place(&place)),
        _ if is_law(typed) => print(&page.laws()),
        Found::Several(places) => print(&page.several(&places)),
        Found::Nothing(near) => Err(Failure::bad_input(unknown(typed, &near))),
    }
}

/// Whether the word belongs to uncertain numbers rather than to a section.
fn is_law(typed: &str) -> bool {
    let known = PROVENANCE.iter().chain(WORDS).map(|key| key.name).chain(LAWS.iter().map(|law| law.name));
    ["laws", "uncertain", "uncertainty"].into_iter().chain(known).any(|word| word == typed)
}

fn unknown(typed: &str, near: &[String]) -> Text {
    let list = near.iter().map(|path| format!("  civicap explain {path}\n")).collect::<String>();
    let list = list.trim_end();
    if near.is_empty() {
        return text!(
            "there is no key «{typed}»\nhelp: `civicap explain` lists the sections",
            "没有名为“{typed}”的键\n改法：运行 `civicap explain` 查看全部分节"
        );
    }
    text!("there is no key «{typed}»\nhelp: did you mean\n{list}", "没有名为“{typed}”的键\n改法：是否想查\n{list}")
}

/// How to write: the language.
#[derive(Clone, Copy)]
struct Page {
    language: Language,
}

impl Page {
    const fn say(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn overview(self) -> String {
        let mut out = format!("{}\n\n", self.say("Sections of a scenario:", "方案文件的各节："));
        let mut rows = Vec::new();
        for key in KEYS.iter() {
            rows.push([key.name.to_owned(), key.help.get(self.language).to_owned()]);
            for inner in
                inside(key).iter().filter(|inner| matches!(inner.kind, ValueKind::Section(_) | ValueKind::Named(_)))
            {
                rows.push([format!("  {}.{}", key.name, inner.name), inner.help.get(self.language).to_owned()]);
            }
        }
        rows.push(["laws".to_owned(), self.say("how to write an uncertain number", "不确定的数怎么写").to_owned()]);
        columns(&mut out, &rows);
        out.push_str(self.say(
            "\n`civicap explain KEY` explains one of them, or any key within.\n",
            "\n`civicap explain 键名` 查看其中一节或任一键的说明。\n",
        ));
        out
    }

    fn place(self, place: &Place) -> String {
        match place.what {
            What::Key(key) => self.key(&place.path, key),
            What::Column(column) => {
                let mut out = format!("{}\n\n  {}\n\n", place.path, column.help.get(self.language));
                let given = if column.optional {
                    self.say("may be left out", "可无此列")
                } else {
                    self.say("must be there", "必须有此列")
                };
                columns(&mut out, &[[format!("  {}", self.say("column", "列")), given.to_owned()]]);
                out
            }
        }
    }

    fn key(self, path: &str, key: &'static KeyDef) -> String {
        let mut out = format!("{path}\n\n  {}\n\n", key.help.get(self.language));
        let mut rows: Vec<[String; 2]> = Vec::new();
        let mut row = |name: &str, value: String| rows.push([format!("  {name}"), value]);
        row(self.say("kind", "类型"), key.kind.words().get(self.language).to_owned());
        if !key.unit.is_empty() {
            row(self.say("unit", "单位"), unit(key.unit).get(self.language).to_owned());
        }
        if let Some(range) = key.kind.range_words() {
            row(self.say("range", "范围"), range);
        }
        row(self.say("default", "默认值"), self.default(key));
        if key.kind.range().is_some() {
            row(self.say("source", "出处"), self.source(key));
        }
        if !key.acts.is_empty() {
            rows.push([format!("  {}", self.say("to act", "生效条件")), words(key.acts).get(self.language).to_owned()]);
        }
        columns(&mut out, &rows);
        match key.kind {
            ValueKind::Csv(list) => self.table(&mut out, list),
            ValueKind::Section(keys) | ValueKind::Named(keys) => self.keys(&mut out, keys),
            _ => {}
        }
        if inside(key).is_empty() {
            let example = starter::example(path, key, self.language);
            let heading = self.say("example", "示例");
            out.push_str(&format!("\n  {heading}\n\n{}\n", indented(&example, 4)));
        }
        if matches!(key.kind, ValueKind::Uncertain(..)) {
            out.push_str(self.say(
                "\n  `civicap explain laws` shows every way to state uncertainty.\n",
                "\n  不确定性的各种写法见 `civicap explain laws`。\n",
            ));
        }
        out
    }

    fn default(self, key: &KeyDef) -> String {
        match key.presence {
            Presence::Required => self.say("none: must be given", "无，必填").to_owned(),
            Presence::Optional => self.say("none: may be left out", "无，可不写").to_owned(),
            Presence::Default("{}") => self.say("the defaults of its keys", "按其下各键的默认值").to_owned(),
            Presence::Default(value) => value.to_owned(),
        }
    }

    fn source(self, key: &KeyDef) -> String {
        let cited = self.say(key.cited[0], key.cited[1]);
        match key.presence {
            _ if !cited.is_empty() => cited.to_owned(),
            Presence::Default(_) => self
                .say(
                    "the default is a standard or usual value; the report counts it apart from judgements",
                    "默认值为标准值或常用值，报告中单独计数",
                )
                .to_owned(),
            _ => self
                .say(
                    "yours: { value = ..., source = \"...\", status = \"published\" }",
                    "由您注明：{ value = ..., source = \"...\", status = \"published\" }",
                )
                .to_owned(),
        }
    }

    fn table(self, out: &mut String, list: &[Column]) {
        out.push_str(&format!("\n  {}\n\n", self.say("columns", "各列")));
        let may = self.say("may be left out: ", "可无此列：");
        let rows: Vec<[String; 2]> = list
            .iter()
            .map(|column| {
                let help = column.help.get(self.language);
                let help = if column.optional { format!("{may}{help}") } else { help.to_owned() };
                [format!("    {}", column.name), help]
            })
            .collect();
        columns(out, &rows);
        out.push_str(self.say(
            "\n  The lines `# source: ...` and `# status: published | derived | assumed` at its top say where it comes from; \
             `# source_zh: ...` says it in Chinese.\n",
            "\n  表首用 `# source: 出处` 和 `# status: published | derived | assumed` 注明来源；\
             另写 `# source_zh:` 时，中文报告用它，英文报告用 `# source:`。\n",
        ));
    }

    fn keys(self, out: &mut String, keys: &'static [KeyDef]) {
        out.push_str(&format!("\n  {}\n\n", self.say("keys", "各键")));
        let rows: Vec<[String; 3]> = keys
            .iter()
            .map(|key| {
                let value = match key.presence {
                    Presence::Required => self.say("must be given", "必填").to_owned(),
                    Presence::Default(value) if value != "{}" && inside(key).is_empty() => format!("= {value}"),
                    _ => String::new(),
                };
                [format!("    {}", key.name), key.help.get(self.language).to_owned(), value]
            })
            .collect();
        let rows: Vec<[String; 2]> = rows
            .into_iter()
            .map(|[name, help, value]| [name, if value.is_empty() { help } else { format!("{help}  [{value}]") }])
            .collect();
        columns(out, &rows);
    }

    fn several(self, places: &[Place]) -> String {
        let mut out = format!("{}\n\n", self.say("There are several:", "有多处："));
        let rows: Vec<[String; 2]> = places
            .iter()
            .map(|place| [format!("  {}", place.path), place.help().get(self.language).to_owned()])
            .collect();
        columns(&mut out, &rows);
        out
    }

    fn laws(self) -> String {
        let mut out = format!("{}\n\n", self.say("How to write a number", "数的写法"));
        out.push_str(self.say(LAWS_EN, LAWS_ZH));
        out.push_str(&format!(
            "\n  {}\n\n",
            self.say("laws: { distribution = \"...\", ... }", "分布：{ distribution = \"...\", ... }")
        ));
        let rows: Vec<[String; 2]> = LAWS
            .iter()
            .map(|law| {
                let parts = law.parts.iter().map(|part| part.name).collect::<Vec<_>>().join(", ");
                [format!("    {}", law.name), format!("{} ({parts})", law.help.get(self.language))]
            })
            .collect();
        columns(&mut out, &rows);
        out.push_str(&format!("\n  {}\n\n", self.say("words", "各词")));
        let rows: Vec<[String; 2]> = PROVENANCE
            .iter()
            .chain(WORDS)
            .map(|word| [format!("    {}", word.name), word.help.get(self.language).to_owned()])
            .collect();
        columns(&mut out, &rows);
        out
    }
}

const LAWS_EN: &str = r#"  fixed         participation = 0.94
  with source   participation = { value = 0.94, source = "bulletin 2024", status = "published" }
  in doubt      participation = { value = 0.94, sd = 0.3, status = "assumed" }
  by year       participation = { by_year = { 2024 = 0.94, 2035 = 0.97 }, random_walk_sd = 0.05 }
  by a law      delay_months = { distribution = "triangular", low = 0, mode = 3, high = 24 }
"#;

const LAWS_ZH: &str = r#"  固定值    participation = 0.94
  注明来源  participation = { value = 0.94, source = "2024 年统计公报", status = "published" }
  有误差    participation = { value = 0.94, sd = 0.3, status = "assumed" }
  逐年给出  participation = { by_year = { 2024 = 0.94, 2035 = 0.97 }, random_walk_sd = 0.05 }
  按分布    delay_months = { distribution = "triangular", low = 0, mode = 3, high = 24 }
"#;

/// Two columns, the second aligned whatever the width of the characters.
fn columns(out: &mut String, rows: &[[String; 2]]) {
    let widest = rows.iter().map(|[name, _]| name.width()).max().unwrap_or(0);
    for [name, value] in rows {
        let gap = " ".repeat(widest - name.width() + 2);
        out.push_str(format!("{name}{gap}{value}").trim_end());
        out.push('\n');
    }
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}", " ".repeat(by)).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
