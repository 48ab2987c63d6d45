//! The scores of a backtest in words and as a table.

/// What was scored: to be said, and as a table.
pub(super) struct Scored {
    pub(super) said: String,
    pub(super) table: String,
}
