//! Need for care: none, mild, moderate, severe, by sex and single age from 60; how many have it, and how it moves.

pub(crate) mod embedding;
pub(crate) mod levels;
pub(crate) mod matrix;
pub(crate) mod prevalence;
mod published_rates;
pub(crate) mod transitions;

#[cfg(test)]
mod tests;
