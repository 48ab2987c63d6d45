//! Being ready and leaving: a patient who is ready at night or on a Sunday keeps the bed until somebody lets them go.
//!
//! Whoever becomes ready within the hours of a discharge day leaves at once, anybody else when the next such hours begin.

use crate::services::health::time::DAY;

/// When patients leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Discharge {
    /// Whether they do on each day of the week, from Monday; on one of them at least.
    pub(crate) days: [bool; 7],
    /// Hours of the day between which they leave.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Discharge {
    /// When someone leaves who is ready at `ready` hours, where day 0 is the weekday `first`.
    pub(crate) fn leaves(&self, ready: f64, first: u32) -> f64 {
        let today = libm::floor(ready / DAY);
        let hour = ready - today * DAY;
        let weekday = |later: usize| (i64::from(first) + today as i64 + later as i64).rem_euclid(7) as usize;
        if self.days[weekday(0)] && hour < self.to {
            return ready.max(today * DAY + self.from);
        }
        let later = (1..=7).find(|later| self.days[weekday(*later)]).unwrap_or(7);
        (today + later as f64) * DAY + self.from
    }

    /// Hours from the last moment at which someone could leave to the midnight that ends a day of this weekday.
    pub(crate) fn closed_before_midnight(&self, weekday: usize) -> f64 {
        let back = (0..7).find(|back| self.days[(weekday + 7 - back) % 7]).unwrap_or(0);
        back as f64 * DAY + DAY - self.to
    }

    /// Mean hours for which a bed is kept by somebody who becomes ready at any hour of the week alike.
    pub(crate) fn mean_delay(&self) -> f64 {
        let mut sum = 0.0;
        for weekday in (0..7).filter(|weekday| self.days[*weekday]) {
            // The closed time ahead of this day's hours: whoever is ready in it waits for its end.
            let before = (1..=7).find(|before| self.days[(weekday + 7 - before) % 7]).unwrap_or(7);
            let closed = before as f64 * DAY - self.to + self.from;
            sum += 0.5 * closed * closed;
        }
        sum / (7.0 * DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNINGS: Discharge = Discharge { days: [true, true, true, true, true, false, false], from: 9.0, to: 12.0 };

    /// Ready on a day (Monday = 0) at an hour.
    fn leaves(day: u32, hour: f64) -> (f64, f64) {
        let left = MORNINGS.leaves(f64::from(day) * DAY + hour, 0);
        (libm::floor(left / DAY), left % DAY)
    }

    #[test]
    fn a_bed_is_kept_over_the_night_and_the_weekend() {
        assert_eq!(leaves(0, 10.5), (0.0, 10.5), "within the hours");
        assert_eq!(leaves(0, 3.0), (0.0, 9.0), "before them");
        assert_eq!(leaves(0, 12.0), (1.0, 9.0), "after them");
        assert_eq!(leaves(4, 13.0), (7.0, 9.0), "Friday afternoon");
        assert_eq!(leaves(6, 10.0), (7.0, 9.0), "Sunday");
        // The calendar may start on any weekday: day 0 a Saturday.
        assert_eq!(MORNINGS.leaves(10.0, 5), 2.0 * DAY + 9.0);
    }

    #[test]
    fn the_mean_delay_is_the_mean_over_the_hours_of_the_week() {
        let steps = 7 * 24 * 600;
        let mean = (0..steps)
            .map(|step| {
                let ready = (f64::from(step) + 0.5) / 600.0;
                MORNINGS.leaves(ready, 0) - ready
            })
            .sum::<f64>()
            / f64::from(steps);
        assert!((MORNINGS.mean_delay() - mean).abs() < 1e-3, "{} is not {mean}", MORNINGS.mean_delay());
        let always = Discharge { days: [true; 7], from: 0.0, to: 24.0 };
        assert_eq!(always.mean_delay(), 0.0);
        assert_eq!(always.closed_before_midnight(3), 0.0);
        assert_eq!(MORNINGS.closed_before_midnight(6), 60.0, "Friday noon to Sunday midnight");
    }
}
