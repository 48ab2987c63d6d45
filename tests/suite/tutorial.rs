//! The tutorial does what it says: its files are written as it shows them and its commands are run, in both languages.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::support::files::copy_folder;

/// Replications that a test can wait for, in place of those that a planner should take.
const FEW: &str = "2";

/// A fenced block: what kind, and its lines.
struct Fenced {
    kind: String,
    lines: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn fenced(language: &str) -> Vec<Fenced> {
    let text = fs::read_to_string(root().join(format!("docs/tutorial.{language}.md"))).unwrap();
    let mut blocks: Vec<Fenced> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (line.strip_prefix("```"), inside) {
            (Some(kind), false) => {
                blocks.push(Fenced { kind: kind.to_owned(), lines: Vec::new() });
                inside = true;
            }
            (Some(_), true) => inside = false,
            (None, true) => blocks.last_mut().unwrap().lines.push(line.to_owned()),
            (None, false) => {}
        }
    }
    assert!(!inside, "a fence is left open");
    blocks
}

#[test]
fn both_tutorials_have_the_same_files_and_commands() {
    let said = |language: &str| -> Vec<(String, String)> {
        let flag = format!("--lang {language}");
        let line = |block: &Fenced| (block.kind.clone(), block.lines.join("\n").replace(&flag, "--lang"));
        fenced(language).iter().map(line).collect()
    };
    assert_eq!(said("en"), said("zh"));
    assert!(said("en").len() > 10);
}

#[test]
fn the_tutorials_say_of_the_flagship_what_check_says() {
    let flagship = root().join("scenarios/lixia/scenario.toml");
    let output = Command::cargo_bin("civicap").unwrap().arg("check").arg(&flagship).args(["--lang", "en"]).output();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    let after = |label: &str, at: usize| {
        let line = said.lines().find(|line| line.trim_start().starts_with(label)).expect("check says it");
        let mut numbers = line
            .split(|c: char| !c.is_ascii_digit() && c != ',')
            .filter(|word| word.chars().any(|c| c.is_ascii_digit()));
        numbers.nth(at).expect("a number").trim_matches(',').to_owned()
    };
    // People, areas, projects, inputs and those assumed.
    for number in [after("people", 0), after("people", 1), after("projects", 0), after("inputs", 0), after("inputs", 2)]
    {
        for language in ["en", "zh"] {
            let text = fs::read_to_string(root().join(format!("docs/tutorial.{language}.md"))).unwrap();
            let mut words = text.split(|c: char| !c.is_ascii_digit() && c != ',');
            assert!(words.any(|word| word.trim_matches(',') == number), "{language} does not say {number}: {said}");
        }
    }
}

#[test]
fn the_tutorial_works_from_its_first_command_to_its_last() {
    for language in ["en", "zh"] {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&root().join("scenarios/lixia"), &folder.path().join("scenarios/lixia"));
        let mine = folder.path().join("scenarios/mine");
        fs::create_dir(&mine).unwrap();
        fs::copy(folder.path().join("scenarios/lixia/data/education_supply.csv"), mine.join("education_supply.csv"))
            .unwrap();
        let mut commands = 0;
        for block in fenced(language) {
            let first = block.lines[0].clone();
            let rest = || block.lines[1..].join("\n") + "\n";
            match block.kind.as_str() {
                "toml" => {
                    let name = first.strip_prefix("# file: ").expect("a scenario names its file");
                    fs::write(folder.path().join(name), rest()).unwrap();
                }
                "csv" => {
                    let name = first.strip_prefix("# append to: ").expect("rows name their table");
                    let path = folder.path().join(name);
                    let table = fs::read_to_string(&path).unwrap();
                    fs::write(&path, format!("{}\n{}", table.trim_end(), rest())).unwrap();
                }
                "sh" => {
                    for line in &block.lines {
                        run(folder.path(), line);
                        commands += 1;
                    }
                }
                "text" => {}
                other => panic!("a block of {other}"),
            }
        }
        assert!(commands >= 9, "{commands} commands in {language}");
        for name in ["runs/lixia/report.html", "runs/compare-mine-counted-mine-new-junior/comparison.html"] {
            assert!(folder.path().join(name).is_file(), "{name}");
        }
    }
}

/// Runs one line of the tutorial with few replications.
fn run(folder: &Path, line: &str) {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words.remove(0), "civicap", "{line}");
    if let Some(at) = words.iter().position(|word| *word == "--replications") {
        words[at + 1] = FEW;
    }
    let output = Command::cargo_bin("civicap").unwrap().current_dir(folder).args(&words).output().unwrap();
    assert!(output.status.success(), "{line}:\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.is_empty(), "{line} says nothing");
}
