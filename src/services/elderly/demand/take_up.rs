//! Who would use a service: the share of each need that does, by living arrangement, entitlement and distance.
//!
//! Observed use sets the level; everything else only moves it about. On the first 1 January the factors by living
//! arrangement keep each need's use in the district, the decay with distance keeps the district's, and entitlement counts
//! as it is: only what changes later changes use. Where insurance entitles only those with local registration, their share
//! of the old people of each area changes it too.

use super::need::levels::{ARRANGEMENTS, FIRST_AGE, LEVELS, MODERATE, Shares};
use super::old_age_population::{NeedAndLiving, OlderPopulation};
use crate::context::ReplicationContext;
use crate::population::view::{AGES, People, YearView};
use crate::random::{BinomialChance, Stream};
use crate::services::elderly::network::{Network, OpenPeriods, ServiceUse};

/// Share of the old people of each area whom insurance may entitle: all of them, or those with local registration.
#[derive(Clone, Debug)]
pub(crate) struct Entitled {
    /// This year.
    now: Vec<f64>,
    at_start: Vec<f64>,
}

impl Entitled {
    /// Everyone, in `areas` areas.
    pub(crate) fn everyone(areas: usize) -> Self {
        Self { now: vec![1.0; areas], at_start: vec![1.0; areas] }
    }

    /// Takes over the old people of the first reported year, who are kept as the start.
    pub(crate) fn open(&mut self, first: &YearView<'_>, registered_only: bool) {
        self.update(first, registered_only);
        self.at_start.copy_from_slice(&self.now);
    }

    /// Takes over the old people of a year.
    pub(crate) fn update(&mut self, year: &YearView<'_>, registered_only: bool) {
        let Some(registered) = year.registered.filter(|_| registered_only) else { return };
        for (area, now) in self.now.iter_mut().enumerate() {
            let of = |people: &People| f64::from(people.of_ages(area, FIRST_AGE..AGES));
            *now = of(registered.start) / of(year.start).max(1.0);
        }
    }
}

/// What take-up depends on besides the people: the service, where it is open, and the path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub network: &'a Network,
    pub service: &'a ServiceUse,
    /// By facility.
    pub open: &'a [OpenPeriods],
    pub entitled: &'a Entitled,
    pub context: &'a ReplicationContext<'a>,
    /// Position of the first reported year among the simulated ones.
    pub first_year: usize,
}

/// Use of one service on one path.
#[derive(Clone, Debug)]
pub(crate) struct TakeUp {
    /// Probability of use at take-up 1 by need and living arrangement.
    relative: [[f64; ARRANGEMENTS]; LEVELS],
    /// The year's factor by need. Shape: area.
    by_need: Vec<Shares>,
    /// The year's take-up. Shape: area.
    level: Vec<f64>,
    /// Factor of distance, and what keeps the district's use at the start. Shape: area.
    by_area: Vec<f64>,
    whole: f64,
}

impl TakeUp {
    pub(crate) fn new(areas: usize) -> Self {
        Self {
            relative: [[0.0; ARRANGEMENTS]; LEVELS],
            by_need: vec![[1.0; LEVELS]; areas],
            level: vec![1.0; areas],
            by_area: vec![1.0; areas],
            whole: 1.0,
        }
    }

    /// Starts a path with the people of the first reported 1 January.
    pub(crate) fn open(&mut self, setting: &Setting<'_>, old: &OlderPopulation) {
        let areas = self.by_area.len();
        self.relative = relative_use(setting.service, (0..areas).map(|area| old.by_need(area)));
        self.whole = 1.0;
        self.by_area.fill(1.0);
        self.level.fill(1.0);
        self.by_need.fill([1.0; LEVELS]);
        let use_of = |this: &Self| (0..areas).map(|area| this.expected(old, area).iter().sum::<f64>()).sum::<f64>();
        let whole = use_of(self);
        self.set_distance(setting, 0.0);
        let moved = use_of(self);
        self.whole = if moved > 0.0 { whole / moved } else { 1.0 };
        self.set_year(setting, setting.first_year);
    }

    /// Sets the factors of a year (its position among the simulated years).
    pub(crate) fn set_year(&mut self, setting: &Setting<'_>, year: usize) {
        let Setting { network, service, entitled, context, first_year, .. } = *setting;
        for (area, level) in self.level.iter_mut().enumerate() {
            *level = context.draw.at(service.take_up, year, area);
        }
        let ratio = service.benefit_use_ratio - 1.0;
        for (by_need, (now, at_start)) in self.by_need.iter_mut().zip(entitled.now.iter().zip(&entitled.at_start)) {
            *by_need = [1.0; LEVELS];
            for (factor, share) in by_need[MODERATE..].iter_mut().zip(network.entitled) {
                let pull = |year: usize, may: f64| 1.0 + context.draw.at(share, year, 0) * may * ratio;
                let (now, then) = (pull(year, *now), pull(first_year, *at_start));
                *factor *= if then > 0.0 { now / then } else { 1.0 };
            }
        }
        self.set_distance(setting, (year - first_year) as f64);
    }

    /// Use falls exponentially with the way to the nearest subdistrict in which a place of the service is open in the year
    /// that begins `from` years after the start.
    fn set_distance(&mut self, setting: &Setting<'_>, from: f64) {
        let Some(decay) = setting.service.distance_decay else { return };
        for (area, factor) in self.by_area.iter_mut().enumerate() {
            let nearest = setting
                .network
                .facilities_of(setting.service.care, setting.open)
                .filter(|(facility, open)| facility.places > 0 && open.is_open_in(from))
                .map(|(facility, _)| setting.context.site.kilometres(area, facility.area))
                .fold(f64::INFINITY, f64::min);
            *factor = libm::exp(-nearest / decay) * self.whole;
        }
    }

    fn probability(&self, area: usize, level: usize) -> [f64; ARRANGEMENTS] {
        let factor = self.level[area] * self.by_need[area][level] * self.by_area[area];
        self.relative[level].map(|p| (p * factor).min(1.0))
    }

    /// How often people of a milder level ask in an area, of those who asked at a worse one (never more than all).
    pub(crate) fn goes_on(&self, service: &ServiceUse, area: usize, from: usize, to: usize) -> f64 {
        let use_at = |level: usize| service.share[level] * self.by_need[area][level];
        if use_at(from) > 0.0 { (use_at(to) / use_at(from)).min(1.0) } else { 0.0 }
    }

    /// Expected users of an area by need.
    pub(crate) fn expected(&self, old: &OlderPopulation, area: usize) -> Shares {
        std::array::from_fn(|level| {
            let people = &old.by_need(area)[level];
            people.iter().zip(self.probability(area, level)).map(|(n, p)| f64::from(*n) * p).sum()
        })
    }

    /// Multiplies, by need and living arrangement, the probability of using none of several services by that of not using this
    /// one: who uses what is independent, given need and living arrangement.
    pub(crate) fn and_not_this(&self, area: usize, none: &mut [[f64; ARRANGEMENTS]; LEVELS]) {
        for (level, none) in none.iter_mut().enumerate() {
            none.iter_mut().zip(self.probability(area, level)).for_each(|(none, p)| *none *= 1.0 - p);
        }
    }

    /// People of an area who may ever ask: those of a need and living arrangement that uses the service.
    pub(crate) fn may_ask(&self, old: &OlderPopulation, area: usize) -> u32 {
        let of_level = |level: usize| {
            let people = old.by_need(area)[level].iter().zip(self.probability(area, level));
            people.map(|(count, p)| if p > 0.0 { *count } else { 0 }).sum::<u32>()
        };
        (0..LEVELS).map(of_level).sum()
    }

    /// People of an area who use the service, each with the probability of their need and living arrangement.
    pub(crate) fn users(&self, old: &OlderPopulation, area: usize, stream: &mut Stream) -> Users {
        let mut users = Users::default();
        for level in 0..LEVELS {
            users.severe = 0;
            for (count, p) in old.by_need(area)[level].iter().zip(self.probability(area, level)) {
                users.severe += BinomialChance::new(p).draw(*count, stream.uniform(), stream);
            }
            users.all += users.severe;
        }
        users
    }
}

/// People who use a service.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Users {
    pub all: u32,
    /// Those of the last level, severe need.
    pub severe: u32,
}

/// Probability of use at take-up 1 by need and living arrangement: in each need, the stated share on the average of the
/// people of the first 1 January, spread by the relative use of the arrangements.
fn relative_use<'a>(
    service: &ServiceUse,
    areas: impl Iterator<Item = &'a NeedAndLiving>,
) -> [[f64; ARRANGEMENTS]; LEVELS] {
    let mut people = [[0.0; ARRANGEMENTS]; LEVELS];
    for area in areas {
        for (sum, count) in people.iter_mut().flatten().zip(area.iter().flatten()) {
            *sum += f64::from(*count);
        }
    }
    std::array::from_fn(|level| {
        let all: f64 = people[level].iter().sum();
        let weighted: f64 = people[level].iter().zip(service.living).map(|(n, factor)| n * factor).sum();
        service.living.map(|factor| service.share[level] * if weighted > 0.0 { factor * all / weighted } else { 1.0 })
    })
}
