//! Which way is better, metric by metric.
//!
//! A metric is listed only where planners agree: fewer people unserved, shorter waits, fewer empty places. Demand,
//! places and people served are neither good nor bad by themselves (more served may only mean that more asked).

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Less of it is better.
    Lower,
    /// More of it is better.
    Higher,
    /// Neither by itself.
    Neither,
}

/// Metrics of which less is better: people not served in time or in place, broken promises, strain, and waste.
pub const LOWER_IS_BETTER: [&str; 35] = [
    "unmet",
    "short",
    "unstable",
    "entry_unmet",
    "waiting",
    "left",
    "outside",
    "delayed",
    "gave_up",
    "died_waiting",
    "on_list",
    "mean_list",
    "list_time",
    "mean_wait_months",
    "full_days",
    "stretched",
    "oversized_classes",
    "oversized_share",
    "coordinated",
    "coordinated_km",
    "intake_missed",
    "surplus",
    "inflow_refused",
    "refused_share",
    "wait_share",
    "wait_mean_days",
    "urgent_wait_mean_days",
    "planned_wait_mean_days",
    "days_over_85",
    "days_over_92",
    "winter_days_over_85",
    "winter_days_over_92",
    "delayed_discharge_beds",
    "blocked_patients",
    "blocked_beds",
];

/// Metrics of which more is better.
pub const HIGHER_IS_BETTER: [&str; 2] = ["served_own_area", "inside_share"];

/// Which way is better for the metric of this id.
pub fn direction(metric: &str) -> Direction {
    if LOWER_IS_BETTER.contains(&metric) {
        Direction::Lower
    } else if HIGHER_IS_BETTER.contains(&metric) {
        Direction::Higher
    } else {
        Direction::Neither
    }
}
