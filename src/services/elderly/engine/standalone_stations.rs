//! Day-care stations of their own, with enrolment given directly.

use super::community::{CommunityPlaces, DailyUse, Days, Served};
use crate::context::ReplicationContext;
use crate::random::StreamKey;
use crate::services::elderly::standalone::StandaloneStation;

const DAYS: StreamKey = StreamKey::named("elderly.stations");

/// Scratch of stations.
#[derive(Debug, Default)]
pub(crate) struct StationState {
    pub served: Served,
    pub places: CommunityPlaces,
    days: Days,
}

impl StationState {
    /// Lives through a year of station `number`.
    pub(crate) fn live(
        &mut self,
        station: &StandaloneStation,
        number: usize,
        context: &ReplicationContext<'_>,
        year: usize,
    ) {
        self.places.clear(1);
        self.places.station[0] = station.places;
        self.served.clear(1);
        self.days.streams.clear();
        self.days.streams.push(context.chance.cell(DAYS, year as u32, number as u32));
        let daily = DailyUse {
            enrolled: &[station.enrolled],
            attendance: context.draw.at(station.attendance, year, 0),
            days: station.days_open,
            places: &self.places,
            catchment: &[vec![0]],
        };
        daily.live(&mut self.served, &mut self.days);
    }
}
