//! Verdicts: does a service at a stage keep its promise, with the confidence that planners asked for?
//!
//! *Meets demand*: in every year the district breaks the promise with probability at most `1 - confidence`, and no area
//! breaks it more often than not. *Falls short*: in some year the district breaks it more often than not. *At risk*:
//! anything between. *Unstable*: load above capacity with nobody leaving, so that no number would settle. *Too close to
//! call*: a probability that decides lies within two Monte Carlo standard errors of its line, so that another seed may give
//! the verdict on the other side. A stage without demand and without places in every year has no verdict: it does not apply.

use serde::{Deserialize, Serialize};

use super::RunSummary;
use crate::metric::{BlockId, CellAddress, Promise, PromiseLimit, Role};
use crate::run::Results;
use crate::scenario::Plan;

/// How a service at a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictLevel {
    /// The promise is kept with the confidence asked for.
    Meets,
    /// It may be broken.
    AtRisk,
    /// It is more likely broken than kept in some year.
    FallsShort,
    /// Demand exceeds capacity without loss.
    Unstable,
}

/// The verdict on one block.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The block.
    pub block: BlockId,
    /// Its rank.
    pub rank: VerdictLevel,
    /// The rank that another seed might give, where the two are too close to call.
    pub close_to: Option<VerdictLevel>,
    /// Probability of shortage of the district by shown year.
    pub by_year: Vec<(i32, f64)>,
    /// The year with the highest probability, and that probability.
    pub worst_year: (i32, f64),
    /// Mean number unserved in the district in that year.
    pub unmet: f64,
    /// Probability that each limit of the promise is broken in that year, in the order of [`Promise::limits`].
    pub by_limit: Vec<f64>,
    /// The area and year with the highest probability of shortage among areas.
    pub worst_area: Option<AreaShortage>,
    /// Areas that break the promise more often than not in some year.
    pub short_areas: Vec<usize>,
    /// First year in which the district's probability of shortage exceeds 20 %.
    pub first_risky_year: Option<i32>,
    /// First year from which on, to the end, use is more likely than not below the surplus line.
    pub surplus_from: Option<i32>,
    /// Mean utilisation in the last year.
    pub last_utilisation: Option<f64>,
}

/// How likely an area falls short in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AreaShortage {
    /// Position of the area.
    pub area: usize,
    /// The year.
    pub year: i32,
    /// The probability.
    pub probability: f64,
}

impl AreaShortage {
    /// The likelier of two; of equals the first.
    fn worse(self, other: Self) -> Self {
        if other.probability > self.probability { other } else { self }
    }
}

/// Probability above which something is called more likely than not.
const LIKELY: f64 = 0.5;

/// Probability of shortage that deserves a warning (MODEL.md 6 asks for the first such year).
const WORTH_A_WARNING: f64 = 0.2;

/// The verdicts on every block that promises something, in the order of the catalogue.
pub fn verdicts(plan: &Plan, results: &Results, summary: &RunSummary) -> Vec<Verdict> {
    verdicts_between(plan, results, summary, (plan.shown_from, plan.site.end))
}

/// The same over the years from the first to the second of `years`, both included, which the plan must report.
pub fn verdicts_between(plan: &Plan, results: &Results, summary: &RunSummary, years: (i32, i32)) -> Vec<Verdict> {
    let looked = Looked { plan, results, summary, years };
    plan.catalogue
        .blocks()
        .filter(|(id, _)| looked.applies(*id))
        .filter_map(|(id, block)| block.promise.as_ref().map(|promise| verdict(looked, id, promise)))
        .collect()
}

/// Whether a block has demand or places in any shown year; where it has neither, nothing is met or missed.
pub fn applies(plan: &Plan, results: &Results, summary: &RunSummary, block: BlockId) -> bool {
    Looked { plan, results, summary, years: (plan.shown_from, plan.site.end) }.applies(block)
}

/// What verdicts are taken from.
#[derive(Clone, Copy)]
struct Looked<'a> {
    plan: &'a Plan,
    results: &'a Results,
    summary: &'a RunSummary,
    years: (i32, i32),
}

impl Looked<'_> {
    /// The years looked at: position and calendar year.
    fn years(self) -> impl DoubleEndedIterator<Item = (usize, i32)> + Clone {
        let start = self.plan.site.start;
        (self.years.0..=self.years.1).map(move |year| ((year - start) as usize, year))
    }

    fn applies(self, block: BlockId) -> bool {
        let Looked { plan, summary, .. } = self;
        let district = plan.catalogue.district(block);
        let any = |role: Role| {
            let of_year = |(index, _)| summary.of(plan, block, role, district, index).is_some_and(|s| s.mean > 0.0);
            plan.catalogue.metric(block, role).is_none() || self.years().any(of_year)
        };
        any(Role::Demand) || any(Role::Capacity)
    }

    /// Monte Carlo standard error of a probability of shortage; none where it is not known.
    fn error(self, block: BlockId, row: usize, year: i32) -> f64 {
        let index = (year - self.plan.site.start) as usize;
        let risk = self.summary.of(self.plan, block, Role::TargetMissed, row, index);
        risk.map(|risk| risk.mcse).filter(|error| error.is_finite()).unwrap_or(0.0)
    }
}

fn verdict(looked: Looked<'_>, block: BlockId, promise: &Promise) -> Verdict {
    let Looked { plan, summary, .. } = looked;
    let district = plan.catalogue.district(block);
    let by_year: Vec<(i32, f64)> = looked
        .years()
        .map(|(index, year)| (year, summary.shortage(plan, block, district, index).unwrap_or(0.0)))
        .collect();
    let worst_year = by_year.iter().copied().fold((looked.years.0, -1.0), |a, b| if b.1 > a.1 { b } else { a });
    let worst_index = (worst_year.0 - plan.site.start) as usize;
    let by_area = area_shortages(looked, block);
    let worst_area = by_area.iter().copied().filter(|a| a.probability > 0.0).reduce(AreaShortage::worse);
    let short_areas: Vec<usize> = by_area.iter().filter(|a| a.probability > LIKELY).map(|a| a.area).collect();
    let unstable = looked
        .years()
        .any(|(index, _)| summary.of(plan, block, Role::Unstable, district, index).is_some_and(|s| s.mean > LIKELY));
    let lines = Lines { short: LIKELY, risky: 1.0 - promise.confidence };
    let district_error = looked.error(block, district, worst_year.0);
    let worst = Probability { p: worst_year.1, error: district_error };
    let area = worst_area
        .map_or(Probability::NONE, |a| Probability { p: a.probability, error: looked.error(block, a.area, a.year) });
    let rank = if unstable { VerdictLevel::Unstable } else { lines.rank(worst.p, area.p) };
    let close_to = if unstable { None } else { lines.close_to(worst, area) };
    let last = (looked.years.1 - plan.site.start) as usize;
    Verdict {
        block,
        rank,
        close_to,
        by_limit: by_limit(plan, looked.results, promise, block, district, worst_index),
        worst_year: (worst_year.0, worst_year.1.max(0.0)),
        unmet: summary.of(plan, block, Role::Unmet, district, worst_index).map_or(0.0, |s| s.mean),
        worst_area,
        short_areas,
        first_risky_year: by_year.iter().find(|(_, p)| *p > WORTH_A_WARNING).map(|(year, _)| *year),
        surplus_from: surplus_between(plan, looked.results, block, district, promise.surplus_below, looked.years),
        last_utilisation: summary.of(plan, block, Role::Utilisation, district, last).map(|s| s.mean),
        by_year,
    }
}

/// A probability and its Monte Carlo standard error.
#[derive(Clone, Copy)]
struct Probability {
    p: f64,
    error: f64,
}

impl Probability {
    const NONE: Self = Self { p: 0.0, error: 0.0 };

    /// The same where chance was less kind, or kinder.
    fn moved(self, by: f64) -> f64 {
        self.p + by * self.error
    }
}

/// The probabilities that part the ranks.
#[derive(Clone, Copy)]
struct Lines {
    /// Above it the district falls short, and an area alone puts it at risk.
    short: f64,
    /// Above it the district is at risk.
    risky: f64,
}

/// Standard errors within which a probability does not tell on which side of a line it lies.
const TOO_CLOSE: f64 = 2.0;

impl Lines {
    fn rank(self, district: f64, worst_area: f64) -> VerdictLevel {
        if district > self.short {
            VerdictLevel::FallsShort
        } else if district > self.risky || worst_area > self.short {
            VerdictLevel::AtRisk
        } else {
            VerdictLevel::Meets
        }
    }

    /// Another rank within the error of the probabilities, the nearest first.
    fn close_to(self, district: Probability, worst_area: Probability) -> Option<VerdictLevel> {
        let rank = self.rank(district.p, worst_area.p);
        let other = |by: f64| self.rank(district.moved(by), worst_area.moved(by));
        [TOO_CLOSE, -TOO_CLOSE].map(other).into_iter().find(|other| *other != rank)
    }
}

/// The share of replications in which each limit of the promise is broken in a row and year.
fn by_limit(plan: &Plan, results: &Results, promise: &Promise, block: BlockId, row: usize, year: usize) -> Vec<f64> {
    let column = |role: Role| {
        let mut values = Vec::new();
        let metric = plan.catalogue.metric(block, role)?;
        results.column(&plan.catalogue, CellAddress { block, metric, row, year }, &mut values);
        Some(values)
    };
    let broken = |limit: &PromiseLimit| {
        let part = column(limit.part)?;
        let whole = match limit.whole {
            Some(role) => column(role)?,
            None => vec![1.0; part.len()],
        };
        let broken = part.iter().zip(&whole).filter(|(part, whole)| **part > limit.most * **whole).count();
        Some(broken as f64 / part.len() as f64)
    };
    promise.limits.iter().map(|limit| broken(limit).unwrap_or(f64::NAN)).collect()
}

/// Probability that each limit of a block's promise is broken in a row and reported year; empty where it has one only.
pub fn limits_broken(plan: &Plan, results: &Results, block: BlockId, row: usize, year: usize) -> Vec<f64> {
    let promise = plan.catalogue.block(block).promise.as_ref();
    promise.map_or_else(Vec::new, |promise| by_limit(plan, results, promise, block, row, year))
}

/// The worst shown year of each area.
fn area_shortages(looked: Looked<'_>, block: BlockId) -> Vec<AreaShortage> {
    let Looked { plan, summary, .. } = looked;
    if !plan.catalogue.block(block).by_area || plan.catalogue.areas() < 2 {
        return Vec::new();
    }
    (0..plan.catalogue.areas())
        .map(|area| {
            looked
                .years()
                .map(|(index, year)| AreaShortage {
                    area,
                    year,
                    probability: summary.shortage(plan, block, area, index).unwrap_or(0.0),
                })
                .fold(AreaShortage { area, year: looked.years.0, probability: -1.0 }, AreaShortage::worse)
        })
        .collect()
}

/// The first year from which on, to the end of `years`, a row's use is more likely than not below `line`.
fn surplus_between(
    plan: &Plan,
    results: &Results,
    block: BlockId,
    row: usize,
    line: f64,
    years: (i32, i32),
) -> Option<i32> {
    let metric = plan.catalogue.metric(block, Role::Utilisation)?;
    let mut column = Vec::new();
    let mut first = None;
    for year in (years.0..=years.1).rev() {
        let index = (year - plan.site.start) as usize;
        results.column(&plan.catalogue, CellAddress { block, metric, row, year: index }, &mut column);
        let below = column.iter().filter(|use_of_places| **use_of_places < line).count();
        if (below as f64) <= LIKELY * column.len() as f64 {
            break;
        }
        first = Some(year);
    }
    first
}

/// The same over all shown years.
pub(super) fn surplus_from(plan: &Plan, results: &Results, block: BlockId, row: usize, line: f64) -> Option<i32> {
    surplus_between(plan, results, block, row, line, (plan.shown_from, plan.site.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: Lines = Lines { short: 0.5, risky: 0.2 };

    fn close(district: f64, error: f64, area: f64) -> (VerdictLevel, Option<VerdictLevel>) {
        let (district, area) = (Probability { p: district, error }, Probability { p: area, error });
        (LINES.rank(district.p, area.p), LINES.close_to(district, area))
    }

    #[test]
    fn a_verdict_within_two_standard_errors_of_a_line_is_too_close_to_call() {
        use VerdictLevel::{AtRisk, FallsShort, Meets};
        assert_eq!(close(0.54, 0.035, 0.0), (FallsShort, Some(AtRisk)));
        assert_eq!(close(0.49, 0.016, 0.0), (AtRisk, Some(FallsShort)));
        assert_eq!(close(0.60, 0.035, 0.0), (FallsShort, None));
        assert_eq!(close(0.21, 0.02, 0.0), (AtRisk, Some(Meets)));
        assert_eq!(close(0.19, 0.02, 0.0), (Meets, Some(AtRisk)));
        // An area decides where the district does not.
        assert_eq!(close(0.05, 0.02, 0.49), (Meets, Some(AtRisk)));
        assert_eq!(close(0.05, 0.02, 0.70), (AtRisk, None));
        // Without error nothing is close.
        assert_eq!(close(0.5001, 0.0, 0.0), (FallsShort, None));
    }
}
