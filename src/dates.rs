//! Calendar days: what a planner writes as a date, kept exactly, so that a bed that opens on the 28th is counted from the 28th on.
//!
//! A [`Day`] is a day of the proleptic Gregorian calendar, counted from 1 January of year 1 (Richards 2013, *Explanatory
//! Supplement to the Astronomical Almanac*, chapter 15). Delays are real numbers of months; a *moment* is a real number of months
//! since year 0, in which a month has the length that it has in the calendar: 1 September 2025 is 2025 x 12 + 8, 15 February
//! 2026 is 2026 x 12 + 1 + 14/28.

use std::fmt;

/// Months before each month of a common year, in days, and its end.
const MONTH_STARTS: [i32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// Years that a planner's date may name, and a scenario may have.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Part of a day that is nothing but the rounding of a moment.
const ROUNDING: f64 = 1e-6;

/// A day of the calendar, or one before or after all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A day by its year, month and day of the month, the last two from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Calendar year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDate {
    /// It is written in no form that is known.
    Form,
    /// The month has no such day, but so many.
    Impossible(Date),
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Number of days of a year.
pub const fn days_of_year(year: i32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

/// First day of a month (0 = January, 12 = the end of December) within its year, from 0.
const fn month_start(year: i32, month: usize) -> i32 {
    MONTH_STARTS[month] + (month >= 2 && is_leap(year)) as i32
}

/// Number of days of a month (1 to 12).
const fn days_of_month(year: i32, month: u32) -> u32 {
    (month_start(year, month as usize) - month_start(year, month as usize - 1)) as u32
}

impl Day {
    /// Before all days: of what was always there.
    pub const EVER: Self = Self(i32::MIN);

    /// After all days: of what never happens.
    pub const NEVER: Self = Self(i32::MAX);

    /// 1 January of a year.
    pub const fn first_of(year: i32) -> Self {
        let before = year - 1;
        Self(before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400))
    }

    /// The day of a date; `None` where the calendar has no such day.
    pub fn new(date: Date) -> Option<Self> {
        let Date { year, month, day } = date;
        let sound = (1..=12).contains(&month) && day >= 1 && day <= days_of_month(year, month);
        sound.then(|| Self(Self::first_of(year).0 + month_start(year, month as usize - 1) + day as i32 - 1))
    }

    /// What a planner wrote: `YYYY-MM-DD`, or `YYYY-MM` for the first of a month. Spreadsheets turn `-` into `/` and drop zeros.
    ///
    /// # Errors
    ///
    /// When it is written in no such form, or the month does not have the day.
    pub fn parse(written: &str) -> Result<Self, NoDate> {
        let mark = if written.contains('/') { '/' } else { '-' };
        let mut parts = written.trim().split(mark).map(|part| {
            let digits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        });
        let year = parts.next().flatten().map(|year| year as i32).filter(|year| YEARS.contains(year));
        let month = parts.next().flatten().filter(|month| (1..=12).contains(month));
        let day = parts.next().unwrap_or(Some(1)).filter(|day| (1..=31).contains(day));
        let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else {
            return Err(NoDate::Form);
        };
        let date = Date { year, month, day };
        Self::new(date).ok_or(NoDate::Impossible(Date { day: days_of_month(year, month), ..date }))
    }

    /// Whether it is a day of the calendar, and not before or after all of them.
    pub const fn is_real(self) -> bool {
        self.0 != Self::EVER.0 && self.0 != Self::NEVER.0
    }

    /// Its year; the least and the greatest number before and after all days.
    pub fn year(self) -> i32 {
        if !self.is_real() {
            return self.0;
        }
        // 400 years have 146,097 days; the guess is at most a year off.
        let guess = (i64::from(self.0) * 400).div_euclid(146_097) as i32 + 1;
        (guess - 1..=guess + 1).rev().find(|year| Self::first_of(*year) <= self).unwrap_or(guess)
    }

    /// Days since 1 January of its year, from 0.
    pub fn of_year(self) -> u32 {
        (self.0 - Self::first_of(self.year()).0) as u32
    }

    /// Its year, month and day; `None` before and after all days.
    pub fn date(self) -> Option<Date> {
        if !self.is_real() {
            return None;
        }
        let (year, day) = (self.year(), self.of_year() as i32);
        let month = (1..=12).rev().find(|&month| month_start(year, month - 1) <= day)?;
        Some(Date { year, month: month as u32, day: (day - month_start(year, month - 1) + 1) as u32 })
    }

    /// The moment at which it begins, in months since year 0; infinite before and after all days.
    pub fn moment(self) -> f64 {
        match self.date() {
            Some(Date { year, month, day }) => {
                let within = f64::from(day - 1) / f64::from(days_of_month(year, month));
                f64::from(year) * 12.0 + f64::from(month - 1) + within
            }
            None if self == Self::EVER => f64::NEG_INFINITY,
            None => f64::INFINITY,
        }
    }

    /// The first day that begins at a moment or after it: what is finished in the course of a day is used from the next.
    pub fn from_moment(months: f64) -> Self {
        if !months.is_finite() {
            return if months > 0.0 { Self::NEVER } else { Self::EVER };
        }
        let whole = libm::floor(months);
        let month = whole as i64;
        let (year, at) = (month.div_euclid(12) as i32, month.rem_euclid(12) as u32 + 1);
        let within = libm::ceil((months - whole) * f64::from(days_of_month(year, at)) - ROUNDING);
        Self(Self::first_of(year).0 + month_start(year, at as usize - 1) + within as i32)
    }

    /// The day so many months (a real number) later: whole months keep the day of the month, as far as the month has it, and a
    /// part of a month is the same part of the days to the next. More months never give an earlier day.
    #[must_use]
    pub fn later_by(self, months: f64) -> Self {
        let (Some(date), true) = (self.date(), months != 0.0) else { return self };
        let whole = libm::floor(months);
        let (from, to) = (date.months_on(whole as i32), date.months_on(whole as i32 + 1));
        let part = (months - whole) * f64::from(to.0 - from.0);
        Self(from.0 + libm::ceil(part - ROUNDING) as i32)
    }

    /// Days from another day to this one.
    pub const fn days_since(self, other: Self) -> i64 {
        self.0 as i64 - other.0 as i64
    }

    /// Years since 1 January of a year, a day being its part of the year that it lies in; infinite before and after all days.
    pub fn years_since(self, year: i32) -> f64 {
        if !self.is_real() {
            return if self == Self::NEVER { f64::INFINITY } else { f64::NEG_INFINITY };
        }
        let own = self.year();
        f64::from(own - year) + f64::from(self.of_year()) / f64::from(days_of_year(own))
    }

    /// The year of the first given day of the year (month and day from 1) on or after this one, such as a 1 September; the least
    /// and the greatest number before and after all days.
    pub fn first_year_with(self, month: u32, day: u32) -> i32 {
        let Some(date) = self.date() else { return self.0 };
        date.year + i32::from((date.month, date.day) > (month, day))
    }
}

impl Date {
    /// The same day of the month so many months on, or the last one of that month.
    fn months_on(self, months: i32) -> Day {
        let at = self.year * 12 + self.month as i32 - 1 + months;
        let (year, month) = (at.div_euclid(12), at.rem_euclid(12) as usize);
        let day = self.day.min(days_of_month(year, month as u32 + 1));
        Day(Day::first_of(year).0 + month_start(year, month) + day as i32 - 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => date.fmt(f),
            None => f.write_str("-"),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_is_one_date_and_one_moment() {
        let mut day = Day::first_of(1899);
        while day < Day::first_of(2201) {
            let date = day.date().unwrap();
            assert_eq!(Day::new(date), Some(day), "{date}");
            assert_eq!(Day::from_moment(day.moment()), day, "{date}");
            let year_on = day.later_by(12.0).date().unwrap();
            assert_eq!((year_on.year, year_on.month), (date.year + 1, date.month));
            assert!(year_on.day == date.day || (date.month, date.day, year_on.day) == (2, 29, 28), "{date}");
            day = Day(day.0 + 1);
        }
    }

    #[test]
    fn more_months_never_give_an_earlier_day() {
        for start in ["2023-01-31", "2024-02-29", "2025-09-01", "2026-02-02"].map(|date| Day::parse(date).unwrap()) {
            let later: Vec<Day> = (-400..400).map(|step| start.later_by(f64::from(step) / 16.0)).collect();
            assert!(later.is_sorted(), "{start}");
        }
    }

    #[test]
    fn known_days() {
        assert_eq!(Day::parse("2025-09-01").unwrap().moment(), f64::from(2025 * 12 + 8));
        assert_eq!(Day::parse("2025/9/1"), Day::parse("2025-09"));
        assert_eq!(Day::parse("2026-02-28").unwrap().of_year(), 58);
        assert_eq!(Day::parse("2024-12-31").unwrap().of_year(), 365);
        assert_eq!(Day::first_of(2000).days_since(Day::first_of(1970)), 10_957);
        let impossible = |day| Err(NoDate::Impossible(Date { year: 2026, month: 2, day }));
        assert_eq!(Day::parse("2026-02-30"), impossible(28));
        assert_eq!(Day::parse("2026-13-01"), Err(NoDate::Form));
        assert_eq!(Day::parse("2026-1-1-1"), Err(NoDate::Form));
        assert_eq!(Day::parse("+2026-01"), Err(NoDate::Form));
        assert_eq!(Day::parse("2026-02").unwrap().later_by(0.5).to_string(), "2026-02-15");
        assert_eq!(Day::parse("2026-02").unwrap().later_by(0.51).to_string(), "2026-02-16");
        assert_eq!(Day::NEVER.later_by(3.0), Day::NEVER);
        assert_eq!((Day::EVER.moment(), Day::NEVER.years_since(2025)), (f64::NEG_INFINITY, f64::INFINITY));
        let september = |date: &str| Day::parse(date).unwrap().first_year_with(9, 1);
        assert_eq!([september("2025-09-01"), september("2025-09-02"), september("2025-01-01")], [2025, 2026, 2025]);
    }
}
