//! Need, and the standards beside what came of it: beds per 1,000, the nursing share, the pattern 9073.

use crate::metric::{BlockId, Record};
use crate::services::elderly::care::{Care, Setting};
use crate::services::elderly::demand::old_age_population::OlderPopulation;
use crate::services::elderly::metrics::{Row, at, need_at, share};
use crate::services::elderly::network::{Network, OpenPeriod};

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
            let own = |metric: usize| record.get(self.block, metric, area, self.reported);
            let beds = Beds { all: own(need_at::BEDS), nursing: own(need_at::NURSING) };
            district = Beds { all: district.all + beds.all, nursing: district.nursing + beds.nursing };
            self.write_standards(area, self.counts[area], beds, record);
            self.write_need(area, record);
        }
        self.write_standards(areas, self.counts.iter().sum(), district, record);
    }

    fn write_standards(&self, area: usize, people: u32, beds: Beds, record: &mut Record<'_>) {
        let users = |setting: Setting| -> f64 {
            let services = self.network.services.iter().zip(self.services);
            let of_setting = services.filter(|(service, _)| service.care.setting() == setting);
            of_setting.map(|(_, &block)| record.get(block, at::COVERAGE, area, self.reported) / 1000.0).sum()
        };
        let (homes, community) = (users(Setting::Institution), users(Setting::Community));
        let row = &mut Row::new(record, self.block, area, self.reported);
        row.real(need_at::BEDS_PER_1000, 1000.0 * share(beds.all, f64::from(people)));
        let enough = f64::from(u8::from(beds.nursing >= NURSING_STANDARD * beds.all));
        row.real(need_at::NURSING_ENOUGH, if beds.all > 0.0 { enough } else { f64::NAN });
        row.real(need_at::IN_HOMES, homes);
        row.real(need_at::IN_COMMUNITY, community);
        row.real(need_at::AT_HOME, 1.0 - homes - community);
    }

    fn write_need(&self, area: usize, record: &mut Record<'_>) {
        let need = self.old.by_need(area);
        let in_need = &need[self.network.counted.from..];
        let row = &mut Row::new(record, self.block, area, self.reported);
        row.count(need_at::OLD, self.counts[area]);
        for (k, people) in need.iter().enumerate().skip(1) {
            row.count(need_at::MILD + k - 1, people.iter().sum());
        }
        row.count(need_at::IN_NEED, in_need.iter().flatten().sum());
        row.count(need_at::ALONE, in_need.iter().map(|people| people[0]).sum());
    }
}

/// Adds the open beds of a service to the beds of the areas they stand in.
pub(crate) fn record_beds(
    network: &Network,
    care: Care,
    open: &[OpenPeriod],
    block: BlockId,
    reported: usize,
    record: &mut Record<'_>,
) {
    let counted = if care.is_nursing() { &[need_at::BEDS, need_at::NURSING][..] } else { &[need_at::BEDS] };
    for (facility, open) in network.facilities_of(care, open) {
        let beds = f64::from(facility.places) * open.share_of_year(reported as f64);
        for &metric in counted {
            let so_far = record.get(block, metric, facility.area, reported);
            record.real(block, metric, facility.area, reported, so_far + beds);
        }
    }
}
