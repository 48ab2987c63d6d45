//! The life of places: are those that are added needed, for how long, and when do they stand empty?
//!
//! Over the shown years of a block whose users are counted where they are served ([`Role::InUse`]), by area and
//! replication, against the places of the first shown year (`base`):
//!
//! - *added* in a year: `max(0, places - base)`; *used* of them: `max(0, min(users, places) - base)`, so that places which
//!   were there before fill first;
//! - share of added place-years used: sum of used over sum of added;
//! - last year needed: the last in which any of the added is used; none if they never are;
//! - low use: users below `surplus_utilisation_threshold` of the places, in the year ten after the first shown, or the last if earlier.
//!
//! The same by area, where the places of one area cannot stand in for another's. It tells nothing of single facilities, which
//! share the users of their area.

use super::RunSummary;
use crate::metric::{BlockId, CellAddress, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{Statistic, summarise};

/// Years after the first at which use is looked at.
const YEARS_ON: i32 = 10;

/// Probability of shortage worth a warning.
const WORTH_A_WARNING: f64 = 0.2;

/// Added places below this mean are rounding, not places.
const ANY: f64 = 0.5;

/// The life of the places of a block in one row: an area or the district.
#[derive(Clone, Debug)]
pub struct Lifetime {
    /// Area, or the number of areas for the district.
    pub row: usize,
    /// Mean places in the first shown year.
    pub base: f64,
    /// Mean of the most places added in any year.
    pub added: f64,
    /// Share of added place-years that are used; `None` where none are added.
    pub used: Option<Statistic>,
    /// Probability that some of the added places are ever used; `None` where none are added.
    pub ever_needed: Option<f64>,
    /// Last year in which any of them is, where they ever are.
    pub last_needed: Option<Statistic>,
    /// Year at which use is looked at, and the probability that it is below the surplus line then.
    pub low_use: (i32, f64),
    /// First shown year with a probability of shortage above 20 %.
    pub first_risky: Option<i32>,
}

/// The life of the places of a block, areas first, then the district; empty where the block has no users or promise.
pub fn lifetimes(plan: &Plan, results: &Results, summary: &RunSummary, block: BlockId) -> Vec<Lifetime> {
    let catalogue = &plan.catalogue;
    let of = |role: Role| catalogue.metric(block, role);
    let (Some(users), Some(places)) = (of(Role::InUse), of(Role::Capacity)) else { return Vec::new() };
    let Some(promise) = &catalogue.block(block).promise else { return Vec::new() };
    let look = Look { plan, results, block, users, places, line: promise.surplus_below };
    let district = catalogue.district(block);
    let rows =
        if catalogue.block(block).by_area && catalogue.areas() > 1 { 0..district + 1 } else { district..district + 1 };
    rows.map(|row| look.at(row, summary)).collect()
}

#[derive(Clone, Copy)]
struct Look<'a> {
    plan: &'a Plan,
    results: &'a Results,
    block: BlockId,
    users: usize,
    places: usize,
    line: f64,
}

/// One replication so far.
#[derive(Clone, Copy, Default)]
struct Tally {
    base: f64,
    most: f64,
    added: f64,
    used: f64,
    last: Option<i32>,
    low: bool,
}

impl Look<'_> {
    fn at(self, row: usize, summary: &RunSummary) -> Lifetime {
        let Self { plan, results, block, .. } = self;
        let (from, to) = (plan.shown_from, plan.site.end);
        let looked_at = (from + YEARS_ON).min(to);
        let mut tallies = vec![Tally::default(); results.replications()];
        let (mut users, mut places) = (Vec::new(), Vec::new());
        for year in from..=to {
            let index = (year - plan.site.start) as usize;
            results.column(&plan.catalogue, CellAddress { block, metric: self.users, row, year: index }, &mut users);
            results.column(&plan.catalogue, CellAddress { block, metric: self.places, row, year: index }, &mut places);
            for ((tally, users), places) in tallies.iter_mut().zip(&users).zip(&places) {
                if year == from {
                    tally.base = *places;
                }
                tally.add(*users, *places, year);
                if year == looked_at {
                    tally.low = *users < self.line * places;
                }
            }
        }
        let risky = |year: &i32| {
            let risk = summary.shortage(plan, block, row, (year - plan.site.start) as usize);
            risk.is_some_and(|risk| risk > WORTH_A_WARNING)
        };
        summed(&tallies, row, looked_at, (from..=to).find(risky))
    }
}

impl Tally {
    fn add(&mut self, users: f64, places: f64, year: i32) {
        let added = (places - self.base).max(0.0);
        let used = (users.min(places) - self.base).max(0.0);
        self.most = self.most.max(added);
        self.added += added;
        self.used += used;
        if used > 0.0 {
            self.last = Some(year);
        }
    }
}

fn summed(tallies: &[Tally], row: usize, looked_at: i32, first_risky: Option<i32>) -> Lifetime {
    let share = |number: usize| number as f64 / tallies.len() as f64;
    let mean = |of: &dyn Fn(&Tally) -> f64| tallies.iter().map(of).sum::<f64>() / tallies.len() as f64;
    let statistic =
        |of: &dyn Fn(&Tally) -> f64| summarise(&tallies.iter().map(of).collect::<Vec<_>>(), &mut Vec::new());
    let added = mean(&|tally| tally.most);
    let any = added >= ANY;
    Lifetime {
        row,
        base: mean(&|tally| tally.base),
        added,
        used: statistic(&|tally| if tally.added > 0.0 { tally.used / tally.added } else { f64::NAN }).filter(|_| any),
        ever_needed: any.then(|| share(tallies.iter().filter(|tally| tally.last.is_some()).count())),
        last_needed: statistic(&|tally| tally.last.map_or(f64::NAN, f64::from)).filter(|_| any),
        low_use: (looked_at, share(tallies.iter().filter(|tally| tally.low).count())),
        first_risky,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_were_there_fill_first_and_the_last_year_of_need_is_the_last_with_more_users() {
        let mut tally = Tally { base: 100.0, ..Tally::default() };
        for (year, users, places) in [(1, 90.0, 100.0), (2, 130.0, 150.0), (3, 170.0, 150.0), (4, 100.0, 150.0)] {
            tally.add(users, places, year);
        }
        assert_eq!((tally.added, tally.used, tally.most, tally.last), (150.0, 80.0, 50.0, Some(3)));
    }
}
