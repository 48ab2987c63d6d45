//! `run --resume`: whatever ended a run, and however many replications there are to be, it goes on to the bytes of one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

fn tiny() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny/scenario.toml")
}

fn command(out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("civicap"));
    command.arg("run").arg(tiny()).args(["--lang", "en", "--out"]).arg(out).args(more);
    command
}

fn run(out: &Path, more: &[&str]) -> Output {
    command(out, more).output().unwrap()
}

fn summary(out: &Path, more: &[&str]) -> Vec<u8> {
    let output = run(out, more);
    assert!(output.status.success(), "{}", said(&output));
    fs::read(out.join("summary.csv")).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Names of the rounds that are kept for a folder.
fn kept(out: &Path) -> Vec<String> {
    let folder = out.with_file_name(format!("{}.replications", out.file_name().unwrap().to_str().unwrap()));
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Kills a run as soon as something new is kept, and so much later; whether it had ended by itself.
fn ended_before_more_was_kept(mut child: Child, out: &Path, later: Duration) -> bool {
    let before = kept(out);
    loop {
        if child.try_wait().unwrap().is_some() {
            return true;
        }
        if kept(out) != before {
            std::thread::sleep(later);
            let _ = child.kill();
            child.wait().unwrap();
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_goes_on_to_the_bytes_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, out) = (folder.path().join("whole"), folder.path().join("killed"));
    let asked = ["--replications", "260", "--quiet"];
    let whole = summary(&whole, &asked);
    let go_on = [&asked[..], &["--resume"]].concat();
    let mut times = 0;
    for later in [0, 3, 0, 40, 1, 150, 0, 10].map(Duration::from_millis).into_iter().cycle().take(60) {
        let child = command(&out, &go_on).stderr(Stdio::null()).spawn().unwrap();
        if ended_before_more_was_kept(child, &out, later) {
            break;
        }
        times += 1;
        assert!(!out.join("summary.csv").exists() || out.join("manifest.json").exists(), "nothing looks finished");
    }
    assert!(times > 1, "it was killed more than once");
    assert!(whole == summary(&out, &go_on), "killed {times} times");
    let rounds = ["000000-000016", "000016-000064", "000064-000128", "000128-000256", "000256-000260"];
    let left = kept(&out).into_iter().filter(|name| !name.starts_with('.'));
    assert_eq!(left.collect::<Vec<_>>(), rounds.map(|name| format!("{name}.civicap")));
}

#[test]
fn more_replications_later_or_fewer_are_those_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let plain = |n: &str| summary(&at(n), &["--replications", n]);
    for n in ["40", "131", "30", "131"] {
        let plain = if at(n).exists() { fs::read(at(n).join("summary.csv")).unwrap() } else { plain(n) };
        assert!(plain == summary(&at("grown"), &["--replications", n, "--resume"]), "{n}");
    }
    // Nobody but who asked for it finds anything beside the results.
    assert!(kept(&at("40")).is_empty() && !kept(&at("grown")).is_empty());
    let fine = ["--target-mcse", "0.1"];
    let at_once = summary(&at("at once"), &fine);
    summary(&at("later"), &["--replications", "16", "--resume"]);
    assert!(at_once == summary(&at("later"), &[&fine[..], &["--resume"]].concat()));
}

#[test]
fn rounds_that_are_damaged_or_of_another_run_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let asked = ["--replications", "140"];
    let whole = summary(&at("whole"), &asked);
    summary(&at("run"), &["--replications", "140", "--resume"]);
    let rounds = at("run.replications");
    let of = |name: &str| rounds.join(name);
    let names = kept(&at("run"));
    assert_eq!(
        names,
        ["000000-000016.civicap", "000016-000064.civicap", "000064-000128.civicap", "000128-000140.civicap"]
    );
    // Cut short, changed in the middle, and a round under the name of another.
    let bytes = fs::read(of(&names[0])).unwrap();
    fs::write(of(&names[0]), &bytes[..bytes.len() / 2]).unwrap();
    let mut bytes = fs::read(of(&names[1])).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(of(&names[1]), bytes).unwrap();
    fs::copy(of(&names[3]), of(&names[2])).unwrap();
    assert!(whole == summary(&at("run"), &[&asked[..], &["--resume"]].concat()));
    // Another seed is another run of the scenario: the rounds of this one are not taken.
    let other = [&asked[..], &["--resume", "--seed", "2"]].concat();
    let two = summary(&at("two"), &[&asked[..], &["--seed", "2"]].concat());
    assert!(two == summary(&at("run"), &other));
}

#[test]
fn a_page_that_somebody_changed_is_not_replaced_by_a_run_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    summary(&out, &["--replications", "16", "--resume"]);
    fs::write(out.join("report.html"), "my notes").unwrap();
    let refused = run(&out, &["--replications", "32", "--resume"]);
    assert!(refused.status.code() == Some(2) && said(&refused).contains("report.html"), "{}", said(&refused));
    assert_eq!(fs::read_to_string(out.join("report.html")).unwrap(), "my notes");
}

#[test]
fn whoever_forgets_to_ask_is_told_what_is_there_and_a_finished_run_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    summary(&out, &["--replications", "64", "--resume"]);
    fs::remove_dir_all(&out).unwrap();
    let output = run(&out, &["--replications", "16"]);
    assert!(output.status.success() && said(&output).contains("64 replications"), "{}", said(&output));
    assert!(said(&output).contains("--resume"));
    assert!(!out.with_file_name("run.replications").exists());
    let notes = out.with_file_name("run.replications");
    fs::create_dir(&notes).unwrap();
    fs::write(notes.join("notes.txt"), "mine").unwrap();
    summary(&out, &["--replications", "16", "--overwrite"]);
    assert_eq!(fs::read_to_string(notes.join("notes.txt")).unwrap(), "mine", "files of others stay");
}

#[cfg(unix)]
#[test]
fn who_stops_a_run_that_is_kept_is_told_how_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run");
    let mut child = command(&out, &["--replications", "100000", "--resume"]).stderr(Stdio::piped()).spawn().unwrap();
    while kept(&out).iter().filter(|name| !name.starts_with('.')).count() < 2 {
        std::thread::sleep(Duration::from_millis(20));
        assert!(child.try_wait().unwrap().is_none());
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.code() == Some(1) && said(&output).contains("the same command with --resume"),
        "{}",
        said(&output)
    );
    assert!(!out.exists() && !kept(&out).is_empty());
}
