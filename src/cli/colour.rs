//! Whether to use colour: on a terminal, unless `NO_COLOR`, `CLICOLOR=0` or a dumb terminal says no; in a pipe only when
//! `CLICOLOR_FORCE` says so.

use anstream::{AutoStream, ColorChoice};

/// Colour on standard output.
pub(super) fn on_stdout() -> bool {
    AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
}

/// Colour on standard error.
pub(super) fn on_stderr() -> bool {
    AutoStream::choice(&std::io::stderr()) != ColorChoice::Never
}
