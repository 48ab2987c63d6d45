//! `inputs/`: a copy of every file that a run read, and of what was set beside them, so that it can be simulated again,
//! compared and read after the scenario has been edited.
//!
//! Folders stand to each other as they did, from the nearest folder that all files share, its name included; texts are
//! without a byte-order mark, as they were read. A run of the copy has the hash of the run.

use std::path::{Component, Path, PathBuf};

use super::run_folder::RunFolder;
use crate::diagnostic::SourceFile;
use crate::language::Text;

/// Name of the folder.
const FOLDER: &str = "inputs";

/// Name of the list of keys that were set.
const SETTINGS: &str = "inputs/settings.toml";

/// Most bytes that are copied; the inputs of a larger run are not kept.
const MOST: usize = 64 << 20;

/// Names that the copies of the files that were read have in a run's folder, the scenario first; none where they are too
/// large to be kept.
fn names(read: &[SourceFile]) -> Vec<String> {
    let size: usize = read.iter().map(|file| file.text.len()).sum();
    if size > MOST {
        return Vec::new();
    }
    let places: Vec<PathBuf> = read.iter().map(|file| plain(&file.path)).collect();
    let shared = shared(&places);
    places.iter().map(|place| name_below(place, &shared)).collect()
}

/// Copies the files that were read. The copy of the scenario, seen from the run's folder; `None` where they are not kept.
///
/// # Errors
/// When the disk refuses.
pub(super) fn copy(folder: &RunFolder, read: &[SourceFile]) -> Result<Option<String>, Text> {
    let names = names(read);
    for (i, (name, file)) in names.iter().zip(read).enumerate() {
        // A table that two keys name was read twice.
        if !names[..i].contains(name) {
            folder.write(name, file.text.as_bytes())?;
        }
    }
    Ok(names.into_iter().next())
}

/// Names of the files that the inputs of a run become in its folder.
pub(super) fn all_names(read: &[SourceFile], settings: &[String]) -> Vec<String> {
    let mut names = names(read);
    names.extend((!settings.is_empty()).then(|| SETTINGS.to_owned()));
    names
}

/// Writes down what was set beside the files, with the command that sets it again.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_settings(folder: &RunFolder, settings: &[String], scenario: Option<&str>) -> Result<(), Text> {
    if settings.is_empty() {
        return Ok(());
    }
    let scenario = scenario.unwrap_or("scenario.toml");
    let again = settings.iter().map(|line| format!(" --set '{}'", line.replace('\'', r"'\''"))).collect::<String>();
    let lines = settings.iter().map(|line| format!("{line}\n")).collect::<String>();
    let text = format!("# civicap run {scenario}{again}\n\n{lines}");
    folder.write(SETTINGS, text.as_bytes()).map(|_| ())
}

/// An absolute path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// What lies above the nearest folder that holds all of `places`.
fn shared(places: &[PathBuf]) -> PathBuf {
    let folder = |place: &PathBuf| place.parent().map(Path::to_owned).unwrap_or_default();
    let mut shared = places.first().map(folder).unwrap_or_default();
    while !places.iter().all(|place| place.starts_with(&shared)) && shared.pop() {}
    shared.pop();
    shared
}

fn name_below(place: &Path, shared: &Path) -> String {
    let below = place.strip_prefix(shared).unwrap_or(place);
    let parts = below.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    [FOLDER.to_owned()].into_iter().chain(parts).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_kept_files_stand_to_each_other_as_they_did() {
        let names = |paths: &[&str]| {
            let places: Vec<PathBuf> = paths.iter().map(|path| plain(Path::new(path))).collect();
            let shared = shared(&places);
            places.iter().map(|place| name_below(place, &shared)).collect::<Vec<_>>()
        };
        assert_eq!(
            names(&["/plans/2025/scenario.toml", "/plans/2025/data/births.csv"]),
            ["inputs/2025/scenario.toml", "inputs/2025/data/births.csv"]
        );
        assert_eq!(
            names(&["/plans/2025/late.toml", "/plans/2025/../base/scenario.toml", "/plans/base/./a.csv"]),
            ["inputs/plans/2025/late.toml", "inputs/plans/base/scenario.toml", "inputs/plans/base/a.csv"]
        );
        assert_eq!(names(&["/scenario.toml", "/a.csv"]), ["inputs/scenario.toml", "inputs/a.csv"]);
    }
}
