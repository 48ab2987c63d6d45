//! Hours, and the days of a calendar year.

/// Hours of a day.
pub(crate) const DAY: f64 = 24.0;

/// First day of each month in a common year, and its end.
const MONTH_STARTS: [u32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Number of days of a year.
pub(crate) const fn days_of(year: i32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

/// Days from 1 January of year 1 to 1 January of this year.
pub(crate) const fn days_before(year: i32) -> i32 {
    let y = year - 1;
    y * 365 + y / 4 - y / 100 + y / 400
}

/// The day of a date, in days since 1 January of year 1; `None` where the calendar has no such day.
pub(crate) fn day_number(year: i32, month: u32, day: u32) -> Option<i32> {
    let at = (month as usize).checked_sub(1).filter(|month| *month < 12)?;
    let (start, end) = (month_start(year, at), month_start(year, at + 1));
    (day >= 1 && day <= end - start).then(|| days_before(year) + (start + day - 1) as i32)
}

const fn month_start(year: i32, month: usize) -> u32 {
    MONTH_STARTS[month] + (is_leap(year) && month >= 2) as u32
}

/// Month of a day of the year, both from 0.
pub(crate) fn month_of(year: i32, day: u32) -> usize {
    (1..12).rev().find(|&month| day >= month_start(year, month)).unwrap_or(0)
}

/// Day of the week of 1 January, Monday = 0 (Gauss).
pub(crate) const fn first_weekday(year: i32) -> u32 {
    let y = year - 1;
    (y + y / 4 - y / 100 + y / 400).rem_euclid(7) as u32
}

/// Day of the year (from 0, may lie outside it) of a moment given in months since year 0.
pub(crate) fn day_of(year: i32, months: f64) -> f64 {
    if !months.is_finite() {
        return months;
    }
    let whole = months.floor() as i64;
    let (at, month) = (whole.div_euclid(12) as i32, whole.rem_euclid(12) as usize);
    let start = month_start(at, month);
    let length = month_start(at, month + 1) - start;
    let within = f64::from(start) + (months - whole as f64) * f64::from(length);
    let years = if at >= year {
        (year..at).map(|y| f64::from(days_of(y))).sum::<f64>()
    } else {
        -(at..year).map(|y| f64::from(days_of(y))).sum::<f64>()
    };
    within + years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_fall_where_the_calendar_says() {
        assert_eq!(first_weekday(2024), 0, "1 January 2024 was a Monday");
        assert_eq!(first_weekday(2026), 3, "1 January 2026 is a Thursday");
        assert_eq!(days_of(2024), 366);
        assert_eq!(month_of(2024, 59), 1, "29 February");
        assert_eq!(month_of(2025, 59), 2, "1 March");
        assert_eq!(day_of(2026, f64::from(2026 * 12 + 6)), 181.0, "1 July");
        assert_eq!(day_of(2025, f64::from(2026 * 12)), 365.0);
        assert_eq!(day_of(2025, f64::from(2024 * 12)), -366.0);
        assert_eq!(day_number(2024, 2, 29).map(|day| day - days_before(2024)), Some(59));
        assert_eq!(day_number(2025, 2, 29), None);
        assert_eq!(days_before(2025) - days_before(2024), 366);
    }
}
