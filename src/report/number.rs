//! Numbers as people write them: rounded once, here, for every renderer.
//!
//! Both languages of civicap group digits by three with commas, use a point, and write the percent sign without a space;
//! they differ in dates. An undefined number is a dash. Halves round away from zero, as planners expect.

use super::document::{Cell, Measure};
use crate::language::{Language, Text};
use crate::text;

/// What stands for an undefined number.
pub const DASH: &str = "–";

/// A whole number with thousands separators: `12,345`.
pub fn whole(value: f64) -> String {
    real(value, 0)
}

/// A number with `digits` after the point and thousands separators: `12,345.6`.
pub fn real(value: f64, digits: u8) -> String {
    if !value.is_finite() {
        return DASH.to_owned();
    }
    let digits = usize::from(digits);
    let scale = 10_f64.powi(digits as i32);
    let scaled = (value * scale).round();
    // Beyond 2^53 a float has no digits after the point left to round.
    let rounded = if scaled.abs() < 9e15 { scaled / scale } else { value };
    let plain = format!("{:.digits$}", rounded.abs());
    let (integer, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{}{fraction}", grouped(integer))
}

/// A share 0 to 1 as a percentage: `12.3%`.
pub fn percent(share: f64, digits: u8) -> String {
    if share.is_finite() { real(share * 100.0, digits) + "%" } else { DASH.to_owned() }
}

/// A probability: `35%`, and `<1%` or `>99%` near certainty, because replications are finite.
pub fn probability(p: f64) -> String {
    if !p.is_finite() {
        DASH.to_owned()
    } else if p < 0.01 {
        "<1%".to_owned()
    } else if p > 0.99 {
        ">99%".to_owned()
    } else {
        percent(p, 0)
    }
}

/// A number by its measure.
pub fn measured(value: f64, measure: Measure) -> String {
    match measure {
        Measure::Count => whole(value),
        Measure::Mirrored => whole(value.abs()),
        Measure::Real(digits) => real(value, digits),
        Measure::Percent(digits) => percent(value, digits),
        Measure::Probability => probability(value),
        Measure::Year if value.is_finite() => format!("{value:.0}"),
        Measure::Year => DASH.to_owned(),
    }
}

/// A cell's words.
pub fn cell(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Text(text) => text.get(language).to_owned(),
        Cell::Number(value, measure) => measured(*value, *measure),
        Cell::Empty => String::new(),
    }
}

/// A calendar month: "September 2026", "2026 年 9 月". `month` counts from 1.
pub fn month(year: i32, month: u32) -> Text {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = NAMES[(month.clamp(1, 12) - 1) as usize];
    text!("{name} {year}", "{year} 年 {month} 月")
}

/// A span of time in its two largest units: "2 min 5 s", "2 分 5 秒".
pub fn duration(seconds: u64) -> Text {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => text!("{rest} s", "{rest} 秒"),
        (0, _) => text!("{minutes} min {rest} s", "{minutes} 分 {rest} 秒"),
        _ => text!("{hours} h {minutes} min", "{hours} 小时 {minutes} 分"),
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len().div_ceil(3));
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded_away_from_zero() {
        assert_eq!(whole(1_234_567.5), "1,234,568");
        assert_eq!(whole(0.5), "1");
        assert_eq!(whole(999.6), "1,000");
        assert_eq!(real(-1234.05, 1), "−1,234.1");
        assert_eq!(whole(-0.2), "0");
        assert_eq!(whole(f64::NAN), DASH);
        assert_eq!(whole(1e20), "100,000,000,000,000,000,000");
        assert_eq!(percent(0.1234, 1), "12.3%");
    }

    #[test]
    fn a_probability_is_never_certain() {
        assert_eq!(probability(0.0), "<1%");
        assert_eq!(probability(1.0), ">99%");
        assert_eq!(probability(0.354), "35%");
    }

    #[test]
    fn spans_of_time_follow_each_language() {
        let said = |seconds| {
            let text = duration(seconds);
            (text.en.into_owned(), text.zh.into_owned())
        };
        assert_eq!(said(0), ("0 s".to_owned(), "0 秒".to_owned()));
        assert_eq!(said(125), ("2 min 5 s".to_owned(), "2 分 5 秒".to_owned()));
        assert_eq!(said(3_600 * 26 + 59), ("26 h 0 min".to_owned(), "26 小时 0 分".to_owned()));
    }

    #[test]
    fn months_follow_each_language() {
        assert_eq!(month(2026, 9).get(Language::En), "September 2026");
        assert_eq!(month(2026, 9).get(Language::Zh), "2026 年 9 月");
    }
}
