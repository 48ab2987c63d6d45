//! Tables that stand alone and maps with random damage: enrolment that is calibrated on, outlines of areas.

use std::fs;
use std::path::Path;

use civicap::input::{LoadSession, table_of_text};
use civicap::language::Language;
use civicap::report::scores;
use civicap::scenario::{Request, load};
use civicap::services::education::calibration::{self, BacktestOptions, backtest};
use civicap::services::education::enrolment::{COLUMNS, Enrolment};

use super::{Choices, corpus, damage, go_through, within_patience};

/// A scenario of three areas with a map.
const MAPPED: &str = "label = \"x\"\n[horizon]\nstart = 2024\nend = 2025\n[areas]\ntable = \"map.csv\"\nmap = \"map.geojson\"\n\
                      map_key = \"code\"\n[health.wards.w]\nbeds = 10\narrivals_per_day = 1\nlos_mean_days = 5\n";

fn shipped(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Reads a table of enrolment and estimates on it what can be.
fn enrolment(bytes: Vec<u8>) -> Result<(), String> {
    within_patience(move || {
        let Ok(text) = String::from_utf8(bytes) else { return };
        let session = LoadSession::default();
        let sheet = table_of_text(&session, "enrolment.csv", &text, COLUMNS);
        let table = sheet.and_then(|sheet| Enrolment::read(&sheet, None));
        assert!(table.is_some() || session.diagnostics.errors() > 0, "refused without a fault");
        let Some(table) = table.filter(|_| session.diagnostics.errors() == 0) else { return };
        if let Ok(fitted) = calibration::fit(&table) {
            let said = scores::fitted(&table, &fitted, Language::En);
            assert!(!said.contains("NaN"), "{said}");
        }
        let _ = backtest(&table, BacktestOptions { paths: 20, seed: 1 });
    })
}

/// Reads a scenario with this map.
fn map(bytes: Vec<u8>) -> Result<(), String> {
    within_patience(move || {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("map.toml"), MAPPED).unwrap();
        fs::write(at("map.csv"), "id,label_zh,label_en\na,甲,A\nb,乙,B\nc,丙,C\n").unwrap();
        fs::write(at("map.geojson"), &bytes).unwrap();
        let loaded = load(&at("map.toml"), Request::default());
        assert!(loaded.plan.is_some() || loaded.diagnostics.has_errors(), "refused without a fault");
        for fault in &loaded.diagnostics.list {
            let text = &loaded.diagnostics.files[fault.span.file.0 as usize].text;
            assert!(fault.span.start <= fault.span.end && fault.span.end <= text.len(), "{}", fault.message.en);
        }
    })
}

fn damaged(kept: &[Vec<u8>], choices: &mut Choices) -> Vec<u8> {
    let mut bytes = kept[choices.below(kept.len())].clone();
    for _ in 0..=choices.below(3) {
        damage(&mut bytes, choices);
    }
    bytes
}

fn go_through_files(kind: &str, shipped: Vec<u8>, cases: u32, read: fn(Vec<u8>) -> Result<(), String>) {
    let mut kept = vec![shipped];
    for (file, bytes) in corpus(kind) {
        assert_eq!(read(bytes.clone()), Ok(()), "{}", file.display());
        kept.push(bytes);
    }
    go_through(kind, cases, |seed, number, choices| {
        let how = read(damaged(&kept, choices)).err()?;
        Some(format!("reading {how} (seed {seed}, case {number})"))
    });
}

#[test]
fn damaged_enrolment_is_refused_in_words_or_calibrated_on() {
    go_through_files("enrolment", shipped("scenarios/calibration/enrolment.csv"), 120, enrolment);
}

#[test]
fn damaged_maps_are_refused_in_words_or_drawn() {
    go_through_files("geojson", shipped("tests/suite/invalid/map.geojson"), 240, map);
}
