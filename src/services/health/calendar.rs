//! The calendar of departures: one bucket a day on a ring, so that booking and taking a departure cost the same whatever
//! the number of people in bed (Brown 1988, "Calendar queues").
//!
//! A bucket is a chain of stints in no order; whoever needs the order of a day's events sorts the few that matter.

use super::read::DAY;

/// No pool, no stint.
pub(super) const NONE: u16 = u16::MAX;

const END: u32 = u32::MAX;
/// Days on the ring: a power of two.
const RING: usize = 512;

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

/// Departures by day, each at its own moment.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    heads: Vec<u32>,
    stints: Vec<Stint>,
    free: u32,
    /// Stints that end beyond the ring.
    far: Vec<Stint>,
    /// First day that has not been taken.
    now: i32,
}

impl Calendar {
    pub(super) fn new() -> Self {
        Self { heads: vec![END; RING], stints: Vec::new(), free: END, far: Vec::new(), now: 0 }
    }

    /// Forgets all departures and starts at day 0.
    pub(super) fn clear(&mut self) {
        self.heads.fill(END);
        self.stints.clear();
        self.free = END;
        self.far.clear();
        self.now = 0;
    }

    /// Where the first day that has not been taken starts, hours.
    #[inline]
    pub(super) fn day_start(&self) -> f64 {
        f64::from(self.now) * DAY
    }

    /// Books a departure. One before the present day is taken on the present day.
    #[inline]
    pub(super) fn book(&mut self, stint: Stint) {
        let day = ((stint.ends * (1.0 / DAY)) as i32).max(self.now);
        if day - self.now >= RING as i32 {
            self.put_aside(stint);
            return;
        }
        let bucket = day as usize & (RING - 1);
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

    #[cold]
    fn put_aside(&mut self, stint: Stint) {
        self.far.push(stint);
    }

    /// Takes every departure of the present day, in no order, and goes on to the next day.
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
        if self.now % (RING as i32 / 2) == 0 && !self.far.is_empty() {
            self.bring_near();
        }
    }

    /// Puts far departures on the ring once it reaches them.
    fn bring_near(&mut self) {
        let mut at = 0;
        while at < self.far.len() {
            if (self.far[at].ends / DAY) as i32 - self.now < RING as i32 {
                let stint = self.far.swap_remove(at);
                self.book(stint);
            } else {
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_leaves_on_their_day_however_far_it_is() {
        let mut calendar = Calendar::new();
        let days = [0, 1, 1, 400, 511, 512, 900, 5_000];
        for day in days {
            calendar.book(Stint::new(7, (f64::from(day) + 0.75) * DAY));
        }
        let mut left = Vec::new();
        for day in 0..6_000 {
            assert_eq!(calendar.day_start(), f64::from(day) * DAY);
            calendar.take(|stint| left.push((day, stint.pool)));
        }
        assert_eq!(left, days.map(|day| (day, 7)));
    }
}
