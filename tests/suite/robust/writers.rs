//! A folder has one writer, and one that was killed leaves the old run or the new.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use super::{binary, civicap, files, run_words, said, scenarios, tiny};
use crate::support::files::copy_folder;

/// Of many writers at once those that end well are whole, and the others were told.
#[test]
fn a_folder_has_one_writer() {
    let (folder, file) = tiny();
    let out = folder.path().join("out");
    for round in 0..6 {
        let _ = fs::remove_dir_all(&out);
        let seeds = ["1", "2", "3", "4"];
        let start = |seed: &&str| {
            let mut command = Command::new(binary());
            command.args(run_words(&file, &out, seed)).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
        };
        let started: Vec<_> = seeds.iter().map(start).collect();
        let mut done = Vec::new();
        for (seed, child) in seeds.iter().zip(started) {
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                Some(0) => done.push(*seed),
                Some(2) => assert!(
                    said(&output).contains("is in use") || said(&output).contains("already holds"),
                    "{}",
                    said(&output)
                ),
                other => panic!("{other:?}: {}", said(&output)),
            }
        }
        assert_eq!(done.len(), 1, "round {round}: one writer, and nobody replaced its results");
        let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["seed"].to_string(), done[0]);
        let read = civicap(&["report", out.to_str().unwrap(), "--quiet", "--lang", "en"]);
        assert!(read.status.success(), "{}", said(&read));
        assert!(!fs::read_dir(&out).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().starts_with(".civicap")));
    }
}

/// Starts every command that writes twice at once into one place; each that says done is there, and nobody is told anything
/// but who is at work, or that results are there.
#[test]
fn every_command_that_writes_has_its_place_for_itself() {
    let (folder, file) = tiny();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, finished, shards) = (file.to_str().unwrap().to_owned(), at("finished"), at("shards"));
    for (out, more) in [(&finished, &[][..]), (&shards, &["--shard", "1/1"])] {
        let made = civicap(&[&run_words(Path::new(&file), Path::new(out), "1")[..], more].concat());
        assert!(made.status.success(), "{}", said(&made));
    }
    let enrolment = scenarios().join("calibration/enrolment.csv").to_str().unwrap().to_owned();
    let place = at("place");
    let few = ["--replications", "4"];
    let commands: [(Vec<&str>, &str); 7] = [
        ([&["run", &file, "--out", &place], &few[..]].concat(), "manifest.json"),
        ([&["run", &file, "--shard", "1/1", "--out", &place], &few[..]].concat(), "shard-1-of-1.civicap"),
        (vec!["merge", &file, &shards, "--out", &place], "manifest.json"),
        ([&["compare", &file, &file, "--out", &place], &few[..]].concat(), "manifest.json"),
        (vec!["report", &finished, "--out", &place], "report.html"),
        (vec!["calibrate", "education", &enrolment, "--out", &place], "education-fit.toml"),
        (vec!["new", &place], "scenario.toml"),
    ];
    for (words, made) in commands {
        let _ = fs::remove_dir_all(&place);
        let start = |_| {
            let mut command = Command::new(binary());
            command.args(&words).args(["--lang", "en", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let started: Vec<_> = [0, 1, 2].map(start).into();
        let outputs: Vec<_> = started.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        let done = outputs.iter().filter(|output| output.status.success()).count();
        assert!(done >= 1, "{words:?}: {}", outputs.iter().map(said).collect::<String>());
        for output in outputs.iter().filter(|output| !output.status.success()) {
            let told = ["is in use", "is being written", "already", "there already"];
            assert_eq!(output.status.code(), Some(2), "{words:?}: {}", said(output));
            assert!(told.iter().any(|words| said(output).contains(words)), "{words:?}: {}", said(output));
        }
        let names: Vec<_> = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(names.iter().any(|name| name == made), "{words:?}: {names:?}");
        assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".civicap")), "{words:?}: {names:?}");
    }
}

/// Killed at any moment, a command leaves what was there before or what it makes, and the next one works.
#[test]
fn killed_at_any_moment_a_folder_is_one_run() {
    let (folder, file) = tiny();
    let [old, new, out] = ["old", "new", "out"].map(|name| folder.path().join(name));
    assert!(civicap(&run_words(&file, &old, "1")).status.success());
    let began = Instant::now();
    assert!(civicap(&run_words(&file, &new, "2")).status.success());
    let takes = began.elapsed();
    let rendered = folder.path().join("rendered");
    copy_folder(&old, &rendered);
    let [old_path, out_path, rendered_path] = [&old, &out, &rendered].map(|path| path.to_str().unwrap().to_owned());
    assert!(civicap(&["report", &rendered_path, "--lang", "zh", "--quiet"]).status.success());
    let shards = folder.path().join("shards").to_str().unwrap().to_owned();
    let sharded = [&run_words(&file, Path::new(&shards), "2")[..], &["--shard", "1/1"]].concat();
    assert!(civicap(&sharded).status.success());
    let merge =
        ["merge", file.to_str().unwrap(), &shards, "--quiet", "--overwrite", "--out", &out_path, "--lang", "en"];
    let run = [&run_words(&file, &out, "2")[..], &["--overwrite"]].concat();
    let report = ["report", &out_path, "--lang", "zh", "--quiet"];
    let commands: [(&[&str], &Path); 3] = [(&run, &new), (&merge, &new), (&report, &rendered)];
    let mut killed = 0;
    for (words, after) in commands {
        let (before, after) = (files(&old), files(after));
        for moment in 0..16 {
            let _ = fs::remove_dir_all(&out);
            copy_folder(Path::new(&old_path), &out);
            let mut child =
                Command::new(binary()).args(words).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
            // The end, where files are written, is where there is most to break.
            std::thread::sleep(takes.mul_f64(if moment < 6 {
                0.15 * f64::from(moment)
            } else {
                0.8 + 0.03 * f64::from(moment - 6)
            }));
            let _ = child.kill();
            killed += usize::from(child.wait().unwrap().code().is_none());
            let now = files(&out);
            assert!(
                now == before || now == after,
                "{words:?} at {moment}: neither the old run nor the new: {:?}",
                now.keys()
            );
            let again = civicap(words);
            assert!(again.status.success() && files(&out) == after, "{words:?} at {moment}: {}", said(&again));
            let left = fs::read_dir(folder.path()).unwrap().chain(fs::read_dir(&out).unwrap());
            let left: Vec<_> = left
                .map(|entry| entry.unwrap().file_name())
                .filter(|n| n.to_string_lossy().starts_with(".civicap"))
                .collect();
            assert!(left.is_empty(), "{words:?} at {moment}: {left:?}");
        }
    }
    eprintln!("{killed} of 48 were killed before they ended");
    assert!(killed >= 10, "{killed}");
}
