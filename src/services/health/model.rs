//! The compiled model of beds: components of pools, who asks where, and the parameters that move them.
//!
//! A *component* is a set of pools that exchange patients: one specialty across all tiers, or all wards of a scenario
//! without people. Components are independent given the path, the people and the day.

use crate::language::Text;
use crate::metric::BlockId;
use crate::random::StreamKey;
use crate::services::health::stay::discharge::Discharge;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::service::{ExpandableCapacity, GrowthPoint};
use crate::supply::Schedule;
use crate::uncertainty::Parameter;

/// In place of a pool or of a place of residence: there is none.
pub(crate) const NONE: u16 = u16::MAX;

/// How patients come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Unannounced.
    Urgent,
    /// From a list, or at random without urgency.
    Elective,
}

/// How many classes there are.
pub(crate) const CLASSES: usize = 2;

impl Class {
    /// Both, in the order in which they are served.
    pub(crate) const ALL: [Self; CLASSES] = [Self::Urgent, Self::Elective];

    /// Its place in [`Class::ALL`].
    #[inline]
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// Beds that are filled as one.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    /// Its name in random streams: that of a ward, of a tier, or of a facility in it.
    pub(crate) name: StreamKey,
    /// The block (tier or ward) that it belongs to.
    pub(crate) group: u8,
    /// Pools that take those who find it full, in this order, by class.
    pub(crate) overflow: [Vec<u16>; CLASSES],
    /// How many may wait at once.
    pub(crate) waiting_places: u32,
    /// Whether it is played by the day.
    pub(crate) by_day: bool,
    /// When patients who are ready leave; at once if nothing is said.
    pub(crate) discharge: Option<Discharge>,
}

/// One block of results: a tier, or a ward.
#[derive(Clone, Debug)]
pub(crate) struct BedGroup {
    pub(crate) block: BlockId,
    /// Its name in random streams.
    pub(crate) name: StreamKey,
    /// Longest wait by class, hours.
    pub(crate) limits: [f64; CLASSES],
    /// Share of built beds that are staffed.
    pub(crate) staffed: Option<Parameter>,
    /// Share of the refused who find a bed outside the district.
    pub(crate) found_outside: Option<Parameter>,
    /// Published use of open beds.
    pub(crate) published_use: Option<f64>,
}

/// Beds of one facility and specialty, or of a ward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BedRow {
    pub(crate) pool: u16,
    pub(crate) area: usize,
    pub(crate) beds: u32,
    /// When they are open.
    pub(crate) schedule: Schedule,
}

/// Where requests come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RequestSource {
    /// Residents of an area who choose the tier.
    Area { tier: Tier, area: usize },
    /// People from outside the district.
    Inflow { tier: Tier },
    /// So many a day, without people.
    Given { per_day: Parameter },
}

/// One source's requests to one pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestTarget {
    pub(crate) source: RequestSource,
    /// Where they live.
    pub(crate) label: u16,
    /// The pool asked.
    pub(crate) pool: u16,
    /// Whether the source's requests are split over the pools of the tier by open beds, or all go to this one.
    pub(crate) split: bool,
}

/// Requests that come together: those of one tier (or ward) and class. Each is of one of the targets, by chance.
#[derive(Clone, Debug)]
pub(crate) struct RequestStream {
    /// The tier or ward asked.
    pub(crate) group: u8,
    pub(crate) class: Class,
    /// Whether requests come from a list with weekday slots, or at random.
    pub(crate) listed: bool,
    /// Share of the targets' requests that belong to this class.
    pub(crate) share: f64,
    /// Whether the tier is played by the day.
    pub(crate) by_day: bool,
    pub(crate) targets: Vec<RequestTarget>,
    /// What it draws, by its name.
    pub(crate) lanes: RequestLanes,
}

/// The names of the random lanes of one stream of requests: no stream moves the draws of another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestLanes {
    /// How many ask.
    pub(crate) count: StreamKey,
    /// What each of them is like, and what that asks for beyond a word each.
    pub(crate) patient: StreamKey,
    pub(crate) more: StreamKey,
    /// Whether they step down.
    pub(crate) step: StreamKey,
    /// What comes after the stay, and for how long the bed is kept then.
    pub(crate) fate: StreamKey,
    pub(crate) kept: StreamKey,
    /// The part of a request with which a list starts a year.
    pub(crate) phase: StreamKey,
}

impl RequestLanes {
    /// Those of the stream of this name.
    pub(crate) const fn new(name: StreamKey) -> Self {
        Self {
            count: StreamKey::named("health.requests.count").with(name),
            patient: StreamKey::named("health.requests.patient").with(name),
            more: StreamKey::named("health.requests.more").with(name),
            step: StreamKey::named("health.requests.step-down").with(name),
            fate: StreamKey::named("health.requests.fate").with(name),
            kept: StreamKey::named("health.requests.kept-bed").with(name),
            phase: StreamKey::named("health.list.phase").with(name),
        }
    }
}

/// Pools that exchange patients.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// Index of the specialty; 0 for wards.
    pub(crate) specialty: usize,
    /// Its key, empty for wards, and its name.
    pub(crate) id: String,
    pub(crate) label: Text,
    /// Its name in random streams.
    pub(crate) name: StreamKey,
    pub(crate) pools: Vec<Pool>,
    /// Law of stay of each pool.
    pub(crate) stays: Vec<Stay>,
    /// Factor on its mean stays, beside the common one.
    pub(crate) stay_level: Option<Parameter>,
    pub(crate) rows: Vec<BedRow>,
    pub(crate) streams: Vec<RequestStream>,
    /// Step-down from each pool: where to, with what probability, and for how long.
    pub(crate) step_downs: Vec<Option<StepDown>>,
    pub(crate) readmission: Option<Readmission>,
    /// Whether waves of an epidemic raise its urgent requests.
    pub(crate) epidemic: bool,
    /// Shares of admitted patients who need intensive care, by class: by group, or one row for all groups; empty where nobody
    /// does.
    pub(crate) intensive: Vec<Shares>,
}

impl Component {
    /// Whether patients step down to a group.
    pub(crate) fn steps_down_to(&self, group: usize) -> bool {
        let to = |step: &StepDown| usize::from(self.pools[usize::from(step.to)].group);
        self.step_downs.iter().flatten().any(|step| to(step) == group)
    }
}

/// Coming back after a stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readmission {
    /// Share of those who go home that ask again.
    pub(crate) share: Parameter,
    /// Mean days until then.
    pub(crate) after_days: f64,
}

/// Going on to another pool after an acute stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepDown {
    pub(crate) to: u16,
    pub(crate) share: Parameter,
    /// Part of the stay spent before stepping down; `None` when the stay afterwards follows the law of the pool there.
    pub(crate) acute_part: Option<f64>,
}

/// What moves the demand of residents.
#[derive(Clone, Debug)]
pub(crate) struct DemandModel {
    /// Admissions a year and resident: `specialty x sex x age`.
    pub(crate) rates: Vec<f64>,
    /// Admissions per birth by specialty.
    pub(crate) per_birth: Vec<Option<Parameter>>,
    /// Level common to all specialties, and each one's own.
    pub(crate) level: Parameter,
    pub(crate) levels: Vec<Parameter>,
    /// Shares of first choice by specialty, adding up to 1.
    pub(crate) choice: Vec<ByDestination<f64>>,
    /// Factors on the choice of each tier and on going outside; the tertiary tier takes what the others leave.
    pub(crate) choice_factor: ByDestination<Option<Parameter>>,
    /// Requests a year from outside the district, by specialty.
    pub(crate) inflow: Vec<ByTier<f64>>,
    pub(crate) inflow_factor: ByTier<Option<Parameter>>,
    /// Share of residents of 65 and over who need a long-stay place when they are discharged.
    pub(crate) to_elderly_care: Option<Parameter>,
}

/// Days on which fewer or more people ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holiday {
    /// First and last day, in days since 1 January of year 1.
    pub(crate) from: i32,
    pub(crate) to: i32,
    /// Factors on urgent requests and on the slots of lists.
    pub(crate) urgent: f64,
    pub(crate) slots: f64,
}

/// Waves of an epidemic: at most one starts in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Epidemic {
    /// Probability that one starts in a year.
    pub(crate) chance: Parameter,
    /// Urgent requests at the height of a mean wave, on top of the usual and relative to it, and how this varies.
    pub(crate) peak: Parameter,
    pub(crate) peak_cv: f64,
    /// First and last week of the year in which it starts.
    pub(crate) starts: (u32, u32),
    /// Length, weeks.
    pub(crate) weeks: Parameter,
}

/// Regular and irregular swings of urgent requests, and the slots of lists.
#[derive(Clone, Debug)]
pub(crate) struct DemandVariation {
    /// Urgent requests by day of the week from Monday, mean 1.
    pub(crate) weekday: [f64; 7],
    /// Urgent requests by month, mean 1.
    pub(crate) season: [f64; 12],
    /// Slots by day of the week, mean 1.
    pub(crate) slots: [f64; 7],
    /// Coefficient of variation of the gamma effect of each day on urgent requests.
    pub(crate) day_cv: Parameter,
    /// Public holidays, in the order of the table.
    pub(crate) holidays: Vec<Holiday>,
    pub(crate) epidemic: Option<Epidemic>,
}

/// The promise in numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PromiseNumbers {
    /// Largest share of requests that may go without a bed within the wait limit.
    pub(crate) refused: f64,
    /// Largest share of days with more than 92 % of open beds in use at midnight.
    pub(crate) crowded: f64,
}

/// Who is in bed at first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OpeningCensus {
    /// As many as in the long run.
    Stationary,
    /// Nobody.
    Empty,
    /// The patients who were counted, by pool of the wards.
    Counted(Vec<CountedPatients>),
}

/// Patients who were counted on the first day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CountedPatients {
    pub(crate) pool: u16,
    pub(crate) patients: u32,
    /// For how long they have been in bed, hours, if that is known; else as in the long run.
    pub(crate) so_far: Option<f64>,
}

/// How the first census comes about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OpeningBeds {
    pub(crate) census: OpeningCensus,
    /// Days simulated before the first reported one.
    pub(crate) warm_up_days: u32,
}

/// Shares of admitted patients who need intensive care, by class.
pub(crate) type Shares = [Option<Parameter>; CLASSES];

/// A unit of intensive care.
#[derive(Clone, Debug)]
pub(crate) struct IntensiveCare {
    pub(crate) block: BlockId,
    /// Its name in random streams.
    pub(crate) name: StreamKey,
    /// Tiers or wards whose patients it takes.
    pub(crate) groups: Vec<usize>,
    /// Its beds, as a component of one pool of one group.
    pub(crate) beds: Component,
    pub(crate) group: [BedGroup; 1],
    pub(crate) stay: Stay,
    pub(crate) stay_level: Parameter,
    /// Share of needs that begin with the admission.
    pub(crate) at_once: f64,
}

/// One unit: its component and group, and its block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpecialtyUnit {
    pub(crate) component: usize,
    pub(crate) group: usize,
    pub(crate) block: BlockId,
}

/// In place of a hospital: the pool belongs to several.
pub(crate) const NO_HOSPITAL: u16 = u16::MAX;

/// The hospitals of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hospitals {
    pub(crate) blocks: Vec<BlockId>,
    /// The hospital of each pool, by component.
    pub(crate) of_pool: Vec<Vec<u16>>,
}

impl Hospitals {
    /// The pools of a component that are a hospital's, with the hospital.
    pub(crate) fn pools(&self, component: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let pools = self.of_pool.get(component).into_iter().flatten().enumerate();
        pools.filter(|(_, hospital)| **hospital != NO_HOSPITAL).map(|(pool, hospital)| (pool, usize::from(*hospital)))
    }
}

/// The compiled service.
#[derive(Debug)]
pub(crate) struct HealthModel {
    pub(crate) groups: Vec<BedGroup>,
    /// The block of what became of residents wherever they asked; none without people.
    pub(crate) residents: Option<BlockId>,
    /// The beds of each specialty in each tier; none without people.
    pub(crate) units: Vec<SpecialtyUnit>,
    /// The facilities that fill their own beds; none without people.
    pub(crate) hospitals: Hospitals,
    /// The beds of each specialty in each tier that `additional_beds` may add to; none without people.
    pub(crate) growing: Vec<ExpandableCapacity>,
    /// Where beds can be built.
    pub(crate) growth: Vec<GrowthPoint>,
    pub(crate) components: Vec<Component>,
    /// Units of intensive care.
    pub(crate) intensive: Vec<IntensiveCare>,
    /// `None` when demand is given directly.
    pub(crate) demand: Option<DemandModel>,
    pub(crate) stay_level: Parameter,
    pub(crate) variation: DemandVariation,
    pub(crate) promise: PromiseNumbers,
    pub(crate) start: OpeningBeds,
    pub(crate) areas: usize,
    /// What areas, and the outside as the last, are called in random streams.
    pub(crate) label_names: Vec<StreamKey>,
}
