//! The compiled inputs of the three-level network: facilities, services and the rules of asking. Immutable once read.

use super::care::{Care, Level, PriceClass};
use super::demand::need::levels::{ARRANGEMENTS, Shares};
use super::demand::need::prevalence::{InNeed, Prevalence};
use super::demand::need::transitions::Transitions;
use super::demand::need_definitions::Definition;
use crate::language::Text;
use crate::supply::{OpenYears, Schedule};
use crate::uncertainty::Parameter;

/// One row of the table of facilities.
#[derive(Clone, Debug)]
pub(crate) struct Facility {
    pub care: Care,
    pub area: usize,
    pub level: Level,
    /// Places that can be used: built, or as many as the staff can look after.
    pub places: u32,
    pub price: PriceClass,
    /// When they exist.
    pub schedule: Schedule,
}

/// When a facility is open on a path, in years since the first reported 1 January.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenPeriods(pub [OpenYears; 2]);

impl OpenPeriods {
    /// Share of the year that begins at `from` in which it is open.
    pub(crate) fn share_of_year(self, from: f64) -> f64 {
        self.0.iter().map(|open| (open.until.min(from + 1.0) - open.from.max(from)).clamp(0.0, 1.0)).sum()
    }

    /// Whether it is open at any moment of the year that begins at `from`.
    pub(crate) fn is_open_in(self, from: f64) -> bool {
        self.0.iter().any(|open| open.from < open.until && open.from < from + 1.0 && open.until > from)
    }
}

/// What a scenario says of leaving a waiting list; months. Death, recovery and moving away end a wait in any case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// Nobody finds other care.
    UntilDeath,
    /// Mean time until any cause.
    AllCauses(Parameter),
    /// Mean time until other care alone; the other causes come on top.
    OtherCare(Parameter),
}

/// A service that the scenario has: who uses it and how it is given.
#[derive(Clone, Debug)]
pub(crate) struct ServiceUse {
    pub care: Care,
    /// Share of the people of each need who use it, at take-up 1.
    pub share: Shares,
    pub take_up: Parameter,
    /// Relative use by living arrangement.
    pub living: [f64; ARRANGEMENTS],
    /// Mean stay in months; beds have one.
    pub stay: Option<Parameter>,
    pub patience: Patience,
    /// Years.
    pub promised_wait: f64,
    pub outside: Parameter,
    pub places_per_carer: Option<f64>,
    /// Hours of care of a user, a week (home visits) or a day (day places).
    pub hours: Option<f64>,
    /// Use by people entitled to insurance benefits, relative to others of the same need.
    pub benefit_use_ratio: f64,
    /// Kilometres over which use falls to 1 / e.
    pub distance_decay: Option<f64>,
    /// Probability that a user comes on a day, and the days open a year, where they are the service's own.
    pub attendance: Option<Parameter>,
    pub days_open: Option<u32>,
}

/// The network of a scenario with people.
#[derive(Debug)]
pub(crate) struct Network {
    pub prevalence: Prevalence,
    pub transitions: Transitions,
    /// Factor on the odds of need.
    pub need_odds_factor: Parameter,
    /// What is to be said of the transitions.
    pub transitions_note: Option<Text>,
    /// The definition of need, where it was named.
    pub definition: Option<&'static Definition>,
    /// Who counts as being in need.
    pub counted: InNeed,
    /// Share in need by the definition, of the district's own.
    pub share_in_need: Option<Parameter>,
    pub services: Vec<ServiceUse>,
    pub facilities: Vec<Facility>,
    pub attendance: Parameter,
    pub days_open: u32,
    pub district_first: Parameter,
    /// Share of people placed elsewhere who move back to their first choice.
    pub transfer_back: Parameter,
    /// Places on whose lists a person stands at most.
    pub max_registrations: Option<usize>,
    /// Days until lists strike off who is placed elsewhere or gone, where lists are reported.
    pub deregistration_lag: Option<Parameter>,
    /// Kilometres.
    pub overflow_within: f64,
    /// Kilometres of the 15-minute catchment.
    pub catchment_radius: f64,
    pub severe_first: bool,
    /// Share of people with moderate and with severe need who are entitled to insurance benefits.
    pub entitled: [Parameter; 2],
    /// Whether these are of people with local registration, and nobody else is entitled.
    pub registered_only: bool,
    /// Share of people who can pay more than basic prices, and more than ordinary ones, where price classes matter.
    pub can_pay: Option<[f64; 2]>,
}

impl Network {
    /// The facilities of a service, each with its open period on this path.
    pub(crate) fn facilities_of<'a>(
        &'a self,
        care: Care,
        open: &'a [OpenPeriods],
    ) -> impl Iterator<Item = (&'a Facility, OpenPeriods)> {
        self.facilities.iter().zip(open.iter().copied()).filter(move |(facility, _)| facility.care == care)
    }

    /// Days a year on which a service of days is open.
    pub(crate) fn days_open(&self, service: &ServiceUse) -> u32 {
        service.days_open.unwrap_or(self.days_open)
    }
}
