//! Need, and the standards beside what came of it: beds per 1,000, the nursing share, the pattern 9073.

use super::metrics::{OfCare, OfNeed, Row, share};
use super::model::open_share;
use super::population::Old;
use super::spec::{NETWORK, Network};
use crate::metric::{BlockId, Real, Record};

/// First service whose beds count as nursing beds.
const FIRST_NURSING: usize = 4;

/// First service that people live in.
const FIRST_LONG_STAY: usize = 3;

/// Nursing share of beds that is the national standard for 2025.
const NURSING_STANDARD: f64 = 0.55;

/// Writes the need of a year and the standards; the services are written already, each in its block of `used`.
pub(super) fn record_need(
    network: &Network,
    (block, used): (BlockId, &[BlockId]),
    old: &Old,
    counts: &[u32],
    reported: usize,
    record: &mut Record<'_>,
) {
    let (areas, whole) = (counts.len(), counts.iter().sum());
    let (mut all_beds, mut all_nursing) = (0.0, 0.0);
    for area in 0..=areas {
        let people = counts.get(area).copied().unwrap_or(whole);
        let (beds, nursing) = if area < areas {
            let own = |metric: Real| record.get(block, metric, area, reported);
            (own(OfNeed::BEDS), own(OfNeed::NURSING_BEDS))
        } else {
            (all_beds, all_nursing)
        };
        (all_beds, all_nursing) = (all_beds + beds, all_nursing + nursing);
        let users = |wanted: &dyn Fn(usize) -> bool| -> f64 {
            let services = network.uses.iter().zip(used).filter(|((service, _), _)| wanted(*service));
            services.map(|(_, &block)| record.get(block, OfCare::USERS_PER_1000, area, reported) / 1000.0).sum()
        };
        let homes = users(&|service| service >= FIRST_LONG_STAY && NETWORK[service].2);
        let community = users(&|service| service < FIRST_LONG_STAY && !NETWORK[service].2);
        let row = &mut Row::new(record, block, area, reported);
        row.set(OfNeed::BEDS_PER_1000, 1000.0 * share(beds, f64::from(people)));
        let enough = f64::from(u8::from(nursing >= NURSING_STANDARD * beds));
        row.set(OfNeed::NURSING_STANDARD_MET, if beds > 0.0 { enough } else { f64::NAN });
        row.set(OfNeed::IN_HOMES_SHARE, homes);
        row.set(OfNeed::IN_COMMUNITY_SHARE, community);
        row.set(OfNeed::AT_HOME_SHARE, 1.0 - homes - community);
        if area == areas {
            break;
        }
        let need = old.by_need(area);
        row.set(OfNeed::OLD, people);
        for (metric, people) in OfNeed::BY_NEED.into_iter().zip(&need[1..]) {
            row.set(metric, people.iter().sum());
        }
        row.set(OfNeed::IN_NEED, need[network.counts_from..].iter().flatten().sum());
        row.set(OfNeed::ALONE, need[network.counts_from..].iter().map(|people| people[0]).sum());
    }
}

/// Adds the open beds of a service to the beds of the areas they stand in.
pub(super) fn record_beds(
    (network, service): (&Network, usize),
    openings: &[(f64, f64)],
    block: Option<BlockId>,
    reported: usize,
    record: &mut Record<'_>,
) {
    let Some(block) = block else { return };
    let counted = if service >= FIRST_NURSING { &[OfNeed::BEDS, OfNeed::NURSING_BEDS][..] } else { &[OfNeed::BEDS] };
    for (facility, &(opens, closes)) in network.facilities.iter().zip(openings) {
        if facility.service != service {
            continue;
        }
        let open = f64::from(facility.places) * open_share(opens, closes, reported as f64);
        for &metric in counted {
            let so_far = record.get(block, metric, facility.area, reported);
            record.set(block, metric, facility.area, reported, so_far + open);
        }
    }
}
