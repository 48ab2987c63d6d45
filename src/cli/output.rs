//! The folder of a run: claimed before the long work, written aside and renamed, the manifest last.
//!
//! A folder without `manifest.json` holds no finished run. What a process that was killed left behind has a name that
//! begins with `.civicap-` and is swept away by the next run that ends in the folder.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use tempfile::NamedTempFile;

use super::exit;
use crate::language::Text;
use crate::text;

/// Name of the file that makes a folder a finished run.
pub(super) const MANIFEST: &str = "manifest.json";

/// Beginning of the names of files that have no name of their own yet.
const ASIDE: &str = ".civicap-";

/// A folder that results go to.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    /// Folders that did not exist before, innermost first.
    made: Vec<PathBuf>,
    /// Files written aside, with their names.
    aside: RefCell<Vec<(PathBuf, NamedTempFile)>>,
}

impl RunFolder {
    /// Makes the folder and makes sure that files can be written there.
    ///
    /// # Errors
    /// When it is a file, or holds a run already and `overwrite` is not asked for (bad use), or when it cannot be written to
    /// (failure): the exit code and what to say.
    pub(super) fn claim(path: &Path, overwrite: bool) -> Result<Self, (u8, Text)> {
        no_file_in_the_way(path)?;
        let shown = path.display();
        if path.join(MANIFEST).exists() && !overwrite {
            let said = text!(
                "{shown} already holds the results of a run\nhelp: add --overwrite to replace them, or --out DIR for another folder",
                "{shown} 中已有一次运行的结果\n改法：加 --overwrite 覆盖，或用 --out DIR 另选文件夹"
            );
            return Err((exit::BAD_INPUT, said));
        }
        let cannot = |error: io::Error| {
            let reason = in_words(&error);
            let (en, zh) = (&reason.en, &reason.zh);
            (exit::FAILURE, text!("cannot write to {shown}: {en}", "无法写入 {shown}：{zh}"))
        };
        let made = path.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let made = made.map(Path::to_owned).collect();
        let folder = Self { path: path.to_owned(), made, aside: RefCell::default() };
        let tried = fs::create_dir_all(path).and_then(|()| NamedTempFile::new_in(path));
        tried.map(|_| ()).map_err(|reason| {
            folder.abandon();
            cannot(reason)
        })?;
        Ok(folder)
    }

    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the folder holds a finished run now.
    pub(super) fn holds_a_run(&self) -> bool {
        self.path.join(MANIFEST).exists()
    }

    /// Takes away what was begun: files written aside, and folders that were made for them.
    pub(super) fn abandon(&self) {
        self.aside.borrow_mut().clear();
        for folder in &self.made {
            // A folder in which somebody else has put something stays.
            let _ = fs::remove_dir(folder);
        }
    }

    /// Writes one file aside; it takes its name when the run is sealed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Text> {
        self.write_with(name, |mut file| file.write_all(bytes))
    }

    /// The same for a file that is written piece by piece.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write_with(&self, name: &str, write: impl FnOnce(&File) -> io::Result<()>) -> Result<PathBuf, Text> {
        let target = self.path.join(name);
        let file = aside(&self.path, write).map_err(|reason| cannot(&self.path, name, &reason))?;
        self.aside.borrow_mut().push((target.clone(), file));
        Ok(target)
    }

    /// Names of the files written aside, in their order, as a manifest lists them.
    pub(super) fn names(&self) -> Vec<String> {
        let aside = self.aside.borrow();
        let name = |target: &PathBuf| target.strip_prefix(&self.path).unwrap_or(target).to_owned();
        aside.iter().map(|(target, _)| name(target).to_string_lossy().replace('\\', "/")).collect()
    }

    /// Gives every file its name, the manifest last. Until then an earlier run in the folder is whole; in between, the folder
    /// has no manifest. Files of the earlier run that this one has not are taken away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn seal(&self, manifest: &[u8]) -> Result<PathBuf, Text> {
        let kept = self.names();
        let last = self.write(MANIFEST, manifest)?;
        let earlier = earlier_files(&last);
        match fs::remove_file(&last) {
            Err(reason) if reason.kind() != ErrorKind::NotFound => {
                return Err(cannot(&self.path, MANIFEST, &reason));
            }
            _ => {}
        }
        for (target, file) in self.aside.take() {
            let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let placed = target.parent().map_or(Ok(()), fs::create_dir_all);
            placed
                .and_then(|()| file.persist(&target).map_err(|failed| failed.error))
                .map_err(|reason| cannot(&self.path, &name, &reason))?;
        }
        for name in earlier.iter().filter(|name| !kept.contains(name)) {
            // What cannot be taken away is in nobody's way: no manifest lists it.
            let file = self.path.join(name);
            let _ = fs::remove_file(&file);
            for above in file.ancestors().skip(1).take_while(|above| *above != self.path) {
                // Folders that hold something else stay.
                let _ = fs::remove_dir(above);
            }
        }
        sweep(&self.path);
        Ok(last)
    }
}

/// Files that the manifest of an earlier run lists: plain names below its folder.
fn earlier_files(manifest: &Path) -> Vec<String> {
    let listed = fs::read_to_string(manifest).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let names = listed.as_ref().and_then(|listed| listed["files"].as_array()).into_iter().flatten();
    let below = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    names.filter_map(Value::as_str).filter(|name| below(name)).map(str::to_owned).collect()
}

/// Takes away what killed processes have left.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(ASIDE)) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Whether the nearest thing that exists on the way to a folder is a folder itself.
fn no_file_in_the_way(folder: &Path) -> Result<(), (u8, Text)> {
    let Some(there) = folder.ancestors().find(|above| above.exists()) else { return Ok(()) };
    if there.is_dir() {
        return Ok(());
    }
    let (shown, there) = (folder.display(), there.display());
    let said = text!(
        "results cannot go to {shown}: {there} is a file, not a folder\nhelp: name a folder with --out, such as --out runs/first",
        "结果不能写到 {shown}：{there} 是文件，不是文件夹\n改法：请用 --out 指定一个文件夹，例如 --out runs/first"
    );
    Err((exit::BAD_INPUT, said))
}

/// Makes a folder and makes sure that `name` may be written there.
///
/// # Errors
/// When the folder is a file, or the file is there already and `overwrite` is not asked for (bad use), or when the folder
/// cannot be made (failure): the exit code and what to say.
pub(super) fn claim(folder: &Path, name: &str, overwrite: bool) -> Result<(), (u8, Text)> {
    no_file_in_the_way(folder)?;
    let target = folder.join(name);
    if target.exists() && !overwrite {
        let shown = target.display();
        let said = text!(
            "{shown} is there already\nhelp: add --overwrite to replace it, or name another place with --out",
            "{shown} 已存在\n改法：加 --overwrite 覆盖，或用 --out 另选位置"
        );
        return Err((exit::BAD_INPUT, said));
    }
    fs::create_dir_all(folder).map_err(|reason| (exit::FAILURE, cannot(folder, name, &reason)))
}

/// Writes one file aside and renames it.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Text> {
    let target = folder.join(name);
    let written = aside(folder, |mut file| file.write_all(bytes))
        .and_then(|file| file.persist(&target).map_err(|failed| failed.error));
    written.map(|_| target).map_err(|reason| cannot(folder, name, &reason))
}

/// A file on the disk that has no name of its own yet.
fn aside(folder: &Path, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let file = tempfile::Builder::new().prefix(ASIDE).tempfile_in(folder)?;
    write(file.as_file())?;
    readable(file.path(), 0o644)?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn cannot(folder: &Path, name: &str, error: &io::Error) -> Text {
    let shown = folder.join(name);
    let (shown, reason) = (shown.display(), in_words(error));
    let (en, zh) = (&reason.en, &reason.zh);
    text!("cannot write {shown}: {en}", "无法写入 {shown}：{zh}")
}

/// Why the disk refuses, and what to do about it where that is known.
pub(super) fn in_words(error: &io::Error) -> Text {
    match error.kind() {
        ErrorKind::StorageFull => Text::new(
            "the disk is full\nhelp: make room, or name a folder on another disk with --out",
            "磁盘已满\n改法：请清理磁盘，或用 --out 指定其他磁盘上的文件夹",
        ),
        ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Text::new(
            "the file is larger than this user or process may write\nhelp: ask for a larger quota (or see `ulimit -f`), or \
             name another folder with --out",
            "文件大小超过该用户或进程的配额\n改法：请提高配额（或检查 `ulimit -f`），或用 --out 另选文件夹",
        ),
        ErrorKind::ReadOnlyFilesystem => Text::new(
            "the disk is read-only\nhelp: name a folder elsewhere with --out",
            "磁盘为只读\n改法：请用 --out 另选文件夹",
        ),
        ErrorKind::PermissionDenied => Text::new(
            "permission denied\nhelp: name a folder with --out in which you may write",
            "没有写入权限\n改法：请用 --out 指定有写入权限的文件夹",
        ),
        ErrorKind::AlreadyExists => Text::new(
            "a file of that name is in the way\nhelp: name another folder with --out",
            "已有同名文件，不能作为文件夹\n改法：请用 --out 另选文件夹",
        ),
        ErrorKind::NotFound => Text::new("there is no such file or folder", "没有这个文件或文件夹"),
        ErrorKind::NotADirectory => Text::new(
            "a file is in the way where a folder should be\nhelp: name another folder with --out",
            "路径中有一部分是文件而不是文件夹\n改法：请用 --out 另选文件夹",
        ),
        _ => Text::name(error.to_string()),
    }
}

/// Temporary files are private; results are for colleagues too.
#[cfg(unix)]
pub(super) fn readable(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(super) fn readable(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
