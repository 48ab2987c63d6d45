//! Who would use a service: the share of each need that does, by living arrangement, entitlement and distance.
//!
//! Observed use sets the level; everything else only moves it about. On the first 1 January the factors by living
//! arrangement keep each need's use in the district, the decay with distance keeps the district's, and entitlement counts
//! as it is: only what changes later changes use. Where insurance entitles only those with local registration, their share
//! of the old people of each area changes it too.

use super::need::{ARRANGEMENTS, FIRST_AGE, LEVELS, Shares};
use super::population::{NeedAndLiving, Old};
use super::spec::{Network, Use};
use crate::context::ReplicationContext;
use crate::population::view::{AGES, People, YearView};
use crate::random::{BinomialChance, Stream};

/// First level that insurance may entitle: moderate.
const ENTITLED_FROM: usize = 2;

/// Share of the old people of each area whom insurance may entitle: all of them, or those with local registration.
#[derive(Clone, Debug)]
pub(super) struct Entitled {
    /// This year.
    may: Vec<f64>,
    /// At the start.
    might: Vec<f64>,
}

impl Entitled {
    /// Everyone, in `areas` areas.
    pub(super) fn everyone(areas: usize) -> Self {
        Self { may: vec![1.0; areas], might: vec![1.0; areas] }
    }

    /// The old people of a year; those of the first one are kept as the start.
    pub(super) fn see(&mut self, year: &YearView<'_>, registered_only: bool, first: bool) {
        if let Some(registered) = year.registered.filter(|_| registered_only) {
            for (area, may) in self.may.iter_mut().enumerate() {
                let of = |people: &People| f64::from(people.of_ages(area, FIRST_AGE..AGES));
                *may = of(registered.start) / of(year.start).max(1.0);
            }
        }
        if first {
            self.might.copy_from_slice(&self.may);
        }
    }
}

/// Use of one service on one path.
#[derive(Clone, Debug)]
pub(super) struct TakeUp {
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
    pub(super) fn new(areas: usize) -> Self {
        Self {
            relative: [[0.0; ARRANGEMENTS]; LEVELS],
            by_need: vec![[1.0; LEVELS]; areas],
            level: vec![1.0; areas],
            by_area: vec![1.0; areas],
            whole: 1.0,
        }
    }

    /// Starts a path with the people of the first 1 January; `year` is the first reported one.
    pub(super) fn open(
        &mut self,
        (network, service, usage): (&Network, usize, &Use),
        old: &Old,
        openings: &[(f64, f64)],
        (entitled, context): (&Entitled, &ReplicationContext<'_>),
        year: usize,
    ) {
        let areas = self.by_area.len();
        self.relative = relative_use(usage, (0..areas).map(|area| old.by_need(area)));
        self.whole = 1.0;
        self.by_area.fill(1.0);
        self.level.fill(1.0);
        self.by_need.fill([1.0; LEVELS]);
        let use_of = |this: &Self| (0..areas).map(|area| this.expected(old, area).iter().sum::<f64>()).sum::<f64>();
        let whole = use_of(self);
        self.set_distance((network, service, usage), openings, context, 0.0);
        let moved = use_of(self);
        self.whole = if moved > 0.0 { whole / moved } else { 1.0 };
        self.set_year((network, service, usage), openings, (entitled, context), (year, year, 0.0));
    }

    /// Sets the factors of a year (position among the simulated years, that of the first reported one, and years between).
    pub(super) fn set_year(
        &mut self,
        (network, service, usage): (&Network, usize, &Use),
        openings: &[(f64, f64)],
        (entitled, context): (&Entitled, &ReplicationContext<'_>),
        (year, first, from): (usize, usize, f64),
    ) {
        for (area, level) in self.level.iter_mut().enumerate() {
            *level = context.draw.at(usage.take_up, year, area);
        }
        for (by_need, (now, first_share)) in self.by_need.iter_mut().zip(entitled.may.iter().zip(&entitled.might)) {
            *by_need = [1.0; LEVELS];
            for (factor, share) in by_need[ENTITLED_FROM..].iter_mut().zip(network.entitled) {
                let pull =
                    |year: usize, may: f64| 1.0 + context.draw.at(share, year, 0) * may * (usage.if_entitled - 1.0);
                let (now, then) = (pull(year, *now), pull(first, *first_share));
                *factor *= if then > 0.0 { now / then } else { 1.0 };
            }
        }
        self.set_distance((network, service, usage), openings, context, from);
    }

    /// Use falls exponentially with the way to the nearest subdistrict in which a place of the service is open this year.
    fn set_distance(
        &mut self,
        (network, service, usage): (&Network, usize, &Use),
        openings: &[(f64, f64)],
        context: &ReplicationContext<'_>,
        from: f64,
    ) {
        let Some(decay) = usage.decay else { return };
        for (area, factor) in self.by_area.iter_mut().enumerate() {
            let open = network.facilities.iter().zip(openings).filter(|(facility, (opens, closes))| {
                facility.service == service && facility.places > 0 && *opens < from + 1.0 && *closes > from
            });
            let nearest =
                open.map(|(facility, _)| context.site.kilometres(area, facility.area)).fold(f64::INFINITY, f64::min);
            *factor = libm::exp(-nearest / decay) * self.whole;
        }
    }

    fn probability(&self, area: usize, level: usize) -> [f64; ARRANGEMENTS] {
        let factor = self.level[area] * self.by_need[area][level] * self.by_area[area];
        self.relative[level].map(|p| (p * factor).min(1.0))
    }

    /// How often people of a milder level ask in an area, of those who asked at a worse one (never more than all).
    pub(super) fn goes_on(&self, usage: &Use, area: usize, (from, to): (usize, usize)) -> f64 {
        let use_at = |level: usize| usage.share[level] * self.by_need[area][level];
        if use_at(from) > 0.0 { (use_at(to) / use_at(from)).min(1.0) } else { 0.0 }
    }

    /// Expected users of an area by need.
    pub(super) fn expected(&self, old: &Old, area: usize) -> Shares {
        std::array::from_fn(|level| {
            let people = &old.by_need(area)[level];
            people.iter().zip(self.probability(area, level)).map(|(n, p)| f64::from(*n) * p).sum()
        })
    }

    /// People of an area who use the service, each with the probability of their need and living arrangement, and how many
    /// of them have severe need.
    pub(super) fn users(&self, old: &Old, area: usize, stream: &mut Stream) -> (u32, u32) {
        let (mut all, mut severe) = (0, 0);
        for level in 0..LEVELS {
            severe = 0;
            for (count, p) in old.by_need(area)[level].iter().zip(self.probability(area, level)) {
                severe += BinomialChance::new(p).draw(*count, stream.uniform(), stream);
            }
            all += severe;
        }
        (all, severe)
    }
}

/// Probability of use at take-up 1 by need and living arrangement: in each need, the stated share on the average of the
/// people of the first 1 January, spread by the relative use of the arrangements.
fn relative_use<'a>(usage: &Use, areas: impl Iterator<Item = &'a NeedAndLiving>) -> [[f64; ARRANGEMENTS]; LEVELS] {
    let mut people = [[0.0; ARRANGEMENTS]; LEVELS];
    for area in areas {
        for (sum, count) in people.iter_mut().flatten().zip(area.iter().flatten()) {
            *sum += f64::from(*count);
        }
    }
    std::array::from_fn(|level| {
        let all: f64 = people[level].iter().sum();
        let weighted: f64 = people[level].iter().zip(usage.living).map(|(n, factor)| n * factor).sum();
        usage.living.map(|factor| usage.share[level] * if weighted > 0.0 { factor * all / weighted } else { 1.0 })
    })
}
