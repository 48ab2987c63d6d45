//! Published and exact answers.

mod branching;
mod china;
mod fan;
mod leslie;
mod persons;
mod registered_persons;
mod textbook;
