//! How wide the terminal is.

use terminal_size::{Width, terminal_size};

/// Columns where nobody says how many there are: in pipes and files.
const UNKNOWN: u16 = 140;

/// Columns to write in: what `COLUMNS` says, else what the terminal has.
pub(super) fn width() -> u16 {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    said.or_else(|| terminal_size().map(|(Width(columns), _)| columns)).unwrap_or(UNKNOWN)
}
