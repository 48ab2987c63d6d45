//! When: the latest opening with which every year that needs the places keeps its target.

use super::judge::{Kept, is_kept_from};
use super::sizes::Size;
use super::target::{Target, additions_of};
use super::trial::{NeedError, Outcome, Trials};
use super::variant::{Addition, opening_month};
use crate::services::service::Written;

/// The opening of the places of a target.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Year and month.
    pub opens: (i32, u32),
    /// Whether it is early enough for every year that needs the places.
    pub in_time: bool,
    /// Latest month in which to decide, by the time to build.
    pub decide: (i32, u32),
    /// First year from which on the target is kept; `None` where the last is not.
    pub kept_from: Option<i32>,
    /// First and last year that the plan without it does not keep.
    pub needed: (i32, i32),
    /// How the target is kept with all openings.
    pub kept: Vec<Kept>,
}

struct Work {
    /// First year that needs the places.
    first: i32,
    last: i32,
    /// Latest year of opening known to be early enough, and earliest known to be too late.
    early: Option<i32>,
    late: Option<i32>,
    /// Year of opening that is tried.
    year: i32,
    /// Year of opening that the time to build allows.
    earliest: i32,
    month: u32,
    lead: f64,
}

impl Work {
    /// The next year to be tried; `None` when it is settled. Nothing opens before the time to build allows.
    fn next(&self) -> Option<i32> {
        let latest = self.first.max(self.earliest);
        match (self.early, self.late) {
            (None, None) => Some(latest),
            (None, Some(late)) if late <= self.earliest => None,
            (None, Some(late)) if late == latest && late > self.earliest + 1 => Some(late - 1),
            (None, Some(_)) => Some(self.earliest),
            (Some(early), Some(late)) if late - early > 1 => Some(early + (late - early) / 2),
            (Some(_), _) => None,
        }
    }

    /// The opening as far as it is settled.
    fn chosen(&self) -> i32 {
        self.next().or(self.early).unwrap_or(self.earliest)
    }
}

/// Finds the openings, all targets at the same time.
pub(super) fn find(
    trials: &mut Trials<'_>,
    targets: &[Target],
    sizes: &[Size],
) -> Result<Vec<Option<Opening>>, NeedError> {
    let mut work: Vec<Option<Work>> = targets.iter().zip(sizes).map(|(t, size)| begin(trials, t, size)).collect();
    loop {
        let asked = |work: &Option<Work>| work.as_ref().is_some_and(|work| work.next().is_some());
        let asked: Vec<bool> = work.iter().map(asked).collect();
        if !asked.contains(&true) {
            break;
        }
        let outcome = run(trials, targets, sizes, &mut work, &asked)?;
        for ((target, work), asked) in targets.iter().zip(work.iter_mut()).zip(asked) {
            let Some(work) = work.as_mut().filter(|_| asked) else { continue };
            let kept = trials.kept(&outcome, target.block, target.row);
            let side =
                if is_kept_from(&kept, work.first, target.confidence) { &mut work.early } else { &mut work.late };
            *side = Some(work.year);
        }
    }
    if work.iter().all(Option::is_none) {
        return Ok(targets.iter().map(|_| None).collect());
    }
    let outcome = settle(trials, targets, sizes, &mut work)?;
    Ok(targets
        .iter()
        .zip(&work)
        .map(|(target, work)| work.as_ref().map(|work| opening(trials, target, work, &outcome)))
        .collect())
}

fn begin(trials: &Trials<'_>, target: &Target, size: &Size) -> Option<Work> {
    let point = &trials.points[*target.points.first()?];
    size.lumps.filter(|lumps| *lumps > 0)?;
    let (first, last) = (target.years_missed().next()?, target.years_missed().next_back()?);
    let Written::Row { .. } = point.written else { return None };
    let (month, lead) = (opening_month(point.unit), trials.plan.building.lead_time_months(target.block));
    // Months from the first day of the shown years.
    let earliest = (lead - f64::from(month - 1)).max(0.0) / 12.0;
    let earliest = (trials.plan.shown_from + libm::ceil(earliest) as i32).min(trials.plan.site.end);
    Some(Work { first, last, early: None, late: None, year: first, earliest, month, lead })
}

/// Runs the plan with every opening as it is tried, or else as it was chosen.
fn run(
    trials: &mut Trials<'_>,
    targets: &[Target],
    sizes: &[Size],
    work: &mut [Option<Work>],
    asked: &[bool],
) -> Result<Outcome, NeedError> {
    work.iter_mut().flatten().for_each(|work| work.year = work.chosen());
    let services: Vec<&str> = targets
        .iter()
        .zip(asked)
        .filter(|(_, asked)| **asked)
        .map(|(target, _)| trials.plan.catalogue.block(target.block).service)
        .collect();
    let together = together(targets, sizes, work);
    trials.run_of(&together, &super::sizes::coupled(&services))
}

/// Rounds in which openings are moved forward that turn out late beside the others'.
const ROUNDS: usize = 3;

/// Runs the plan with all chosen openings; those that are late beside the others' open a year earlier.
fn settle(
    trials: &mut Trials<'_>,
    targets: &[Target],
    sizes: &[Size],
    work: &mut [Option<Work>],
) -> Result<Outcome, NeedError> {
    work.iter_mut().flatten().for_each(|work| work.year = work.chosen());
    let mut outcome = trials.run(&together(targets, sizes, work))?;
    for _ in 0..ROUNDS {
        let mut moved = false;
        for (target, work) in targets.iter().zip(work.iter_mut()) {
            let Some(work) = work.as_mut().filter(|work| work.early.is_some()) else { continue };
            let kept = trials.kept(&outcome, target.block, target.row);
            if !is_kept_from(&kept, work.first, target.confidence) && work.year > work.earliest {
                (work.year, work.early, moved) = (work.year - 1, Some(work.year - 1), true);
            }
        }
        if !moved {
            break;
        }
        outcome = trials.run(&together(targets, sizes, work))?;
    }
    Ok(outcome)
}

fn together(targets: &[Target], sizes: &[Size], work: &[Option<Work>]) -> Vec<Addition> {
    let years = work.iter().map(|work| work.as_ref().map(|work| work.year));
    additions_of(targets, sizes.iter().map(Size::built), years)
}

fn opening(trials: &Trials<'_>, target: &Target, work: &Work, outcome: &Outcome) -> Opening {
    let kept = trials.kept(outcome, target.block, target.row);
    let late = kept.iter().rev().take_while(|year| year.is_enough(target.confidence));
    let month = f64::from(work.year * 12 + work.month as i32 - 1) - work.lead;
    let month = libm::floor(month) as i32;
    Opening {
        opens: (work.year, work.month),
        in_time: is_kept_from(&kept, work.first, target.confidence),
        decide: (month.div_euclid(12), month.rem_euclid(12) as u32 + 1),
        kept_from: late.last().map(|year| year.year),
        needed: (work.first, work.last),
        kept,
    }
}

/// Everything that is added, on its dates.
pub(super) fn additions(targets: &[Target], sizes: &[Size], openings: &[Option<Opening>]) -> Vec<Addition> {
    let years = openings.iter().map(|opening| opening.as_ref().map(|opening| opening.opens.0));
    additions_of(targets, sizes.iter().map(Size::built), years)
}
