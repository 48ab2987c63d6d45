//! Who is served: beds with their waiting lists, places of the community, and queues and stations of their own.

pub(crate) mod attendance;
pub(crate) mod community;
pub(crate) mod pools;
pub(crate) mod reneging;
pub(crate) mod requests;
pub(crate) mod standalone_queues;
pub(crate) mod standalone_stations;
pub(crate) mod waiting_lists;
