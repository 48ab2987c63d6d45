//! Exit codes.

/// Everything went well.
pub(super) const SUCCESS: u8 = 0;

/// The run failed: a file could not be written, threads could not be started, somebody stopped it.
pub(super) const FAILURE: u8 = 1;

/// Bad use: wrong arguments, or a scenario with faults. Clap uses the same number.
pub(super) const BAD_INPUT: u8 = 2;
