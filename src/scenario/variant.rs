//! Variants made in memory: a scenario without one of its projects, with more of its places, or with some of another
//! scenario's values.
//!
//! Values keep the place where they were written, so a table that is taken over is read beside the file that names it.

use std::path::{Path, PathBuf};

use super::change::Change;
use super::loading::Loaded;
use super::request::{Request, Source};
use super::{document, plan};
use crate::input::value::{Data, Entry, Table, Value};
use crate::input::{LoadSession, file};
use crate::services::service::ExpandableCapacity;

/// The scenario at `path` when these files hold these texts: a variant that is not written yet.
pub fn load_given(path: &Path, files: &[(PathBuf, String)], request: Request) -> Loaded {
    file::with_given(files, || super::loading::load(path, request))
}

/// The text of the table that a key of a service names in the scenario at `path`; `None` where it names none.
pub fn table_text(path: &Path, service: &str, key: &str) -> Option<String> {
    let session = LoadSession::default();
    let document = document::read(&session, path, &[])?;
    let Data::Table(table) = &document.data else { return None };
    let value = &find(table, &[service.to_owned(), key.to_owned()])?.value;
    let Data::Text(name) = &value.data else { return None };
    let table = file::resolve(&session, name, value.span)?;
    file::open(&session, &table, Some(value.span)).map(|(_, text)| text)
}

/// The scenario at `path` without one more of its projects.
pub fn load_without(path: &Path, request: Request, project: &str) -> Loaded {
    load_changed(path, request, |_, document| {
        let span = document.span;
        let Data::Table(table) = &mut document.data else { return };
        let name = Value { span, data: Data::Text(project.to_owned()) };
        let list = table.entries.iter_mut().find(|e| e.key == "exclude_projects").map(|e| &mut e.value.data);
        if let Some(Data::List(names)) = list {
            names.push(name);
        } else {
            let value = Value { span, data: Data::List(vec![name]) };
            table.entries.push(Entry { key: "exclude_projects".to_owned(), key_span: span, value });
        }
    })
}

/// The scenario at `path` with so many more of a service's places.
pub fn load_grown(path: &Path, request: Request, service: &str, growing: &ExpandableCapacity, places: u32) -> Loaded {
    load_changed(path, request, |_, document| {
        let span = document.span;
        let mut numbers = growing.numbers.clone();
        numbers[growing.at] += f64::from(places);
        let list = numbers.into_iter().map(|number| Value { span, data: Data::Float(number) }).collect();
        let (keys, key) =
            (std::iter::once(service).chain(growing.path.iter().map(String::as_str)), growing.path.last());
        let (keys, key): (Vec<String>, String) = (keys.map(str::to_owned).collect(), key.cloned().unwrap_or_default());
        let entry = Entry { key, key_span: span, value: Value { span, data: Data::List(list) } };
        if let Data::Table(table) = &mut document.data {
            put(table, &keys, Some(&entry));
        }
    })
}

/// The scenario at `path` with the values that the one at `other`, under its settings, has for the keys of `changes`.
pub fn load_switched(path: &Path, other: Source<'_>, changes: &[&Change], request: Request) -> Loaded {
    load_changed(path, request, |session, document| {
        let Some(source) = document::read(session, other.file, other.settings) else { return };
        let (Data::Table(table), Data::Table(source)) = (&mut document.data, &source.data) else { return };
        for change in changes {
            put(table, &change.path, find(source, &change.path));
        }
    })
}

fn load_changed(path: &Path, request: Request, change: impl FnOnce(&LoadSession, &mut Value)) -> Loaded {
    let session = LoadSession::default();
    let plan = document::read(&session, path, &request.settings).and_then(|mut document| {
        change(&session, &mut document);
        plan::compile(&session, path, &document, request)
    });
    let errors = session.diagnostics.errors();
    Loaded { plan: plan.filter(|_| errors == 0), diagnostics: session.diagnostics.finish() }
}

fn find<'t>(table: &'t Table, path: &[String]) -> Option<&'t Entry> {
    let (first, rest) = path.split_first()?;
    let entry = table.entries.iter().find(|e| e.key == *first)?;
    match (&entry.value.data, rest) {
        (_, []) => Some(entry),
        (Data::Table(inner), rest) => find(inner, rest),
        _ => None,
    }
}

/// Sets the key at `path` to what `entry` says, or takes it away. Sections on the way exist in both documents.
fn put(table: &mut Table, path: &[String], entry: Option<&Entry>) {
    let Some((first, rest)) = path.split_first() else { return };
    let at = table.entries.iter().position(|e| e.key == *first);
    match (at, rest, entry) {
        (Some(at), [], Some(entry)) => table.entries[at] = entry.clone(),
        (Some(at), [], None) => {
            table.entries.remove(at);
        }
        (None, [], Some(entry)) => table.entries.push(entry.clone()),
        (Some(at), rest, entry) => {
            if let Data::Table(inner) = &mut table.entries[at].value.data {
                put(inner, rest, entry);
            }
        }
        (None, ..) => {}
    }
}
