//! A year on one path, as everything about beds needs it.

use crate::services::health::model::HealthModel;
use crate::services::service::ReplicationContext;
use crate::uncertainty::Parameter;

/// The model, the path, and where the year stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HealthYear<'a> {
    pub(crate) model: &'a HealthModel,
    pub(crate) context: ReplicationContext<'a>,
    /// Its number in the simulation, which parameters are drawn by.
    pub(crate) index: usize,
    /// Its calendar year, and how many days it has.
    pub(crate) calendar: i32,
    pub(crate) days: u32,
    /// Its name in random streams; the days before the first reported year have one of their own.
    pub(crate) stream: u32,
}

impl HealthYear<'_> {
    /// A parameter in this year.
    pub(crate) fn at(&self, parameter: Parameter) -> f64 {
        self.at_area(parameter, 0)
    }

    /// A parameter in this year and an area.
    pub(crate) fn at_area(&self, parameter: Parameter, area: usize) -> f64 {
        self.context.draw.at(parameter, self.index, area)
    }
}
