//! Files with random damage: whatever comes of them, reading ends soon, never panics, and says where each fault is; what is
//! still accepted runs, or is shown.
//!
//! Damage is drawn from fixed seeds, a stated number of cases for each kind of file. `FUZZ_SECONDS=900 FUZZ_SEED=7 cargo test
//! --test suite fuzz::` goes on for a quarter of an hour with each kind from another seed. `corpus` holds files that once broke
//! something, or might: each is tried as it is, and damaged.

#![allow(clippy::panic_in_result_fn, reason = "what an assertion says is caught, and is the result")]

mod read_back;
mod scenarios;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use civicap::random::{RngSource, Stream, StreamKey};

/// Longest time for one damaged file, on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What damage is made of.
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

/// Goes through cases of one kind: `cases` of them, or as long as `FUZZ_SECONDS` says. A case gives what is wrong with it.
fn go_through(kind: &str, cases: u32, case: impl Fn(u64, u32, &mut Choices) -> Option<String>) {
    let set = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (seconds, seed) = (set("FUZZ_SECONDS"), set("FUZZ_SEED").unwrap_or(1));
    let began = Instant::now();
    let mut wrong = Vec::new();
    let mut number = 0;
    while seconds.map_or(number < cases, |s| began.elapsed().as_secs() < s) {
        let mut choices = Choices(RngSource::new(seed, number).cell(StreamKey::named("mutation"), 0, 0));
        wrong.extend(case(seed, number, &mut choices));
        number += 1;
    }
    eprintln!("{number} damaged {kind} in {:?}", began.elapsed());
    assert!(wrong.is_empty(), "{} of {number}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The kept files of one kind, by name.
fn corpus(kind: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/fuzz/corpus").join(kind);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}
