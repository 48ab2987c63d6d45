//! Need, and the standards beside what came of it: beds per 1,000, the nursing share, the pattern 9073.

use super::metrics::{Row, at, need_at, share};
use super::model::open_share;
use super::population::Old;
use super::spec::{NETWORK, Network};
use crate::metric::{BlockId, Record};

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
            let own = |metric: usize| record.get(block, metric, area, reported);
            (own(need_at::BEDS), own(need_at::NURSING))
        } else {
            (all_beds, all_nursing)
        };
        (all_beds, all_nursing) = (all_beds + beds, all_nursing + nursing);
        let users = |wanted: &dyn Fn(usize) -> bool| -> f64 {
            let services = network.uses.iter().zip(used).filter(|((service, _), _)| wanted(*service));
            services.map(|(_, &block)| record.get(block, at::COVERAGE, area, reported) / 1000.0).sum()
        };
        let homes = users(&|service| service >= FIRST_LONG_STAY && NETWORK[service].2);
        let community = users(&|service| service < FIRST_LONG_STAY && !NETWORK[service].2);
        let row = &mut Row::new(record, block, area, reported);
        row.real(need_at::BEDS_PER_1000, 1000.0 * share(beds, f64::from(people)));
        let enough = f64::from(u8::from(nursing >= NURSING_STANDARD * beds));
        row.real(need_at::NURSING_ENOUGH, if beds > 0.0 { enough } else { f64::NAN });
        row.real(need_at::IN_HOMES, homes);
        row.real(need_at::IN_COMMUNITY, community);
        row.real(need_at::AT_HOME, 1.0 - homes - community);
        if area == areas {
            break;
        }
        let need = old.by_need(area);
        row.count(need_at::OLD, people);
        for (k, people) in need.iter().enumerate().skip(1) {
            row.count(need_at::MILD + k - 1, people.iter().sum());
        }
        row.count(need_at::IN_NEED, need[network.counts_from..].iter().flatten().sum());
        row.count(need_at::ALONE, need[network.counts_from..].iter().map(|people| people[0]).sum());
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
    let counted = if service >= FIRST_NURSING { &[need_at::BEDS, need_at::NURSING][..] } else { &[need_at::BEDS] };
    for (facility, &(opens, closes)) in network.facilities.iter().zip(openings) {
        if facility.service != service {
            continue;
        }
        let open = f64::from(facility.places) * open_share(opens, closes, reported as f64);
        for &metric in counted {
            let so_far = record.get(block, metric, facility.area, reported);
            record.real(block, metric, facility.area, reported, so_far + open);
        }
    }
}
