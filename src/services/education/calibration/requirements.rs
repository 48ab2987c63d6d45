//! How long a series must be.

/// Fewest years of ratios before the first trial forecast.
pub(crate) const SHORTEST_HISTORY: usize = 3;

/// The series is too short for what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// Years in which every grade is known, in at least one area.
    pub years: usize,
    /// Years that are needed.
    pub needed: usize,
}
