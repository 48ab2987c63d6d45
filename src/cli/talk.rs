//! What is said, where, and what the exit code is: data on standard output, everything else on standard error.

use std::io::{self, ErrorKind, Write};

use super::system_errors::in_words;
use super::{exit, visible};
use crate::language::{Language, Text};
use crate::text;

/// Why a command ends without what was asked for.
#[derive(Debug)]
pub(super) struct Failure {
    /// The exit code.
    pub code: u8,
    /// What to say; nothing where it was said already.
    pub said: Option<Text>,
}

impl Failure {
    /// Wrong arguments, or files that cannot be used.
    pub(super) fn bad_input(said: Text) -> Self {
        Self { code: exit::BAD_INPUT, said: Some(said) }
    }

    /// Something that was asked for rightly could not be done.
    pub(super) fn failed(said: Text) -> Self {
        Self { code: exit::FAILURE, said: Some(said) }
    }

    /// A scenario or a table whose faults were shown.
    pub(super) fn shown() -> Self {
        Self { code: exit::BAD_INPUT, said: None }
    }
}

/// What a command makes.
pub(super) type Done<T = ()> = Result<T, Failure>;

/// Tells a failure, and returns the exit code.
pub(super) fn report_failure(failure: &Failure, language: Language) -> u8 {
    if let Some(said) = &failure.said {
        let _ = writeln!(io::stderr(), "civicap: {}", visible::message(said.get(language)));
    }
    failure.code
}

/// Tells what is no failure.
pub(super) fn remark(said: &Text, language: Language) {
    let _ = writeln!(io::stderr(), "civicap: {}", visible::message(said.get(language)));
}

/// Writes data to standard output.
///
/// # Errors
/// When it cannot be written: what was asked for is then not there. A reader that has read enough
/// (`civicap run ... | head`) is no failure.
pub(super) fn print(text: &str) -> Done {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(reason) if reason.kind() != ErrorKind::BrokenPipe => {
            let reason = in_words(&reason);
            let (en, zh) = (&reason.en, &reason.zh);
            Err(Failure::failed(text!("cannot write to standard output: {en}", "无法写到标准输出：{zh}")))
        }
        _ => Ok(()),
    }
}
