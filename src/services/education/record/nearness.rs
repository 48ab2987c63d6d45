//! How near children live to an open school of their stage, and how far they go to their own, where the scenario says where homes and schools are.
//!
//! A child is within 300, 500 or 1,000 m of its home ([`crate::services::education::input::residence`]) when the nearest facility of the stage that takes pupils
//! this September, public or private and in whichever area, is, whoever gets a place there: by the table of ways, or as the
//! crow flies.
//!
//! How far those go who have a place follows from where they are placed ([`crate::services::education::placement::travel_distances`]).

use crate::metric::{BlockId, MetricDef, Record};

use crate::services::education::placement::allocation::Allocation;
use crate::services::education::placement::capacity::CapacityYear;
use crate::services::education::placement::facility::Facility;
use crate::services::education::placement::location::WITHIN;
use crate::services::education::placement::residence::ResidencePoint;
use crate::services::education::placement::travel_distances::TravelYear;

/// Position of the first of the metrics of [`WITHIN`].
const FIRST_WITHIN: usize = 1;

/// Positions of the metrics of those who have a place.
const PLACED: usize = 7;
const WAY: usize = 8;
const FIRST_PLACED_WITHIN: usize = 10;

/// Metrics of a stage's nearness.
pub(crate) static METRICS: &[MetricDef] = &[
    MetricDef::count("children", "children", "Children whose homes are known", "居住位置已知的儿童"),
    MetricDef::real("within_300", "children", "Living within 300 m of an open school", "距开办学校300米内的儿童"),
    MetricDef::real("within_500", "children", "Living within 500 m of an open school", "距开办学校500米内的儿童"),
    MetricDef::real("within_1000", "children", "Living within 1,000 m of an open school", "距开办学校1000米内的儿童"),
    MetricDef::ratio("share_within_300", "within_300", "children", "Share within 300 m", "300米内占比"),
    MetricDef::ratio("share_within_500", "within_500", "children", "Share within 500 m", "500米内占比"),
    MetricDef::ratio("share_within_1000", "within_1000", "children", "Share within 1,000 m", "1000米内占比"),
    MetricDef::count(
        "placed",
        "children",
        "Children placed in the district, homes known",
        "居住位置已知的区内就读儿童",
    ),
    MetricDef::real("way_km", "km", "Way of them all to where they are placed", "就读总路程"),
    MetricDef::ratio("mean_way_km", "way_km", "placed", "Way of a placed child, km", "平均就读距离（公里）")
        .in_unit("km"),
    MetricDef::real("placed_300", "children", "Placed within 300 m", "300米内就读的儿童"),
    MetricDef::real("placed_500", "children", "Placed within 500 m", "500米内就读的儿童"),
    MetricDef::real("placed_1000", "children", "Placed within 1,000 m", "1000米内就读的儿童"),
    MetricDef::ratio("share_placed_300", "placed_300", "placed", "Share placed within 300 m", "300米内就读占比"),
    MetricDef::ratio("share_placed_500", "placed_500", "placed", "Share placed within 500 m", "500米内就读占比"),
    MetricDef::ratio("share_placed_1000", "placed_1000", "placed", "Share placed within 1,000 m", "1000米内就读占比"),
];

/// Homes of a stage with the facilities near them.
#[derive(Clone, Debug)]
pub(crate) struct Nearness {
    block: BlockId,
    areas: usize,
    homes: Vec<ResidencePoint>,
    /// For each home the facilities within the largest distance, nearest first, with the first of [`WITHIN`] that they are
    /// in.
    near: Vec<Vec<(usize, usize)>>,
    /// Whether the way from any home of an area to any facility is known.
    known: Vec<bool>,
}

impl Nearness {
    pub(crate) fn new(block: BlockId, areas: usize, homes: &[ResidencePoint], facilities: &[Facility]) -> Self {
        let near = |home: &ResidencePoint| {
            let metres = |(index, facility): (usize, &Facility)| home.metres(facility).map(|metres| (metres, index));
            let mut all: Vec<(f64, usize)> = facilities.iter().enumerate().filter_map(metres).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let class = |metres: f64| WITHIN.iter().position(|within| metres <= *within);
            all.into_iter().map_while(|(metres, index)| class(metres).map(|class| (index, class))).collect()
        };
        let mut known = vec![false; areas];
        homes.iter().filter(|home| home.knows_any(facilities)).for_each(|home| known[home.area] = true);
        let near = homes.iter().map(near).collect();
        Self { block, areas, homes: homes.to_vec(), near, known }
    }

    /// Records a September; `children` are those of every area.
    pub(crate) fn record(
        &self,
        (year, reported): (i32, usize),
        children: impl Fn(usize) -> u32,
        offer: &CapacityYear,
        record: &mut Record<'_>,
    ) {
        for area in 0..self.areas {
            let here = if self.known[area] { children(area) } else { 0 };
            let mut shares = [0.0; WITHIN.len()];
            for (home, near) in self.homes.iter().zip(&self.near).filter(|(home, _)| home.area == area) {
                if let Some((_, class)) = near.iter().find(|(facility, _)| offer.takes_pupils(*facility, year)) {
                    shares[*class..].iter_mut().for_each(|sum| *sum += home.share);
                }
            }
            record.count(self.block, 0, area, reported, here);
            for (at, share) in shares.into_iter().enumerate() {
                record.real(self.block, FIRST_WITHIN + at, area, reported, share * f64::from(here));
            }
        }
    }
}

impl Nearness {
    /// Records how far those go who have a place in the district.
    pub(crate) fn record_placed(
        &self,
        reported: usize,
        seats: &Allocation,
        ways: &TravelYear,
        record: &mut Record<'_>,
    ) {
        for area in 0..self.areas {
            let (mut placed, mut metres, mut within) = (0, 0.0, [0.0; WITHIN.len()]);
            let homes = seats.catchments.of_area(area).iter().filter(|_| self.known[area]);
            for (home, slot) in homes.flat_map(|home| (0..2 * seats.origins()).map(move |slot| (*home, slot))) {
                let seated = seats.seated_in(home, slot);
                if seated > 0
                    && let Some((way, shares)) = ways.of(home, slot)
                {
                    placed += seated;
                    metres += f64::from(seated) * way;
                    within.iter_mut().zip(shares).for_each(|(sum, share)| *sum += f64::from(seated) * share);
                }
            }
            record.count(self.block, PLACED, area, reported, placed);
            record.real(self.block, WAY, area, reported, metres / 1_000.0);
            for (at, children) in within.into_iter().enumerate() {
                record.real(self.block, FIRST_PLACED_WITHIN + at, area, reported, children);
            }
        }
    }
}
