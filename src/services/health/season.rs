//! The regular swings of a year, day by day.

use super::days::{days_of, first_weekday, month_of};
use super::model::Swings;

/// Days before the year that are looked at: the closed form's memory and the longest warm-up.
const BEFORE: i32 = 3_700;

/// Factors on the mean of a day, for each day of a year and those before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Season {
    urgent: Vec<f64>,
    slots: Vec<f64>,
    /// First day that is known, at most 0.
    first: i32,
    /// The month with most urgent requests: the day on which it starts.
    pub(super) top: usize,
}

impl Season {
    /// Works out a year and the `before` days ahead of it, which have the seasons of the year.
    pub(super) fn set(&mut self, swings: &Swings, year: i32, before: u32) {
        let length = days_of(year) as i32;
        self.first = -(before as i32).min(BEFORE);
        let weekday = |day: i32| (first_weekday(year) as i32 + day).rem_euclid(7) as usize;
        let month = |day: i32| month_of(year, day.rem_euclid(if day < 0 { 365 } else { length }) as u32);
        self.urgent.clear();
        self.urgent.extend((self.first..length).map(|day| swings.weekday[weekday(day)] * swings.season[month(day)]));
        self.slots.clear();
        self.slots.extend((self.first..length).map(|day| swings.slots[weekday(day)]));
        let busiest = swings.season.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(month, _)| month);
        self.top = (0..length).position(|day| month_of(year, day as u32) == busiest).unwrap_or(0);
    }

    /// The last day of the year, from 0.
    pub(super) fn last(&self) -> i32 {
        self.urgent.len() as i32 - 1 + self.first
    }

    const fn at(&self, day: i32) -> usize {
        (day - self.first) as usize
    }

    /// Factor on the urgent requests of a day.
    pub(super) fn urgent(&self, day: i32) -> f64 {
        self.urgent[self.at(day)]
    }

    /// Factor on the slots of a day.
    pub(super) fn slots(&self, day: i32) -> f64 {
        self.slots[self.at(day)]
    }

    /// The factors on urgent requests and on slots of the `count` days up to `day`.
    pub(super) fn up_to(&self, day: i32, count: usize) -> (&[f64], &[f64]) {
        let days = self.at(day) + 1 - count..=self.at(day);
        (&self.urgent[days.clone()], &self.slots[days])
    }
}
