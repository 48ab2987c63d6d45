//! What is reported of a year of each service.

pub(crate) mod beds;
pub(crate) mod block_year;
pub(crate) mod community;
pub(crate) mod standards;
pub(crate) mod uncounted;
pub(crate) mod waiting_lists;
