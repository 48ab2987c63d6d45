//! Health: are there beds, tier by tier, for the people who need one?
#![doc = include_str!("method.md")]

mod after;
mod agenda;
mod arrivals;
mod beds;
mod blocks;
mod calendar;
mod census;
mod choice;
mod closed_form;
mod daily;
mod days;
mod demand;
mod discharge;
mod draws;
mod epidemic;
mod exact;
mod histogram;
mod hospitals;
mod intensive;
mod intensive_count;
mod lists;
mod metrics;
mod midnights;
mod model;
mod more_beds;
mod network;
mod read;
mod read_intensive;
mod read_terms;
mod readmission;
mod season;
mod spec;
mod spread;
mod state;
mod stay;
mod survivors;
mod tables;
mod tally;
mod units;
mod wards;
mod year;

use crate::input::Section;
use crate::language::Text;
use crate::metric::Catalogue;
use crate::services::service::{ExpandableCapacity, Service, ServiceKind, ServiceState};
use crate::site::Site;

const LABEL: Text = Text::new("Health", "医疗");

/// Health as a service.
pub static KIND: ServiceKind = ServiceKind {
    name: "health",
    label: LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfTier::TABLE,
        metrics::OfResidents::TABLE,
        metrics::OfUnit::TABLE,
        metrics::OfHospital::TABLE,
        metrics::OfIntensiveCare::TABLE,
    ],
    keys: spec::KEYS,
    read: read_service,
};

fn read_service(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    read::read(section, site, catalogue).map(|model| Box::new(Health { model }) as Box<dyn Service>)
}

/// The compiled service.
#[derive(Debug)]
struct Health {
    model: model::Model,
}

impl Service for Health {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        Box::new(state::State::new(&self.model))
    }

    fn growing(&self) -> Vec<ExpandableCapacity> {
        self.model.growing.clone()
    }
}
