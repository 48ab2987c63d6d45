//! The folder of a run: claimed before the long work, written aside and renamed, the manifest last.
//!
//! A folder without `manifest.json` holds no finished run.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::exit;
use crate::language::Text;
use crate::text;

/// Name of the file that makes a folder a finished run.
pub(super) const MANIFEST: &str = "manifest.json";

/// A folder that results go to.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder and makes sure that files can be written there.
    ///
    /// # Errors
    /// When it holds a run already and `overwrite` is not asked for (bad use), or when it cannot be written to (failure):
    /// the exit code and what to say.
    pub(super) fn claim(path: &Path, overwrite: bool) -> Result<Self, (u8, Text)> {
        let shown = path.display();
        if path.join(MANIFEST).exists() && !overwrite {
            let said = text!(
                "{shown} already holds the results of a run\nhelp: add --overwrite to replace them, or --out DIR for another folder",
                "{shown} 中已有一次运行的结果\n改法：加 --overwrite 覆盖，或用 --out DIR 另选文件夹"
            );
            return Err((exit::BAD_INPUT, said));
        }
        let cannot = |reason: io::Error| {
            (exit::FAILURE, text!("cannot write to {shown}: {reason}", "无法写入 {shown}：{reason}"))
        };
        fs::create_dir_all(path).map_err(cannot)?;
        tempfile::NamedTempFile::new_in(path).map_err(cannot)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Declares what is in the folder void, before new files replace the old.
    ///
    /// # Errors
    /// When the old manifest cannot be removed.
    pub(super) fn void(&self) -> Result<(), Text> {
        match fs::remove_file(self.path.join(MANIFEST)) {
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => Err(cannot(&self.path, MANIFEST, &reason)),
            _ => Ok(()),
        }
    }

    /// Writes one file aside and renames it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Text> {
        write_new(&self.path, name, bytes)
    }
}

/// Makes a folder and makes sure that `name` may be written there.
///
/// # Errors
/// When the file is there already and `overwrite` is not asked for (bad use), or when the folder cannot be made (failure):
/// the exit code and what to say.
pub(super) fn claim(folder: &Path, name: &str, overwrite: bool) -> Result<(), (u8, Text)> {
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
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        file.flush()?;
        readable(file.path(), 0o644)?;
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|failed| failed.error)
    });
    written.map(|_| target).map_err(|reason| cannot(folder, name, &reason))
}

fn cannot(folder: &Path, name: &str, reason: &io::Error) -> Text {
    let shown = folder.join(name);
    let shown = shown.display();
    text!("cannot write {shown}: {reason}", "无法写入 {shown}：{reason}")
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
