//! What happened at a line in one period.

use super::list_entries::ListEntries;

/// Counts by route, times by pool.
#[derive(Clone, Debug)]
pub struct Tally {
    /// People who asked. Shape of this and the counts below: route.
    pub requests: Vec<u32>,
    /// People in line when the period began.
    pub waiting_before: Vec<u32>,
    /// People who got a place. Shape: route x pool.
    pub served: Vec<u32>,
    /// People who found no free place when they asked.
    pub delayed: Vec<u32>,
    /// Of these, people who would have found one had they been able to pay any price.
    pub priced_out: Vec<u32>,
    /// People who gave up.
    pub gave_up: Vec<u32>,
    /// The same by priority class. Shape: route x class.
    pub gave_up_in: Vec<u32>,
    /// Of these, after the promised wait.
    pub gave_up_late: Vec<u32>,
    /// People who went outside.
    pub outside: Vec<u32>,
    /// People who moved back to their first choice.
    pub returned: Vec<u32>,
    /// People in line when the period ended.
    pub waiting_after: Vec<u32>,
    /// Their entries on lists.
    pub entries_after: Vec<u32>,
    /// Names on each list, where they are counted ([`super::WaitingLine::count_entries`]).
    pub entries: ListEntries,
    /// Of the people, longer than promised.
    pub late_after: Vec<u32>,
    /// Years that people admitted from the line had waited.
    pub waited: Vec<f64>,
    /// People in a place at present; carried from period to period.
    pub residents: Vec<u32>,
    /// Years of occupied places. Shape: pool.
    pub occupied: Vec<f64>,
    /// Years of open places. Shape: pool.
    pub open: Vec<f64>,
    /// Person-years in line.
    pub listed: f64,
    /// Part of the period with somebody in line, years.
    pub with_line: f64,
    /// Requests of the first class.
    pub first_requests: Vec<u32>,
    /// Person-years of the first class in line.
    pub first_listed: Vec<f64>,
    /// Part of the period with a free place in some pool of each circle, years.
    pub with_free: Vec<f64>,
    /// Time with `n` places occupied in all pools together, for each `n`, years.
    pub busy: Vec<f64>,
    pools: usize,
    started: f64,
    touched: Vec<f64>,
    line: (f64, u32),
    in_use: (f64, usize),
}

impl Tally {
    pub(super) fn new(routes: usize, classes: usize, kept_by: Vec<u32>, circles: usize) -> Self {
        let pools = kept_by.len();
        let counts = || vec![0; routes];
        Self {
            requests: counts(),
            waiting_before: counts(),
            served: vec![0; routes * pools],
            delayed: counts(),
            priced_out: counts(),
            gave_up: counts(),
            gave_up_in: vec![0; routes * classes],
            gave_up_late: counts(),
            outside: counts(),
            returned: counts(),
            waiting_after: counts(),
            entries_after: counts(),
            entries: ListEntries::new(kept_by),
            late_after: counts(),
            waited: vec![0.0; routes],
            residents: counts(),
            first_requests: counts(),
            first_listed: vec![0.0; routes],
            with_free: vec![0.0; circles],
            occupied: vec![0.0; pools],
            open: vec![0.0; pools],
            listed: 0.0,
            with_line: 0.0,
            busy: Vec::new(),
            pools,
            started: 0.0,
            touched: vec![0.0; pools],
            line: (0.0, 0),
            in_use: (0.0, 0),
        }
    }

    /// Begins a period at `clock` with `waiting` people in line. At time 0 everybody is forgotten.
    pub(super) fn start(&mut self, clock: f64, waiting: u32) {
        for counts in [
            &mut self.requests,
            &mut self.waiting_before,
            &mut self.served,
            &mut self.delayed,
            &mut self.priced_out,
            &mut self.gave_up,
            &mut self.gave_up_in,
            &mut self.gave_up_late,
            &mut self.outside,
            &mut self.returned,
            &mut self.waiting_after,
            &mut self.entries_after,
            &mut self.late_after,
            &mut self.first_requests,
        ] {
            counts.fill(0);
        }
        for sums in [&mut self.waited, &mut self.first_listed, &mut self.occupied, &mut self.open, &mut self.busy] {
            sums.fill(0.0);
        }
        self.touched.fill(clock);
        (self.listed, self.with_line, self.started) = (0.0, 0.0, clock);
        self.line = (clock, waiting);
        self.in_use.0 = clock;
    }

    /// Nobody is anywhere.
    pub(super) fn forget(&mut self) {
        self.residents.fill(0);
        self.in_use = (0.0, 0);
    }

    pub(super) fn touch(&mut self, pool: usize, clock: f64, occupied: i32, places: i32) {
        let span = clock - self.touched[pool];
        self.occupied[pool] += span * f64::from(occupied);
        // A place that closes while somebody is in it is open until it falls free.
        self.open[pool] += span * f64::from(places.max(occupied));
        self.touched[pool] = clock;
    }

    /// Somebody of the first class was in line from `since` to `clock`; what lies before the period is not of it.
    pub(super) fn first_waits(&mut self, route: usize, since: f64, clock: f64) {
        self.first_listed[route] += clock - since.max(self.started);
    }

    /// From `clock` on, `waiting` people are in line.
    pub(super) fn line_is(&mut self, clock: f64, waiting: u32) {
        let (since, before) = self.line;
        self.listed += (clock - since) * f64::from(before);
        self.with_line += if before > 0 { clock - since } else { 0.0 };
        self.line = (clock, waiting);
    }

    /// From `clock` on, one place more (or fewer) is occupied.
    pub(super) fn busy_is(&mut self, clock: f64, by: isize) {
        let (since, before) = self.in_use;
        if self.busy.len() <= before {
            self.busy.resize(before + 1 + before / 2, 0.0);
        }
        self.busy[before] += clock - since;
        self.in_use = (clock, before.saturating_add_signed(by));
    }

    /// Number of pools.
    pub const fn pools(&self) -> usize {
        self.pools
    }

    /// People served along a route, in any pool.
    pub fn served_on(&self, route: usize) -> u32 {
        self.served[route * self.pools..(route + 1) * self.pools].iter().sum()
    }

    /// Smallest number of occupied places that is not exceeded during `share` of the period.
    pub fn busy_quantile(&self, share: f64) -> usize {
        let wanted = share * self.busy.iter().sum::<f64>();
        let mut sum = 0.0;
        self.busy
            .iter()
            .position(|span| {
                sum += span;
                sum >= wanted
            })
            .unwrap_or(0)
    }

    /// Everybody who asked or was in line is in exactly one place: served, gave up, outside or still in line.
    pub(super) fn check(&self) {
        self.entries.check();
        for route in 0..self.requests.len() {
            debug_assert_eq!(
                self.requests[route] + self.waiting_before[route],
                self.served_on(route) + self.gave_up[route] + self.outside[route] + self.waiting_after[route],
                "route {route}"
            );
            debug_assert!(
                self.entries_after[route] >= self.waiting_after[route],
                "route {route}: somebody is on no list"
            );
        }
    }
}
