//! What a service has besides its code, so that a new one is told what it still lacks.

use std::fs;
use std::path::{Path, PathBuf};

use civicap::metric::Role;
use civicap::services::ROSTER;
use civicap::services::service::ServiceKind;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a file with one of these endings, below a folder of the repository, says something.
fn says(folder: &str, endings: &[&str], what: &dyn Fn(&str) -> bool) -> bool {
    let mut waiting = vec![root().join(folder)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| endings.contains(&ending.to_string_lossy().as_ref()))
            && what(&fs::read_to_string(&path).unwrap())
        {
            return true;
        }
    }
    false
}

fn has_file(folder: &Path, name: &str) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() { has_file(&path, name) } else { path.file_name().is_some_and(|found| found == name) }
    })
}

fn lacks(kind: &ServiceKind) -> Vec<&'static str> {
    let name = kind.name;
    let folder = root().join("src/services").join(name);
    let section = format!("[{name}");
    let has_section = |text: &str| text.lines().any(|line| line.starts_with(&section));
    let names_it = |text: &str| text.contains(name);
    let has_role = |role: Role| kind.metrics.iter().any(|table| table.iter().any(|metric| metric.role == role));
    let has_suite = root().join(format!("tests/suite/{name}.rs")).exists();
    let roles = [Role::Demand, Role::Capacity, Role::Served, Role::Unmet, Role::TargetMissed, Role::Utilisation];
    let wanted = [
        (folder.join("method.md").exists() && folder.join("method.zh.md").exists(), "the method in both languages"),
        (folder.join("model.rs").exists(), "model.rs: the compiled inputs"),
        (folder.join("metrics.rs").exists(), "metrics.rs: what is measured"),
        (has_file(&folder, "messages.rs"), "messages.rs: what planners are told of its inputs"),
        (folder.join("input").is_dir(), "input/: keys, tables and their reader"),
        (folder.join("record").is_dir(), "record/: what is written at the end of a year"),
        (roles.into_iter().all(has_role), "a metric of each role that verdicts ask for"),
        (says("src/cli/starter", &["template"], &has_section), "a section in the starter of `civicap new`"),
        (says("scenarios/lixia", &["toml"], &has_section), "a section in the flagship"),
        (
            says("scenarios/textbook", &["toml"], &has_section) || says("scenarios/tiny", &["toml"], &has_section),
            "a small scenario whose result is known: scenarios/textbook or scenarios/tiny",
        ),
        (has_suite, "tests/suite/<name>.rs: its laws"),
        (says("benches", &["rs"], &names_it), "a bench"),
        (says("docs", &["md"], &names_it), "a word in docs/"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}

#[test]
fn a_service_that_lacks_something_is_told_what() {
    for kind in ROSTER {
        let lacks = lacks(kind);
        assert!(lacks.is_empty(), "{} lacks {lacks:#?}", kind.name);
    }
}
