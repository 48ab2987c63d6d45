//! Need, and the standards beside what came of it: beds per 1,000, the nursing share, the pattern 9073.

use crate::metric::{BlockId, Real, Record};
use crate::services::elderly::care::{Care, Setting};
use crate::services::elderly::demand::need::levels::{ARRANGEMENTS, LEVELS};
use crate::services::elderly::demand::old_age_population::OlderPopulation;
use crate::services::elderly::metrics::{OfCare, OfNeed, Row, share};
use crate::services::elderly::network::{Network, OpenPeriods};

/// Nursing share of beds that is the national standard for 2025.
const NURSING_STANDARD: f64 = 0.55;

/// The need of a year to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NeedRecord<'a> {
    pub network: &'a Network,
    pub block: BlockId,
    /// Blocks of the services, written already, in the order of the network.
    pub services: &'a [BlockId],
    pub old: &'a OlderPopulation,
    /// People aged 60+, by area.
    pub counts: &'a [u32],
    /// Probability of using no service of the community, by need and living arrangement. Shape: area.
    pub without_community: &'a [[[f64; ARRANGEMENTS]; LEVELS]],
    pub reported: usize,
}

/// Beds that stand open in an area, or in the district.
#[derive(Clone, Copy, Default)]
struct Beds {
    all: f64,
    nursing: f64,
}

impl NeedRecord<'_> {
    /// Writes the need of a year and the standards.
    pub(crate) fn write(&self, record: &mut Record<'_>) {
        let areas = self.counts.len();
        let mut district = Beds::default();
        for area in 0..areas {
            let own = |metric: Real| record.get(self.block, metric, area, self.reported);
            let beds = Beds { all: own(OfNeed::BEDS), nursing: own(OfNeed::NURSING_BEDS) };
            district = Beds { all: district.all + beds.all, nursing: district.nursing + beds.nursing };
            self.write_standards(area, self.counts[area], beds, record);
            self.write_need(area, record);
        }
        self.write_standards(areas, self.counts.iter().sum(), district, record);
    }

    fn write_standards(&self, area: usize, people: u32, beds: Beds, record: &mut Record<'_>) {
        let homes = {
            let services = self.network.services.iter().zip(self.services);
            let of_homes = services.filter(|(service, _)| service.care.setting() == Setting::Institution);
            let residents =
                of_homes.map(|(_, &block)| record.get(block, OfCare::USERS_PER_1000, area, self.reported) / 1000.0);
            let share = residents.sum::<f64>();
            if share > 1.0 { 1.0 } else { share }
        };
        // Who lives in a home uses nothing of the community.
        let community = (1.0 - homes) * self.share_in_community(area);
        let row = &mut Row::new(record, self.block, area, self.reported);
        row.set(OfNeed::BEDS_PER_1000, 1000.0 * share(beds.all, f64::from(people)));
        let enough = f64::from(u8::from(beds.nursing >= NURSING_STANDARD * beds.all));
        row.set(OfNeed::NURSING_STANDARD_MET, if beds.all > 0.0 { enough } else { f64::NAN });
        row.set(OfNeed::IN_HOMES_SHARE, homes);
        row.set(OfNeed::IN_COMMUNITY_SHARE, community);
        row.set(OfNeed::AT_HOME_SHARE, 1.0 - homes - community);
    }

    /// Share of the people of an area, or of the district, who would use at least one service of the community: nobody counts
    /// twice.
    fn share_in_community(&self, area: usize) -> f64 {
        let areas = if area < self.counts.len() { area..area + 1 } else { 0..self.counts.len() };
        let (mut users, mut people) = (0.0, 0.0);
        for area in areas {
            let cells = self.old.by_need(area).iter().flatten().zip(self.without_community[area].iter().flatten());
            for (count, none) in cells {
                users += f64::from(*count) * (1.0 - none);
                people += f64::from(*count);
            }
        }
        share(users, people)
    }

    fn write_need(&self, area: usize, record: &mut Record<'_>) {
        let need = self.old.by_need(area);
        let in_need = &need[self.network.counted.from..];
        let row = &mut Row::new(record, self.block, area, self.reported);
        row.set(OfNeed::OLD, self.counts[area]);
        for (metric, people) in OfNeed::BY_NEED.into_iter().zip(&need[1..]) {
            row.set(metric, people.iter().sum());
        }
        row.set(OfNeed::IN_NEED, in_need.iter().flatten().sum());
        row.set(OfNeed::ALONE, in_need.iter().map(|people| people[0]).sum());
    }
}

/// Adds the open beds of a service to the beds of the areas they stand in.
pub(crate) fn record_beds(
    network: &Network,
    care: Care,
    open: &[OpenPeriods],
    block: BlockId,
    reported: usize,
    record: &mut Record<'_>,
) {
    let counted = if care.is_nursing() { &[OfNeed::BEDS, OfNeed::NURSING_BEDS][..] } else { &[OfNeed::BEDS] };
    for (facility, open) in network.facilities_of(care, open) {
        let beds = f64::from(facility.places) * open.share_of_year(reported as f64);
        for &metric in counted {
            let so_far = record.get(block, metric, facility.area, reported);
            record.set(block, metric, facility.area, reported, so_far + beds);
        }
    }
}
