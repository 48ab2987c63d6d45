//! The targets to which places can be added, and where each lump of them goes.

use super::judge::{Kept, is_kept, tightest};
use super::proposal::{self, Looked};
use super::trial::{Outcome, Trials};
use super::variant::Addition;
use crate::metric::BlockId;

/// A row of results that promises something, and the points that serve it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The stage or unit.
    pub block: BlockId,
    /// Area, or the district's row.
    pub row: usize,
    /// Probability with which the promise is to be kept.
    pub confidence: f64,
    /// Units of a lump.
    pub lump: u32,
    /// Where it grows.
    pub points: Vec<usize>,
    /// How the plan as it is keeps it.
    pub base: Vec<Kept>,
    /// Lumps that are missing at each point, as a formula proposes.
    pub(super) missing: Vec<f64>,
}

impl Target {
    /// Whether the plan keeps it as it is.
    pub fn is_kept_already(&self) -> bool {
        is_kept(&self.base, self.confidence)
    }

    /// The year in which the plan as it is keeps it least surely.
    pub fn tightest_year(&self) -> i32 {
        tightest(&self.base).map_or(0, |year| year.year)
    }

    /// Years in which the plan as it is does not keep it.
    pub fn years_missed(&self) -> impl DoubleEndedIterator<Item = i32> + '_ {
        self.base.iter().filter(|year| !year.is_enough(self.confidence)).map(|year| year.year)
    }

    /// What so many lumps add. Each goes where most are still missing, so that a larger number only adds to a smaller one.
    pub fn additions(&self, lumps: u32, opens: Option<i32>) -> Vec<Addition> {
        let mut given = vec![0_u32; self.points.len()];
        for _ in 0..lumps {
            let still = |at: usize| self.missing[at] - f64::from(given[at]);
            let most = (0..given.len()).reduce(|most, at| if still(at) > still(most) { at } else { most });
            if let Some(most) = most {
                given[most] += 1;
            }
        }
        let given = self.points.iter().zip(given).filter(|(_, lumps)| *lumps > 0);
        given.map(|(point, lumps)| Addition { point: *point, units: lumps * self.lump, opens }).collect()
    }
}

/// What so many lumps at each target add, open from these years or from the first on.
pub(super) fn additions_of(
    targets: &[Target],
    lumps: impl Iterator<Item = u32>,
    opens: impl Iterator<Item = Option<i32>>,
) -> Vec<Addition> {
    targets.iter().zip(lumps).zip(opens).flat_map(|((target, lumps), opens)| target.additions(lumps, opens)).collect()
}

/// All targets with points, in the order of results.
pub(super) fn targets(trials: &Trials<'_>, base: &Outcome) -> Vec<Target> {
    let catalogue = &trials.plan.catalogue;
    let mut targets = Vec::new();
    for (block, def) in catalogue.blocks() {
        let Some(promise) = &def.promise else { continue };
        let single = catalogue.areas() < 2 || !def.by_area;
        let district = catalogue.district(block);
        let mut rows: Vec<(usize, Vec<usize>)> = Vec::new();
        for (at, point) in trials.points.iter().enumerate().filter(|(_, point)| point.block == block) {
            let row = point.area.filter(|_| !single).unwrap_or(district);
            match rows.iter_mut().find(|(own, _)| *own == row) {
                Some((_, points)) => points.push(at),
                None => rows.push((row, vec![at])),
            }
        }
        rows.sort_by_key(|(row, _)| *row);
        targets.extend(rows.into_iter().map(|(row, points)| {
            let usual = points.iter().map(|point| trials.points[*point].lump).max().unwrap_or(1);
            let mut target = Target {
                block,
                row,
                confidence: promise.confidence,
                lump: trials.plan.building.lump(block).unwrap_or(usual),
                missing: vec![0.0; points.len()],
                points,
                base: trials.kept(base, block, row),
            };
            let looked = Looked { block, row, year: target.tightest_year(), confidence: target.confidence };
            let units = proposal::missing(trials, base, looked, &target.points);
            target.missing = units.into_iter().map(|units| units / f64::from(target.lump)).collect();
            target
        }));
    }
    targets
}
