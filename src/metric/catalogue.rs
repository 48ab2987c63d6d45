//! The blocks of a scenario and where their cells lie: a [`Block`] is one service at one stage, tier or level with its metrics;
//! the [`Catalogue`] lays all blocks out in one array. Shape of a block: `metric x area x year`, where the area after the last
//! is the whole district (or the only one, for a block that is not split by area).

use super::definition::{District, MetricDef, Role};
use crate::language::Text;

/// What a service promises at one stage, and how sure planners want to be of it.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The promise in plain words: "at least 98 % of children have a place".
    pub text: Text,
    /// Probability with which it must be kept in every year, 0 to 1.
    pub confidence: f64,
    /// Utilisation below which places count as surplus, 0 to 1.
    pub surplus_below: f64,
    /// What it sets limits to, where that is more than one thing: it is broken when any limit is.
    pub limits: Vec<PromiseLimit>,
}

/// One of the things that a promise sets a limit to.
#[derive(Clone, Debug)]
pub struct PromiseLimit {
    /// What is too much when it is broken, such as "too many children without a place".
    pub broken: Text,
    /// The metric that is limited.
    pub part: Role,
    /// What it is a share of; `None` where it is a share itself.
    pub whole: Option<Role>,
    /// The largest share that keeps the promise.
    pub most: f64,
}

impl Promise {
    /// A promised share in per cent, as a planner would write it: without the noise of binary fractions.
    pub(crate) fn percent(share: f64) -> f64 {
        libm::round(share * 1e6) / 1e4
    }
}

/// Blocks of a service that are read side by side, such as its hospitals.
#[derive(Debug)]
pub struct BlockGroup {
    /// What each of them is.
    pub one: Text,
    /// What they are together.
    pub many: Text,
    /// What the reader should know of all of them.
    pub note: Option<Text>,
}

/// One service at one stage, tier or level.
#[derive(Debug)]
pub struct Block {
    /// Key of the service.
    pub service: &'static str,
    /// Its name.
    pub service_label: Text,
    /// Key of the stage, tier or level.
    pub stage: String,
    /// Its name.
    pub stage_label: Text,
    /// Its metrics.
    pub metrics: &'static [MetricDef],
    /// Whether each area has its own values, beside the district.
    pub by_area: bool,
    /// What is promised; `None` where nothing can fall short (people).
    pub promise: Option<Promise>,
    /// The blocks beside which it stands in reports; `None` where it stands alone.
    pub family: Option<&'static BlockGroup>,
}

/// Handle of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId(usize);

/// All blocks of a scenario and where their cells lie.
#[derive(Debug)]
pub struct Catalogue {
    blocks: Vec<Block>,
    projects: Vec<Vec<usize>>,
    /// Positions of the metrics that are ratios, with those of their parts and wholes, by block.
    ratios: Vec<Vec<ClosedRatio>>,
    /// Whether a metric is counted, by block and position.
    counted: Vec<Vec<bool>>,
    offsets: Vec<usize>,
    areas: usize,
    years: usize,
    cells: usize,
}

impl Catalogue {
    /// An empty catalogue for `areas` areas and `years` reported years.
    pub const fn new(areas: usize, years: usize) -> Self {
        Self {
            blocks: Vec::new(),
            projects: Vec::new(),
            ratios: Vec::new(),
            counted: Vec::new(),
            offsets: Vec::new(),
            areas,
            years,
            cells: 0,
        }
    }

    /// Adds a block.
    pub fn add(&mut self, block: Block) -> BlockId {
        self.offsets.push(self.cells);
        self.cells += block.metrics.len() * self.rows(block.by_area) * self.years;
        self.ratios.push(ratios(block.metrics));
        self.counted.push(vec![true; block.metrics.len()]);
        self.blocks.push(block);
        self.projects.push(Vec::new());
        BlockId(self.blocks.len() - 1)
    }

    /// Notes that a block does not count these metrics of its table, nor what is worked out of them: they have no value,
    /// rather than the value 0.
    pub fn leave_out(&mut self, block: BlockId, metrics: impl IntoIterator<Item = usize>) {
        let counted = &mut self.counted[block.0];
        metrics.into_iter().for_each(|metric| counted[metric] = false);
        for ratio in &self.ratios[block.0] {
            counted[ratio.metric] &= counted[ratio.part] && counted[ratio.whole];
        }
    }

    /// Whether a block counts a metric of its table.
    pub fn counts(&self, block: BlockId, metric: usize) -> bool {
        self.counted[block.0][metric]
    }

    /// Notes that a project changes the places of a block, so that reports can mark its opening.
    pub fn note_project(&mut self, block: BlockId, project: usize) {
        if !self.projects[block.0].contains(&project) {
            self.projects[block.0].push(project);
        }
    }

    /// The projects that change the places of a block.
    pub fn projects(&self, block: BlockId) -> &[usize] {
        &self.projects[block.0]
    }

    pub(super) const fn rows(&self, by_area: bool) -> usize {
        if by_area { self.areas + 1 } else { 1 }
    }

    /// The blocks in the order of their handles.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().enumerate().map(|(i, block)| (BlockId(i), block))
    }

    /// One block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0]
    }

    /// Number of areas without the district; the district's index in blocks by area.
    pub const fn areas(&self) -> usize {
        self.areas
    }

    /// Number of reported years.
    pub const fn years(&self) -> usize {
        self.years
    }

    /// Number of cells of one replication.
    pub const fn cells(&self) -> usize {
        self.cells
    }

    /// The row of the district in a block.
    pub fn district(&self, id: BlockId) -> usize {
        if self.blocks[id.0].by_area { self.areas } else { 0 }
    }

    /// Position of the cell of a metric, area row and reported year.
    #[inline]
    pub fn cell(&self, id: BlockId, metric: usize, row: usize, year: usize) -> usize {
        let rows = self.rows(self.blocks[id.0].by_area);
        debug_assert!(row < rows && year < self.years && metric < self.blocks[id.0].metrics.len());
        self.offsets[id.0] + (metric * rows + row) * self.years + year
    }

    /// Position of a metric in its block; `None` where the block has no such metric or does not count it.
    pub fn metric(&self, id: BlockId, key: impl MetricKey) -> Option<usize> {
        let found = self.blocks[id.0].metrics.iter().position(|metric| key.means(metric.id, metric.role));
        found.filter(|metric| self.counts(id, *metric))
    }

    /// The ratios of a block.
    pub(super) fn ratios(&self, id: BlockId) -> &[ClosedRatio] {
        &self.ratios[id.0]
    }

    /// Positions of all metrics of a role that a block counts, in the order of its table.
    pub fn metrics_of(&self, id: BlockId, role: Role) -> impl Iterator<Item = usize> + use<'_> {
        let metrics = self.blocks[id.0].metrics.iter().zip(&self.counted[id.0]).enumerate();
        metrics.filter(move |(_, (metric, counted))| **counted && metric.role == role).map(|(at, _)| at)
    }
}

/// Positions of the ratios among metrics, each with its part and whole.
fn ratios(metrics: &[MetricDef]) -> Vec<ClosedRatio> {
    let ratio = |(metric, def): (usize, &MetricDef)| match def.district {
        District::Ratio { part, whole } => Some(ClosedRatio { metric, part, whole }),
        _ => None,
    };
    metrics.iter().enumerate().filter_map(ratio).collect()
}

/// A ratio and what it is taken of, by position.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClosedRatio {
    pub(super) metric: usize,
    pub(super) part: usize,
    pub(super) whole: usize,
}

/// By what a metric of a stage can be asked for.
pub trait MetricKey: Copy {
    /// Whether it means the metric of this id and role.
    fn means(self, id: &str, role: Role) -> bool;
}

impl MetricKey for Role {
    fn means(self, _: &str, role: Role) -> bool {
        role == self
    }
}

/// By its id, as tables of observed figures name it.
impl MetricKey for &str {
    fn means(self, id: &str, _: Role) -> bool {
        id == self
    }
}
