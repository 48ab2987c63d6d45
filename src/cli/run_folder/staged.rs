//! A folder's new content beside the old, and the step from one to the other.
//!
//! New files are written into a folder of their own and synced. Then
//!
//! 1. where the folder holds nothing but civicap's own files, both folders are exchanged, in one step of the file system:
//!    at every moment the folder is the old run or the new one;
//! 2. where a planner keeps files in it as well, or the system cannot exchange, the files take their places one by one:
//!    old ones are moved aside first, and are put back if anything fails. A process that dies on the way has left a list
//!    of what remains to be done, and whoever opens the folder next does it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::names::{self, ASIDE, MANIFEST};

/// Name of the list of what remains to be done.
const LIST: &str = "list.json";

/// Folder of the new files.
const NEW: &str = "new";

/// Folder of the old ones.
const OLD: &str = "old";

/// Largest list that is read, in bytes.
const LONGEST_LIST: u64 = 16 << 20;

/// New files of a folder, not in their places yet. Dropped, they are taken away.
#[derive(Debug)]
pub(super) struct Staged {
    folder: PathBuf,
    /// The folder that holds `new` and, once it is needed, `old`; `None` when it is gone.
    aside: Option<PathBuf>,
}

/// What takes the place of what.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Step {
    /// Files that take their places; those that are there already in the same form stay.
    pub placed: Vec<String>,
    /// Files of before that are taken away.
    pub gone: Vec<String>,
}

impl Staged {
    /// Room for new files: beside the folder if it may be exchanged as a whole, else in it.
    pub(super) fn new(folder: &Path, whole: bool) -> io::Result<Self> {
        let parent = folder.parent().filter(|_| whole);
        let made = parent.and_then(|parent| made_in(parent, &names::beside(folder)).ok());
        let aside = match made {
            Some(aside) => aside,
            None => made_in(folder, &format!("{ASIDE}swap-"))?,
        };
        let new = aside.join(NEW);
        // It is as open to colleagues as the folder whose place it takes.
        let made = fs::create_dir(&new).and_then(|()| fs::set_permissions(&new, fs::metadata(folder)?.permissions()));
        made.inspect_err(|_| {
            let _ = fs::remove_dir_all(&aside);
        })?;
        Ok(Self { folder: folder.to_owned(), aside: Some(aside) })
    }

    fn aside(&self) -> &Path {
        self.aside.as_deref().unwrap_or(&self.folder)
    }

    /// Where a new file is to be written.
    pub(super) fn place(&self, name: &str) -> io::Result<PathBuf> {
        let place = self.aside().join(NEW).join(name);
        if let Some(above) = place.parent() {
            fs::create_dir_all(above)?;
        }
        Ok(place)
    }

    /// Takes a file of the folder over as it is.
    pub(super) fn carry(&self, name: &str) -> io::Result<()> {
        let (from, to) = (self.folder.join(name), self.place(name)?);
        fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ()))
    }

    /// The folder of the new files, which may take the place of the old as a whole.
    pub(super) fn whole(&self) -> Option<PathBuf> {
        (self.aside().parent() == self.folder.parent()).then(|| self.aside().join(NEW))
    }

    /// Takes the step; whether the folder was exchanged as a whole.
    ///
    /// # Errors
    /// When the system refuses; the folder is then as it was.
    pub(super) fn place_all(mut self, step: &Step) -> io::Result<bool> {
        let new = self.aside().join(NEW);
        sync_folders(&new)?;
        let beside = self.whole().is_some();
        if beside && exchanged(&new, &self.folder) {
            let _ = self.folder.parent().map(sync_folder);
            self.give_back(step);
            return Ok(true);
        }
        if beside {
            // Not the whole folder, then: its files one by one, from within.
            let within = made_in(&self.folder, &format!("{ASIDE}swap-"))?;
            fs::rename(&new, within.join(NEW)).inspect_err(|_| {
                let _ = fs::remove_dir(&within);
            })?;
            let _ = fs::remove_dir_all(self.aside());
            self.aside = Some(within);
        }
        self.one_by_one(step).map(|()| false)
    }

    /// After an exchange the old files lie aside: what a planner has put there in the meantime goes back.
    fn give_back(&mut self, step: &Step) {
        let Some(aside) = self.aside.take() else { return };
        let old = aside.join(NEW);
        let own = |name: &str| step.placed.iter().chain(&step.gone).any(|own| own == name) || name.starts_with(ASIDE);
        // What was the run's own goes, whether or not the system lets it go now: it must never come back over the new.
        give_back_others(&old, &self.folder, Path::new(""), &own);
        if fs::remove_dir_all(&aside).is_err() {
            let _ = fs::remove_dir_all(&aside);
        }
    }

    fn one_by_one(&mut self, step: &Step) -> io::Result<()> {
        let aside = self.aside().to_owned();
        leads_nowhere_else(&self.folder, step)?;
        write_list(&aside, step)?;
        let moves = Moves { folder: &self.folder, aside: &aside };
        let mut done = Vec::new();
        let outcome = moves.all(step, &mut done);
        if outcome.is_err() {
            let back = done.iter().rev().all(|(from, to)| fs::rename(to, from).is_ok());
            if !back {
                // Whoever opens the folder next goes on with the list.
                self.aside = None;
                return outcome;
            }
        }
        let _ = fs::remove_file(aside.join(LIST));
        outcome
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(aside) = self.aside.take()
            && fs::remove_dir_all(&aside).is_err()
        {
            let _ = fs::remove_dir_all(&aside);
        }
    }
}

/// Finishes or takes away what processes have left that died at work on a folder. Nobody else may be at work on it.
pub(super) fn recover(folder: &Path) {
    for aside in found(folder, &format!("{ASIDE}swap-")) {
        if let Some(step) = read_list(&aside) {
            let moves = Moves { folder, aside: &aside };
            if leads_nowhere_else(folder, &step).is_err() || moves.all(&step, &mut Vec::new()).is_err() {
                continue;
            }
        }
        let _ = fs::remove_dir_all(&aside);
    }
    if let Some(parent) = folder.parent() {
        for aside in found(parent, &names::beside(folder)) {
            let _ = fs::remove_dir_all(&aside);
        }
    }
}

/// Whether a process that died at work on a folder has left something to be done.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    found(folder, &format!("{ASIDE}swap-")).iter().any(|aside| read_list(aside).is_some())
}

fn found(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let entries = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    entries.map(|entry| entry.path()).filter(|path| fs::symlink_metadata(path).is_ok_and(|it| it.is_dir())).collect()
}

/// The moves of a step, in an order in which a folder that holds files of both has no manifest.
struct Moves<'a> {
    folder: &'a Path,
    aside: &'a Path,
}

impl Moves<'_> {
    /// Makes those moves that were not made yet. `done` gets each, from where to where.
    fn all(&self, step: &Step, done: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
        let places = || step.placed.iter().chain(&step.gone);
        let manifest = |name: &&String| name.as_str() == MANIFEST;
        for name in places().filter(manifest).chain(places().filter(|name| !manifest(name))) {
            let waits = self.aside.join(NEW).join(name).symlink_metadata().is_ok();
            let (from, to) = (self.folder.join(name), self.aside.join(OLD).join(name));
            if (waits || step.gone.contains(name)) && from.symlink_metadata().is_ok() {
                make_move(from, to, done)?;
            }
        }
        for name in step.placed.iter().filter(|name| !manifest(name)).chain(step.placed.iter().filter(manifest)) {
            let from = self.aside.join(NEW).join(name);
            if from.symlink_metadata().is_ok() {
                make_move(from, self.folder.join(name), done)?;
            }
        }
        for name in &step.gone {
            remove_empty_above(self.folder, name);
        }
        sync_folders(self.folder)
    }
}

fn make_move(from: PathBuf, to: PathBuf, done: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
    if let Some(above) = to.parent() {
        fs::create_dir_all(above)?;
    }
    fs::rename(&from, &to)?;
    done.push((from, to));
    Ok(())
}

/// Refuses a step on whose way a link leads out of the folder.
fn leads_nowhere_else(folder: &Path, step: &Step) -> io::Result<()> {
    for name in step.placed.iter().chain(&step.gone) {
        let below = names::is_below(name);
        let mut above = Path::new(name).ancestors().skip(1).filter(|part| !part.as_os_str().is_empty());
        if !below || above.any(|part| folder.join(part).is_symlink()) {
            return Err(io::ErrorKind::NotADirectory.into());
        }
    }
    Ok(())
}

fn write_list(aside: &Path, step: &Step) -> io::Result<()> {
    let half = aside.join("list");
    let mut file = File::create_new(&half)?;
    file.write_all(&serde_json::to_vec(step)?)?;
    file.sync_all()?;
    fs::rename(&half, aside.join(LIST))?;
    sync_folder(aside)
}

fn read_list(aside: &Path) -> Option<Step> {
    let list = aside.join(LIST);
    let known = fs::symlink_metadata(&list).ok().filter(|it| it.is_file() && it.len() <= LONGEST_LIST);
    known.and_then(|_| serde_json::from_slice(&fs::read(&list).ok()?).ok())
}

fn made_in(parent: &Path, prefix: &str) -> io::Result<PathBuf> {
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let made = tempfile::Builder::new().prefix(prefix).tempdir_in(parent)?;
    Ok(made.keep())
}

/// Exchanges two folders in one step; `false` where the system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchanged(new: &Path, folder: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, folder, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchanged(_new: &Path, _folder: &Path) -> bool {
    false
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Syncs a folder and those below it, innermost first.
fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && !entry.file_name().to_string_lossy().starts_with(ASIDE) {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}

/// Moves files that are nobody's of `own` from one folder to the other, where nothing is in their way.
fn give_back_others(from: &Path, to: &Path, below: &Path, own: &impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(from.join(below)) else { return };
    for entry in entries.flatten() {
        let name = below.join(entry.file_name());
        let word = name.to_string_lossy().replace('\\', "/");
        if own(&word) {
            continue;
        }
        let target = to.join(&name);
        let free = target.symlink_metadata().is_err();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && (!free || holds_any(from, &name, own)) {
            give_back_others(from, to, &name, own);
        } else if free {
            let _ = target.parent().map(fs::create_dir_all);
            let _ = fs::rename(entry.path(), target);
        }
    }
}

/// Whether a folder holds, at any depth, a file that `own` knows.
fn holds_any(folder: &Path, below: &Path, own: &impl Fn(&str) -> bool) -> bool {
    let Ok(entries) = fs::read_dir(folder.join(below)) else { return false };
    entries.flatten().any(|entry| {
        let name = below.join(entry.file_name());
        let inside = entry.file_type().is_ok_and(|kind| kind.is_dir());
        own(&name.to_string_lossy().replace('\\', "/")) || (inside && holds_any(folder, &name, own))
    })
}

fn remove_empty_above(folder: &Path, name: &str) {
    for above in Path::new(name).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
        // Folders that hold something else stay.
        let _ = fs::remove_dir(folder.join(above));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
            .collect();
        all.sort();
        all
    }

    fn old_and_staged(whole: bool) -> (tempfile::TempDir, PathBuf, Staged, Step) {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run");
        fs::create_dir(&folder).unwrap();
        for name in ["a", "b", MANIFEST] {
            fs::write(folder.join(name), "old").unwrap();
        }
        let staged = Staged::new(&folder, whole).unwrap();
        for name in ["a", "c", MANIFEST] {
            fs::write(staged.place(name).unwrap(), "new").unwrap();
        }
        let step = Step { placed: ["a", "c", MANIFEST].map(str::to_owned).to_vec(), gone: vec!["b".to_owned()] };
        (place, folder, staged, step)
    }

    fn with(names: [&str; 3], word: &str) -> Vec<(String, String)> {
        names.map(|name| (name.to_owned(), word.to_owned())).to_vec()
    }

    #[test]
    fn both_ways_lead_from_the_old_files_to_the_new_and_leave_nothing_aside() {
        for whole in [true, false] {
            let (place, folder, staged, step) = old_and_staged(whole);
            staged.place_all(&step).unwrap();
            assert_eq!(files(&folder), with(["a", "c", MANIFEST], "new"));
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        }
    }

    #[test]
    fn what_somebody_else_has_put_there_meanwhile_stays_and_old_files_never_come_back() {
        let (place, folder, staged, step) = old_and_staged(true);
        fs::write(folder.join("notes"), "mine").unwrap();
        staged.place_all(&step).unwrap();
        let mut expected = with(["a", "c", MANIFEST], "new");
        expected.push(("notes".to_owned(), "mine".to_owned()));
        assert_eq!(files(&folder), expected);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        // Old files that could not be taken away lie where the new folder has its own of the same name.
        let (old, new) = (place.path().join("old"), place.path().join("new"));
        for (at, word) in [(&old, "old"), (&new, "new")] {
            fs::create_dir(at).unwrap();
            fs::write(at.join("a"), word).unwrap();
        }
        give_back_others(&old, &new, Path::new(""), &|name| name == "a");
        give_back_others(&old, &new, Path::new(""), &|_| false);
        assert_eq!(fs::read_to_string(new.join("a")).unwrap(), "new");
    }

    #[test]
    fn of_a_folder_in_the_folder_only_what_is_others_stays() {
        let place = tempfile::tempdir().unwrap();
        let (old, new) = (place.path().join("old"), place.path().join("new"));
        for folder in ["old/inputs/a", "old/notes", "old/empty", "new"] {
            fs::create_dir_all(place.path().join(folder)).unwrap();
        }
        for name in ["inputs/a/own", "inputs/mine", "notes/mine"] {
            fs::write(old.join(name), "x").unwrap();
        }
        give_back_others(&old, &new, Path::new(""), &|name| name == "inputs/a/own");
        assert!(new.join("inputs/mine").is_file() && new.join("notes/mine").is_file() && new.join("empty").is_dir());
        assert!(!new.join("inputs/a").exists());
    }

    #[test]
    fn a_failure_on_the_way_puts_everything_back() {
        let (_place, folder, staged, step) = old_and_staged(false);
        // A folder that is not empty in the place of a new file cannot be replaced.
        fs::create_dir_all(staged.aside().join(OLD).join("b/in-the-way")).unwrap();
        assert!(staged.place_all(&step).is_err());
        assert_eq!(files(&folder), with(["a", "b", MANIFEST], "old"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    }

    #[test]
    fn what_a_dead_process_has_begun_is_finished() {
        let (_place, folder, mut staged, step) = old_and_staged(false);
        let aside = staged.aside.take().unwrap();
        write_list(&aside, &step).unwrap();
        // It died after two moves.
        fs::create_dir(aside.join(OLD)).unwrap();
        fs::rename(folder.join(MANIFEST), aside.join(OLD).join(MANIFEST)).unwrap();
        fs::rename(folder.join("a"), aside.join(OLD).join("a")).unwrap();
        assert!(is_unfinished(&folder));
        recover(&folder);
        assert_eq!(files(&folder), with(["a", "c", MANIFEST], "new"));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    }

    #[test]
    fn what_was_never_begun_is_taken_away() {
        for whole in [true, false] {
            let (place, folder, mut staged, _) = old_and_staged(whole);
            staged.aside = None;
            recover(&folder);
            assert_eq!(files(&folder), with(["a", "b", MANIFEST], "old"));
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        }
    }
}
