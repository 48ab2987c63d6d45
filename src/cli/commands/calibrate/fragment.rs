//! A piece of a scenario with estimates, in a folder of its own with the tables that it names.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::run_folder::{Claim, MANIFEST, Manifest, RunFolder};
use crate::cli::talk::{Done, Failure};
use crate::cli::visible;
use crate::language::Text;

/// Where a fragment goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether an earlier fragment may be replaced.
    pub overwrite: bool,
    /// The table that was estimated on.
    pub table: &'a Path,
    /// The scenario that was estimated for.
    pub scenario: Option<&'a Path>,
}

/// One file of a fragment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// Writes the files of a fragment in one step; what was written, in words.
pub(super) fn write(place: &Place<'_>, pieces: &[Piece<'_>]) -> Done<Text> {
    let mut writes: Vec<String> = pieces.iter().map(|piece| piece.name.to_owned()).collect();
    writes.push(MANIFEST.to_owned());
    let reads: Vec<PathBuf> = [Some(place.table), place.scenario].into_iter().flatten().map(Path::to_owned).collect();
    let claim = Claim { folder: place.folder, overwrite: place.overwrite, writes: &writes, reads: &reads, same: None };
    let mut folder = RunFolder::claim(&claim)?;
    let mut files = String::new();
    for piece in pieces {
        let written = folder.write(piece.name, piece.text.as_bytes()).map_err(Failure::failed)?;
        files.push_str(&format!("  {}\n", visible::path(&written)));
    }
    let run = json!({ "table": name_of(place.table) });
    let manifest = Manifest { kind: Some("calibration"), facts: json!({}), run };
    folder.seal(manifest).map_err(Failure::failed)?;
    Ok(Text::owned(format!("\nfiles:\n{files}"), format!("\n文件：\n{files}")))
}

/// The name of a file, for provenance.
pub(super) fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
