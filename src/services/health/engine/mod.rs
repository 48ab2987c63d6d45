//! Who gets which bed: the network of pools in continuous time, and the tier that is simulated in daily steps.

pub(crate) mod calendar;
pub(crate) mod component_state;
pub(crate) mod day_engine;
pub(crate) mod event_engine;
pub(crate) mod event_queue;
pub(crate) mod network;
pub(crate) mod open_beds;
pub(crate) mod tally;
