//! The value of each project: the whole plan against the plan without that one project, replication by replication. So is
//! that of a few more places: the plan with them against the plan.
//!
//! `value_r = unmet_r(without) - unmet_r(with)`: people who would go unserved if this project alone were left out. Both
//! plans draw the same parameters and chance events (common random numbers), so the difference is the project's own.
//! Values do not add up: two projects that stand in for each other are each worth little, and together much.
//!
//! *Needed* is a year in which leaving the project out raises the number unserved at least one time in five more often
//! than it lowers it (where chance events fall apart after a change, ups and downs cancel). *Place-years used* weigh the
//! places that the project adds in an area and year with the use of all places there and then, full at most: of places
//! that share an area's pupils or patients, no one can say which are the project's.

use rayon::prelude::*;

use crate::language::Text;
use crate::metric::{BlockId, CellAddress, Role};
use crate::run::Results;
use crate::scenario::Plan;
use crate::services::service::ExpandableCapacity;
use crate::summary::{Statistic, summarise};

/// A plan and what its replications gave.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its replications.
    pub results: &'a Results,
}

/// What is valued: a project, or more of some places.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Key of the project, or of the stage or unit that grows.
    pub id: String,
    /// Its name.
    pub label: Text,
    /// Planned opening of a project, months since year 0.
    pub opens: Option<f64>,
    /// Position among the projects of the plan.
    project: Option<usize>,
}

impl Subject {
    /// A project of the plan.
    pub fn project(plan: &Plan, at: usize) -> Self {
        let project = &plan.site.projects[at];
        Self { id: project.id.clone(), label: project.label.clone(), opens: Some(project.opens), project: Some(at) }
    }

    /// More of some places.
    pub fn more(growing: &ExpandableCapacity) -> Self {
        Self { id: growing.id.clone(), label: growing.label.clone(), opens: None, project: None }
    }
}

/// What one project, or more of some places, is worth.
#[derive(Clone, Debug)]
pub struct ProjectValue {
    /// What is valued.
    pub subject: Subject,
    /// The stages it changes: those whose places it adds to, and others where it shows.
    pub stages: Vec<StageValue>,
}

/// What a project is worth at one stage of the district.
#[derive(Clone, Debug)]
pub struct StageValue {
    /// The block.
    pub block: BlockId,
    /// Every shown year.
    pub years: Vec<YearValue>,
    /// Fewer people unserved over all shown years together.
    pub fewer: Statistic,
    /// Fewer people sent outside the district for want of a place; `None` where the stage does not tell them apart.
    pub fewer_outside: Option<Statistic>,
    /// Worst year of the plan and of the plan without the project: year and probability of shortage.
    pub worst: [(i32, f64); 2],
    /// Mean place-years that it adds in the shown years; below zero where it takes places away.
    pub place_years: f64,
    /// Mean share of them in use; `None` where it adds none.
    pub used: Option<f64>,
    /// First and last year in which it is needed.
    pub needed: Option<(i32, i32)>,
}

/// What a project is worth in one year.
#[derive(Clone, Copy, Debug)]
pub struct YearValue {
    /// The year.
    pub year: i32,
    /// Fewer people unserved.
    pub fewer: Statistic,
    /// Share of replications with fewer unserved, and with more.
    pub better: f64,
    /// Share of replications with more unserved.
    pub worse: f64,
    /// Probability of shortage with and without the project.
    pub risks: [f64; 2],
    /// Mean places it adds.
    pub places: f64,
}

/// How much more often up than down the number unserved must go for a year to count as needing the project.
const NEEDED: f64 = 0.2;

/// A stage whose places a project leaves alone is listed when its value exceeds this many standard errors.
const SHOWS: f64 = 4.0;

/// What `subject` is worth, from the plan with and without it: the same scenario otherwise, the same seed and number of
/// replications.
pub fn value(with: Outcome<'_>, without: Outcome<'_>, subject: Subject) -> ProjectValue {
    assert_eq!(
        with.plan.catalogue.cells(),
        without.plan.catalogue.cells(),
        "invariant: leaving a project out changes no stage, area or year"
    );
    let blocks: Vec<BlockId> = with.plan.catalogue.blocks().filter(|(_, b)| b.promise.is_some()).map(|b| b.0).collect();
    let stages = blocks
        .into_par_iter()
        .filter_map(|block| {
            let own = subject.project.is_some_and(|project| with.plan.catalogue.projects(block).contains(&project));
            let value = Pair { with, without, block }.value()?;
            let shows = [Some(&value.fewer), value.fewer_outside.as_ref()].into_iter().flatten().any(shows);
            (own || shows || value.place_years.abs() >= 0.5).then_some(value)
        })
        .collect();
    ProjectValue { subject, stages }
}

/// Whether a number of people is more than chance and rounding.
fn shows(fewer: &Statistic) -> bool {
    fewer.mean.abs() > SHOWS * fewer.mcse && fewer.mean.abs() >= 0.5
}

/// One stage with and without the project.
struct Pair<'a> {
    with: Outcome<'a>,
    without: Outcome<'a>,
    block: BlockId,
}

impl Pair<'_> {
    fn value(&self) -> Option<StageValue> {
        let plan = self.with.plan;
        let unmet = plan.catalogue.metric(self.block, Role::Unmet)?;
        let district = plan.catalogue.district(self.block);
        let replications = self.with.results.replications();
        let (mut sum, mut sorted) = (vec![0.0; replications], Vec::new());
        let (mut years, mut place_years, mut in_use) = (Vec::new(), 0.0, 0.0);
        for year in plan.shown_from..=plan.site.end {
            let index = (year - plan.site.start) as usize;
            let [with, mut fewer] = self.columns(unmet, district, index);
            for (value, with) in fewer.iter_mut().zip(&with) {
                *value -= with;
            }
            sum.iter_mut().zip(&fewer).for_each(|(sum, value)| *sum += value);
            let (added, used) = self.places(index);
            place_years += added;
            in_use += used;
            let share = |count: usize| count as f64 / replications as f64;
            years.push(YearValue {
                year,
                better: share(fewer.iter().filter(|v| **v > 0.0).count()),
                worse: share(fewer.iter().filter(|v| **v < 0.0).count()),
                fewer: summarise(&fewer, &mut sorted)?,
                risks: self.risks(district, index),
                places: added,
            });
        }
        let worst = |side: usize| {
            let risks = years.iter().map(|y| (y.year, y.risks[side]));
            risks.reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap_or((plan.shown_from, 0.0))
        };
        let needed = |y: &&YearValue| y.better - y.worse >= NEEDED;
        let span = years.iter().find(needed).zip(years.iter().rfind(needed)).map(|(a, b)| (a.year, b.year));
        Some(StageValue {
            block: self.block,
            fewer: summarise(&sum, &mut sorted)?,
            fewer_outside: self.fewer_outside(),
            worst: [worst(0), worst(1)],
            place_years,
            used: (in_use.is_finite() && place_years > 0.0).then(|| in_use / place_years),
            needed: span,
            years,
        })
    }

    /// Fewer people sent outside the district over all shown years together.
    fn fewer_outside(&self) -> Option<Statistic> {
        let plan = self.with.plan;
        let (outside, district) =
            (plan.catalogue.metric(self.block, Role::Outside)?, plan.catalogue.district(self.block));
        let mut sum = vec![0.0; self.with.results.replications()];
        for year in plan.shown_from..=plan.site.end {
            let [with, without] = self.columns(outside, district, (year - plan.site.start) as usize);
            sum.iter_mut().zip(without.iter().zip(&with)).for_each(|(sum, (without, with))| *sum += without - with);
        }
        summarise(&sum, &mut Vec::new())
    }

    /// Values of a metric by replication, with and without the project.
    fn columns(&self, metric: usize, row: usize, year: usize) -> [Vec<f64>; 2] {
        [self.with, self.without].map(|side| {
            let mut column = Vec::new();
            side.results.column(
                &side.plan.catalogue,
                CellAddress { block: self.block, metric, row, year },
                &mut column,
            );
            column
        })
    }

    fn risks(&self, district: usize, year: usize) -> [f64; 2] {
        let Some(short) = self.with.plan.catalogue.metric(self.block, Role::TargetMissed) else { return [0.0; 2] };
        self.columns(short, district, year).map(|column| column.iter().sum::<f64>() / column.len() as f64)
    }

    /// Mean places that the project adds in a year, and how many of them are in use.
    fn places(&self, year: usize) -> (f64, f64) {
        let catalogue = &self.with.plan.catalogue;
        let district = catalogue.district(self.block);
        let whole = self.places_of(district, year);
        if !catalogue.block(self.block).by_area {
            return whole;
        }
        let areas = (0..catalogue.areas()).map(|row| self.places_of(row, year));
        let (added, used) = areas.fold((0.0, 0.0), |sum, area| (sum.0 + area.0, sum.1 + area.1));
        // Places that stand in no area (a district's centre) are used as the district's are.
        let rest = whole.0 - added;
        let share = if whole.0 > 0.0 { whole.1 / whole.0 } else { 0.0 };
        (whole.0, if rest > 1e-9 { used + rest * share } else { used })
    }

    fn places_of(&self, row: usize, year: usize) -> (f64, f64) {
        let catalogue = &self.with.plan.catalogue;
        let Some(places) = catalogue.metric(self.block, Role::Capacity) else { return (0.0, 0.0) };
        let [with, without] = self.columns(places, row, year);
        let uses = catalogue
            .metric(self.block, Role::Utilisation)
            .map(|metric| self.columns(metric, row, year))
            .map_or_else(Vec::new, |[with, _]| with);
        let (mut added, mut used) = (0.0, 0.0);
        for (i, (with, without)) in with.iter().zip(&without).enumerate() {
            let more = with - without;
            // No use is measured where there is no place.
            let share = uses.get(i).copied().filter(|share| share.is_finite()).unwrap_or(0.0);
            added += more;
            used += more * share.min(1.0);
        }
        let n = with.len() as f64;
        (added / n, used / n)
    }
}
