//! What is made of results: summaries of every cell, verdicts, and where the uncertainty comes from.

mod digest;
mod sensitivity;
mod verdict;

pub use digest::Digest;
pub use sensitivity::{Headline, Influence, headlines};
pub use verdict::{Rank, Verdict, verdicts};
