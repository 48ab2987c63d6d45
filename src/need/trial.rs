//! Running the plan with more places.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::judge::{Kept, kept_by_year};
use super::variant::{Addition, Base, Grown};
use crate::diagnostic::Diagnostics;
use crate::metric::{BlockId, CellAddress, Role};
use crate::run::{Progress, Results, RunError, RunOptions, simulate};
use crate::scenario::{Plan, Request, load_given};
use crate::services::service::GrowthPoint;

/// Name of what is tried: it is read as if it were a file, and never written.
const TRIAL: &str = "civicap-need-trial";

/// Why nothing was found.
#[derive(Debug)]
pub enum NeedError {
    /// A run could not be made, or was stopped.
    Run(RunError),
    /// The plan with more places cannot be read.
    Variant(Box<Diagnostics>),
}

/// What one run of a plan gave.
#[derive(Debug)]
pub struct Outcome {
    plan: Option<Plan>,
    results: Results,
}

/// Runs of a plan with more places, all under the same draws.
pub struct Trials<'a> {
    /// The plan as it is.
    pub plan: &'a Plan,
    /// The scenario that it was read from.
    pub base: &'a Base,
    /// Where places can be added.
    pub points: Vec<GrowthPoint>,
    /// How each run is made.
    pub options: RunOptions,
    /// Told of every replication.
    pub progress: &'a dyn Progress,
    /// Ends the search when true.
    pub stop: &'a AtomicBool,
    /// How often the plan was run.
    pub runs: usize,
}

impl std::fmt::Debug for Trials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trials").field("plan", &self.plan.name).field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl<'a> Trials<'a> {
    /// Trials of a plan that was read from the scenario of `base`.
    pub fn new(
        plan: &'a Plan,
        base: &'a Base,
        options: RunOptions,
        progress: &'a dyn Progress,
        stop: &'a AtomicBool,
    ) -> Self {
        let points = plan.services.iter().flat_map(|(_, service)| service.growth(&plan.site)).collect();
        Self { plan, base, points, options, progress, stop, runs: 0 }
    }

    /// Runs the plan with these additions.
    ///
    /// # Errors
    /// When the run was stopped or could not be made.
    pub fn run(&mut self, additions: &[Addition]) -> Result<Outcome, NeedError> {
        self.run_of(additions, &|_| true)
    }

    /// Runs the plan with these additions, of its services only those wanted.
    pub(super) fn run_of(
        &mut self,
        additions: &[Addition],
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Outcome, NeedError> {
        self.runs += 1;
        if additions.iter().all(|addition| addition.units == 0)
            && self.plan.services.iter().all(|(k, _)| wanted(k.name))
        {
            let results = simulate(self.plan, self.options, self.progress, self.stop).map_err(NeedError::Run)?;
            return Ok(Outcome { plan: None, results });
        }
        let mut plan = self.load(additions)?;
        plan.services.retain(|(kind, _)| wanted(kind.name));
        let results = simulate(&plan, self.options, self.progress, self.stop).map_err(NeedError::Run)?;
        Ok(Outcome { plan: Some(plan), results })
    }

    /// Reads the plan with these additions, as if its files were written.
    fn load(&self, additions: &[Addition]) -> Result<Plan, NeedError> {
        let variant = self.base.beside(Grown { plan: self.plan, points: &self.points, additions }, TRIAL);
        let path = self.base.path.with_file_name(format!("{TRIAL}.toml"));
        let mut files: Vec<(PathBuf, String)> = vec![(path.clone(), variant.scenario)];
        files.extend(variant.tables.into_iter().map(|(name, text)| (path.with_file_name(name), text)));
        let years = (self.plan.shown_from, self.plan.site.end);
        let loaded = load_given(&path, &files, Request { years: Some(years), ..Request::default() });
        loaded.plan.ok_or_else(|| NeedError::Variant(Box::new(loaded.diagnostics)))
    }

    /// How a row of a block keeps its target in an outcome, by shown year.
    pub(super) fn kept(&self, outcome: &Outcome, block: BlockId, row: usize) -> Vec<Kept> {
        let missed = |year: i32| self.column(outcome, block, Role::TargetMissed, row, year).unwrap_or_default();
        kept_by_year(self.plan.shown_from..=self.plan.site.end, missed)
    }

    /// Values of a metric by replication. More places may bring blocks of their own, so the block is found by its name.
    pub(super) fn column(
        &self,
        outcome: &Outcome,
        block: BlockId,
        role: Role,
        row: usize,
        year: i32,
    ) -> Option<Vec<f64>> {
        let plan = outcome.plan.as_ref().unwrap_or(self.plan);
        let wanted = self.plan.catalogue.block(block);
        let same = |other: &crate::metric::Block| other.service == wanted.service && other.stage == wanted.stage;
        let (block, _) =
            plan.catalogue.blocks().find(|(_, other)| same(other) && other.metrics.len() == wanted.metrics.len())?;
        let metric = plan.catalogue.metric(block, role)?;
        let mut values = Vec::new();
        let at = CellAddress { block, metric, row, year: (year - plan.site.start) as usize };
        outcome.results.column(&plan.catalogue, at, &mut values);
        Some(values)
    }
}
