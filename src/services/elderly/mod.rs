//! Elderly care: from need to a place in the three-level network.
//!
//! Residents aged 60+ by need (none, mild, moderate, severe) ask for home visits, day places and beds with the take-up
//! observed today. Stations, subdistrict centres and the district's homes serve them in that order; who finds no place
//! waits and may give up. The full method is in `method.md`.

mod alone;
mod beds;
pub mod calibration;
mod community;
mod definitions;
mod keys;
mod leaving;
mod lists;
mod metrics;
mod model;
mod need;
pub mod occupancy;
mod population;
mod spec;
mod standards;
mod tables;
mod take_up;
mod transitions;
mod words;

use crate::input::Section;
use crate::language::Text;
use crate::metric::{Block, BlockId, Catalogue, MetricDef};
use crate::services::service::{Service, ServiceKind};
use crate::site::Site;
use model::Elderly;
use spec::{NETWORK, Spec};

/// The roster line of elderly care.
pub static KIND: ServiceKind = ServiceKind {
    name: "elderly",
    label: LABEL,
    method: Text::new(include_str!("method.md"), include_str!("method.zh.md")),
    metrics: &[
        metrics::OfCare::TABLE,
        metrics::OfNeed::TABLE,
        metrics::OfDefinitions::TABLE,
        lists::OfList::TABLE,
    ],
    keys: keys::KEYS,
    read,
};

const LABEL: Text = Text::new("Elderly care", "养老");

fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    let spec = spec::read(section, site)?;
    let areas = site.areas.len();
    let uses: Vec<usize> = spec.network.iter().flat_map(|n| n.uses.iter().map(|(service, _)| *service)).collect();
    let blocks: Vec<BlockId> = uses
        .iter()
        .map(|&service| {
            let (key, label, _) = &NETWORK[service];
            add_block(catalogue, &spec, (*key).to_owned(), label.clone(), true)
        })
        .collect();
    note_projects(&spec, &blocks, catalogue);
    let list_blocks = uses.iter().map(|service| lists::add_blocks(catalogue, &spec, *service)).collect();
    let need_block = spec
        .network
        .as_ref()
        .map(|_| add_people(catalogue, "need", Text::new("need and standards", "失能与标准"), metrics::OfNeed::TABLE));
    let defined_block = spec.network.as_ref().map(|_| {
        let label = Text::new("in need by other definitions", "其他口径下的失能人数");
        add_people(catalogue, "definitions", label, metrics::OfDefinitions::TABLE)
    });
    let line_blocks = spec
        .lines
        .iter()
        .map(|line| add_block(catalogue, &spec, line.name.clone(), line.label.clone(), false))
        .collect();
    let station_blocks = spec
        .stations
        .iter()
        .map(|station| add_block(catalogue, &spec, station.name.clone(), station.label.clone(), false))
        .collect();
    let network = spec.network.as_ref();
    let (reach, circle) = network.map_or((f64::INFINITY, 0.0), |network| (network.overflow_within, network.circle));
    let within = |area: usize, kilometres: f64| {
        let others = site.by_nearness(area).into_iter();
        others.filter(move |&other| site.kilometres(area, other) <= kilometres).map(|other| other as u32)
    };
    let near = (0..areas).map(|area| std::iter::once(area as u32).chain(within(area, circle)).collect()).collect();
    let reach = (0..areas).map(|area| within(area, reach).collect()).collect();
    let chains = alone::chains(&spec.lines);
    Some(Box::new(Elderly {
        spec,
        areas,
        reach,
        near,
        chains,
        blocks,
        list_blocks,
        need_block,
        defined_block,
        line_blocks,
        station_blocks,
    }))
}

/// Tells reports which projects change the places of which service.
fn note_projects(spec: &Spec, blocks: &[BlockId], catalogue: &mut Catalogue) {
    let Some(network) = &spec.network else { return };
    for ((service, _), &block) in network.uses.iter().zip(blocks) {
        for project in network.facilities.iter().filter(|f| f.service == *service).filter_map(|f| f.project) {
            catalogue.note_project(block, project);
        }
    }
}

/// Adds a block about the people, by area, with nothing promised.
fn add_people(catalogue: &mut Catalogue, stage: &str, stage_label: Text, metrics: &'static [MetricDef]) -> BlockId {
    catalogue.add(Block {
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

fn add_block(catalogue: &mut Catalogue, spec: &Spec, stage: String, stage_label: Text, by_area: bool) -> BlockId {
    catalogue.add(Block {
        service: "elderly",
        service_label: LABEL,
        stage,
        stage_label,
        metrics: metrics::OfCare::TABLE,
        by_area,
        promise: Some(spec.promise.clone()),
        family: None,
    })
}
