//! One replication of elderly care, year by year.
//!
//! 1. People of 1 January by need and living arrangement make this year's requests.
//! 2. Beds live through the year in continuous time, day places day by day, home visits as a whole.
//! 3. Need moves on to the next 1 January.

use super::engine::standalone_queues::ChainState;
use super::engine::standalone_stations::StationState;
use super::growth;
use super::model::Elderly;
use super::network::Network;
use super::network_replication::{NetworkState, Year};
use super::record::beds::{self, QueueRecord};
use super::record::block_year::BlockYear;
use super::record::community::{self, CommunityRecord};
use crate::context::ReplicationContext;
use crate::language::Text;
use crate::metric::{BlockId, Record};
use crate::population::view::YearView;
use crate::services::service::{GrowthPoint, Service, ServiceState, Surroundings};
use crate::services::service_signals::ServiceSignals;
use crate::site::Site;
use crate::text;

impl Service for Elderly {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        Box::new(State {
            model: self,
            network: self.network.as_ref().map(|network| NetworkState::new(network, self.areas, self.tolerated)),
            chains: self.chains.iter().map(|chain| ChainState::new(&self.queues, chain)).collect(),
            stations: StationState::default(),
        })
    }

    fn growth(&self, site: &Site) -> Vec<GrowthPoint> {
        growth::points(self, site)
    }

    fn notes(&self, _: &Surroundings<'_>) -> Vec<Text> {
        self.network.as_ref().map(|model| notes(&model.network)).unwrap_or_default()
    }

    fn requests_a_year(&self, at: &Surroundings<'_>) -> f64 {
        self.queues.iter().map(|queue| at.middle.at(queue.requests, 0, 0)).sum()
    }
}

/// What is to be said of the definition of need and of the transitions.
fn notes(network: &Network) -> Vec<Text> {
    let definition = network.definition.map(|definition| {
        let (en, zh, share) = (&definition.label.en, &definition.label.zh, 100.0 * definition.share);
        let (youngest, source, said_by) = (definition.counted.youngest, &definition.source.en, &definition.source.zh);
        text!(
            "need: {en}; published share {share:.2}% of {youngest}+ ({source})",
            "失能口径：{zh}；公布比例为 {youngest} 岁及以上的 {share:.2}%（{said_by}）"
        )
    });
    definition.into_iter().chain(network.transitions_note.clone()).collect()
}

/// Elderly care during one replication.
struct State<'m> {
    model: &'m Elderly,
    network: Option<NetworkState<'m>>,
    chains: Vec<ChainState<'m>>,
    stations: StationState,
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        if let Some(network) = &mut self.network {
            network.open(context, first);
        }
        for chain in &mut self.chains {
            chain.open(context, first.index);
        }
    }

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = year.reported else { return };
        if let Some(network) = &mut self.network {
            network.serve(&Year { context, view: year, reported }, signals, record);
        }
        let tolerated = self.model.tolerated;
        let block_year = |block: BlockId| BlockYear { block, year: reported, tolerated, places_per_carer: None };
        for chain in &mut self.chains {
            chain.live(context, year.index);
            let unstable = chain.is_unstable(context, year.index);
            for (pool, number) in chain.queues() {
                let causes = &chain.causes(pool, number, context, year.index);
                let queue = QueueRecord { year: chain.tally(), pool, causes, unstable };
                beds::record_queue(queue, record, block_year(self.model.queue_blocks[number]));
            }
        }
        for (number, station) in self.model.stations.iter().enumerate() {
            self.stations.live(station, context, year.index);
            let written = CommunityRecord {
                places: &self.stations.places,
                days: station.days_open,
                users: &[station.enrolled],
                old: &[0],
                catchment: &[vec![0]],
                needs: &[],
                hours: None,
                by_area: false,
            };
            let block = block_year(self.model.station_blocks[number]);
            community::record(&mut self.stations.served, record, block, written);
        }
    }
}
