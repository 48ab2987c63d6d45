//! Which of several plans leaves the fewest people unserved, replication by replication under common random numbers.
//!
//! Of each stage the unserved of the district are summed over the years. A plan is best in a replication if no other has
//! fewer; where several have the same, all of them are, so that the probabilities may add to more than 1.

use super::Side;
use crate::metric::Role;

/// The unserved of a stage over all years, by replication.
#[derive(Clone, Debug)]
pub struct StageTotal {
    service: String,
    stage: String,
    values: Vec<f64>,
}

/// How likely each plan leaves the fewest unserved at a stage.
#[derive(Clone, Debug)]
pub struct StageBest {
    /// Key of the service.
    pub service: String,
    /// Key of the stage.
    pub stage: String,
    /// Probability by plan, the baseline first.
    pub shares: Vec<f64>,
}

/// The totals of a plan over `years`, of every stage with a promise; `None` where only a summary is left.
pub fn totals(side: Side<'_>, years: (i32, i32)) -> Option<Vec<StageTotal>> {
    if !matches!(side, Side::Simulated(..)) {
        return None;
    }
    let mut column = Vec::new();
    let mut all = Vec::new();
    for stage in side.stages().into_iter().filter(|stage| stage.promised) {
        let Some(unmet) = stage.metrics.iter().find(|metric| metric.role == Role::Unmet) else { continue };
        let mut values: Vec<f64> = Vec::new();
        for year in years.0..=years.1 {
            side.column(&stage, &unmet.id, None, year, &mut column)?;
            values.resize(column.len(), 0.0);
            values.iter_mut().zip(&column).for_each(|(sum, value)| *sum += value);
        }
        all.push(StageTotal { service: stage.service.clone(), stage: stage.stage.clone(), values });
    }
    Some(all)
}

/// The best of plans by their totals; stages that not all of them have are left out.
pub fn best(plans: &[Vec<StageTotal>]) -> Vec<StageBest> {
    let Some((first, others)) = plans.split_first() else { return Vec::new() };
    let of_stage = |stage: &StageTotal| {
        let same = |total: &&StageTotal| total.service == stage.service && total.stage == stage.stage;
        let rest = others.iter().map(|plan| plan.iter().find(same)).collect::<Option<Vec<_>>>()?;
        let all: Vec<&StageTotal> = std::iter::once(stage).chain(rest).collect();
        let shares = shares(&all.iter().map(|total| total.values.as_slice()).collect::<Vec<_>>());
        Some(StageBest { service: stage.service.clone(), stage: stage.stage.clone(), shares })
    };
    first.iter().filter_map(of_stage).collect()
}

/// The share of positions in which each row has the least value.
fn shares(rows: &[&[f64]]) -> Vec<f64> {
    let count = rows.iter().map(|row| row.len()).min().unwrap_or(0);
    let least = |at: usize| rows.iter().map(|row| row[at]).fold(f64::INFINITY, f64::min);
    let wins = |row: &&[f64]| (0..count).filter(|at| row[*at] <= least(*at)).count();
    rows.iter().map(|row| wins(row) as f64 / count.max(1) as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_with_the_fewest_is_best_and_equals_are_best_together() {
        let found = shares(&[&[3.0, 1.0, 0.0, 5.0], &[2.0, 1.0, 0.0, 6.0], &[9.0, 9.0, 0.0, 9.0]]);
        assert_eq!(found, [0.75, 0.75, 0.25]);
    }
}
