//! How near children live to an open school of their stage, and how far they go to their own, where the scenario says where homes and schools are.
//!
//! Homes are points of an area with weights (communities, blocks); children of an area live at them in proportion. A child
//! is within 300, 500 or 1,000 m when the nearest facility of the stage that takes pupils this September, public or
//! private and in whichever area, is: as the crow flies, whoever gets a place there. Points are kilometres on a plane, or
//! degrees; degrees are turned into kilometres on a sphere of 6,371 km at the middle latitude of the two points.
//!
//! How far those go who have a place follows from where they are placed ([`super::ways`]).

use crate::diagnostic::code;
use crate::input::{Row, Section};
use crate::language::Text;
use crate::metric::{BlockId, MetricDef, Record};
use crate::site::Site;
use crate::text;

use super::placement::Seats;
use super::supply::{Facility, Offer};
use super::ways::WaysNow;

/// Metres within which a way is counted.
pub(super) const WITHIN: [f64; 3] = [300.0, 500.0, 1_000.0];

/// Position of the first of the metrics of [`WITHIN`].
const FIRST_WITHIN: usize = 1;

/// Positions of the metrics of those who have a place.
const PLACED: usize = 7;
const WAY: usize = 8;
const FIRST_PLACED_WITHIN: usize = 10;

/// Metrics of a stage's nearness.
pub(super) static METRICS: &[MetricDef] = &[
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

/// A point of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spot {
    /// Kilometres east and north of anywhere.
    Plane(f64, f64),
    /// Degrees of longitude and latitude.
    Globe(f64, f64),
}

impl Spot {
    /// The point of a row, if it has one; inside, `None` for none. Notes a fault where half of it is missing.
    #[expect(clippy::option_option, reason = "a fault and no point are not the same")]
    pub(super) fn read(row: &Row<'_>) -> Option<Option<Self>> {
        let pair = |first: &str, second: &str, most: (f64, f64)| {
            if row.text(first).is_empty() && row.text(second).is_empty() {
                return Some(None);
            }
            let pair = row.number(first, -most.0, most.0).zip(row.number(second, -most.1, most.1));
            pair.map(Some)
        };
        let (plane, globe) = (pair("x", "y", (1e5, 1e5))?, pair("lon", "lat", (180.0, 90.0))?);
        Some(plane.map(|(x, y)| Self::Plane(x, y)).or(globe.map(|(lon, lat)| Self::Globe(lon, lat))))
    }

    /// Metres to another point; `None` between a plane and the globe.
    pub(super) fn metres(self, other: Self) -> Option<f64> {
        const KILOMETRES_A_DEGREE: f64 = 6_371.0 * core::f64::consts::PI / 180.0;
        let (east, north) = match (self, other) {
            (Self::Plane(x, y), Self::Plane(u, v)) => (x - u, y - v),
            (Self::Globe(lon, lat), Self::Globe(other, north)) => {
                let middle = libm::cos(f64::midpoint(lat, north) * core::f64::consts::PI / 180.0);
                ((lon - other) * middle * KILOMETRES_A_DEGREE, (lat - north) * KILOMETRES_A_DEGREE)
            }
            _ => return None,
        };
        Some(1_000.0 * libm::sqrt(east * east + north * north))
    }
}

/// Where children of an area live.
#[derive(Clone, Debug)]
pub(super) struct Home {
    pub(super) area: usize,
    /// Share of the area's children.
    pub(super) share: f64,
    pub(super) spot: Spot,
}

/// Homes of a stage with the facilities near them.
#[derive(Clone, Debug)]
pub(super) struct Nearness {
    block: BlockId,
    areas: usize,
    homes: Vec<Home>,
    /// For each home the facilities within the largest distance, nearest first, with the first of [`WITHIN`] that they are
    /// in.
    near: Vec<Vec<(usize, usize)>>,
    /// Whether any home of an area is known.
    known: Vec<bool>,
}

impl Nearness {
    pub(super) fn new(block: BlockId, areas: usize, homes: &[Home], facilities: &[Facility]) -> Self {
        let near = |home: &Home| {
            let metres = |(index, facility): (usize, &Facility)| {
                facility.spot.and_then(|spot| spot.metres(home.spot)).map(|metres| (metres, index))
            };
            let mut all: Vec<(f64, usize)> = facilities.iter().enumerate().filter_map(metres).collect();
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let class = |metres: f64| WITHIN.iter().position(|within| metres <= *within);
            all.into_iter().map_while(|(metres, index)| class(metres).map(|class| (index, class))).collect()
        };
        let mut known = vec![false; areas];
        homes.iter().for_each(|home| known[home.area] = true);
        let near = homes.iter().map(near).collect();
        Self { block, areas, homes: homes.to_vec(), near, known }
    }

    /// Records a September; `children` are those of every area.
    pub(super) fn record(
        &self,
        (year, reported): (i32, usize),
        children: impl Fn(usize) -> u32,
        offer: &Offer,
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
    pub(super) fn record_placed(&self, reported: usize, seats: &Seats, ways: &WaysNow, record: &mut Record<'_>) {
        for area in 0..self.areas {
            let (mut placed, mut metres, mut within) = (0, 0.0, [0.0; WITHIN.len()]);
            for slot in (0..2 * self.areas).filter(|_| self.known[area]) {
                let seated = seats.seated_in(area, slot);
                if seated > 0 {
                    let (way, shares) = ways.of(area, slot);
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

/// Reads the table of homes; inside, empty when the scenario has none.
pub(super) fn read_homes(section: &Section<'_>, site: &Site) -> Option<Vec<Home>> {
    if !section.has("homes") {
        return Some(Vec::new());
    }
    let (sheet, ids) = (section.sheet("homes")?, site.area_ids());
    let (mut homes, mut fine, mut sums) = (Vec::new(), true, vec![0.0; ids.len()]);
    for row in sheet.rows() {
        let spot = Spot::read(&row);
        if spot == Some(None) {
            row.fault(
                "area",
                Text::new("the home has no point", "居住点没有坐标"),
                Text::new(
                    "give x and y in kilometres, or lon and lat in degrees",
                    "请给出 x、y（公里）或 lon、lat（度）",
                ),
            );
        }
        match (row.name_of("area", &ids), row.number("weight", 0.0, 1e9), spot.flatten()) {
            (Some(area), Some(share), Some(spot)) => {
                sums[area] += share;
                homes.push(Home { area, share, spot });
            }
            _ => fine = false,
        }
    }
    homes.retain(|home| sums[home.area] > 0.0);
    homes.iter_mut().for_each(|home| home.share /= sums[home.area]);
    fine.then_some(homes)
}

/// Notes a fault where homes and facilities cannot be compared.
pub(super) fn check(section: &Section<'_>, homes: &[Home], spots: &[Option<Spot>]) {
    let Some(first) = homes.first() else { return };
    let all = homes.iter().map(|home| home.spot).chain(spots.iter().flatten().copied());
    if spots.iter().all(Option::is_none) {
        section.fault(
            code::CONTRADICTION,
            "homes",
            Text::new("homes have points, but no facility has one", "居住点有坐标，但没有任何设施有坐标"),
            Text::new("add x and y, or lon and lat, to the table of facilities", "请在设施表中加入 x、y 或 lon、lat"),
        );
    } else if all.into_iter().any(|spot| first.spot.metres(spot).is_none()) {
        section.fault(
            code::CONTRADICTION,
            "homes",
            text!("some points are in kilometres and some in degrees", "坐标有的是公里，有的是度"),
            Text::new(
                "give all homes and facilities in x and y, or all in lon and lat",
                "请统一使用 x、y 或统一使用 lon、lat",
            ),
        );
    }
}
