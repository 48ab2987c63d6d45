//! The system says no: whatever it refuses, the folder is the old run or the new one, and something was said.

use std::fs;
use std::process::Command;

use super::{binary, civicap, files, run, run_words, said, tiny};
use crate::support::files::copy_folder;

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
            copy_folder(&old, &out);
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

/// A small disk that is taken away in the end.
#[cfg(target_os = "linux")]
struct SmallDisk(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// A disk of so many KiB at a place; `None` where nobody may make one.
    fn at(place: &std::path::Path, kib: u32) -> Option<Self> {
        fs::create_dir_all(place).ok()?;
        let size = format!("size={kib}k");
        let made = made_quietly(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "civicap-test"]).arg(place));
        made.then(|| Self(place.to_owned()))
    }
}

#[cfg(target_os = "linux")]
fn made_quietly(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = made_quietly(Command::new("umount").arg(&self.0));
    }
}

/// A disk that is full at any place: the earlier run stays, nothing half is left, and it is said in our words.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_earlier_run_and_is_said() {
    let (folder, file) = tiny();
    let new = folder.path().join("new");
    assert!(civicap(&run_words(&file, &new, "2")).status.success());
    let after = files(&new);
    let whole: u32 = after.values().map(|bytes| bytes.len() as u32).sum::<u32>() / 1024;
    let (mut refused, mut made) = (0, 0);
    for (size, earlier) in
        [(8, false), (64, false), (whole / 2, false), (whole, false), (whole + whole / 2, true), (8 * whole, true)]
    {
        let disk = folder.path().join(format!("disk-{size}"));
        let Some(mounted) = SmallDisk::at(&disk, size.max(8)) else {
            eprintln!("no disk may be made here: none was filled");
            return;
        };
        let out = disk.join("run");
        if earlier {
            assert!(run(&file, &out, &[]).status.success());
        }
        let before = files(&out);
        let output = civicap(&[&run_words(&file, &out, "2")[..], &["--overwrite"]].concat());
        let now = files(&out);
        if output.status.success() {
            assert!(now == after, "{size} KiB");
            made += 1;
        } else {
            assert!(
                output.status.code() == Some(1) && now == before,
                "{size} KiB: {:?} {}",
                output.status.code(),
                said(&output)
            );
            assert!(said(&output).contains("the disk is full") && said(&output).contains("help:"), "{}", said(&output));
            refused += 1;
        }
        drop(mounted);
    }
    assert!(refused >= 3 && made >= 1, "{refused} refused, {made} made");
}
