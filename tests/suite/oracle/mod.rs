//! Published and exact answers.

mod leslie;
