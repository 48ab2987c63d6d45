//! Health: are there beds, tier by tier, for the people who need one?
#![doc = include_str!("method.md")]

mod analytic;
mod demand;
mod engine;
mod input;
mod intensive_care;
mod levels;
mod messages;
mod metrics;
mod model;
mod record;
mod replication;
mod stay;
mod tier;
mod time;

use crate::input::Section;
use crate::language::Text;
use crate::metric::Catalogue;
use crate::services::service::{ExpandableCapacity, GrowthPoint, Service, ServiceKind, ServiceState, Surroundings};
use crate::site::Site;

/// Health as a service.
pub static KIND: ServiceKind = ServiceKind {
    name: "health",
    label: metrics::LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfTier::TABLE,
        metrics::OfResidents::TABLE,
        metrics::OfUnit::TABLE,
        metrics::OfHospital::TABLE,
        metrics::OfIntensiveCare::TABLE,
    ],
    keys: input::keys::KEYS,
    read: read_service,
};

fn read_service(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    input::section::read(section, site, catalogue).map(|model| Box::new(Health { model }) as Box<dyn Service>)
}

/// The compiled service.
#[derive(Debug)]
struct Health {
    model: model::HealthModel,
}

impl Service for Health {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        Box::new(replication::HealthState::new(&self.model))
    }

    fn growing(&self) -> Vec<ExpandableCapacity> {
        self.model.growing.clone()
    }

    fn notes(&self, at: &Surroundings<'_>) -> Vec<Text> {
        levels::notes(&self.model, at)
    }

    fn requests_a_year(&self, at: &Surroundings<'_>) -> f64 {
        levels::requests_a_year(&self.model, at)
    }

    fn growth(&self, _site: &Site) -> Vec<GrowthPoint> {
        self.model.growth.clone()
    }
}
