//! What must hold of the values of every replication, derived from how the metrics are declared: that the district is the sum of
//! its areas, that a whole is the sum of its parts and no part more than its whole, that stocks follow from what comes and goes,
//! that shares lie between 0 and 1, that nothing is below 0, and that what is counted has a value.
//!
//! A run holds every replication against it. That costs about a hundredth of making one, and a fault of the program then stops
//! the run with the name of the metric instead of ending in a table.

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

    fn breach_of_metric(&self, at: Checked<'_>) -> Option<Breach> {
        let Checked { block, metric, def, .. } = at;
        let here = |row: usize, year: usize, rule: Rule| Some(Breach { block, metric, row, year, rule });
        let district = self.catalogue.district(block);
        for row in 0..at.rows {
            for year in 0..self.catalogue.years() {
                let value = self.value(block, metric, row, year);
                if let Some(rule) = breach_of_value(def, value, row == district) {
                    return here(row, year, rule);
                }
                if let Some(rule) = self.breach_of_parts(at, row, year, value) {
                    return here(row, year, rule);
                }
            }
        }
        let sums_up = def.district == District::Sum && at.rows > 1;
        (0..self.catalogue.years()).find_map(|year| {
            if sums_up && !self.is_sum_of_areas(at, year) {
                return here(district, year, Rule::SumOfAreas);
            }
            let mirror = def.mirrored_by.filter(|other| self.catalogue.counts(block, *other))?;
            let of_district = |metric: usize| self.value(block, metric, district, year);
            (of_district(metric) != of_district(mirror)).then_some(Breach {
                block,
                metric,
                row: district,
                year,
                rule: Rule::Mirrored,
            })
        })
    }

    /// How a value stands to others of the same block and area.
    fn breach_of_parts(&self, at: Checked<'_>, row: usize, year: usize, value: f64) -> Option<Rule> {
        let Checked { block, def, .. } = at;
        let counts = |metric: &usize| self.catalogue.counts(block, *metric);
        let other = |metric: usize| self.value(block, metric, row, year);
        if let District::Ratio { part, whole } = def.district
            && other(whole) > 0.0
            && !other(part).is_nan()
            && value.is_nan()
        {
            return Some(Rule::HasAValue);
        }
        for parts in def.sums.iter().filter(|parts| parts.iter().any(counts)) {
            let sum: f64 = parts.iter().filter(|part| counts(part)).map(|part| other(*part)).sum();
            if !are_equal(value, sum) {
                return Some(Rule::SumOfParts);
            }
        }
        if let Some(whole) = def.part_of.filter(counts)
            && is_more(value, other(whole))
        {
            return Some(Rule::WithinItsWhole);
        }
        let flow = |metrics: &[usize], year: usize| -> f64 {
            metrics.iter().filter(|metric| counts(metric)).map(|metric| self.value(block, *metric, row, year)).sum()
        };
        if let Some(flows) = &def.flows
            && let Some(before) = year.checked_sub(1)
        {
            // What is counted on 1 January follows from the flows of the year before.
            let flows_of = if def.on_1_january { before } else { year };
            let was = self.value(block, at.metric, row, before);
            if value != was + flow(flows.comes, flows_of) - flow(flows.goes, flows_of) {
                return Some(Rule::ComesAndGoes);
            }
        }
        None
    }

    fn is_sum_of_areas(&self, at: Checked<'_>, year: usize) -> bool {
        let of = |row: usize| self.value(at.block, at.metric, row, year);
        let areas: f64 = (0..at.rows - 1).map(of).sum();
        are_equal(of(at.rows - 1), areas) || at.def.values == Values::Count && areas >= f64::from(u32::MAX)
    }

    fn breach_of_rungs(&self, block: BlockId, rows: usize) -> Option<Breach> {
        let served = self.catalogue.metric(block, Role::Served)?;
        let rungs: Vec<usize> = self.catalogue.metrics_of(block, Role::ServedBy).collect();
        (0..rows).find_map(|row| {
            (0..self.catalogue.years()).find_map(|year| {
                let on_rungs: f64 = rungs.iter().map(|rung| self.value(block, *rung, row, year)).sum();
                let rule = Rule::RungsWithinServed;
                is_more(on_rungs, self.value(block, served, row, year)).then_some(Breach {
                    block,
                    metric: served,
                    row,
                    year,
                    rule,
                })
            })
        })
    }

    fn value(&self, block: BlockId, metric: usize, row: usize, year: usize) -> f64 {
        let values = self.catalogue.block(block).metrics[metric].values;
        decode(values, self.cells[self.catalogue.cell(block, metric, row, year)])
    }
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
