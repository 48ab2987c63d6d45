//! What a run has made so far, beside its folder, so that it can go on after it was stopped or killed.
//!
//! `runs/lixia` keeps its rounds in `runs/lixia.replications`, a file for each, written aside and renamed, with a hash of its
//! own: whatever ends the process, a file there is whole or is not taken. They are written by a thread of their own while
//! the next round is made, and only once a run has taken longer than it is worth keeping, or where `--resume` asks for it.
//! Whoever holds the lock of the run's folder has them to himself.

use std::fs::{self, File};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::run_folder::read_plain;
use super::visible;
use crate::language::Text;
use crate::run::{RoundStore, ShardResults};
use crate::scenario::Plan;
use crate::text;

/// How long a run takes before its rounds are worth keeping unasked.
const WORTH_KEEPING: Duration = Duration::from_secs(10);

/// Ending of the name of the folder.
const FOLDER: &str = ".replications";

/// Ending of the name of a file.
const ENDING: &str = "civicap";

/// Beginning of the names of files that are being written.
const ASIDE: &str = ".civicap-round-";

/// Largest round that is read, in bytes.
const LARGEST: u64 = 64 << 30;

/// Rounds that wait to be written, at most.
const WAITING: usize = 2;

/// The rounds of one run.
pub(super) struct KeptRounds<'p> {
    folder: PathBuf,
    plan: &'p Plan,
    seed: u64,
    /// Whether rounds of an earlier run are taken over, and those of this one left for a later.
    resume: bool,
    began: Instant,
    /// Rounds made before it was worth keeping them.
    early: Mutex<Vec<ShardResults>>,
    writer: Mutex<Option<Writer>>,
    /// Replications that are kept.
    kept: Arc<AtomicUsize>,
}

/// The thread that writes.
struct Writer {
    to: SyncSender<ShardResults>,
    thread: JoinHandle<()>,
}

impl<'p> KeptRounds<'p> {
    /// The rounds of the run of `plan` under `seed` whose results go to `run`, which is locked.
    pub(super) fn of(run: &Path, plan: &'p Plan, seed: u64, resume: bool) -> Self {
        let real = fs::canonicalize(run).unwrap_or_else(|_| run.to_owned());
        let mut name = real.file_name().unwrap_or_default().to_os_string();
        name.push(FOLDER);
        // Beside the name that was typed, so that it is shown as short.
        let beside = if run.file_name() == real.file_name() { run } else { &real };
        Self {
            folder: beside.with_file_name(name),
            plan,
            seed,
            resume,
            began: Instant::now(),
            early: Mutex::default(),
            writer: Mutex::default(),
            kept: Arc::default(),
        }
    }

    /// What to say of rounds that an earlier run has left and that this one is about to replace, if it was not asked to go on.
    pub(super) fn remark(&self) -> Option<Text> {
        let left = files(&self.folder).into_iter().filter_map(|file| range_of(&file));
        let left = left.map(|range| range.end).max().filter(|_| !self.resume)?;
        let shown = visible::path(&self.folder);
        Some(text!(
            "{shown} holds {left} replications of a run that was stopped; with --resume this run would go on from them",
            "{shown} 中有此前中断的运行已完成的 {left} 次模拟；加 --resume 可接着运行"
        ))
    }

    /// Replications that a run which stops now leaves behind, all that waits being written.
    pub(super) fn left(&self) -> usize {
        self.finish();
        self.kept.load(Ordering::Relaxed)
    }

    /// The run is sealed: its rounds go, unless they were asked for.
    pub(super) fn sealed(&self) {
        self.finish();
        if !self.resume {
            sweep(&self.folder);
        }
    }

    fn finish(&self) {
        if let Some(Writer { to, thread }) = lock(&self.writer).take() {
            drop(to);
            let _ = thread.join();
        }
    }

    fn start(&self) -> SyncSender<ShardResults> {
        if !self.resume {
            sweep(&self.folder);
        }
        let (to, from) = sync_channel(WAITING);
        let (folder, kept) = (self.folder.clone(), Arc::clone(&self.kept));
        let thread = std::thread::spawn(move || write_all(&folder, &from, &kept));
        *lock(&self.writer) = Some(Writer { to: to.clone(), thread });
        to
    }

    fn file(&self, range: &Range<usize>) -> PathBuf {
        self.folder.join(name_of(range))
    }
}

impl RoundStore for KeptRounds<'_> {
    fn recall(&self, range: &Range<usize>) -> Option<ShardResults> {
        let bytes = read_plain(&self.file(range), LARGEST).ok().filter(|_| self.resume)?;
        let round =
            ShardResults::from_bytes(&bytes).ok().filter(|part| part.is_round_of(self.plan, self.seed, range))?;
        self.kept.fetch_add(range.len(), Ordering::Relaxed);
        Some(round)
    }

    fn keep(&self, round: ShardResults) {
        let started = lock(&self.writer).as_ref().map(|writer| writer.to.clone());
        let mut early = lock(&self.early);
        if started.is_none() && !self.resume && self.began.elapsed() < WORTH_KEEPING {
            early.push(round);
            return;
        }
        let to = started.unwrap_or_else(|| self.start());
        for round in early.drain(..).chain([round]) {
            // The thread has ended where the disk refuses: the run goes on without.
            let _ = to.send(round);
        }
    }
}

impl Drop for KeptRounds<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Writes rounds until there are no more, or the disk refuses. What is kept has no gap then: later rounds are left out.
fn write_all(folder: &Path, from: &Receiver<ShardResults>, kept: &AtomicUsize) {
    while let Ok(round) = from.recv() {
        let range = round.held();
        if write(folder, &round).is_none() {
            return;
        }
        kept.fetch_add(range.len(), Ordering::Relaxed);
    }
}

fn write(folder: &Path, round: &ShardResults) -> Option<()> {
    if fs::symlink_metadata(folder).is_err() {
        fs::create_dir(folder).ok()?;
    }
    fs::symlink_metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    let bytes = round.to_bytes().ok()?;
    let aside = tempfile::Builder::new().prefix(ASIDE).make_in(folder, |path| File::create_new(path)).ok()?;
    aside.as_file().write_all(&bytes).ok()?;
    aside.persist(folder.join(name_of(&round.held()))).ok().map(|_| ())
}

fn name_of(range: &Range<usize>) -> String {
    format!("{:06}-{:06}.{ENDING}", range.start, range.end)
}

fn range_of(file: &Path) -> Option<Range<usize>> {
    let (stem, ending) = (file.file_stem()?.to_str()?, file.extension()?);
    let (start, end) = stem.split_once('-').filter(|_| ending == ENDING)?;
    let range = start.parse().ok()?..end.parse().ok()?;
    (name_of(&range) == file.file_name()?.to_str()?).then_some(range)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let real = fs::symlink_metadata(folder).is_ok_and(|it| it.is_dir());
    let entries = real.then(|| fs::read_dir(folder).ok()).flatten();
    entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// Takes rounds away, and what a killed process was writing; files of others stay, and the folder with them.
fn sweep(folder: &Path) {
    for file in files(folder) {
        let aside = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(ASIDE));
        if aside || range_of(&file).is_some() {
            let _ = fs::remove_file(file);
        }
    }
    let _ = fs::remove_dir(folder);
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_rounds_are_taken_away() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("run.replications");
        fs::create_dir(&folder).unwrap();
        for name in ["000000-000016.civicap", "shard-1-of-2.civicap", "0-16.civicap", ".civicap-round-abc", "notes"] {
            fs::write(folder.join(name), "").unwrap();
        }
        sweep(&folder);
        let mut left: Vec<String> =
            files(&folder).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
        left.sort();
        assert_eq!(left, ["0-16.civicap", "notes", "shard-1-of-2.civicap"]);
    }
}
