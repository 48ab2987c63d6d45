//! Elderly care: from need to a place in the three-level network.
//!
//! Residents aged 60+ by need (none, mild, moderate, severe) ask for home visits, day places and beds with the take-up
//! observed today. Stations, subdistrict centres and the district's homes serve them in that order; who finds no place
//! waits and may give up. The full method is in `method.md`.
//!
//! | room | what it answers |
//! |---|---|
//! | `care` | which services, levels and prices there are |
//! | `network`, `standalone` | what was given, compiled |
//! | `input` | what a scenario may say, and what it says |
//! | `demand` | who asks: need, how it moves, take-up |
//! | `engine` | who is served: beds and lists, the community, queues of their own |
//! | `record` | what is reported |
//! | `calibration` | what places in use say of take-up |
//! | `model`, `replication`, `network_replication`, `path` | the compiled service, and one replication of it, year by year |

pub mod calibration;
pub mod care;
mod demand;
mod engine;
mod growth;
mod input;
mod messages;
mod metrics;
mod model;
mod network;
mod network_replication;
mod path;
mod record;
mod replication;
mod standalone;

use crate::input::Section;
use crate::language::Text;
use crate::metric::Catalogue;
use crate::services::service::{Service, ServiceKind};
use crate::site::Site;
use engine::standalone_queues::chains;
use model::Elderly;

/// The roster line of elderly care.
pub static KIND: ServiceKind = ServiceKind {
    name: "elderly",
    label: model::LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfCare::TABLE,
        metrics::OfNeed::TABLE,
        metrics::OfDefinitions::TABLE,
        record::waiting_lists::OfList::TABLE,
    ],
    keys: input::KEYS,
    read,
};

fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    let inputs = input::read(section, site)?;
    let chains = chains(&inputs.queues);
    Some(Box::new(Elderly::new(inputs, chains, site, catalogue)))
}
