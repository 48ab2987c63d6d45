//! Wards of the textbook folder and others, run and held against theory.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::metric::{BlockId, CellAddress};
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};

/// A scenario of the textbook folder, run.
pub(crate) struct Ran {
    pub(crate) plan: Plan,
    pub(crate) results: Results,
}

pub(crate) fn textbook(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook").join(format!("{name}.toml"))
}

pub(crate) fn run(path: &Path, replications: usize) -> Ran {
    let loaded = load(path, Request::default());
    assert!(loaded.plan.is_some(), "{}: {:?}", path.display(), loaded.diagnostics.list);
    let plan = loaded.plan.unwrap();
    let options = RunOptions { replications, seed: 20_241_123, threads: 0 };
    let results = simulate(&plan, options, &(), &AtomicBool::new(false)).unwrap();
    Ran { plan, results }
}

impl Ran {
    pub(crate) fn block(&self, stage: &str) -> BlockId {
        self.plan.catalogue.blocks().find(|(_, block)| block.stage == stage).unwrap().0
    }

    /// District values of a metric by replication, one row for each year.
    pub(crate) fn years(&self, stage: &str, metric: &str) -> Vec<Vec<f64>> {
        let catalogue = &self.plan.catalogue;
        let block = self.block(stage);
        let metric = catalogue.metric(block, metric).unwrap();
        let row = catalogue.district(block);
        (0..catalogue.years())
            .map(|year| {
                let mut column = Vec::new();
                self.results.column(catalogue, CellAddress { block, metric, row, year }, &mut column);
                column
            })
            .collect()
    }

    /// The mean over years, for each replication.
    pub(crate) fn mean(&self, stage: &str, metric: &str) -> Vec<f64> {
        let years = self.years(stage, metric);
        (0..self.results.replications()).map(|r| years.iter().map(|y| y[r]).sum::<f64>() / years.len() as f64).collect()
    }

    /// A yearly mean over people, over all years and by replication: years with more people weigh more (the plain mean of
    /// yearly means would be biased).
    pub(crate) fn over_people(&self, stage: &str, metric: &str, people: &str) -> Vec<f64> {
        let (means, people) = (self.years(stage, metric), self.years(stage, people));
        let sum = |value: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            (0..self.results.replications()).map(|r| (0..means.len()).map(|year| value(year, r)).sum()).collect()
        };
        ratio(&sum(&|year, r| means[year][r] * people[year][r]), &sum(&|year, r| people[year][r]))
    }

    /// The sum over years and replications.
    pub(crate) fn total(&self, stage: &str, metric: &str) -> f64 {
        self.years(stage, metric).iter().flatten().sum()
    }
}

/// Asserts that the mean of independent values is what theory says, within four standard errors.
pub(crate) fn assert_mean(what: &str, values: &[f64], theory: f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
    eprintln!("{what}: {mean:.6} against {theory:.6}, {:+.2} standard errors of {error:.2e}", (mean - theory) / error);
    assert!((mean - theory).abs() <= 4.0 * error, "{what}: {mean} is not {theory} within four times {error}");
}

/// Ratio of sums, with one value for each replication so that its spread can be measured.
pub(crate) fn ratio(part: &[f64], whole: &[f64]) -> Vec<f64> {
    let mean = whole.iter().sum::<f64>() / whole.len() as f64;
    let theory = part.iter().sum::<f64>() / whole.iter().sum::<f64>();
    // Linearised, so that the mean of the values is the ratio of the sums.
    part.iter().zip(whole).map(|(p, w)| theory + (p - theory * w) / mean).collect()
}
