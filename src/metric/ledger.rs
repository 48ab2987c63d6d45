//! What must hold of the values of every replication, derived from how the metrics are declared: that the district is the sum of
//! its areas, that a whole is the sum of its parts and no part more than its whole, that stocks follow from what comes and goes,
//! that shares lie between 0 and 1, that nothing is below 0, and that what is counted has a value.
//!
//! A run holds every replication against it: a fault of the program stops the run with the name of the metric instead of ending
//! in a table.

use super::catalogue::{Block, BlockId, Catalogue};
use super::definition::{District, MetricDef, Role};
use super::handle::Values;
use super::record::decode;
use super::unit::Scale;

/// Values that are worked out from each other differ by the rounding of 32-bit numbers, and no more than this share.
const ROUNDING: f64 = 1e-5;

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It has no value, or is infinite, where it is counted.
    HasAValue,
    /// It is below 0.
    NotNegative,
    /// It is a share above 1, or a flag that is neither 0 nor 1.
    AtMostOne,
    /// The district is not the sum of its areas.
    SumOfAreas,
    /// It is not the sum of its parts.
    SumOfParts,
    /// Those whom a rung of the search served are more than all served.
    RungsWithinServed,
    /// It is more than what it is a part of.
    WithinItsWhole,
    /// It is not what it was before and what came, less what went.
    ComesAndGoes,
    /// It is another number in the district than what mirrors it.
    Mirrored,
}

impl Rule {
    /// What does not hold, in English and Chinese.
    pub const fn says(self) -> [&'static str; 2] {
        match self {
            Self::HasAValue => ["it has no value although it is counted", "应有数值而无数值"],
            Self::NotNegative => ["it is below 0", "数值小于 0"],
            Self::AtMostOne => ["it is a share or probability outside 0 to 1", "比例或概率不在 0 至 1 之间"],
            Self::SumOfAreas => ["the district is not the sum of its areas", "全区不等于各区域之和"],
            Self::SumOfParts => ["it is not the sum of its parts", "不等于各部分之和"],
            Self::RungsWithinServed => {
                ["those served on the rungs are more than all served", "各途径得到服务者之和多于得到服务者总数"]
            }
            Self::WithinItsWhole => ["a part is more than its whole", "部分大于整体"],
            Self::ComesAndGoes => {
                ["it is not what it was, with what came and less what went", "不等于原有数加新增减离开"]
            }
            Self::Mirrored => ["what leaves areas is not what comes to areas", "各区域迁出之和不等于迁入之和"],
        }
    }
}

/// A value that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Where.
    pub block: BlockId,
    /// Which metric, by position.
    pub metric: usize,
    /// Which area row.
    pub row: usize,
    /// Which reported year.
    pub year: usize,
    /// Which rule.
    pub rule: Rule,
}

/// The values of one replication, to be held against the rules.
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a> {
    catalogue: &'a Catalogue,
    cells: &'a [u32],
}

/// A metric of a block as it is checked.
#[derive(Clone, Copy)]
struct Checked<'a> {
    block: BlockId,
    metric: usize,
    def: &'a MetricDef,
    rows: usize,
}

/// The values of one metric, row by row and year by year. Those of two metrics of a block at one position are of the same area and
/// year.
#[derive(Clone, Copy)]
struct Series<'a> {
    values: Values,
    cells: &'a [u32],
}

impl Series<'_> {
    #[inline]
    fn at(self, position: usize) -> f64 {
        decode(self.values, self.cells[position])
    }
}

/// The sum of some series at a position.
fn sum_at(series: &[Series<'_>], position: usize) -> f64 {
    series.iter().map(|series| series.at(position)).sum()
}

impl<'a> Ledger<'a> {
    /// The values of a closed record.
    pub fn of(catalogue: &'a Catalogue, cells: &'a [u32]) -> Self {
        Self { catalogue, cells }
    }

    /// The first value that breaks a rule, if any does.
    pub fn first_breach(&self) -> Option<Breach> {
        self.catalogue.blocks().find_map(|(id, block)| self.breach_of_block(id, block))
    }

    fn breach_of_block(&self, id: BlockId, block: &Block) -> Option<Breach> {
        let rows = self.catalogue.rows(block.by_area);
        let counted = block.metrics.iter().enumerate().filter(|(metric, _)| self.catalogue.counts(id, *metric));
        let mut checked = counted.map(|(metric, def)| Checked { block: id, metric, def, rows });
        checked.find_map(|at| self.breach_of_metric(at)).or_else(|| self.breach_of_rungs(id, rows))
    }

    /// Rule by rule over all areas and years: which other metrics a rule needs is looked up once for each metric.
    fn breach_of_metric(&self, at: Checked<'_>) -> Option<Breach> {
        let own = self.series(at.block, at.metric);
        let years = self.catalogue.years();
        let first_of_district = (at.rows - 1) * years;
        let broken = (0..own.cells.len())
            .find_map(|i| {
                breach_of_value(at.def, own.at(i), i >= first_of_district).map(|rule| Broken { position: i, rule })
            })
            .or_else(|| self.breach_of_parts(at, own))
            .or_else(|| self.breach_of_flows(at, own))
            .or_else(|| self.breach_of_district(at, own));
        let Broken { position, rule } = broken?;
        Some(Breach { block: at.block, metric: at.metric, row: position / years, year: position % years, rule })
    }

    /// How values stand to others of the same block, area and year.
    fn breach_of_parts(&self, at: Checked<'_>, own: Series<'_>) -> Option<Broken> {
        let positions = 0..own.cells.len();
        if let District::Ratio { part, whole } = at.def.district {
            let (part, whole) = (self.series(at.block, part), self.series(at.block, whole));
            let missing = |i: &usize| own.at(*i).is_nan() && whole.at(*i) > 0.0 && !part.at(*i).is_nan();
            if let Some(i) = positions.clone().find(missing) {
                return Some(Broken { position: i, rule: Rule::HasAValue });
            }
        }
        for parts in at.def.sums {
            let parts = self.counted(at.block, parts);
            let differs = |i: &usize| !are_equal(own.at(*i), sum_at(&parts, *i));
            if let Some(i) = positions.clone().filter(|_| !parts.is_empty()).find(differs) {
                return Some(Broken { position: i, rule: Rule::SumOfParts });
            }
        }
        let whole = at.def.part_of.filter(|whole| self.catalogue.counts(at.block, *whole))?;
        let whole = self.series(at.block, whole);
        let i = positions.into_iter().find(|i| is_more(own.at(*i), whole.at(*i)))?;
        Some(Broken { position: i, rule: Rule::WithinItsWhole })
    }

    /// Whether a stock is what it was, with what came and less what went.
    fn breach_of_flows(&self, at: Checked<'_>, own: Series<'_>) -> Option<Broken> {
        let flows = at.def.flows.as_ref()?;
        let (comes, goes) = (self.counted(at.block, flows.comes), self.counted(at.block, flows.goes));
        let years = self.catalogue.years();
        let i = (0..own.cells.len()).filter(|i| i % years > 0).find(|i| {
            // What is counted on 1 January follows from the flows of the year before.
            let flows_of = if at.def.on_1_january { i - 1 } else { *i };
            own.at(*i) != own.at(i - 1) + sum_at(&comes, flows_of) - sum_at(&goes, flows_of)
        })?;
        Some(Broken { position: i, rule: Rule::ComesAndGoes })
    }

    /// Whether the district is the sum of its areas, and the same as what mirrors it.
    fn breach_of_district(&self, at: Checked<'_>, own: Series<'_>) -> Option<Broken> {
        let years = self.catalogue.years();
        let first = (at.rows - 1) * years;
        let district = || first..first + years;
        if at.def.district == District::Sum && at.rows > 1 {
            let differs = |i: &usize| {
                let areas: f64 = (i % years..first).step_by(years).map(|area| own.at(area)).sum();
                let full = at.def.values == Values::Count && areas >= f64::from(u32::MAX);
                !full && !are_equal(own.at(*i), areas)
            };
            if let Some(i) = district().find(differs) {
                return Some(Broken { position: i, rule: Rule::SumOfAreas });
            }
        }
        let mirror = at.def.mirrored_by.filter(|other| self.catalogue.counts(at.block, *other))?;
        let mirror = self.series(at.block, mirror);
        let i = district().find(|i| own.at(*i) != mirror.at(*i))?;
        Some(Broken { position: i, rule: Rule::Mirrored })
    }

    fn breach_of_rungs(&self, block: BlockId, rows: usize) -> Option<Breach> {
        let metric = self.catalogue.metric(block, Role::Served)?;
        let served = self.series(block, metric);
        let rungs: Vec<Series<'_>> =
            self.catalogue.metrics_of(block, Role::ServedBy).map(|rung| self.series(block, rung)).collect();
        let years = self.catalogue.years();
        let i = (0..rows * years).find(|i| is_more(sum_at(&rungs, *i), served.at(*i)))?;
        Some(Breach { block, metric, row: i / years, year: i % years, rule: Rule::RungsWithinServed })
    }

    /// Those of some metrics that a block counts.
    fn counted(&self, block: BlockId, metrics: &[usize]) -> Vec<Series<'a>> {
        let counted = metrics.iter().filter(|metric| self.catalogue.counts(block, **metric));
        counted.map(|metric| self.series(block, *metric)).collect()
    }

    fn series(&self, block: BlockId, metric: usize) -> Series<'a> {
        let of = self.catalogue.block(block);
        let first = self.catalogue.cell(block, metric, 0, 0);
        let cells = self.catalogue.rows(of.by_area) * self.catalogue.years();
        Series { values: of.metrics[metric].values, cells: &self.cells[first..first + cells] }
    }
}

/// Where in a series a rule is broken.
struct Broken {
    position: usize,
    rule: Rule,
}

/// What a value breaks by itself.
fn breach_of_value(def: &MetricDef, value: f64, of_district: bool) -> Option<Rule> {
    if value.is_nan() {
        return (of_district || def.district == District::Sum)
            .then_some(())
            .filter(|()| always_counted(def.role))
            .map(|()| Rule::HasAValue);
    }
    if value.is_infinite() {
        return Some(Rule::HasAValue);
    }
    let above_one = value > 1.0 + ROUNDING && !def.may_exceed_one;
    match def.unit.scale {
        Scale::Difference => None,
        _ if value < -ROUNDING => Some(Rule::NotNegative),
        Scale::Share if above_one => Some(Rule::AtMostOne),
        Scale::Flag if value != 0.0 && value != 1.0 => Some(Rule::AtMostOne),
        Scale::Amount | Scale::Share | Scale::Flag => None,
    }
}

/// Whether a number of this role always has a value in the district. Shares of nothing and means over nobody have none.
const fn always_counted(role: Role) -> bool {
    matches!(
        role,
        Role::Demand
            | Role::Capacity
            | Role::InUse
            | Role::Served
            | Role::ServedBy
            | Role::Outside
            | Role::Unmet
            | Role::TargetMissed
            | Role::ExpectedUsers
            | Role::Population
    )
}

fn are_equal(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1.0) || (a.is_nan() && b.is_nan())
}

/// Whether a part is more than its whole, where both have a value.
fn is_more(part: f64, whole: f64) -> bool {
    part > whole + ROUNDING * whole.abs().max(1.0)
}
