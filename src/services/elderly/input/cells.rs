//! Cells that the tables of elderly care have in common: sex, age group, whole numbers.

use std::ops::Range;

use crate::diagnostic::Finding;
use crate::input::{Row, Sheet};
use crate::population::view::SEX_WORDS;
use crate::services::elderly::demand::need::levels::{AGES, FIRST_AGE};
use crate::services::elderly::messages;

/// An age group of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AgeGroup {
    pub from: usize,
    /// First age after it; `None` when it is open.
    pub to: Option<usize>,
}

impl AgeGroup {
    /// Its middle; an open group counts as seven years.
    pub(crate) fn midpoint(self) -> f64 {
        0.5 * (self.from + self.to.unwrap_or(self.from + 7)) as f64
    }

    /// Its ages from 60 on, in years above 60.
    pub(crate) fn of_service(self) -> Range<usize> {
        let end = self.to.unwrap_or(usize::MAX).min(FIRST_AGE + AGES);
        self.from.max(FIRST_AGE) - FIRST_AGE..end.saturating_sub(FIRST_AGE)
    }
}

impl std::fmt::Display for AgeGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.to {
            None => write!(f, "{}+", self.from),
            Some(to) => write!(f, "{}-{}", self.from, to - 1),
        }
    }
}

pub(crate) fn sex_of(row: &Row<'_>) -> Option<usize> {
    row.name_of("sex", &SEX_WORDS)
}

/// A whole number in a range (both ends included).
pub(crate) fn whole(row: &Row<'_>, column: &str, low: i32, high: i32) -> Option<i32> {
    let number = row.number(column, f64::from(low), f64::from(high))?;
    if number.fract() != 0.0 {
        row.error(column, messages::not_whole(column, number, low, high));
        return None;
    }
    Some(number as i32)
}

/// The age group of a row, such as `60-64`, `85+` or `77`.
pub(crate) fn age_group(row: &Row<'_>) -> Option<AgeGroup> {
    let written = row.text("age");
    let number = |text: &str| text.parse::<usize>().ok().filter(|age| *age < 130);
    let found = match written.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).map(|(from, to)| AgeGroup { from, to: Some(to + 1) }),
        None => match written.strip_suffix('+') {
            Some(from) => number(from).map(|from| AgeGroup { from, to: None }),
            None => number(written).map(|age| AgeGroup { from: age, to: Some(age + 1) }),
        },
    };
    let sound = found.filter(|ages| ages.to.is_none_or(|to| to > ages.from));
    if sound.is_none() {
        row.error("age", messages::not_an_age_group(written));
    }
    sound
}

/// Notes what is wrong with a table as a whole.
pub(crate) fn refuse_table(sheet: &Sheet<'_>, finding: Finding) {
    sheet.fault(finding.message, finding.remedy);
}
