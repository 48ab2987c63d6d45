//! What is asked of a scenario beside what its file says.

use std::path::Path;

/// A scenario file with what is set beside it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file.
    pub file: &'a Path,
    /// Keys to be set, as in [`Request`].
    pub settings: &'a [String],
}

impl<'a> Source<'a> {
    /// A file with nothing set beside it.
    pub const fn plain(file: &'a Path) -> Self {
        Self { file, settings: &[] }
    }
}

/// What is asked for beside the file: the words of the command line that change what a scenario means.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// First and last reported year, within the scenario's own horizon.
    pub years: Option<(i32, i32)>,
    /// Keys to be set beside the file, in their order: `people.births.births_per_woman = 1.1`.
    pub settings: Vec<String>,
}
