//! One calendar year of one replication.
//!
//! Order of events:
//! 1. the year's destinations and expected arrivals;
//! 2. in every cell (area, sex, cohort): exits as competing risks, destinations of movers, arrivals;
//! 3. cohorts age: `N(t+1, x+1) = N(t, x) - died - left - moved out + moved in + arrived`, in whole persons;
//! 4. births on the mean of the women at both ends, boys among them; their own exits and moves; they become age 0.
//!
//! Every draw comes from the stream of its own cell, so an extra area, year or driver shifts nobody else's chances.

use super::cohorts::{Cohorts, Counts, FirstBytes};
use super::destinations::{Aims, block};
use super::exits::{Exits, Further, Period, Risk};
use super::known::Factors;
use super::lifetable::SLOTS;
use super::migration::Profile;
use super::model::{PeopleContext, PeopleModel};
use super::registered::Registered;
use super::renewal::{Moved, further_hazards};
use super::rows::{LANES, Row, WIDTH};
use super::view::{AGES, People, SEXES, YearView};
use crate::random::{RngSource, StreamKey, binomial, gamma, poisson};
use crate::simd::in_widest;

const EXITS_OF_NEWBORN: StreamKey = StreamKey::named("people.exits");
const ARRIVALS_OF_AREA: StreamKey = StreamKey::named("people.arrivals.year");
const BIRTHS: StreamKey = StreamKey::named("people.births");
const BOYS: StreamKey = StreamKey::named("people.births.boys");

/// Largest share of movers that new dwellings can draw: some always go elsewhere.
const MOST_PULLED: f64 = 0.9;

/// Comings and goings of one year by area, sex and cohort slot (0 = born this year, `x + 1` = aged x at its start).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Deaths.
    pub died: Vec<u32>,
    /// Left the district.
    pub left: Vec<u32>,
    /// Moved to another area of the district.
    pub moved_out: Vec<u32>,
    /// Came from another area of the district.
    pub moved_in: Vec<u32>,
    /// Came from outside the district.
    pub arrived: Vec<u32>,
}

impl Flows {
    pub(super) fn new(areas: usize) -> Self {
        let none = vec![0; areas * SEXES * WIDTH];
        Self { died: none.clone(), left: none.clone(), moved_out: none.clone(), moved_in: none.clone(), arrived: none }
    }

    /// Position of a cohort.
    #[inline]
    pub const fn cell(area: usize, sex: usize, slot: usize) -> usize {
        (area * SEXES + sex) * WIDTH + slot
    }

    /// What a cohort of `before` people has become.
    #[inline]
    pub(super) fn after(&self, before: u32, cell: usize) -> u32 {
        before - self.died[cell] - self.left[cell] - self.moved_out[cell] + self.moved_in[cell] + self.arrived[cell]
    }

    /// What the cohorts of a row have become, without the newborn: `after[x + 1]` of those aged `x`.
    #[inline]
    pub(super) fn row_after(&self, before: &[u32; AGES], cells: std::ops::Range<usize>, after: &mut [u32; SLOTS]) {
        let of = |flow: &[u32]| <[u32; SLOTS]>::try_from(&flow[cells.clone()]).expect("invariant: a row of cohorts");
        after[1..].copy_from_slice(before);
        for gone in [&self.died, &self.left, &self.moved_out].map(|flow| of(flow)) {
            after[1..].iter_mut().zip(&gone[1..]).for_each(|(n, gone)| *n -= gone);
        }
        for came in [&self.moved_in, &self.arrived].map(|flow| of(flow)) {
            after[1..].iter_mut().zip(&came[1..]).for_each(|(n, came)| *n += came);
        }
    }

    /// Whether people at the end are those at the start and what came and went, in every area, sex and age; `added` is what
    /// came in other ways, by cohort (none if empty).
    pub(super) fn balance(&self, (start, end): (&People, &People), born: &[[u32; SEXES]], added: &[u32]) -> bool {
        let cohort = |area: usize, sex: usize, age: usize| {
            let first = if age == 0 { born[area][sex] } else { start.at(area, sex, age - 1) };
            let last = if age == AGES - 1 { start.at(area, sex, age) } else { 0 };
            let slots = Self::cell(area, sex, age)..=Self::cell(area, sex, age + usize::from(age == AGES - 1));
            let net: i64 = slots
                .map(|c| {
                    i64::from(self.moved_in[c])
                        + i64::from(self.arrived[c])
                        + i64::from(added.get(c).copied().unwrap_or(0))
                        - i64::from(self.died[c])
                        - i64::from(self.left[c])
                        - i64::from(self.moved_out[c])
                })
                .sum();
            i64::from(end.at(area, sex, age)) == i64::from(first) + i64::from(last) + net
        };
        (0..born.len()).all(|a| (0..SEXES).all(|s| (0..AGES).all(|x| cohort(a, s, x))))
    }

    /// Sum over sexes and cohorts of an area.
    pub fn total(of: &[u32], area: usize) -> u32 {
        of[Self::cell(area, 0, 0)..Self::cell(area + 1, 0, 0)].iter().sum()
    }
}

/// The people during one replication, reused by the next.
#[derive(Debug)]
pub struct PeopleState<'m> {
    pub(super) model: &'m PeopleModel,
    pub(super) start: People,
    pub(super) end: People,
    pub(super) stock: People,
    pub(super) births: Vec<u32>,
    pub(super) born: Vec<[u32; SEXES]>,
    pub(super) flows: Flows,
    pub(super) period: Period,
    exits: Exits,
    newborn: Vec<[Risk; SEXES]>,
    pub(super) means: [Row; SEXES],
    pub(super) bytes: Box<FirstBytes>,
    pub(super) profiles: Vec<Profile>,
    pub(super) destination_shares: Vec<f64>,
    pub(super) aims: Aims,
    pub(super) driver_areas: Vec<f64>,
    pub(super) occupied: Vec<f64>,
    pub(super) moved: Moved,
    /// Whom renewal calls back this year, by entry of the destinations, and whether it calls anybody.
    calls: Vec<f64>,
    calling: bool,
    filling: Vec<f64>,
    /// Who of everyone has local registration, where the scenario tells them apart.
    pub(super) registered: Option<Box<Registered>>,
}

impl<'m> PeopleState<'m> {
    pub(super) fn new(model: &'m PeopleModel) -> Self {
        let (areas, entries) = (model.areas, model.migration.destinations.areas.len());
        let kinds = model.housing.as_ref().map_or(0, |h| h.types.len());
        Self {
            model,
            start: People::nobody(areas),
            end: People::nobody(areas),
            stock: People::nobody(areas),
            births: vec![0; areas],
            born: vec![[0; SEXES]; areas],
            flows: Flows::new(areas),
            period: Period { index: 0, year: model.first_year, length: 1.0 },
            exits: Exits::new(&model.migration),
            newborn: vec![[Risk::default(); SEXES]; areas],
            means: [[0.0; WIDTH]; SEXES],
            bytes: Box::new([[[0; LANES]; 2]; WIDTH / LANES]),
            profiles: model.migration.drivers.iter().map(|driver| driver.profile).collect(),
            destination_shares: vec![0.0; entries],
            aims: Aims::new(&model.migration.destinations),
            driver_areas: vec![0.0; areas * model.migration.drivers.len()],
            occupied: vec![0.0; areas * kinds * model.years],
            moved: Moved::new(&model.renewals, model.years, areas),
            calls: vec![0.0; entries],
            calling: false,
            filling: vec![0.0; areas],
            registered: model.registration.as_ref().map(|_| Box::new(Registered::new(areas))),
        }
    }

    /// Simulates one calendar year, 0 = first. Years are taken in order after [`PeopleState::open`].
    pub fn advance(&mut self, context: &PeopleContext<'_>, year_index: usize) {
        self.turn();
        let year = self.model.first_year + year_index as i32;
        self.set_stock(context, year_index);
        self.events(context, Period { index: year_index, year, length: 1.0 });
        self.age();
        self.bear(context);
        for area in 0..self.model.areas {
            for sex in 0..SEXES {
                let cell = Flows::cell(area, sex, 0);
                self.end.counts[People::cell(area, sex, 0)] = self.flows.after(self.born[area][sex], cell);
            }
        }
        if let Some(registered) = &mut self.registered {
            registered.keep_newborn();
        }
        debug_assert!(self.balances(), "every cohort must be accounted for");
    }

    /// The end of a year is the beginning of the next.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.start, &mut self.end);
        if let Some(registered) = &mut self.registered {
            registered.turn();
        }
    }

    /// What services may see of the year last simulated.
    pub fn view(&self) -> YearView<'_> {
        YearView {
            year: self.period.year,
            index: self.period.index,
            reported: self.period.index.checked_sub(self.model.lead_years),
            start: &self.start,
            end: &self.end,
            stock: &self.stock,
            births: &self.births,
            registered: self.registered.as_deref().map(Registered::view),
        }
    }

    /// Comings and goings of the year last simulated.
    pub const fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Births of the year last simulated, by area and sex.
    pub fn born(&self) -> &[[u32; SEXES]] {
        &self.born
    }

    /// Whether `N(t+1, x+1) = N(t, x) - D - O + I` holds in every area, sex and age, and moves within add to nothing; so too
    /// of the registered.
    pub fn balances(&self) -> bool {
        let ends = (&self.start, &self.end);
        let all = |counts: &[u32]| counts.iter().map(|n| u64::from(*n)).sum::<u64>();
        self.flows.balance(ends, &self.born, &[])
            && all(&self.flows.moved_in) == all(&self.flows.moved_out)
            && self.registered.as_ref().is_none_or(|registered| registered.balances(ends, &self.flows))
    }

    fn set_stock(&mut self, context: &PeopleContext<'_>, year: usize) {
        let Some(factor) = self.model.stock.factor else { return };
        for &(cell, persons) in &self.model.stock.cells {
            let area = cell / (SEXES * AGES);
            self.stock.counts[cell] = libm::round(f64::from(persons) * context.draw.at(factor, year, area)) as u32;
        }
    }

    /// Exits, moves and arrivals of everyone but the newborn, into the flows.
    pub(super) fn events(&mut self, context: &PeopleContext<'_>, period: Period) {
        self.period = period;
        let model = self.model;
        self.flows.moved_in.fill(0);
        self.plan_moves(context);
        for area in 0..model.areas {
            let can_move = model.migration.destinations.any(area);
            let further = self.further(area, can_move);
            self.exits.prepare((&model.mortality, &model.migration), context.draw, period, (area, can_move, further));
            self.plan_arrivals(context, area);
            self.plan_registered(context, area);
            for sex in 0..SEXES {
                self.newborn[area][sex] = self.exits.risk(sex, 0);
                self.row(context, area, sex);
                self.row_of_registered(context, area, sex);
            }
        }
    }

    /// What known totals and projects put on top of the rates of an area. Projects move people in whole years, not before
    /// the first January; who cannot move within leaves.
    fn further(&self, area: usize, can_move: bool) -> Further {
        let factors = self.factors(area);
        let mut further = Further { deaths: factors.deaths, leaving: factors.leaving, ..Further::NONE };
        if !self.model.renewals.is_empty() && self.period.length >= 1.0 {
            let [inside, outside] = self.moved.out(self.period.index, area);
            let entries = self.model.migration.destinations.of(area);
            let called: f64 = if self.calling { self.calls[entries].iter().sum() } else { 0.0 };
            let within = if can_move { inside + called } else { 0.0 };
            let leaving = outside + if can_move { 0.0 } else { inside };
            further.out = further_hazards(leaving, within, self.start.of_ages(area, 0..AGES));
        }
        further
    }

    /// The factors that align the year to known totals.
    fn factors(&self, area: usize) -> Factors {
        if self.period.length < 1.0 { Factors::NONE } else { self.model.alignment.at(self.period.index, area) }
    }

    /// Exits and arrivals of all cohorts of an area and sex; the newborn only arrive here.
    fn row(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let (first, year) = (Flows::cell(area, sex, 0), self.stream_year());
        let (flows, cells) = (&mut self.flows, first..first + WIDTH);
        in_widest(Cohorts {
            chance: &context.chance,
            at: (year, first as u32),
            people: self.start.ages(area, sex).try_into().expect("invariant: an area and sex has all ages"),
            risks: &self.exits.risks[sex],
            means: &self.means[sex],
            counts: Counts {
                moved: &mut flows.moved_out[cells.clone()],
                left: &mut flows.left[cells.clone()],
                died: &mut flows.died[cells.clone()],
                arrived: &mut flows.arrived[cells],
            },
            bytes: &mut self.bytes,
        });
        if self.model.migration.destinations.any(area) {
            self.send(context, (area, sex), year);
        }
    }

    /// Sends the movers of an area and sex on to their destinations.
    fn send(&mut self, context: &PeopleContext<'_>, (area, sex): (usize, usize), year: u32) {
        let (first, flows) = (Flows::cell(area, sex, 0), &mut self.flows);
        let origin = self.aims.from(&self.model.migration.destinations, area);
        for (chunk, movers) in flows.moved_out[first..first + WIDTH].as_chunks::<LANES>().0.iter().enumerate() {
            for (at, movers) in movers.iter().enumerate().filter(|(_, movers)| **movers > 0) {
                let slot = chunk * LANES + at;
                let bytes = self.bytes[chunk].map(|half| half[at]);
                let moved_in = &mut flows.moved_in[sex * WIDTH + slot..];
                origin.send(&context.chance, (year, (first + slot) as u32), (*movers, bytes), moved_in);
            }
        }
    }

    /// Exits of the newborn of an area and sex.
    fn depart_newborn(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let (cell, year) = (Flows::cell(area, sex, 0), self.stream_year());
        let risk = self.newborn[area][sex];
        let mut stream = context.chance.cell(EXITS_OF_NEWBORN, year, cell as u32);
        let gone = binomial(self.born[area][sex], risk.going, &mut stream);
        let died = binomial(gone, risk.death, &mut stream);
        let left = binomial(gone - died, risk.leaving, &mut stream);
        let flows = &mut self.flows;
        (flows.died[cell], flows.left[cell], flows.moved_out[cell]) = (died, left, gone - died - left);
        if flows.moved_out[cell] > 0 {
            let name = (year, cell as u32);
            let movers = (flows.moved_out[cell], block(&context.chance, name, 0));
            let origin = self.aims.from(&self.model.migration.destinations, area);
            origin.send(&context.chance, name, movers, &mut flows.moved_in[sex * WIDTH..]);
        }
    }

    /// Year word of the streams: 0 is the part of a year before the first January.
    pub(super) fn stream_year(&self) -> u32 {
        if self.period.length < 1.0 { 0 } else { self.period.index as u32 + 1 }
    }

    /// Destinations of the year: new dwellings draw the movers who fill them.
    fn plan_moves(&mut self, context: &PeopleContext<'_>) {
        let model = self.model;
        let index = self.period.index;
        for area in 0..model.areas {
            let dwellings = occupied(model, &self.occupied, index, area);
            let inside = model.housing.as_ref().map_or(0.0, |h| h.inside(context.draw, (index, area), dwellings));
            self.filling[area] = inside;
        }
        let filling: f64 = self.filling.iter().sum();
        let all = || (0..model.areas).map(|area| self.expected_movers(context, area)).sum::<f64>();
        let pulled = if filling > 0.0 { (filling / all().max(1.0)).min(MOST_PULLED) } else { 0.0 };
        let (destinations, shares) = (&model.migration.destinations, &self.destination_shares);
        self.calling = self.period.length >= 1.0 && self.moved.call_back(index, destinations, shares, &mut self.calls);
        destinations.aim(&self.destination_shares, pulled, &self.filling, &mut self.aims);
        if self.calling {
            for area in 0..model.areas {
                let [inside, _] = self.moved.out(index, area);
                let movers = self.expected_movers(context, area) + inside;
                self.aims.call(area, (destinations.of(area), &destinations.areas), &self.calls, movers);
            }
        }
    }

    /// Movers of an area in a year, as expected by its rates.
    fn expected_movers(&self, context: &PeopleContext<'_>, area: usize) -> f64 {
        let migration = &self.model.migration;
        if !migration.destinations.any(area) {
            return 0.0;
        }
        let of = |sex: usize| -> f64 {
            self.start.ages(area, sex).iter().zip(&migration.within[sex]).map(|(n, rate)| f64::from(*n) * rate).sum()
        };
        context.draw.at(migration.within_factor, self.period.index, area) * (0..SEXES).map(of).sum::<f64>()
    }

    /// Expected arrivals of an area by sex and cohort, with the year's gamma factors.
    fn plan_arrivals(&mut self, context: &PeopleContext<'_>, area: usize) {
        let model = self.model;
        for row in &mut self.means {
            row.fill(0.0);
        }
        if let Some(housing) = &model.housing {
            let dwellings = occupied(model, &self.occupied, self.period.index, area);
            housing.arrive(context.draw, (self.period.index, area), dwellings, &mut self.means);
            let drivers = model.migration.drivers.len();
            let luck = self.length_and_luck(&context.chance, (drivers, area), housing.events_cv);
            self.means.iter_mut().flatten().for_each(|mean| *mean *= luck);
        }
        self.begin_arriving(context, area);
        if self.period.length >= 1.0 {
            let residents = self.start.of_ages(area, 0..AGES);
            self.moved.come_back((self.period.index, area, residents), &self.start, &mut self.means);
            if let Some(registered) = &mut self.registered {
                let (people, arriving) = (&registered.start, &mut registered.arriving);
                self.moved.come_back((self.period.index, area, residents), people, arriving);
            }
        }
        for (index, driver) in model.migration.drivers.iter().enumerate() {
            let people = context.draw.at(driver.people_per_year, self.period.index, area);
            let luck = self.length_and_luck(&context.chance, (index, area), driver.events_cv);
            let expected = people * self.driver_areas[index * model.areas + area] * luck;
            for (row, shares) in self.means.iter_mut().zip(&self.profiles[index]) {
                for (mean, share) in row.iter_mut().zip(shares) {
                    *mean += expected * share;
                }
            }
            if let Some((share, registered)) = driver.registered.zip(self.registered.as_mut()) {
                let expected = expected * context.draw.at(share, self.period.index, area);
                registered.arrive(expected, &self.profiles[index]);
            }
        }
        let factor = self.factors(area).arrivals;
        if factor != 1.0 {
            self.means.iter_mut().flatten().for_each(|mean| *mean *= factor);
            if let Some(registered) = &mut self.registered {
                registered.arriving.iter_mut().flatten().for_each(|mean| *mean *= factor);
            }
        }
    }

    /// Length of the period times a gamma factor of mean 1 and the given coefficient of variation.
    fn length_and_luck(&self, chance: &RngSource, (driver, area): (usize, usize), cv: f64) -> f64 {
        if cv <= 0.0 {
            return self.period.length;
        }
        let purpose = ARRIVALS_OF_AREA;
        let cell = (driver * self.model.areas + area) as u32;
        let shape = 1.0 / (cv * cv);
        self.period.length * gamma(shape, 1.0 / shape, &mut chance.cell(purpose, self.stream_year(), cell))
    }

    /// Everyone alive in January grows a year older.
    fn age(&mut self) {
        let (ends, starts) = (self.end.counts.as_chunks_mut::<AGES>().0, self.start.counts.as_chunks::<AGES>().0);
        for (row, (end, start)) in ends.iter_mut().zip(starts).enumerate() {
            let cells = row * WIDTH..row * WIDTH + SLOTS;
            let mut after = [0; SLOTS];
            self.flows.row_after(start, cells, &mut after);
            end[1..].copy_from_slice(&after[1..AGES]);
            end[AGES - 1] += after[AGES];
        }
        if let Some(registered) = &mut self.registered {
            registered.age();
        }
    }

    /// Births and the newborns' own exits and moves; their flows are complete for all areas afterwards.
    pub(super) fn bear(&mut self, context: &PeopleContext<'_>) {
        let (model, period) = (self.model, self.period);
        for area in 0..model.areas {
            let fertility = &model.fertility;
            let ends = (&self.start, &self.end);
            let expected = fertility.expected(context.draw, period.index, area, period.length, ends);
            let expected = expected * self.factors(area).births;
            let births = poisson(expected, &mut context.chance.cell(BIRTHS, self.stream_year(), area as u32));
            let share = fertility.boy_share(context.draw, period.index, area);
            let boys = binomial(births, share, &mut context.chance.cell(BOYS, self.stream_year(), area as u32));
            self.births[area] = births;
            self.born[area] = [boys, births - boys];
            for sex in 0..SEXES {
                self.depart_newborn(context, area, sex);
            }
            self.bear_registered(context, area);
        }
    }

    /// Forgets the exits of the last replication; `doubt` is the path's factor on the rates of leaving.
    pub(super) fn forget_exits(&mut self, doubt: &Row) {
        self.exits.forget(&self.model.migration, doubt);
    }

    /// What a cohort has become, for the part of a year before the first January.
    pub(super) fn cohort_after(&self, before: u32, cell: usize) -> u32 {
        self.flows.after(before, cell)
    }
}

/// The dwellings of an area that fill in a year, by type.
fn occupied<'a>(model: &PeopleModel, occupied: &'a [f64], year: usize, area: usize) -> &'a [f64] {
    let kinds = model.housing.as_ref().map_or(0, |h| h.types.len());
    let first = (year * model.areas + area) * kinds;
    &occupied[first..first + kinds]
}
