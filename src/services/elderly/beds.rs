//! Beds at two levels: requests, places, the waiting list and those who give up, in continuous time.
//!
//! A request from an area tries, in this order, its own subdistrict centre and the district's pool (or the district's pool
//! first, when the person prefers it), then the other subdistricts by nearness. If every bed is taken it joins one list,
//! in order of arrival, and leaves it by admission or by giving up (death, recovery, other care). A bed that falls free
//! goes to the first of the list from its own area, otherwise to the first of all. Closing never ejects anybody.
//!
//! Stays and patience are exponential and drawn with the person, so the same person has the same stay in every plan. An
//! isolated pool is Erlang A (Palm 1957). Time is in years since the first reported year.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::random::{Stream, exponential, poisson};

/// A request with everything that chance decides about it.
#[derive(Clone, Copy, Debug)]
struct Request {
    time: f64,
    area: u32,
    district_first: bool,
    stay: f64,
    patience: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// Beds of a pool change.
    Capacity(u32, i32),
    /// A resident of a pool leaves.
    Departure(u32),
    /// A person of the list gives up, by ticket.
    GivesUp(u64),
}

/// Times are never negative, so their bits order as they do.
type Moment = u64;

/// What happened in one year. Areas are those people come from.
#[derive(Clone, Debug, Default)]
pub(super) struct BedYear {
    /// Requests made this year, by area.
    pub requests: Vec<u32>,
    /// People on the list at the start, by area.
    pub waiting_before: Vec<u32>,
    /// People admitted, by area.
    pub admitted: Vec<u32>,
    /// Of these, in a bed outside their own subdistrict (the district's pool counts as outside).
    pub admitted_elsewhere: Vec<u32>,
    /// Of these, in the district's pool.
    pub admitted_district: Vec<u32>,
    /// People who gave up, by area.
    pub gave_up: Vec<u32>,
    /// Requests that found no bed on arrival, by area.
    pub waited: Vec<u32>,
    /// People on the list at the end, by area.
    pub waiting_after: Vec<u32>,
    /// Occupied bed-years by pool (subdistricts, then the district).
    pub occupied: Vec<f64>,
    /// Open bed-years by pool.
    pub open: Vec<f64>,
    /// Person-years on the list.
    pub listed: f64,
}

/// One kind of bed over all pools.
#[derive(Clone, Debug)]
pub(super) struct Beds {
    areas: usize,
    /// Other areas by nearness, for each area.
    nearness: Vec<Vec<u32>>,
    capacity: Vec<i32>,
    occupied: Vec<i32>,
    list: Vec<(u64, Request)>,
    events: BinaryHeap<Reverse<(Moment, u64, Event)>>,
    tickets: u64,
    requests: Vec<Request>,
    clock: f64,
    year: BedYear,
}

impl Beds {
    /// Beds in `nearness.len()` subdistricts and one pool of the district.
    pub(super) fn new(nearness: Vec<Vec<u32>>) -> Self {
        let areas = nearness.len();
        Self {
            areas,
            nearness,
            capacity: vec![0; areas + 1],
            occupied: vec![0; areas + 1],
            list: Vec::new(),
            events: BinaryHeap::new(),
            tickets: 0,
            requests: Vec::new(),
            clock: 0.0,
            year: BedYear::default(),
        }
    }

    /// Pool of the district.
    pub(super) const fn district(&self) -> usize {
        self.areas
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.capacity.fill(0);
        self.occupied.fill(0);
        self.list.clear();
        self.events.clear();
        self.tickets = 0;
        self.clock = 0.0;
    }

    /// Changes the beds of a pool at a time; at or before the present, at once.
    pub(super) fn change_beds(&mut self, time: f64, pool: usize, beds: i32) {
        if time <= self.clock {
            self.capacity[pool] += beds;
        } else {
            self.schedule(time, Event::Capacity(pool as u32, beds));
        }
    }

    fn schedule(&mut self, time: f64, event: Event) {
        self.tickets += 1;
        self.events.push(Reverse((time.to_bits(), self.tickets, event)));
    }

    /// People who are here (or on the list) when the first year begins, `count` from `area`.
    pub(super) fn open_with(&mut self, area: usize, count: u32, rates: &Rates, stream: &mut Stream) {
        for _ in 0..count {
            let request = rates.request(self.clock, area, stream);
            if !self.admit_somewhere(request) {
                self.join(request);
            }
        }
    }

    /// Draws this year's requests of an area: Poisson with `mean`, at uniform times.
    pub(super) fn expect(&mut self, area: usize, mean: f64, rates: &Rates, stream: &mut Stream) {
        for _ in 0..poisson(mean, stream) {
            let time = self.clock + stream.uniform();
            self.requests.push(rates.request(time, area, stream));
        }
    }

    /// Lives through the year whose requests were drawn.
    pub(super) fn live(&mut self) -> &BedYear {
        self.start_year();
        let end = self.clock + 1.0;
        self.requests.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
        let mut next = 0;
        loop {
            let arrival = self.requests.get(next).map_or(f64::INFINITY, |r| r.time);
            let event = self.events.peek().map_or(f64::INFINITY, |Reverse((time, _, _))| f64::from_bits(*time));
            let time = arrival.min(event).min(end);
            self.pass_time(time);
            if time >= end {
                break;
            }
            if arrival <= event {
                let request = self.requests[next];
                next += 1;
                self.arrive(request);
            } else if let Some(Reverse((_, _, event))) = self.events.pop() {
                self.happen(event);
            }
        }
        self.requests.clear();
        for (_, request) in &self.list {
            self.year.waiting_after[request.area as usize] += 1;
        }
        self.check();
        &self.year
    }

    fn start_year(&mut self) {
        let (areas, year) = (self.areas, &mut self.year);
        for counts in [
            &mut year.requests,
            &mut year.waiting_before,
            &mut year.admitted,
            &mut year.admitted_elsewhere,
            &mut year.admitted_district,
            &mut year.gave_up,
            &mut year.waited,
            &mut year.waiting_after,
        ] {
            counts.clear();
            counts.resize(areas, 0);
        }
        for sums in [&mut year.occupied, &mut year.open] {
            sums.clear();
            sums.resize(areas + 1, 0.0);
        }
        year.listed = 0.0;
        for (_, request) in &self.list {
            year.waiting_before[request.area as usize] += 1;
        }
    }

    fn pass_time(&mut self, time: f64) {
        let span = time - self.clock;
        for pool in 0..=self.areas {
            self.year.occupied[pool] += span * f64::from(self.occupied[pool]);
            self.year.open[pool] += span * f64::from(self.capacity[pool]);
        }
        self.year.listed += span * self.list.len() as f64;
        self.clock = time;
    }

    fn arrive(&mut self, request: Request) {
        let area = request.area as usize;
        self.year.requests[area] += 1;
        if !self.admit_somewhere(request) {
            self.year.waited[area] += 1;
            self.join(request);
        }
    }

    fn join(&mut self, request: Request) {
        if request.patience.is_finite() {
            self.schedule(self.clock + request.patience, Event::GivesUp(self.tickets + 1));
        } else {
            self.tickets += 1;
        }
        self.list.push((self.tickets, request));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Capacity(pool, beds) => {
                self.capacity[pool as usize] += beds;
                while self.free(pool as usize) && self.admit_from_list(pool as usize) {}
            }
            Event::Departure(pool) => {
                self.occupied[pool as usize] -= 1;
                if self.free(pool as usize) {
                    self.admit_from_list(pool as usize);
                }
            }
            Event::GivesUp(ticket) => {
                if let Some(at) = self.list.iter().position(|(t, _)| *t == ticket) {
                    let (_, request) = self.list.remove(at);
                    self.year.gave_up[request.area as usize] += 1;
                }
            }
        }
    }

    fn free(&self, pool: usize) -> bool {
        self.occupied[pool] < self.capacity[pool]
    }

    /// Admits to the first pool of the person's route with a free bed.
    fn admit_somewhere(&mut self, request: Request) -> bool {
        let (own, district) = (request.area as usize, self.areas);
        let first = if request.district_first { [district, own] } else { [own, district] };
        let near = self.nearness[own].iter().map(|&area| area as usize);
        let Some(pool) = first.into_iter().chain(near).find(|&pool| self.free(pool)) else { return false };
        self.admit(request, pool);
        true
    }

    fn admit(&mut self, request: Request, pool: usize) {
        let area = request.area as usize;
        self.occupied[pool] += 1;
        self.schedule(self.clock + request.stay, Event::Departure(pool as u32));
        // Before the first year there is nothing to count yet.
        if let Some(admitted) = self.year.admitted.get_mut(area) {
            *admitted += 1;
            self.year.admitted_elsewhere[area] += u32::from(pool != area);
            self.year.admitted_district[area] += u32::from(pool == self.areas);
        }
    }

    fn admit_from_list(&mut self, pool: usize) -> bool {
        let own = self.list.iter().position(|(_, request)| request.area as usize == pool);
        let Some(at) = own.or(if self.list.is_empty() { None } else { Some(0) }) else { return false };
        let (_, request) = self.list.remove(at);
        self.admit(request, pool);
        true
    }

    /// Requests + list before = admitted + gave up + list after, in every area.
    fn check(&self) {
        let y = &self.year;
        for area in 0..self.areas {
            debug_assert_eq!(
                y.requests[area] + y.waiting_before[area],
                y.admitted[area] + y.gave_up[area] + y.waiting_after[area],
                "area {area}"
            );
        }
    }
}

/// What chance decides about a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rates {
    /// Mean stay, years.
    pub stay: f64,
    /// Mean patience, years; infinite when nobody gives up.
    pub patience: f64,
    /// Share of people who try the district's pool first.
    pub district_first: f64,
}

impl Rates {
    fn request(&self, time: f64, area: usize, stream: &mut Stream) -> Request {
        Request {
            time,
            area: area as u32,
            district_first: stream.uniform() < self.district_first,
            stay: self.stay * exponential(stream),
            patience: self.patience * exponential(stream),
        }
    }
}
