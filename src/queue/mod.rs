//! Queues: a waiting line over several places, and the exact answers of queueing theory used as its oracles.

pub mod formulae;
pub mod waiting_line;
