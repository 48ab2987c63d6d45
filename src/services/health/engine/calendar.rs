//! The calendar of departures: one bucket a day on a ring, so that booking and taking a departure cost the same whatever
//! the number of people in bed (Brown 1988, "Calendar queues").
//!
//! A bucket is a chain of stints in no order; whoever needs the order of a day's events sorts the few that matter. All
//! chains share one set of slots, and the slot that fell free last is used first: what a calendar keeps in the
//! processor's cache is then as large as the number of people in bed, and not as the ring.

use crate::services::health::model::NONE;
use crate::services::health::time::DAY;

/// Days on the ring: a power of two.
const RING: usize = 512;

/// A stay in one bed that is under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BedEpisode {
    /// When the patient leaves, hours.
    pub(crate) ends: f64,
    /// Hours of the stay in the step-down pool that follows.
    pub(crate) then_stay: f32,
    /// Where.
    pub(crate) pool: u16,
    /// The step-down pool that follows, or [`NONE`].
    pub(crate) then: u16,
    /// Where a patient lives who will ask again, or [`NONE`].
    pub(crate) returns_to: u16,
    /// Whether there is anything to note when the patient leaves but the bed that falls free.
    marked: bool,
    /// For how long the patient has been ready on leaving, hours.
    late: f32,
}

impl BedEpisode {
    /// A stint in `pool` until `ends`, after which the patient goes home.
    pub(crate) const fn new(pool: u16, ends: f64) -> Self {
        Self { ends, then_stay: 0.0, pool, then: NONE, returns_to: NONE, marked: false, late: 0.0 }
    }

    /// The same, followed by a step-down stay.
    pub(crate) const fn followed_by(mut self, then: u16, then_stay: f32) -> Self {
        self.then = then;
        self.then_stay = then_stay;
        self
    }

    /// The same, of somebody who leaves only at `ends` although ready before.
    pub(crate) fn leaving_at(mut self, ends: f64) -> Self {
        self.late += (ends - self.ends) as f32;
        self.marked |= self.late > 0.0;
        self.ends = ends;
        self
    }

    /// The same, of somebody from `label` who will ask again.
    pub(crate) const fn returning_to(mut self, label: u16) -> Self {
        self.returns_to = label;
        self.marked = true;
        self
    }

    /// Whether there is anything to note when the patient leaves.
    #[inline]
    pub(crate) const fn is_marked(&self) -> bool {
        self.marked
    }

    /// Hours for which the bed is kept after the patient is ready.
    #[inline]
    pub(crate) fn late(&self) -> f64 {
        f64::from(self.late)
    }
}

/// A stint in the chain of its day.
#[derive(Clone, Copy, Debug)]
struct Slot {
    stint: BedEpisode,
    /// The slot booked before it for the same day; of a free slot, the one that fell free before it.
    before: u32,
}

/// The end of a chain.
const END: u32 = u32::MAX;

/// Departures by day, each at its own moment.
#[derive(Clone, Debug)]
pub(crate) struct DepartureCalendar {
    /// The slot booked last for each day of the ring.
    last: Box<[u32; RING]>,
    slots: Vec<Slot>,
    /// The slot that fell free last.
    free: u32,
    /// Stints that end beyond the ring.
    far: Vec<BedEpisode>,
    /// First day that has not been taken.
    now: i32,
}

impl DepartureCalendar {
    pub(crate) fn new() -> Self {
        Self { last: Box::new([END; RING]), slots: Vec::new(), free: END, far: Vec::new(), now: 0 }
    }

    /// Forgets all departures and starts at day 0.
    pub(crate) fn clear(&mut self) {
        self.last.fill(END);
        self.slots.clear();
        self.free = END;
        self.far.clear();
        self.now = 0;
    }

    /// Where the first day that has not been taken starts, hours.
    #[inline]
    pub(crate) fn day_start(&self) -> f64 {
        f64::from(self.now) * DAY
    }

    /// Books a departure. One before the present day is taken on the present day.
    #[inline]
    pub(crate) fn book(&mut self, stint: BedEpisode) {
        let day = ((stint.ends * (1.0 / DAY)) as i32).max(self.now);
        if day - self.now >= RING as i32 {
            self.put_aside(stint);
            return;
        }
        let last = &mut self.last[day as usize & (RING - 1)];
        let slot = Slot { stint, before: *last };
        if let Some(free) = self.slots.get_mut(self.free as usize) {
            *last = std::mem::replace(&mut self.free, free.before);
            *free = slot;
        } else {
            *last = self.slots.len() as u32;
            self.slots.push(slot);
        }
    }

    #[cold]
    fn put_aside(&mut self, stint: BedEpisode) {
        self.far.push(stint);
    }

    /// Takes every departure of the present day, in no order, and goes on to the next day.
    #[inline]
    pub(crate) fn take(&mut self, mut each: impl FnMut(&BedEpisode)) {
        let mut at = std::mem::replace(&mut self.last[self.now as usize & (RING - 1)], END);
        while let Some(slot) = self.slots.get_mut(at as usize) {
            each(&slot.stint);
            let before = std::mem::replace(&mut slot.before, self.free);
            self.free = std::mem::replace(&mut at, before);
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
        let mut calendar = DepartureCalendar::new();
        let days = [0, 1, 1, 400, 511, 512, 900, 5_000];
        for day in days {
            calendar.book(BedEpisode::new(7, (f64::from(day) + 0.75) * DAY));
        }
        let mut left = Vec::new();
        for day in 0..6_000 {
            assert_eq!(calendar.day_start(), f64::from(day) * DAY);
            calendar.take(|stint| left.push((day, stint.pool)));
        }
        assert_eq!(left, days.map(|day| (day, 7)));
    }
}
