//! What `[elderly]` may say, and what it says: keys and tables, read and checked.

pub(crate) mod cells;
mod definition;
mod keys;
mod network;
mod section;
mod service_use;
mod standalone;
mod standalone_keys;
mod tables;
mod transition_table;

pub(crate) use keys::KEYS;
pub(crate) use section::read;
