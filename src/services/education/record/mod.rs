//! What is reported of a September.

pub(crate) mod catchment_metrics;
pub(crate) mod grades;
pub(crate) mod nearness;
pub(crate) mod outcomes;
