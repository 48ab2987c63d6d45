//! One day of the network event by event, in exact order.

use std::collections::VecDeque;

use crate::services::health::demand::request::BedRequest;
use crate::services::health::engine::calendar::BedEpisode;
use crate::services::health::engine::event_queue::Event;
use crate::services::health::engine::network::{Blocked, Network, leaving};
use crate::services::health::engine::tally::AskedPool;
use crate::services::health::model::CLASSES;
use crate::services::health::model::NONE;

impl Network {
    /// Plays the agenda of a day; `requests` are those that it names.
    pub(crate) fn play(&mut self, requests: &[BedRequest]) {
        self.agenda.sort();
        while let Some(event) = self.agenda.next() {
            match event {
                Event::Request(at) => self.ask(&requests[at]),
                Event::Departure(stint) => self.end(&stint),
            }
        }
    }

    /// A request arrives.
    fn ask(&mut self, request: &BedRequest) {
        if self.has_bed(request.pool) {
            self.admit(request, request.pool, request.time);
        } else {
            self.turn_away(request);
        }
    }

    /// The pool asked is full: another one, the queue, or nothing.
    fn turn_away(&mut self, request: &BedRequest) {
        let asked = usize::from(request.pool);
        let group = self.pools[asked].group;
        self.tally.note_detour(group, request.class, -1);
        let other = self.pools[asked].overflow[request.class.index()].iter().copied().find(|&pool| self.has_bed(pool));
        if let Some(pool) = other {
            let there = self.pools[usize::from(pool)].group;
            self.tally
                .note_diverted(AskedPool { group, pool: asked }, AskedPool { group: there, pool: usize::from(pool) });
            self.tally.note_detour(there, request.class, 1);
            self.admit(request, pool, request.time);
            return;
        }
        self.expire(request.pool, request.time);
        let limit = self.limits[usize::from(group)][request.class.index()];
        if limit > 0.0 && self.queued[asked] < self.pools[asked].waiting_places {
            self.queues[asked * CLASSES + request.class.index()].push_back(*request);
            self.waiting += 1;
            self.queued[asked] += 1;
            self.tally.note_waits(group);
        } else {
            self.tally.note_refused(AskedPool { group, pool: asked }, request.label);
        }
    }

    /// A request gets a bed of `pool` at `now`.
    #[inline]
    fn admit(&mut self, request: &BedRequest, pool: u16, now: f64) {
        if now > request.time || cfg!(debug_assertions) {
            let group = self.pools[usize::from(request.pool)].group;
            self.tally.note_admitted(group, request.label);
            let asked = AskedPool { group, pool: usize::from(request.pool) };
            self.tally.note_waited(asked, request.class, now - request.time);
        }
        // Whoever is diverted is not stepped down: the agreement is the asked hospital's.
        let then = if pool == request.pool { request.then } else { NONE };
        let whole = f64::from(if then == NONE { request.stay + request.then_stay } else { request.stay });
        let stint = BedEpisode::new(pool, now + whole).followed_by(then, request.then_stay);
        let stint = if request.fate == 0 { stint } else { self.tally.with_fate(stint, request) };
        self.start(stint, now);
    }

    /// A stint starts.
    #[inline]
    fn start(&mut self, stint: BedEpisode, now: f64) {
        let pool = usize::from(stint.pool);
        let stint = leaving(&self.pools[pool], self.first_weekday, stint);
        self.census[pool] += 1;
        self.tally.occupied[pool] += self.tally.year_end - now;
        // The calendar has already given out this day.
        if stint.ends < self.calendar.day_start() {
            self.agenda.insert(stint);
        } else {
            self.calendar.book(stint);
        }
    }

    /// A stint ends: the patient goes home, or on to a step-down bed as soon as there is one.
    fn end(&mut self, stint: &BedEpisode) {
        if Self::is_last(stint) {
            if stint.is_marked() {
                self.tally.note_marked(stint, &mut self.returning);
            }
            self.free(stint.pool, stint.ends);
        } else if self.has_bed(stint.then) {
            self.start(BedEpisode::new(stint.then, stint.ends + f64::from(stint.then_stay)), stint.ends);
            self.free(stint.pool, stint.ends);
        } else {
            self.blocked[usize::from(stint.then)].push_back(Blocked { from: stint.pool, stay: stint.then_stay });
            self.waiting += 1;
            self.tally.note_blocked(usize::from(stint.then), stint.ends);
        }
    }

    /// A bed of a pool falls free at `now`.
    #[inline]
    fn free(&mut self, pool: u16, now: f64) {
        let at = usize::from(pool);
        self.census[at] -= 1;
        self.tally.occupied[at] -= self.tally.year_end - now;
        if self.waiting > 0 {
            self.fill(pool, now);
        }
    }

    /// Gives the free beds of a pool to those who wait for it, and the beds that falls free thereby, and so on.
    pub(crate) fn fill(&mut self, pool: u16, now: f64) {
        if self.queued[usize::from(pool)] == 0 && self.blocked[usize::from(pool)].is_empty() {
            return;
        }
        self.expire(pool, now);
        while self.has_bed(pool) {
            if let Some(blocked) = self.blocked[usize::from(pool)].pop_front() {
                self.waiting -= 1;
                self.tally.note_unblocked(usize::from(pool), now);
                self.start(BedEpisode::new(pool, now + f64::from(blocked.stay)), now);
                self.free(blocked.from, now);
                continue;
            }
            let queues = &mut self.queues[usize::from(pool) * CLASSES..][..CLASSES];
            let Some(request) = queues.iter_mut().find_map(VecDeque::pop_front) else { break };
            self.waiting -= 1;
            self.queued[usize::from(pool)] -= 1;
            self.tally.note_detour(self.pools[usize::from(pool)].group, request.class, 1);
            self.admit(&request, pool, now);
        }
    }
}
