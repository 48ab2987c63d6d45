//! Spreads between areas, as a scenario has them.

/// Yearly walk of births per woman (UN WPP 2024, China).
pub(super) const BIRTHS_WALK: f64 = 0.046;

/// Spreads of an area around the mean of its like, on the logarithm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spreads {
    /// Of factors on leaving and arriving, lasting.
    pub migration: f64,
    /// Of the same, each year's step.
    pub migration_walk: f64,
    /// Of the ages of migrants.
    pub ages: f64,
    /// Of births per woman, lasting.
    pub births: f64,
    /// Standard deviation of the logarithm of an area's total after the interval.
    pub total: f64,
    /// Whether they were measured here, and not taken from elsewhere.
    pub measured: bool,
}

/// Spreads of one district of a city (`docs/track-record.md`).
pub(super) const OF_DISTRICTS: Spreads =
    Spreads { migration: 0.40, migration_walk: 0.13, ages: 0.6, births: 0.32, total: 0.19, measured: false };
