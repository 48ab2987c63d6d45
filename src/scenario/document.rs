//! The file as a whole: its top-level keys, and `extends`, by which a variant says only what it changes.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::{analytic_reference, building, imprint, observed, setting};
use crate::diagnostic::{DiagnosticSink, Span, code};
use crate::input::value::{Data, Value, parse};
use crate::input::{Condition, KeyDef, LoadSession, ValueKind, file};
use crate::language::Text;
use crate::services::ROSTER;
use crate::{population, site, text};

/// The version of the format that scenarios are written in: 1 was before the keys had the field's own names.
pub const FORMAT: i64 = 2;

/// Longest chain of `extends`.
const DEEPEST: usize = 8;

/// The keys of a scenario file: what every scenario has, then one section for each service of the roster.
pub static KEYS: LazyLock<Vec<KeyDef>> = LazyLock::new(|| {
    let mut keys = vec![
        KeyDef::required("label", ValueKind::Label, "", "name of the scenario", "方案名称"),
        KeyDef::optional("description", ValueKind::Label, "", "what the scenario is about", "方案说明"),
        KeyDef::optional("report", ValueKind::Section(imprint::KEYS), "", "the head of reports", "报告署名"),
        KeyDef::optional(
            "format",
            ValueKind::Whole(1, i64::MAX),
            "",
            "version of the format that the file is written in; left out: the current one",
            "本文件所用的格式版本；不写即当前版本",
        ),
        KeyDef::optional("extends", ValueKind::Text, "", "file that this one changes", "本文件所修改的基础方案"),
        KeyDef::required("horizon", ValueKind::Section(site::HORIZON), "", "the years", "年份"),
        KeyDef::optional("areas", ValueKind::Section(site::AREAS), "", "the subdistricts", "街道"),
        KeyDef::optional("openings", ValueKind::Section(site::OPENINGS), "", "delays of all projects", "各项目的延期"),
        KeyDef::optional("projects", ValueKind::Named(site::PROJECT), "", "building projects", "建设项目"),
        KeyDef::optional(
            "exclude_projects",
            ValueKind::Names,
            "",
            "projects to leave out; \"all\" for every one",
            "不实施的项目；\"all\" 表示全部",
        )
        .acts_when(&[Condition::Scenario("projects")])
        .formerly(&["without_projects"]),
        KeyDef::optional(
            "building",
            ValueKind::Section(building::KEYS),
            "",
            "what is built at once and how long it takes, for `civicap need`",
            "一次建多少、需要多久，供 `civicap need` 使用",
        ),
        KeyDef::optional("people", ValueKind::Section(population::KEYS), "", "who lives where", "人口"),
        KeyDef::optional(
            "observed",
            ValueKind::Named(observed::SET),
            "",
            "figures that were counted, to hold the run against",
            "实际统计数，用于检验模拟结果",
        ),
        KeyDef::optional(
            "analytic_reference",
            ValueKind::Named(analytic_reference::RESULT),
            "",
            "results that theory gives for this scenario, to hold the run against",
            "理论给出的结果，用于检验模拟",
        )
        .formerly(&["theory"]),
    ];
    keys.extend(ROSTER.iter().map(|kind| KeyDef {
        name: kind.name,
        kind: ValueKind::Section(kind.keys),
        unit: "",
        presence: crate::input::Presence::Optional,
        help: kind.label.clone(),
        cited: ["", ""],
        formerly: &[],
        acts: &[],
    }));
    keys
});

/// Reads the file and everything it extends, the changes laid over what they change, and `settings` over all of it.
pub(super) fn read(session: &LoadSession, path: &Path, settings: &[String]) -> Option<Value> {
    let mut document = read_chain(session, path, None, &mut Vec::new())?;
    setting::apply(session, &mut document, settings);
    Some(document)
}

fn read_chain(session: &LoadSession, path: &Path, asked_at: Option<Span>, above: &mut Vec<PathBuf>) -> Option<Value> {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let back = above.contains(&real);
    if back || above.len() >= DEEPEST {
        let shown = path.display();
        let span = asked_at.unwrap_or(Span { file: crate::diagnostic::FileId(0), start: 0, end: 0 });
        let message = if back {
            text!("`extends` leads back to {shown}", "`extends` 又回到 {shown}")
        } else {
            text!("`extends` is deeper than {DEEPEST} files at {shown}", "`extends` 到 {shown} 已超过 {DEEPEST} 层")
        };
        let remedy =
            Text::new("let a variant extend a scenario that stands on its own", "请让变体直接引用一个独立的方案");
        session.diagnostics.error(code::EXTENDS, span, message, remedy);
        return None;
    }
    above.push(real);
    let (file, text) = file::open(session, path, asked_at)?;
    let mut change = parse(&text, file, &session.diagnostics);
    check_format(&change, &session.diagnostics)?;
    let Some((name, at)) = take_extends(&mut change, &session.diagnostics) else { return Some(change) };
    let below = file::resolve(session, &name, at)?;
    let mut base = read_chain(session, &below, Some(at), above)?;
    let span = change.span;
    if let (Data::Table(table), Data::Table(over)) = (&mut base.data, change.data) {
        table.overlay(over);
    }
    base.span = span;
    Some(base)
}

/// Refuses a file of another format than this one; an older one is carried over by `civicap upgrade`.
fn check_format(document: &Value, faults: &DiagnosticSink) -> Option<()> {
    let Data::Table(table) = &document.data else { return Some(()) };
    let Some(Value { data: Data::Integer(format), span }) = table.get("format") else { return Some(()) };
    if *format == FORMAT {
        return Some(());
    }
    let newer = Text::new(
        "update civicap, or let whoever wrote the file save it in this format",
        "请更新 civicap，或请提供者另存为当前格式",
    );
    let older = Text::new("carry it over with `civicap upgrade FILE`", "请用 `civicap upgrade 文件名` 转换");
    faults.error(
        code::FORMAT,
        *span,
        text!(
            "the file is written in format {format}; this is format {FORMAT}",
            "文件格式版本为 {format}，当前为 {FORMAT}"
        ),
        if *format > FORMAT { newer } else { older },
    );
    None
}

/// Takes `extends` out of a document, so that a chain is followed once.
fn take_extends(document: &mut Value, faults: &DiagnosticSink) -> Option<(String, Span)> {
    let Data::Table(table) = &mut document.data else { return None };
    let at = table.entries.iter().position(|e| e.key == "extends")?;
    let entry = table.entries.remove(at);
    if let Data::Text(name) = entry.value.data {
        return Some((name, entry.value.span));
    }
    faults.error(
        code::EXTENDS,
        entry.value.span,
        Text::new("`extends` is not the name of a file", "`extends` 不是文件名"),
        Text::new("write extends = \"scenario.toml\"", "请写 extends = \"scenario.toml\""),
    );
    None
}
