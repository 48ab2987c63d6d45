//! What a planner is told about a faulty scenario: one bad file for each kind of fault, all faults at once, and hostile
//! files that must harm nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

fn civicap(arguments: &[&str]) -> Output {
    Command::cargo_bin("civicap").unwrap().args(arguments).output().unwrap()
}

fn check(path: &Path) -> Output {
    civicap(&["check", path.to_str().unwrap(), "--lang", "en"])
}

/// Checks a scenario written for one test; returns exit code and what was said.
fn check_text(name: &str, bytes: &[u8]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let output = check(&path);
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Every file of `invalid/` says in its first line which codes it must raise, at which lines.
#[test]
fn every_bad_file_is_refused_with_its_codes_at_their_lines() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suite/invalid");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut wrong = String::new();
    let mut seen = 0;
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "toml")) {
        let text = fs::read_to_string(path).unwrap();
        let expected = text.lines().next().unwrap().strip_prefix("# expect: ").expect("a bad file states its faults");
        let output = check(path);
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.code() != Some(2) {
            let _ = writeln!(wrong, "{}: exit {:?}", path.display(), output.status.code());
        }
        for fault in expected.split(", ") {
            let (code, place) = fault.split_once(" at ").unwrap();
            let found = said.split("\n\n").any(|part| part.contains(&format!("[{code}]")) && part.contains(place));
            if !found {
                let _ = writeln!(wrong, "{}: no {code} at {place} in\n{said}", path.display());
            }
        }
        assert!(said.contains("help:"), "{} has no remedy", path.display());
        seen += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(seen >= 10, "only {seen} bad files");
}

#[test]
fn nine_mistakes_give_nine_messages() {
    let (code, said) = check_text(
        "nine.toml",
        b"label = 1\nlabell = 2\n[horizon]\nstart = 1800\nend = \"x\"\nbase = 1.5\n[openings]\ndelay_months = true\n[projects.a]\nopens = 5\n[people]\nmistake = 1\n",
    );
    assert_eq!(code, 2);
    let errors = said.matches("error[").count();
    assert!(errors >= 9, "{errors} errors in\n{said}");
}

#[test]
fn an_area_without_people_must_be_said_to_have_none() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("district");
    assert!(civicap(&["new", "--quiet", made.to_str().unwrap()]).status.success());
    let table = made.join("data/population.csv");
    let whole = fs::read_to_string(&table).unwrap();
    let rows = |area: &str| whole.lines().filter(|line| line.starts_with(&format!("{area},"))).count();
    let area = whole.lines().last().unwrap().split(',').next().unwrap();
    assert!(rows(area) > 1 && rows(area) < whole.lines().count() - 10, "the starter has other areas than {area}");
    let others: String = whole
        .lines()
        .filter(|line| !line.starts_with(&format!("{area},")))
        .fold(String::new(), |text, line| text + line + "\n");
    let with = |text: &str| {
        fs::write(&table, text).unwrap();
        let output = check(&made.join("scenario.toml"));
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = with(&others);
    assert!(code == Some(2) && said.contains(&format!("no row of the area {area}")), "{said}");
    let nobody = format!("{others}{area},female,30,0\n");
    assert!(!with(&nobody).1.contains("no row of the area"));
}

#[test]
fn hostile_files_are_refused_without_a_panic() {
    let deep = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let cases: &[(&str, Vec<u8>)] = &[
        ("empty", Vec::new()),
        ("not-utf8", vec![b'l', b'a', 0xc8, 0xcb, b'=', b'1']),
        ("byte-order-mark-only", vec![0xef, 0xbb, 0xbf]),
        ("nul", b"label = \"a\0b\"".to_vec()),
        ("huge-number", b"[horizon]\nstart = 99999999999999999999999\nend = 1e999\n".to_vec()),
        ("nan", b"[horizon]\nstart = nan\nend = -inf\n".to_vec()),
        ("deep", deep.into_bytes()),
        ("extends-itself", b"extends = \"extends-itself.toml\"\n".to_vec()),
        ("extends-outside", b"extends = \"../../../../etc/passwd\"\n".to_vec()),
        ("extends-absolute", b"extends = \"/etc/passwd\"\n".to_vec()),
        ("extends-folder", b"extends = \".\"\n".to_vec()),
    ];
    for (name, bytes) in cases {
        let (code, said) = check_text(&format!("{name}.toml"), bytes);
        assert_eq!(code, 2, "{name}: {said}");
        assert!(!said.contains("panicked"), "{name}: {said}");
        assert!(said.contains("help:"), "{name}: {said}");
        assert!(!said.contains("root:"), "{name} shows a foreign file");
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let text = "label = \"x\"\r\n[horizon]\r\nstart = 2024\r\nend = 2025\r\nwrong = 1\r\n";
    let (_, plain) = check_text("a.toml", text.as_bytes());
    let (_, marked) = check_text("a.toml", format!("\u{feff}{text}").as_bytes());
    let place = |said: &str| said.lines().find(|l| l.contains("a.toml:5")).is_some();
    assert!(place(&plain) && place(&marked), "{plain}\n{marked}");
}

#[test]
fn messages_come_in_the_language_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.toml");
    fs::write(&path, "labell = \"x\"\n").unwrap();
    let said = |lang: &str| {
        let output = civicap(&["check", path.to_str().unwrap(), "--lang", lang]);
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said("zh").contains("未知的键") && said("zh").contains("是否想写"));
    assert!(said("en").contains("unknown key") && said("en").contains("did you mean"));
}
