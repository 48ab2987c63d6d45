//! Points of the map, and how far it is from one to another.
//!
//! Points are kilometres on a plane, or degrees; degrees are turned into kilometres on a sphere of 6,371 km at the middle latitude
//! of the two points.

/// Metres within which a way is counted as near.
pub(crate) const WITHIN: [f64; 3] = [300.0, 500.0, 1_000.0];

/// A point of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Location {
    /// Kilometres east and north of anywhere.
    Plane(f64, f64),
    /// Degrees of longitude and latitude.
    Globe(f64, f64),
}

impl Location {
    /// An order of points, for those that are alike in all else.
    pub(crate) fn compare(one: Option<Self>, other: Option<Self>) -> std::cmp::Ordering {
        let numbers = |point: Option<Self>| match point {
            None => [0.0; 3],
            Some(Self::Plane(x, y)) => [1.0, x, y],
            Some(Self::Globe(lon, lat)) => [2.0, lon, lat],
        };
        let pairs = numbers(one).into_iter().zip(numbers(other));
        pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    }

    /// Metres to another point; `None` between a plane and the globe.
    pub(crate) fn metres(self, other: Self) -> Option<f64> {
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
