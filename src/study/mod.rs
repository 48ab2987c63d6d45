//! What is made of results: summaries of every cell, verdicts, and where the uncertainty comes from.

mod digest;
mod precision;
mod sensitivity;
mod verdict;

pub use digest::Digest;
pub use precision::largest_error;
pub use sensitivity::{Headline, Influence, headlines};
pub use verdict::{Rank, Verdict, verdicts};
