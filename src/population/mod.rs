//! People: who lives where, year by year.

pub mod view;
