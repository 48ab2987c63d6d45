//! The two sides cell by cell: paired where both are simulated, side by side where one is a summary.

use rayon::prelude::*;

use super::side::{Side, SideMetric, SideStage, Standing};
use crate::language::Text;
use crate::metric::{Better, MetricKey, Role, Scale};
use crate::study::Verdict;
use crate::summary::{Statistic, summarise};

/// What changes from one side to the other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// First and last year compared.
    pub years: (i32, i32),
    /// Years that each side shows.
    pub own_years: [(i32, i32); 2],
    /// Whether replications are compared one by one.
    pub paired: bool,
    /// Areas both sides have: key and name.
    pub areas: Vec<(String, Text)>,
    /// Stages both sides have.
    pub stages: Vec<StageChange>,
    /// What only the first side has, and what only the second has.
    pub only_in: [Unmatched; 2],
    /// What pairing gained; `None` when unpaired or when nothing differs.
    pub reduction: Option<Reduction>,
}

/// What one side has alone.
#[derive(Clone, Debug, Default)]
pub struct Unmatched {
    /// Areas.
    pub areas: Vec<Text>,
    /// Stages.
    pub stages: Vec<AloneStage>,
    /// Projects that are carried out.
    pub projects: Vec<Text>,
}

/// A stage that one side has alone.
#[derive(Clone, Debug)]
pub struct AloneStage {
    /// Name of the service.
    pub service_label: Text,
    /// Name of the stage.
    pub stage_label: Text,
    /// How it stands; `None` where nothing is promised.
    pub standing: Option<Standing>,
}

/// One stage on both sides.
#[derive(Clone, Debug)]
pub struct StageChange {
    /// Key of the service.
    pub service: String,
    /// Key of the stage.
    pub stage: String,
    /// Name of the service.
    pub service_label: Text,
    /// Name of the stage.
    pub stage_label: Text,
    /// How it stands on either side; `None` where nothing is promised.
    pub standings: [Option<Standing>; 2],
    /// Whether areas have rows of their own before the district's.
    pub by_area: bool,
    /// The metrics both sides have.
    pub metrics: Vec<MetricChange>,
}

/// One metric on both sides.
#[derive(Clone, Debug)]
pub struct MetricChange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: Text,
    /// Its unit.
    pub unit: String,
    /// How its numbers are written.
    pub scale: Scale,
    /// What it is in its stage.
    pub role: Role,
    /// Which way is better.
    pub better: Better,
    /// Shape: row x year; rows are the areas compared (if the stage has them), then the district.
    pub cells: Vec<Option<Difference>>,
}

/// One cell on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Difference {
    /// The first side.
    pub a: Statistic,
    /// The second side.
    pub b: Statistic,
    /// Mean of the second less mean of the first (over replications in which both have a value).
    pub mean: f64,
    /// Monte Carlo standard error of that difference.
    pub mcse: f64,
    /// What only pairs of replications can tell.
    pub paired: Option<Paired>,
}

/// The differences replication by replication.
#[derive(Clone, Copy, Debug)]
pub struct Paired {
    /// Their summary.
    pub spread: Statistic,
    /// Share of replications in which the second side is better; `None` where neither way is better by itself.
    pub better: Option<f64>,
    /// Share in which it is worse.
    pub worse: Option<f64>,
}

/// By how much pairing makes differences surer.
#[derive(Clone, Copy, Debug)]
pub struct Reduction {
    /// Median ratio of the Monte Carlo variance of independent runs to that of the paired run.
    pub factor: f64,
    /// Cells it is the median of.
    pub cells: usize,
}

impl StageChange {
    /// Number of rows: areas, then the district.
    pub fn rows(&self, areas: usize) -> usize {
        if self.by_area { areas + 1 } else { 1 }
    }

    /// The metric of a role.
    pub fn metric(&self, key: impl MetricKey) -> Option<&MetricChange> {
        self.metrics.iter().find(|metric| key.means(&metric.id, metric.role))
    }
}

impl Comparison {
    /// The cell of a metric in a row and year; `None` where either side has no value.
    pub fn at<'c>(&self, metric: &'c MetricChange, row: usize, year: i32) -> Option<&'c Difference> {
        let years = self.years_compared();
        let index = usize::try_from(year - self.years.0).ok().filter(|i| *i < years)?;
        metric.cells.get(row * years + index)?.as_ref()
    }

    /// The district's cell of a metric in a year.
    pub fn district<'c>(&self, stage: &'c StageChange, key: impl MetricKey, year: i32) -> Option<&'c Difference> {
        self.at(stage.metric(key)?, stage.rows(self.areas.len()) - 1, year)
    }

    /// How many years are compared.
    pub const fn years_compared(&self) -> usize {
        (self.years.1 - self.years.0 + 1) as usize
    }
}

/// The years both sides show; `None` when they have none in common.
pub fn common_years(a: Side<'_>, b: Side<'_>) -> Option<(i32, i32)> {
    let (a, b) = (a.years(), b.years());
    let common = (a.0.max(b.0), a.1.min(b.1));
    (common.0 <= common.1).then_some(common)
}

/// Compares the second side with the first over `years`, which both must show. Replications are paired when both sides
/// are simulated.
pub fn compare(a: Side<'_>, b: Side<'_>, years: (i32, i32)) -> Comparison {
    let (stages_a, stages_b) = (a.stages(), b.stages());
    let (areas_a, areas_b) = (a.areas(), b.areas());
    // Names come from whichever side knows them.
    let named = if matches!(a, Side::Simulated(..)) { &areas_a } else { &areas_b };
    let both = |id: &str| areas_a.iter().any(|x| x.0 == id) && areas_b.iter().any(|x| x.0 == id);
    let areas: Vec<(String, Text)> = named.iter().filter(|(id, _)| both(id)).cloned().collect();
    let paired = matches!((a, b), (Side::Simulated(..), Side::Simulated(..)));
    let verdicts = [a.verdicts(years), b.verdicts(years)];
    let pair = Pair { a, b, years, areas: &areas, verdicts };
    let stages: Vec<StageChange> =
        stages_a.iter().filter_map(|x| stages_b.iter().find(|y| same_stage(x, y)).map(|y| pair.stage(x, y))).collect();
    let only_in = [
        Unmatched {
            areas: only(&areas_a, &areas_b),
            stages: pair.only_stages(0, &stages_a, &stages_b),
            projects: only(&a.projects(), &b.projects()),
        },
        Unmatched {
            areas: only(&areas_b, &areas_a),
            stages: pair.only_stages(1, &stages_b, &stages_a),
            projects: only(&b.projects(), &a.projects()),
        },
    ];
    let reduction = if paired { reduction(&stages, areas.len(), years) } else { None };
    Comparison { years, own_years: [a.years(), b.years()], paired, areas, stages, only_in, reduction }
}

fn same_stage(a: &SideStage, b: &SideStage) -> bool {
    a.service == b.service && a.stage == b.stage
}

fn only(these: &[(String, Text)], others: &[(String, Text)]) -> Vec<Text> {
    these
        .iter()
        .filter(|(id, _)| !others.iter().any(|(other, _)| other == id))
        .map(|(_, label)| label.clone())
        .collect()
}

/// The two sides and what they have in common.
pub(super) struct Pair<'a> {
    pub(super) a: Side<'a>,
    pub(super) b: Side<'a>,
    pub(super) years: (i32, i32),
    pub(super) areas: &'a [(String, Text)],
    /// Of either side, over the years compared.
    pub(super) verdicts: [Vec<Verdict>; 2],
}

impl Pair<'_> {
    /// The stages that one side has alone, the first (0) or the second (1).
    fn only_stages(&self, index: usize, these: &[SideStage], others: &[SideStage]) -> Vec<AloneStage> {
        let side = [self.a, self.b][index];
        let alone = these.iter().filter(|x| !others.iter().any(|y| same_stage(x, y)));
        let stage = |x: &SideStage| AloneStage {
            service_label: x.service_label.clone(),
            stage_label: x.stage_label.clone(),
            standing: side.standing(x, self.years, &self.verdicts[index]),
        };
        alone.map(stage).collect()
    }

    fn stage(&self, a: &SideStage, b: &SideStage) -> StageChange {
        let named = if a.block.is_some() { a } else { b };
        let by_area = a.by_area && b.by_area;
        let other = if a.block.is_some() { b } else { a };
        let metrics = named
            .metrics
            .par_iter()
            .filter(|metric| other.metrics.iter().any(|m| m.id == metric.id))
            .map(|metric| MetricChange {
                id: metric.id.clone(),
                label: metric.label.clone(),
                unit: metric.unit.clone(),
                scale: metric.scale,
                role: metric.role,
                better: metric.better,
                cells: self.cells(a, b, metric, by_area),
            })
            .collect();
        StageChange {
            service: named.service.clone(),
            stage: named.stage.clone(),
            service_label: named.service_label.clone(),
            stage_label: named.stage_label.clone(),
            standings: [
                self.a.standing(a, self.years, &self.verdicts[0]),
                self.b.standing(b, self.years, &self.verdicts[1]),
            ],
            by_area,
            metrics,
        }
    }

    fn cells(&self, a: &SideStage, b: &SideStage, metric: &SideMetric, by_area: bool) -> Vec<Option<Difference>> {
        let mut scratch = Scratch::default();
        let areas = self.areas.iter().filter(|_| by_area).map(|(id, _)| Some(id.as_str()));
        let mut cells = Vec::new();
        for area in areas.chain([None]) {
            for year in self.years.0..=self.years.1 {
                cells.push(self.cell(a, b, metric, area, year, &mut scratch));
            }
        }
        cells
    }

    pub(super) fn cell(
        &self,
        a: &SideStage,
        b: &SideStage,
        metric: &SideMetric,
        area: Option<&str>,
        year: i32,
        scratch: &mut Scratch,
    ) -> Option<Difference> {
        let (better, metric) = (metric.better, metric.id.as_str());
        let statistics = (self.a.statistic(a, metric, area, year)?, self.b.statistic(b, metric, area, year)?);
        let Scratch { first, second, sorted } = scratch;
        let columns = self.a.column(a, metric, area, year, first).zip(self.b.column(b, metric, area, year, second));
        if columns.is_none() {
            let (a, b) = statistics;
            return Some(Difference { a, b, mean: b.mean - a.mean, mcse: a.mcse.hypot(b.mcse), paired: None });
        }
        for (b, a) in second.iter_mut().zip(&*first) {
            *b -= a;
        }
        let spread = summarise(second, sorted)?;
        let paired = Paired::new(spread, second, better);
        Some(Difference {
            a: statistics.0,
            b: statistics.1,
            mean: spread.mean,
            mcse: spread.mcse,
            paired: Some(paired),
        })
    }
}

/// Columns that are used again from cell to cell.
#[derive(Default)]
pub(super) struct Scratch {
    first: Vec<f64>,
    second: Vec<f64>,
    sorted: Vec<f64>,
}

impl Paired {
    fn new(spread: Statistic, differences: &[f64], way: Better) -> Self {
        let share = |count: usize| count as f64 / spread.defined as f64;
        let below = share(differences.iter().filter(|d| **d < 0.0).count());
        let above = share(differences.iter().filter(|d| **d > 0.0).count());
        let (better, worse) = match way {
            Better::Lower => (Some(below), Some(above)),
            Better::Higher => (Some(above), Some(below)),
            Better::Neither => (None, None),
        };
        Self { spread, better, worse }
    }
}

/// The median gain over the district's cells that differ.
fn reduction(stages: &[StageChange], areas: usize, years: (i32, i32)) -> Option<Reduction> {
    let count = (years.1 - years.0 + 1) as usize;
    let mut gains: Vec<f64> = stages
        .iter()
        .flat_map(|stage| stage.metrics.iter().map(move |metric| (stage, metric)))
        .flat_map(|(stage, metric)| metric.cells.iter().skip((stage.rows(areas) - 1) * count))
        .flatten()
        .filter_map(|cell| {
            let apart = cell.a.mcse.powi(2) + cell.b.mcse.powi(2);
            let gain = apart / cell.mcse.powi(2);
            gain.is_finite().then_some(gain)
        })
        .collect();
    gains.sort_unstable_by(f64::total_cmp);
    (!gains.is_empty()).then(|| Reduction { factor: gains[gains.len() / 2], cells: gains.len() })
}
