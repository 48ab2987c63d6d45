//! The `civicap` command.

fn main() {}
