//! Which beds are open when: openings with their delays, closings, and staff.

use crate::services::health::model::{BedGroup, Component};
use crate::services::health::time::day_of;
use crate::services::service::ReplicationContext;

/// The open beds of one component in one year.
#[derive(Clone, Debug)]
pub(crate) struct OpenBeds {
    /// Beds of each row, and the days of the year (from 0, real, clipped to it) between which they are open.
    rows: Vec<(u32, f64, f64)>,
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
            rows: vec![(0, 0.0, 0.0); rows],
            pools: vec![0; component.pools.len()],
            bed_days: vec![0.0; rows],
            changes: Vec::with_capacity(2 * rows),
            carried: vec![0.0; groups],
        }
    }

    /// Works out a year of `days` days. Usable beds are the lesser of built and staffed.
    pub(crate) fn start_year(
        &mut self,
        component: &Component,
        groups: &[BedGroup],
        context: &ReplicationContext<'_>,
        index: usize,
        (year, days): (i32, u32),
    ) {
        self.changes.clear();
        let end = f64::from(days);
        // Rounding carries over from row to row of a tier, so that many small units lose nothing together.
        self.carried.fill(0.0);
        for (at, row) in component.rows.iter().enumerate() {
            let index_of = usize::from(component.pools[usize::from(row.pool)].group);
            let group = &groups[index_of];
            let staffed = group.staffed.map_or(1.0, |parameter| context.draw.at(parameter, index, row.area));
            let (mut opens, mut closes) = (row.opens, row.closes);
            if let Some((project, planned)) = row.project {
                // A project moves the opening of what it opens, and else the closing of what it replaces.
                let shift = context.site.opening(project, context.draw) - planned;
                if opens.is_finite() { opens += shift } else { closes += shift }
            }
            let whole_day = |month: f64| day_of(year, month).clamp(0.0, end).round();
            let (opens, closes) = (whole_day(opens), whole_day(closes));
            let exact = row.beds * staffed + self.carried[index_of];
            let beds = exact.round().clamp(0.0, row.beds) as u32;
            self.carried[index_of] = exact - f64::from(beds);
            self.rows[at] = (beds, opens, closes);
            self.bed_days[at] = f64::from(beds) * (closes - opens).max(0.0);
            self.changes.extend([opens, closes].iter().filter(|day| **day > 0.0 && **day < end).map(|day| *day as u32));
        }
        self.changes.sort_unstable();
        self.set_day(component, 0);
    }

    /// Whether beds open or close on this day, or it is the first.
    pub(crate) fn changes_on(&self, day: u32) -> bool {
        day == 0 || self.changes.binary_search(&day).is_ok()
    }

    /// Sets the beds of each pool for a day.
    pub(crate) fn set_day(&mut self, component: &Component, day: u32) {
        self.pools.fill(0);
        for (row, (beds, opens, closes)) in component.rows.iter().zip(&self.rows) {
            if *opens <= f64::from(day) && f64::from(day) < *closes {
                self.pools[usize::from(row.pool)] += beds;
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
