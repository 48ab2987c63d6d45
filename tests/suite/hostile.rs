//! Files that mean harm, or that nobody meant to be scenarios: each is refused in words, in bounded time and memory, and
//! shows nothing of other files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Longest time for one refusal, on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A sound small scenario, for files that are otherwise right.
const SOUND: &str = "label = \"x\"\n[horizon]\nstart = 2024\nend = 2025\n[health.wards.w]\nbeds = 10\narrivals_per_day = 1\nlos_mean_days = 5\n";

/// Checks a scenario with at most 3 GB of memory; returns exit code and everything said.
fn check(path: &Path, lang: &str) -> (Option<i32>, String) {
    let began = Instant::now();
    let program = env!("CARGO_BIN_EXE_civicap");
    let output: Output = if cfg!(target_os = "linux") {
        let script = format!("ulimit -v 3000000; exec timeout 120 {program} check \"$0\" --lang {lang}");
        Command::new("sh").args(["-c", &script]).arg(path).output().unwrap()
    } else {
        Command::new(program).arg("check").arg(path).args(["--lang", lang]).output().unwrap()
    };
    assert!(began.elapsed() < PATIENCE, "{} took {:?}", path.display(), began.elapsed());
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("panicked"), "{}: {said}", path.display());
    (output.status.code(), said)
}

/// Writes files into a folder of their own and checks the first; it must be refused.
fn refused(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("case");
    fs::create_dir(&scenario).unwrap();
    for (name, bytes) in files {
        fs::write(scenario.join(name), bytes).unwrap();
    }
    let (code, said) = check(&scenario.join(files[0].0), "en");
    assert_eq!(code, Some(2), "{}: {said}", files[0].0);
    assert!(said.contains("help:"), "{}: {said}", files[0].0);
    said
}

/// A scenario whose areas come from `table`.
fn with_table(table: &str) -> String {
    format!("{SOUND}[areas]\ntable = \"{table}\"\n")
}

#[test]
fn encodings_are_named_in_both_languages_with_the_way_to_utf8() {
    let text = "label = \"历下区\"\n";
    let gbk: &[u8] = b"label = \"\xc0\xfa\xcf\xc2\xc7\xf8\"\n";
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, named) in
        [(gbk, "GBK"), (&little[..], "UTF-16"), (&big[..], "UTF-16"), (b"label = \"caf\xe9\"\n", "UTF-8")]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        fs::write(&path, bytes).unwrap();
        for (lang, way) in [("en", "save it as UTF-8"), ("zh", "另存为 UTF-8")] {
            let (code, said) = check(&path, lang);
            assert_eq!(code, Some(2));
            assert!(said.contains(named) && said.contains(way), "{said}");
        }
    }
    // A table in GBK is named by the scenario: the fault stands where it is named.
    let csv: &[u8] = b"id,label_zh,label_en\na,\xc0\xfa\xcf\xc2\xc7\xf8,x\n";
    let said = refused(&[("s.toml", with_table("t.csv").as_bytes()), ("t.csv", csv)]);
    assert!(said.contains("t.csv is GBK") && said.contains("s.toml:10"), "{said}");
}

#[test]
fn line_ends_and_marks_of_other_systems_change_nothing() {
    let table = "id,label_zh,label_en\na,甲,A\n";
    for (scenario, table) in [
        (with_table("t.csv").replace('\n', "\r\n"), table.replace('\n', "\r\n")),
        (format!("\u{feff}{}", with_table("t.csv")), format!("\u{feff}{table}")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.toml"), scenario).unwrap();
        fs::write(folder.path().join("t.csv"), table).unwrap();
        let (code, said) = check(&folder.path().join("s.toml"), "en");
        assert_eq!(code, Some(0), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_devices_folders_and_links_out_are_not_read() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("case");
    fs::create_dir(&scenario).unwrap();
    fs::write(folder.path().join("secret.csv"), "id,label_zh,label_en\nsecret-of-others,a,b\n").unwrap();
    let pipe = scenario.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (link, target) in [("passwd.csv", "/etc/passwd"), ("zero.csv", "/dev/zero"), ("near.csv", "../secret.csv")] {
        symlink(target, scenario.join(link)).unwrap();
    }
    symlink("/etc", scenario.join("away")).unwrap();
    for (name, says) in [
        ("pipe", "a device or a pipe"),
        ("passwd.csv", "leads out"),
        ("zero.csv", "leads out"),
        ("away/passwd", "leads out"),
        (".", "a folder"),
        ("/etc/passwd", "leaves the scenario's folders"),
        ("../../../../etc/passwd", "leaves the scenario's folders"),
        ("a/../../../etc/passwd", "leaves the scenario's folders"),
    ] {
        let path = scenario.join("s.toml");
        for text in [with_table(name), format!("extends = \"{name}\"\n")] {
            fs::write(&path, text).unwrap();
            let (code, said) = check(&path, "en");
            assert_eq!(code, Some(2), "{name}: {said}");
            assert!(said.contains(says), "{name}: {said}");
            assert!(!said.contains("root:"), "{name} shows a foreign file: {said}");
        }
    }
    // A link that stays beside the scenario is an ordinary file.
    fs::write(scenario.join("s.toml"), with_table("near.csv")).unwrap();
    assert_eq!(check(&scenario.join("s.toml"), "en").0, Some(0));
    for path in [Path::new("/dev/zero"), pipe.as_path()] {
        assert_eq!(check(path, "en").0, Some(2), "{}", path.display());
    }
}

#[test]
fn huge_files_are_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    fs::write(&path, with_table("t.csv")).unwrap();
    fs::File::create(folder.path().join("t.csv")).unwrap().set_len(100 << 20).unwrap();
    let (code, said) = check(&path, "zh");
    assert_eq!(code, Some(2));
    assert!(said.contains("超过 64 MiB"), "{said}");
}

#[test]
fn names_and_keys_by_the_hundred_thousand_take_bounded_time_and_words() {
    let many = |line: &dyn Fn(usize) -> String, n: usize| (0..n).map(line).collect::<String>();
    let keys = many(&|i| format!("k{i} = {i}\n"), 300_000);
    let said = refused(&[("keys.toml", keys.as_bytes())]);
    assert!(said.len() < 100_000 && said.contains("299"), "{} bytes", said.len());
    let project = |i: usize| format!("[projects.p{i}]\nlabel = \"p\"\nopens = 2025-09-01\n");
    let projects = format!("{SOUND}{}", many(&project, 60_000));
    let over = format!("extends = \"base.toml\"\n{}", many(&|i| format!("[projects.p{i}]\nlabel = \"q\"\n"), 60_000));
    let said = refused(&[("over.toml", over.as_bytes()), ("base.toml", projects.as_bytes())]);
    assert!(said.contains("60000 projects"), "{said}");
    let left_out = format!("exclude_projects = [{}]\n{SOUND}", "\"a\",".repeat(200_000));
    refused(&[("left-out.toml", left_out.as_bytes())]);
    let empty = format!("{SOUND}{}", many(&|i| format!("[projects.p{i}]\n"), 60_000));
    refused(&[("empty-projects.toml", empty.as_bytes())]);
    let mut areas = "id,label_zh,label_en\n".to_owned();
    (0..200_000).for_each(|i| writeln!(areas, "a{i},x,y").unwrap());
    let said = refused(&[("areas.toml", with_table("t.csv").as_bytes()), ("t.csv", areas.as_bytes())]);
    assert!(said.contains("200000 areas"), "{said}");
    let cells = format!("id,label_zh,label_en\n{}\n", "1,".repeat(12_000_000));
    let said = refused(&[("cells.toml", with_table("t.csv").as_bytes()), ("t.csv", cells.as_bytes())]);
    assert!(said.contains("more than 10000000 cells"), "{}", &said[..said.len().min(2_000)]);
    let long = format!("label = \"{}\"\nfoo = 1\n", "长".repeat(5_000_000));
    let said = refused(&[("long.toml", long.as_bytes())]);
    assert!(said.len() < 100_000, "{} bytes", said.len());
}

#[test]
fn depth_is_refused_before_the_stack_is() {
    let dots = vec!["a"; 100_000].join(".");
    for text in [
        format!("{dots} = 1\n"),
        format!("[{dots}]\nx = 1\n"),
        format!("a = {}1{}\n", "{a=".repeat(50_000), "}".repeat(50_000)),
        format!("a = {}{}\n", "[".repeat(200_000), "]".repeat(200_000)),
        "[[a]]\n".repeat(100_000),
    ] {
        refused(&[("deep.toml", text.as_bytes())]);
    }
    let map = format!("{SOUND}[areas]\nmap = \"m.geojson\"\n");
    refused(&[("map.toml", map.as_bytes()), ("m.geojson", "[".repeat(1_000_000).as_bytes())]);
    // A chain of variants is followed eight files deep, and a circle is called one.
    let folder = tempfile::tempdir().unwrap();
    for i in 0..12 {
        fs::write(folder.path().join(format!("e{i}.toml")), format!("extends = \"e{}.toml\"\n", i + 1)).unwrap();
    }
    let (code, said) = check(&folder.path().join("e0.toml"), "en");
    assert!(code == Some(2) && said.contains("deeper than 8"), "{said}");
    fs::write(folder.path().join("e3.toml"), "extends = \"e1.toml\"\n").unwrap();
    assert!(check(&folder.path().join("e0.toml"), "en").1.contains("leads back"));
}

#[test]
fn numbers_beyond_reason_are_refused_where_they_stand() {
    for (from, to) in [
        ("beds = 10", "beds = nan"),
        ("beds = 10", "beds = 99999999999999999999999"),
        ("beds = 10", "beds = 9223372036854775808"),
        ("beds = 10", "beds = -0x8000"),
        ("arrivals_per_day = 1", "arrivals_per_day = inf"),
        ("arrivals_per_day = 1", "arrivals_per_day = 1e400"),
        ("arrivals_per_day = 1", "arrivals_per_day = 1e300"),
        ("arrivals_per_day = 1", "arrivals_per_day = { distribution = \"normal\", mean = 1e308, sd = 1e308 }"),
        ("arrivals_per_day = 1", "arrivals_per_day = { distribution = \"normal\", mean = nan, sd = 1 }"),
        ("arrivals_per_day = 1", "arrivals_per_day = { by_year = { \"-2147483648\" = 1 } }"),
        ("los_mean_days = 5", "los_mean_days = -inf"),
        ("los_mean_days = 5", "los_mean_days = 1e-320"),
        ("start = 2024", "start = 99999999999999999999"),
        ("end = 2025", "end = 2024-02-31"),
    ] {
        let text = SOUND.replacen(from, to, 1);
        assert_ne!(text, SOUND);
        let line = text.lines().position(|line| line == to).unwrap() + 1;
        let said = refused(&[("n.toml", text.as_bytes())]);
        assert!(said.contains(&format!("n.toml:{line}:")), "{to}: {said}");
        assert!(!said.contains("is a number, but a number"), "{said}");
    }
}

#[test]
fn nothing_that_is_said_can_move_the_cursor_or_start_a_formula() {
    let names =
        ["\\u001b[2J", "\\u202Ecod", "\\u0007", "=HYPERLINK(1)", "@SUM(1)", "<script>alert(1)</script>", "\\u2028"];
    for name in names {
        for text in [
            SOUND.replace("\"x\"", &format!("\"{name}\"")),
            format!("\"{name}\" = 1\n{SOUND}"),
            format!("{SOUND}[projects.\"{name}\"]\nlabel = \"{name}\"\nopens = \"{name}\"\n"),
            format!("{SOUND}[areas]\ntable = \"{name}\"\n"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("s.toml");
            fs::write(&path, text).unwrap();
            for lang in ["en", "zh"] {
                let (_, said) = check(&path, lang);
                let moves = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
                assert!(!said.chars().any(moves), "{name}: {said:?}");
            }
        }
    }
    let table = "id,label_zh,label_en\na,\u{1b}[2J,A\n";
    let said = refused(&[("s.toml", with_table("t.csv").as_bytes()), ("t.csv", table.as_bytes())]);
    assert!(said.contains("t.csv:2") && !said.contains('\u{1b}'), "{said:?}");
    let said = refused(&[("s.toml", with_table("t.csv").as_bytes()), ("t.csv", b"id,label_zh,label_en\n=1+1,a,b\n")]);
    assert!(said.contains("begins with a sign"), "{said}");
}

#[test]
fn empty_tables_say_what_they_need() {
    for table in ["", "\n\n", "# source: x\n", "id,label_zh,label_en\n", "\"", "\u{feff}", ",,,\n,,,\n"] {
        refused(&[("s.toml", with_table("t.csv").as_bytes()), ("t.csv", table.as_bytes())]);
    }
}
