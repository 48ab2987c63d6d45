//! The regular swings of a year, day by day.

use super::days::{days_of, first_weekday, month_of};
use super::model::Swings;

/// Days before the year that are looked at: the closed form's memory and the longest warm-up.
const BEFORE: i32 = 3_700;

/// Factors on the mean of a day, for each day of a year and those before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Season {
    /// Urgent requests and slots of lists.
    days: Vec<[f64; 2]>,
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
        self.days.clear();
        self.days.extend((self.first..length).map(|day| {
            let weekday = (first_weekday(year) as i32 + day).rem_euclid(7) as usize;
            let month = month_of(year, day.rem_euclid(if day < 0 { 365 } else { length }) as u32);
            [swings.weekday[weekday] * swings.season[month], swings.slots[weekday]]
        }));
        let busiest = swings.season.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(month, _)| month);
        self.top = (0..length).position(|day| month_of(year, day as u32) == busiest).unwrap_or(0);
    }

    /// The last day of the year, from 0.
    pub(super) fn last(&self) -> i32 {
        self.days.len() as i32 - 1 + self.first
    }

    fn at(&self, day: i32) -> [f64; 2] {
        self.days[(day - self.first) as usize]
    }

    /// Factor on the urgent requests of a day.
    pub(super) fn urgent(&self, day: i32) -> f64 {
        self.at(day)[0]
    }

    /// Factor on the slots of a day.
    pub(super) fn slots(&self, day: i32) -> f64 {
        self.at(day)[1]
    }

    /// The factors of a day and of all days before it, latest first.
    pub(super) fn back_from(&self, day: i32) -> impl Iterator<Item = [f64; 2]> {
        self.days[..=(day - self.first) as usize].iter().rev().copied()
    }
}
