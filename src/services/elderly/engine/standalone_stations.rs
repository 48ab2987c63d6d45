//! Day-care stations of their own, with enrolment given directly.

use super::community::{CommunityPlaces, DailyUse, Days, Served, Turns};
use crate::context::ReplicationContext;
use crate::random::StreamKey;
use crate::services::elderly::standalone::StandaloneStation;

const DAYS: StreamKey = StreamKey::named("elderly.stations");
const TURNS: StreamKey = StreamKey::named("elderly.stations.turns");

/// Scratch of stations.
#[derive(Debug, Default)]
pub(crate) struct StationState {
    pub served: Served,
    pub places: CommunityPlaces,
    days: Days,
}

impl StationState {
    /// Lives through a year of a station.
    pub(crate) fn live(&mut self, station: &StandaloneStation, context: &ReplicationContext<'_>, year: usize) {
        self.places.clear(1);
        self.places.station[0] = station.places;
        self.served.clear(1);
        self.days.streams.clear();
        let name = StreamKey::named(&station.name);
        self.days.streams.push(context.chance.cell(DAYS.with(name), year as u32, 0));
        let daily = DailyUse {
            enrolled: &[station.enrolled],
            attendance: context.draw.at(station.attendance, year, 0),
            days: station.days_open,
            places: &self.places,
            catchment: &[vec![0]],
            turns: Turns { areas: &[name], key: TURNS, chance: context.chance, year: year as u32 },
        };
        daily.live(&mut self.served, &mut self.days);
    }
}
