//! Who may ask where, who asks, and how long people stay: what a waiting line is given.

use crate::random::{RngSource, StreamKey};

/// Most pools of a line.
pub const MOST_POOLS: usize = 1024;

/// Who may ask where.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Number of pools.
    pub pools: usize,
    /// Number of priority classes; class 0 goes first.
    pub classes: usize,
    /// Pools of each route in order of preference.
    pub routes: Vec<Vec<u32>>,
    /// On which lists people stand who find no free place. Shape: route.
    pub lists: Vec<Lists>,
    /// Number of the list that each pool keeps. Shape: pool.
    pub kept_by: Vec<u32>,
    /// What the stays at each pool are named by: stays of one pool do not depend on how many others there are. Shape: pool.
    pub names: Vec<StreamKey>,
    /// Routes that go before others, inside a class, when a place of the pool falls free. Shape: pool.
    pub own: Vec<Vec<u32>>,
    /// For each route, the one that would be open to a person who can pay any price; itself where prices do not matter.
    pub wider: Vec<u32>,
    /// Pools of each circle in which the time with a free place is counted.
    pub circles: Vec<Vec<u32>>,
}

/// The lists on which people of a route put their names when they find no free place. They are placed by the first pool on
/// whose list they stand that has a place for them, and are then on none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    /// Pools on whose lists they stand: the first so many of the route.
    pub pools: u32,
    /// Numbers of these lists, one or more, each once: several pools may keep one list.
    pub on: Vec<u32>,
}

impl Lists {
    /// A list of each pool of a route, numbered as the pools are, and the person on all of them.
    pub fn all(route: &[u32]) -> Self {
        Self { pools: route.len() as u32, on: route.to_vec() }
    }
}

/// A person who will ask.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// When.
    pub time: f64,
    /// Time in the line after which the person gives up; infinite for never.
    pub patience: f64,
    /// Along which route.
    pub route: u32,
    /// Priority class.
    pub class: u8,
    /// Whether a person placed elsewhere moves to the first choice when it falls free.
    pub returns: bool,
    /// Whether a person who finds no free place goes outside at once.
    pub outside: bool,
}

/// What holds for all stays of a period.
#[derive(Clone, Copy, Debug)]
pub struct Stays {
    /// Mean stay.
    pub mean: f64,
    /// Streams of the replication.
    pub chance: RngSource,
    /// What stays are drawn for.
    pub purpose: StreamKey,
    /// Waits longer than this are late.
    pub promised_wait: f64,
}
