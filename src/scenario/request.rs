//! What is asked of a scenario beside what its file says.

/// What is asked for beside the file: the words of the command line that change what a scenario means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request {
    /// First and last reported year, within the scenario's own horizon.
    pub years: Option<(i32, i32)>,
}
