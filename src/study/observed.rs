//! The run against what was counted: is the count inside the interval that the run states, and where among its
//! replications?
//!
//! A table in the scenario (`[observed]`) and one given to `civicap score` are held against the run by the same code. The rank of
//! a count is the share of replications below it, ties counted half. If the stated uncertainty is right, ranks
//! are spread evenly from 0 to 1 and an 80 % interval holds four counts in five (Dawid 1984). Counts of one place and day
//! share their causes, so that they are in or out together: a share inside from one place is one observation more than
//! many.

use crate::metric::{BlockId, CellAddress};
use crate::run::Results;
use crate::scenario::{Observation, ObservedSet, Plan};
use crate::summary::{Score, crps, quantile, rank};

/// One count beside the run's number.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// What was counted.
    pub observation: &'a Observation,
    /// Median of the run.
    pub median: f64,
    /// Its 80 % interval.
    pub interval: [f64; 2],
    /// Its 95 % interval.
    pub wide: [f64; 2],
    /// Share of replications below the count, ties counted half; 0 to 1.
    pub rank: f64,
    /// Continuous ranked probability score, in the unit of the count.
    pub crps: f64,
    /// What this one count scores, relative to it; `None` where nobody was counted.
    pub score: Option<Score>,
}

/// Scores of the counts of one metric together.
#[derive(Clone, Debug)]
pub struct MetricScore {
    /// The block.
    pub block: BlockId,
    /// Its metric, by position.
    pub metric: usize,
    /// Whether of areas, and not of the district.
    pub of_areas: bool,
    /// Number of counts.
    pub counts: usize,
    /// Mean CRPS, in the unit of the metric.
    pub crps: f64,
    /// Scores relative to what was counted, of counts above 0.
    pub score: Score,
}

/// Scores of counts by metric, of the district and of areas apart, in the order in which they first stand.
pub fn scores_by_metric(plan: &Plan, compared: &[Compared<'_>]) -> Vec<MetricScore> {
    let mut scores: Vec<MetricScore> = Vec::new();
    for one in compared {
        let Observation { block, metric, row, .. } = *one.observation;
        let of_areas = row != plan.catalogue.district(block);
        let known = scores.iter().position(|s| (s.block, s.metric, s.of_areas) == (block, metric, of_areas));
        let at = known.unwrap_or_else(|| {
            let score = Score::default();
            scores.push(MetricScore { block, metric, of_areas, counts: 0, crps: 0.0, score });
            scores.len() - 1
        });
        let of = &mut scores[at];
        of.counts += 1;
        of.crps += (one.crps - of.crps) / of.counts as f64;
        if let Some(score) = &one.score {
            of.score.merge(score);
        }
    }
    scores
}

impl Compared<'_> {
    /// Whether the count lies inside the 80 % interval, its ends included.
    pub fn inside(&self) -> bool {
        (self.interval[0]..=self.interval[1]).contains(&self.observation.value)
    }

    /// Whether the count lies inside the 95 % interval, its ends included.
    pub fn inside_wide(&self) -> bool {
        (self.wide[0]..=self.wide[1]).contains(&self.observation.value)
    }
}

/// Every figure of a set beside the run, in the order of its table; figures that the run has no value for are left out.
pub fn compare<'a>(plan: &Plan, results: &Results, set: &'a ObservedSet) -> Vec<Compared<'a>> {
    let (mut values, mut next) = (Vec::new(), Vec::new());
    set.rows.iter().filter_map(|row| compare_one(plan, results, row, &mut values, &mut next)).collect()
}

fn compare_one<'a>(
    plan: &Plan,
    results: &Results,
    observation: &'a Observation,
    values: &mut Vec<f64>,
    next: &mut Vec<f64>,
) -> Option<Compared<'a>> {
    let Observation { block, metric, row, year, later, value, .. } = *observation;
    results.column(&plan.catalogue, CellAddress { block, metric, row, year }, values);
    if later > 0.0 {
        results.column(&plan.catalogue, CellAddress { block, metric, row, year: year + 1 }, next);
        values.iter_mut().zip(&*next).for_each(|(now, then)| *now += later * (then - *now));
    }
    values.retain(|v| !v.is_nan());
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let median = quantile(values, 0.5);
    let score = (value > 0.0).then(|| {
        let mut score = Score::default();
        score.add(median, values, value);
        score
    });
    Some(Compared {
        observation,
        median,
        interval: [0.1, 0.9].map(|p| quantile(values, p)),
        wide: [0.025, 0.975].map(|p| quantile(values, p)),
        rank: rank(values, value),
        crps: crps(values, value),
        score,
    })
}
