//! What civicap has written and reads again, with random damage: a stranger may have sent it. Hashes refuse nearly all of it;
//! what a forger would have made whole again is looked at here as well.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use civicap::language::Language;
use civicap::report::{Report, html, report_json as record, terminal, xlsx};
use civicap::run::ShardResults;
use civicap::scenario::{Plan, Request, load};
use civicap::study::comparison::{Recorded, Side, common_years, compare};
use serde_json::Value;

use super::{Choices, corpus, damage, go_through, within_patience};

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny/scenario.toml")
}

fn plan() -> Plan {
    load(&tiny(), Request::default()).plan.unwrap()
}

fn civicap(words: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_civicap")).args(words).args(["--lang", "en", "--quiet"]).output().unwrap()
}

/// A run and a shard of it, made once.
fn made() -> &'static Path {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        for (name, more) in [("run", &[][..]), ("shards", &["--shard", "1/2"])] {
            let out = folder.path().join(name);
            let words = ["run", tiny().to_str().unwrap(), "--replications", "4", "--out", out.to_str().unwrap()]
                .map(str::to_owned);
            let words: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
            assert!(civicap(&words).status.success());
        }
        folder
    });
    folder.path()
}

/// Reads a record and shows what it holds in every form.
fn show(bytes: Vec<u8>) -> Result<(), String> {
    within_patience(move || {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let whole = record::read(&text).ok();
        // As a forger would make it: any report that can be read, with its hash.
        let forged = || {
            let mut kept: Value = serde_json::from_str(&text).ok()?;
            let report: Report = serde_json::from_value(kept.get_mut("report")?.take()).ok()?;
            record::read(&record::write(record::RecordKind::Run, &report)).ok()
        };
        let Some((_, report)) = whole.or_else(forged) else { return };
        for language in [Language::En, Language::Zh] {
            let page = html::render(&report, language);
            assert!(page.trim_end().ends_with("</html>"));
            let said = terminal::render(&report, language, false, 100);
            assert!(!said.chars().any(|c| c.is_control() && c != '\n'));
            let _ = xlsx::render(&report, language);
        }
    })
}

/// Reads a shard and puts it together with nothing else.
fn join(bytes: Vec<u8>) -> Result<(), String> {
    within_patience(move || {
        let Ok(part) = ShardResults::from_bytes(&bytes) else { return };
        if let Ok(results) = ShardResults::together(&plan(), &[part]) {
            assert!(results.replications() >= 2, "a run without replications");
        }
    })
}

/// Reads a summary and compares it with itself.
fn compare_summaries(bytes: Vec<u8>) -> Result<(), String> {
    within_patience(move || {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some(recorded) = Recorded::read(text.trim_start_matches('\u{feff}')) else { return };
        let side = Side::Recorded(&recorded);
        let Some(years) = common_years(side, side) else { return };
        let comparison = compare(side, side, years);
        let cells = comparison.stages.iter().flat_map(|stage| &stage.metrics).flat_map(|metric| &metric.cells);
        assert!(cells.flatten().all(|cell| cell.mean == 0.0 || cell.mean.is_nan()), "a run differs from itself");
    })
}

/// Puts a manifest, as it is and sealed anew, into the folder of a run and reads that: refused in words, and nothing is
/// written anywhere.
fn open(bytes: Vec<u8>) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run");
    fs::create_dir(&run).unwrap();
    for name in ["report.json", "summary.csv"] {
        fs::copy(made().join("run").join(name), run.join(name)).unwrap();
    }
    let sealed = serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object).map(|mut manifest| {
        if let Some(run) = manifest["run"].as_object_mut() {
            run.shift_remove("manifest_hash");
            let hash = blake3::hash(manifest.to_string().as_bytes()).to_hex().to_string();
            manifest["run"]["manifest_hash"] = hash.into();
        }
        format!("{manifest:#}\n").into_bytes()
    });
    for manifest in [Some(bytes), sealed].into_iter().flatten() {
        fs::write(run.join("manifest.json"), manifest).unwrap();
        let pages = folder.path().join("pages");
        let (run, pages) = (run.to_str().unwrap(), pages.to_str().unwrap());
        for words in [&["report", run, "--out", pages, "--overwrite"][..], &["compare", run, run, "--out", pages]] {
            let output = civicap(words);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let answered = match output.status.code() {
                Some(0) => true,
                Some(2) => said.contains("help:"),
                _ => false,
            };
            if !answered || said.contains("panicked") || said.chars().any(|c| c.is_control() && !"\n\t".contains(c)) {
                return Err(format!("{words:?}: {:?} {said}", output.status.code()));
            }
        }
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let known = left.iter().all(|name| name == "run" || name == "pages");
    if known { Ok(()) } else { Err(format!("{left:?} are there")) }
}

fn go_through_files(kind: &str, made: &Path, cases: u32, read: fn(Vec<u8>) -> Result<(), String>) {
    let mut kept = vec![fs::read(made).unwrap()];
    for (file, bytes) in corpus(kind) {
        assert_eq!(read(bytes.clone()), Ok(()), "{}", file.display());
        kept.push(bytes);
    }
    go_through(kind, cases, |seed, number, choices: &mut Choices| {
        // What was made by this program breaks in more ways than what is broken already.
        let from = if choices.below(4) > 0 { 0 } else { choices.below(kept.len()) };
        let mut bytes = kept[from].clone();
        for _ in 0..=choices.below(3) {
            damage(&mut bytes, choices);
        }
        let how = read(bytes).err()?;
        Some(format!("reading {how} (seed {seed}, case {number})"))
    });
}

#[test]
fn damaged_records_are_refused_or_shown() {
    go_through_files("record", &made().join("run/report.json"), 60, show);
}

#[test]
fn damaged_shards_are_refused() {
    go_through_files("shard", &made().join("shards/shard-1-of-2.civicap"), 400, join);
}

#[test]
fn damaged_summaries_are_refused_or_compared() {
    go_through_files("summary", &made().join("run/summary.csv"), 200, compare_summaries);
}

#[test]
fn damaged_manifests_are_refused_in_words() {
    go_through_files("manifest", &made().join("run/manifest.json"), 30, open);
}
