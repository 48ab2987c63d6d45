//! The compiled inputs of queues and day-care stations of their own, with demand given directly. Immutable once read.

use super::engine::reneging::Hazards;
use crate::language::Text;
use crate::random::StreamKey;
use crate::uncertainty::Parameter;

/// What is said of giving up at a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum QueuePatience {
    /// Nobody gives up.
    Endless,
    /// Mean months until any cause.
    Months(Parameter),
    /// Yearly hazards by cause.
    ByCause(Hazards),
}

/// Who is there on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Nobody.
    Empty,
    /// A Poisson number around requests x stay.
    OfferedLoad,
    /// Those who were counted, in a place or on the list.
    Counted(u32),
}

impl Start {
    /// What scenarios call them.
    pub(crate) const WORDS: &[&str] = &["empty", "offered_load", "counted"];
}

/// A queue of its own.
#[derive(Clone, Debug)]
pub(crate) struct StandaloneQueue {
    pub name: String,
    pub label: Text,
    pub requests: Parameter,
    pub places: u32,
    /// Mean stay in months.
    pub stay: Parameter,
    pub patience: QueuePatience,
    pub urgent: Parameter,
    /// Of those who find no free place, share who go elsewhere at once.
    pub outside: Parameter,
    /// Number of the queue asked when this one is full.
    pub then: Option<usize>,
    pub warm_up: u32,
    pub start: Start,
}

impl StandaloneQueue {
    /// What its random streams are named by.
    pub(crate) fn key(&self) -> StreamKey {
        StreamKey::named(&self.name)
    }
}

/// A day-care station of its own.
#[derive(Clone, Debug)]
pub(crate) struct StandaloneStation {
    pub name: String,
    pub label: Text,
    pub enrolled: u32,
    pub places: u32,
    pub attendance: Parameter,
    pub days_open: u32,
}
