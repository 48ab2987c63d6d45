//! Residents with local registration during one replication: how many of each cell, and of each of its comings and goings.
//!
//! Everyone is drawn first, as if registration were unknown; then it is drawn who of those was registered, from streams of
//! its own. So totals are the same whether groups are told apart or not. In a cell of which R of N are registered:
//!
//! 1. *moves within*: of `k` movers the registered are Fisher's noncentral hypergeometric, each of the others moving with
//!    `moving_odds` times the odds of a registered one; so of those who then leave, with `leaving_odds`. With odds of 1
//!    both are hypergeometric: whoever goes is one of N like another.
//! 2. *destinations*: movers draw theirs independently of each other and of registration, so any of them may stand for the
//!    registered ones: the first do, and keep their registration where they come.
//! 3. *deaths*: hypergeometric among those who did neither: mortality is the same.
//! 4. *arrivals*: binomial, with the share registered of those whom each driver brings to the cell.
//! 5. *taking up*: of those without who stayed, binomial by the chance of their age; counted at the end of the year.
//! 6. *births*: binomial, as the mothers of the exposure (or a share of the scenario); then exits as above.
//!
//! Accounts: `R(t+1, x+1) = R(t, x) - died - left - moved out + moved in + arrived + taken up` and `0 <= R <= N`, always.
//! Those who come back after a renewal are registered as often as those of their age who stayed.
//!
//! Shape: that of the people and their flows; whole persons.

use super::cohorts::{Counts, whole};
use super::destinations::block;
use super::draws::{Chances, binomials};
use super::fertility::CHILDBEARING;
use super::fisher::{NO_SUMS, Sums, of_own, units};
use super::lifetable::SLOTS;
use super::migration::Profile;
use super::model::PeopleContext;
use super::registration::Registration;
use super::rows::{LANES, Lanes, Row, WIDTH, logarithms};
use super::view::{AGES, FEMALE, People, RegisteredView, SEXES};
use super::year::{Flows, PeopleState};
use crate::random::{
    RngSource, Stream, StreamKey, XoroshiroLanes, binomial, hypergeometric, noncentral_hypergeometric,
};
use crate::simd::{Kernel, in_widest};

/// One block a cell, which starts a generator: who of its movers is registered, of its leavers, of its dead; of its arrivals,
/// and who takes it up.
const CELLS: StreamKey = StreamKey::named("people.registered.cells");
/// What a word leaves open.
const ARRIVALS: StreamKey = StreamKey::named("people.registered.arrivals");
const TAKING_UP: StreamKey = StreamKey::named("people.registered.taking-up");
const NEWBORN: StreamKey = StreamKey::named("people.registered.newborn");
const BIRTHDAYS: StreamKey = StreamKey::named("people.registered.birthdays");

/// Registered residents during one replication, reused by the next.
#[derive(Debug)]
pub struct Registered {
    pub(super) start: People,
    pub(super) end: People,
    flows: Flows,
    taken_up: Vec<u32>,
    born: Vec<[u32; SEXES]>,
    /// Expected registered arrivals of the area at hand.
    pub(super) arriving: [Row; SEXES],
    chances: Chances,
    sums: Sums,
    /// Whether anybody of the area at hand may take it up.
    taking: bool,
}

impl Registered {
    pub(super) fn new(areas: usize) -> Self {
        Self {
            start: People::nobody(areas),
            end: People::nobody(areas),
            flows: Flows::new(areas),
            taken_up: vec![0; Flows::cell(areas, 0, 0)],
            born: vec![[0; SEXES]; areas],
            arriving: [[0.0; WIDTH]; SEXES],
            chances: Chances::NONE,
            sums: NO_SUMS,
            taking: false,
        }
    }

    /// Comings and goings of the year last simulated, each among those of everyone.
    pub const fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Who took up registration in the year last simulated, by cohort.
    pub fn taken_up(&self) -> &[u32] {
        &self.taken_up
    }

    /// Registered births of the year last simulated, by area and sex.
    pub fn born(&self) -> &[[u32; SEXES]] {
        &self.born
    }

    pub(super) const fn view(&self) -> RegisteredView<'_> {
        RegisteredView { start: &self.start, end: &self.end }
    }

    /// The end of a year is the beginning of the next.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.start, &mut self.end);
        self.flows.moved_in.fill(0);
    }

    /// Adds registered arrivals of this expected number and profile.
    pub(super) fn arrive(&mut self, expected: f64, profile: &Profile) {
        for (row, shares) in self.arriving.iter_mut().zip(profile) {
            row.iter_mut().zip(shares).for_each(|(mean, share)| *mean += expected * share);
        }
    }

    /// What a cohort has become.
    fn after(&self, before: u32, cell: usize) -> u32 {
        self.flows.after(before, cell) + self.taken_up[cell]
    }

    /// Everyone alive in January grows a year older.
    pub(super) fn age(&mut self) {
        let (ends, starts) = (self.end.counts.as_chunks_mut::<AGES>().0, self.start.counts.as_chunks::<AGES>().0);
        for (row, (end, start)) in ends.iter_mut().zip(starts).enumerate() {
            let cells = row * WIDTH..row * WIDTH + SLOTS;
            let mut after = [0; SLOTS];
            self.flows.row_after(start, cells.clone(), &mut after);
            after.iter_mut().zip(&self.taken_up[cells]).for_each(|(n, taken)| *n += taken);
            end[1..].copy_from_slice(&after[1..AGES]);
            end[AGES - 1] += after[AGES];
        }
    }

    /// The newborn who are there at the end of the year.
    pub(super) fn keep_newborn(&mut self) {
        for (area, born) in self.born.iter().enumerate() {
            for (sex, born) in born.iter().enumerate() {
                let cell = Flows::cell(area, sex, 0);
                self.end.counts[People::cell(area, sex, 0)] = self.flows.after(*born, cell);
            }
        }
    }

    /// Ages those of the table to the first January: `older` of everyone's `now` in a cohort had a birthday.
    pub(super) fn birthdays(
        &mut self,
        chance: &RngSource,
        (area, sex, age): (usize, usize, usize),
        (now, older): (u32, u32),
    ) {
        let cell = Flows::cell(area, sex, age + 1);
        let own = self.after(self.start.at(area, sex, age), cell);
        let moved = hypergeometric(own, now - own, older, &mut chance.cell(BIRTHDAYS, 0, cell as u32));
        self.end.counts[People::cell(area, sex, age)] += own - moved;
        self.end.counts[People::cell(area, sex, (age + 1).min(AGES - 1))] += moved;
    }

    /// Adds the newborn of the part of a year before the first January.
    pub(super) fn add_newborn(&mut self, area: usize, sex: usize) {
        let born = self.flows.after(self.born[area][sex], Flows::cell(area, sex, 0));
        self.end.counts[People::cell(area, sex, 0)] += born;
    }

    /// Whether the accounts of the registered hold by themselves, and none of them is more than everyone.
    pub(super) fn balances(&self, everyone: (&People, &People), flows: &Flows) -> bool {
        let most = |own: &[u32], all: &[u32]| own.iter().zip(all).all(|(own, all)| own <= all);
        let within = [
            (&self.start.counts, &everyone.0.counts),
            (&self.end.counts, &everyone.1.counts),
            (&self.flows.died, &flows.died),
            (&self.flows.left, &flows.left),
            (&self.flows.moved_out, &flows.moved_out),
            (&self.flows.moved_in, &flows.moved_in),
            (&self.flows.arrived, &flows.arrived),
        ];
        let all = |counts: &[u32]| counts.iter().map(|n| u64::from(*n)).sum::<u64>();
        within.into_iter().all(|(own, all)| most(own, all))
            && self.flows.balance((&self.start, &self.end), &self.born, &self.taken_up)
            && all(&self.flows.moved_in) == all(&self.flows.moved_out)
    }
}

impl PeopleState<'_> {
    /// The registered of everyone on the day of the table: the share of their age group and area, rounded so that the whole
    /// group keeps it.
    pub(super) fn open_registered(&mut self, context: &PeopleContext<'_>) {
        let (Some(model), Some(registered)) = (&self.model.registration, &mut self.registered) else { return };
        for area in 0..self.model.areas {
            for group in &model.groups {
                let share = model.share(context.draw, group, area);
                let (mut people, mut given) = (0, 0);
                for sex in 0..SEXES {
                    for age in group.ages.from..group.ages.to {
                        let here = self.end.at(area, sex, age);
                        people += here;
                        let upto = libm::round(f64::from(people) * share) as u32;
                        let own = (upto - given).min(here);
                        given += own;
                        registered.end.counts[People::cell(area, sex, age)] = own;
                    }
                }
            }
        }
    }

    /// Sets who of an area may take up registration this year.
    pub(super) fn plan_registered(&mut self, context: &PeopleContext<'_>, area: usize) {
        if let (Some(model), Some(registered)) = (&self.model.registration, &mut self.registered) {
            let of = (self.period.index, area, self.period.length);
            registered.taking = model.taking_up(context.draw, of, &mut registered.chances);
        }
    }

    /// Begins the expected registered arrivals of an area with those into new dwellings, whom `means` hold alone so far.
    pub(super) fn begin_arriving(&mut self, context: &PeopleContext<'_>, area: usize) {
        let Some(registered) = &mut self.registered else { return };
        let share = self.model.housing.as_ref().and_then(|housing| housing.registered);
        let share = share.map_or(0.0, |share| context.draw.at(share, self.period.index, area));
        for (arriving, means) in registered.arriving.iter_mut().zip(&self.means) {
            arriving.iter_mut().zip(means).for_each(|(arriving, mean)| *arriving = mean * share);
        }
    }

    /// Who of the comings and goings of an area and sex is registered; those of everyone are drawn.
    pub(super) fn row_of_registered(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let year = self.stream_year();
        let (Some(model), Some(registered)) = (&self.model.registration, &mut self.registered) else { return };
        let first = Flows::cell(area, sex, 0);
        let (cells, all, own) = (first..first + WIDTH, &self.flows, &mut registered.flows);
        in_widest(RegisteredCohorts {
            chance: &context.chance,
            at: (year, first as u32),
            people: self.start.ages(area, sex).try_into().expect("invariant: an area and sex has all ages"),
            registered: registered.start.ages(area, sex).try_into().expect("invariant: an area and sex has all ages"),
            all: [&all.moved_out, &all.left, &all.died, &all.arrived].map(|flow| &flow[cells.clone()]),
            odds: odds_of_registered(model, context, (self.period.index, area)),
            expected: (&registered.arriving[sex], &self.means[sex]),
            taking_up: registered.taking.then_some(&registered.chances),
            own: Counts {
                moved: &mut own.moved_out[cells.clone()],
                left: &mut own.left[cells.clone()],
                died: &mut own.died[cells.clone()],
                arrived: &mut own.arrived[cells.clone()],
            },
            taken_up: &mut registered.taken_up[cells],
            sums: &mut registered.sums,
        });
        if self.model.migration.destinations.any(area) {
            self.send_registered(context, (area, sex), year);
        }
    }

    /// Sends the first movers of each cohort on as registered ones, by the bytes that sent everyone.
    fn send_registered(&mut self, context: &PeopleContext<'_>, (area, sex): (usize, usize), year: u32) {
        let Some(registered) = &mut self.registered else { return };
        let (first, flows) = (Flows::cell(area, sex, 0), &mut registered.flows);
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

    /// Registered births of an area, and the exits of these children; those of everyone are drawn.
    pub(super) fn bear_registered(&mut self, context: &PeopleContext<'_>, area: usize) {
        let year = self.stream_year();
        let share = self.share_of_births(context, area);
        let (Some(model), Some(registered)) = (&self.model.registration, &mut self.registered) else { return };
        let odds = odds_of_registered(model, context, (self.period.index, area));
        for sex in 0..SEXES {
            let cell = Flows::cell(area, sex, 0);
            let born = self.born[area][sex];
            let mut stream = context.chance.cell(NEWBORN, year, cell as u32);
            let own = binomial(born, share, &mut stream);
            registered.born[area][sex] = own;
            let (all, flows) = (&self.flows, &mut registered.flows);
            let moved = noncentral_hypergeometric(own, born - own, all.moved_out[cell], odds.0, &mut stream);
            let (own, others) = (own - moved, born - all.moved_out[cell] - (own - moved));
            let left = noncentral_hypergeometric(own, others, all.left[cell], odds.1, &mut stream);
            let (own, others) = (own - left, others - (all.left[cell] - left));
            let died = hypergeometric(own, others, all.died[cell], &mut stream);
            (flows.moved_out[cell], flows.left[cell], flows.died[cell]) = (moved, left, died);
            if moved > 0 {
                let name = (year, cell as u32);
                let movers = (moved, block(&context.chance, name, 0));
                let origin = self.aims.from(&self.model.migration.destinations, area);
                origin.send(&context.chance, name, movers, &mut flows.moved_in[sex * WIDTH..]);
            }
        }
    }

    /// The share of an area's births that are registered: as the women whose exposure they come from.
    fn share_of_births(&self, context: &PeopleContext<'_>, area: usize) -> f64 {
        let (Some(model), Some(registered)) = (&self.model.registration, &self.registered) else { return 0.0 };
        if let Some(share) = model.newborn {
            return context.draw.at(share, self.period.index, area);
        }
        let shares = &self.model.fertility.shares;
        let weighted = |start: &People, end: &People| -> f64 {
            let (start, end) = (start.ages(area, FEMALE), end.ages(area, FEMALE));
            CHILDBEARING.map(|age| shares[age] * f64::from(start[age] + end[age])).sum()
        };
        let all = weighted(&self.start, &self.end);
        if all > 0.0 { (weighted(&registered.start, &registered.end) / all).min(1.0) } else { 0.0 }
    }

    /// Residents with local registration, where the scenario tells them apart.
    pub fn registered(&self) -> Option<&Registered> {
        self.registered.as_deref()
    }
}

/// Odds of moving and of leaving of a registered person over those of another.
fn odds_of_registered(model: &Registration, context: &PeopleContext<'_>, (year, area): (usize, usize)) -> (f64, f64) {
    let of = |odds| 1.0 / context.draw.at(odds, year, area);
    (of(model.moving_odds), of(model.leaving_odds))
}

/// The cohorts of an area and sex in a year, of which everyone's comings and goings are known.
struct RegisteredCohorts<'a> {
    chance: &'a RngSource,
    /// Year word of the streams, and stream cell of the first cohort.
    at: (u32, u32),
    people: &'a [u32; AGES],
    registered: &'a [u32; AGES],
    /// Rows of everyone's flows: moved, left, died, arrived.
    all: [&'a [u32]; 4],
    /// Odds of moving and leaving of the registered, over those of others.
    odds: (f64, f64),
    /// Expected arrivals: registered, and everyone.
    expected: (&'a Row, &'a Row),
    taking_up: Option<&'a Chances>,
    own: Counts<'a>,
    taken_up: &'a mut [u32],
    sums: &'a mut Sums,
}

impl Kernel for RegisteredCohorts<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (mut people, mut registered) = ([0; WIDTH], [0; WIDTH]);
        people[1..=AGES].copy_from_slice(self.people);
        registered[1..=AGES].copy_from_slice(self.registered);
        let Counts { moved, left, died, arrived } = self.own;
        for chunk in 0..WIDTH / LANES {
            let first = chunk * LANES;
            let name = (self.at.0, self.at.1 + first as u32);
            let mut random = XoroshiroLanes::new(&self.chance.words::<LANES>(CELLS, name.0, name.1));
            let [all_moved, all_left, all_died, came] = self.all.map(|flow| &flow.as_chunks::<LANES>().0[chunk]);
            let mut rest = (numbers(&registered[first..]), numbers(&people[first..]));
            (0..LANES).for_each(|at| rest.1[at] -= rest.0[at]);
            let odds = [self.odds.0, self.odds.1, 1.0];
            let own = [&mut *moved, &mut *left, &mut *died];
            for ((all, odds), own) in [all_moved, all_left, all_died].into_iter().zip(odds).zip(own) {
                let all = all.map(f64::from);
                let counts = of_own((&rest.0, &rest.1), &all, odds, &units(&random.bits()), self.sums);
                own[first..first + LANES].copy_from_slice(&whole(&counts));
                for at in 0..LANES {
                    rest.0[at] -= counts[at];
                    rest.1[at] -= all[at] - counts[at];
                }
            }
            let words = random.bits();
            let (low, high) = (words.map(|word| word & LOW), words.map(|word| word >> 32));
            let more = |purpose| move |at: usize| open(self.chance, purpose, (name.0, name.1 + at as u32));
            let expected = (lanes(self.expected.0, chunk), lanes(self.expected.1, chunk));
            let own = registered_arrivals(came, expected, &low, more(ARRIVALS));
            arrived[first..first + LANES].copy_from_slice(&own);
            let taken = self.taking_up.map_or([0.0; LANES], |chances| {
                let law = (lanes(&chances.hazard, chunk), lanes(&chances.odds, chunk));
                binomials(&rest.1, law, &high, more(TAKING_UP))
            });
            self.taken_up[first..first + LANES].copy_from_slice(&whole(&taken));
        }
    }
}

/// The first of these counts as numbers.
#[inline(always)]
fn numbers(counts: &[u32]) -> Lanes {
    std::array::from_fn(|at| f64::from(counts[at]))
}

/// The lower half of a word.
const LOW: u64 = 0xffff_ffff;

fn lanes(row: &Row, chunk: usize) -> &Lanes {
    &row.as_chunks().0[chunk]
}

/// The registered of those who came: binomial by the share expected. The rarer kind is drawn.
#[inline(always)]
fn registered_arrivals(
    came: &[u32; LANES],
    (own, all): (&Lanes, &Lanes),
    words: &[u64; LANES],
    stream: impl Fn(usize) -> Stream,
) -> [u32; LANES] {
    if came.iter().all(|n| *n == 0) || own.iter().all(|mean| *mean <= 0.0) {
        return [0; LANES];
    }
    let (mut rarer, mut kept, mut hazard, mut odds) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let mut share = [0.0; LANES];
    for at in 0..LANES {
        share[at] = if all[at] > 0.0 { (own[at] / all[at]).min(1.0) } else { 0.0 };
        rarer[at] = share[at].min(1.0 - share[at]);
        kept[at] = 1.0 - rarer[at];
        odds[at] = rarer[at] / kept[at];
    }
    logarithms(&kept, &mut hazard);
    let hazard = hazard.map(|log| -log);
    let counts = binomials(&came.map(f64::from), (&hazard, &odds), words, stream);
    let counts = whole(&counts);
    std::array::from_fn(|at| if share[at] > 0.5 { came[at] - counts[at] } else { counts[at] })
}

/// The stream of a cell for what one word cannot decide.
#[cold]
fn open(chance: &RngSource, purpose: StreamKey, (year, cell): (u32, u32)) -> Stream {
    chance.cell(purpose, year, cell)
}
