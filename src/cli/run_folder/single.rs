//! Files that stand alone: written aside, synced and renamed, one writer for each name.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::lock::{Lock, NotLocked};
use super::names::ASIDE;
use super::obstacles::{cannot_write, no_file_in_the_way};
use crate::cli::talk::Failure;
use crate::cli::visible;
use crate::language::Text;
use crate::text;

/// A file that will be written in a folder, its name locked until this is dropped.
#[derive(Debug)]
pub(in crate::cli) struct SingleFile {
    target: PathBuf,
    _lock: Lock,
}

impl SingleFile {
    /// Claims a name in a folder, which is made if need be. A file of that name is replaced only if `replaces` allows it.
    ///
    /// # Errors
    /// When the folder is a file, the name is in use, or the file is there and not to be replaced (bad use), or when the
    /// folder cannot be made (failure).
    pub(in crate::cli) fn claim(folder: &Path, name: &str, replaces: impl Fn(&Path) -> bool) -> Result<Self, Failure> {
        no_file_in_the_way(folder)?;
        let target = folder.join(name);
        let shown = visible::path(&target);
        if target.symlink_metadata().is_ok() && !replaces(&target) {
            return Err(Failure::bad_input(text!(
                "{shown} is there already\nhelp: add --overwrite to replace it, or name another place with --out",
                "{shown} 已存在\n改法：加 --overwrite 覆盖，或用 --out 另选位置"
            )));
        }
        let failed = |reason: &io::Error| Failure::failed(cannot_write(&target, reason));
        let lock = Lock::take_making(folder, &format!("-{name}")).map_err(|refused| match refused {
            NotLocked::Refused(reason) => failed(&reason),
            NotLocked::Held(holder) => {
                let holder = holder.in_words();
                let (en, zh) = (&holder.en, &holder.zh);
                Failure::bad_input(text!(
                    "{shown} is being written: {en}\nhelp: wait until it has ended, or name another place with --out",
                    "{shown} 正在写入：{zh}\n改法：等待其结束，或用 --out 另选位置"
                ))
            }
        })?;
        sweep(folder, name);
        Ok(Self { target, _lock: lock })
    }

    /// Claims a table that is named by its path; a file that the command reads is never replaced by it.
    ///
    /// # Errors
    /// As [`SingleFile::claim`], and when the path names no file (bad use).
    pub(in crate::cli) fn claim_table(path: &Path, reads: &[&Path], overwrite: bool) -> Result<Self, Failure> {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let shown = visible::path(path);
        let name = path.file_name().and_then(|name| name.to_str());
        let name =
            name.ok_or_else(|| Failure::bad_input(text!("{shown} is not the name of a file", "{shown} 不是文件名")))?;
        let own = |file: &Path| reads.iter().any(|read| file.canonicalize().ok() == read.canonicalize().ok());
        Self::claim(folder, name, |file| overwrite && file.is_file() && !own(file))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(in crate::cli) fn write(&self, bytes: &[u8]) -> Result<PathBuf, Text> {
        let folder = self.target.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = self.target.file_name().unwrap_or_default().to_string_lossy();
        let written = aside(folder, &prefix(&name), bytes)
            .and_then(|file| file.persist(&self.target).map_err(|failed| failed.error));
        written.map(|_| self.target.clone()).map_err(|reason| cannot_write(&self.target, &reason))
    }
}

fn prefix(name: &str) -> String {
    format!("{ASIDE}{name}-")
}

/// Takes away what killed processes have left of this name.
fn sweep(folder: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix(name))) {
        let _ = fs::remove_file(entry.path());
    }
}

/// A file that is to hold something else.
#[derive(Debug)]
pub(in crate::cli) struct Replacement<'b> {
    /// Where it lies, links followed.
    pub path: PathBuf,
    /// What it holds.
    pub before: &'b [u8],
    /// What it is to hold.
    pub after: &'b [u8],
}

/// Replaces all files or none: every one is written aside before the first is renamed, and those that were renamed before
/// a failure are put back.
///
/// # Errors
/// When the disk refuses, or a file may not be written.
pub(in crate::cli) fn replace_all(files: &[Replacement<'_>]) -> Result<(), Text> {
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        ready.push(like(&file.path, file.after).map_err(|reason| cannot_write(&file.path, &reason))?);
    }
    for (done, (file, new)) in files.iter().zip(ready).enumerate() {
        if let Err(reason) = new.persist(&file.path) {
            for earlier in &files[..done] {
                let _ = like(&earlier.path, earlier.before).map(|old| old.persist(&earlier.path));
            }
            return Err(cannot_write(&file.path, &reason.error));
        }
    }
    Ok(())
}

/// A file aside with the rights of the one whose place it is to take.
fn like(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let kept = fs::metadata(path)?.permissions();
    if kept.readonly() {
        return Err(ErrorKind::PermissionDenied.into());
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = aside(folder, ASIDE, bytes)?;
    fs::set_permissions(file.path(), kept)?;
    Ok(file)
}

/// A synced file that has no name of its own yet, as readable for colleagues as any new file.
fn aside(folder: &Path, prefix: &str, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let made = tempfile::Builder::new().prefix(prefix).make_in(folder, |path| File::create_new(path))?;
    made.as_file().write_all(bytes)?;
    made.as_file().sync_all()?;
    Ok(made)
}
