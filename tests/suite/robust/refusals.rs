//! The system says no: whatever it refuses, the folder is the old run or the new one, and something was said.

use std::fs;
use std::process::Command;

use super::{binary, civicap, copy, files, run, run_words, said, tiny};

/// System calls fail one after the other: whatever is refused, the folder is the old run or the new one, and something was said.
#[cfg(target_os = "linux")]
#[test]
fn whatever_the_system_refuses_the_folder_is_one_run() {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("there is no strace: nothing was refused");
        return;
    }
    let (folder, file) = tiny();
    let (old, new, out) = (folder.path().join("old"), folder.path().join("new"), folder.path().join("out"));
    assert!(run(&file, &old, &[]).status.success());
    assert!(civicap(&run_words(&file, &new, "2")).status.success());
    let (before, after) = (files(&old), files(&new));
    let mut refused = 0;
    for (call, how) in [
        ("renameat2", "error=EINVAL"),
        ("renameat2", "error=EIO"),
        ("rename", "error=EIO"),
        ("renameat", "error=ENOSPC"),
        ("openat", "error=EMFILE"),
        ("openat", "signal=KILL"),
        ("write", "error=ENOSPC"),
        ("fsync", "error=EIO"),
        ("fsync", "signal=KILL"),
        ("unlink", "error=EACCES"),
        ("unlink", "signal=KILL"),
        ("mkdir", "error=ENOSPC"),
        ("linkat", "error=EPERM"),
        ("clone3", "error=EAGAIN"),
        ("flock", "error=ENOLCK"),
        ("getdents64", "error=EIO"),
    ] {
        for when in [1, 2, 3, 5, 8, 13, 21, 34] {
            let _ = fs::remove_dir_all(&out);
            copy(&old, &out);
            let mut traced = Command::new("strace");
            traced.args(["-f", "-o", "/dev/null", "-e", &format!("inject={call}:{how}:when={when}")]);
            traced.arg(binary()).args(run_words(&file, &out, "2")).arg("--overwrite");
            let output = traced.output().unwrap();
            let now = files(&out);
            let name = format!("{call} {how} {when}: {}", said(&output));
            assert!(!said(&output).contains("panicked"), "{name}");
            assert!(now == before || now == after, "{name}: neither the old run nor the new: {:?}", now.keys());
            if output.status.code() == Some(0) {
                assert!(now == after, "{name}: said done");
            } else if !how.contains("KILL") {
                assert!(now == before && !said(&output).is_empty(), "{name}");
            }
            refused += usize::from(now == before);
        }
    }
    assert!(refused > 20, "{refused} refusals");
}
