//! What moved it: groups of changes switched one after another, with paired runs in between.
//!
//! The first run is the first side, the last the second; each step switches one group of changes and keeps those before
//! it. Steps add up to the whole exactly. Groups interact, so another order would give other steps: the order is that of
//! the file and is stated with the result.

use super::paired::{Comparison, Difference, Pair, Scratch};
use super::side::{Side, SideStage};
use crate::language::Text;
use crate::metric::Role;

/// What is explained of a change.
pub const EXPLAINED: [Role; 4] = [Role::Demand, Role::Capacity, Role::Unmet, Role::TargetMissed];

/// A stage and the year in which its change is explained.
#[derive(Clone, Debug)]
pub struct Headline {
    /// Position among the stages compared.
    pub stage: usize,
    /// The year: the worst of either side.
    pub year: i32,
}

/// One group of changes switched.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was switched.
    pub label: Text,
    /// By headline, the change of each of [`EXPLAINED`].
    pub moved: Vec<[Option<Difference>; EXPLAINED.len()]>,
}

/// Every stage with a promise, in the year in which its risk is highest on either side (of equals, the year in which
/// demand changes most).
pub fn headlines(comparison: &Comparison) -> Vec<Headline> {
    let promised = comparison.stages.iter().enumerate().filter(|(_, s)| s.standings.iter().all(Option::is_some));
    promised
        .map(|(at, stage)| {
            let score = |year: i32| {
                let risk = comparison.district(stage, Role::TargetMissed, year).map_or(0.0, |d| d.a.mean.max(d.b.mean));
                let demand = comparison.district(stage, Role::Demand, year).map_or(0.0, |d| d.mean.abs());
                (risk, demand)
            };
            let better = |a: i32, b: i32| if score(b) > score(a) { b } else { a };
            let year = (comparison.years.0..=comparison.years.1).reduce(better).unwrap_or(comparison.years.0);
            Headline { stage: at, year }
        })
        .collect()
}

/// The change of every headline from one run to the next. Stages are those of `comparison`.
pub fn step(comparison: &Comparison, headlines: &[Headline], label: Text, before: Side<'_>, after: Side<'_>) -> Step {
    let (stages_before, stages_after) = (before.stages(), after.stages());
    let pair = Pair { a: before, b: after, years: comparison.years, areas: &[], verdicts: [Vec::new(), Vec::new()] };
    let mut scratch = Scratch::default();
    let moved = headlines
        .iter()
        .map(|headline| {
            let wanted = &comparison.stages[headline.stage];
            let find = |stages: &[SideStage]| {
                stages.iter().find(|s| s.service == wanted.service && s.stage == wanted.stage).cloned()
            };
            let stages = find(&stages_before).zip(find(&stages_after));
            EXPLAINED.map(|role| {
                let (a, b) = stages.as_ref()?;
                let metric = a.metrics.iter().find(|metric| metric.role == role)?;
                pair.cell(a, b, metric, None, headline.year, &mut scratch)
            })
        })
        .collect();
    Step { label, moved }
}
