//! The events of a waiting line in the order of time: arrivals, departures, openings and closings, people who give up.

use std::collections::VecDeque;

use super::arrival_order;
use super::calendar_queue::CalendarQueue;
use super::circles::Circles;
use super::layout::{Layout, Lists, MOST_POOLS, Request, Stays};
use super::tally::Tally;
use crate::random::{Stream, unit};

/// Where somebody is: a pool, or this.
const IN_LINE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Person {
    since: f64,
    ticket: u64,
    route: u32,
    pool: u32,
    generation: u32,
    returns: bool,
}

/// A person's slot, with the generation that makes stale mentions of it harmless.
#[derive(Clone, Copy, Debug)]
struct Mention {
    slot: u32,
    generation: u32,
}

impl Mention {
    /// As one word, for the queue of events.
    #[inline]
    const fn bits(self) -> u64 {
        (self.slot as u64) << 32 | self.generation as u64
    }

    #[inline]
    const fn from_bits(bits: u64) -> Self {
        Self { slot: (bits >> 32) as u32, generation: bits as u32 }
    }
}

/// Places of several pools and the line before them.
#[derive(Clone, Debug)]
pub struct WaitingLine {
    layout: Layout,
    /// Routes whose people stand on the list of each pool.
    askers: Vec<Vec<u32>>,
    places: Vec<i32>,
    occupied: Vec<i32>,
    admissions: Vec<u32>,
    /// Random bits of the stays of four admissions to each pool.
    ahead: Vec<[u64; 4]>,
    people: Vec<Person>,
    vacant: Vec<u32>,
    /// Mean stay at each pool, in units of the period's.
    stays: Vec<f64>,
    circles: Circles,
    /// People in line. Shape: class x route.
    queues: Vec<VecDeque<Mention>>,
    /// Length of the line by class.
    waiting: Vec<u32>,
    /// People placed elsewhere who want to return. Shape: pool of first choice.
    displaced: Vec<VecDeque<Mention>>,
    events: CalendarQueue,
    /// Changes of places still to come, last first.
    changes: Vec<(f64, u32, i32)>,
    requests: Vec<Request>,
    /// Scratch of their sorting.
    sorted: Vec<Request>,
    tickets: u64,
    clock: f64,
    tally: Tally,
}

impl WaitingLine {
    /// A line without places.
    pub fn new(mut layout: Layout) -> Self {
        assert!(
            layout.pools <= MOST_POOLS
                && layout.own.len() == layout.pools
                && layout.wider.len() == layout.routes.len()
                && layout.lists.len() == layout.routes.len()
                && layout.kept_by.len() == layout.pools
                && layout.names.len() == layout.pools,
            "invariant: the layout is sound"
        );
        let listed = |route: usize, pool: usize| {
            let asked = &layout.routes[route];
            asked[..asked.len().min(layout.lists[route].pools as usize)].contains(&(pool as u32))
        };
        let routes_with = |pool: usize| {
            (0..layout.routes.len()).filter(|&route| listed(route, pool)).map(|route| route as u32).collect()
        };
        let askers: Vec<Vec<u32>> = (0..layout.pools).map(routes_with).collect();
        for (own, askers) in layout.own.iter_mut().zip(&askers) {
            own.retain(|route| askers.contains(route));
        }
        let (pools, routes) = (layout.pools, layout.routes.len());
        Self {
            askers,
            places: vec![0; pools],
            occupied: vec![0; pools],
            admissions: vec![0; pools],
            ahead: vec![[0; 4]; pools],
            stays: vec![1.0; pools],
            circles: Circles::new(&layout.circles, pools),
            people: Vec::new(),
            vacant: Vec::new(),
            queues: vec![VecDeque::new(); layout.classes * routes],
            waiting: vec![0; layout.classes],
            displaced: vec![VecDeque::new(); pools],
            events: CalendarQueue::new(),
            changes: Vec::new(),
            requests: Vec::new(),
            sorted: Vec::new(),
            tickets: 0,
            clock: 0.0,
            tally: Tally::new(routes, layout.classes, std::mem::take(&mut layout.kept_by), layout.circles.len()),
            layout,
        }
    }

    /// Forgets everything; the clock stands at 0.
    pub fn clear(&mut self) {
        self.places.fill(0);
        self.occupied.fill(0);
        self.admissions.fill(0);
        self.stays.fill(1.0);
        self.circles.clear();
        self.people.clear();
        self.vacant.clear();
        self.queues.iter_mut().chain(&mut self.displaced).for_each(VecDeque::clear);
        self.waiting.fill(0);
        self.events.clear();
        self.changes.clear();
        self.requests.clear();
        self.tickets = 0;
        self.clock = 0.0;
        self.tally.start(0.0, 0);
        self.tally.forget();
    }

    /// Changes the places of a pool at a time; at or before the present, at once.
    pub fn change_places(&mut self, time: f64, pool: usize, by: i32) {
        if time <= self.clock {
            self.places[pool] += by;
            self.mark(pool);
        } else if time.is_finite() {
            let at = self.changes.partition_point(|(later, _, _)| *later > time);
            self.changes.insert(at, (time, pool as u32, by));
        }
    }

    /// Makes stays at a pool `factor` times as long as the period's.
    pub fn set_stay(&mut self, pool: usize, factor: f64) {
        self.stays[pool] = factor;
    }

    /// Counts the names on lists from the next period on; who is not told that a person is placed or gone strikes the name
    /// off after `clearing`, a part of the period.
    pub fn count_entries(&mut self, clearing: f64) {
        self.tally.entries.count(clearing);
    }

    /// Places of a pool now.
    pub fn places(&self, pool: usize) -> u32 {
        self.places[pool].max(0) as u32
    }

    /// Adds somebody who will ask in the next period (at the present time at the earliest).
    pub fn expect(&mut self, request: Request) {
        self.requests.push(request);
    }

    /// Places people who are here when everything begins; they are not counted as requests.
    pub fn open_with(&mut self, request: Request, stays: &Stays) {
        if !self.place(request, stays) && !request.outside {
            self.join(request);
        }
    }

    /// What happened in the last period.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The lists on which people of a route stand.
    pub fn lists(&self, route: usize) -> &Lists {
        &self.layout.lists[route]
    }

    /// People now in a place, by route.
    pub fn residents(&self) -> &[u32] {
        &self.tally.residents
    }

    /// Present time.
    pub const fn clock(&self) -> f64 {
        self.clock
    }

    /// Counts the people in line by route.
    pub fn waiting_by_route(&self, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(self.layout.routes.len(), 0);
        for person in self.people.iter().filter(|person| person.pool == IN_LINE && person.ticket > 0) {
            counts[person.route as usize] += 1;
        }
    }

    /// So many of the people in line along these routes, or all if they are fewer, are gone: at random, as the first thing that
    /// happens in the next period. They are counted as giving up.
    pub fn lose_waiting(&mut self, routes: &(impl Iterator<Item = usize> + Clone), count: u32, stream: &mut Stream) {
        self.lose(routes, count, true, stream);
    }

    /// So many of the people in a place along these routes, or all if they are fewer, are gone: at random, as the first thing
    /// that happens in the next period.
    pub fn lose_residents(&mut self, routes: &(impl Iterator<Item = usize> + Clone), count: u32, stream: &mut Stream) {
        self.lose(routes, count, false, stream);
    }

    fn lose(&mut self, routes: &(impl Iterator<Item = usize> + Clone), count: u32, waiting: bool, stream: &mut Stream) {
        let of_routes = |person: &Person| routes.clone().any(|route| route == person.route as usize);
        let concerned = |person: &Person| person.ticket > 0 && (person.pool == IN_LINE) == waiting && of_routes(person);
        let mut slots: Vec<u32> =
            (0..self.people.len() as u32).filter(|slot| concerned(&self.people[*slot as usize])).collect();
        // In the order in which they came, which others do not change.
        slots.sort_unstable_by_key(|slot| self.people[*slot as usize].ticket);
        for chosen in 0..slots.len().min(count as usize) {
            let other = chosen + (stream.uniform() * (slots.len() - chosen) as f64) as usize;
            slots.swap(chosen, other);
            let slot = slots[chosen];
            self.schedule(self.clock, Mention { slot, generation: self.people[slot as usize].generation });
        }
    }

    /// Lives through a period of `span` with everybody expected; says what happened.
    pub fn live(&mut self, span: f64, stays: &Stays) -> &Tally {
        let end = self.clock + span;
        arrival_order::sort(&mut self.requests, &mut self.sorted, self.clock, span);
        self.tally.start(self.clock, self.waiting.iter().sum());
        self.tally.entries.start(end, span);
        self.circles.start(self.clock);
        self.events.begin(self.clock, span);
        self.count_line(stays.promised_wait, false);
        let mut next = 0;
        loop {
            let arrival = self.requests.get(next).map_or(f64::INFINITY, |r| r.time);
            let event = self.events.next_time();
            let change = self.changes.last().map_or(f64::INFINITY, |(time, _, _)| *time);
            let time = arrival.min(event).min(change);
            if time >= end {
                break;
            }
            self.clock = time;
            if arrival <= event.min(change) {
                let request = self.requests[next];
                next += 1;
                self.arrive(request, stays);
            } else if change <= event {
                self.open_or_close(stays);
            } else {
                self.happen(stays);
            }
        }
        self.requests.drain(..next);
        self.clock = end;
        for pool in 0..self.layout.pools {
            self.touch(pool);
        }
        self.tally.line_is(end, self.waiting.iter().sum());
        self.tally.busy_is(end, 0);
        self.circles.close(end);
        self.tally.with_free.copy_from_slice(&self.circles.time);
        self.count_line(stays.promised_wait, true);
        self.tally.check();
        &self.tally
    }

    /// Counts who is in line, at the start or at the end of a period, and at its end who waits too long.
    fn count_line(&mut self, promised: f64, at_end: bool) {
        for person in self.people.iter().filter(|p| p.pool == IN_LINE && p.ticket > 0) {
            let route = person.route as usize;
            self.tally.entries.waits(&self.layout.lists[route], at_end);
            if at_end {
                self.tally.waiting_after[route] += 1;
                self.tally.entries_after[route] += self.layout.lists[route].on.len() as u32;
                self.tally.late_after[route] += u32::from(self.clock - person.since >= promised);
                if person.ticket.is_multiple_of(self.layout.classes as u64) {
                    self.tally.first_waits(route, person.since, self.clock);
                }
            } else {
                self.tally.waiting_before[route] += 1;
            }
        }
    }

    fn touch(&mut self, pool: usize) {
        self.tally.touch(pool, self.clock, self.occupied[pool], self.places[pool]);
    }

    /// Notes whether a pool has a free place.
    #[inline]
    fn mark(&mut self, pool: usize) {
        self.circles.set(pool, self.free(pool), self.clock);
    }

    fn arrive(&mut self, request: Request, stays: &Stays) {
        let route = request.route as usize;
        self.tally.requests[route] += 1;
        self.tally.first_requests[route] += u32::from(request.class == 0);
        if self.place(request, stays) {
            return;
        }
        self.tally.delayed[route] += 1;
        let wider = self.layout.wider[route];
        if wider != request.route && self.layout.routes[wider as usize].iter().any(|&pool| self.free(pool as usize)) {
            self.tally.priced_out[route] += 1;
        }
        if request.outside {
            self.tally.outside[route] += 1;
        } else {
            self.join(request);
        }
    }

    fn open_or_close(&mut self, stays: &Stays) {
        let Some((_, pool, by)) = self.changes.pop() else { return };
        self.touch(pool as usize);
        self.places[pool as usize] += by;
        self.fill(pool as usize, stays);
    }

    fn happen(&mut self, stays: &Stays) {
        let Some(mention) = self.events.pop() else { return };
        let Mention { slot, generation } = Mention::from_bits(mention);
        let person = self.people[slot as usize];
        if person.generation != generation {
            return;
        }
        let route = person.route as usize;
        if person.pool == IN_LINE {
            // The person's mention in the queue goes stale with the slot.
            let class = person.ticket as usize % self.layout.classes;
            self.waiting[class] -= 1;
            self.tally.gave_up[route] += 1;
            self.tally.gave_up_in[route * self.layout.classes + class] += 1;
            if class == 0 {
                self.tally.first_waits(route, person.since, self.clock);
            }
            self.tally.entries.strike(&self.layout.lists[route], None, self.clock);
            self.tally.gave_up_late[route] += u32::from(self.clock - person.since >= stays.promised_wait);
            self.tally.line_is(self.clock, self.waiting.iter().sum());
            self.vacate(slot);
        } else {
            let pool = person.pool as usize;
            self.touch(pool);
            self.occupied[pool] -= 1;
            self.tally.residents[route] -= 1;
            self.tally.busy_is(self.clock, -1);
            self.vacate(slot);
            self.fill(pool, stays);
        }
    }

    fn schedule(&mut self, time: f64, mention: Mention) {
        if time.is_finite() {
            self.events.push(time, mention.bits());
        }
    }

    /// A slot for a person; its old mentions are stale. Tickets carry the class in their remainder.
    fn register(&mut self, request: Request, pool: u32) -> Mention {
        self.tickets += 1;
        let ticket = self.tickets * self.layout.classes as u64 + u64::from(request.class);
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.people.push(Person { since: 0.0, ticket: 0, route: 0, pool: 0, generation: 0, returns: false });
            self.people.len() as u32 - 1
        });
        let generation = self.people[slot as usize].generation;
        let Request { route, returns, .. } = request;
        self.people[slot as usize] = Person { since: self.clock, ticket, route, pool, generation, returns };
        Mention { slot, generation }
    }

    fn vacate(&mut self, slot: u32) {
        let person = &mut self.people[slot as usize];
        person.generation += 1;
        person.ticket = 0;
        self.vacant.push(slot);
    }

    fn free(&self, pool: usize) -> bool {
        self.occupied[pool] < self.places[pool]
    }

    /// Places a person in the first free pool of the route.
    fn place(&mut self, request: Request, stays: &Stays) -> bool {
        let route = &self.layout.routes[request.route as usize];
        let Some(&pool) = route.iter().find(|&&pool| self.free(pool as usize)) else { return false };
        let mention = self.register(request, pool);
        self.admit(mention, pool as usize, stays);
        true
    }

    fn admit(&mut self, mention: Mention, pool: usize, stays: &Stays) {
        self.touch(pool);
        self.occupied[pool] += 1;
        self.mark(pool);
        let person = &mut self.people[mention.slot as usize];
        person.pool = pool as u32;
        let route = person.route as usize;
        let first = self.layout.routes[route][0] as usize;
        if person.returns && first != pool {
            self.displaced[first].push_back(mention);
        }
        let number = self.admissions[pool];
        if number.is_multiple_of(4) {
            let purpose = stays.purpose.with(self.layout.names[pool]);
            self.ahead[pool] = stays.chance.cell(purpose, 0, number / 4).wide_block();
        }
        let stay = -stays.mean * self.stays[pool] * libm::log(unit(self.ahead[pool][number as usize % 4]));
        self.admissions[pool] = number + 1;
        self.tally.residents[route] += 1;
        self.tally.served[route * self.layout.pools + pool] += 1;
        self.tally.busy_is(self.clock, 1);
        self.schedule(self.clock + stay, mention);
    }

    fn join(&mut self, request: Request) {
        let mention = self.register(request, IN_LINE);
        let class = usize::from(request.class);
        self.queues[class * self.layout.routes.len() + request.route as usize].push_back(mention);
        self.waiting[class] += 1;
        self.tally.entries.add(&self.layout.lists[request.route as usize]);
        self.tally.line_is(self.clock, self.waiting.iter().sum());
        self.schedule(self.clock + request.patience, mention);
    }

    /// Gives the free places of a pool away.
    fn fill(&mut self, pool: usize, stays: &Stays) {
        while self.free(pool) {
            if let Some((queue, mention)) = self.next_in_line(pool) {
                self.queues[queue].pop_front();
                self.waiting[queue / self.layout.routes.len()] -= 1;
                self.tally.line_is(self.clock, self.waiting.iter().sum());
                // The mention's pending giving up must not be taken for a departure: a new generation.
                let person = &mut self.people[mention.slot as usize];
                person.generation += 1;
                let mention = Mention { generation: person.generation, ..mention };
                let lists = &self.layout.lists[person.route as usize];
                self.tally.entries.strike(lists, Some(pool), self.clock);
                self.tally.waited[person.route as usize] += self.clock - person.since;
                if queue < self.layout.routes.len() {
                    self.tally.first_waits(person.route as usize, person.since, self.clock);
                }
                self.admit(mention, pool, stays);
            } else if let Some(slot) = self.next_to_return(pool) {
                let from = self.people[slot as usize].pool as usize;
                for touched in [from, pool] {
                    self.touch(touched);
                }
                self.occupied[from] -= 1;
                self.occupied[pool] += 1;
                self.people[slot as usize].pool = pool as u32;
                self.tally.returned[self.people[slot as usize].route as usize] += 1;
                self.fill(from, stays);
            } else {
                break;
            }
        }
        self.mark(pool);
    }

    /// Whoever is next for a place of the pool, with the queue they stand in.
    fn next_in_line(&mut self, pool: usize) -> Option<(usize, Mention)> {
        for class in 0..self.layout.classes {
            if self.waiting[class] == 0 {
                continue;
            }
            let own = Self::longest(&mut self.queues, &self.people, &self.layout, class, &self.layout.own[pool]);
            let next =
                own.or_else(|| Self::longest(&mut self.queues, &self.people, &self.layout, class, &self.askers[pool]));
            if next.is_some() {
                return next;
            }
        }
        None
    }

    /// The person of a class on these routes who has waited longest. Stale mentions are dropped on the way.
    fn longest(
        queues: &mut [VecDeque<Mention>],
        people: &[Person],
        layout: &Layout,
        class: usize,
        routes: &[u32],
    ) -> Option<(usize, Mention)> {
        let mut best: Option<(u64, usize, Mention)> = None;
        for &route in routes {
            let at = class * layout.routes.len() + route as usize;
            while let Some(&Mention { slot, generation }) = queues[at].front() {
                let person = &people[slot as usize];
                if person.generation != generation {
                    queues[at].pop_front();
                    continue;
                }
                if best.is_none_or(|(ticket, _, _)| person.ticket < ticket) {
                    best = Some((person.ticket, at, Mention { slot, generation }));
                }
                break;
            }
        }
        best.map(|(_, at, mention)| (at, mention))
    }

    /// The longest-placed person elsewhere whose first choice is this pool.
    fn next_to_return(&mut self, pool: usize) -> Option<u32> {
        while let Some(Mention { slot, generation }) = self.displaced[pool].pop_front() {
            if self.people[slot as usize].generation == generation {
                return Some(slot);
            }
        }
        None
    }
}
