//! What is to happen, in the order of time: events of the present period by part of it, later ones aside.
//!
//! Only the events of the present part are sorted, so that an event costs the same however many there are (a calendar
//! queue; Brown 1988). Events of the same moment come in the order of what they mention.

/// Parts of a period.
const PARTS: usize = 256;

/// When, as the bits of a time that is not negative (they order as it does), and who is mentioned.
pub(super) type Event = (u64, u64);

/// Events to come.
#[derive(Clone, Debug)]
pub(super) struct CalendarQueue {
    start: f64,
    end: f64,
    scale: f64,
    /// Part whose events are in `next`.
    present: usize,
    /// Events of the present part, last first.
    next: Vec<Event>,
    /// Events of the parts to come.
    parts: Vec<Vec<Event>>,
    /// Events after the period.
    later: Vec<Event>,
}

impl CalendarQueue {
    pub(super) fn new() -> Self {
        Self {
            start: 0.0,
            end: 0.0,
            scale: 0.0,
            present: PARTS,
            next: Vec::new(),
            parts: vec![Vec::new(); PARTS],
            later: Vec::new(),
        }
    }

    /// Nothing is to happen.
    pub(super) fn clear(&mut self) {
        (self.start, self.end, self.present) = (0.0, 0.0, PARTS);
        self.next.clear();
        self.parts.iter_mut().for_each(Vec::clear);
        self.later.clear();
    }

    /// Begins a period; the last one is over, so that only later events are left.
    pub(super) fn begin(&mut self, start: f64, span: f64) {
        (self.start, self.end, self.scale, self.present) = (start, start + span, PARTS as f64 / span, 0);
        let mut kept = 0;
        for at in 0..self.later.len() {
            let event = self.later[at];
            if f64::from_bits(event.0) < self.end {
                let part = self.part(f64::from_bits(event.0));
                self.parts[part].push(event);
            } else {
                self.later[kept] = event;
                kept += 1;
            }
        }
        self.later.truncate(kept);
        self.next.append(&mut self.parts[0]);
        self.next.sort_unstable_by(|a, b| b.cmp(a));
    }

    #[inline]
    fn part(&self, time: f64) -> usize {
        (((time - self.start) * self.scale) as usize).min(PARTS - 1)
    }

    /// Adds an event at `time`, not before the present.
    #[inline]
    pub(super) fn push(&mut self, time: f64, mention: u64) {
        let event = (time.to_bits(), mention);
        if time >= self.end {
            self.later.push(event);
            return;
        }
        let part = self.part(time);
        if part > self.present {
            self.parts[part].push(event);
        } else {
            let at = self.next.partition_point(|other| *other > event);
            self.next.insert(at, event);
        }
    }

    /// When the next event of the period happens; infinite when none does.
    #[inline]
    pub(super) fn next_time(&mut self) -> f64 {
        while self.next.is_empty() {
            if self.present + 1 >= PARTS {
                return f64::INFINITY;
            }
            self.present += 1;
            std::mem::swap(&mut self.next, &mut self.parts[self.present]);
            self.next.sort_unstable_by(|a, b| b.cmp(a));
        }
        self.next.last().map_or(f64::INFINITY, |event| f64::from_bits(event.0))
    }

    /// Takes the event that [`CalendarQueue::next_time`] told of.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<u64> {
        self.next.pop().map(|event| event.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    /// Periods with events that cause others, beside a sorted list of all.
    #[test]
    fn events_come_in_the_order_of_time_whenever_they_were_added() {
        let mut stream = RngSource::new(9, 0).cell(StreamKey::named("test.agenda"), 0, 0);
        let mut agenda = CalendarQueue::new();
        for round in 0..3 {
            agenda.clear();
            let (mut waiting, mut mention): (Vec<Event>, u64) = (Vec::new(), 0);
            let mut add = |agenda: &mut CalendarQueue, waiting: &mut Vec<Event>, time: f64| {
                mention += 1;
                agenda.push(time, mention);
                waiting.push((time.to_bits(), mention));
            };
            for _ in 0..200 {
                add(&mut agenda, &mut waiting, 3.0 * stream.uniform());
            }
            add(&mut agenda, &mut waiting, 1.0);
            add(&mut agenda, &mut waiting, 1.0);
            let mut happened = 0;
            for period in 0..4 {
                let (start, end) = (f64::from(period), f64::from(period + 1));
                agenda.begin(start, 1.0);
                loop {
                    let time = agenda.next_time();
                    if time >= end {
                        break;
                    }
                    let first = waiting.iter().enumerate().min_by_key(|(_, event)| **event).unwrap().0;
                    assert_eq!((time.to_bits(), agenda.pop().unwrap()), waiting.swap_remove(first));
                    happened += 1;
                    if happened % 3 == 0 {
                        let after = if round == 0 { 0.001 } else { 0.8 };
                        add(&mut agenda, &mut waiting, time + after * stream.uniform());
                    }
                }
                assert!(waiting.iter().all(|event| f64::from_bits(event.0) >= end));
            }
            assert!(happened > 250, "{happened}");
        }
    }
}
