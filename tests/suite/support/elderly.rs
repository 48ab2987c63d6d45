//! The flagship without education and health, so that its elderly care runs in moments.

use std::path::Path;

/// A folder with `scenario.toml` and the tables it needs.
pub(crate) fn network_only() -> tempfile::TempDir {
    network_with(|text| text)
}

/// The same, with the text of the scenario changed.
pub(crate) fn network_with(change: impl Fn(String) -> String) -> tempfile::TempDir {
    let flagship = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for entry in std::fs::read_dir(flagship.join("data")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), folder.path().join("data").join(entry.file_name())).unwrap();
    }
    let text = std::fs::read_to_string(flagship.join("scenario.toml")).unwrap();
    let mut kept = String::new();
    let mut keep = true;
    for line in text.lines() {
        if line.starts_with('[') {
            keep = !line.starts_with("[education") && !line.starts_with("[health");
        }
        if keep {
            kept += line;
            kept.push('\n');
        }
    }
    std::fs::write(folder.path().join("scenario.toml"), change(kept)).unwrap();
    folder
}
