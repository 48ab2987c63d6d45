//! Published and exact answers.

mod branching;
mod leslie;
