//! Two counts, one after the other.

/// The way from one count to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The first count, by position.
    pub from: usize,
    /// The next.
    pub to: usize,
    /// Whole years between them.
    pub years: usize,
}
