//! What needs no simulation: the census without limits, and the beds that it asks for.

pub(crate) mod census;
pub(crate) mod closed_form;
