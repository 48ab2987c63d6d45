//! What a run measures: metrics by service, stage, area and year, and the record of one replication.
//!
//! A [`Block`] is one service at one stage, tier or level with its metrics; the [`Catalogue`] lays all blocks out in one
//! array. A [`Record`] writes one replication's values into it. Shape of a block: `metric x area x year`, where the
//! area after the last is the whole district (or the only one, for a block that is not split by area).
//!
//! Values are kept in 32 bits: counts as whole numbers (exact to 4,294,967,295), the rest as `f32`.

use crate::language::Text;

/// How a metric's values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers: people, places, days.
    Count,
    /// Real numbers. NaN means that there is nothing to measure (no places, hence no utilisation).
    Real,
}

/// How the district's value comes from the areas'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum District {
    /// It is their sum, taken when the record is closed.
    Sum,
    /// The service records it.
    Own,
    /// `part / whole` of two other metrics of the block, in every area and the district, taken when the record is closed.
    Ratio {
        /// Id of the numerator.
        part: &'static str,
        /// Id of the denominator.
        whole: &'static str,
    },
}

/// One metric.
#[derive(Debug)]
pub struct MetricDef {
    /// Name in `summary.csv`.
    pub id: &'static str,
    /// Name in reports.
    pub label: Text,
    /// Unit in `summary.csv`.
    pub unit: &'static str,
    /// How its values are kept.
    pub values: Values,
    /// How the district's value comes about.
    pub district: District,
    /// The 0/1 metric of the same block whose mean is this metric's probability of shortage.
    pub shortage: Option<&'static str>,
    /// When a report should warn of it.
    pub caution: Option<Caution>,
    /// Whether it is the number of places that would keep the promise, to be held against `places`.
    pub required_capacity: bool,
    /// The simulated metric of the same block that it works out in another way, without limits.
    pub closed_form_of: Option<&'static str>,
}

/// When a report warns of a metric: its mean in the district lies further from 0 than it should.
#[derive(Clone, Copy, Debug)]
pub struct Caution {
    /// The distance from 0 up to which there is nothing to say.
    pub beyond: f64,
    /// What is suspicious, in English and Chinese.
    pub says: [&'static str; 2],
    /// What to do about it, in English and Chinese.
    pub advice: [&'static str; 2],
}

impl MetricDef {
    /// A count that adds up over areas.
    pub const fn count(id: &'static str, unit: &'static str, en: &'static str, zh: &'static str) -> Self {
        let label = Text::new(en, zh);
        let (values, district) = (Values::Count, District::Sum);
        Self {
            id,
            label,
            unit,
            values,
            district,
            shortage: None,
            caution: None,
            required_capacity: false,
            closed_form_of: None,
        }
    }

    /// A count whose district value the service records itself.
    pub const fn own_count(id: &'static str, unit: &'static str, en: &'static str, zh: &'static str) -> Self {
        let mut metric = Self::count(id, unit, en, zh);
        metric.district = District::Own;
        metric
    }

    /// A real number that adds up over areas.
    pub const fn real(id: &'static str, unit: &'static str, en: &'static str, zh: &'static str) -> Self {
        let mut metric = Self::count(id, unit, en, zh);
        metric.values = Values::Real;
        metric
    }

    /// A real number whose district value the service records itself.
    pub const fn own_real(id: &'static str, unit: &'static str, en: &'static str, zh: &'static str) -> Self {
        let mut metric = Self::real(id, unit, en, zh);
        metric.district = District::Own;
        metric
    }

    /// The share `part / whole` of two counts of the same block.
    pub const fn ratio(
        id: &'static str,
        part: &'static str,
        whole: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        let mut metric = Self::real(id, "share", en, zh);
        metric.district = District::Ratio { part, whole };
        metric
    }

    /// The same metric in another unit: a ratio that is no share.
    #[must_use]
    pub const fn in_unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// The same metric with a warning in the report when its mean lies further than this from 0: what is suspicious and what
    /// to do, each in English and Chinese.
    #[must_use]
    pub const fn with_caution(mut self, beyond: f64, says: [&'static str; 2], advice: [&'static str; 2]) -> Self {
        self.caution = Some(Caution { beyond, says, advice });
        self
    }

    /// The same metric as a number of places that would keep the promise.
    #[must_use]
    pub const fn as_required_capacity(mut self) -> Self {
        self.required_capacity = true;
        self
    }

    /// The same metric as another way to work out the simulated metric `simulated`, without limits.
    #[must_use]
    pub const fn closed_form_of(mut self, simulated: &'static str) -> Self {
        self.closed_form_of = Some(simulated);
        self
    }

    /// The same metric with a probability of shortage taken from the 0/1 metric `short`.
    #[must_use]
    pub const fn with_shortage(mut self, short: &'static str) -> Self {
        self.shortage = Some(short);
        self
    }
}

/// Ids of metrics that can be drawn against `places`, in order of preference: beds in use, else people who need a place.
pub const LOADS: [&str; 3] = ["occupied_beds", "in_use", "demand"];

/// Ids of the metrics that together are everybody who asks, from the best to the worst end.
pub const ENDS: [&str; 5] = ["served", "waiting", "left", "outside", "unmet"];

/// Ids of metrics that say where the served were served, in the order in which places are sought; what they leave over was
/// served in its own area. A block has the metrics of one of these lists, or of none.
pub const RUNGS: [&[&str]; 2] =
    [&["coordinated", "private"], &["served_station", "served_subdistrict", "served_neighbour", "served_district"]];

/// Id of the 0/1 metric that says whether the promise of a block was broken.
pub const SHORT: &str = "short";

/// What a service promises at one stage, and how sure planners want to be of it.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The promise in plain words: "at least 98 % of children have a place".
    pub text: Text,
    /// Probability with which it must be kept in every year, 0 to 1.
    pub confidence: f64,
    /// Utilisation below which places count as surplus, 0 to 1.
    pub surplus_below: f64,
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
    ratios: Vec<Vec<[usize; 3]>>,
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
        self.blocks.push(block);
        self.projects.push(Vec::new());
        BlockId(self.blocks.len() - 1)
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

    const fn rows(&self, by_area: bool) -> usize {
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

    /// Position of a metric in its block.
    pub fn metric(&self, id: BlockId, metric: &str) -> Option<usize> {
        self.blocks[id.0].metrics.iter().position(|m| m.id == metric)
    }
}

/// Positions of the ratios among metrics, each with its part and whole.
fn ratios(metrics: &[MetricDef]) -> Vec<[usize; 3]> {
    let at = |id: &str| metrics.iter().position(|m| m.id == id).expect("invariant: a ratio names metrics of its block");
    let ratio = |(metric, def): (usize, &MetricDef)| match def.district {
        District::Ratio { part, whole } => Some([metric, at(part), at(whole)]),
        _ => None,
    };
    metrics.iter().enumerate().filter_map(ratio).collect()
}

/// The value that a cell's bits stand for.
#[inline]
pub fn decode(values: Values, bits: u32) -> f64 {
    match values {
        Values::Count => f64::from(bits),
        Values::Real => f64::from(f32::from_bits(bits)),
    }
}

/// The values of one replication, written by the services in any order.
#[derive(Debug)]
pub struct Record<'a> {
    catalogue: &'a Catalogue,
    cells: &'a mut [u32],
}

impl<'a> Record<'a> {
    /// A record over `cells`, which must be as many as the catalogue says; all are set to 0.
    pub fn new(catalogue: &'a Catalogue, cells: &'a mut [u32]) -> Self {
        assert_eq!(cells.len(), catalogue.cells(), "invariant: a record has the catalogue's cells");
        cells.fill(0);
        Self { catalogue, cells }
    }

    /// The row of the district in a block.
    pub fn district(&self, block: BlockId) -> usize {
        self.catalogue.district(block)
    }

    /// Writes a count.
    #[inline]
    pub fn count(&mut self, block: BlockId, metric: usize, row: usize, year: usize, count: u32) {
        debug_assert_eq!(self.catalogue.block(block).metrics[metric].values, Values::Count);
        self.cells[self.catalogue.cell(block, metric, row, year)] = count;
    }

    /// Writes a real number.
    #[inline]
    pub fn real(&mut self, block: BlockId, metric: usize, row: usize, year: usize, value: f64) {
        debug_assert_eq!(self.catalogue.block(block).metrics[metric].values, Values::Real);
        self.cells[self.catalogue.cell(block, metric, row, year)] = (value as f32).to_bits();
    }

    /// The value of a cell.
    pub fn get(&self, block: BlockId, metric: usize, row: usize, year: usize) -> f64 {
        let values = self.catalogue.block(block).metrics[metric].values;
        decode(values, self.cells[self.catalogue.cell(block, metric, row, year)])
    }

    /// Fills the sums over areas and the ratios.
    pub fn close(&mut self) {
        for index in 0..self.catalogue.blocks.len() {
            self.close_sums(BlockId(index));
            self.close_ratios(BlockId(index));
        }
    }

    fn close_sums(&mut self, id: BlockId) {
        let block = self.catalogue.block(id);
        for (metric, def) in block.metrics.iter().enumerate() {
            if def.district != District::Sum || !block.by_area {
                continue;
            }
            let (years, areas) = (self.catalogue.years, self.catalogue.areas);
            let first = self.catalogue.cell(id, metric, 0, 0);
            let (rows, district) = self.cells[first..first + years * (areas + 1)].split_at_mut(years * areas);
            for (year, total) in district.iter_mut().enumerate() {
                let values = rows.iter().skip(year).step_by(years);
                *total = match def.values {
                    Values::Count => values.fold(0, |sum, count| sum.saturating_add(*count)),
                    Values::Real => (values.map(|bits| f64::from(f32::from_bits(*bits))).sum::<f64>() as f32).to_bits(),
                };
            }
        }
    }

    fn close_ratios(&mut self, id: BlockId) {
        let block = self.catalogue.block(id);
        for &[metric, part, whole] in &self.catalogue.ratios[id.0] {
            for row in 0..self.catalogue.rows(block.by_area) {
                for year in 0..self.catalogue.years {
                    let whole = self.get(id, whole, row, year);
                    let share = if whole > 0.0 { self.get(id, part, row, year) / whole } else { f64::NAN };
                    self.real(id, metric, row, year, share);
                }
            }
        }
    }
}
