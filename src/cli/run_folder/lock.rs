//! One writer for a folder: a lock that the system holds for this process and frees when it dies.
//!
//! The lock lies on a file in the folder, which says who holds it since when and is taken away at the end. A file that was
//! taken away, or whose folder was swapped, between opening and locking is found by its identity, and one tries again.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::names::ASIDE;
use crate::language::Text;
use crate::text;

/// How often a lock is tried whose file has just been taken away.
const TRIES: usize = 100;

/// Most bytes of a lock's file that are read.
const LONGEST: u64 = 4_096;

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

/// Why a lock was not given.
#[derive(Debug)]
pub(super) enum NotLocked {
    /// Somebody else holds it.
    Held(Holder),
    /// The system refuses.
    Refused(io::Error),
}

/// Who holds a lock.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Holder {
    process: u32,
    machine: String,
    user: String,
    since_unix: u64,
}

impl Holder {
    fn here() -> Self {
        let named = |name: &str| std::env::var(name).unwrap_or_default();
        Self {
            process: std::process::id(),
            machine: machine(),
            user: if named("USER").is_empty() { named("USERNAME") } else { named("USER") },
            since_unix: now(),
        }
    }

    /// Who it is and since when, in words.
    pub(super) fn in_words(&self) -> Text {
        let Self { process, machine, user, since_unix } = self;
        if *process == 0 {
            return Text::new("another civicap", "另一个 civicap");
        }
        let minutes = now().saturating_sub(*since_unix) / 60;
        let of_day = since_unix % 86_400;
        let (hour, minute) = (of_day / 3_600, of_day % 3_600 / 60);
        let who = [user.as_str(), machine.as_str()].into_iter().filter(|name| !name.is_empty());
        let who = who.collect::<Vec<_>>().join("@");
        text!(
            "civicap, process {process} of {who}, for {minutes} min (since {hour:02}:{minute:02} UTC)",
            "civicap（{who}，进程 {process}，已 {minutes} 分钟，自 {hour:02}:{minute:02} UTC）"
        )
    }
}

impl Lock {
    /// Takes the lock on `name` in a folder, at once or not at all.
    pub(super) fn take(folder: &Path, name: &str) -> Result<Self, NotLocked> {
        let path = folder.join(format!("{ASIDE}lock{name}"));
        for _ in 0..TRIES {
            let file = open(&path).map_err(NotLocked::Refused)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(NotLocked::Held(holder(file))),
                // Some network disks have no locks: one goes on without.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            if is_still(&file, &path) {
                let lock = Self { file, path };
                lock.say_who();
                return Ok(lock);
            }
        }
        Err(NotLocked::Refused(io::ErrorKind::Interrupted.into()))
    }

    /// Makes a folder if need be and takes the lock on `name` in it. Somebody who is just leaving may take away a folder that
    /// it had made, between the one and the other: one tries again.
    pub(super) fn take_making(folder: &Path, name: &str) -> Result<Self, NotLocked> {
        for _ in 0..TRIES {
            let locked = fs::create_dir_all(folder).map_err(NotLocked::Refused).and_then(|()| Self::take(folder, name));
            match locked {
                Err(NotLocked::Refused(reason)) if reason.kind() == io::ErrorKind::NotFound => {}
                locked => return locked,
            }
        }
        Err(NotLocked::Refused(io::ErrorKind::NotFound.into()))
    }

    /// Follows a lock whose folder has taken the place of `folder`.
    pub(super) fn moved_to(&mut self, folder: &Path) {
        self.path = folder.join(self.path.file_name().unwrap_or_default());
    }

    /// Says in the file who holds the lock. That it cannot be said is no reason not to work.
    fn say_who(&self) {
        let said = serde_json::to_vec(&Holder::here()).unwrap_or_default();
        let _ = self.file.set_len(0).and_then(|()| (&self.file).write_all(&said));
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked, so nobody takes it for free in between. Once more, where a system is slow to let go.
        if fs::remove_file(&self.path).is_err() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn holder(mut file: File) -> Holder {
    let mut said = Vec::new();
    let _ = file.rewind().and_then(|()| (&file).take(LONGEST).read_to_end(&mut said));
    serde_json::from_slice(&said).unwrap_or_default()
}

/// Opens the file of a lock; never what a link names, which somebody else may have laid there.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::AlreadyExists.into()) }
}

/// Whether the path still leads to the file that was locked.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| a.dev() == b.dev() && a.ino() == b.ino();
    file.metadata().ok().zip(fs::symlink_metadata(path).ok()).is_some_and(|(a, b)| same(a, b))
}

#[cfg(not(unix))]
fn is_still(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(unix)]
fn machine() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn machine() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_comer_is_told_who_holds_the_lock_and_a_freed_one_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path(), "").unwrap();
        let Err(NotLocked::Held(holder)) = Lock::take(folder.path(), "") else { panic!("it is held") };
        assert_eq!(holder.process, std::process::id());
        assert!(holder.in_words().en.contains(&std::process::id().to_string()));
        drop(Lock::take(folder.path(), "-of-something-else").unwrap());
        drop(lock);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        drop(Lock::take(folder.path(), "").unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_laid_in_its_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "mine").unwrap();
        std::os::unix::fs::symlink(&other, folder.path().join(format!("{ASIDE}lock"))).unwrap();
        assert!(matches!(Lock::take(folder.path(), ""), Err(NotLocked::Refused(_))));
        assert_eq!(fs::read_to_string(&other).unwrap(), "mine");
    }
}
