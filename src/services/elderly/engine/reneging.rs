//! Why people leave a waiting list without a place: death, recovery, moving away, or other care.
//!
//! They are competing exponential hazards (Prentice and others 1978). Death and recovery are those of the need of the
//! people who ask, from the same rates that move need ([`Transitions`](crate::services::elderly::demand::need::transitions::Transitions));
//! moving away is what the people of the area did in the year; other care is the scenario's. How long somebody
//! stays on the list then follows the sum, and the cause is independent of when: of those who left in a year, the causes
//! are multinomial in proportion of the hazards, drawn from a stream of their own.

use super::pools::{CLASSES, PoolGrid, Priority};
use crate::queue::waiting_line::Tally;
use crate::random::{Stream, multinomial};
use crate::services::elderly::demand::need::levels::{ExitRates, LEVELS, SEVERE, Shares};

/// Why people leave a list without a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Death,
    /// Their need has lessened.
    Recovery,
    /// They left the district.
    MovedAway,
    /// Care by the family or a private solution, or a cause not told.
    OtherCare,
}

/// Number of causes.
pub(crate) const CAUSES: usize = Cause::ALL.len();

impl Cause {
    /// All of them, in the order of [`Hazards`].
    pub(crate) const ALL: [Self; 4] = [Self::Death, Self::Recovery, Self::MovedAway, Self::OtherCare];
}

/// Yearly hazards of leaving a list by cause.
pub(crate) type Hazards = [f64; CAUSES];

/// Hazards of each priority class.
pub(crate) type HazardsByClass = [Hazards; CLASSES];

/// What a scenario says of leaving a list, on a path in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) enum YearlyPatience {
    /// Mean years until any cause; what death, recovery and moving away leave of it is other care (and causes not told).
    AllCauses(f64),
    /// Yearly hazard of other care alone; the others come on top. 0 where nobody finds other care.
    OtherCare(f64),
}

impl YearlyPatience {
    /// Mean years on the list by priority class; `hazards` are looked at only where they matter.
    pub(crate) fn by_class(self, hazards: impl FnOnce() -> HazardsByClass) -> [f64; CLASSES] {
        match self {
            Self::AllCauses(years) => [years; CLASSES],
            Self::OtherCare(_) => hazards().map(|causes| 1.0 / causes.iter().sum::<f64>()),
        }
    }

    /// The hazard of other care beside the others.
    fn other_care(self, others: f64) -> f64 {
        match self {
            Self::AllCauses(years) => (1.0 / years - others).max(0.0),
            Self::OtherCare(hazard) => hazard,
        }
    }
}

/// Those who wait are mortal, may recover and may move away, whatever else a scenario says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exits<'a> {
    /// Yearly rates of death and recovery by level of need.
    pub rates: &'a [ExitRates; LEVELS],
    /// Yearly hazard of leaving the district.
    pub moving_away: f64,
    /// People who would be served, by level.
    pub stock: &'a Shares,
}

/// Hazards of the people of an area who ask, by priority class. Somebody who recovers goes on asking as often as people of
/// the milder level do relative to those of the former one: `goes_on(from, to)`.
pub(crate) fn hazards(
    patience: YearlyPatience,
    exits: Exits<'_>,
    goes_on: impl Fn(usize, usize) -> f64,
    severe_first: bool,
) -> HazardsByClass {
    Priority::ALL.map(|priority| {
        let levels = match priority {
            Priority::Severe if severe_first => SEVERE..LEVELS,
            Priority::Others if severe_first => 0..SEVERE,
            Priority::FromHospital | Priority::Severe | Priority::Others => 0..LEVELS,
        };
        let (mut all, mut death, mut recovery) = (0.0, 0.0, 0.0);
        for level in levels {
            let [dies, milder @ ..] = &exits.rates[level];
            let stops: f64 = (0..level).map(|to| milder[to] * (1.0 - goes_on(level, to))).sum();
            all += exits.stock[level];
            death += exits.stock[level] * dies;
            recovery += exits.stock[level] * stops;
        }
        if all > 0.0 {
            (death, recovery) = (death / all, recovery / all);
        }
        let other_care = patience.other_care(death + recovery + exits.moving_away);
        Cause::ALL.map(|cause| match cause {
            Cause::Death => death,
            Cause::Recovery => recovery,
            Cause::MovedAway => exits.moving_away,
            Cause::OtherCare => other_care,
        })
    })
}

/// People who left a list in a year along some routes, by priority class.
pub(crate) fn who_left(year: &Tally, routes: &(impl Iterator<Item = usize> + Clone)) -> [u32; CLASSES] {
    std::array::from_fn(|class| routes.clone().map(|route| year.gave_up_in[route * CLASSES + class]).sum())
}

/// People by cause, of each priority class.
pub(crate) type Causes = [[u32; CAUSES]; CLASSES];

/// Why they left.
pub(crate) fn causes(left: [u32; CLASSES], hazards: &HazardsByClass, stream: &mut Stream) -> Causes {
    let mut causes = [[0; CAUSES]; CLASSES];
    for ((count, hazards), parts) in left.into_iter().zip(hazards).zip(&mut causes).filter(|((n, _), _)| *n > 0) {
        multinomial(count, hazards, parts, stream);
    }
    causes
}

/// Why the people of an area left in a year; `hazards` are worked out only where somebody did.
pub(crate) fn of_area(
    year: &Tally,
    grid: PoolGrid,
    area: usize,
    hazards: impl FnOnce() -> HazardsByClass,
    stream: impl FnOnce() -> Stream,
) -> Causes {
    let left = who_left(year, &grid.routes(area));
    if left == [0; CLASSES] { Causes::default() } else { causes(left, &hazards(), &mut stream()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    const RATES: [ExitRates; LEVELS] =
        [[0.05, 0.0, 0.0, 0.0], [0.1, 0.3, 0.0, 0.0], [0.2, 0.1, 0.2, 0.0], [0.4, 0.0, 0.1, 0.2]];

    #[test]
    fn hazards_are_those_of_the_people_who_ask_and_who_goes_on_asking_has_not_recovered() {
        let stock = [0.0, 1.0, 3.0, 4.0];
        // Half of those who become one level milder go on, none of those who jump further.
        let goes_on = |from: usize, to: usize| if from == to + 1 { 0.5 } else { 0.0 };
        let exits = Exits { rates: &RATES, moving_away: 0.0, stock: &stock };
        let all = hazards(YearlyPatience::OtherCare(0.5), exits, goes_on, true);
        let near = |one: Hazards, other: Hazards| one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near(all[1], [0.4, 0.1 + 0.5 * 0.2, 0.0, 0.5]), "severe: {all:?}");
        let others = [(0.1 + 3.0 * 0.2) / 4.0, (0.5 * 0.3 + 3.0 * (0.1 + 0.5 * 0.2)) / 4.0, 0.0, 0.5];
        assert!(near(all[2], others), "others: {all:?}");
        let hospital = [0.5 * (0.4 + others[0]), 0.5 * (0.2 + others[1]), 0.0, 0.5];
        assert!(near(all[0], hospital), "from hospital: {all:?}");
        let mixed = hazards(YearlyPatience::OtherCare(0.5), exits, goes_on, false);
        assert!(near(mixed[2], hospital), "without priority everybody is in one class: {mixed:?}");
        let total = hazards(YearlyPatience::AllCauses(0.8), exits, goes_on, true);
        assert!(near(total[1], [0.4, 0.2, 0.0, 1.25 - 0.6]), "the rest is other care: {total:?}");
        let long = hazards(YearlyPatience::AllCauses(10.0), exits, goes_on, true);
        assert!(near(long[1], [0.4, 0.2, 0.0, 0.0]), "no rest: {long:?}");
        assert_eq!(YearlyPatience::AllCauses(10.0).by_class(|| long), [10.0; CLASSES]);
        let apart = YearlyPatience::OtherCare(0.5).by_class(|| all);
        assert!((apart[1] - 1.0 / 1.1).abs() < 1e-12, "{apart:?}");
        // Without any other reason people still die, recover and move away.
        let moving = Exits { moving_away: 0.03, ..exits };
        let mortal = hazards(YearlyPatience::OtherCare(0.0), moving, goes_on, true);
        assert!(near(mortal[1], [0.4, 0.2, 0.03, 0.0]), "mortal: {mortal:?}");
    }

    #[test]
    fn causes_are_as_frequent_as_their_hazards_and_add_to_all_who_left() {
        let hazards = [[0.3, 0.0, 0.0, 0.0], [0.4, 0.1, 0.1, 0.6], [0.0, 0.0, 0.0, 0.25]];
        let (mut died, runs) = (0.0, 20_000);
        for run in 0..runs {
            let mut stream = RngSource::new(5, run).cell(StreamKey::named("test.leaving"), 0, 0);
            let causes = causes([2, 9, 5], &hazards, &mut stream);
            assert_eq!(causes.map(|of_class| of_class.iter().sum::<u32>()), [2, 9, 5]);
            assert!(causes[0] == [2, 0, 0, 0] && causes[2] == [0, 0, 0, 5]);
            died += f64::from(causes[1][0]);
        }
        let (n, p) = (9.0 * f64::from(runs), 1.0 / 3.0);
        assert!((died - n * p).abs() < 4.0 * (n * p * (1.0_f64 - p)).sqrt(), "{died} of {n}");
    }
}
