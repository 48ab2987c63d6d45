//! The regular swings of a year, day by day.

use crate::dates::days_of_year;
use crate::services::health::demand::epidemic::Wave;
use crate::services::health::model::{DemandVariation, Holiday};
use crate::services::health::time::{days_before, first_weekday, month_of};

/// Days before the year that are looked at: the closed form's memory and the longest warm-up.
const BEFORE: i32 = 3_700;

/// Factors on the mean of a day, for each day of a year and those before it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Season {
    urgent: Vec<f64>,
    /// The same with the waves of an epidemic; empty in a year without.
    with_waves: Vec<f64>,
    slots: Vec<f64>,
    /// First day that is known, at most 0.
    first: i32,
    /// Day of the week of 1 January, Monday = 0.
    pub(crate) first_weekday: u32,
    /// The month with most urgent requests: the day on which it starts.
    pub(crate) top: usize,
    /// The day on which a wave is highest.
    pub(crate) wave_top: Option<usize>,
}

impl Season {
    /// Works out a year and the `before` days ahead of it, which have the seasons of the year. `waves` are those of the year
    /// before and of this one.
    pub(crate) fn set(&mut self, variation: &DemandVariation, year: i32, before: u32, waves: &[Wave]) {
        let length = days_of_year(year) as i32;
        self.first = -(before as i32).min(BEFORE);
        self.first_weekday = first_weekday(year);
        let weekday = |day: i32| (first_weekday(year) as i32 + day).rem_euclid(7) as usize;
        let month = |day: i32| month_of(year, day.rem_euclid(if day < 0 { 365 } else { length }) as u32);
        self.urgent.clear();
        self.urgent
            .extend((self.first..length).map(|day| variation.weekday[weekday(day)] * variation.season[month(day)]));
        self.slots.clear();
        self.slots.extend((self.first..length).map(|day| variation.slots[weekday(day)]));
        let first_day = days_before(year) + self.first;
        with_holidays(&mut self.urgent, first_day, self.first, &variation.holidays, |holiday| holiday.urgent);
        with_holidays(&mut self.slots, first_day, self.first, &variation.holidays, |holiday| holiday.slots);
        self.add_waves(waves, length);
        let busiest =
            variation.season.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(month, _)| month);
        self.top = (0..length).position(|day| month_of(year, day as u32) == busiest).unwrap_or(0);
    }

    fn add_waves(&mut self, waves: &[Wave], length: i32) {
        self.with_waves.clear();
        self.wave_top = None;
        if waves.iter().all(|wave| wave.peak <= 0.0) {
            return;
        }
        let first = self.first;
        let factor = |at: usize| 1.0 + waves.iter().map(|wave| wave.on(first + at as i32)).sum::<f64>();
        self.with_waves.extend(self.urgent.iter().enumerate().map(|(at, urgent)| urgent * factor(at)));
        let highest = waves.iter().filter(|wave| wave.peak > 0.0).map(Wave::top).find(|top| (0..length).contains(top));
        self.wave_top = highest.map(|top| top as usize);
    }

    /// The last day of the year, from 0.
    pub(crate) fn last(&self) -> i32 {
        self.urgent.len() as i32 - 1 + self.first
    }

    const fn at(&self, day: i32) -> usize {
        (day - self.first) as usize
    }

    fn urgents(&self, epidemic: bool) -> &[f64] {
        if epidemic && !self.with_waves.is_empty() { &self.with_waves } else { &self.urgent }
    }

    /// Factor on the urgent requests of a day, with the waves of an epidemic or without.
    pub(crate) fn urgent(&self, day: i32, epidemic: bool) -> f64 {
        self.urgents(epidemic)[self.at(day)]
    }

    /// Factor on the slots of a day.
    pub(crate) fn slots(&self, day: i32) -> f64 {
        self.slots[self.at(day)]
    }

    /// The factors on urgent requests and on slots of the `count` days up to `day`.
    pub(crate) fn up_to(&self, day: i32, count: usize, epidemic: bool) -> (&[f64], &[f64]) {
        let days = self.at(day) + 1 - count..=self.at(day);
        (&self.urgents(epidemic)[days.clone()], &self.slots[days])
    }

    /// Means over the year of the factors on urgent requests and on slots.
    pub(crate) fn means(&self, epidemic: bool) -> (f64, f64) {
        let year = self.at(0);
        let mean = |factors: &[f64]| factors[year..].iter().sum::<f64>() / (factors.len() - year) as f64;
        (mean(self.urgents(epidemic)), mean(&self.slots))
    }

    /// Day of the week of a day of the year, Monday = 0.
    pub(crate) fn weekday(&self, day: i32) -> usize {
        (self.first_weekday as i32 + day).rem_euclid(7) as usize
    }
}

/// Lowers or raises the days of holidays and lets the other days of the year make up for it: who does not come on a holiday
/// comes on another day of the year, so that its requests stay as many. `first_day` counts from year 1; the year starts
/// `-first` days later.
fn with_holidays(factors: &mut [f64], first_day: i32, first: i32, holidays: &[Holiday], of: impl Fn(&Holiday) -> f64) {
    let year = (-first) as usize;
    let before: f64 = factors[year..].iter().sum();
    let mut any = false;
    for holiday in holidays {
        let days = (holiday.from - first_day).max(0)..(holiday.to - first_day + 1).min(factors.len() as i32);
        for day in days {
            factors[day as usize] *= of(holiday);
            any = true;
        }
    }
    let after: f64 = factors[year..].iter().sum();
    if any && after > 0.0 {
        factors.iter_mut().for_each(|factor| *factor *= before / after);
    }
}
