//! The folder of a run: one writer at a time, and one step from the old run to the new.
//!
//! A folder is claimed before the long work: it is locked, what processes have left that died there is finished or taken
//! away, and what may not be replaced is told. Replaced is only what a manifest lists and what has not been changed since: an
//! earlier run of the same scenario without a word, one of another scenario where `--overwrite` was typed;
//! a planner's own files only where `--overwrite` was typed, and a file that the scenario reads never.
//!
//! Files are written aside and synced ([`staged`]); the folder is the old run until everything is there, and then the new.

mod finished;
mod lock;
mod names;
mod obstacles;
mod single;
mod staged;

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub(super) use finished::{FinishedRun, open as open_finished, read_plain};
pub(super) use names::{MANIFEST, safe_name};
pub(super) use obstacles::cannot_write;
pub(super) use single::{Replacement, SingleFile, replace_all};

use self::finished::FORMAT;
use self::lock::{Lock, NotLocked};
use self::names::ASIDE;
use self::obstacles::no_file_in_the_way;
use self::staged::{Staged, Step};
use super::system_errors::in_words;
use super::talk::Failure;
use super::visible;
use crate::language::Text;
use crate::text;

/// What is to be done in a folder.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether an earlier run may be replaced.
    pub overwrite: bool,
    /// Names of the files that will be written.
    pub writes: &'a [String],
    /// Files that are read, which nothing may take the place of.
    pub reads: &'a [PathBuf],
    /// What the manifest of an earlier run must say for it to be one of the same, which is replaced without being asked;
    /// `None` where nothing is, because people may have worked on what was written.
    pub same: Option<&'a Value>,
}

/// A folder that results go to, locked until this is dropped.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    /// Folders that did not exist before, innermost first.
    made: Vec<PathBuf>,
    /// What an earlier run has left, as far as it is as that run left it.
    earlier: Option<FinishedRun>,
    /// Whether other people's files of the same names may be replaced.
    overwrite: bool,
    lock: Option<Lock>,
    staged: RefCell<Option<Staged>>,
    files: RefCell<Vec<Written>>,
}

/// What the manifest of a folder says; the form, the version, and the files with their hashes stand in every one.
#[derive(Debug)]
pub(super) struct Manifest {
    /// What was done; `None` for a run of one scenario.
    pub kind: Option<&'static str>,
    /// What is the same on every machine: an object.
    pub facts: Value,
    /// What differs from machine to machine.
    pub run: Value,
}

impl Manifest {
    fn with_files(self, names: Vec<String>, hashes: Map<String, Value>) -> Value {
        let mut said = Map::new();
        let mut say = |key: &str, value: Value| said.insert(key.to_owned(), value);
        say("format", FORMAT.into());
        if let Some(kind) = self.kind {
            say("kind", kind.into());
        }
        say("civicap", env!("CARGO_PKG_VERSION").into());
        if let Value::Object(facts) = self.facts {
            said.extend(facts);
        }
        said.extend([
            ("files".to_owned(), names.into()),
            ("hashes".to_owned(), Value::Object(hashes)),
            ("run".to_owned(), self.run),
        ]);
        Value::Object(said)
    }
}

/// A file that was written aside.
#[derive(Clone, Debug)]
struct Written {
    name: String,
    hash: String,
}

impl RunFolder {
    /// Claims a folder for results.
    ///
    /// # Errors
    /// When somebody else is at work there, or files are in the way (bad use), or when it cannot be written to (failure).
    pub(super) fn claim(claim: &Claim<'_>) -> Result<Self, Failure> {
        let folder = Self::locked(claim.folder, claim.overwrite)?;
        let same =
            folder.earlier.as_ref().is_some_and(|earlier| claim.same.is_some_and(|same| says(&earlier.manifest, same)));
        if folder.path.join(MANIFEST).symlink_metadata().is_ok() && !claim.overwrite && !same {
            return Err(Failure::bad_input(holds_results(&folder.path)));
        }
        folder.claimed(claim)
    }

    /// Claims the folder of a run that goes on: its own files are replaced, those of others are not.
    ///
    /// # Errors
    /// As [`Self::claim`].
    pub(super) fn claim_again(claim: &Claim<'_>) -> Result<Self, Failure> {
        Self::locked(claim.folder, false)?.claimed(claim)
    }

    fn claimed(self, claim: &Claim<'_>) -> Result<Self, Failure> {
        self.leaves_what_is_read(claim)?;
        self.finds_nothing_of_others(claim.writes)?;
        Ok(self)
    }

    /// Claims the folder of a finished run whose pages are to be made again.
    ///
    /// # Errors
    /// As [`Self::claim`]; when it holds no finished run, or one that was changed.
    pub(super) fn claim_finished(folder: &Path) -> Result<Self, Failure> {
        finished::open(folder).map_err(Failure::bad_input)?;
        Self::locked(folder, false)
    }

    fn locked(path: &Path, overwrite: bool) -> Result<Self, Failure> {
        no_file_in_the_way(path)?;
        let made = path.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let mut folder = Self {
            path: path.to_owned(),
            made: made.map(Path::to_owned).collect(),
            earlier: None,
            overwrite,
            lock: None,
            staged: RefCell::default(),
            files: RefCell::default(),
        };
        let cannot = |reason: &io::Error| {
            let (shown, reason) = (visible::path(path), in_words(reason));
            let (en, zh) = (&reason.en, &reason.zh);
            Failure::failed(text!("cannot write to {shown}: {en}", "无法写入 {shown}：{zh}"))
        };
        match Lock::take_making(path, "") {
            Ok(lock) => folder.lock = Some(lock),
            Err(NotLocked::Refused(reason)) => return Err(cannot(&reason)),
            Err(NotLocked::Held(holder)) => {
                // Not ours to take away.
                folder.made.clear();
                let (shown, holder) = (visible::path(path), holder.in_words());
                let (en, zh) = (&holder.en, &holder.zh);
                return Err(Failure::bad_input(text!(
                    "{shown} is in use: {en}\nhelp: wait until it has ended, or name another folder with --out",
                    "{shown} 正在使用中：{zh}\n改法：等待其结束，或用 --out 另选文件夹"
                )));
            }
        }
        // Links are followed once, so that what is swapped is the folder and not the link.
        let real = fs::canonicalize(path).map_err(|reason| cannot(&reason))?;
        staged::recover(&real);
        folder.earlier = finished::open(&real).ok();
        Ok(folder)
    }

    /// Where results may go is not where the scenario lies.
    fn leaves_what_is_read(&self, claim: &Claim<'_>) -> Result<(), Failure> {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let read: Vec<PathBuf> = claim.reads.iter().filter_map(|file| real(file)).collect();
        let earlier = self.earlier.as_ref().map(FinishedRun::names).unwrap_or_default();
        for name in claim.writes.iter().chain(&earlier) {
            let file = self.path.join(name);
            if real(&file).is_some_and(|file| read.contains(&file)) {
                let shown = visible::path(&file);
                return Err(Failure::bad_input(text!(
                    "{shown} belongs to the scenario, and the results would take its place\nhelp: name another folder with --out",
                    "{shown} 属于方案本身，不能被结果替换\n改法：请用 --out 另选文件夹"
                )));
            }
        }
        Ok(())
    }

    /// A file of a name that will be written is the earlier run's own, or is replaced because that was asked for.
    fn finds_nothing_of_others(&self, names: &[String]) -> Result<(), Failure> {
        for name in names {
            let file = self.path.join(name);
            let Ok(there) = fs::symlink_metadata(&file) else { continue };
            let own = self.earlier.as_ref().is_some_and(|earlier| earlier.is_own(name));
            if own || (self.overwrite && !there.is_dir()) {
                continue;
            }
            let shown = visible::path(&file);
            return Err(Failure::bad_input(if there.is_dir() {
                text!(
                    "{shown} is a folder, where a file of the results should be\nhelp: name another folder with --out",
                    "{shown} 是文件夹，而结果需要同名文件\n改法：请用 --out 另选文件夹"
                )
            } else {
                text!(
                    "{shown} is there already and is no result of civicap, or was changed since\nhelp: name another folder with --out, or add --overwrite to replace it",
                    "{shown} 已存在，且不是 civicap 的结果，或此后被改动\n改法：请用 --out 另选文件夹；确需替换时加 --overwrite"
                )
            }));
        }
        Ok(())
    }

    /// Whether the folder holds a finished run now.
    pub(super) fn holds_a_run(&self) -> bool {
        self.path.join(MANIFEST).exists()
    }

    /// Writes one file aside; it takes its place when the run is sealed.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Text> {
        self.write_with(name, |mut file| file.write_all(bytes))
    }

    /// Writes a CSV table aside, with the mark by which a Chinese Excel knows that it is UTF-8.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write_table(&self, name: &str, csv: &str) -> Result<PathBuf, Text> {
        let mark = if csv.starts_with('\u{feff}') { "" } else { "\u{feff}" };
        self.write(name, format!("{mark}{csv}").as_bytes())
    }

    /// The same for a file that is written piece by piece.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write_with(&self, name: &str, write: impl FnOnce(&File) -> io::Result<()>) -> Result<PathBuf, Text> {
        let written = self.place(name).and_then(|place| {
            let file = File::create_new(&place)?;
            write(&file)?;
            file.sync_all()?;
            finished::hash_of_file(&place).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        });
        let hash = written.map_err(|reason| cannot_write(&self.path.join(name), &reason))?;
        self.files.borrow_mut().push(Written { name: name.to_owned(), hash });
        Ok(self.path.join(name))
    }

    fn place(&self, name: &str) -> io::Result<PathBuf> {
        let mut staged = self.staged.borrow_mut();
        if staged.is_none() {
            *staged = Some(Staged::new(&self.real_path()?, self.is_all_own())?);
        }
        match staged.as_ref() {
            Some(staged) => staged.place(name),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn real_path(&self) -> io::Result<PathBuf> {
        fs::canonicalize(&self.path)
    }

    /// Whether the folder may be swapped as a whole: nobody else keeps anything in it, and nobody stands in it.
    fn is_all_own(&self) -> bool {
        let Ok(path) = self.real_path() else { return false };
        let stands_in = std::env::current_dir().and_then(fs::canonicalize).is_ok_and(|here| here.starts_with(&path));
        let names = self.earlier.as_ref().map(FinishedRun::names).unwrap_or_default();
        let own = |name: &str| name == MANIFEST || names.iter().any(|own| own == name);
        !stands_in && holds_only(&path, Path::new(""), &own)
    }

    /// Names of the files written aside, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.borrow().iter().map(|file| file.name.clone()).collect()
    }

    /// Seals the run with its manifest: all files take their places, and those of the earlier run that this one has not are
    /// taken away.
    ///
    /// # Errors
    /// When the disk refuses; the folder is then as it was.
    pub(super) fn seal(&mut self, manifest: Manifest) -> Result<PathBuf, Text> {
        let names = self.names();
        let earlier = self.earlier.as_ref();
        let own = |name: &String| earlier.is_some_and(|earlier| earlier.is_own(name));
        let gone = earlier.map(FinishedRun::names).unwrap_or_default();
        let gone = gone.into_iter().filter(|name| !names.contains(name) && own(name)).collect();
        let hashes = self.files.borrow().iter().map(|file| (file.name.clone(), file.hash.clone().into())).collect();
        self.seal_with(manifest.with_files(names, hashes), gone)
    }

    /// Seals a finished run again in which some files were made anew; the others stay.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub(super) fn seal_again(&mut self) -> Result<PathBuf, Text> {
        let failed = |name: &str, reason: &io::Error| cannot_write(&self.path.join(name), reason);
        let Some(earlier) = &self.earlier else { return Err(failed(MANIFEST, &io::ErrorKind::NotFound.into())) };
        let mut manifest = earlier.manifest.clone();
        let mut names = earlier.names();
        for Written { name, hash } in self.files.borrow().iter() {
            if !names.contains(name) {
                names.push(name.clone());
            }
            manifest["hashes"][name] = hash.clone().into();
        }
        let written = self.names();
        names.retain(|name| written.contains(name) || self.path.join(name).is_file());
        if let Some(staged) = self.staged.borrow().as_ref() {
            for name in names.iter().filter(|name| staged.whole().is_some() && !written.contains(name)) {
                staged.carry(name).map_err(|reason| failed(name, &reason))?;
            }
        }
        manifest["files"] = names.into();
        self.seal_with(manifest, Vec::new())
    }

    fn seal_with(&mut self, manifest: Value, gone: Vec<String>) -> Result<PathBuf, Text> {
        let place = self.write(MANIFEST, finished::sealed(manifest).as_bytes())?;
        self.put_in_place(MANIFEST, gone)?;
        Ok(place)
    }

    /// All files take their places.
    fn put_in_place(&mut self, last: &str, gone: Vec<String>) -> Result<(), Text> {
        let placed = self.names();
        // Somebody may have put a file there during the long work.
        self.finds_nothing_of_others(&placed).map_err(|failure| failure.said.unwrap_or_default())?;
        let place = self.path.join(last);
        let Some(staged) = self.staged.take() else { return Ok(()) };
        // The new folder is locked as well, so that nobody comes in between the swap and the end.
        let mut next = staged.whole().and_then(|new| Lock::take(&new, "").ok());
        let swapped = staged.place_all(&Step { placed, gone }).map_err(|reason| cannot_write(&place, &reason))?;
        if swapped {
            if let Some(next) = &mut next {
                next.moved_to(&self.path);
            }
            self.lock = next;
        }
        self.made.clear();
        Ok(())
    }
}

impl Drop for RunFolder {
    /// What was begun and not sealed is taken away: files written aside, and folders that were made for them.
    fn drop(&mut self) {
        self.staged.take();
        self.lock = None;
        for folder in &self.made {
            // A folder in which somebody else has put something stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Fills a folder that does not exist, or is empty, in one step: all files are there, or none.
///
/// # Errors
/// When somebody else is at work there, or has filled it meanwhile (bad use), or when the disk refuses (failure).
pub(super) fn fill_empty(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    let mut claimed = RunFolder::locked(folder, false)?;
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    claimed.finds_nothing_of_others(&names)?;
    for (name, text) in files {
        claimed.write(name, text.as_bytes()).map_err(Failure::failed)?;
    }
    claimed.put_in_place(names.last().map_or("", String::as_str), Vec::new()).map_err(Failure::failed)
}

/// Whether a folder holds nothing but what `own` knows, and what civicap keeps aside.
fn holds_only(folder: &Path, below: &Path, own: &impl Fn(&str) -> bool) -> bool {
    let Ok(mut entries) = fs::read_dir(folder.join(below)) else { return false };
    entries.all(|entry| {
        let Ok(entry) = entry else { return false };
        let name = below.join(entry.file_name());
        let Ok(kind) = entry.file_type() else { return false };
        if kind.is_dir() {
            return entry.file_name().to_string_lossy().starts_with(ASIDE) || holds_only(folder, &name, own);
        }
        let word = name.to_string_lossy().replace('\\', "/");
        word.starts_with(ASIDE) || (kind.is_file() && own(&word))
    })
}

/// Whether a manifest says everything that `wanted` does; what is `null` in it must not be said.
fn says(manifest: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(wanted) => wanted.iter().all(|(key, value)| says(&manifest[key], value)),
        Value::Array(wanted) => manifest.as_array().is_some_and(|found| {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| says(found, wanted))
        }),
        wanted => manifest == wanted,
    }
}

fn holds_results(folder: &Path) -> Text {
    let shown = visible::path(folder);
    text!(
        "{shown} already holds the results of another run\nhelp: add --overwrite to replace them, or --out DIR for another folder",
        "{shown} 中已有另一次运行的结果\n改法：加 --overwrite 覆盖，或用 --out DIR 另选文件夹"
    )
}
