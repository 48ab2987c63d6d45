//! One side of a comparison, seen by names: a simulated scenario, or the summary of a finished run.

use super::recorded::Recorded;
use crate::language::Text;
use crate::metric::{Better, BlockId, CellAddress, MetricDef, Role, Scale};
use crate::run::Results;
use crate::scenario::Plan;
use crate::services::declared_metric;
use crate::study::{RunSummary, Verdict, VerdictLevel, verdicts_between};
use crate::summary::Statistic;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub enum Side<'a> {
    /// A scenario with its replications.
    Simulated(&'a Plan, &'a Results, &'a RunSummary),
    /// A finished run of which only the summary is left.
    Recorded(&'a Recorded),
}

/// How a stage stands over the years compared.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Its rank; `None` where only a summary is left.
    pub rank: Option<VerdictLevel>,
    /// The rank that another seed might give, where the two are too close to call.
    pub close_to: Option<VerdictLevel>,
    /// The year with the highest probability of shortage, and that probability.
    pub worst_year: Option<(i32, f64)>,
    /// First year in which that probability exceeds 20 %.
    pub first_risky_year: Option<i32>,
    /// People unserved in the worst year (mean).
    pub unmet: Option<f64>,
    /// Probability of shortage by year.
    pub by_year: Vec<(i32, f64)>,
    /// Places in the last year (mean).
    pub places: Option<f64>,
    /// Utilisation in the last year (mean).
    pub utilisation: Option<f64>,
    /// First year from which on places are more likely than not used below the surplus line.
    pub surplus_from: Option<i32>,
}

impl Standing {
    /// Probability that the target is missed in a year.
    pub fn missed_in(&self, year: i32) -> Option<f64> {
        self.by_year.iter().find(|(of, _)| *of == year).map(|(_, p)| *p)
    }
}

/// A stage as one side has it.
#[derive(Clone, Debug)]
pub(super) struct SideStage {
    pub service: String,
    pub stage: String,
    pub service_label: Text,
    pub stage_label: Text,
    pub promised: bool,
    pub by_area: bool,
    pub metrics: Vec<SideMetric>,
    /// Its block; `None` where only a summary is left.
    pub block: Option<BlockId>,
}

/// A metric as one side has it.
#[derive(Clone, Debug)]
pub(super) struct SideMetric {
    pub id: String,
    pub label: Text,
    pub unit: String,
    pub scale: Scale,
    pub role: Role,
    pub better: Better,
}

impl SideMetric {
    fn of(def: &MetricDef) -> Self {
        let (id, unit) = (def.id.to_owned(), def.unit.id.to_owned());
        Self { id, label: def.label.clone(), unit, scale: def.unit.scale, role: def.role, better: def.better }
    }

    /// A metric of a summary: one of ours, or one that nothing is known of.
    fn recorded(service: &str, id: &str, unit: &str) -> Self {
        declared_metric(service, id).map_or_else(
            || Self {
                id: id.to_owned(),
                label: Text::name(id.to_owned()),
                unit: unit.to_owned(),
                scale: Scale::Amount,
                role: Role::Detail,
                better: Better::Neither,
            },
            Self::of,
        )
    }
}

/// Probability of shortage that deserves a warning, as in verdicts.
const WORTH_A_WARNING: f64 = 0.2;

impl Side<'_> {
    /// First and last year that this side shows.
    pub fn years(&self) -> (i32, i32) {
        match self {
            Self::Simulated(plan, ..) => (plan.shown_from, plan.site.end),
            Self::Recorded(recorded) => recorded.years(),
        }
    }

    pub(super) fn stages(&self) -> Vec<SideStage> {
        match self {
            Self::Simulated(plan, ..) => plan.catalogue.blocks().map(|(id, _)| simulated_stage(plan, id)).collect(),
            Self::Recorded(recorded) => recorded
                .stages()
                .iter()
                .map(|stage| SideStage {
                    service: stage.service.clone(),
                    stage: stage.stage.clone(),
                    service_label: Text::name(stage.service.clone()),
                    stage_label: Text::name(stage.stage.clone()),
                    promised: stage.metrics.iter().any(|(id, _)| *id == MetricDef::target_missed().id),
                    by_area: stage.by_area,
                    metrics: stage
                        .metrics
                        .iter()
                        .map(|(id, unit)| SideMetric::recorded(&stage.service, id, unit))
                        .collect(),
                    block: None,
                })
                .collect(),
        }
    }

    /// Areas: key and name.
    pub(super) fn areas(&self) -> Vec<(String, Text)> {
        match self {
            Self::Simulated(plan, ..) => plan.site.areas.iter().map(|a| (a.id.clone(), a.label.clone())).collect(),
            Self::Recorded(recorded) => {
                recorded.areas().iter().map(|id| (id.clone(), Text::name(id.clone()))).collect()
            }
        }
    }

    /// Projects that are carried out: key and name.
    pub(super) fn projects(&self) -> Vec<(String, Text)> {
        match self {
            Self::Simulated(plan, ..) => {
                let built = plan.site.projects.iter().filter(|p| !p.left_out);
                built.map(|p| (p.id.clone(), p.label.clone())).collect()
            }
            Self::Recorded(_) => Vec::new(),
        }
    }

    pub(super) fn statistic(
        &self,
        stage: &SideStage,
        metric: &str,
        area: Option<&str>,
        year: i32,
    ) -> Option<Statistic> {
        match self {
            Self::Simulated(plan, _, summary) => {
                let CellAddress { block, metric, row, year } = place(plan, stage, metric, area, year)?;
                summary.at(plan, block, metric, row, year)
            }
            Self::Recorded(recorded) => recorded.at(&(
                stage.service.clone(),
                stage.stage.clone(),
                metric.to_owned(),
                area.unwrap_or("all").to_owned(),
                year,
            )),
        }
    }

    /// The values by replication; `None` where only a summary is left.
    pub(super) fn column(
        &self,
        stage: &SideStage,
        metric: &str,
        area: Option<&str>,
        year: i32,
        column: &mut Vec<f64>,
    ) -> Option<()> {
        let Self::Simulated(plan, results, _) = self else { return None };
        results.column(&plan.catalogue, place(plan, stage, metric, area, year)?, column);
        Some(())
    }

    /// The verdicts between two years; none where only a summary is left.
    pub(super) fn verdicts(&self, years: (i32, i32)) -> Vec<Verdict> {
        match self {
            Self::Simulated(plan, results, summary) => verdicts_between(plan, results, summary, years),
            Self::Recorded(_) => Vec::new(),
        }
    }

    /// How a stage stands between two years.
    pub(super) fn standing(&self, stage: &SideStage, years: (i32, i32), verdicts: &[Verdict]) -> Option<Standing> {
        if !stage.promised {
            return None;
        }
        let at = |role: Role, year: i32| {
            let metric = stage.metrics.iter().find(|metric| metric.role == role)?;
            self.statistic(stage, &metric.id, None, year).map(|s| s.mean)
        };
        let last = |role: Role| at(role, years.1);
        let mut standing =
            Standing { places: last(Role::Capacity), utilisation: last(Role::Utilisation), ..Standing::default() };
        standing.by_year = (years.0..=years.1).filter_map(|year| Some((year, at(Role::TargetMissed, year)?))).collect();
        standing.worst_year = standing.by_year.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
        standing.first_risky_year = standing.by_year.iter().find(|(_, p)| *p > WORTH_A_WARNING).map(|(year, _)| *year);
        standing.unmet = standing.worst_year.and_then(|(year, _)| at(Role::Unmet, year));
        if let Some(verdict) = verdicts.iter().find(|v| Some(v.block) == stage.block) {
            standing.rank = Some(verdict.rank);
            standing.close_to = verdict.close_to;
            standing.surplus_from = verdict.surplus_from;
        }
        Some(standing)
    }
}

fn simulated_stage(plan: &Plan, id: BlockId) -> SideStage {
    let block = plan.catalogue.block(id);
    SideStage {
        service: block.service.to_owned(),
        stage: block.stage.clone(),
        service_label: block.service_label.clone(),
        stage_label: block.stage_label.clone(),
        promised: block.promise.is_some(),
        by_area: block.by_area,
        metrics: block.metrics.iter().map(SideMetric::of).collect(),
        block: Some(id),
    }
}

fn place(plan: &Plan, stage: &SideStage, metric: &str, area: Option<&str>, year: i32) -> Option<CellAddress> {
    let block = stage.block?;
    let metric = plan.catalogue.metric(block, metric)?;
    let row = match area {
        None => plan.catalogue.district(block),
        Some(id) => plan.site.areas.iter().position(|a| a.id == id).filter(|_| plan.catalogue.block(block).by_area)?,
    };
    let index = usize::try_from(year - plan.site.start).ok().filter(|index| *index < plan.catalogue.years())?;
    Some(CellAddress { block, metric, row, year: index })
}
