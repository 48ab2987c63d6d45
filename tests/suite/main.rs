//! The test suite.

mod oracle;
mod people;
mod support;
