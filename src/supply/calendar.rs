//! The days on which places exist on one path, and the views that services take of them.

use super::schedule::Schedule;
use crate::dates::{Day, days_of_year};
use crate::site::Site;
use crate::uncertainty::ParameterDraw;

/// The days of one row on a path: open from `from`, closed from `until`, open again from `again`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// First day open.
    pub from: Day,
    /// First day closed.
    pub until: Day,
    /// First day open again.
    pub again: Day,
}

/// Days of one year, from 0, between which places are open: twice where they close and open again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysOfYear {
    /// First day open.
    pub from: u32,
    /// First day no longer open; never before `from`.
    pub until: u32,
}

impl DaysOfYear {
    /// How many days these are.
    pub const fn count(self) -> u32 {
        self.until - self.from
    }

    /// Whether a day is one of them.
    pub const fn contains(self, day: u32) -> bool {
        self.from <= day && day < self.until
    }
}

/// Times between which places are open, in years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenYears {
    /// When they open.
    pub from: f64,
    /// When they close.
    pub until: f64,
}

impl Open {
    /// Whether places are open on a day.
    pub fn on(&self, day: Day) -> bool {
        self.from <= day && !(self.until..self.again).contains(&day)
    }

    /// The day from which places that are open on `day` are open without a break.
    fn since(&self, day: Day) -> Day {
        if self.again <= day && self.until < self.again { self.from.max(self.again) } else { self.from }
    }

    /// Of places that take people on one day of each year (month and day from 1), such as 1 September: how often they have
    /// done so before that day of `year`; `None` where they were always there. Who closes and opens again starts anew.
    pub fn intakes_before(&self, year: i32, month: u32, day: u32) -> Option<i32> {
        let now = Day::new(crate::dates::Date { year, month, day })?;
        let since = self.since(now);
        (since != Day::EVER).then(|| year.saturating_sub(since.first_year_with(month, day)))
    }

    /// The two stretches in which places are open; the second is empty where they do not open again.
    fn stretches(&self) -> [(Day, Day); 2] {
        [(self.from, self.until.max(self.from)), (self.again.max(self.from).max(self.until), Day::NEVER)]
    }

    /// The days of a calendar year on which places are open.
    pub fn within(&self, year: i32) -> [DaysOfYear; 2] {
        let (first, days) = (Day::first_of(year), i64::from(days_of_year(year)));
        let clipped = |day: Day| day.days_since(first).clamp(0, days) as u32;
        self.stretches().map(|(from, until)| DaysOfYear { from: clipped(from), until: clipped(until) })
    }

    /// Days of a calendar year on which places are open.
    pub fn days_within(&self, year: i32) -> u32 {
        self.within(year).iter().map(|days| days.count()).sum()
    }

    /// When places are open, in years since 1 January of a year.
    pub fn years_since(&self, year: i32) -> [OpenYears; 2] {
        self.stretches().map(|(from, until)| OpenYears { from: from.years_since(year), until: until.years_since(year) })
    }
}

/// The days of all rows on a path. Shape: by row.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    open: Vec<Open>,
}

impl Calendar {
    /// Fixes the days of rows on a path.
    pub fn settle<'a>(&mut self, rows: impl IntoIterator<Item = &'a Schedule>, site: &Site, draw: &ParameterDraw) {
        self.open.clear();
        self.open.extend(rows.into_iter().map(|schedule| {
            let day = |planned: super::Planned| planned.on_path(site, draw);
            Open {
                from: day(schedule.opens).max(day(schedule.after)),
                until: day(schedule.closes),
                again: day(schedule.reopens),
            }
        }));
    }

    /// The days of a row.
    pub fn row(&self, row: usize) -> Open {
        self.open[row]
    }

    /// The days of all rows.
    pub fn rows(&self) -> &[Open] {
        &self.open
    }

    /// Adds to `days` the days of a year (from 0) after its first on which any row opens or closes, in order and each once.
    pub fn changes_in(&self, year: i32, days: &mut Vec<u32>) {
        let last = days_of_year(year);
        let edges = self.open.iter().flat_map(|open| open.within(year)).filter(|stretch| stretch.count() > 0);
        days.extend(edges.flat_map(|stretch| [stretch.from, stretch.until]).filter(|day| *day > 0 && *day < last));
        days.sort_unstable();
        days.dedup();
    }
}
