//! Beds as a network of pools in continuous time: who is admitted, where, and who waits, goes elsewhere or is refused.
//!
//! Time runs day by day over a [`DepartureCalendar`]. On a day whose requests all fit even if nobody leaves, and on which nobody
//! waits, the order of events cannot matter and everyone is admitted at once; on any other day the pools that may be full
//! are played event by event in exact order ([`crate::services::health::engine::event_engine`]). Both give the same patients the same beds at the same
//! moments.
//!
//! Route of a request: the pool asked; pools that take its overflow, in their order; the queue of the pool asked
//! (urgent before planned, first come first served, each class with its wait limit); then refused. A patient who goes on
//! to a step-down pool keeps the acute bed until a bed there is free (blocking after service).

use crate::services::health::demand::request::BedRequest;
use crate::services::health::model::{CLASSES, Class, NONE, Pool};
use std::collections::VecDeque;

use crate::random::{Stream, Xoroshiro128PlusPlus};
use crate::services::health::demand::post_discharge::{NEEDS_PLACE, RETURNS};
use crate::services::health::engine::calendar::{BedEpisode, DepartureCalendar};
use crate::services::health::engine::day_engine::{DayChance, DayEngine, DayPool, DayRequests};
use crate::services::health::engine::event_queue::EventQueue;
use crate::services::health::engine::tally::{AskedPool, NetworkTally};

/// Someone in an acute bed who is ready for a step-down bed that is not free.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocked {
    pub(crate) from: u16,
    pub(crate) stay: f32,
}

/// The state of the pools of one component.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) pools: Vec<Pool>,
    /// Whether some patients go on to a step-down pool; then every day is played in order.
    steps_down: bool,
    pub(crate) calendar: DepartureCalendar,
    /// People in bed.
    pub(crate) census: Vec<u32>,
    /// Open, staffed beds.
    pub(crate) beds: Vec<u32>,
    /// Queue of each pool and class, and how many stand in those of each pool.
    pub(crate) queues: Vec<VecDeque<BedRequest>>,
    pub(crate) queued: Vec<u32>,
    /// People who wait in acute beds for each pool.
    pub(crate) blocked: Vec<VecDeque<Blocked>>,
    /// How many wait in any queue of the component, in beds or not.
    pub(crate) waiting: u32,
    /// Longest wait by group and class, hours.
    pub(crate) limits: Vec<[f64; CLASSES]>,
    /// The pool that is played by the day, if any.
    pub(crate) daily: Option<DayEngine>,
    /// Where those live who have gone home and will ask each pool again.
    pub(crate) returning: Vec<Vec<u16>>,
    /// Day of the week on which the simulation starts, Monday = 0.
    pub(crate) first_weekday: u32,
    /// What is counted.
    pub(crate) tally: NetworkTally,
    /// Pools whose requests of the day all fit whatever happens, found by [`Network::find_roomy`].
    roomy: Vec<bool>,
    /// Scratch: requests of the day by pool.
    asking: Vec<u32>,
    /// Scratch: the events of the day in tight pools.
    pub(crate) agenda: EventQueue,
}

impl Network {
    /// Empty pools; `groups` blocks, `labels` places of residence.
    pub(crate) fn new(pools: Vec<Pool>, groups: usize, labels: usize, steps_down: bool) -> Self {
        let n = pools.len();
        Self {
            steps_down,
            calendar: DepartureCalendar::new(),
            census: vec![0; n],
            beds: vec![0; n],
            queues: vec![VecDeque::new(); n * CLASSES],
            queued: vec![0; n],
            blocked: vec![VecDeque::new(); n],
            waiting: 0,
            limits: vec![[0.0; CLASSES]; groups],
            daily: pools.iter().position(|pool| pool.by_day).map(|at| DayEngine::new(at, pools[at].group, labels)),
            returning: vec![Vec::new(); n],
            first_weekday: 0,
            tally: NetworkTally::new(n, groups, labels),
            roomy: vec![false; n],
            asking: vec![0; n],
            agenda: EventQueue::default(),
            pools,
        }
    }

    /// Empties all beds and queues; time starts again.
    pub(crate) fn clear(&mut self) {
        self.calendar.clear();
        self.census.fill(0);
        self.beds.fill(0);
        self.queues.iter_mut().for_each(VecDeque::clear);
        self.queued.fill(0);
        self.blocked.iter_mut().for_each(VecDeque::clear);
        self.returning.iter_mut().for_each(Vec::clear);
        self.waiting = 0;
        self.daily.iter_mut().for_each(DayEngine::clear);
    }

    /// Puts someone into bed before time starts.
    pub(crate) fn occupy(&mut self, stint: BedEpisode) {
        self.census[usize::from(stint.pool)] += 1;
        let stint = leaving(&self.pools[usize::from(stint.pool)], self.first_weekday, stint);
        self.calendar.book(stint);
    }

    /// Plays one day: its requests and its departures, both in any order.
    #[inline]
    pub(crate) fn day(&mut self, requests: &[BedRequest]) {
        if self.steps_down {
            self.roomy.fill(false);
            self.day_of_tight_pools(requests);
        } else if self.waiting > 0 || !self.all_fit(requests) {
            self.find_roomy(requests);
            self.day_of_tight_pools(requests);
        } else {
            self.day_of_room(requests);
        }
    }

    /// A day on which everybody is admitted on arrival; they have been added to the census.
    fn day_of_room(&mut self, requests: &[BedRequest]) {
        let until = self.tally.year_end;
        for request in requests {
            let pool = usize::from(request.pool);
            self.tally.occupied[pool] += until - request.time;
            self.calendar.book(self.tally.admit(&self.pools[pool], self.first_weekday, request));
        }
        let (census, tally, returning) = (&mut self.census, &mut self.tally, &mut self.returning);
        self.calendar.take(|stint| {
            let pool = usize::from(stint.pool);
            census[pool] -= 1;
            tally.occupied[pool] -= tally.year_end - stint.ends;
            if stint.is_marked() {
                tally.note_marked(stint, returning);
            }
        });
    }

    /// Adds the requests to the census if they fit even though nobody leaves; otherwise leaves it as it was.
    #[inline]
    fn all_fit(&mut self, requests: &[BedRequest]) -> bool {
        for (at, request) in requests.iter().enumerate() {
            let pool = usize::from(request.pool);
            if self.census[pool] >= self.beds[pool] {
                requests[..at].iter().for_each(|request| self.census[usize::from(request.pool)] -= 1);
                return false;
            }
            self.census[pool] += 1;
        }
        true
    }

    /// Finds the pools that hold their requests of the day even if nobody leaves and everybody who is turned away
    /// elsewhere comes to them. There the order of events cannot matter: everyone is admitted on arrival. Those who
    /// already wait ask for their own pool only, which then is full and not roomy.
    fn find_roomy(&mut self, requests: &[BedRequest]) {
        self.asking.fill(0);
        requests.iter().for_each(|request| self.asking[usize::from(request.pool)] += 1);
        let (mut strays, mut found) = (0, 0);
        for (pool, (roomy, asking)) in self.roomy.iter_mut().zip(&self.asking).enumerate() {
            *roomy = self.queued[pool] == 0 && self.census[pool] + asking <= self.beds[pool];
            strays += if *roomy { 0 } else { *asking };
        }
        // A pool without room for the strays sends its own after them: look again until nothing changes.
        while found != strays {
            found = strays;
            for (pool, (roomy, asking)) in self.roomy.iter_mut().zip(&self.asking).enumerate() {
                if *roomy && self.census[pool] + asking + found > self.beds[pool] {
                    *roomy = false;
                    strays += asking;
                }
            }
        }
    }

    /// A day on which somebody waits or may not fit: pools with room take theirs at once, the others event by event.
    fn day_of_tight_pools(&mut self, requests: &[BedRequest]) {
        self.agenda.start(self.calendar.day_start());
        let (census, tally, roomy) = (&mut self.census, &mut self.tally, &self.roomy);
        let (calendar, agenda, returning) = (&mut self.calendar, &mut self.agenda, &mut self.returning);
        for (at, request) in requests.iter().enumerate() {
            let pool = usize::from(request.pool);
            if roomy[pool] {
                census[pool] += 1;
                tally.occupied[pool] += tally.year_end - request.time;
                calendar.book(tally.admit(&self.pools[pool], self.first_weekday, request));
            } else {
                agenda.add_request(at, request.time);
            }
        }
        calendar.take(|stint| {
            let pool = usize::from(stint.pool);
            if roomy[pool] {
                census[pool] -= 1;
                tally.occupied[pool] -= tally.year_end - stint.ends;
                if stint.is_marked() {
                    tally.note_marked(stint, returning);
                }
            } else {
                agenda.add_departure(*stint);
            }
        });
        self.play(requests);
    }

    /// Opens or closes beds at the start of a day. Closing ejects nobody; opening lets in those who wait.
    pub(crate) fn set_beds(&mut self, pool: u16, beds: u32, now: f64) {
        self.beds[usize::from(pool)] = beds;
        if self.waiting > 0 {
            self.fill(pool, now);
        }
    }

    /// Whether a pool has a free bed.
    #[inline]
    pub(crate) fn has_bed(&self, pool: u16) -> bool {
        self.census[usize::from(pool)] < self.beds[usize::from(pool)]
    }

    /// Takes those whose wait limit has passed out of the queues of a pool.
    pub(crate) fn expire(&mut self, pool: u16, now: f64) {
        if self.queued[usize::from(pool)] == 0 {
            return;
        }
        let group = self.pools[usize::from(pool)].group;
        for class in 0..CLASSES {
            let limit = self.limits[usize::from(group)][class];
            let queue = &mut self.queues[usize::from(pool) * CLASSES + class];
            if limit == f64::INFINITY || queue.is_empty() {
                continue;
            }
            while queue.front().is_some_and(|request| request.time + limit <= now) {
                let Some(request) = queue.pop_front() else { break };
                self.waiting -= 1;
                self.queued[usize::from(pool)] -= 1;
                let asked = AskedPool { group, pool: usize::from(pool) };
                self.tally.note_left(asked, request.label);
                self.tally.note_waited(asked, request.class, limit);
            }
        }
    }

    /// Simulates the requests of a day in the pool that is simulated in daily steps.
    pub(crate) fn play_by_day(&mut self, asking: DayRequests, random: &mut Xoroshiro128PlusPlus, after: &mut Stream) {
        let Some(daily) = &mut self.daily else { return };
        let pool = &self.pools[daily.pool];
        let limit = self.limits[usize::from(pool.group)][Class::Elective.index()];
        let weekday = (self.first_weekday + asking.day) % 7;
        let open = pool.discharge.is_none_or(|discharge| discharge.days[weekday as usize]);
        let at = daily.pool;
        let pool = DayPool { census: &mut self.census[at], beds: self.beds[at], limit, open };
        daily.simulate_day(asking, pool, &mut self.tally, DayChance { random, after });
    }

    /// The end of a day: those whose limit has passed leave the queues.
    pub(crate) fn end_day(&mut self, now: f64) {
        if let Some(daily) = &mut self.daily {
            let pool = daily.pool;
            self.tally.occupied[pool] += daily.end_day(&mut self.census[pool]);
        }
        if self.waiting > 0 {
            (0..self.pools.len() as u16).for_each(|pool| self.expire(pool, now));
        }
    }

    /// People waiting outside beds for a pool, as far as it is settled where they live.
    pub(crate) fn waiting_at(&self, pool: usize) -> u32 {
        let listed = self.daily.as_ref().filter(|daily| daily.pool == pool).map_or(0, DayEngine::waiting);
        self.queued[pool] + listed
    }

    /// People waiting outside beds, by group and label, added to `counts` (`group x label`).
    pub(crate) fn count_waiting(&self, counts: &mut [u32], labels: usize) {
        self.daily.iter().for_each(|daily| daily.count_waiting(counts, labels));
        for (at, queue) in self.queues.iter().enumerate() {
            let group = usize::from(self.pools[at / CLASSES].group);
            for request in queue {
                counts[group * labels + usize::from(request.label)] += 1;
            }
        }
    }

    /// Marks the start of a year that ends at `end` hours, at `now`.
    pub(crate) fn start_year(&mut self, now: f64, end: f64) {
        self.tally.clear(end);
        for (occupied, census) in self.tally.occupied.iter_mut().zip(&self.census) {
            *occupied = f64::from(*census) * (end - now);
        }
        // Whoever is counted by midnights is not counted by hours.
        if let Some(daily) = &self.daily {
            self.tally.occupied[daily.pool] -= f64::from(daily.people()) * (end - now);
        }
        for (blocked, queue) in self.tally.blocked_hours.iter_mut().zip(&self.blocked) {
            *blocked = queue.len() as f64 * (end - now);
        }
    }

    /// Whether the year's requests of each group have ended in just one way; checked in debug builds.
    pub(crate) fn conserves(&self, asked: &[u32], before: &[u32], labels: usize) -> bool {
        let mut waiting = vec![0; asked.len()];
        self.count_waiting(&mut waiting, labels);
        let tally = &self.tally;
        (0..asked.len())
            .all(|at| asked[at] + before[at] == tally.admitted[at] + tally.refused[at] + tally.left[at] + waiting[at])
    }

    /// A stint without a sequel.
    pub(crate) const fn is_last(stint: &BedEpisode) -> bool {
        stint.then == NONE
    }
}

/// The stint of someone who is ready at its end, which lasts until the pool lets them go.
#[inline]
pub(crate) fn leaving(pool: &Pool, first_weekday: u32, stint: BedEpisode) -> BedEpisode {
    match &pool.discharge {
        Some(discharge) if stint.then == NONE => stint.leaving_at(discharge.leaves(stint.ends, first_weekday)),
        _ => stint,
    }
}

impl NetworkTally {
    /// The stint of someone who is admitted on arrival to the pool asked.
    #[inline]
    fn admit(&mut self, pool: &Pool, first_weekday: u32, request: &BedRequest) -> BedEpisode {
        self.note_admitted(pool.group, request.label);
        let stint = BedEpisode::new(request.pool, request.time + f64::from(request.stay));
        let stint = if request.fate == 0 { stint } else { self.with_fate(stint, request) };
        leaving(pool, first_weekday, stint)
    }

    /// The same of someone who will come back, or who keeps the bed until there is a long-stay place.
    pub(crate) fn with_fate(&mut self, stint: BedEpisode, request: &BedRequest) -> BedEpisode {
        if request.fate == NEEDS_PLACE {
            self.need_place[usize::from(request.label)] += 1;
            return stint.leaving_at(stint.ends + f64::from(request.kept));
        }
        if request.fate == RETURNS { stint.returning_to(request.label) } else { stint }
    }

    /// Someone left who was ready before, or who will ask again.
    #[cold]
    pub(crate) fn note_marked(&mut self, stint: &BedEpisode, returning: &mut [Vec<u16>]) {
        let pool = usize::from(stint.pool);
        self.late_hours[pool] += stint.late();
        if stint.returns_to != NONE {
            returning[pool].push(stint.returns_to);
        }
    }
}
