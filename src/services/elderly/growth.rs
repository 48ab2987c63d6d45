//! Where places can be added: to every service of the network in every area, and to every queue and station of its own.

use super::care::{Care, Delivery, Level, PriceClass};
use super::model::{Elderly, NetworkModel};
use crate::language::Text;
use crate::metric::BlockId;
use crate::services::service::{BuildingUnit, GrowthPoint, Written};
use crate::site::Site;

/// Clients of home visits, day places and meals come by the round of a carer or by the room.
const ROUND: u32 = 10;
/// Beds come by the corridor.
const CORRIDOR: u32 = 5;

/// The points of the network, then those of queues and stations.
pub(super) fn points(model: &Elderly, site: &Site) -> Vec<GrowthPoint> {
    let network = model.network.iter().flat_map(|network| of_network(network, site));
    let queues = model.queues.iter().zip(&model.queue_blocks);
    let queues = queues
        .map(|(queue, block)| alone("queues", *block, &queue.name, &queue.label, queue.places, BuildingUnit::Bed));
    let stations = model.stations.iter().zip(&model.station_blocks);
    let stations =
        stations.map(|(one, block)| alone("stations", *block, &one.name, &one.label, one.places, BuildingUnit::Place));
    network.chain(queues).chain(stations).collect()
}

fn of_network(model: &NetworkModel, site: &Site) -> Vec<GrowthPoint> {
    let services = model.network.services.iter().zip(&model.blocks);
    let of_service = |(service, block): (&super::network::ServiceUse, &BlockId)| -> Vec<GrowthPoint> {
        (0..site.areas.len()).map(|area| of_area(model, service.care, *block, site, area)).collect()
    };
    services.flat_map(of_service).collect()
}

fn of_area(model: &NetworkModel, care: Care, block: BlockId, site: &Site, area: usize) -> GrowthPoint {
    let is_bed = care.delivery() == Delivery::Beds;
    let own =
        model.network.facilities.iter().filter(|f| f.care == care && f.area == area && f.level != Level::District);
    let largest = own.reduce(|most, one| if one.places > most.places { one } else { most });
    let usual = if is_bed { Level::Subdistrict } else { Level::Station };
    let level = largest.map_or(usual, |one| one.level);
    let mut cells = vec![
        ("area", site.areas[area].id.clone()),
        ("level", Level::KEYS[level as usize].to_owned()),
        ("service", care.key().to_owned()),
    ];
    if let Some(one) = largest.filter(|_| is_bed && model.network.can_pay.is_some()) {
        cells.push(("price_class", PriceClass::KEYS[one.price as usize].to_owned()));
    }
    let (service, name) = (care.label(), &site.areas[area].label);
    GrowthPoint {
        block,
        area: Some(area),
        key: format!("{}_{}", care.key(), site.areas[area].id),
        label: Text::owned(format!("{}, {}", service.en, name.en), format!("{}·{}", name.zh, service.zh)),
        unit: if is_bed { BuildingUnit::Bed } else { BuildingUnit::Place },
        lump: if is_bed { CORRIDOR } else { ROUND },
        room: 1.0,
        measured: None,
        written: Written::Row { facility: None, cells, counted: "places", standing: Vec::new() },
    }
}

fn alone(section: &str, block: BlockId, id: &str, label: &Text, places: u32, unit: BuildingUnit) -> GrowthPoint {
    GrowthPoint {
        block,
        area: None,
        key: id.to_owned(),
        label: label.clone(),
        unit,
        lump: 1,
        room: 1.0,
        measured: None,
        written: Written::Number { path: [section, id, "places"].map(str::to_owned).to_vec(), now: places },
    }
}
