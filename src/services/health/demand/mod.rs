//! Who asks for a bed, when, and what comes after the stay.

pub(crate) mod arrivals;
pub(crate) mod elective_lists;
pub(crate) mod epidemic;
pub(crate) mod health_year;
pub(crate) mod post_discharge;
pub(crate) mod request;
pub(crate) mod season;
pub(crate) mod yearly_demand;
