//! Names of files and folders: civicap's own hidden ones, and what may be taken from a file or a scenario for a name.

use std::path::{Component, Path};

/// Name of the file that makes a folder a finished run.
pub(in crate::cli) const MANIFEST: &str = "manifest.json";

/// Beginning of the names of files and folders that are there only while civicap works.
pub(super) const ASIDE: &str = ".civicap-";

/// Longest name made of a scenario's, in characters.
const LONGEST: usize = 80;

/// Whether a name from a manifest is a plain path below its folder.
pub(super) fn is_below(name: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !name.is_empty() && !name.contains(['\\', '\0']) && Path::new(name).components().all(plain)
}

/// One part of a path made of any text: letters, digits, `-`, `_` and `.`, never hidden, never leading elsewhere.
pub(in crate::cli) fn safe_name(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = text.trim_start_matches('.').chars().map(plain).take(LONGEST).collect();
    if name.is_empty() { "run".to_owned() } else { name }
}

/// The beginning of the names of folders beside `folder` that are to take its place: of no other folder there.
pub(super) fn beside(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    format!("{ASIDE}{}-", &blake3::hash(name.as_bytes()).to_hex()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_makes_a_name_that_leads_elsewhere() {
        for text in
            ["../../../escaped", "/etc/passwd", "..", ".", "", "a\\b", "a\0b", "\u{202e}cod", &"x".repeat(9_000)]
        {
            let name = safe_name(text);
            assert!(is_below(&name) && !name.contains('/') && !name.starts_with('.'), "{name}");
            assert!(name.chars().count() <= LONGEST);
        }
        assert_eq!(safe_name("历下区-2024_a.b"), "历下区-2024_a.b");
    }

    #[test]
    fn names_from_manifests_stay_below_their_folder() {
        for name in ["../a", "/a", "a/../b", "", "a\\..\\b", "./a", "C:\\a"] {
            assert!(!is_below(name) || name == "./a", "{name}");
        }
        assert!(is_below("inputs/a/b.csv"));
    }
}
