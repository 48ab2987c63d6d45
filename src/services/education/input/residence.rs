//! Where children live and how far it is from there to the schools.
//!
//! Homes are communities, blocks or whole areas, with weights; children of an area live at them in proportion. The way from a
//! home to a facility is as the table of ways says (kilometres, or minutes on foot), or else as the crow flies between their
//! points. Points are kilometres on a plane, or degrees; degrees are turned into kilometres on a sphere of 6,371 km at the middle
//! latitude of the two points.

use crate::diagnostic::code;
use std::collections::{BTreeMap, HashSet};

use crate::input::{Names, Row, Section};
use crate::language::Text;
use crate::site::Site;
use crate::text;

use super::catchments::Zoning;
use crate::services::education::placement::location::Location;
use crate::services::education::placement::residence::ResidencePoint;

/// Longest way, in the unit of its column.
const LONGEST: f64 = 10_000.0;

/// Reads the table of homes; inside, empty when the scenario has none.
pub(crate) fn read(section: &Section<'_>, site: &Site, zoning: &Zoning) -> Option<Vec<ResidencePoint>> {
    if !section.has("homes") {
        return Some(Vec::new());
    }
    let (sheet, ids) = (section.sheet("homes")?, site.area_ids());
    let (mut homes, mut fine, mut sums) = (Vec::<ResidencePoint>::new(), true, vec![0.0; ids.len()]);
    let mut seen = HashSet::new();
    for row in sheet.rows() {
        let location = read_location(&row);
        if location == Some(None) && !section.has("travel_distances") {
            row.fault(
                "area",
                Text::new("the home has no point", "居住点没有坐标"),
                Text::new(
                    "give x and y in kilometres, or lon and lat in degrees; or its ways to schools in the table `travel_distances`",
                    "请给出 x、y（公里）或 lon、lat（度）；或在 `travel_distances` 表中给出到学校的路程",
                ),
            );
            fine = false;
        }
        let key = row.text("home").to_owned();
        let area = row.name_of("area", &ids);
        let catchments = area.map_or_else(|| Some(Vec::new()), |area| zoning.of_home(&row, area));
        match (area, row.number("weight", 0.0, 1e9), location, catchments) {
            (Some(area), Some(share), Some(location), Some(catchments)) => {
                if !key.is_empty() && !seen.insert((area, key.clone())) {
                    row.fault(
                        "home",
                        text!("the home «{key}» is given twice in its area", "居住点“{key}”在该区域重复"),
                        Text::new("give every home of an area its own key", "同一区域内每个居住点须有唯一代码"),
                    );
                    fine = false;
                }
                sums[area] += share;
                homes.push(ResidencePoint { key, area, catchments, share, location, told: BTreeMap::new() });
            }
            _ => fine = false,
        }
    }
    homes.retain(|home| sums[home.area] > 0.0);
    // Sums over homes are taken in an order of their own, so that a table may be sorted as one likes.
    homes.sort_by(|a, b| {
        let place = a.area.cmp(&b.area).then_with(|| a.key.cmp(&b.key)).then_with(|| a.catchments.cmp(&b.catchments));
        place.then(a.share.total_cmp(&b.share)).then_with(|| Location::compare(a.location, b.location))
    });
    sums.fill(0.0);
    homes.iter().for_each(|home| sums[home.area] += home.share);
    homes.iter_mut().for_each(|home| home.share /= sums[home.area]);
    fine.then_some(homes)
}

/// Reads the table of ways into the homes; without a table of homes, each area of it becomes one. `facilities` are the keys of
/// the rows of the table of facilities.
pub(crate) fn read_ways(
    section: &Section<'_>,
    site: &Site,
    facilities: &[String],
    homes: &mut Vec<ResidencePoint>,
) -> Option<()> {
    if !section.has("travel_distances") {
        return Some(());
    }
    let sheet = section.sheet("travel_distances")?;
    let per_minute = if sheet.has("minutes") { section.number("walking_kmh")? / 60.0 } else { 0.0 };
    let mut reader = WayReader {
        areas: site.area_names(),
        facilities: Names::new(facilities.iter().map(String::as_str)),
        has_homes: section.has("homes"),
        per_minute,
        of_area: vec![Vec::new(); site.areas.len()],
    };
    homes.iter().enumerate().for_each(|(at, home)| reader.of_area[home.area].push(at));
    let mut fine = true;
    for row in sheet.rows() {
        fine &= reader.read(&row, homes).is_some();
    }
    if let Some(home) = homes.iter().find(|home| fine && home.location.is_none() && home.told.is_empty()) {
        let (key, area) = (&home.key, &site.areas[home.area].id);
        sheet.fault(
            text!(
                "the home «{key}» of {area} has neither a point nor a way to any facility",
                "{area} 的居住点“{key}”既无坐标，也没有到任何设施的路程"
            ),
            Text::new(
                "add its ways to this table, or its point to that of homes",
                "请在本表补上路程，或在居住点表补上坐标",
            ),
        );
        return None;
    }
    fine.then_some(())
}

/// Reads rows of the table of ways.
struct WayReader {
    areas: Names,
    facilities: Names,
    has_homes: bool,
    /// Kilometres walked in a minute.
    per_minute: f64,
    /// Homes of each area.
    of_area: Vec<Vec<usize>>,
}

impl WayReader {
    fn read(&mut self, row: &Row<'_>, homes: &mut Vec<ResidencePoint>) -> Option<()> {
        let (area, facility) = (row.find("area", &self.areas), row.find("facility", &self.facilities));
        let kilometres = self.kilometres(row);
        let (area, facility, metres) = (area?, facility?, 1_000.0 * kilometres?);
        let key = row.text("home");
        if !self.has_homes && key.is_empty() && self.of_area[area].is_empty() {
            self.of_area[area].push(homes.len());
            homes.push(ResidencePoint {
                key: String::new(),
                area,
                catchments: Vec::new(),
                share: 1.0,
                location: None,
                told: BTreeMap::new(),
            });
        }
        let of_area = &self.of_area[area];
        if of_area.is_empty() {
            self.refuse_home(row);
            return None;
        }
        if !key.is_empty() {
            row.name_of("home", &of_area.iter().map(|home| homes[*home].key.as_str()).collect::<Vec<_>>())?;
        }
        let mut fine = true;
        for &home in of_area {
            if key.is_empty() || homes[home].key == key {
                fine &= homes[home].told.insert(facility, metres).is_none();
            }
        }
        if !fine {
            row.fault(
                "facility",
                Text::new("this way is given twice", "这段路程重复给出"),
                Text::new("give each home and facility one row", "每个居住点到每个设施只写一行"),
            );
        }
        fine.then_some(())
    }

    fn kilometres(&self, row: &Row<'_>) -> Option<f64> {
        match (row.text("kilometres").is_empty(), row.text("minutes").is_empty()) {
            (false, true) => row.number("kilometres", 0.0, LONGEST),
            (true, false) => row.number("minutes", 0.0, LONGEST).map(|minutes| minutes * self.per_minute),
            (neither, _) => {
                let found = if neither {
                    Text::new("the row says no way", "此行没有写路程")
                } else {
                    Text::new("the row gives kilometres and minutes", "此行同时写了公里和分钟")
                };
                let remedy = Text::new(
                    "give one of `kilometres` and `minutes`",
                    "请在 `kilometres`（公里）与 `minutes`（分钟）中只写一个",
                );
                row.fault(if neither { "facility" } else { "minutes" }, found, remedy);
                None
            }
        }
    }

    fn refuse_home(&self, row: &Row<'_>) {
        row.fault(
            "home",
            if self.has_homes {
                Text::new("no home of this area is in the table of homes", "居住点表中没有该区域的居住点")
            } else {
                Text::new("a home is named, but there is no table of homes", "写了居住点代码，但没有居住点表")
            },
            Text::new(
                "add the home to the table `homes`, or, without such a table, leave the cell empty: the whole area",
                "请在 `homes` 表中补上该居住点；没有该表时请留空（整个区域）",
            ),
        );
    }
}

/// Notes a fault where the points of homes and facilities cannot be compared.
pub(crate) fn check(section: &Section<'_>, homes: &[ResidencePoint], locations: &[Option<Location>]) {
    let Some(first) = homes.iter().find_map(|home| home.location) else { return };
    let mut all = homes.iter().filter_map(|home| home.location).chain(locations.iter().flatten().copied());
    if locations.iter().all(Option::is_none) && !section.has("travel_distances") {
        section.fault(
            code::CONTRADICTION,
            "homes",
            Text::new("homes have points, but no facility has one", "居住点有坐标，但没有任何设施有坐标"),
            Text::new(
                "add x and y, or lon and lat, to the table of facilities; or give the table `travel_distances`",
                "请在设施表中加入 x、y 或 lon、lat；或给出 `travel_distances` 表",
            ),
        );
    } else if all.any(|location| first.metres(location).is_none()) {
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

/// The point of a row, if it has one; inside, `None` for none. Notes a fault where half of it is missing.
#[expect(clippy::option_option, reason = "a fault and no point are not the same")]
pub(crate) fn read_location(row: &Row<'_>) -> Option<Option<Location>> {
    let pair = |first: &str, second: &str, most: (f64, f64)| {
        if row.text(first).is_empty() && row.text(second).is_empty() {
            return Some(None);
        }
        let pair = row.number(first, -most.0, most.0).zip(row.number(second, -most.1, most.1));
        pair.map(Some)
    };
    let (plane, globe) = (pair("x", "y", (1e5, 1e5))?, pair("lon", "lat", (180.0, 90.0))?);
    Some(plane.map(|(x, y)| Location::Plane(x, y)).or(globe.map(|(lon, lat)| Location::Globe(lon, lat))))
}
