//! A finished run, comparison or appraisal as it lies in its folder: read back and believed only as far as it is checked.
//!
//! A folder may have come by mail. The manifest says which format it has, and the hash of itself and of every file that it
//! lists; a folder that does not fit is refused with the name of the file that was changed. Only plain files are opened,
//! and none larger than it can be.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::names::{self, MANIFEST};
use super::staged;
use crate::cli::system_errors::in_words;
use crate::cli::visible;
use crate::language::Text;
use crate::text;

/// Version of the form of manifests; to be raised with any change of what they say.
pub(in crate::cli) const FORMAT: u64 = 2;

/// Largest manifest that is read, in bytes.
const LARGEST_MANIFEST: u64 = 16 << 20;

/// Largest file of a run that is read back, in bytes.
const LARGEST_FILE: u64 = 1 << 30;

/// A finished run whose manifest was checked.
#[derive(Debug)]
pub(in crate::cli) struct FinishedRun {
    /// The folder.
    pub path: PathBuf,
    /// What the manifest says.
    pub manifest: Value,
}

/// Opens the folder of a finished run.
///
/// # Errors
/// When it holds none, or one that was changed or belongs to another version: what to say.
pub(in crate::cli) fn open(folder: &Path) -> Result<FinishedRun, Text> {
    if staged::is_unfinished(folder) {
        // Somebody may be at work on it: then it is whole in a moment.
        drop(super::lock::Lock::take(folder, "").map(|_lock| staged::recover(folder)));
    }
    let shown = visible::path(folder);
    let file = folder.join(MANIFEST);
    if fs::symlink_metadata(&file).is_err() {
        return Err(text!(
            "{shown} holds no finished run\nhelp: name the folder that `civicap run`, `compare` or `appraise` wrote, with its manifest.json",
            "{shown} 中没有已完成的运行\n改法：请指定 `civicap run`、`compare` 或 `appraise` 生成的、含 manifest.json 的文件夹"
        ));
    }
    let bytes = read_plain(&file, LARGEST_MANIFEST)?;
    let manifest: Value = serde_json::from_slice(&bytes).map_err(|_| changed(&file))?;
    if manifest["format"].as_u64() != Some(FORMAT) {
        return Err(other_format(&file, &manifest));
    }
    if manifest["run"]["manifest_hash"].as_str() != Some(hash_of(&manifest).as_str()) {
        return Err(changed(&file));
    }
    Ok(FinishedRun { path: folder.to_owned(), manifest })
}

/// The manifest as text, its own hash in it.
pub(super) fn sealed(mut manifest: Value) -> String {
    let hash = hash_of(&manifest);
    manifest["run"]["manifest_hash"] = hash.into();
    format!("{manifest:#}\n")
}

/// The hash of everything that a manifest says but this hash.
fn hash_of(manifest: &Value) -> String {
    let mut manifest = manifest.clone();
    if let Some(run) = manifest["run"].as_object_mut() {
        run.shift_remove("manifest_hash");
    }
    blake3::hash(manifest.to_string().as_bytes()).to_hex().to_string()
}

impl FinishedRun {
    /// The files that the manifest lists, plain names below the folder.
    pub(in crate::cli) fn names(&self) -> Vec<String> {
        let names = self.manifest["files"].as_array().into_iter().flatten().filter_map(Value::as_str);
        names.filter(|name| names::is_below(name)).map(str::to_owned).collect()
    }

    /// Whether a file is the one that was written with the manifest.
    pub(super) fn is_own(&self, name: &str) -> bool {
        name == MANIFEST || hash_of_file(&self.path.join(name)).is_some_and(|hash| self.hash(name) == Some(&hash))
    }

    fn hash(&self, name: &str) -> Option<&str> {
        self.manifest["hashes"][name].as_str()
    }

    /// Reads one of the files.
    ///
    /// # Errors
    /// When it is not there, is no plain file, is too large, or is not what was written: what to say.
    pub(in crate::cli) fn read(&self, name: &str) -> Result<Vec<u8>, Text> {
        let file = self.path.join(name);
        let bytes = read_plain(&file, LARGEST_FILE)?;
        let same = self.hash(name).is_some_and(|hash| *hash == *blake3::hash(&bytes).to_hex());
        if same { Ok(bytes) } else { Err(changed(&file)) }
    }
}

/// The hash of a plain file.
pub(super) fn hash_of_file(file: &Path) -> Option<String> {
    let known = fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file)?;
    let mut hasher = blake3::Hasher::new();
    let read = std::io::copy(&mut File::open(file).ok()?.take(known.len()), &mut hasher).ok()?;
    (read == known.len()).then(|| hasher.finalize().to_hex().to_string())
}

/// Reads a file that civicap has written: plain, and no larger than that.
///
/// # Errors
/// What to say.
pub(in crate::cli) fn read_plain(file: &Path, largest: u64) -> Result<Vec<u8>, Text> {
    let shown = visible::path(file);
    let refused = |reason: &std::io::Error| {
        if reason.kind() == std::io::ErrorKind::NotFound {
            return text!(
                "cannot read {shown}: there is no such file\nhelp: check the name; a file of a run is made again by simulating once more with --overwrite",
                "无法读取 {shown}：没有这个文件\n改法：请检查文件名；运行的结果文件可加 --overwrite 重新运行得到"
            );
        }
        let reason = in_words(reason);
        let (en, zh) = (&reason.en, &reason.zh);
        text!("cannot read {shown}: {en}", "无法读取 {shown}：{zh}")
    };
    // Asked before opening: a pipe would wait for somebody to write, a device never ends.
    let known = fs::metadata(file).map_err(|reason| refused(&reason))?;
    if known.is_dir() {
        return Err(refused(&std::io::ErrorKind::IsADirectory.into()));
    }
    if !known.is_file() {
        return Err(text!(
            "{shown} is a device or a pipe, not a file\nhelp: name the file that civicap wrote",
            "{shown} 是设备或管道，不是文件\n改法：请指定 civicap 写出的文件"
        ));
    }
    if known.len() > largest {
        let (size, most) = (known.len() >> 20, largest >> 20);
        return Err(text!(
            "{shown} has {size} MiB; civicap writes no such file of more than {most} MiB\nhelp: name the file that civicap wrote",
            "{shown} 有 {size} MiB，civicap 写出的这类文件不超过 {most} MiB\n改法：请指定 civicap 写出的文件"
        ));
    }
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(known.len()).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|reason| refused(&reason))
}

fn changed(file: &Path) -> Text {
    let shown = visible::path(file);
    text!(
        "{shown} is damaged, or was changed after it was written\nhelp: bring back the file as it was, or simulate once more with --overwrite",
        "{shown} 已损坏，或写出后被改动\n改法：恢复原文件，或加 --overwrite 重新运行"
    )
}

fn other_format(file: &Path, manifest: &Value) -> Text {
    let shown = visible::path(file);
    let other: String = manifest["civicap"].as_str().unwrap_or("?").chars().take(20).collect();
    let own = env!("CARGO_PKG_VERSION");
    text!(
        "{shown} was written by civicap {other}, in a form that this civicap ({own}, form {FORMAT}) does not read\nhelp: use that version, or simulate once more with --overwrite",
        "{shown} 由 civicap {other} 写成，本程序（{own}，格式 {FORMAT}）无法读取该格式\n改法：用原版本，或加 --overwrite 重新运行"
    )
}
