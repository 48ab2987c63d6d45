//! The events of one day in the order of their moments: requests, and departures.

use crate::services::health::engine::calendar::BedEpisode;
use crate::services::health::time::DAY;

/// What happens next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The request with this number asks.
    Request(usize),
    /// A stint ends.
    Departure(BedEpisode),
}

/// The agenda of a day. An event is a number: its moment, then which one it is, so that sorting numbers sorts events.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventQueue {
    order: Vec<u64>,
    next: usize,
    departures: Vec<BedEpisode>,
    /// Midnight at which the day starts, hours.
    starts: f64,
}

/// The low bits of an event are its number; one of them tells a departure.
const NUMBER: u32 = 24;
const DEPARTURE: u64 = 1 << (NUMBER - 1);

impl EventQueue {
    /// Starts a day at the midnight `starts`.
    pub(crate) fn start(&mut self, starts: f64) {
        self.order.clear();
        self.departures.clear();
        (self.next, self.starts) = (0, starts);
    }

    /// The moment in 2^40 parts of the day, ahead of the number. What is over before the day counts as its start.
    #[inline]
    fn moment(&self, time: f64) -> u64 {
        const PARTS: f64 = (1_u64 << (64 - NUMBER)) as f64;
        // A moment after the day's last is its last, too.
        (((time - self.starts) * (PARTS / DAY)) as i64).clamp(0, PARTS as i64 - 1).cast_unsigned() << NUMBER
    }

    /// Puts a request on the agenda.
    #[inline]
    pub(crate) fn add_request(&mut self, number: usize, time: f64) {
        self.order.push(self.moment(time) | number as u64);
    }

    /// Puts a departure on the agenda.
    #[inline]
    pub(crate) fn add_departure(&mut self, stint: BedEpisode) {
        self.order.push(self.moment(stint.ends) | DEPARTURE | self.departures.len() as u64);
        self.departures.push(stint);
    }

    /// Brings the events into order.
    pub(crate) fn sort(&mut self) {
        self.order.sort_unstable();
    }

    /// Adds a departure to an agenda that is under way; one that is overdue comes next.
    pub(crate) fn insert(&mut self, stint: BedEpisode) {
        let event = self.moment(stint.ends) | DEPARTURE | self.departures.len() as u64;
        self.departures.push(stint);
        let at = self.next + self.order[self.next..].partition_point(|other| *other < event);
        self.order.insert(at, event);
    }

    /// Takes the next event.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<Event> {
        let event = *self.order.get(self.next)?;
        self.next += 1;
        let number = (event & (DEPARTURE - 1)) as usize;
        Some(if event & DEPARTURE == 0 { Event::Request(number) } else { Event::Departure(self.departures[number]) })
    }
}
