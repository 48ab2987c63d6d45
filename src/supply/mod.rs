//! Places of all services: which facilities there are, and on which days their places exist on a path.
//!
//! A service says how places serve people; when they exist is said here, once. A table of facilities has one grammar in all
//! services ([`columns`]):
//!
//! | column | meaning |
//! |---|---|
//! | `facility`, `area` | its key, and the area that it stands in |
//! | level | stage, tier or level; each service has its own words ([`Grammar`]) |
//! | kind | what its places are for: specialty, service; a school's are for its stage |
//! | places | classes, beds or places, when all are open |
//! | `opens` | first day; empty: open from the start, or with its `project` |
//! | `closes`, `reopens` | first day without it, and the first with it again |
//! | `project` | moves both dates that lie ahead, and takes them away when it is left out |
//! | `staff` | carers on the books: usable places are the lesser of built and staffed ([`usable`]) |
//! | `price_class` | what a place costs those who use it |
//!
//! # When a row is open
//!
//! 1. What is open on the first reported day is *present*, whatever its date: doubt about present capacity applies to it
//!    ([`Schedule::is_present`]), and no project moves a day that is past.
//! 2. An empty `opens` with a project is the project's date plus its delay; a row's own `opens` plus that delay otherwise (a
//!    phase of the project). Where no row of a table opens on its project's date, or one before it, that is a warning.
//! 3. A project moves `closes` and `reopens` of its row by the same delay. Left out (`exclude_projects`), it takes all three
//!    away: what would have opened never does, and what stands stays.
//! 4. `closes` on or before `opens`, `reopens` on or before `closes` and days that the calendar does not have are faults.
//! 5. Converted rooms leave one level and come to another on the same day ([`Schedule::converted`]); none is lost or won.
//!
//! # How a service uses it
//!
//! Once, when the scenario is read: [`read`] gives the rows of its table ([`Listed`]), each with what all services have in common
//! and the [`Row`](crate::input::Row) for the service's own columns. On each path: [`Calendar::settle`] fixes the days of every
//! row ([`Open`]). In each year a service takes its view of them:
//!
//! | service | view |
//! |---|---|
//! | education | [`Open::on`] a 1 September, [`Open::intakes_before`] that of a year |
//! | health | [`Open::within`] a year: its days, from 0, and [`Calendar::changes_in`] it |
//! | elderly care | [`Open::years_since`] the first reported year |
//!
//! Shape: a calendar has a row for each row of the table (or part of one, where rooms are converted). Unit: whole days.
//! Draws: none of its own; delays are parameters of the path. It does not say who may use a place, and counts no people.

mod calendar;
pub mod columns;
mod messages;
mod schedule;
mod table;

pub use calendar::{Calendar, DaysOfYear, Open, OpenYears};
pub use schedule::{Converted, Planned, Schedule, day_of};
pub use table::{Grammar, Listed, Rows, Words, read, usable};

#[cfg(test)]
mod tests;
