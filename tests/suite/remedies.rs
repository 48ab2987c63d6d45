//! A remedy works: following it, the fault is gone and none is new.
//!
//! Remedies that quote what to write are applied by the letter at the place of the fault; of those that tell what to do, the
//! edit that does it stands here beside the fault.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use civicap::diagnostic::{Diagnostic, Diagnostics, Severity, code};
use civicap::scenario::{Request, load};

use crate::support::files::copy_folder;

/// What a remedy asks for.
#[derive(Debug)]
enum Edit {
    /// This text in the place of what is at fault.
    Replace(String),
    /// The line of the fault goes.
    DeleteLine,
}

/// The edit that a remedy quotes, if it quotes one.
fn quoted(remedy: &str) -> Option<Edit> {
    if let Some(rest) = remedy.strip_prefix("did you mean `") {
        return rest.split('`').next().map(|word| Edit::Replace(word.to_owned()));
    }
    if ["remove it", "delete the row", "delete the name", "delete the line"]
        .iter()
        .any(|words| remedy.starts_with(words))
    {
        return Some(Edit::DeleteLine);
    }
    for lead in ["write it as a share: ", "write the number alone: ", "write the year in which it begins: "] {
        if let Some(rest) = remedy.strip_prefix(lead) {
            return Some(Edit::Replace(rest.to_owned()));
        }
    }
    if let Some(rest) = remedy.strip_prefix("write one of: ") {
        return rest.split([',', ';']).next().map(|word| Edit::Replace(word.trim().to_owned()));
    }
    if remedy == "leave the cell empty: not known" {
        return Some(Edit::Replace(String::new()));
    }
    let rest = remedy.strip_prefix("write ")?;
    if let Some(rest) = rest.strip_prefix('`') {
        return rest.split('`').next().map(|word| Edit::Replace(word.to_owned()));
    }
    let text = rest.split([',', ';']).next()?.split(" (").next()?;
    (!text.contains(' ') && !text.contains('…')).then(|| Edit::Replace(text.to_owned()))
}

/// Faults by code and message, with how often each is told.
fn errors(found: &Diagnostics) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for fault in found.list.iter().filter(|fault| fault.severity == Severity::Error) {
        *all.entry(format!("{}: {}", fault.code, fault.message.en)).or_insert(0) += 1;
    }
    all
}

/// A folder of files that may be edited.
struct Folder(tempfile::TempDir);

impl Folder {
    fn copy_of(from: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(from, folder.path());
        Self(folder)
    }

    fn starter() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut new = assert_cmd::Command::cargo_bin("civicap").unwrap();
        new.args(["new", "--quiet", "--lang", "en"]).arg(folder.path().join("made")).assert().success();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// What is to stand at a fault: of a key with its value the value, or the number with that word changed.
fn word_at(old: &str, word: &str) -> String {
    let Some((key, value)) = word.split_once(" = ") else { return word.to_owned() };
    let Some(at) = old.find(&format!("{key} = ")).filter(|_| old.starts_with('{')) else { return value.to_owned() };
    let from = at + key.len() + 3;
    let to = old[from..].find([',', ' ', '}']).map_or(old.len(), |end| from + end);
    old[..from].to_owned() + value + &old[to..]
}

/// A table without the column whose heading stands at a byte.
fn without_column(text: &str, at: usize) -> String {
    let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let column = text[line..at].matches(',').count();
    let without = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(position, _)| *position != column);
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
    };
    text.lines().map(|line| if line.starts_with('#') { line.to_owned() } else { without(line) } + "\n").collect()
}

/// Follows what a fault says, if that quotes an edit; says what is wrong with it then.
fn follow(scenario: &Path, before: &Diagnostics, fault: &Diagnostic) -> Option<Result<(), String>> {
    let edit = quoted(&fault.remedy.en)?;
    let file = &before.files[fault.span.file.0 as usize];
    let kept = fs::read(&file.path).unwrap();
    let (start, end) = (fault.span.start, fault.span.end);
    let text = match &edit {
        Edit::Replace(word) => {
            let old = &file.text[start..end];
            let word = word_at(old, word);
            // Text keeps its quotes.
            let quotes = old.starts_with('"') && !word.starts_with('"');
            let word = if quotes { format!("\"{word}\"") } else { word.clone() };
            file.text[..start].to_owned() + &word + &file.text[end..]
        }
        Edit::DeleteLine if fault.code == code::COLUMN => without_column(&file.text, start),
        Edit::DeleteLine => {
            let from = file.text[..start].rfind('\n').map_or(0, |at| at + 1);
            let to = file.text[start..].find('\n').map_or(file.text.len(), |at| start + at + 1);
            file.text[..from].to_owned() + &file.text[to..]
        }
    };
    fs::write(&file.path, text).unwrap();
    let after = load(scenario, Request::default()).diagnostics;
    fs::write(&file.path, kept).unwrap();
    let (before, after) = (errors(before), errors(&after));
    let name = format!("{}: {}", fault.code, fault.message.en);
    let still = after.get(&name).copied().unwrap_or(0) >= before[&name];
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    Some(if still || !new.is_empty() {
        Err(format!("{name}\n  remedy: {}\n  edit: {edit:?}\n  still there: {still}, new: {new:#?}\n", fault.remedy.en))
    } else {
        Ok(())
    })
}

/// Follows all faults of a scenario that quote an edit; how many do.
fn follow_all(scenario: &Path, wrong: &mut String) -> usize {
    let found = load(scenario, Request::default()).diagnostics;
    let faults = found.list.iter().filter(|fault| fault.severity == Severity::Error);
    let mut followed = 0;
    for result in faults.filter_map(|fault| follow(scenario, &found, fault)) {
        followed += 1;
        if let Err(said) = result {
            wrong.push_str(&said);
        }
    }
    followed
}

#[test]
fn what_the_faulty_files_of_the_suite_are_told_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut wrong = String::new();
    let mut followed = 0;
    let cases = fs::read_dir(root.join("cases")).unwrap().map(|entry| entry.unwrap().path());
    for from in std::iter::once(root.join("invalid")).chain(cases) {
        let folder = Folder::copy_of(&from);
        for entry in fs::read_dir(folder.path("")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "toml") {
                followed += follow_all(&path, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(followed >= 8, "only {followed} remedies quote an edit");
}

const SCHOOLS: &str = "data/education_supply.csv";

/// Slips in the starter: file, text, what is written in its place, and whether the remedy quotes what to write.
const SLIPS: &[(&str, &str, &str)] = &[
    ("scenario.toml", "base_year = 2024", "base_yaer = 2024"),
    ("scenario.toml", "start = 2025", "start = 2025年"),
    ("scenario.toml", "opens = 2026-09-01", "opens = 2026/9/1"),
    ("scenario.toml", "opens = 2026-09-01", "opens = 2026-9-1"),
    ("scenario.toml", "opens = 2026-09-01", "opens = \"2026年9月\""),
    ("scenario.toml", "opens = 2026-09-01", "opens = \"2026-09-31\""),
    ("scenario.toml", "{ value = 0.02,", "{ value = 2%,"),
    ("scenario.toml", "\"data/population.csv\"", "data/population.csv"),
    ("scenario.toml", "status = \"assumed\"", "status = \"asumed\""),
    (SCHOOLS, ",30,30,", ",３０,30,"),
    (SCHOOLS, ",30,30,", ",30班,30,"),
    (SCHOOLS, "public", "publik"),
    (SCHOOLS, "2026-09-01", "2026-09-31"),
    (SCHOOLS, "new_school\n", "new_scool\n"),
    (SCHOOLS, ",primary,", ",primry,"),
    (SCHOOLS, "class_size", "class_sise"),
    ("data/population.csv", "male", "mail"),
];

/// A text with the first `from` that stands outside comments replaced.
fn slip(text: &str, from: &str, to: &str) -> Option<String> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(column) = line.find(from).filter(|_| !line.starts_with('#')) {
            let (start, end) = (at + column, at + column + from.len());
            return Some(text[..start].to_owned() + to + &text[end..]);
        }
        at += line.len();
    }
    None
}

#[test]
fn what_slips_in_the_starter_are_told_works() {
    let folder = Folder::starter();
    let scenario = folder.path("made/scenario.toml");
    let mut wrong = String::new();
    for (file, from, to) in SLIPS {
        let path = folder.path("made").join(file);
        let sound = fs::read_to_string(&path).unwrap();
        let Some(slipped) = slip(&sound, from, to) else {
            wrong.push_str(&format!("{file} has no {from}\n"));
            continue;
        };
        fs::write(&path, slipped).unwrap();
        let found = load(&scenario, Request::default()).diagnostics;
        let faults: Vec<_> = found.list.iter().filter(|fault| fault.severity == Severity::Error).collect();
        match &faults[..] {
            [fault] => match follow(&scenario, &found, fault) {
                Some(Ok(())) => {}
                Some(Err(said)) => wrong.push_str(&format!("{to}: {said}")),
                None => wrong.push_str(&format!("{to}: no edit in «{}»\n", fault.remedy.en)),
            },
            several => wrong.push_str(&format!("{to}: {} faults: {several:#?}\n", several.len())),
        }
        fs::write(&path, sound).unwrap();
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_faults_tell_to_do_works() {
    let folder = tempfile::tempdir().unwrap();
    let head = "label = \"x\"\n[horizon]\nstart = 2025\nend = 2027\n";
    let path = folder.path().join("scenario.toml");
    let told = |text: &str| {
        fs::write(&path, format!("{head}{text}")).unwrap();
        load(&path, Request::default()).diagnostics
    };
    let mut wrong = String::new();
    for Instruction { fault, remedy, followed } in INSTRUCTIONS {
        let found = told(fault);
        let faults: Vec<_> = found.list.iter().filter(|fault| fault.severity == Severity::Error).collect();
        if faults.len() != 1 || !faults[0].remedy.en.contains(remedy) {
            wrong.push_str(&format!("{fault}: not one fault with «{remedy}»: {faults:#?}\n"));
        }
        let after = told(followed);
        if after.has_errors() {
            wrong.push_str(&format!("{followed}: {:#?}\n", after.list));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A text with one fault, words of its remedy, and the text after they were followed.
struct Instruction {
    fault: &'static str,
    remedy: &'static str,
    followed: &'static str,
}

const INSTRUCTIONS: &[Instruction] = &[
    Instruction {
        fault: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\n",
        remedy: "add `los_mean_days = ...`",
        followed: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\n",
    },
    Instruction {
        fault: "[health.wards.w]\narrivals_per_day = 2\nlos_mean_days = 4\n",
        remedy: "beds",
        followed: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\n",
    },
    Instruction {
        fault: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\nlong_share = 0.1\n",
        remedy: "add `long_mean_days = ...`",
        followed: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\nlong_share = 0.1\nlong_mean_days = 30\n",
    },
    Instruction {
        fault: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\noverflow_to = [\"w\"]\n",
        remedy: "take «w» away",
        followed: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\noverflow_to = []\n",
    },
    Instruction {
        fault: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\ndischarge_weekdays = [1, 1, 1, 1, 1, 0.5, 0]\n",
        remedy: "write 1 or 0 for each weekday",
        followed: "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\ndischarge_weekdays = [1, 1, 1, 1, 1, 1, 0]\n",
    },
    Instruction {
        fault: "[health]\nopening = \"counted\"\n[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\n",
        remedy: "opening_patients",
        followed: "[health]\nopening = \"counted\"\n[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\nopening_patients = 5\n",
    },
    Instruction {
        fault: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\noverflow_to = \"q\"\n",
        remedy: "delete `overflow_to`",
        followed: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\n",
    },
    Instruction {
        fault: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\npatience_months = 4\nreneging_hazards = { death = 0.1 }\n",
        remedy: "remove one of the two",
        followed: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\nreneging_hazards = { death = 0.1 }\n",
    },
    Instruction {
        fault: "[elderly.service_target]\nconfidence = 0.9\n",
        remedy: "[elderly.queues.<name>]",
        followed: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\n",
    },
    Instruction {
        fault: "[education.stages.primary]\nprogression = 1\n",
        remedy: "entrants_per_year",
        followed: "[education.stages.primary]\nprogression = 1\nentrants_per_year = 90\n",
    },
    Instruction {
        fault: "[education.stages.primary]\nparticipation = 0.9\n",
        remedy: "give `entrants_per_year`",
        followed: "[education.stages.primary]\nentrants_per_year = 90\n",
    },
    Instruction {
        fault: "[education.stages.junior]\nshare_of_leavers = 0.9\n",
        remedy: "add the stage before",
        followed: "[education.stages.primary]\nentrants_per_year = 90\n[education.stages.junior]\nshare_of_leavers = 0.9\n",
    },
    Instruction {
        fault: "[education.stages.primary]\nentrants_per_year = 90\nclass_sizes = [45, 45]\n",
        remedy: "give one number, or one for each grade",
        followed: "[education.stages.primary]\nentrants_per_year = 90\nclass_sizes = [45]\n",
    },
    Instruction {
        fault: "[education.stages.primary]\nentrants_per_year = 90\nclass_sizes = [45.5]\n",
        remedy: "write whole numbers",
        followed: "[education.stages.primary]\nentrants_per_year = 90\nclass_sizes = [45]\n",
    },
    Instruction {
        fault: "[education.stages.primary]\nentrants_per_year = 90\nopening_pupils = [1, 2]\n",
        remedy: "one number for each grade",
        followed: "[education.stages.primary]\nentrants_per_year = 90\nopening_pupils = [1, 2, 3, 4, 5, 6]\n",
    },
    Instruction {
        fault: "",
        remedy: "add [people] or one of",
        followed: "[elderly.queues.q]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\n",
    },
];
