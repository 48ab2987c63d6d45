//! Nine-year schools (九年一贯制直升): who of the leavers of a primary part goes on in the junior part of the same school, before
//! anyone else is placed there.
//!
//! Places are one pool a catchment (an area, where it is not divided) and sector, so which school a pupil sits in is by lot:
//! the schools of a pool are filled in proportion to their seats. Of the `n` pupils of the top grade who sat in a pool last September, a primary part with
//! `s` of its `S` seats held `n s / S`, rounded to whole children without bias (systematic sampling, Madow and Madow 1944), and those
//! are `k` of the `n` taken without regard to where they live (hypergeometric by home). Of the leavers of an area, those who enter
//! a junior school are taken without regard to where they sat (hypergeometric again); each of these who sat in the primary part
//! goes on with the same probability, [`Continuing::share`]. The junior part takes as many as its own classes of the entry grade
//! hold when stretched (a private one: at the norm), by lot where they are more; whoever finds no seat in it is
//! placed like all others.
//!
//! In the first September nobody has sat anywhere, and nobody goes on by right. Shape of the grids: `link x home`.

use crate::metric::Better::{Lower, Neither};
use crate::metric::{BlockId, MetricDef, Record, Role, unit};
use crate::metrics;
use crate::population::view::YearView;
use crate::random::{StreamKey, binomial, hypergeometric, multivariate_hypergeometric};
use crate::services::service::ReplicationContext;
use crate::uncertainty::Parameter;

use super::allocation::Seats;
use super::capacity::Offer;
use super::facility::{Facility, Supply};
use crate::services::education::demand::children::Children;
use crate::services::education::input::through_schools::Onward;
use crate::services::education::metrics::CHILDREN;
use crate::services::education::streams::September;

const ROUNDING: StreamKey = StreamKey::named("education.onward-rounding");
const SITS: StreamKey = StreamKey::named("education.onward-sits");
const ENTERS: StreamKey = StreamKey::named("education.onward-enters");
const GOES_ON: StreamKey = StreamKey::named("education.onward-goes-on");
const LOT: StreamKey = StreamKey::named("education.onward-lot");

metrics! {
    /// Metrics of those who go on in their school.
    pub(crate) enum OfThrough;
    LEAVERS: Count = MetricDef::count(
        "leavers", CHILDREN, Role::Detail, Neither,
        "Junior entrants from the primary part of a nine-year school", "九年一贯制学校小学部升入初中的学生",
    ),
    THROUGH_PUPILS: Count = MetricDef::count(
        "through_pupils", CHILDREN, Role::Detail, Neither,
        "Of these, going on in their school by right", "其中直升本校初中部的学生",
    )
    .formerly(&["continuing"]),
    THROUGH_REFUSED: Count = MetricDef::count(
        "through_refused", CHILDREN, Role::Detail, Lower,
        "Of these, without a seat in its junior part", "其中愿直升但本校初中部无学位的学生",
    )
    .formerly(&["no_seat"]),
    THROUGH_PLACES: Count = MetricDef::count(
        "through_places", unit::PLACES, Role::Detail, Neither,
        "Entry places of the area taken by right", "本区域初中起始年级被直升生占用的学位",
    )
    .formerly(&["taken"]),
    THROUGH_SHARE: Ratio = MetricDef::ratio(
        "through_share", Self::THROUGH_PUPILS, Self::LEAVERS, Role::Detail, Neither,
        "Share that goes on by right", "直升比例",
    )
    .formerly(&["share_continuing"]),
}

/// The schools whose leavers go on, of the primary and the junior stage.
#[derive(Debug)]
pub(crate) struct Continuing {
    pub(crate) block: BlockId,
    /// Positions of the two stages among those of the scenario.
    pub(crate) stages: [usize; 2],
    /// Share of the leavers of a primary part who go on in its junior part, of those who enter a junior school.
    share: Parameter,
    areas: usize,
    /// In the order of the slots that they leave.
    links: Vec<Link>,
    targets: Vec<Target>,
}

/// A primary part.
#[derive(Debug)]
struct Link {
    /// Where its pupils sit, and its facilities in the primary stage.
    slot: usize,
    facilities: Vec<usize>,
    /// The junior part.
    target: usize,
    /// Name its random streams, whatever other schools there are.
    sits: StreamKey,
    enters: StreamKey,
    goes_on: StreamKey,
}

/// A junior part.
#[derive(Debug)]
struct Target {
    row: usize,
    area: usize,
    slot: usize,
    facilities: Vec<usize>,
    lot: StreamKey,
}

/// Those who go on, in one replication.
#[derive(Debug)]
pub(crate) struct GoingOn {
    /// Pupils of the top grade of each primary part last September, and this one.
    sat: Vec<u32>,
    sit: Vec<u32>,
    /// Of the former, those who enter a junior school; those of them who would go on; and those who do.
    enter: Vec<u32>,
    would: Vec<u32>,
    go_on: Vec<u32>,
    /// Pupils of a slot by home who are not yet in one of its primary parts.
    left: Vec<u32>,
}

impl Continuing {
    /// The links of `onward` between the facilities of two stages; `keys` are those of the rows of the table.
    pub(crate) fn new(
        block: BlockId,
        (stages, areas): ([usize; 2], usize),
        share: Parameter,
        (onward, keys): (&[Onward], &[String]),
        [primary, junior]: [&Supply; 2],
    ) -> Self {
        let of = |facilities: &[Facility], row: usize| -> Vec<usize> {
            (0..facilities.len()).filter(|at| facilities[*at].row == row).collect()
        };
        let slot = |supply: &Supply, facility: usize| supply.facilities[facility].slot(supply.catchments);
        let (mut links, mut targets) = (Vec::with_capacity(onward.len()), Vec::<Target>::new());
        for &Onward { from, to } in onward {
            let target = targets.iter().position(|target| target.row == to).unwrap_or_else(|| {
                let facilities = of(&junior.facilities, to);
                let area = junior.facilities[facilities[0]].area;
                let slot = slot(junior, facilities[0]);
                targets.push(Target { row: to, area, slot, facilities, lot: LOT.and(&keys[to]) });
                targets.len() - 1
            });
            let (facilities, key) = (of(&primary.facilities, from), &keys[from]);
            let slot = slot(primary, facilities[0]);
            let (sits, enters, goes_on) = (SITS.and(key), ENTERS.and(key), GOES_ON.and(key));
            links.push(Link { slot, facilities, target, sits, enters, goes_on });
        }
        links.sort_by_key(|link| link.slot);
        Self { block, stages, share, areas, links, targets }
    }

    /// Scratch of a thread.
    pub(crate) fn state(&self) -> GoingOn {
        let grid = vec![0; self.links.len() * self.areas];
        GoingOn {
            sat: grid.clone(),
            sit: grid.clone(),
            enter: grid.clone(),
            would: grid.clone(),
            go_on: grid,
            left: vec![0; self.areas],
        }
    }

    /// Once the pupils of the primary stage have their seats: how many of its top grade sit in each primary part, by home.
    pub(crate) fn look(
        &self,
        (supply, offer, seats): (&Supply, &Offer, &Seats),
        (context, year): (&ReplicationContext<'_>, &YearView<'_>),
        state: &mut GoingOn,
    ) {
        let september = September { chance: context.chance, year: year.year as u32 };
        let top = supply.grades - 1;
        let mut first = 0;
        for pool in self.links.chunk_by(|one, next| one.slot == next.slot) {
            let slot = pool[0].slot;
            let places = offer.norm[top * 2 * supply.catchments + slot];
            for (home, left) in state.left.iter_mut().enumerate() {
                *left = seats.seated(top, home, slot);
            }
            let mut rounding = september.stream(ROUNDING, slot as u32);
            let mut parts = Parts::of(seats.load(top, slot), places, rounding.uniform());
            for (link, sit) in pool.iter().zip(state.sit[first * self.areas..].chunks_mut(self.areas)) {
                let of = |at: &usize| offer.seats_of(supply, context, (year.year, year.index), *at, top)[0];
                let pupils = parts.next(link.facilities.iter().map(of).sum());
                multivariate_hypergeometric(&state.left, pupils, sit, &mut september.stream(link.sits, 0));
                state.left.iter_mut().zip(sit).for_each(|(left, sit)| *left -= *sit);
            }
            first += pool.len();
        }
    }

    /// Gives those who go on their seats, before anyone else of the entry grade is placed. `primary` are the children of the
    /// primary stage of this September, `junior` those of the junior stage.
    pub(crate) fn place(
        &self,
        (primary, junior): (&Children, &Children),
        (supply, offer, seats): (&Supply, &Offer, &mut Seats),
        (context, year): (&ReplicationContext<'_>, &YearView<'_>),
        state: &mut GoingOn,
    ) {
        let september = September { chance: context.chance, year: year.year as u32 };
        for home in 0..self.areas {
            let left_school = primary.before[primary.before.len() - self.areas + home];
            self.choose(home, (left_school, junior.pupils[home]), (context, year), state);
        }
        for (at, target) in self.targets.iter().enumerate() {
            let of = |at: &usize| offer.seats_of(supply, context, (year.year, year.index), *at, 0)[1];
            self.admit(at, target.facilities.iter().map(of).sum(), &september, state);
        }
        for home in 0..self.areas {
            let links = self.links.iter().enumerate();
            let taken = links.map(|(at, link)| (self.targets[link.target].slot, state.go_on[at * self.areas + home]));
            seats.go_on(home, taken, &september);
        }
        std::mem::swap(&mut state.sat, &mut state.sit);
    }

    /// Who of the leavers of each primary part enters a junior school, and would go on; of `left_school` leavers of an area
    /// and so many `entrants`.
    fn choose(
        &self,
        home: usize,
        (left_school, entrants): (u32, u32),
        (context, year): (&ReplicationContext<'_>, &YearView<'_>),
        state: &mut GoingOn,
    ) {
        let september = September { chance: context.chance, year: year.year as u32 };
        let (mut rest, mut staying) = (left_school, entrants.min(left_school));
        for (at, link) in self.links.iter().enumerate() {
            let here = at * self.areas + home;
            let sat = state.sat[here];
            rest -= sat;
            let mut lots = september.stream(link.enters, home as u32);
            state.enter[here] = hypergeometric(sat, rest, staying, &mut lots);
            staying -= state.enter[here];
            let share = context.draw.at(self.share, year.index, self.targets[link.target].area);
            state.would[here] = binomial(state.enter[here], share, &mut september.stream(link.goes_on, home as u32));
        }
    }

    /// Of those who would go on in a junior part, as many as it has places, by lot.
    fn admit(&self, target: usize, places: u32, september: &September, state: &mut GoingOn) {
        let mut lots = september.stream(self.targets[target].lot, 0);
        let cells = || {
            let links = (0..self.links.len()).filter(|link| self.links[*link].target == target);
            links.flat_map(|link| link * self.areas..(link + 1) * self.areas)
        };
        if places == 0 {
            // A school without a junior part, as before it opens, is no nine-year school.
            for cell in cells() {
                (state.enter[cell], state.would[cell]) = (0, 0);
            }
        }
        let (mut rest, mut free) = (cells().map(|cell| state.would[cell]).sum::<u32>(), places);
        for cell in cells() {
            rest -= state.would[cell];
            state.go_on[cell] = hypergeometric(state.would[cell], rest, free, &mut lots);
            free -= state.go_on[cell];
        }
    }

    /// Records a September.
    pub(crate) fn record(&self, reported: usize, state: &GoingOn, record: &mut Record<'_>) {
        for area in 0..self.areas {
            let sum = |grid: &[u32]| grid.iter().skip(area).step_by(self.areas).sum::<u32>();
            let (would, went) = (sum(&state.would), sum(&state.go_on));
            let here = |(at, link): (usize, &Link)| {
                let taken = || state.go_on[at * self.areas..(at + 1) * self.areas].iter().sum();
                if self.targets[link.target].area == area { taken() } else { 0 }
            };
            let taken = self.links.iter().enumerate().map(here).sum();
            for (metric, count) in [
                (OfThrough::LEAVERS, sum(&state.enter)),
                (OfThrough::THROUGH_PUPILS, went),
                (OfThrough::THROUGH_REFUSED, would - went),
                (OfThrough::THROUGH_PLACES, taken),
            ] {
                record.set(self.block, metric, area, reported, count);
            }
        }
    }
}

impl GoingOn {
    /// Before the first September nobody has sat anywhere.
    pub(crate) fn clear(&mut self) {
        self.sat.fill(0);
    }
}

/// Whole pupils of the schools of a pool, in proportion to their places: what the places so far add up to, rounded by one
/// uniform number, less what the schools before have.
#[derive(Clone, Copy, Debug)]
struct Parts {
    pupils: u32,
    places: u32,
    uniform: f64,
    places_before: u32,
    pupils_before: u32,
}

impl Parts {
    const fn of(pupils: u32, places: u32, uniform: f64) -> Self {
        Self { pupils, places, uniform, places_before: 0, pupils_before: 0 }
    }

    /// Pupils of the next school with so many of the places.
    fn next(&mut self, places: u32) -> u32 {
        if self.places == 0 {
            return 0;
        }
        self.places_before += places;
        let exact = f64::from(self.pupils) * f64::from(self.places_before) / f64::from(self.places);
        let upto = (libm::floor(exact + self.uniform) as u32).min(self.pupils);
        let pupils = upto - self.pupils_before;
        self.pupils_before = upto;
        pupils
    }
}
