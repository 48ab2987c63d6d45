//! What one path of the uncertain inputs says to elderly care: when facilities are open, who is entitled, how long people stay
//! and wait.

use super::care::Care;
use super::demand::need::levels::{AGES, FIRST_AGE, SexAge};
use super::demand::take_up::{Entitled, Setting};
use super::engine::reneging::YearlyPatience;
use super::network::{Facility, Network, OpenPeriods, Patience, ServiceUse};
use crate::context::ReplicationContext;
use crate::population::view::YearView;
use crate::queue::waiting_line::Stays;
use crate::random::StreamKey;
use crate::supply::Calendar;

const STAY: StreamKey = StreamKey::named("elderly.stay");

/// What holds on a path for all services.
pub(crate) struct Path {
    pub calendar: Calendar,
    /// When each facility is open.
    pub open: Vec<OpenPeriods>,
    pub entitled: Entitled,
    /// Position of the first reported year among the simulated ones.
    pub first_year: usize,
}

impl Path {
    pub(crate) fn setting<'a>(
        &'a self,
        network: &'a Network,
        service: &'a ServiceUse,
        context: &'a ReplicationContext<'a>,
    ) -> Setting<'a> {
        Setting { network, service, open: &self.open, entitled: &self.entitled, context, first_year: self.first_year }
    }
}

/// Residents of the district by sex and age from 60.
pub(crate) fn by_sex_and_age(first: &YearView<'_>) -> Vec<f64> {
    let areas = 0..first.start.areas();
    let of = |at: SexAge| areas.clone().map(|area| f64::from(first.start.at(area, at.sex, at.years()))).sum();
    SexAge::all().map(of).collect()
}

/// The yearly hazard of leaving the district, of the people aged 60+ of each area, as they left in a year.
pub(crate) fn moving_away(year: &YearView<'_>, hazards: &mut Vec<f64>) {
    hazards.clear();
    hazards.extend((0..year.start.areas()).map(|area| {
        let Some(flows) = year.flows else { return 0.0 };
        let people = f64::from(year.start.of_ages(area, FIRST_AGE..FIRST_AGE + AGES));
        let left = SexAge::all().map(|at| flows.of(area, at.sex, at.years()).left).sum::<u32>();
        // All of a few people may leave in a year; a hazard is finite.
        -libm::log1p(-(f64::from(left) / people.max(1.0)).min(0.95))
    }));
}

/// The factor on the odds of need on this path: the one at which the wanted share of `people` is in need, times its
/// uncertainty.
pub(crate) fn need_odds_factor(
    network: &Network,
    context: &ReplicationContext<'_>,
    first: &YearView<'_>,
    people: &[f64],
) -> f64 {
    let factor = context.draw.value(network.need_odds_factor);
    let share = network.share_in_need.map(|share| context.draw.at(share, first.index, 0));
    let wanted = share.or(network.definition.map(|definition| definition.share));
    factor * wanted.map_or(1.0, |share| network.prevalence.odds_factor_for(share, network.counted, people))
}

/// What a service's scenario says of leaving its list, on this path.
pub(crate) fn yearly_patience(service: &ServiceUse, context: &ReplicationContext<'_>, year: usize) -> YearlyPatience {
    let years = |months| context.draw.at(months, year, 0) / 12.0;
    match service.patience {
        Patience::UntilDeath => YearlyPatience::OtherCare(0.0),
        Patience::AllCauses(months) => YearlyPatience::AllCauses(years(months)),
        Patience::OtherCare(months) => YearlyPatience::OtherCare(1.0 / years(months)),
    }
}

pub(crate) fn stays(service: &ServiceUse, context: &ReplicationContext<'_>, year: usize) -> Stays {
    Stays {
        mean: service.stay.map_or(1.0, |months| context.draw.at(months, year, 0) / 12.0),
        chance: context.chance,
        purpose: STAY.with(service.care.name()),
        promised_wait: service.promised_wait,
    }
}

/// Position among the services of the beds that take people from hospital.
pub(crate) fn takes_from_hospital(network: &Network) -> Option<usize> {
    Care::FROM_HOSPITAL.into_iter().find_map(|care| network.services.iter().position(|service| service.care == care))
}

/// Whole places of a facility, as the yearly mean rounded down.
pub(crate) fn open_places(facility: &Facility, open: OpenPeriods, from: f64) -> u32 {
    (f64::from(facility.places) * open.share_of_year(from)) as u32
}
