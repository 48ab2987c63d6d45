//! Where children may be sent: ways between catchments, within the distance limit and inside areas.

use super::catchments::Catchments;
use super::transport::NO_WAY;

/// Metres between catchments, `from x to`, [`NO_WAY`] where nobody is sent.
#[derive(Clone, Debug)]
pub(crate) struct Reachability {
    /// Within the distance limit, to public and to private places.
    pub(crate) near: [Vec<u32>; 2],
    /// Inside the areas, however far; empty where no area is divided.
    pub(crate) inside: Vec<u32>,
}

impl Reachability {
    /// The ways between areas within the limit (`from x to`) as those between their catchments.
    pub(crate) fn between(catchments: &Catchments, near: &[u32]) -> Self {
        let near = spread(catchments, near);
        let inside = if catchments.are_several() { vec![NO_WAY; near.len()] } else { Vec::new() };
        let mut reach = Self { near: [near.clone(), near.clone()], inside };
        reach.update_inside(catchments, &near);
        reach
    }

    /// Takes over the ways inside areas.
    pub(crate) fn update_inside(&mut self, catchments: &Catchments, metres: &[u32]) {
        let number = catchments.len();
        for (pair, inside) in self.inside.iter_mut().enumerate() {
            if catchments.area_of(pair / number) == catchments.area_of(pair % number) {
                *inside = metres[pair];
            }
        }
    }
}

/// A grid `area x area` as one of catchments.
pub(crate) fn spread(catchments: &Catchments, grid: &[u32]) -> Vec<u32> {
    let (number, areas) = (catchments.len(), catchments.areas());
    let area = |at: usize| catchments.area_of(at);
    (0..number * number).map(|pair| grid[area(pair / number) * areas + area(pair % number)]).collect()
}
