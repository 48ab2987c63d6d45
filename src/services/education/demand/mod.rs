//! Who wants a place: children by area and grade, September by September.

pub(crate) mod children;
pub(crate) mod inflow;
