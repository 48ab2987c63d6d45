//! Hours, months and weekdays of the days of a calendar year.

use crate::dates::{Day, days_of_year};

/// Hours of a day.
pub(crate) const DAY: f64 = 24.0;

/// First day of each month in a common year.
const MONTH_STARTS: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Days from 1 January of year 1 to 1 January of this year.
pub(crate) fn days_before(year: i32) -> i32 {
    Day::first_of(year).days_since(Day::first_of(1)) as i32
}

/// Month of a day of the year, both from 0.
pub(crate) fn month_of(year: i32, day: u32) -> usize {
    let leap = days_of_year(year) - 365;
    let starts = |month: usize| MONTH_STARTS[month] + if month >= 2 { leap } else { 0 };
    (1..12).rev().find(|&month| day >= starts(month)).unwrap_or(0)
}

/// Day of the week of 1 January, Monday = 0: the first day of year 1 was a Monday.
pub(crate) fn first_weekday(year: i32) -> u32 {
    days_before(year).rem_euclid(7) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_fall_where_the_calendar_says() {
        assert_eq!(first_weekday(2024), 0, "1 January 2024 was a Monday");
        assert_eq!(first_weekday(2026), 3, "1 January 2026 is a Thursday");
        assert_eq!(month_of(2024, 59), 1, "29 February");
        assert_eq!(month_of(2025, 59), 2, "1 March");
        assert_eq!(days_before(2025) - days_before(2024), 366);
    }
}
