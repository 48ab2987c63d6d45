//! Nine-year schools (九年一贯制直升): who of the leavers of a primary part goes on in the junior part of the same school, before
//! anyone else is placed there.
//!
//! Places are one pool a catchment (an area, where it is not divided) and sector, so which school a pupil sits in is at random:
//! the schools of a pool are filled in proportion to their seats. Of the `n` pupils of the top grade who sat in a pool last September, a primary part with
//! `s` of its `S` seats held `n s / S`, rounded to whole children without bias (systematic sampling, Madow and Madow 1944), and those
//! are `k` of the `n` taken without regard to where they live (hypergeometric by home). Of the leavers of an area, those who enter
//! a junior school are taken without regard to where they sat (hypergeometric again); each of these who sat in the primary part
//! goes on with the same probability, [`ThroughSchools::share`]. The junior part takes as many as its own classes of the entry grade
//! hold when stretched (a private one: at the norm), at random where they are more; whoever finds no seat in it is
//! placed like all others.
//!
//! In the first September nobody has sat anywhere, and nobody goes on by right. Shape of the grids: `link x home`.

use std::collections::HashMap;

use crate::metric::Better::{Lower, Neither};
use crate::metric::{BlockId, MetricDef, Record, Role, unit};
use crate::metrics;
use crate::random::{StreamKey, binomial, hypergeometric, multivariate_hypergeometric};
use crate::uncertainty::Parameter;

use super::allocation::Allocation;
use super::capacity::CapacityYear;
use super::facility::Supply;
use crate::services::education::demand::children::Children;
use crate::services::education::input::through_schools::ThroughLink;
use crate::services::education::metrics::CHILDREN;
use crate::services::education::streams::{SchoolYear, September};

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
pub(crate) struct ThroughSchools {
    pub(crate) block: BlockId,
    /// Positions of the primary and the junior stage among those of the scenario.
    stages: [usize; 2],
    /// Share of the leavers of a primary part who go on in its junior part, of those who enter a junior school.
    share: Parameter,
    areas: usize,
    /// Name the random streams of each area.
    area_keys: Vec<StreamKey>,
    /// In the order of the slots that they leave, and of their names.
    links: Vec<PrimaryPart>,
    targets: Vec<JuniorPart>,
}

/// A primary part.
#[derive(Debug)]
struct PrimaryPart {
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
struct JuniorPart {
    area: usize,
    slot: usize,
    facilities: Vec<usize>,
    lot: StreamKey,
}

/// Leavers of the primary stage who live in an area, and those who enter a junior school there.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    area: usize,
    left_school: u32,
    entrants: u32,
}

/// Those who go on, in one replication.
#[derive(Debug)]
pub(crate) struct ThroughState {
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

/// The schools of one of the two stages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchoolParts<'a> {
    /// Position among the stages of the scenario.
    pub(crate) stage: usize,
    pub(crate) supply: &'a Supply,
}

/// The primary stage once its pupils have their seats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SittingSchools<'a> {
    pub(crate) supply: &'a Supply,
    pub(crate) capacity: &'a CapacityYear,
    pub(crate) allocation: &'a Allocation,
}

/// The junior stage before anyone of its entry grade is placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntrySchools<'a> {
    /// Children of the primary and of the junior stage, of this September.
    pub(crate) primary: &'a Children,
    pub(crate) junior: &'a Children,
    pub(crate) supply: &'a Supply,
    pub(crate) capacity: &'a CapacityYear,
}

impl ThroughSchools {
    /// The links of `onward` between the facilities of two stages; `keys` are those of the rows of the table.
    pub(crate) fn new(
        block: BlockId,
        area_keys: Vec<StreamKey>,
        share: Parameter,
        onward: &[ThroughLink],
        keys: &[String],
        parts: [SchoolParts<'_>; 2],
    ) -> Self {
        let ([primary, junior], stages) = (parts.map(|part| part.supply), parts.map(|part| part.stage));
        let (of_primary, of_junior) = (by_row(primary), by_row(junior));
        let slot = |supply: &Supply, facility: usize| supply.facilities[facility].slot(supply.rules.catchments);
        let (mut links, mut targets) = (Vec::with_capacity(onward.len()), Vec::<JuniorPart>::new());
        let mut target_of: HashMap<usize, usize> = HashMap::new();
        for &ThroughLink { from, to } in onward {
            let target = *target_of.entry(to).or_insert_with(|| {
                let facilities = of_junior[&to].clone();
                let area = junior.facilities[facilities[0]].area;
                let slot = slot(junior, facilities[0]);
                targets.push(JuniorPart { area, slot, facilities, lot: LOT.and(&keys[to]) });
                targets.len() - 1
            });
            let (facilities, key) = (of_primary[&from].clone(), &keys[from]);
            let slot = slot(primary, facilities[0]);
            let (sits, enters, goes_on) = (SITS.and(key), ENTERS.and(key), GOES_ON.and(key));
            links.push((PrimaryPart { slot, facilities, target, sits, enters, goes_on }, key));
        }
        links.sort_by(|(one, a), (other, b)| one.slot.cmp(&other.slot).then(a.cmp(b)));
        let links = links.into_iter().map(|(link, _)| link).collect();
        Self { block, stages, share, areas: area_keys.len(), area_keys, links, targets }
    }

    /// Scratch of a thread.
    pub(crate) fn state(&self) -> ThroughState {
        let grid = vec![0; self.links.len() * self.areas];
        ThroughState {
            sat: grid.clone(),
            sit: grid.clone(),
            enter: grid.clone(),
            would: grid.clone(),
            go_on: grid,
            left: vec![0; self.areas],
        }
    }

    /// Position of the primary stage among those of the scenario.
    pub(crate) const fn primary_stage(&self) -> usize {
        self.stages[0]
    }

    /// The same of the junior stage.
    pub(crate) const fn junior_stage(&self) -> usize {
        self.stages[1]
    }

    /// Once the pupils of the primary stage have their seats: how many of its top grade sit in each primary part, by area.
    pub(crate) fn record_sitting(
        &self,
        schools: &SittingSchools<'_>,
        school_year: &SchoolYear<'_>,
        state: &mut ThroughState,
    ) {
        let &SittingSchools { supply, capacity, allocation } = schools;
        let september = school_year.september();
        let top = supply.rules.grades - 1;
        let mut first = 0;
        for pool in self.links.chunk_by(|one, next| one.slot == next.slot) {
            let slot = pool[0].slot;
            let places = capacity.norm[top * 2 * supply.rules.catchments + slot];
            for (area, left) in state.left.iter_mut().enumerate() {
                *left = allocation.seated(top, area, slot);
            }
            let mut rounding = september.stream(ROUNDING.with(allocation.catchments.slot_key(slot)), 0);
            let mut parts = SystematicSample::of(allocation.load(top, slot), places, rounding.uniform());
            for (link, sit) in pool.iter().zip(state.sit[first * self.areas..].chunks_mut(self.areas)) {
                let of = |at: &usize| capacity.seats_of(supply, school_year, *at, top).norm;
                let pupils = parts.next(link.facilities.iter().map(of).sum());
                multivariate_hypergeometric(&state.left, pupils, sit, &mut september.stream(link.sits, 0));
                state.left.iter_mut().zip(sit).for_each(|(left, sit)| *left -= *sit);
            }
            first += pool.len();
        }
    }

    /// Gives those who go on their seats, before anyone else of the entry grade is placed.
    pub(crate) fn place_by_right(
        &self,
        schools: &EntrySchools<'_>,
        allocation: &mut Allocation,
        school_year: &SchoolYear<'_>,
        state: &mut ThroughState,
    ) {
        let &EntrySchools { primary, junior, supply, capacity } = schools;
        let september = school_year.september();
        for area in 0..self.areas {
            let left_school = primary.before[primary.before.len() - self.areas + area];
            self.draw_going_on(Leaving { area, left_school, entrants: junior.pupils[area] }, school_year, state);
        }
        for (at, target) in self.targets.iter().enumerate() {
            let of = |at: &usize| capacity.seats_of(supply, school_year, *at, 0).max;
            self.admit(at, target.facilities.iter().map(of).sum(), &september, state);
        }
        for area in 0..self.areas {
            let links = self.links.iter().enumerate();
            let taken = links.map(|(at, link)| (self.targets[link.target].slot, state.go_on[at * self.areas + area]));
            allocation.seat_by_right(area, taken, &september);
        }
        std::mem::swap(&mut state.sat, &mut state.sit);
    }

    /// Who of the leavers of each primary part enters a junior school, and would go on.
    fn draw_going_on(&self, leaving: Leaving, school_year: &SchoolYear<'_>, state: &mut ThroughState) {
        let september = school_year.september();
        let home = leaving.area;
        let (mut rest, mut staying) = (leaving.left_school, leaving.entrants.min(leaving.left_school));
        for (at, link) in self.links.iter().enumerate() {
            let here = at * self.areas + home;
            let sat = state.sat[here];
            rest -= sat;
            let mut lots = september.stream(link.enters.with(self.area_keys[home]), 0);
            state.enter[here] = hypergeometric(sat, rest, staying, &mut lots);
            staying -= state.enter[here];
            let share = school_year.draw(self.share, self.targets[link.target].area);
            state.would[here] =
                binomial(state.enter[here], share, &mut september.stream(link.goes_on.with(self.area_keys[home]), 0));
        }
    }

    /// Of those who would go on in a junior part, as many as it has places, at random.
    fn admit(&self, target: usize, places: u32, september: &September, state: &mut ThroughState) {
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
    pub(crate) fn record(&self, reported: usize, state: &ThroughState, record: &mut Record<'_>) {
        for area in 0..self.areas {
            let sum = |grid: &[u32]| grid.iter().skip(area).step_by(self.areas).sum::<u32>();
            let (would, went) = (sum(&state.would), sum(&state.go_on));
            let here = |(at, link): (usize, &PrimaryPart)| {
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

impl ThroughState {
    /// Before the first September nobody has sat anywhere.
    pub(crate) fn reset(&mut self) {
        self.sat.fill(0);
    }
}

/// The facilities of each row of the table.
fn by_row(supply: &Supply) -> HashMap<usize, Vec<usize>> {
    let mut found: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, facility) in supply.facilities.iter().enumerate() {
        found.entry(facility.row).or_default().push(at);
    }
    found
}

/// Whole pupils of the schools of a pool, in proportion to their places: what the places so far add up to, rounded by one
/// uniform number, less what the schools before have.
#[derive(Clone, Copy, Debug)]
struct SystematicSample {
    pupils: u32,
    places: u32,
    uniform: f64,
    places_before: u32,
    pupils_before: u32,
}

impl SystematicSample {
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
