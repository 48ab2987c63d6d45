//! The calendar of departures: one bucket an hour on a ring, so that booking and taking a departure cost the same
//! whatever the number of people in bed (Brown 1988, "Calendar queues").
//!
//! A bucket is a chain of stints in no order; whoever needs the order inside an hour sorts the few of that hour. Where the
//! moment within the hour is not asked for (tiers without step-down), a bucket is a count of departures for each pool.

/// No pool, no stint.
pub(super) const NONE: u16 = u16::MAX;

const END: u32 = u32::MAX;
/// Hours on the ring: a power of two, 341 days.
const RING: usize = 8192;

/// A stay in one bed that is under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stint {
    /// When the patient is ready to leave, hours.
    pub(super) ends: f64,
    /// Hours of the stay in the step-down pool that follows.
    pub(super) then_stay: f32,
    link: u32,
    /// Where.
    pub(super) pool: u16,
    /// The step-down pool that follows, or [`NONE`].
    pub(super) then: u16,
}

impl Stint {
    /// A stint in `pool` until `ends`, after which the patient goes home.
    pub(super) const fn new(pool: u16, ends: f64) -> Self {
        Self { ends, then_stay: 0.0, link: END, pool, then: NONE }
    }

    /// The same, followed by a step-down stay.
    pub(super) const fn followed_by(mut self, then: u16, then_stay: f32) -> Self {
        self.then = then;
        self.then_stay = then_stay;
        self
    }
}

/// Departures by hour, each at its own moment.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    heads: Vec<u32>,
    stints: Vec<Stint>,
    free: u32,
    /// Stints that end beyond the ring.
    far: Vec<Stint>,
    /// First hour that has not been taken.
    now: u64,
}

impl Calendar {
    pub(super) fn new() -> Self {
        Self { heads: vec![END; RING], stints: Vec::new(), free: END, far: Vec::new(), now: 0 }
    }

    /// Forgets all departures and starts at `hour`.
    pub(super) fn clear(&mut self, hour: u64) {
        self.heads.fill(END);
        self.stints.clear();
        self.free = END;
        self.far.clear();
        self.now = hour;
    }

    /// Where the hour that has not been taken starts, hours.
    #[inline]
    pub(super) fn hour_start(&self) -> f64 {
        self.now as f64
    }

    /// Books a departure. One before the present hour is taken in the present hour.
    #[inline]
    pub(super) fn book(&mut self, stint: Stint) {
        let hour = (stint.ends as u64).max(self.now);
        if hour - self.now >= RING as u64 {
            self.far.push(stint);
            return;
        }
        let bucket = hour as usize & (RING - 1);
        let entry = Stint { link: self.heads[bucket], ..stint };
        self.heads[bucket] = if self.free == END {
            self.stints.push(entry);
            self.stints.len() as u32 - 1
        } else {
            let at = self.free;
            let slot = &mut self.stints[at as usize];
            self.free = slot.link;
            *slot = entry;
            at
        };
    }

    /// Takes every departure of the present hour, in no order, and goes on to the next hour.
    #[inline]
    pub(super) fn take(&mut self, mut each: impl FnMut(&Stint)) {
        let bucket = self.now as usize & (RING - 1);
        let first = self.heads[bucket];
        let mut at = first;
        let mut last = END;
        while at != END {
            let stint = &self.stints[at as usize];
            each(stint);
            last = at;
            at = stint.link;
        }
        if last != END {
            self.stints[last as usize].link = self.free;
            self.free = first;
            self.heads[bucket] = END;
        }
        self.now += 1;
        if self.now.is_multiple_of(RING as u64 / 2) && !self.far.is_empty() {
            self.bring_near();
        }
    }

    /// Puts far departures on the ring once it reaches them.
    fn bring_near(&mut self) {
        let mut at = 0;
        while at < self.far.len() {
            if (self.far[at].ends as u64) - self.now < RING as u64 {
                let stint = self.far.swap_remove(at);
                self.book(stint);
            } else {
                at += 1;
            }
        }
    }
}

/// Departures by hour as counts: shape `hour x pool` on a ring of the same length.
///
/// Who leaves within an hour leaves at evenly spaced moments of it, so hours in bed are right on average and the order
/// against requests of the same hour is as good as any.
#[derive(Clone, Debug)]
pub(super) struct HourlyCalendar {
    counts: Vec<[u16; LANES]>,
    /// Lanes of an hour: the pools, rounded up.
    lanes: usize,
    /// Departures beyond the ring: hour and pool.
    far: Vec<(i64, u16)>,
    now: i64,
}

/// Pools that are looked at together when an hour is taken.
const LANES: usize = 4;

impl HourlyCalendar {
    pub(super) fn new(pools: usize) -> Self {
        let lanes = pools.div_ceil(LANES);
        Self { counts: vec![[0; LANES]; RING * lanes], lanes, far: Vec::new(), now: 0 }
    }

    fn clear(&mut self, hour: u64) {
        self.counts.fill([0; LANES]);
        self.far.clear();
        self.now = hour as i64;
    }

    /// Books a departure from `pool` at `ends` hours.
    #[inline]
    pub(super) fn book(&mut self, pool: u16, ends: f64) {
        let hour = (ends as i64).max(self.now);
        if hour - self.now >= RING as i64 {
            self.far.push((hour, pool));
            return;
        }
        let pool = usize::from(pool);
        self.counts[(hour as usize & (RING - 1)) * self.lanes + pool / LANES][pool % LANES] += 1;
    }

    /// Takes the departures of the present hour as (pool, how many, start of the hour), and goes on to the next hour.
    #[inline]
    pub(super) fn take(&mut self, mut each: impl FnMut(usize, u16, f64)) {
        let row = (self.now as usize & (RING - 1)) * self.lanes;
        let start = self.now as f64;
        for (lane, counts) in self.counts[row..row + self.lanes].iter_mut().enumerate() {
            if *counts == [0; LANES] {
                continue;
            }
            for (pool, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                each(lane * LANES + pool, *count, start);
            }
            *counts = [0; LANES];
        }
        self.now += 1;
        if self.now.rem_euclid(RING as i64 / 2) == 0 && !self.far.is_empty() {
            for (hour, pool) in std::mem::take(&mut self.far) {
                self.book(pool, hour as f64);
            }
        }
    }
}

/// The calendar of a network.
#[derive(Clone, Debug)]
pub(super) enum Departures {
    /// Every departure at its own moment.
    Exact(Calendar),
    /// Counts by hour; no stint has a sequel.
    Hourly(HourlyCalendar),
}

impl Departures {
    /// Forgets all departures and starts at `hour`.
    pub(super) fn clear(&mut self, hour: u64) {
        match self {
            Self::Exact(calendar) => calendar.clear(hour),
            Self::Hourly(calendar) => calendar.clear(hour),
        }
    }

    /// Where the hour that has not been taken starts, hours.
    pub(super) fn hour_start(&self) -> f64 {
        match self {
            Self::Exact(calendar) => calendar.hour_start(),
            Self::Hourly(calendar) => calendar.now as f64,
        }
    }

    /// Books a departure.
    pub(super) fn book(&mut self, stint: Stint) {
        match self {
            Self::Exact(calendar) => calendar.book(stint),
            Self::Hourly(calendar) => calendar.book(stint.pool, stint.ends),
        }
    }

    /// Takes every departure of the present hour into `leaving`, in no order, and goes on to the next hour.
    pub(super) fn take_into(&mut self, leaving: &mut Vec<Stint>) {
        match self {
            Self::Exact(calendar) => calendar.take(|stint| leaving.push(*stint)),
            Self::Hourly(calendar) => {
                calendar.take(|pool, count, start| leaving.extend(evenly(pool as u16, count, start)));
            }
        }
    }
}

/// `count` stints in `pool` that end at evenly spaced moments of the hour from `start`.
pub(super) fn evenly(pool: u16, count: u16, start: f64) -> impl Iterator<Item = Stint> {
    let step = 1.0 / f64::from(count);
    (0..count).map(move |i| Stint::new(pool, start + (f64::from(i) + 0.5) * step))
}
