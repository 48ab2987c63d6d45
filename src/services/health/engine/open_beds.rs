//! Which beds are open when: the calendar of openings and closings, and staff.

use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::model::{BedGroup, Component};
use crate::supply::{Calendar, DaysOfYear};

/// The beds of a row in a year.
#[derive(Clone, Copy, Debug)]
struct OpenRow {
    beds: u32,
    days: [DaysOfYear; 2],
}

/// The open beds of one component in one year.
#[derive(Clone, Debug)]
pub(crate) struct OpenBeds {
    calendar: Calendar,
    rows: Vec<OpenRow>,
    /// Beds of each pool on the present day.
    pub(crate) pools: Vec<u32>,
    /// Bed-days of each row in the year.
    pub(crate) bed_days: Vec<f64>,
    /// Days on which something changes, in order.
    changes: Vec<u32>,
    /// Scratch: staffed beds not yet given out in whole, by group.
    carried: Vec<f64>,
}

impl OpenBeds {
    pub(crate) fn new(component: &Component, groups: usize) -> Self {
        let rows = component.rows.len();
        Self {
            calendar: Calendar::default(),
            rows: Vec::with_capacity(rows),
            pools: vec![0; component.pools.len()],
            bed_days: vec![0.0; rows],
            changes: Vec::with_capacity(2 * rows),
            carried: vec![0.0; groups],
        }
    }

    /// Works out a year. Usable beds are the lesser of built and staffed.
    pub(crate) fn start_year(&mut self, component: &Component, groups: &[BedGroup], year: &HealthYear<'_>) {
        let schedules = component.rows.iter().map(|row| &row.schedule);
        self.calendar.settle(schedules, year.context.site, year.context.draw);
        // Rounding carries over from row to row of a tier, so that many small units lose nothing together.
        self.carried.fill(0.0);
        self.rows.clear();
        for (at, row) in component.rows.iter().enumerate() {
            let group = usize::from(component.pools[usize::from(row.pool)].group);
            let staffed = groups[group].staffed.map_or(1.0, |staffed| year.at_area(staffed, row.area));
            let built = f64::from(row.beds);
            let exact = built * staffed + self.carried[group];
            let beds = exact.round().clamp(0.0, built);
            self.carried[group] = exact - beds;
            let open = self.calendar.row(at);
            self.bed_days[at] = beds * f64::from(open.days_within(year.calendar));
            self.rows.push(OpenRow { beds: beds as u32, days: open.within(year.calendar) });
        }
        self.changes.clear();
        self.calendar.changes_in(year.calendar, &mut self.changes);
        self.set_day(component, 0);
    }

    /// Whether beds open or close on this day, or it is the first.
    pub(crate) fn changes_on(&self, day: u32) -> bool {
        day == 0 || self.changes.binary_search(&day).is_ok()
    }

    /// Sets the beds of each pool for a day.
    pub(crate) fn set_day(&mut self, component: &Component, day: u32) {
        self.pools.fill(0);
        for (row, open) in component.rows.iter().zip(&self.rows) {
            if open.days.iter().any(|days| days.contains(day)) {
                self.pools[usize::from(row.pool)] += open.beds;
            }
        }
    }

    /// Each pool's part of the open beds of its group; equal parts where a group has none.
    pub(crate) fn split(&self, component: &Component, parts: &mut [f64]) {
        for (pool, part) in parts.iter_mut().enumerate() {
            let group = component.pools[pool].group;
            let same = component.pools.iter().zip(&self.pools).filter(|(other, _)| other.group == group);
            let (count, total) = same.fold((0_u32, 0_u32), |(count, total), (_, beds)| (count + 1, total + beds));
            *part = if total > 0 { f64::from(self.pools[pool]) / f64::from(total) } else { 1.0 / f64::from(count) };
        }
    }
}
