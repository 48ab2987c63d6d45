//! Shipped scenarios and tables with random damage: whatever comes of it, reading ends soon, never panics, and says where
//! each fault is; what is still accepted runs, and what comes out closes.
//!
//! Damage is drawn from fixed seeds. `MUTATION_SECONDS=900 MUTATION_SEED=7 cargo test --test suite damaged` goes on for a
//! quarter of an hour from another seed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use civicap::random::{RngSource, Stream, StreamKey};
use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Loaded, Request, load};

/// Longest time for reading one damaged scenario, on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Cases without `MUTATION_SECONDS`.
const CASES: u32 = 240;

const NASTY: &[&str] = &[
    "-1",
    "0",
    "1",
    "-0.0",
    "0.5",
    "1e308",
    "-1e308",
    "1e-308",
    "1e400",
    "nan",
    "inf",
    "4294967295",
    "4294967296",
    "2147483648",
    "-9223372036854775808",
    "99999999999999999999",
    "0x7fffffff",
    "1_000",
    "100000000",
    "1e9",
    "2.5",
    "",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "\r",
    "\t",
    "#",
    ".",
    "..",
    "-",
    "+",
    "true",
    "null",
    "all",
    "2025-02-30",
    "2025-09-01",
    "9999-99-99",
    "85+",
    "100+",
    "5-3",
    "0-100",
    "历下",
    "Ａ",
    "\u{feff}",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}",
    "a.b.c",
    "../..",
    "/dev/zero",
    "distribution = \"normal\"",
    "extends = \"scenario.toml\"",
    "[projects]",
];

/// The scenarios that are damaged: what to load, and whether it is small enough to be run.
const VICTIMS: &[(&str, &str, bool)] = &[
    ("tiny", "scenario.toml", true),
    ("calibration", "scenario.toml", true),
    ("lixia-2010", "scenario.toml", false),
    ("lixia", "scenario.toml", false),
    ("textbook", "tandem.toml", true),
    ("textbook", "sweden-1993.toml", true),
    ("textbook", "day-station.toml", true),
    ("textbook", "intensive-care.toml", true),
    ("textbook", "school-zones.toml", true),
    ("textbook", "leaving-by-cause.toml", true),
    ("textbook", "registration.toml", true),
    ("western-trust", "scenario.toml", true),
];

/// A case's own choices.
struct Choices(Stream);

impl Choices {
    fn below(&mut self, n: usize) -> usize {
        ((self.0.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }

    fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// Stretches of letters and digits, or of anything else.
fn tokens(text: &str) -> Vec<&str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|b| b != plain(c)) {
            found.push(&text[start..at]);
            start = at;
        }
        before = Some(plain(c));
    }
    found.push(&text[start..]);
    found
}

fn damage(bytes: &mut Vec<u8>, choices: &mut Choices) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if bytes.is_empty() {
        *bytes = choices.of(NASTY).as_bytes().to_vec();
        return;
    }
    let n = bytes.len();
    match choices.below(9) {
        0 => {
            let at = choices.below(n);
            bytes[at] ^= 1 << choices.below(8);
        }
        1 => {
            let at = choices.below(n);
            bytes.truncate(at);
        }
        2 => {
            let from = choices.below(n);
            let to = (from + 1 + choices.below(40)).min(bytes.len());
            bytes.drain(from..to);
        }
        3 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (a, b) = (choices.below(lines.len()), choices.below(lines.len()));
            lines.swap(a, b);
            *bytes = lines.concat().into_bytes();
        }
        4 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (a, b) = (choices.below(lines.len()), choices.below(lines.len()));
            lines.insert(a, lines[b]);
            *bytes = lines.concat().into_bytes();
        }
        5 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let at = choices.below(lines.len());
            lines.remove(at);
            *bytes = lines.concat().into_bytes();
        }
        6 => {
            let mut parts = tokens(&text);
            let (a, b) = (choices.below(parts.len()), choices.below(parts.len()));
            parts.swap(a, b);
            *bytes = parts.concat().into_bytes();
        }
        // Numbers are what scenarios are made of: half of the damage is to them.
        _ => {
            let mut parts = tokens(&text);
            let numbers: Vec<usize> =
                (0..parts.len()).filter(|&i| parts[i].starts_with(|c: char| c.is_ascii_digit())).collect();
            let at =
                if numbers.is_empty() { choices.below(parts.len()) } else { numbers[choices.below(numbers.len())] };
            parts[at] = choices.of(NASTY);
            *bytes = parts.concat().into_bytes();
        }
    }
}

fn copy(from: &Path, to: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(to).unwrap();
    let mut files = Vec::new();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            files.extend(copy(&path, &target));
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            fs::copy(&path, &target).unwrap();
            files.push(target);
        }
    }
    files.sort();
    files
}

/// Damages a scenario, reads it, runs it if it is sound; returns what is wrong with that.
fn case(seed: u64, number: u32) -> Option<String> {
    let mut choices = Choices(RngSource::new(seed, number).cell(StreamKey::named("mutation"), 0, 0));
    let (folder, main, small) = VICTIMS[choices.below(VICTIMS.len())];
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(folder);
    let files = copy(&root, &place.path().join(folder));
    let scenario = place.path().join(folder).join(main);
    for _ in 0..=choices.below(3) {
        // The scenario itself as often as all its tables.
        let victim = if choices.below(2) == 0 { &scenario } else { &files[choices.below(files.len())] };
        let mut bytes = fs::read(victim).unwrap();
        damage(&mut bytes, &mut choices);
        fs::write(victim, &bytes).unwrap();
    }
    let path = scenario.clone();
    let read = within_patience(move || load(&path, Request::default()));
    let keep = |what: &str| {
        let kept = std::env::temp_dir().join(format!("civicap-mutation-{seed}-{number}"));
        copy(&place.path().join(folder), &kept);
        Some(format!("{what}: {main} in {} (seed {seed}, case {number})", kept.display()))
    };
    let Loaded { plan, diagnostics } = match read {
        Ok(loaded) => loaded,
        Err(how) => return keep(&format!("reading {how}")),
    };
    for fault in &diagnostics.list {
        let Some(file) = diagnostics.files.get(fault.span.file.0 as usize) else { return keep("a fault has no file") };
        let inside = fault.span.start <= fault.span.end && fault.span.end <= file.text.len();
        if !inside || fault.message.zh.is_empty() || fault.remedy.en.is_empty() {
            return keep(&format!("«{}» has no place or no remedy", fault.message.en));
        }
        let (line, column) = diagnostics.line_and_column(fault.span.file, fault.span.start);
        assert!(line > 0 && column > 0);
    }
    if plan.is_none() && !diagnostics.has_errors() {
        return keep("it was refused without a fault");
    }
    if plan.is_some() && diagnostics.has_errors() {
        return keep("it was accepted with a fault");
    }
    let plan = plan.filter(|plan| small && plan.catalogue.cells() < 200_000)?;
    let options = RunOptions { replications: 4, seed: 1, threads: 1 };
    // Every replication is held against the rules of its metrics: sums, stocks, shares, nothing below 0 or without a value.
    let ran = within_patience(move || simulate(&plan, options, &(), &AtomicBool::new(false)).map(|_| ()));
    match ran {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => keep(&format!("running: {failure}")),
        Err(how) => keep(&format!("running {how}")),
    }
}

/// What a piece of work gives, or that it panicked or did not end in time; then it is left behind.
fn within_patience<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (told, tell) = std::sync::mpsc::channel();
    std::thread::spawn(move || told.send(catch_unwind(AssertUnwindSafe(work)).map_err(|_| ())));
    match tell.recv_timeout(PATIENCE) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(())) => Err("panicked".to_owned()),
        Err(_) => Err(format!("took more than {PATIENCE:?}")),
    }
}

#[test]
fn damaged_scenarios_are_refused_in_words_or_run() {
    let set = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (seconds, seed) = (set("MUTATION_SECONDS"), set("MUTATION_SEED").unwrap_or(1));
    let began = Instant::now();
    let mut wrong = Vec::new();
    let mut number = 0;
    while seconds.map_or(number < CASES, |s| began.elapsed().as_secs() < s) {
        wrong.extend(case(seed, number));
        number += 1;
    }
    eprintln!("{number} damaged scenarios in {:?}", began.elapsed());
    assert!(wrong.is_empty(), "{} of {number}:\n{}", wrong.len(), wrong.join("\n"));
}
