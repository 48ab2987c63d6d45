//! The compiled model of elderly care: what was read, the blocks it writes, and the pools and routes of its beds.

use super::care::{Care, Delivery, PriceClass};
use super::engine::pools::{PoolGrid, Reach, network_layout};
use super::metrics;
use super::network::{Facility, Network, ServiceUse};
use super::record::{uncounted, waiting_lists};
use super::standalone::{StandaloneQueue, StandaloneStation};
use crate::language::Text;
use crate::metric::{Block, BlockId, Catalogue, MetricDef, Promise};
use crate::queue::waiting_line::Layout;
use crate::random::StreamKey;
use crate::site::Site;

/// Name of the service in reports.
pub(crate) const LABEL: Text = Text::new("Elderly care", "养老");

/// What is promised.
#[derive(Debug)]
pub(crate) struct Target {
    /// Share of demand that may go without.
    pub tolerated: f64,
    pub promise: Promise,
}

/// Everything that `[elderly]` says.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub network: Option<Network>,
    pub queues: Vec<StandaloneQueue>,
    pub stations: Vec<StandaloneStation>,
    pub target: Target,
}

/// The network with its blocks.
#[derive(Debug)]
pub(crate) struct NetworkModel {
    pub network: Network,
    pub reach: Reach,
    /// What the random streams of each area are named by.
    pub area_names: Vec<StreamKey>,
    /// Block of each service, in the order of `network.services`, and those of its waiting lists.
    pub blocks: Vec<BlockId>,
    pub list_blocks: Vec<waiting_lists::Blocks>,
    pub need_block: BlockId,
    /// Block of people in need by other definitions.
    pub definitions_block: BlockId,
}

/// The compiled service.
#[derive(Debug)]
pub(crate) struct Elderly {
    pub areas: usize,
    pub tolerated: f64,
    pub network: Option<NetworkModel>,
    pub queues: Vec<StandaloneQueue>,
    /// Queues that send on to each other, by their numbers.
    pub chains: Vec<Vec<usize>>,
    pub queue_blocks: Vec<BlockId>,
    pub stations: Vec<StandaloneStation>,
    pub station_blocks: Vec<BlockId>,
}

impl Elderly {
    /// Compiles what was read and adds its blocks to the catalogue.
    pub(crate) fn new(inputs: Inputs, chains: Vec<Vec<usize>>, site: &Site, catalogue: &mut Catalogue) -> Self {
        let Inputs { network, queues, stations, target } = inputs;
        let mut blocks = Blocks { catalogue, promise: target.promise };
        let network = network.map(|network| NetworkModel::new(network, site, &mut blocks));
        let queue_blocks = queues.iter().map(|queue| {
            let block = blocks.add(queue.name.clone(), queue.label.clone(), false, Delivery::Beds);
            blocks.catalogue.leave_out(block, uncounted::by_queue(queue));
            block
        });
        let queue_blocks = queue_blocks.collect();
        let station_blocks = stations.iter().map(|station| {
            let block = blocks.add(station.name.clone(), station.label.clone(), false, Delivery::Daily);
            blocks.catalogue.leave_out(block, uncounted::by_station());
            block
        });
        let station_blocks = station_blocks.collect();
        Self {
            areas: site.areas.len(),
            tolerated: target.tolerated,
            network,
            queues,
            chains,
            queue_blocks,
            stations,
            station_blocks,
        }
    }
}

impl NetworkModel {
    fn new(network: Network, site: &Site, blocks: &mut Blocks<'_>) -> Self {
        let add = |service: &ServiceUse| {
            let care = service.care;
            let block = blocks.add(care.key().to_owned(), care.label(), true, care.delivery());
            blocks.catalogue.leave_out(block, uncounted::by_service(&network, care));
            block
        };
        let services: Vec<BlockId> = network.services.iter().map(add).collect();
        note_projects(&network, &services, blocks.catalogue);
        let add_lists = |one: &ServiceUse| waiting_lists::add_blocks(blocks.catalogue, &network, one.care, &LABEL);
        let list_blocks = network.services.iter().map(add_lists).collect();
        let need_block =
            blocks.add_people("need", Text::new("need and standards", "失能与标准"), metrics::OfNeed::TABLE);
        let label = Text::new("in need by other definitions", "其他口径下的失能人数");
        let definitions_block = blocks.add_people("definitions", label, metrics::OfDefinitions::TABLE);
        let reach = reach(&network, site);
        let area_names = site.areas.iter().map(|area| StreamKey::named(&area.id)).collect();
        Self { network, reach, area_names, blocks: services, list_blocks, need_block, definitions_block }
    }

    /// Areas and price classes of beds.
    pub(crate) fn grid(&self) -> PoolGrid {
        let prices = if self.network.can_pay.is_some() { PriceClass::ALL.len() } else { 1 };
        PoolGrid { areas: self.reach.others.len(), prices }
    }

    /// The pool to which a facility's beds belong.
    pub(crate) fn pool_of(&self, facility: &Facility) -> usize {
        let grid = self.grid();
        let place = if facility.level.is_for_all_areas() { grid.district() } else { facility.area };
        grid.pool((facility.price as usize).min(grid.prices - 1), place)
    }

    /// What the stays at each pool are named by: its area (or the district) and its price class.
    fn pool_names(&self) -> Vec<StreamKey> {
        let district = StreamKey::named("");
        let places = || self.area_names.iter().copied().chain([district]);
        let prices = PriceClass::KEYS[..self.grid().prices].iter();
        prices.flat_map(|price| places().map(|place| place.and(price))).collect()
    }

    /// The pools and routes of a service.
    pub(crate) fn layout(&self, care: Care) -> Layout {
        let grid = self.grid();
        let of_service = || self.network.facilities.iter().filter(|facility| facility.care == care);
        let built = |price: usize, place: usize| of_service().any(|f| self.pool_of(f) == grid.pool(price, place));
        let most_lists = self.network.max_registrations.unwrap_or(usize::MAX);
        network_layout(&self.reach, self.pool_names(), grid.prices, most_lists, built)
    }
}

/// The areas to whose homes people go and those within the catchment of each.
fn reach(network: &Network, site: &Site) -> Reach {
    let areas = 0..site.areas.len();
    let within = |area: usize, kilometres: f64| {
        let others = site.by_nearness(area).into_iter();
        others.filter(move |&other| site.kilometres(area, other) <= kilometres).map(|other| other as u32)
    };
    let own_and_near = |area| std::iter::once(area as u32).chain(within(area, network.catchment_radius)).collect();
    Reach {
        others: areas.clone().map(|area| within(area, network.overflow_within).collect()).collect(),
        catchment: areas.map(own_and_near).collect(),
    }
}

/// Tells reports which projects change the places of which service.
fn note_projects(network: &Network, blocks: &[BlockId], catalogue: &mut Catalogue) {
    for (service, &block) in network.services.iter().zip(blocks) {
        let of_service = network.facilities.iter().filter(|facility| facility.care == service.care);
        for project in of_service.flat_map(|facility| facility.schedule.projects()) {
            catalogue.note_project(block, project);
        }
    }
}

/// Adds the blocks of the service.
struct Blocks<'a> {
    catalogue: &'a mut Catalogue,
    promise: Promise,
}

impl Blocks<'_> {
    /// A block of a service with its promise.
    fn add(&mut self, stage: String, stage_label: Text, by_area: bool, delivery: Delivery) -> BlockId {
        self.catalogue.add(Block {
            service: "elderly",
            service_label: LABEL,
            stage,
            stage_label,
            metrics: match delivery {
                Delivery::Daily => &metrics::OF_DAILY_CARE,
                Delivery::Clients | Delivery::Beds => metrics::OfCare::TABLE,
            },
            by_area,
            promise: Some(self.promise.clone()),
            family: None,
        })
    }

    /// A block about the people, by area, with nothing promised.
    fn add_people(&mut self, stage: &str, stage_label: Text, metrics: &'static [MetricDef]) -> BlockId {
        self.catalogue.add(Block {
            service: "elderly",
            service_label: LABEL,
            stage: stage.to_owned(),
            stage_label,
            metrics,
            by_area: true,
            promise: None,
            family: None,
        })
    }
}
