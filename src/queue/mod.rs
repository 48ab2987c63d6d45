//! Queues: exact answers of queueing theory, used as oracles and to bracket searches.

pub mod formulae;
