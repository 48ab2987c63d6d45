//! Keys set beside the file: `people.births.births_per_woman = 1.1`, as `--set` types them.
//!
//! A setting is one line of TOML that is laid over the document at one key, whatever stood there; it is read like a line of
//! a file, so its faults have a place in it.

use crate::diagnostic::{FileId, Finding, Span, code};
use crate::input::LoadSession;
use crate::input::value::{Data, Entry, Table, Value, parse};
use crate::language::Text;
use crate::text;

/// Keys that say how a file is read, before anything is laid over it.
const FIXED: [&str; 2] = ["extends", "format"];

/// The remedy of whatever cannot be understood.
const EXAMPLE: Text = Text::new(
    "write a key with its sections and a value, such as --set people.births.births_per_woman=1.1",
    "请写带分节的键和值，例如 --set people.births.births_per_woman=1.1",
);

/// Lays settings over a document, one after the other.
pub(super) fn apply(session: &LoadSession, document: &mut Value, settings: &[String]) {
    for (i, typed) in settings.iter().enumerate() {
        let line = line_of(typed);
        session.add_to_hash("--set", line.as_bytes());
        let file = session.diagnostics.add_typed(&format!("--set {}", i + 1), line.clone());
        if let (Some(entry), Data::Table(table)) = (read(session, file, &line), &mut document.data) {
            put(session, table, entry, &mut Vec::new());
        }
    }
}

/// What was typed as a line of TOML: parts of the key that TOML wants in quotes get them, and so does a value that is one
/// plain word (`--set education.homes=gravity`).
pub(crate) fn line_of(typed: &str) -> String {
    let Some((path, value)) = split(typed, '=') else { return typed.trim().to_owned() };
    let (mut rest, mut parts) = (path, Vec::new());
    while let Some((part, after)) = split(rest, '.') {
        parts.push(part_of_key(part));
        rest = after;
    }
    parts.push(part_of_key(rest));
    let (path, value) = (parts.join("."), value.trim());
    if is_word(value) { format!("{path} = {value:?}") } else { format!("{path} = {value}") }
}

/// Splits at the first `at` outside quotes.
fn split(text: &str, at: char) -> Option<(&str, &str)> {
    let mut quote = None;
    for (i, c) in text.char_indices() {
        match quote {
            None if c == at => return Some((&text[..i], &text[i + c.len_utf8()..])),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn part_of_key(part: &str) -> String {
    let part = part.trim();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let needs_quotes = !part.is_empty() && !part.starts_with(['"', '\'']) && !part.chars().all(bare);
    if needs_quotes { format!("{part:?}") } else { part.to_owned() }
}

/// Whether a value is a plain word, which in TOML would be nothing.
fn is_word(value: &str) -> bool {
    let of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ');
    value.chars().next().is_some_and(char::is_alphabetic)
        && value.chars().all(of_word)
        && !matches!(value, "true" | "false" | "inf" | "nan")
}

/// The one entry that a setting's line holds, down to the key it sets.
fn read(session: &LoadSession, file: FileId, line: &str) -> Option<Entry> {
    let whole = Span { file, start: 0, end: line.len() };
    let refuse = |message, remedy| session.diagnostics.refuse(whole, Finding { code: code::SYNTAX, message, remedy });
    let message = match split(line, '=') {
        None => Some(text!("«{line}» sets nothing: it has no `=`", "“{line}”缺少 `=`，没有设定任何值")),
        Some((path, _)) if path.trim().is_empty() => Some(Text::new("there is no key before the `=`", "`=` 前没有键")),
        Some(_) => None,
    };
    if let Some(message) = message {
        refuse(message, EXAMPLE);
        return None;
    }
    let errors = session.diagnostics.errors();
    let Data::Table(mut table) = parse(line, file, &session.diagnostics).data else { return None };
    if session.diagnostics.errors() > errors {
        return None;
    }
    if table.entries.len() != 1 {
        refuse(Text::new("one `--set` sets one key", "一个 `--set` 只设一个键"), EXAMPLE);
        return None;
    }
    let entry = table.entries.remove(0);
    if FIXED.contains(&entry.key.as_str()) {
        let key = &entry.key;
        session.diagnostics.refuse(
            entry.key_span,
            Finding {
                code: code::UNKNOWN_KEY,
                message: text!("`{key}` is how a file is read and cannot be set", "`{key}` 决定文件如何读取，不能设定"),
                remedy: Text::new("write it in a file of your own, and run that", "请写入自己的文件，再运行该文件"),
            },
        );
        return None;
    }
    Some(entry)
}

/// Lays one entry over a table: sections on the way are made or gone into, and what stands at the key is replaced.
fn put(session: &LoadSession, table: &mut Table, entry: Entry, above: &mut Vec<String>) {
    let Some(at) = table.entries.iter().position(|there| there.key == entry.key) else {
        table.entries.push(entry);
        return;
    };
    let there = &mut table.entries[at];
    let Some(inner) = way_on(&entry) else {
        *there = entry;
        return;
    };
    above.push(entry.key.clone());
    if let Data::Table(below) = &mut there.value.data {
        put(session, below, inner, above);
        return;
    }
    let (path, kind) = (above.join("."), there.value.kind());
    let (en, zh, key) = (&kind.en, &kind.zh, &inner.key);
    session.diagnostics.refuse(
        inner.key_span,
        Finding {
            code: code::CONTRADICTION,
            message: text!("`{path}` is {en}, so there is no `{key}` within it", "`{path}` 是{zh}，其中没有 `{key}`"),
            remedy: if key == "value" {
                text!("set it itself: --set {path}=...", "请直接设定：--set {path}=...")
            } else {
                text!(
                    "set the whole, such as --set '{path}={{ value = 1, {key} = ... }}'",
                    "请设定整个值，例如 --set '{path}={{ value = 1, {key} = ... }}'"
                )
            },
        },
    );
}

/// What a dotted key has after its first part; `None` for its last. The table that a dotted key begins stands where the key
/// does, a value in braces has a place of its own.
fn way_on(entry: &Entry) -> Option<Entry> {
    let Data::Table(below) = &entry.value.data else { return None };
    (entry.value.span == entry.key_span).then(|| below.entries.first().cloned()).flatten()
}
