//! Outlines of areas from a GeoJSON file (RFC 7946), flattened and simplified for a picture.
//!
//! Longitude and latitude become plane coordinates by the equirectangular projection at the middle latitude, in whole units
//! of a frame [`WIDE`] wide. What is too small to see is left out: points by the area of the triangle with their neighbours
//! (Visvalingam and Whyatt 1993), rings that shrink to nothing. Several features of one area are put together; features of
//! other places are passed over. It tells nothing of distances, and nothing that is computed depends on it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use std::ops::Range;

use super::messages::first_of;
use crate::diagnostic::{DiagnosticSink, FileId, Span, code};
use crate::language::Text;
use crate::text;

/// Width of the frame, and the most of its height, in units.
const WIDE: f64 = 4_000.0;
const HIGH: f64 = 3_200.0;

/// Most points of a file.
const MOST_POINTS: usize = 2_000_000;

/// Twice the area, in square units, of the smallest triangle that a point is kept for.
const SMALLEST: i64 = 24;

/// The outlines of all areas in one frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlines {
    /// Width of the frame.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// One outline for each area, in the order of the areas.
    pub areas: Vec<Outline>,
}

/// The outline of an area.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Rings of points (from the west, from the north), without the last that equals the first. What lies in an even
    /// number of rings is a hole.
    pub rings: Vec<Vec<[i32; 2]>>,
    /// A point inside, in the widest part at middle height, for a label.
    pub inside: [i32; 2],
}

#[derive(Deserialize)]
struct Collection<'t> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    features: Vec<&'t RawValue>,
}

#[derive(Deserialize)]
struct Feature<'t> {
    id: Option<Value>,
    properties: Option<Map<String, Value>>,
    #[serde(borrow)]
    geometry: Option<Geometry<'t>>,
}

#[derive(Deserialize)]
struct Geometry<'t> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    coordinates: Option<&'t RawValue>,
}

/// Points as the file has them: longitude, latitude and whatever else.
type Ring = Vec<Vec<f64>>;

/// Reads the outlines of `areas`, told apart by `property`; notes every fault and returns `None` if there is one.
pub(super) fn read(
    faults: &DiagnosticSink,
    file: FileId,
    text: &str,
    property: &str,
    areas: &[&str],
) -> Option<Outlines> {
    let reader = Reader { faults, file, text };
    let collection: Collection<'_> = match serde_json::from_str(text) {
        Ok(collection) => collection,
        Err(fault) => return reader.not_json(&fault),
    };
    if collection.kind != "FeatureCollection" {
        let kind = &collection.kind;
        reader.note(
            0..0,
            text!("this is a {kind}, not a FeatureCollection", "这是 {kind}，不是 FeatureCollection"),
            Text::new("export the areas as one GeoJSON layer", "请将各区域导出为一个 GeoJSON 图层"),
        );
        return None;
    }
    let mut rings: Vec<Vec<Ring>> = vec![Vec::new(); areas.len()];
    let mut points = 0;
    let mut fine = true;
    for feature in collection.features {
        match reader.feature(feature, property, areas) {
            Ok(Some((area, mut more))) => {
                points += more.iter().map(Vec::len).sum::<usize>();
                rings[area].append(&mut more);
            }
            Ok(None) => {}
            Err(()) => fine = false,
        }
        if points > MOST_POINTS {
            reader.note(
                reader.place(feature),
                text!("the map has more than {MOST_POINTS} points", "地图的点数超过 {MOST_POINTS}"),
                Text::new("simplify it, for example on mapshaper.org", "请先简化，例如使用 mapshaper.org"),
            );
            return None;
        }
    }
    fine &= reader.all_given(&rings, property, areas);
    fine.then(|| flat(&rings)).flatten().or_else(|| {
        if fine {
            reader.note(
                0..0,
                Text::new("the outlines have no extent", "边界没有范围"),
                Text::new("export areas, not points", "请导出面要素，而不是点"),
            );
        }
        None
    })
}

#[derive(Clone, Copy)]
struct Reader<'t> {
    faults: &'t DiagnosticSink,
    file: FileId,
    text: &'t str,
}

impl Reader<'_> {
    fn note(self, at: Range<usize>, message: Text, remedy: Text) {
        self.faults.error(code::MAP, Span { file: self.file, start: at.start, end: at.end }, message, remedy);
    }

    /// Where a piece of the file stands.
    fn place(self, piece: &RawValue) -> Range<usize> {
        let start = (piece.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        // A feature may be a megabyte: its beginning shows which it is.
        let mut end = (start + piece.get().len().min(60)).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        start..end
    }

    fn not_json(self, fault: &serde_json::Error) -> Option<Outlines> {
        let line: usize = self.text.lines().take(fault.line().saturating_sub(1)).map(|line| line.len() + 1).sum();
        let at = (line + fault.column().saturating_sub(1)).min(self.text.len());
        let at = (0..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        self.note(
            at..at,
            text!("this is not GeoJSON: {fault}", "此处不是 GeoJSON：{fault}"),
            Text::new(
                "export the areas from your map program as GeoJSON (RFC 7946)",
                "请从地图软件将各区域导出为 GeoJSON（RFC 7946）",
            ),
        );
        None
    }

    /// The area and the rings of a feature; nothing for one of another place.
    fn feature(self, piece: &RawValue, property: &str, areas: &[&str]) -> Result<Option<(usize, Vec<Ring>)>, ()> {
        let place = self.place(piece);
        let feature: Feature<'_> = serde_json::from_str(piece.get()).map_err(|fault| {
            self.note(
                place.clone(),
                text!("this feature is not one: {fault}", "此要素格式有误：{fault}"),
                Text::new("export the areas anew as GeoJSON", "请重新导出为 GeoJSON"),
            );
        })?;
        let properties = feature.properties.unwrap_or_default();
        let written = properties.get(property).or(feature.id.as_ref()).and_then(|key| match key {
            Value::String(key) => Some(key.clone()),
            Value::Number(key) => Some(key.to_string()),
            _ => None,
        });
        let Some(key) = written else {
            let known: Vec<&str> = properties.keys().map(String::as_str).collect();
            let known = first_of(&known);
            self.note(
                place.clone(),
                text!("this feature has no property `{property}`", "此要素没有属性 `{property}`"),
                text!(
                    "set `map_key` to the property that holds the area's key; it has: {known}",
                    "请把 `map_key` 设为存放区域代码的属性；此要素有：{known}"
                ),
            );
            return Err(());
        };
        let Some(area) = areas.iter().position(|area| *area == key) else { return Ok(None) };
        self.rings(place.clone(), feature.geometry.as_ref()).map(|rings| Some((area, rings)))
    }

    fn rings(self, place: Range<usize>, geometry: Option<&Geometry<'_>>) -> Result<Vec<Ring>, ()> {
        let found = geometry.map_or("nothing", |geometry| geometry.kind.as_str());
        let read = match geometry.and_then(|geometry| geometry.coordinates.map(|c| (found, c.get()))) {
            Some(("Polygon", coordinates)) => serde_json::from_str::<Vec<Ring>>(coordinates),
            Some(("MultiPolygon", coordinates)) => {
                serde_json::from_str::<Vec<Vec<Ring>>>(coordinates).map(|parts| parts.into_iter().flatten().collect())
            }
            _ => {
                self.note(
                    place.clone(),
                    text!("the outline of this area is {found}, not a polygon", "此区域的图形是 {found}，不是面"),
                    Text::new("draw it as Polygon or MultiPolygon", "请用 Polygon 或 MultiPolygon 表示"),
                );
                return Err(());
            }
        };
        let rings = read.map_err(|fault| {
            self.note(
                place.clone(),
                text!("the coordinates of this area cannot be read: {fault}", "此区域的坐标无法读取：{fault}"),
                Text::new("write rings of [longitude, latitude]", "请写成由 [经度, 纬度] 组成的环"),
            );
        })?;
        self.on_earth(place.clone(), &rings).then_some(rings).ok_or(())
    }

    /// Whether every point has a longitude and a latitude.
    fn on_earth(self, place: Range<usize>, rings: &[Ring]) -> bool {
        let fits = |point: &Vec<f64>| matches!(point[..], [x, y, ..] if (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y));
        let Some(stray) = rings.iter().flatten().find(|point| !fits(point)) else { return true };
        let shown = stray.iter().take(3).map(f64::to_string).collect::<Vec<_>>().join(", ");
        self.note(
            place.clone(),
            text!("[{shown}] is not a longitude and a latitude", "[{shown}] 不是经度和纬度"),
            Text::new(
                "export in degrees (WGS 84 or CGCS2000, EPSG:4326 or 4490), not in metres of a projection",
                "请以经纬度（度）导出（WGS 84 或 CGCS2000，EPSG:4326 或 4490），不要用投影坐标（米）",
            ),
        );
        false
    }

    /// Whether every area has an outline.
    fn all_given(self, rings: &[Vec<Ring>], property: &str, areas: &[&str]) -> bool {
        let without: Vec<&str> =
            areas.iter().zip(rings).filter(|(_, rings)| rings.is_empty()).map(|(area, _)| *area).collect();
        if without.is_empty() {
            return true;
        }
        let (count, list) = (without.len(), first_of(&without));
        self.note(
            0..0,
            text!("{count} area(s) have no outline: {list}", "有 {count} 个区域没有边界：{list}"),
            text!(
                "add a feature for each whose property `{property}` is the area's key, or leave `map` out",
                "请为每个区域加一个要素，其属性 `{property}` 为区域代码；或删去 `map`"
            ),
        );
        false
    }
}

/// All rings in one frame; `None` where they have no extent.
fn flat(areas: &[Vec<Ring>]) -> Option<Outlines> {
    let points = || areas.iter().flatten().flatten();
    let extent = |axis: usize| {
        let of = points().map(move |point| point[axis]);
        (of.clone().fold(f64::INFINITY, f64::min), of.fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (extent(0), extent(1));
    let squeeze = libm::cos((0.5 * (south + north)).to_radians()).max(0.01);
    let (wide, high) = ((east - west) * squeeze, north - south);
    if !(wide > 0.0 && high > 0.0) {
        return None;
    }
    let scale = (WIDE / wide).min(HIGH / high);
    let unit = |point: &Vec<f64>| {
        let (x, y) = ((point[0] - west) * squeeze * scale, (north - point[1]) * scale);
        [x.round() as i32, y.round() as i32]
    };
    let outline = |rings: &Vec<Ring>| {
        let rings: Vec<Vec<[i32; 2]>> = rings
            .iter()
            .map(|ring| simplified(ring.iter().map(unit).collect()))
            .filter(|ring| ring.len() > 2)
            .collect();
        Outline { inside: inside(&rings), rings }
    };
    Some(Outlines {
        width: (wide * scale).round() as u32,
        height: (high * scale).round() as u32,
        areas: areas.iter().map(outline).collect(),
    })
}

/// Twice the area of a triangle.
fn triangle(a: [i32; 2], b: [i32; 2], c: [i32; 2]) -> i64 {
    let ([ax, ay], [bx, by], [cx, cy]) = (a.map(i64::from), b.map(i64::from), c.map(i64::from));
    ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).abs()
}

/// A ring without points that are too close to the line between their neighbours; the smallest goes first. Time: `n log n`.
fn simplified(mut ring: Vec<[i32; 2]>) -> Vec<[i32; 2]> {
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let n = ring.len();
    let mut before: Vec<usize> = (0..n).map(|i| (i + n - 1) % n).collect();
    let mut after: Vec<usize> = (0..n).map(|i| (i + 1) % n).collect();
    let mut size: Vec<i64> = (0..n).map(|i| triangle(ring[before[i]], ring[i], ring[after[i]])).collect();
    let mut queue: BinaryHeap<Reverse<(i64, usize)>> = (0..n).map(|i| Reverse((size[i], i))).collect();
    let mut left = n;
    let mut gone = vec![false; n];
    while let Some(Reverse((area, i))) = queue.pop() {
        if area > SMALLEST || left <= 3 {
            break;
        }
        if gone[i] || area != size[i] {
            continue;
        }
        gone[i] = true;
        left -= 1;
        let (a, b) = (before[i], after[i]);
        after[a] = b;
        before[b] = a;
        for neighbour in [a, b] {
            // Never smaller than what is gone, so that removal goes from small to large.
            size[neighbour] = triangle(ring[before[neighbour]], ring[neighbour], ring[after[neighbour]]).max(area);
            queue.push(Reverse((size[neighbour], neighbour)));
        }
    }
    let kept: Vec<[i32; 2]> = ring.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(point, _)| *point).collect();
    // Less than a triangle, or one too thin to see, encloses nothing.
    let nothing = match kept[..] {
        [a, b, c] => triangle(a, b, c) <= SMALLEST,
        _ => kept.len() < 3,
    };
    if nothing { Vec::new() } else { kept }
}

/// The middle of the widest stretch inside the rings at the middle height of the largest ring.
fn inside(rings: &[Vec<[i32; 2]>]) -> [i32; 2] {
    let Some(largest) = rings.iter().max_by_key(|ring| ring.len()) else { return [0, 0] };
    let heights = || largest.iter().map(|point| point[1]);
    let (top, bottom) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
    // Half a unit aside, so that no point lies on the line.
    let y = f64::from(top + bottom) / 2.0 + 0.25;
    let mut crossings: Vec<f64> = Vec::new();
    for ring in rings {
        for (i, a) in ring.iter().enumerate() {
            let b = ring[(i + 1) % ring.len()];
            let ([ax, ay], [bx, by]) = (a.map(f64::from), b.map(f64::from));
            if (ay > y) != (by > y) {
                crossings.push(ax + (y - ay) / (by - ay) * (bx - ax));
            }
        }
    }
    crossings.sort_by(f64::total_cmp);
    let widest = crossings.chunks_exact(2).map(|pair| (pair[1] - pair[0], pair[0] + pair[1]));
    let (_, sum) = widest.fold((-1.0, 0.0), |best, next| if next.0 > best.0 { next } else { best });
    [(sum / 2.0).round() as i32, y.round() as i32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn read_text(text: &str, areas: &[&str]) -> (Option<Outlines>, Vec<String>) {
        let faults = DiagnosticSink::default();
        let file = faults.add_file(Path::new("m.geojson"), text.to_owned());
        let read = read(&faults, file, text, "id", areas);
        (read, faults.finish().list.into_iter().map(|fault| fault.message.en.into_owned()).collect())
    }

    fn square(id: &str, west: f64, south: f64, size: f64) -> String {
        let (east, north) = (west + size, south + size);
        format!(
            r#"{{"type":"Feature","properties":{{"id":"{id}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    #[test]
    fn a_degree_of_longitude_is_as_much_shorter_as_the_cosine_of_the_latitude() {
        let (outlines, faults) = read_text(&collection(&[square("a", 117.0, 59.5, 1.0)]), &["a"]);
        assert_eq!(faults, Vec::<String>::new());
        let outlines = outlines.unwrap();
        // At 60 degrees a square of degrees is half as wide as high.
        assert_eq!((outlines.width, outlines.height), (1_600, 3_200));
        assert_eq!(outlines.areas[0].rings, [[[0, 3_200], [1_600, 3_200], [1_600, 0], [0, 0]]]);
        assert_eq!(outlines.areas[0].inside, [800, 1_600]);
    }

    #[test]
    fn points_between_others_go_and_corners_stay() {
        let circle: Vec<[i32; 2]> = (0..100_000)
            .map(|i| {
                let angle = f64::from(i) / 100_000.0 * std::f64::consts::TAU;
                [
                    (2_000.0 + 1_500.0 * libm::cos(angle)).round() as i32,
                    (1_600.0 + 1_500.0 * libm::sin(angle)).round() as i32,
                ]
            })
            .collect();
        let round = simplified(circle);
        assert!((60..400).contains(&round.len()), "{}", round.len());
        // The polygon of the points left encloses nearly all of the circle.
        let twice: i64 = (0..round.len())
            .map(|i| {
                let ([ax, ay], [bx, by]) = (round[i].map(i64::from), round[(i + 1) % round.len()].map(i64::from));
                ax * by - bx * ay
            })
            .sum();
        let exact = std::f64::consts::PI * 1_500.0 * 1_500.0;
        assert!((twice as f64 / 2.0 / exact - 1.0).abs() < 0.002, "{twice}");
        let stairs = vec![[0, 0], [100, 0], [200, 0], [200, 100], [200, 200], [0, 200], [0, 0]];
        assert_eq!(simplified(stairs), [[0, 0], [200, 0], [200, 200], [0, 200]]);
        assert!(simplified(vec![[5, 5], [6, 5], [5, 5]]).is_empty());
    }

    #[test]
    fn parts_of_an_area_come_together_and_other_places_are_passed_over() {
        let text = collection(&[square("a", 0.0, 0.0, 1.0), square("b", 2.0, 0.0, 1.0), square("a", 4.0, 0.0, 1.0)]);
        let (outlines, _) = read_text(&text, &["a"]);
        assert_eq!(outlines.unwrap().areas[0].rings.len(), 2);
    }

    #[test]
    fn every_fault_of_a_map_is_said() {
        let far = square("a", 500_000.0, 4_000_000.0, 1.0);
        let nameless = r#"{"type":"Feature","properties":{"name":"x"},"geometry":null}"#.to_owned();
        let point =
            r#"{"type":"Feature","properties":{"id":"b"},"geometry":{"type":"Point","coordinates":[0,0]}}"#.to_owned();
        let odd = r#"{"type":"Feature","properties":{"id":"c"},"geometry":{"type":"Polygon","coordinates":[[["x"]]]}}"#;
        let (outlines, faults) =
            read_text(&collection(&[far, nameless, point, odd.to_owned(), "7".to_owned()]), &["a", "b", "c"]);
        assert!(outlines.is_none());
        let said = faults.join("\n");
        for part in ["not a longitude", "no property `id`", "is Point", "cannot be read", "is not one", "3 area(s)"] {
            assert!(said.contains(part), "no «{part}» in\n{said}");
        }
        for text in ["", "{", "[]", "{\"type\":\"Feature\"}", &"[".repeat(100_000), "{\"type\":\"FeatureCollection\"}"]
        {
            let (outlines, faults) = read_text(text, &["a"]);
            assert!(outlines.is_none() && !faults.is_empty(), "{}", &text[..text.len().min(20)]);
        }
        let nowhere = collection(&[square("a", 1.0, 1.0, 0.0)]);
        assert!(read_text(&nowhere, &["a"]).1[0].contains("no extent"));
    }
}
