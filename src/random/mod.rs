//! Randomness: keyed streams and exact samplers.

pub mod stream;

pub use stream::{Purpose, Stream, Streams};
