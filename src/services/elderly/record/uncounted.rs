//! Which metrics a service, a queue or a station does not count. They have no value, rather than the value 0: nobody can be on
//! the list of a service that keeps none, and where causes are not told apart nobody knows who died.

use crate::metric::Handle;
use crate::services::elderly::care::{Care, Delivery};
use crate::services::elderly::engine::reneging::Cause;
use crate::services::elderly::metrics::OfCare;
use crate::services::elderly::network::Network;
use crate::services::elderly::path::takes_from_hospital;
use crate::services::elderly::standalone::{QueuePatience, StandaloneQueue};

/// What only beds have.
const OF_BEDS: [usize; 14] = [
    OfCare::WAITING.position(),
    OfCare::RENEGED_IN_TIME.position(),
    OfCare::OUTSIDE.position(),
    OfCare::RENEGED.position(),
    OfCare::TRANSFERRED_BACK.position(),
    OfCare::FROM_HOSPITAL.position(),
    OfCare::PRICE_EXCLUDED.position(),
    OfCare::ON_LIST.position(),
    OfCare::DIED_WAITING.position(),
    OfCare::RECOVERED_WAITING.position(),
    OfCare::OTHER_CARE_INSTEAD.position(),
    OfCare::LIST_ENTRIES.position(),
    OfCare::MOVED_AWAY_WAITING.position(),
    OfCare::UNSTABLE.position(),
];

/// What follows from the people of the network and the ages and needs they have.
const OF_PEOPLE: [usize; 5] = [
    OfCare::EXPECTED_USERS.position(),
    OfCare::SERVED_NEIGHBOUR.position(),
    OfCare::UNMET_HOURS_MILD.position(),
    OfCare::UNMET_HOURS_MODERATE.position(),
    OfCare::UNMET_HOURS_SEVERE.position(),
];

/// The rungs above a station.
const ABOVE_STATIONS: [usize; 2] = [OfCare::SERVED_SUBDISTRICT.position(), OfCare::SERVED_DISTRICT.position()];

/// Collects positions, of metrics of any kind.
#[derive(Default)]
struct LeftOut(Vec<usize>);

impl LeftOut {
    fn unless<T>(&mut self, counted: bool, metric: Handle<T>) {
        if !counted {
            self.0.push(metric.position());
        }
    }
}

/// What a service of the network does not count.
pub(crate) fn by_service(network: &Network, care: Care) -> Vec<usize> {
    let mut left_out = LeftOut::default();
    if care.delivery() != Delivery::Beds {
        left_out.0.extend(OF_BEDS);
        left_out.unless(false, OfCare::SERVED_NEIGHBOUR);
        return left_out.0;
    }
    let receives = takes_from_hospital(network).is_some_and(|number| network.services[number].care == care);
    left_out.unless(false, OfCare::TURNAWAY_DAYS);
    left_out.unless(false, OfCare::SERVED_STATION);
    left_out.unless(false, OfCare::UNSTABLE);
    left_out.unless(receives, OfCare::FROM_HOSPITAL);
    left_out.unless(network.can_pay.is_some(), OfCare::PRICE_EXCLUDED);
    left_out.0
}

/// What a queue of its own does not count.
pub(crate) fn by_queue(queue: &StandaloneQueue) -> Vec<usize> {
    let mut left_out = LeftOut(OF_PEOPLE.into_iter().chain(ABOVE_STATIONS).collect());
    left_out.unless(false, OfCare::TURNAWAY_DAYS);
    left_out.unless(false, OfCare::SERVED_STATION);
    left_out.unless(false, OfCare::TRANSFERRED_BACK);
    left_out.unless(false, OfCare::FROM_HOSPITAL);
    left_out.unless(false, OfCare::PRICE_EXCLUDED);
    left_out.unless(false, OfCare::LIST_ENTRIES);
    let told = matches!(queue.patience, QueuePatience::ByCause(_));
    for cause in Cause::ALL {
        // What has no name counts as other care.
        left_out.unless(told || cause == Cause::OtherCare, cause.metric());
    }
    left_out.0
}

/// What a station of its own does not count.
pub(crate) fn by_station() -> Vec<usize> {
    OF_BEDS.into_iter().chain(OF_PEOPLE).chain(ABOVE_STATIONS).collect()
}
