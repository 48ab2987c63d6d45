//! Which file of `src` needs which, and the circles among them.
//!
//! A path is followed to the file that defines what it names: through `crate`, `super` and `self`, through names that a
//! file has imported, and through what a `mod.rs` passes on. A `mod.rs` that only passes on its children is therefore in no
//! circle with them; one that defines what its children need is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A file as a module.
struct Module {
    file: String,
    code: String,
    /// What each name that it imports stands for, and under which path.
    imported: BTreeMap<String, Vec<String>>,
    /// Modules of which it imports everything.
    globs: Vec<Vec<String>>,
}

/// What a path leads to.
enum Target {
    Module(Vec<String>),
    /// Something that this module defines.
    Item(Vec<String>),
}

/// The modules of a tree of sources, by path.
pub(super) struct Sources {
    modules: BTreeMap<Vec<String>, Module>,
}

/// How many names may pass each other on before a path is given up.
const DEEPEST: usize = 16;

impl Sources {
    /// Reads files given as path below `src` (with `/`) and code without comments and tests.
    pub(super) fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut modules = BTreeMap::new();
        for (file, code) in files {
            let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if path.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
                path.pop();
            }
            let code = without_strings(&code);
            let (mut imported, mut globs) = (BTreeMap::new(), Vec::new());
            for tree in declarations(&code) {
                for (mut path, name) in leaves(&tree) {
                    if name == "*" {
                        path.pop();
                        globs.push(path);
                    } else {
                        imported.insert(name, path);
                    }
                }
            }
            modules.insert(path, Module { file, code, imported, globs });
        }
        Self { modules }
    }

    /// Every arrow from a file to another that it needs.
    pub(super) fn arrows(&self) -> BTreeSet<(String, String)> {
        let mut arrows = BTreeSet::new();
        for (at, module) in &self.modules {
            let imports = module.imported.values().cloned();
            for path in imports.chain(paths(&module.code)) {
                if let Some(Target::Item(to)) = self.resolve(at, &path, 0) {
                    let other = &self.modules[&to].file;
                    if *other != module.file && !other.ends_with("lib.rs") && !module.file.ends_with("lib.rs") {
                        arrows.insert((module.file.clone(), other.clone()));
                    }
                }
            }
        }
        arrows
    }

    fn resolve(&self, at: &[String], path: &[String], depth: usize) -> Option<Target> {
        let first = path.first()?;
        let mut here = at.to_vec();
        let mut rest = path;
        match first.as_str() {
            "crate" => (here, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    here.pop()?;
                    rest = &rest[1..];
                }
            }
            _ => {}
        }
        self.walk(here, rest, depth)
    }

    fn walk(&self, mut here: Vec<String>, rest: &[String], depth: usize) -> Option<Target> {
        if depth > DEEPEST {
            return None;
        }
        for (taken, part) in rest.iter().enumerate() {
            let mut child = here.clone();
            child.push(part.clone());
            if self.modules.contains_key(&child) {
                here = child;
                continue;
            }
            let module = self.modules.get(&here)?;
            // A name of an import that begins with itself (`use rayon::...`) is another crate.
            if let Some(path) = module.imported.get(part).filter(|path| path[0] != *part) {
                return match self.resolve(&here, path, depth + 1)? {
                    Target::Module(other) => self.walk(other, &rest[taken + 1..], depth + 1),
                    item @ Target::Item(_) => Some(item),
                };
            }
            for glob in &module.globs {
                if let Some(Target::Module(other)) = self.resolve(&here, glob, depth + 1)
                    && defines(&self.modules[&other].code, part)
                {
                    return Some(Target::Item(other));
                }
            }
            return Some(Target::Item(here));
        }
        Some(Target::Module(here))
    }
}

/// Groups of files each of which needs, by way of others, every one of its group.
pub(super) fn circles(arrows: &BTreeSet<(String, String)>) -> Vec<BTreeSet<String>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, _) in arrows {
        let mut found = BTreeSet::new();
        let mut open = vec![from.as_str()];
        while let Some(file) = open.pop() {
            let next = arrows.range((file.to_owned(), String::new())..).take_while(|(other, _)| other == file);
            open.extend(next.map(|(_, to)| to.as_str()).filter(|to| found.insert(*to)));
        }
        reached.insert(from, found);
    }
    let mut groups = BTreeSet::new();
    for (file, found) in reached.iter().filter(|(file, found)| found.contains(**file)) {
        let back = |other: &&&str| reached.get(**other).is_some_and(|found| found.contains(file));
        groups.insert(found.iter().filter(back).map(|other| (*other).to_owned()).collect::<BTreeSet<_>>());
    }
    groups.into_iter().collect()
}

/// A group and the arrows inside it, for whoever has to break it.
pub(super) fn shown(group: &BTreeSet<String>, arrows: &BTreeSet<(String, String)>) -> String {
    let mut text = String::new();
    for (from, to) in arrows.iter().filter(|(from, to)| group.contains(from) && group.contains(to)) {
        let _ = write!(text, "\n  {from} -> {to}");
    }
    text
}

/// Code in which the insides of string literals are gone.
fn without_strings(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        kept.push(c);
        if c == '\'' {
            // A quotation mark as a character, which begins no string.
            let ahead: String = chars.as_str().chars().take(3).collect();
            let skipped = if ahead.starts_with("\"'") { 2 } else { 3 * usize::from(ahead == "\\\"'") };
            chars.by_ref().take(skipped).for_each(drop);
        }
        if c == '"' {
            while let Some(inside) = chars.next() {
                match inside {
                    '\\' => drop(chars.next()),
                    '"' => break,
                    _ => {}
                }
            }
            kept.push('"');
        }
    }
    kept
}

/// The trees of all `use` declarations.
fn declarations(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in code.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    }) {
        let (start, line) = line;
        let mut text = line.trim_start();
        if let Some(after) = text.strip_prefix("pub") {
            let after =
                after.strip_prefix('(').map_or(after, |inside| inside.split_once(')').map_or("", |(_, rest)| rest));
            text = after.trim_start();
        }
        if text.starts_with("use ") {
            let from = start + line.find("use ").unwrap_or(0) + "use ".len();
            let tree = code[from..].split(';').next().unwrap_or("");
            found.push(tree.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    found
}

/// The paths of a tree with the name that each is known by.
fn leaves(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let prefix: Vec<String> = parts(&tree[..open]);
        let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
        let mut found = Vec::new();
        for branch in split_outside_braces(inside) {
            for (path, name) in leaves(branch) {
                let itself = path.len() == 1 && path[0] == "self";
                let whole: Vec<String> = prefix.iter().cloned().chain(path.into_iter().filter(|_| !itself)).collect();
                let name = if itself && name == "self" { whole.last().cloned().unwrap_or_default() } else { name };
                found.push((whole, name));
            }
        }
        return found;
    }
    let (path, name) = tree.split_once(" as ").map_or((tree, None), |(path, name)| (path, Some(name)));
    let path = parts(path);
    let Some(last) = path.last() else { return Vec::new() };
    let name = name.map_or_else(|| last.clone(), |name| name.trim().to_owned());
    vec![(path, name)]
}

fn parts(path: &str) -> Vec<String> {
    path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn split_outside_braces(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.retain(|branch| !branch.trim().is_empty());
    found
}

/// Paths of at least two parts anywhere in code.
fn paths(code: &str) -> Vec<Vec<String>> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(word) {
        let begins = start == 0 || !rest[..start].ends_with("::");
        rest = &rest[start..];
        let mut path = Vec::new();
        loop {
            let end = rest.find(|c: char| !word(c)).unwrap_or(rest.len());
            path.push(rest[..end].to_owned());
            rest = &rest[end..];
            match rest.strip_prefix("::") {
                Some(after) if after.starts_with(word) => rest = after,
                _ => break,
            }
        }
        if begins && path.len() > 1 {
            found.push(path);
        }
    }
    found
}

fn defines(code: &str, name: &str) -> bool {
    ["fn", "struct", "enum", "trait", "type", "const", "static"].iter().any(|kind| {
        let declared = format!("{kind} {name}");
        code.match_indices(&declared).any(|(at, _)| {
            code[at + declared.len()..].chars().next().is_some_and(|after| !(after.is_alphanumeric() || after == '_'))
        })
    })
}

#[test]
fn a_circle_is_seen_through_names_that_are_passed_on() {
    let files = [
        ("lib.rs", "pub mod a;"),
        ("a/mod.rs", "mod b;\nmod c;\npub use b::B;"),
        ("a/b.rs", "use super::c;\npub struct B; fn f() { c::g(\"super::d::X\") }"),
        ("a/c.rs", "use crate::a::{self as all, B};\npub fn g() -> B { all::B }"),
        ("a/d.rs", "use super::*;\nfn h() { let _ = B; }"),
    ];
    let sources = Sources::new(files.map(|(file, code)| (file.to_owned(), code.to_owned())));
    let arrows = sources.arrows();
    let group = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(circles(&arrows), [group(&["a/b.rs", "a/c.rs"])], "{arrows:?}");
}
