//! The compiled model of beds: components of pools, who asks where, and the parameters that move them.
//!
//! A *component* is a set of pools that exchange patients: one specialty across all tiers, or all wards of a scenario
//! without people. Components are independent given the path, the people and the day.

use super::hospitals::Hospitals;
use super::intensive::{IntensiveCare, Shares};
use super::network::{CLASSES, Pool};
use super::stay::Stay;
use super::units::Unit;
use crate::language::Text;
use crate::metric::BlockId;
use crate::services::service::ExpandableCapacity;
use crate::uncertainty::Parameter;

/// Tiers, lowest first.
pub(super) const TIERS: [&str; 3] = ["community", "district", "tertiary"];
/// Index of the column of choice shares for hospitals outside the district.
pub(super) const OUTSIDE: usize = 3;

/// One block of results: a tier, or a ward.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) block: BlockId,
    /// Longest wait by class, hours.
    pub(super) limits: [f64; CLASSES],
    /// Share of built beds that are staffed.
    pub(super) staffed: Option<Parameter>,
    /// Share of the refused who find a bed outside the district.
    pub(super) found_outside: Option<Parameter>,
    /// Published use of open beds.
    pub(super) published_use: Option<f64>,
}

/// Beds of one facility and specialty, or of a ward.
#[derive(Clone, Copy, Debug)]
pub(super) struct BedRow {
    pub(super) pool: u16,
    pub(super) area: usize,
    pub(super) beds: f64,
    /// Planned opening and closing, months since year 0; infinite where there is none.
    pub(super) opens: f64,
    pub(super) closes: f64,
    /// The project that moves the opening, or else the closing, and its planned month.
    pub(super) project: Option<(usize, f64)>,
}

impl BedRow {
    /// Whether the beds are open throughout.
    pub(super) const fn is_always_open(&self) -> bool {
        self.opens == f64::NEG_INFINITY && self.closes == f64::INFINITY && self.project.is_none()
    }
}

/// Where requests come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Source {
    /// Residents of an area who choose the tier.
    Area { tier: usize, area: usize },
    /// People from outside the district.
    Inflow { tier: usize },
    /// So many a day, without people.
    Given { per_day: Parameter },
}

/// One source's requests to one pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) source: Source,
    /// Where they live.
    pub(super) label: u16,
    /// The pool asked.
    pub(super) pool: u16,
    /// Whether the source's requests are split over the pools of the tier by open beds, or all go to this one.
    pub(super) split: bool,
}

/// Requests that come together: those of one tier (or ward) and class. Each is of one of the targets, by chance.
#[derive(Clone, Debug)]
pub(super) struct StreamDef {
    /// The tier or ward asked.
    pub(super) group: u8,
    pub(super) class: u8,
    /// Whether requests come from a list with weekday slots, or at random.
    pub(super) listed: bool,
    /// Share of the targets' requests that belong to this class.
    pub(super) share: f64,
    /// Whether the tier is played by the day.
    pub(super) by_day: bool,
    pub(super) targets: Vec<Target>,
}

/// Pools that exchange patients.
#[derive(Clone, Debug)]
pub(super) struct Component {
    /// Index of the specialty; 0 for wards.
    pub(super) specialty: usize,
    /// Its key and name; empty for wards.
    pub(super) name: (String, Text),
    pub(super) pools: Vec<Pool>,
    /// Law of stay of each pool.
    pub(super) stays: Vec<Stay>,
    /// Factor on its mean stays, beside the common one.
    pub(super) stay_level: Option<Parameter>,
    pub(super) rows: Vec<BedRow>,
    pub(super) streams: Vec<StreamDef>,
    /// Step-down from each pool: where to, with what probability, and for how long.
    pub(super) step_downs: Vec<Option<StepDown>>,
    /// Readmission: share of those who go home, and mean days until they ask again.
    pub(super) readmission: Option<(Parameter, f64)>,
    /// Whether waves of an epidemic raise its urgent requests.
    pub(super) epidemic: bool,
    /// Shares of admitted patients who need intensive care, by class: by group, or one row for all groups; empty where nobody
    /// does.
    pub(super) intensive: Vec<Shares>,
}

impl Component {
    /// Whether patients step down to a group.
    pub(super) fn steps_down_to(&self, group: usize) -> bool {
        let to = |step: &StepDown| usize::from(self.pools[usize::from(step.to)].group);
        self.step_downs.iter().flatten().any(|step| to(step) == group)
    }
}

/// Going on to another pool after an acute stay.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepDown {
    pub(super) to: u16,
    pub(super) share: Parameter,
    /// Part of the stay spent before stepping down; `None` when the stay afterwards follows the law of the pool there.
    pub(super) acute_part: Option<f64>,
}

/// What moves the demand of residents.
#[derive(Clone, Debug)]
pub(super) struct DemandModel {
    /// Admissions a year and resident: `specialty x sex x age`.
    pub(super) rates: Vec<f64>,
    /// Admissions per birth by specialty.
    pub(super) per_birth: Vec<Option<Parameter>>,
    /// Level common to all specialties, and each one's own.
    pub(super) level: Parameter,
    pub(super) levels: Vec<Parameter>,
    /// Shares of first choice: `specialty x (tiers + outside)`, adding up to 1.
    pub(super) choice: Vec<[f64; OUTSIDE + 1]>,
    /// Factors on the choice of the community and the district tier and on going outside.
    pub(super) choice_level: [Option<Parameter>; OUTSIDE + 1],
    /// Requests a year from outside the district: `specialty x tier`.
    pub(super) inflow: Vec<[f64; TIERS.len()]>,
    pub(super) inflow_level: [Option<Parameter>; TIERS.len()],
    /// Share of residents of 65 and over who need a long-stay place when they are discharged.
    pub(super) to_elderly_care: Option<Parameter>,
}

/// Days on which fewer or more people ask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holiday {
    /// First and last day, in days since 1 January of year 1.
    pub(super) from: i32,
    pub(super) to: i32,
    /// Factors on urgent requests and on the slots of lists.
    pub(super) urgent: f64,
    pub(super) slots: f64,
}

/// Waves of an epidemic: at most one starts in a year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Epidemic {
    /// Probability that one starts in a year.
    pub(super) chance: Parameter,
    /// Urgent requests at the height of a mean wave, on top of the usual and relative to it, and how this varies.
    pub(super) peak: Parameter,
    pub(super) peak_cv: f64,
    /// First and last week of the year in which it starts.
    pub(super) starts: (u32, u32),
    /// Length, weeks.
    pub(super) weeks: Parameter,
}

/// Regular and irregular swings of urgent requests, and the slots of lists.
#[derive(Clone, Debug)]
pub(super) struct Swings {
    /// Urgent requests by day of the week from Monday, mean 1.
    pub(super) weekday: [f64; 7],
    /// Urgent requests by month, mean 1.
    pub(super) season: [f64; 12],
    /// Slots by day of the week, mean 1.
    pub(super) slots: [f64; 7],
    /// Coefficient of variation of the gamma effect of each day on urgent requests.
    pub(super) day_cv: Parameter,
    /// Public holidays, in the order of the table.
    pub(super) holidays: Vec<Holiday>,
    pub(super) epidemic: Option<Epidemic>,
}

/// The promise in numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct PromiseNumbers {
    /// Largest share of requests that may go without a bed within the wait limit.
    pub(super) refused: f64,
    /// Largest share of days with more than 92 % of open beds in use at midnight.
    pub(super) crowded: f64,
}

/// How the first census comes about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Start {
    /// Whether beds are filled as in the long run, or empty.
    pub(super) stationary: bool,
    /// Days simulated before the first reported one.
    pub(super) warm_up_days: u32,
}

/// The compiled service.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) groups: Vec<Group>,
    /// The block of what became of residents wherever they asked; none without people.
    pub(super) residents: Option<BlockId>,
    /// The beds of each specialty in each tier; none without people.
    pub(super) units: Vec<Unit>,
    /// The facilities that fill their own beds; none without people.
    pub(super) hospitals: Hospitals,
    /// The beds of each specialty in each tier that `more_beds` may add to; none without people.
    pub(super) growing: Vec<ExpandableCapacity>,
    pub(super) components: Vec<Component>,
    /// Units of intensive care.
    pub(super) intensive: Vec<IntensiveCare>,
    /// `None` when demand is given directly.
    pub(super) demand: Option<DemandModel>,
    pub(super) stay_level: Parameter,
    pub(super) swings: Swings,
    pub(super) promise: PromiseNumbers,
    pub(super) start: Start,
    pub(super) areas: usize,
}
