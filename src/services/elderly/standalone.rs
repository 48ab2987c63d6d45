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
    pub empty: bool,
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
