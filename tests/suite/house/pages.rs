//! The pages for contributors: what they quote is the code itself, and the example that one of them walks through runs.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../../examples/check_ups.rs"]
mod check_ups;

/// A quotation: the file that it names, and its pieces, in the order of the file, between `// ...`.
struct Quotation {
    file: String,
    pieces: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The blocks of Rust of a page, each after a line that names its file: `` `path`: ``.
fn quotations(page: &str) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let (mut file, mut open) = (None, false);
    for line in page.lines() {
        if line == "```rust" {
            let file = file.take().expect("a line before the block names the file that it is from");
            found.push(Quotation { file, pieces: vec![String::new()] });
            open = true;
        } else if line.starts_with("```") {
            open = false;
        } else if open {
            let pieces = &mut found.last_mut().expect("a block is open").pieces;
            if line.trim() == "// ..." {
                pieces.push(String::new());
            } else if let Some(piece) = pieces.last_mut() {
                piece.push_str(line);
                piece.push('\n');
            }
        } else if let Some(named) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            file = Some(named.to_owned());
        }
    }
    found
}

#[test]
fn pages_for_contributors_quote_the_code_that_is_built() {
    let pages = fs::read_dir(root().join("docs/contributing")).unwrap().map(|entry| entry.unwrap().path());
    let mut quoted = 0;
    for path in pages {
        let page = fs::read_to_string(&path).unwrap();
        for Quotation { file, pieces } in quotations(&page) {
            let code = fs::read_to_string(root().join(&file)).unwrap_or_else(|_| panic!("{file} is not there"));
            let mut rest = code.as_str();
            for piece in pieces {
                let at = rest
                    .find(&piece)
                    .unwrap_or_else(|| panic!("{} quotes of {file}, but not as it is:\n{piece}", path.display()));
                rest = &rest[at + piece.len()..];
                quoted += 1;
            }
        }
    }
    assert!(quoted > 15, "the quotations are not seen: {quoted}");
}

#[test]
fn the_service_of_the_example_loses_nobody() {
    check_ups::main().unwrap();
}

#[test]
fn pages_for_contributors_lead_to_files_that_are_there() {
    for entry in fs::read_dir(root().join("docs/contributing")).unwrap() {
        let path = entry.unwrap().path();
        let page = fs::read_to_string(&path).unwrap();
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(Path::new(&path).parent().unwrap().join(link).exists(), "{}: {link}", path.display());
        }
    }
}
