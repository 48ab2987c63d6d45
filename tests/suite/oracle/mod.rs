//! Published and exact answers.

mod branching;
mod china;
mod leslie;
mod persons;
mod textbook;
