//! The peak and what comes after it: when demand is highest, what it meets then, who goes without, and what stands empty at
//! the end.
//!
//! Over the shown years of a block with a promise, by area and replication: the year of most demand (the first of them when
//! equal), demand in that year and the places open then. The year of most unserved is the one with the highest mean, so
//! that all replications speak of the same year. Spare places are places less their users in the last shown year; below zero
//! where more people sit than there are places for at the norm.

use super::RunSummary;
use super::verdict::surplus_from;
use crate::metric::{BlockId, CellAddress, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{Statistic, summarise};

/// The peak of one row of a block: an area or the district.
#[derive(Clone, Debug)]
pub struct Peak {
    /// Area, or the number of areas for the district.
    pub row: usize,
    /// Year of most demand.
    pub year: Statistic,
    /// Demand in that year.
    pub demand: Statistic,
    /// Mean places open in that year; `None` where there are none to count.
    pub places: Option<f64>,
    /// The year with the highest mean number unserved, and that number; `None` where nobody ever goes without.
    pub unserved: Option<(i32, Statistic)>,
    /// Places less users in the last shown year.
    pub spare: Option<Statistic>,
    /// First year from which on, to the end, use is more likely than not below the surplus line.
    pub surplus_from: Option<i32>,
}

/// The peaks of a block, areas first, then the district; rows without demand are left out, blocks without a promise have none.
pub fn peaks(plan: &Plan, results: &Results, summary: &RunSummary, block: BlockId) -> Vec<Peak> {
    let catalogue = &plan.catalogue;
    let district = catalogue.district(block);
    let areas = catalogue.block(block).by_area && catalogue.areas() > 1;
    if catalogue.block(block).promise.is_none() {
        return Vec::new();
    }
    let look = Look { plan, results, summary, block };
    let rows = if areas { 0..district + 1 } else { district..district + 1 };
    rows.filter_map(|row| look.at(row)).collect()
}

#[derive(Clone, Copy)]
struct Look<'a> {
    plan: &'a Plan,
    results: &'a Results,
    summary: &'a RunSummary,
    block: BlockId,
}

impl Look<'_> {
    /// Values of a metric by replication; `None` when the block has no such metric.
    fn column(self, role: Role, row: usize, year: i32) -> Option<Vec<f64>> {
        let metric = self.plan.catalogue.metric(self.block, role)?;
        let index = (year - self.plan.site.start) as usize;
        let mut values = Vec::new();
        self.results.column(
            &self.plan.catalogue,
            CellAddress { block: self.block, metric, row, year: index },
            &mut values,
        );
        Some(values)
    }

    fn at(self, row: usize) -> Option<Peak> {
        let (from, to) = (self.plan.shown_from, self.plan.site.end);
        let mut highest: Vec<Highest> = Vec::new();
        for year in from..=to {
            let demand = self.column(Role::Demand, row, year)?;
            let places = self.column(Role::Capacity, row, year).unwrap_or_else(|| vec![f64::NAN; demand.len()]);
            highest.resize(demand.len(), Highest::NONE);
            for ((peak, demand), places) in highest.iter_mut().zip(demand).zip(places) {
                peak.see(year, demand, places);
            }
        }
        let of =
            |part: &dyn Fn(&Highest) -> f64| summarise(&highest.iter().map(part).collect::<Vec<_>>(), &mut Vec::new());
        Some(Peak {
            row,
            year: of(&|peak| if peak.demand > 0.0 { f64::from(peak.year) } else { f64::NAN })?,
            demand: of(&|peak| peak.demand)?,
            places: of(&|peak| peak.places).map(|places| places.mean),
            unserved: self.unserved(row),
            spare: self.spare(row, to),
            surplus_from: self
                .plan
                .catalogue
                .block(self.block)
                .promise
                .as_ref()
                .and_then(|promise| surplus_from(self.plan, self.results, self.block, row, promise.surplus_below)),
        })
    }

    fn unserved(self, row: usize) -> Option<(i32, Statistic)> {
        let start = self.plan.site.start;
        let of = |year: i32| self.summary.of(self.plan, self.block, Role::Unmet, row, (year - start) as usize);
        (self.plan.shown_from..=self.plan.site.end)
            .filter_map(|year| Some((year, of(year)?)))
            .filter(|(_, unmet)| unmet.mean > 0.0)
            .reduce(|most, next| if next.1.mean > most.1.mean { next } else { most })
    }

    fn spare(self, row: usize, year: i32) -> Option<Statistic> {
        let users = self.column(Role::InUse, row, year)?;
        let places = self.column(Role::Capacity, row, year)?;
        let spare: Vec<f64> = places.iter().zip(&users).map(|(places, users)| places - users).collect();
        summarise(&spare, &mut Vec::new())
    }
}

/// The peak of one replication so far.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Highest {
    year: i32,
    demand: f64,
    places: f64,
}

impl Highest {
    const NONE: Self = Self { year: 0, demand: f64::NEG_INFINITY, places: f64::NAN };

    fn see(&mut self, year: i32, demand: f64, places: f64) {
        if demand > self.demand {
            *self = Self { year, demand, places };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_peaks_counts_and_brings_the_places_of_its_year() {
        let mut peak = Highest::NONE;
        for (year, demand, places) in
            [(2024, 80.0, 90.0), (2025, 120.0, 100.0), (2026, 120.0, 140.0), (2027, f64::NAN, 150.0)]
        {
            peak.see(year, demand, places);
        }
        assert_eq!(peak, Highest { year: 2025, demand: 120.0, places: 100.0 });
    }
}
