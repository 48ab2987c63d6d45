//! Units of metrics, in both languages.
//!
//! Units that several services share stand here; a unit of one service stands beside its metrics.

use crate::language::Text;

/// How a number of a unit is written, and what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A number of things, from 0.
    Amount,
    /// A part of a whole, 0 to 1.
    Share,
    /// A part of a whole less another.
    Difference,
    /// 1 where something is so and 0 where it is not: the mean is its probability.
    Flag,
}

/// A unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// In `summary.csv`, and its English name.
    pub id: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// How it is written.
    pub scale: Scale,
    /// Whether it counts what happens in a year, rather than what is there at a time.
    pub per_year: bool,
}

impl Unit {
    /// A number of things that are there at a time.
    pub const fn of(id: &'static str, zh: &'static str) -> Self {
        Self { id, zh, scale: Scale::Amount, per_year: false }
    }

    /// A number of things that happen in a year.
    pub const fn a_year(id: &'static str, zh: &'static str) -> Self {
        Self { id, zh, scale: Scale::Amount, per_year: true }
    }

    /// Its name.
    pub const fn name(&self) -> Text {
        Text::new(self.id, self.zh)
    }
}

/// Whether a unit, by its name, counts people, places or other things that come whole: a part of one is not shown.
pub fn counts_whole(id: &str) -> bool {
    let counted = id.strip_suffix("/year").unwrap_or(id);
    !counted.contains('/') && !matches!(counted, "km" | "hours" | "days" | "months" | "index" | "share")
}

/// A part of a whole.
pub const SHARE: Unit = Unit { id: "share", zh: "比例（0–1）", scale: Scale::Share, per_year: false };
/// A part of a whole less another: below 0 where the first is smaller.
pub const SHARE_DIFFERENCE: Unit = Unit { scale: Scale::Difference, ..SHARE };
/// Whether something is so.
pub const FLAG: Unit = Unit { id: "0/1", zh: "是否（1 为是）", scale: Scale::Flag, per_year: false };
/// Places of any kind.
pub const PLACES: Unit = Unit::of("places", "个位");
/// People who are there at a time.
pub const PEOPLE: Unit = Unit::of("people", "人");
/// People of a year.
pub const PEOPLE_A_YEAR: Unit = Unit::a_year("people/year", "人/年");
/// Visits of a year: the same person counts each time.
pub const VISITS_A_YEAR: Unit = Unit::a_year("visits/year", "人次/年");
/// Residents.
pub const PERSONS: Unit = Unit::of("persons", "人");
/// Residents to whom something happens in a year.
pub const PERSONS_A_YEAR: Unit = Unit::a_year("persons/year", "人/年");
/// Beds.
pub const BEDS: Unit = Unit::of("beds", "张床");
/// Kilometres.
pub const KM: Unit = Unit::of("km", "公里");
/// Hours.
pub const HOURS: Unit = Unit::of("hours", "小时");
/// Days.
pub const DAYS: Unit = Unit::of("days", "天");
/// Months.
pub const MONTHS: Unit = Unit::of("months", "个月");
