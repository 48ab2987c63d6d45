//! Pools of beds over the network and the routes along which people ask for them.
//!
//! Pools are the subdistrict centres and, last, the district's homes, once for each price class. A person asks at the own
//! centre and then the district, or the other way round when that is preferred, then at the other centres within reach,
//! nearest first; at each of them in the dearest class that the person can pay, then in the cheaper ones.

use crate::queue::waiting_line::{Layout, Lists};
use crate::random::StreamKey;

/// Priority classes.
pub(crate) const CLASSES: usize = 3;

/// Who goes before whom on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Priority {
    /// People who wait in hospital.
    FromHospital,
    /// People with severe need, or urgent.
    Severe,
    Others,
}

impl Priority {
    /// All of them, the first first.
    pub(crate) const ALL: [Self; CLASSES] = [Self::FromHospital, Self::Severe, Self::Others];

    /// Its class in the queue.
    pub(crate) const fn class(self) -> usize {
        self as usize
    }
}

/// Numbers of the pools and routes of a service's beds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolGrid {
    pub areas: usize,
    /// Price classes that are told apart, 1 or more.
    pub prices: usize,
}

impl PoolGrid {
    /// Pools of one price class: the areas' and the district's.
    const fn width(self) -> usize {
        self.areas + 1
    }

    /// Number of the place of the district's homes, after those of the areas.
    pub(crate) const fn district(self) -> usize {
        self.areas
    }

    /// The pool of a price class in an area, or at district level.
    pub(crate) const fn pool(self, price: usize, place: usize) -> usize {
        price * self.width() + place
    }

    /// Pools of all price classes at a place.
    pub(crate) fn pools(self, place: usize) -> impl Iterator<Item = usize> {
        (0..self.prices).map(move |price| self.pool(price, place))
    }

    /// The route of people of an area who can pay up to a price class.
    pub(crate) const fn route(self, payer: usize, area: usize, district_first: bool) -> usize {
        2 * (payer * self.areas + area) + district_first as usize
    }

    /// All routes of an area.
    pub(crate) fn routes(self, area: usize) -> impl Iterator<Item = usize> + Clone {
        (0..self.prices).flat_map(move |payer| [false, true].map(|first| self.route(payer, area, first)))
    }
}

/// Which other areas matter to the people of each area.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// Other areas to whose centres they would go, nearest first.
    pub others: Vec<Vec<u32>>,
    /// Areas within the 15-minute catchment, the own one first.
    pub catchment: Vec<Vec<u32>>,
}

/// The pools and routes of a service's beds. `built(price, place)` says whether a price class ever has a bed at a place
/// (nobody asks for a dearer one where there is none); `names` are those of the pools. Who finds no free bed stands on the lists of the first `most_lists`
/// places that ever have one, a list for all price classes of a place.
pub(crate) fn network_layout(
    reach: &Reach,
    names: Vec<StreamKey>,
    prices: usize,
    most_lists: usize,
    built: impl Fn(usize, usize) -> bool,
) -> Layout {
    let grid = PoolGrid { areas: reach.others.len(), prices };
    let district = grid.district() as u32;
    let (mut routes, mut lists) = (Vec::new(), Vec::new());
    for payer in 0..prices {
        for (area, others) in reach.others.iter().enumerate() {
            for first in [[area as u32, district], [district, area as u32]] {
                let places = first.into_iter().chain(others.iter().copied());
                let (mut route, mut on) = (Vec::new(), Lists { pools: 0, on: Vec::new() });
                for place in places.map(|place| place as usize) {
                    let classes = (0..=payer).rev().filter(|price| *price == 0 || built(*price, place));
                    route.extend(classes.map(|price| grid.pool(price, place) as u32));
                    if on.on.len() < most_lists && (0..=payer).any(|price| built(price, place)) {
                        on.pools = route.len() as u32;
                        on.on.push(place as u32);
                    }
                }
                // Where nothing that they can pay is ever built, they are on the list of their first choice.
                let first_choice = || Lists { pools: route.len() as u32, on: vec![first[0]] };
                lists.push(if on.on.is_empty() { first_choice() } else { on });
                routes.push(route);
            }
        }
    }
    let own_routes = |place: usize| {
        if place == grid.district() { Vec::new() } else { grid.routes(place).map(|route| route as u32).collect() }
    };
    let own = (0..prices).flat_map(|_| (0..=grid.district()).map(own_routes)).collect();
    let wider = (0..routes.len()).map(|route| ((prices - 1) * 2 * grid.areas + route % (2 * grid.areas)) as u32);
    let circle = |areas: &Vec<u32>| areas.iter().flat_map(|&a| grid.pools(a as usize).map(|p| p as u32)).collect();
    Layout {
        pools: prices * grid.width(),
        classes: CLASSES,
        kept_by: (0..prices).flat_map(|_| 0..=district).collect(),
        names,
        wider: wider.collect(),
        routes,
        lists,
        own,
        circles: reach.catchment.iter().map(circle).collect(),
    }
}

/// The routes of people who ask at a queue of a chain.
pub(crate) const fn routes_of_queue(queue: usize) -> [usize; 2] {
    [2 * queue, 2 * queue + 1]
}

/// Queues that send on to each other: a pool and two equal routes for each; `then` are the queues asked one after another.
pub(crate) fn chain_layout(then: &[Vec<u32>], names: Vec<StreamKey>) -> Layout {
    let both = |route: &Vec<u32>| [route.clone(), route.clone()];
    let routes: Vec<Vec<u32>> = then.iter().flat_map(both).collect();
    Layout {
        pools: then.len(),
        classes: CLASSES,
        kept_by: (0..then.len() as u32).collect(),
        names,
        lists: routes.iter().map(|route| Lists::all(route)).collect(),
        routes,
        wider: (0..2 * then.len() as u32).collect(),
        own: (0..then.len()).map(|queue| routes_of_queue(queue).map(|route| route as u32).to_vec()).collect(),
        circles: Vec::new(),
    }
}
