//! Lists of planned admissions: as many as the mean says, in the slots of working days.
//!
//! A list's requests of a day are its mean times the slots of the day; the part of a request that this leaves over is
//! carried to the next day. Most lists of a district are short and have nobody on most days, so they lie in rows of plain
//! numbers and only those that have somebody are looked at.

use crate::services::health::model::RequestStream;

/// The lists among the streams of a component, which stand behind the streams of those who come unannounced.
#[derive(Clone, Debug)]
pub(crate) struct ElectiveLists {
    /// Number of the first stream that is a list.
    first: usize,
    per_day: Vec<f64>,
    carried: Vec<f64>,
}

impl ElectiveLists {
    /// The lists at the end of `streams`.
    pub(crate) fn new(streams: &[RequestStream]) -> Self {
        let first = streams.iter().position(|stream| stream.listed).unwrap_or(streams.len());
        debug_assert!(streams[first..].iter().all(|stream| stream.listed), "invariant: lists stand at the end");
        let lists = streams.len() - first;
        Self { first, per_day: vec![0.0; lists], carried: vec![0.0; lists] }
    }

    /// Number of the streams that are no lists.
    pub(crate) const fn first(&self) -> usize {
        self.first
    }

    /// Starts a year with a part of a request carried over from before.
    pub(crate) fn start(&mut self, stream: usize, carried: f64) {
        self.carried[stream - self.first] = carried;
    }

    /// Sets the mean of a list.
    pub(crate) fn set(&mut self, stream: usize, per_day: f64) {
        self.per_day[stream - self.first] = per_day;
    }

    /// Fills the slots of a day: tells the number of each stream that has somebody, and how many.
    #[inline]
    pub(crate) fn fill(&mut self, slots: f64, mut note: impl FnMut(usize, u32)) {
        if slots <= 0.0 {
            return;
        }
        for (at, (carried, per_day)) in self.carried.iter_mut().zip(&self.per_day).enumerate() {
            *carried += per_day * slots;
            if *carried >= 1.0 {
                let whole = *carried as u32;
                *carried -= f64::from(whole);
                note(self.first + at, whole);
            }
        }
    }
}
